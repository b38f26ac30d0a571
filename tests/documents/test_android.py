"""Resources of Android: what is text, its escapes, and the elements in it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s2scli.documents import found_format, open_format
from s2scli.documents.base import FormatOptions, Slot, Target
from s2scli.documents.mnemonics import has_mnemonic
from s2scli.documents.reading import read_document
from s2scli.documents.strings import has_parts
from s2scli.errors import BadInputError
from s2scli.text.fillers import has_fillers
from tests.documents.runs import run, translated

X = 'xmlns:x="urn:oasis:names:tc:xliff:document:1.2"'
HEAD = f'<?xml version="1.0" encoding="utf-8"?>\n<resources {X}>\n'


def resources(content: str) -> bytes:
    return f"{HEAD}{content}\n</resources>\n".encode()


def string(content: str) -> bytes:
    return resources(f'<string name="a">{content}</string>')


def _parts(text: str) -> bool:
    """Whether something in a text makes several of it."""
    return "\n" in text or has_fillers(text) or has_parts(text) or has_mnemonic(text, "&_")


def opened(data: bytes, name: str = "strings.xml", change: str = "{}") -> tuple[list[Slot], str]:
    """The texts, and the file with each changed."""
    document = read_document(
        open_format("android", FormatOptions(target_language="de")), name, data
    )
    targets = []
    for slot in document.slots:
        text = change.format(slot.text)
        targets.append(Target(text, tuple((mark.start, mark.end) for mark in slot.marks)))
    return list(document.slots), b"".join(document.written(targets)).decode()


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ('<string name="a">One</string><string name="b"/>', ["One"]),
        ('<string name="a" translatable="false">One</string>', []),
        ('<string name="a">@string/b</string><string name="c">?attr/d</string>', []),
        ('<string name="a">\\@home</string><string name="b">@ home</string>', ["@home", "@ home"]),
        ('<plurals name="a"><item quantity="one">One</item></plurals>', ["One"]),
        ('<plurals name="a" translatable="false"><item quantity="one">One</item></plurals>', []),
        ('<string-array name="a"><item>One</item><item>@string/b</item></string-array>', ["One"]),
        ('<string-array name="a" translatable="false"><item>One</item></string-array>', []),
        ('<array name="a"><item>One</item></array><color name="b">red</color>', []),
        ('<style name="a"><item name="b">One</item></style><item type="id" name="c">x</item>', []),
        ('<item type="string" name="a">One</item>', ["One"]),
        ('<string name="a">12</string><!-- <string name="b">Two</string> -->', []),
    ],
)
def test_what_is_text(content: str, texts: list[str]) -> None:
    assert [slot.text for slot in opened(resources(content))[0]] == texts


@pytest.mark.parametrize(
    ("content", "texts", "new"),
    [
        (r"It\'s", ["It's"], r"\'é It\'s"),
        (r"a \"b\"", ['a "b"'], r"\'é a \"b\""),
        (r"one\ntwo", ["one", "two"], r"\'é one\n\'é two"),
        ("one\\n\n    two", ["one", "two"], "\\'é one\\n\n    \\'é two"),
        ("\n  one\n  two\n ", ["one two"], "\n  \\'é one two\n "),
        (r"a\u2026 b", ["a… b"], r"\'é a\u2026 b"),
        (r"\u0020one\u0020", ["one"], r"\u0020\'é one\u0020"),
        (r"\ud83d\udc1d bee", ["🐝 bee"], r"\'é 🐝 bee"),
        (r"C:\\new", [r"C:\new"], r"\'é C:\\new"),
        ("a &lt; b &amp; c", ["a < b & c"], r"\'é a &lt; b &amp; c"),
        ("&#169; me", ["© me"], r"\'é &#169; me"),
        ('"It\'s   so"', ["It's   so"], "\"'é It's   so\""),
        ("<![CDATA[a < b & \\'c\\']]>", ["a < b & 'c'"], r"<![CDATA[\'é a < b & \'c\']]>"),
        ("a <![CDATA[& b]]> c", ["a & b c"], r"\'é a &amp; b c"),
        ("<b>all</b> of it", ["all of it"], r"<b>\'é </b>all of it"),
        ("<![CDATA[<i>a</i> b]]>", ["a b"], r"<![CDATA[<i>\'</i>é a b]]>"),
        (r'a<x:g id="n">\n</x:g>b', ["a b"], r"""\'<x:g id="n">\n</x:g>é a b"""),
        ('<x:g id="n">%s</x:g> is here', ["%s is here"], r"""\'é <x:g id="n">%s</x:g> is here"""),
    ],
)
def test_texts_are_written_as_they_are_read(content: str, texts: list[str], new: str) -> None:
    found, same = opened(string(content))
    assert [slot.text for slot in found] == texts
    assert same == string(content).decode()
    assert opened(string(content), change="'é {}")[1] == string(new).decode()


