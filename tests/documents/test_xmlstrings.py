"""Strings in XML: resources of .NET, catalogs of Qt."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import found_format, open_format
from s2scli.documents.base import FormatOptions, Source, Target, parents
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from s2scli.text.projection import project
from tests.documents.runs import run
from tests.text.test_sentences import HOSTILE

RESX = '<?xml version="1.0"?>\n<root>\n{}\n</root>\n'
QT = '<!DOCTYPE TS>\n<TS version="2.1"{}>\n<context>\n{}\n</context>\n</TS>\n'


def document(kind: str, text: str, *, overwrite: bool = False, language: str = "") -> Document:
    options = FormatOptions(overwrite=overwrite, target_language=language)
    return Document.of(open_format(kind, options), Source(f"f.{kind}", text))


def texts(found: Document) -> list[str]:
    return [slot.text for slot in found.slots]


def changed(found: Document, change: str) -> str:
    targets = []
    for slot in found.slots:
        new = change.format(slot.text)
        spans = [(mark.start, mark.end) for mark in slot.marks]
        targets.append(Target(new, project(slot.text, new, spans, parents(slot.marks), ())))
    return b"".join(found.written(targets)).decode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('<data name="a"><value>One</value><comment>No</comment></data>', ["One"]),
        ('<data name="a"><comment>No</comment><value>One</value></data>', ["One"]),
        ('<data name="a" type="System.String, mscorlib"><value>One</value></data>', ["One"]),
        ('<data name="a" type="System.Int32, mscorlib"><value>One</value></data>', []),
        ('<data name="a" mimetype="x"><value>One</value></data>', []),
        ('<data name="&gt;&gt;a.Name"><value>One</value></data>', []),
        ('<metadata name="a"><value>One</value></metadata>', []),
        ('<resheader name="a"><value>One</value></resheader>', []),
        ('<!-- <data name="a"><value>One</value></data> -->', []),
        ('<data name="a"><value>1 &amp; 2</value></data>', []),
        ('<data name="a"><value>\n One &amp; &#x41;\n</value></data>', ["One & A"]),
        ('<data name="a"><value><![CDATA[ One < two ]]></value></data>', ["One < two"]),
        ('<data name="a"><value>One <![CDATA[<]]> two</value></data>', ["One < two"]),
        ('<data name="a"><value>One<!-- or --> two</value></data>', ["One two"]),
        ('<data name="a"><value>&#10;One&#xD;&#xA;&#x0d;</value></data>', ["One"]),
        ('<data name="a"><value>One&#10;&#10;Two</value></data>', ["One", "Two"]),
        ('<data name="a"><value/></data>', []),
        ('<a><data name="a"><value>One</value></data></a>', []),
    ],
)
def test_resources(data: str, expected: list[str]) -> None:
    text = RESX.format(data)
    found = document("resx", text)
    assert texts(found) == expected
    assert changed(found, "{}") == text
    again = document("resx", changed(found, "{} <&> more"))
    assert texts(again) == [f"{one} <&> more" for one in expected]


@pytest.mark.parametrize(
    ("data", "target", "expected"),
    [
        ("<value> One </value>", "a < b", "<value> a &lt; b </value>"),
        ("<value><![CDATA[One]]></value>", "]]>", "<value><![CDATA[]]]]><![CDATA[>]]></value>"),
        ("<value>One<!-- x --> two</value>", "Eins zwei", "<value>Eins<!-- x --> zwei</value>"),
        ("<value>One</value>", "a\x01\rb", "<value>a&#13;b</value>"),
    ],
)  # fmt: skip
def test_how_resources_are_written(data: str, target: str, expected: str) -> None:
    text = RESX.format(f'<data name="a">{data}</data>')
    assert changed(document("resx", text), target) == text.replace(data, expected)


def test_old_line_ends() -> None:
    data = '<data name="a"><value>One.\r\n\r\nTwo.</value></data>'
    text = RESX.replace("\n", "\r\n").format(data)
    found = document("resx", text)
    assert texts(found) == ["One.", "Two."]
    assert changed(found, "{}!") == text.replace("One.", "One.!").replace("Two.", "Two.!")


def message(translation: str, source: str = "One", more: str = "") -> str:
    return QT.format("", f"<message{more}>\n <source>{source}</source>\n {translation}</message>")


DRAFT = '<translation type="unfinished">'
VARIANTS = "variants of length, stay as they are"
FORMS = ' numerus="yes"'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{DRAFT}</translation>", f"{DRAFT}Eins</translation>"),
        (f"{DRAFT}\n  </translation>", f"{DRAFT}Eins</translation>"),
        ('<translation type="unfinished"/>', f"{DRAFT}Eins</translation>"),
        ('<translation type="unfinished" />', f"{DRAFT}Eins</translation>"),
        ("<translation></translation>", "<translation>Eins</translation>"),
        (f"{DRAFT}Uno</translation>", None),
        ("<translation>Uno</translation>", None),
        ('<translation type="vanished"></translation>', None),
        ('<translation type="obsolete">Uno</translation>', None),
        (f"{DRAFT}<lengthvariant>a</lengthvariant></translation>", None),
        ("", f"\n {DRAFT}Eins</translation>"),
    ],
)
def test_translations(before: str, after: str | None) -> None:
    text = message(before)
    new = changed(document("ts", text), "Eins")
    if after is None:
        assert new == text
    elif before:
        assert new == text.replace(before, after)
    else:
        assert new == text.replace("</source>", f"</source>{after}")
    assert texts(document("ts", new)) == []


@pytest.mark.parametrize(
    ("translation", "said"),
    [
        (f"{DRAFT}<lengthvariant></lengthvariant></translation>", True),
        (f"{DRAFT}<lengthvariant>a</lengthvariant></translation>", False),
        (f"{DRAFT}<byte value='x7'/></translation>", False),
        ("<translation type='vanished'><lengthvariant/></translation>", False),
        (f"{DRAFT}</translation>", False),
    ],
)
def test_what_stays_is_said(translation: str, said: bool) -> None:
    read = document("ts", message(translation))
    list(read.slots)
    assert [remark for remark in read.remarks if "elements of their own" in remark] == (
        [f"Translations with elements of their own, such as {VARIANTS}: line 6."] if said else []
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"{DRAFT}<numerusform></numerusform><numerusform/></translation>",
            f"{DRAFT}<numerusform>Eins</numerusform><numerusform>Eins</numerusform></translation>",
        ),
        (
            f"{DRAFT}<numerusform>Uno</numerusform><numerusform/></translation>",
            f"{DRAFT}<numerusform>Uno</numerusform><numerusform>Eins</numerusform></translation>",
        ),
        (f"{DRAFT}</translation>", f"{DRAFT}<numerusform>Eins</numerusform></translation>"),
        ("<translation/>", "<translation><numerusform>Eins</numerusform></translation>"),
    ],
)
def test_forms(before: str, after: str) -> None:
    text = message(before, more=FORMS)
    assert changed(document("ts", text), "Eins") == text.replace(before, after)


@pytest.mark.parametrize(
    ("language", "count"),
    [("de", 2), ("ja", 1), ("ru", 3), ("cs", 3), ("fr", 2), ("sl", 4), ("ar", 6)],
)
@pytest.mark.parametrize(
    "before",
    [
        f"{DRAFT}</translation>",
        "<translation/>",
        "",
        f"{DRAFT}<numerusform/></translation>",
        f"{DRAFT}<numerusform></numerusform></translation>",
    ],
)
def test_as_many_forms_as_the_language_has(language: str, count: int, before: str) -> None:
    text = message(before, " One ", more=FORMS)
    found = document("ts", text, language=language)
    new = "".join(changed(found, "Eins"))
    assert new.count("<numerusform> Eins </numerusform>") == new.count("<numerusform>") == count
    assert new.count("</translation>") == 1


def test_overwriting() -> None:
    text = message("<translation>Uno</translation>")
    assert changed(document("ts", text, overwrite=True), "Eins") == text.replace("Uno", "Eins")
    gone = message('<translation type="vanished">Uno</translation>')
    assert changed(document("ts", gone, overwrite=True), "Eins") == gone


def test_what_a_source_has_around_and_in_it() -> None:
    text = message(f"{DRAFT}</translation>", ' One &lt;b&gt;two&lt;/b&gt;<byte value="x7"/>\n')
    found = document("ts", text)
    assert changed(found, "{0}") == text.replace(
        f"{DRAFT}<", f'{DRAFT} One &lt;b&gt;two&lt;/b&gt;<byte value="x7"/>\n<'
    )


@pytest.mark.parametrize(
    ("head", "after"),
    [
        ("", ' language="pt_BR"'),
        (' language=""', ' language="pt_BR"'),
        (' language="pt"', ' language="pt"'),
        (' sourcelanguage="en"', ' sourcelanguage="en" language="pt_BR"'),
    ],
)
def test_languages(head: str, after: str) -> None:
    body = f"<message><source>One</source>{DRAFT}</translation></message>"
    found = document("ts", QT.format(head, body), language="pt-BR")
    assert QT.format(after, "").partition("\n<context>")[0] in changed(found, "Um")


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("resx", "<html/>", "root"),
        ("resx", "<root><data></root>", "not XML"),
        ("resx", "The house", "not XML"),
        ("ts", "<root/>", "root"),
        ("ts", '<TS language="fr"/>', "translations are in fr"),
        ("ts", "export const a = 1;", "not XML"),
    ],
)
def test_what_is_refused(kind: str, text: str, reason: str) -> None:
    with pytest.raises(BadInputError, match=reason):
        document(kind, text, language="de")


def test_sources_of_programs_are_no_catalogs(tmp_path: Path) -> None:
    for data in (b"export const a = '<TS>';\n", b"\x47\x40\x00\x10", b""):
        (tmp_path / "a.ts").write_bytes(data)
        assert found_format(tmp_path / "a.ts") is None
    for text in (QT, f"\n {QT}", f'<?xml version="1.0"?>{QT}', '<TS version="2.1"/>'):
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            (tmp_path / "a.ts").write_bytes(text.encode(encoding))
            assert found_format(tmp_path / "a.ts") == "ts"
    assert found_format(tmp_path / "none.ts") == "ts"


XML = st.lists(
    st.sampled_from(["One", " ", "\n", "&#10;", "&amp;", "<![CDATA[two]]>", "<!-- c -->", "<b/>"]),
    max_size=7,
)


@given(XML, HOSTILE)
def test_what_is_written_is_read_back(parts: list[str], target: str) -> None:
    text = RESX.format(f'<data name="a"><value>{"".join(parts)}</value></data>')
    found = document("resx", text)
    assert changed(found, "{}") == text
    new = changed(found, "x" + target.replace("{", "{{").replace("}", "}}") + "x")
    assert len(texts(document("resx", new))) >= min(1, len(texts(found)))
    qt = message(f"{DRAFT}</translation>", "".join(parts))
    assert texts(document("ts", changed(document("ts", qt), "x"))) == []


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("a.resx", "<root><data name='a'><value>{}</value></data></root>"),
        ("a.ts", "<!DOCTYPE TS><TS><context><name>A</name><message><source>A house</source>"
         "<translation type='unfinished'>{}</translation></message></context></TS>"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("encoding", "then"), [("iso-8859-1", ""), ("windows-1251", "UTF-8")])
def test_the_encoding_is_the_declared_one(
    name: str, inside: str, encoding: str, then: str, tmp_path: Path
) -> None:
    """What it does not have makes the document one of UTF-8."""
    head = "<?xml version='1.0' encoding='{}'?>"
    text = head.format(encoding) + inside.format("" if name == "a.ts" else "A house")
    found = run({name: text.encode(encoding)}, tmp_path, lambda word: f"{word}ü").written[name]
    written = then or encoding
    assert found.decode(written).startswith(head.format(written))
    assert "houseü" in found.decode(written)


@pytest.mark.parametrize(
    ("name", "value", "stays"),
    [
        ("Box.Width", "Auto", True),
        ("Box.MinHeight", "NaN", True),
        ("Box.FontFamily", "Ink Free", True),
        ("label1.Font", "Ink Free, 8.25pt, style=Bold", True),
        ("label1.Font", "Choose a font", False),
        ("Box.HorizontalAlignment", "Stretch", True),
        ("Box.Visibility", "Collapsed", True),
        ("Box.Foreground", "Red", True),
        ("$this.RightToLeft", "No", True),
        ("Width", "Auto", False),
        ("Box.Width", "Width", False),
        ("Box.Width", "The width", False),
        ("Box.Text", "Auto", False),
        ("Box.Visibility", "Public", False),
        ("Errors.Color", "Choose a color", False),
    ],
)
def test_values_of_the_layout_stay_and_are_said(name: str, value: str, stays: bool) -> None:
    text = f'<root><data name="{name}"><value>{value}</value></data></root>'
    document = read_document(open_format("resx", FormatOptions()), "f", text.encode())
    assert [slot.text for slot in document.slots] == ([] if stays else [value])
    said = f"Values that say how controls look stay: {name.rpartition('.')[2]!r}."
    assert document.remarks == ([said] if stays else [])
