"""Every format: what is not text stays byte for byte, and new text is read back as it was given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s2scli.cli.document_rules import FOREIGN
from s2scli.documents import BEGINNINGS, EXTENSIONS, FORMATS, open_format
from s2scli.documents.base import FormatOptions, Source, Target
from s2scli.documents.filling import filled
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError, UsageError
from tests.documents.runs import translated
from tests.text.test_packing import DOCUMENT
from tests.text.test_sentences import HOSTILE

WRAPPED = (
    "A paragraph that somebody has wrapped by hand at some forty\n"
    "characters a line, as people do in mails. It has two\n"
    "sentences.\n"
)


def read(kind: str, text: str, **options: Any) -> list[str]:
    format_ = open_format(kind, FormatOptions(**options))
    return [slot.text for slot in format_.slots(Source("f", text))]


def changed(kind: str, text: str, change: str = "{}", **options: Any) -> str:
    """The document with every text changed."""
    format_ = open_format(kind, FormatOptions(**options))
    source = Source("f", text)
    slots = list(format_.slots(source))
    return "".join(
        filled(format_, source, slots, [Target(change.format(slot.text)) for slot in slots])
    )


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("text", "# Title\n\n- one\n2. two\n\n---\n42\n", ["Title", "one", "two"]),
        ("text", WRAPPED, [WRAPPED.replace("\n", " ").strip()]),
        ("csv", 'id,text\n1,Hello\n2,"a ""b"" c"\n', ["Hello", 'a "b" c']),
        ("csv", "id;text\r\n1;Hello, you\r\n", ["Hello, you"]),
        ("csv", 'a,b\nsay "x",y\n"open,z\n', ['say "x"', "y", '"open', "z"]),
        ("csv", 'a,b\n"two\nlines",\n', ["two\nlines"]),
        ("tsv", "a\tb\none, two\t3\n", ["one, two"]),
        # What stands above the header, and cells that it does not name, are text.
        ("csv", "Prices\n\nname,note\nMary,new\n", ["Prices", "Mary", "new"]),
        ("csv", "Prices,,\r\n,,\r\nid,n,note\r\n1,2,new\r\n", ["Prices", "new"]),
        ("csv", "# Prices\nname;note\nMary;new, big\n", ["# Prices", "Mary", "new, big"]),
        ("csv", "name\n1,new\n2,old,big\n", ["new", "old", "big"]),
        ("csv", "text\nHello\nWell, you\n", ["Hello", "Well", " you"]),
        ("csv", "text\nWell, you\n", ["Well", " you"]),
        ("csv", ",text\n0,Hello\n1,You\n", ["Hello", "You"]),
        ("csv", "sep=;\r\nid;text\r\n1;Hello, you\r\n", ["Hello, you"]),
        (
            "text",
            "2.2 The rent\n§ 3 Term\n[ ] Pack it\n2.5 million of us\n[ ] a [x] b\n",
            ["The rent", "Term", "Pack it", "2.5 million of us", "a", "b"],
        ),
        ("text", "I. One\n\n[1] Two\n\n^1 Three\n\no Four\n", ["One", "Two", "Three", "Four"]),
        ("csv", "id;text;n\n1;A, b, c;1,5\n2;D, e;2,5\n", ["A, b, c", "D, e"]),
        ("json", '{"k": "v", "n": 1, "l": ["a", {"x": "b\\n"}], "e": ""}', ["v", "a", "b\n"]),
        ("json", '"only"', ["only"]),
        ("json", '/* "x" */\n{"a": "u // v", // "y"\n"b": ["w", ],}', ["u // v", "w"]),
        ("jsonl", '{"a": "x"}\n\n{"a": "y"}\n', ["x", "y"]),
    ],
)
def test_what_is_text(kind: str, text: str, expected: list[str]) -> None:
    assert read(kind, text) == expected


def test_units_of_plain_text() -> None:
    assert read("text", WRAPPED, unit="line") == WRAPPED.split("\n")[:-1]
    assert len(read("text", WRAPPED, unit="sentence")) == 2
    assert len(read("text", DOCUMENT, unit="paragraph")) == 11


def test_numbers_of_items_are_no_text() -> None:
    items = [
        "(i) one",
        "(iv) two",
        "a) three",
        "(B) four",
        "(12) five",
        "7) six",
        "1. seven",
        "8. (a) eight",
    ]
    assert read("text", "".join(f"{item}\n\n" for item in items)) == [
        item.split()[-1] for item in items
    ]


def test_wrapped_text_is_wrapped_again() -> None:
    new = changed("text", f"x\n\n{WRAPPED}\n\ny", "{} " + "More words. " * 9)
    lines = new.split("\n")
    assert len(lines) > 8
    assert max(map(len, lines[2:-2])) <= max(map(len, WRAPPED.split("\n")))
    item = "- An item of a list that goes on in\n  the next line, as items do.\n- Another.\n"
    assert changed("text", item, "{} And more than before.") == (
        "- An item of a list that goes on in\n  the next line, as items do. And\n"
        "  more than before.\n- Another. And more than before.\n"
    )


@pytest.mark.parametrize(
    ("kind", "options", "text", "expected"),
    [
        ("csv", {"columns": ("text",)}, "Prices\n\nid,text,x\n1,a,b\n", ["a"]),
        ("csv", {"columns": ("text",)}, "id,text,x\n1,a,b\n", ["a"]),
        ("csv", {"columns": ("3", "text")}, "id,text,x\n1,a,b\n", ["a", "b"]),
        ("json", {"fields": ("a.b",)}, '{"a": {"b": "x", "c": "y"}, "b": "z"}', ["x"]),
        ("json", {"fields": ("l.t",)}, '{"l": [{"t": "x"}, {"t": "y", "u": "z"}]}', ["x", "y"]),
        ("json", {"fields": ("l.1.t",)}, '{"l": [{"t": "x"}, {"t": "y"}]}', ["y"]),
        ("json", {"fields": ("*.t",)}, '{"a": {"t": "x"}, "b": {"t": "y"}, "t": "z"}', ["x", "y"]),
        ("json", {"fields": ("l",)}, '{"l": ["x", ["y"], {"t": "z"}]}', ["x", "y"]),
    ],
)
def test_choices(kind: str, options: dict[str, Any], text: str, expected: list[str]) -> None:
    assert read(kind, text, **options) == expected


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("json", '{"a": ', "f is not JSON"),
        ("json", "[" * 200_000, "f is not JSON"),
        ("jsonl", '{"a": 1}\n{', "f, line 2 is not JSON"),
    ],
)
def test_what_is_none(kind: str, text: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        read(kind, text)


PO = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n\nmsgid "One house."\nmsgstr "{}"\n'


@pytest.mark.parametrize("said", ["de", "de_AT", "de@latin", "German", "??", ""])
def test_the_language_of_a_po_file(said: str) -> None:
    format_ = open_format("po", FormatOptions(target_language="de"))
    source = Source("f", PO.format(said, ""))
    new = "".join(filled(format_, source, list(format_.slots(source)), [Target("Ein Haus.")]))
    assert new == PO.format(said or "de", "Ein Haus.")


def test_a_po_file_of_another_language() -> None:
    format_ = open_format("po", FormatOptions(target_language="de"))
    with pytest.raises(BadInputError, match="in fr_CA; the model writes de"):
        list(format_.slots(Source("f", PO.format("fr_CA", ""))))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Die Katze schläft heute im Garten", 20, "Die Katze schläft|heute im Garten"),
        ('Die <font color="red">Katze</font> ruht', 20, 'Die <font color="red">Katze</font> ruht'),
        ('Die <i color="red">Katze ruht</i> hier', 12, 'Die <i color="red">Katze|ruht</i> hier'),
        ("a" * 30 + " b", 20, "a" * 30 + "|b"),
    ],
)  # fmt: skip
def test_subtitles_are_wrapped_beside_their_tags(text: str, width: int, expected: str) -> None:
    format_ = open_format("srt", FormatOptions(subtitle_width=width))
    source = Source("f", "1\n00:00:01,000 --> 00:00:02,000\nOne house.\n")
    (slot,) = format_.slots(source)
    assert format_.written(source, slot, text) == expected.replace("|", "\n")


def test_unknown_columns_and_formats() -> None:
    with pytest.raises(BadInputError, match="no column 'c'"):
        read("csv", "a,b\n", columns=("c",))
    with pytest.raises(UsageError, match="no document format 'jsn'"):
        open_format("jsn", FormatOptions())
    assert set(EXTENSIONS.values()) == set(FORMATS)
    assert not set(EXTENSIONS) & set(FOREIGN) - set(BEGINNINGS)


TABLE = st.text(st.sampled_from('ab ",;\t\n\r|é'), max_size=80)
KEYS = HOSTILE.map("é{}".format)  # which no program looks for
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | HOSTILE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("unit", ["line", "sentence", "paragraph"])
@given(text=HOSTILE | st.text(st.sampled_from("ab. \n#-\t1)"), max_size=300))
def test_plain_text_comes_out_as_it_went_in(unit: str, text: str) -> None:
    assert changed("text", text, unit=unit) == text


@pytest.mark.parametrize("kind", ["csv", "tsv"])
@given(text=TABLE)
def test_tables_come_out_as_they_went_in(kind: str, text: str) -> None:
    assert changed(kind, text) == text


@given(text=TABLE, new=st.text(st.sampled_from('xy ",;\t\n|'), max_size=9))
@example(text='",;"a,"', new="")
def test_cells_are_read_back_as_they_were_written(text: str, new: str) -> None:
    text = "a,b,c,d,e,f\n" + text  # so that the separator is known
    before = read("csv", text)
    after = read("csv", changed("csv", text, "z" + new.replace("{", "").replace("}", "")))
    assert len(after) == len(before)
    assert set(after) <= {"z" + new}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        # A quote in mid-cell opens nothing, and needs no others around it.
        ("csv", 'a,b\n1,say "x"\n2,"y, z"\n', 'a,b\n1,say "x"!\n2,"y, z!"\n'),
        ("csv", 'a,b\n1, "x, y"\n', 'a,b\n1, "x!, y"!\n'),
        ("csv", 'a,b\n1,"x" y\n2,say "z"\n', 'a,b\n1,"""x"" y!"\n2,"say ""z""!"\n'),
        # Where tabs part cells and quotes are not closed, they are those of the texts.
        ("tsv", 'a\tb\n"Well," I said.\t"y"\n', 'a\tb\n"Well," I said.!\t"y"!\n'),
        ("tsv", 'a\tb\n1\t"x ""y"""\n', 'a\tb\n1\t"x ""y""!"\n'),
    ],
)
def test_quotes_of_cells(kind: str, text: str, expected: str) -> None:
    assert changed(kind, text, "{}!") == expected