def test_a_file_without_escaped_apostrophes() -> None:
    data = resources("<string name='a'>It's</string><string name='b'>One</string>")
    assert "<string name='b'>l'One</string>" in opened(data, change="l'{}")[1]
    data = resources("<string name='a'>It's</string><string name='b'>It\\'s</string>")
    assert r"<string name='b'>l\'It\'s</string>" in opened(data, change="l'{}")[1]
    data = resources("<!-- don't --><string name='b'>One</string>")
    assert r"<string name='b'>l\'One</string>" in opened(data, change="l'{}")[1]


def test_what_is_kept_moves_with_its_element() -> None:
    data = string('<x:g id="a">%s</x:g> met <x:g id="b">%s</x:g> and <x:g id="c">Bob</x:g>')
    document = read_document(open_format("android", FormatOptions()), "f", data)
    (slot,) = document.slots
    assert slot.text == "%s met %s and Bob"
    assert [slot.text[start:end] for start, end in slot.kept] == ["%s", "%s", "Bob"]
    new = b"".join(document.written([Target("Bob und Bobby: %s traf %s")]))
    assert new == string(
        '<x:g id="c">Bob</x:g> und Bobby: <x:g id="a">%s</x:g> traf <x:g id="b">%s</x:g>'
    )


def test_a_text_that_begins_like_a_reference() -> None:
    assert ">\\@é<" in opened(string("one"), change="@é")[1]
    assert ">\\?é<" in opened(string("one"), change="?é")[1]
    assert ">é @é<" in opened(string("one"), change="é @é")[1]


def test_the_language_that_a_file_says() -> None:
    head = '<resources xmlns:tools="http://schemas.android.com/tools" tools:locale="en">'
    data = f'{head}<string name="a">One</string></resources>'.encode()
    assert 'tools:locale="de"' in opened(data, change="{}!")[1]
    assert 'tools:locale="en"' in opened(data)[1]


