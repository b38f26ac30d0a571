"""Fillers are layout: they stay, and part texts where they are no word of a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Slot, Source, Target, parents
from s2scli.documents.filling import filled
from s2scli.documents.reading import read_document
from s2scli.office.odf import OdfXml
from s2scli.office.ooxml import DrawingPart, WordPart
from s2scli.text.fillers import fillers
from s2scli.text.projection import project
from s2scli.text.spans import Protection
from tests.documents.runs import translated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Name: ______ Date: ____", [("______", True), ("____", True)]),
        ("I, ______, of ____________, agree", [("______", False), ("____________", False)]),
        ("Chapter One ........ 12", [("........", True)]),
        ("the house. . . . . 5", [(". . . . .", True)]),
        ("__/__/____ born", [("__/__/____", True)]),
        ("-----Original Message-----", [("-----", True), ("-----", True)]),
        ("Name:\tDate", [("\t", True)]),
        ("Name:        Date", [("        ", True)]),
        ("one    two", [("    ", False)]),
        ("one" + "_" * 200 + "two", [("_" * 200, True)]),
        ("Wait... what", []),
        ("a snake__case and a___b and __init__", []),
        ("one -- that — is … x", []),
        ("one  two.  Three", []),
        ("one\n      two", []),
    ],
)
def test_what_is_a_filler(text: str, expected: list[tuple[str, bool]]) -> None:
    found = [(text[filler.start : filler.end], filler.apart) for filler in fillers(text)]
    assert found == expected


FORM = "Name: __________   Date: ..........\nI, ______, agree to this.\nChapter\t12"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", FORM),
        ("a.md", FORM.replace("\n", "\n\n").replace("\t", " ")),
        ("a.html", "<p>" + FORM.replace("\n", "</p><p>").replace("__   ", "__ <b>x</b> ") + "</p>"),
        ("a.json", f'["{FORM}"]'.replace("\n", "\\n").replace("\t", "\\t")),
        ("a.po", 'msgid "{}"\nmsgstr ""\n'.format(FORM.replace("\n", "\\n").replace("\t", "\\t"))),
        ("a.csv", f'text\n"{FORM}"\n'),
        ("a.yaml", "a: |\n  " + FORM.replace("\n", "\n  ") + "\n"),
    ],
)
def test_fillers_stay(name: str, text: str, tmp_path: Path) -> None:
    """A model that makes three of each character that is no letter has no part in them."""
    new = translated(
        name, text, tmp_path, lambda word: re.sub(r"([_.]{2,})", r"\1\1\1", word).upper()
    )
    if name.endswith(".po"):
        new = new.partition("msgstr")[2]
    assert re.findall(r"_{2,}|\.{2,}", new) == ["_" * 10, "." * 10, "_" * 6]
    assert "AGREE TO THIS." in new
    if "\t" in text and name != "a.html":
        assert "CHAPTER\t12" in new
    if name != "a.html":
        assert "__   DATE" in new or name == "a.md"


def word(body: str) -> list[Slot]:
    text = f'<w:document xmlns:w="{W}"><w:body><w:p>{body}</w:p></w:body></w:document>'
    return list(WordPart(FormatOptions()).slots(Source("f", text)))


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


BOLD = "<w:b/>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (run("Name: ______ Date: ....... &amp; End"), ["Name:", "Date:", "& End"]),
        (run("Name:", BOLD) + run(" ____ ") + run("Day:", BOLD) + run(" __"), ["Name:", "Day: __"]),
        (run("I, ____, ") + run("agree", BOLD), ["I, ____, agree"]),
        (run("Name:        Date"), ["Name:", "Date"]),
        (f"<w:hyperlink>{run('Name: ____ Date: ____')}</w:hyperlink>", ["Name:", "Date:"]),
        (run("Ann Lee") + "<w:r><w:br/></w:r>" + run("London"), ["Ann Lee", "London"]),
        (run("one") + '<w:r><w:br w:type="page"/></w:r>' + run("two"), ["one", "two"]),
    ],
)  # fmt: skip
def test_office(body: str, expected: list[str]) -> None:
    assert [slot.text for slot in word(body)] == expected


def test_fillers_in_mid_sentence_are_kept() -> None:
    (slot,) = word(run("I, ____, ") + run("agree", BOLD))
    assert [slot.text[start:end] for start, end in slot.kept] == ["____"]


def test_blanks_to_write_on_keep_their_look() -> None:
    underlined = run(" " * 20, '<w:u w:val="single"/>')
    text = (
        f'<w:document xmlns:w="{W}"><w:body><w:p>{run("I ")}{underlined}{run(" am here")}</w:p>'
        "</w:body></w:document>"
    )
    format_, source = WordPart(FormatOptions()), Source("f", text)
    (slot,) = format_.slots(source)
    target = slot.text.replace("I", "Ich").replace("am here", "bin hier")
    spans = [(mark.start, mark.end) for mark in slot.marks]
    where = project(slot.text, target, spans, parents(slot.marks), ())
    new = "".join(filled(format_, source, [slot], [Target(target, where)]))
    assert Protection().is_intact(slot.text, target, [" " * 20])
    assert not Protection().is_intact(slot.text, target.replace(" " * 20, " "), [" " * 20])
    assert underlined in new
    assert "Ich" in new


def test_fillers_of_another_length_are_others() -> None:
    protection = Protection()
    assert protection.is_intact("I, ____, go", "Ich, ____, gehe", ["____"])
    assert not protection.is_intact("I, ____, go", "Ich, _____, gehe", ["____"])
    assert not protection.is_intact("I    go", "Ich   gehe", ["    "])


def test_slides_and_opendocument() -> None:
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    slide = f'<a:p xmlns:a="{a}"><a:r><a:t>Name: ____ Date</a:t></a:r></a:p>'
    odf = "urn:oasis:names:tc:opendocument:xmlns:"
    page = (
        f'<office:text xmlns:office="{odf}office:1.0" xmlns:text="{odf}text:1.0">'
        '<text:p>Name: ____ Date:<text:s text:c="9"/>End</text:p></office:text>'
    )
    options = FormatOptions()
    assert [s.text for s in DrawingPart(options).slots(Source("f", slide))] == ["Name:", "Date"]
    assert [s.text for s in OdfXml(options).slots(Source("f", page))] == ["Name:", "Date:", "End"]


def test_fillers_that_are_escaped() -> None:
    text = r"Name: \_\_\_\_\_ and \_\_\_\_ more"
    document = read_document(open_format("markdown", FormatOptions()), "f", text.encode())
    assert [slot.text for slot in document.slots] == ["Name:", "and more"]


def test_lines_that_nobody_wrote_end_no_tag() -> None:
    text = '["<a href=\\"x----y\\">Go</a> to", "Name: <b>____</b> End"]'
    document = read_document(open_format("json", FormatOptions()), "f", text.encode())
    assert [slot.text for slot in document.slots] == ["Go to", "Name:", "End"]


FRAMES = {
    "a.md": "See `@` here.\n",
    "a.rst": "See ``@`` here.\n",
    "a.adoc": "See `@` here.\n",
    "a.json": '["See `@` here."]',
    "a.txt": "See `@` here.\n",
    "a.ftl": "a = See `@` here.\n",
}


@pytest.mark.parametrize("name", FRAMES)
def test_blanks_within_code_stay(name: str, tmp_path: Path) -> None:
    for code in ("fn   main() | x", "a     b", "house ____ garden"):
        text = FRAMES[name].replace("@", code)
        wanted = text.replace("See", "SEE").replace("here", "HERE")
        assert translated(name, text, tmp_path) == wanted