@given(value=JSON, indent=st.sampled_from([None, 1]), ascii_=st.booleans())
def test_json_comes_out_as_it_went_in(value: object, indent: int | None, ascii_: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    assert changed("json", text) == text
    assert changed("jsonl", json.dumps(value) + "\n") == json.dumps(value) + "\n"

    def wanted(inner: object) -> object:
        if isinstance(inner, str):
            return f'<{inner}>é"' if any(map(str.isalpha, inner)) else inner
        if isinstance(inner, list):
            return [wanted(each) for each in inner]
        if isinstance(inner, dict):
            return {key: wanted(each) for key, each in inner.items()}
        return inner

    assert json.loads(changed("json", text, '<{}>é"')) == wanted(value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    data = "Grüße\r\n東京\r\n".encode(encoding)
    source = Source.decode("f", data)
    assert source.text == "Grüße\r\n東京\r\n"
    assert b"".join(source.encode([source.text])) == data


@pytest.mark.parametrize("kind", ["yaml", "json", "html", "xliff", "srt", "markdown", "text"])
def test_two_byte_order_marks(kind: str) -> None:
    contents = {
        "json": '["One house."]',
        "html": "<p>One house.</p>",
        "srt": "1\n00:00:01,000 --> 00:00:02,000\nOne house.\n",
        "xliff": '<xliff version="1.2"><file><body><trans-unit><source>One house.</source>'
        "</trans-unit></body></file></xliff>",
    }
    data = contents.get(kind, "- One house.\n").encode()
    opened = read_document(open_format(kind, FormatOptions()), "f", b"\xef\xbb\xbf" * 2 + data)
    assert [slot.text for slot in opened.slots] == ["One house."]
    new = b"".join(opened.written([Target("Ein Haus.")]))
    assert new.startswith(b"\xef\xbb\xbf" * 2)
    assert b"Ein Haus." in new
    if kind != "xliff":
        assert new[6:] == data.replace(b"One house.", b"Ein Haus.")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a\0b", "binary"),
        (b"one\ntw\xff", "f, line 2 is not UTF-8"),
        ("One\n".encode("utf-32"), "f is a binary file. .* iconv -f UTF-32LE"),
        (b"\xef\xbb\xbfa\0b", "binary"),
    ],
)
def test_no_text(data: bytes, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        Source.decode("f", data)


QUOTED = (
    "Jane wrote:\n"
    "> A long line of a quoted mail that was wrapped by hand at\n"
    "> some place, and goes on. Another sentence of it is here\n"
    "> again, too.\n"
    ">\n"
    "> * An item that was so long that it was wrapped in its middle\n"
    ">   too\n"
    ">> A deeper one, that says 3 > 2\n"
    "Mine.\n"
)


@pytest.mark.parametrize(("unit", "count"), [("paragraph", 5), ("sentence", 6), ("line", 8)])
def test_marks_of_quotations_are_no_text(unit: str, count: int) -> None:
    form = open_format("text", FormatOptions(unit=unit))
    for end in ("\n", "\r\n"):
        source = Source("f", QUOTED.replace("\n", end))
        slots = list(form.slots(source))
        assert len(slots) == count
        assert not any(">" in slot.text for slot in slots[:-2])
        for change in (str, str.upper):
            made = "".join(filled(form, source, slots, [Target(change(s.text)) for s in slots]))
            assert made == change(source.text)


def test_headers_that_read_like_text_are_said() -> None:
    for header, said in (
        ("x,text", ""),
        ("First name (required),No.,Price in EUR", ""),
        ("Where is the station?,x", "'Where is the station?'"),
        ("x,he came home late last night", "'he came home late last night'"),
    ):
        form = open_format("csv", FormatOptions())
        assert [slot.text for slot in form.slots(Source("f", f"{header}\nOne,1\n"))] == ["One"]
        expected = f"The header stays, though it reads like text: {said}."
        assert form.remarks == ([expected] if said else [])


@pytest.mark.parametrize("unit", ["sentence", "line", "paragraph"])
def test_page_breaks_part_texts(unit: str, tmp_path: Path) -> None:
    text = "One house.\f\nTwo\fthree\n\fFour\n\n\f\nfive\vsix\u2028seven\n"
    new = translated("a.txt", text, tmp_path, options=FormatOptions(unit))
    assert new == text.upper()