def test_files_that_nobody_translates() -> None:
    assert opened(string("One"), "values/donottranslate.xml")[0] == []
    assert len(opened(string("One"), "values/strings.xml")[0]) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (HEAD, "android"),
        (f"\ufeff<!-- a --><!-- b > c -->\n{HEAD[HEAD.index('<r') :]}", "android"),
        ("<resources/>", "android"),
        ("<!-- <resources> --><manifest/>", None),
        ("<resourcesAndMore/>", None),
        ("<project><resources/></project>", None),
        ("<!--" + "-->" * 3000, None),
        ("", None),
    ],
)
def test_which_xml_of_a_folder_it_is(text: str, kind: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, "utf-8")
    assert found_format(path) == kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<manifest/>", "its root is not <resources>"),
        ("<resources>", "is not XML"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><resources/>', "declarations"),
    ],
)
def test_what_is_none(text: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        opened(text.encode())


CONTENT = st.lists(
    st.sampled_from(
        [
            *"ab '\"@?%&<é🐝",
            "\\'",
            '\\"',
            "\\n",
            "\\u2026",
            "\\",
            "\n",
            "<b>",
            "</b>",
            "<x:g>",
            "</x:g>",
        ]
    ),
    max_size=12,
).map("".join)


@example(content="a", text="<a>")
@example(content="\\<b></b>", text="<")
@given(content=CONTENT, text=st.text(st.sampled_from("ab '\"\\@?&<>é…\n"), min_size=1))
def test_whatever_a_string_holds(content: str, text: str) -> None:
    data = string(content)
    try:
        ElementTree.fromstring(data)
    except ElementTree.ParseError:
        return
    found, same = opened(data)
    assert same == data.decode()
    if len(found) == 1 and not (found[0].marks or found[0].kept or _parts(f"z {text}z")):
        document = read_document(open_format("android", FormatOptions()), "f", data)
        new = b"".join(document.written([Target(f"z {text}z")]))
        assert [slot.text for slot in opened(new)[0]] == [
            " ".join(f"z {text}z".split())
        ] or '"' in content + text


def test_forms_that_only_the_target_language_has() -> None:
    items = (
        '    <item quantity="one">%d <b>day</b></item>\n'
        '    <item quantity="other">%d <b>days</b>\\nof <x:g>%s</x:g> \\u2026</item>\n'
    )
    data = resources(f'<plurals name="a">\n{items}</plurals>\n<string name="b">One</string>')
    document = read_document(open_format("android", FormatOptions(target_language="ru")), "f", data)
    targets = [
        Target(slot.text.replace("ay", "AY"), tuple((m.start, m.end) for m in slot.marks))
        for slot in document.slots
    ]
    new = b"".join(document.written(targets)).decode()
    root = ElementTree.fromstring(new)
    found = {item.get("quantity"): "".join(item.itertext()) for item in root.iter("item")}
    other = "%d dAYs\\nof %s \\u2026"
    assert found == {"one": "%d dAY", "other": other, "few": other, "many": other}
    assert '\n    <item quantity="few">%d <b>dAYs</b>\\nof <x:g>%s</x:g> \\u2026</item>' in new
    assert new.endswith('</plurals>\n<string name="b">One</string>\n</resources>\n')


@pytest.mark.parametrize(
    ("source", "target", "content"),
    [
        ("en", "de", '<item quantity="other">days</item>'),
        ("pl", "ru", '<item quantity="other">days</item>'),
        ("en", "pl", '<item quantity="few">days</item><item quantity="many">days</item>'),
        ("en", "", '<item quantity="other">days</item>'),
    ],
)
def test_forms_that_are_enough(source: str, target: str, content: str) -> None:
    reading = FormatOptions(source_language=source, target_language=target)
    data = resources(f'<plurals name="a">{content}</plurals>')
    assert len(read_document(open_format("android", reading), "f", data).slots) == content.count(
        "</item>"
    )


def test_tabs_and_spelled_blanks_stay(tmp_path: Path) -> None:
    strings = (
        ("New\\tline of text", "NEW\\tLINE OF TEXT"),
        ("Name\\t\\tValue", "NAME\\t\\tVALUE"),
        ("\\u0020and then \\u0020 more\\u0020", "\\u0020AND THEN \\u0020 MORE\\u0020"),
    )
    for source, target in strings:
        before, after = (
            f'<resources><string name="a">{s}</string></resources>' for s in (source, target)
        )
        assert translated("strings.xml", before, tmp_path) == after


def test_words_in_typed_arrays_are_said(tmp_path: Path) -> None:
    arrays = (
        '<array name="a"><item>Some words here</item></array>'
        '<array name="b"><item>word</item><item>@string/c</item><item>16 dp</item></array>'
        '<array name="c" translatable="false"><item>Some words</item></array>'
        '<string-array name="d"><item>Some words</item></string-array>'
    )
    data = f"<resources>{arrays}</resources>".encode()
    outcome = run({"strings.xml": data}, tmp_path).outcomes["strings.xml"]
    (remark,) = outcome.remarks
    assert remark.startswith("Items of typed arrays (<array>) stay")
    assert remark.endswith(": a.")


def test_blanks_that_are_escapes_get_no_other_beside_them(tmp_path: Path) -> None:
    text = string(r"see\u0020\u0020the car").decode()
    found = translated("strings.xml", text, tmp_path)
    assert found == string(r"SEE\u0020\u0020THE CAR").decode()


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        (r"The house\u0020\u0020\u0020The car", ["The house", "The car"]),
        (r"Name:\u0020\u0020\u0020\u0020one", ["Name:", "one"]),
        (r"The house\u0020\u0020\u0020of one", ["The house of one"]),
        (r"The house\u0020\u0020The car", ["The house The car"]),
    ],
)
def test_three_blanks_that_are_escapes_part_texts(text: str, texts: list[str]) -> None:
    slots, new = opened(string(text))
    assert [slot.text for slot in slots] == texts
    assert new.encode() == string(text)
