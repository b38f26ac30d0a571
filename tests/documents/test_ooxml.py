"""DOCX and PPTX: what is text, which marks are on it, and how another text gets into runs."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Slot, Source, Target
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from s2scli.office.ooxml import Docx, DrawingPart, WordPart
from tests.documents.office import (
    changed,
    package,
    reversed_target,
    rewritten,
    slots,
    stretches,
    upper,
)
from tests.documents.runs import run
from tests.sizes import TENTHS

CORPUS = Path(__file__).parents[1] / "corpus"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
SPACES = f'xmlns:w="{W}" xmlns:mc="{MC}" xmlns:wp="{WP}" xmlns:m="{M}"'
BODY = re.compile(r".*<w:body>(.*)</w:body>.*", re.DOTALL)
WORD = WordPart(FormatOptions())
DRAWING = DrawingPart(FormatOptions())


def document(body: str) -> str:
    return f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"


def p(content: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return document(f"<w:p>{properties}{content}</w:p>")


def r(text: str, look: str = "", more: str = "") -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r{more}>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def field(code: str, result: str) -> str:
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    return f"{begin}<w:r><w:instrText> {code} </w:instrText></w:r>{separate}{result}{end}"


BOLD = "<w:b/>"
NOTE = '<w:r><w:rPr><w:rStyle w:val="N"/></w:rPr><w:footnoteReference w:id="1"/></w:r>'
LINK = '<w:hyperlink w:anchor="x">{}</w:hyperlink>'


@pytest.mark.parametrize(
    ("content", "text", "marks"),
    [
        (r("One."), "One.", []),
        (r(" One. "), "One.", []),
        (r("a &amp; &lt;b&gt;"), "a & <b>", []),
        (r("Tog", more=' w:rsidR="01"') + '<w:proofErr w:type="x"/>' + r("ether"), "Together", []),
        (r("Lan", '<w:lang w:val="en"/>') + r("guages", "<w:noProof/>"), "Languages", []),
        (r("字", '<w:rFonts w:hint="eastAsia"/>') + r("abc"), "字abc", []),
        (r("a ") + r("big", BOLD) + r(" dog"), "a big dog", ["big"]),
        (r("a ") + r("b", BOLD) + r(" ") + r("c", BOLD) + r(" is here"), "a b c is here", ["b c"]),
        (r("a ") + r("big ", BOLD) + r("dog is"), "a big dog is", ["big"]),
        (r("all bold", BOLD), "all bold", []),
        (r("x ") + LINK.format(r("all", "<w:u/>")) + r(" y"), "x all y", ["all"]),
        (LINK.format(r("a link")), "a link", []),
        (LINK.format("<w:ins>" + r("a link") + "</w:ins>"), "a link", []),
        (r("see ") + LINK.format("<w:ins>" + r("it") + "</w:ins>"), "see it", ["it"]),
        (r("Word") + NOTE + r(", and"), "Word, and", [""]),
        (NOTE + r("Word") + NOTE, "Word", []),
        (r("one") + "<w:r><w:br/></w:r>" + r("two"), "one two", [""]),
        (r("one ") + "<w:r><w:br/></w:r>" + r(" two"), "one two", [""]),
        (r("one") + "<w:ins><w:r><w:br/></w:r></w:ins>" + r("two"), "one two", [""]),
        (
            f"<w:r><w:br/><w:t>{'a' * 61}</w:t><w:br/><w:t>b</w:t></w:r>",
            "a" * 61 + " b",
            [""],
        ),
        ("<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t></w:r>", "co-op", []),
        ("<w:r><w:t>hy</w:t><w:softHyphen/><w:t>phen</w:t></w:r>", "hyphen", [""]),
        (
            r("kept ") + "<w:del><w:r><w:delText>not</w:delText></w:r></w:del>" + r("x"),
            "kept x",
            [""],
        ),
        (r("Is ") + "<m:oMath><m:r><m:t>n</m:t></m:r></m:oMath>" + r(" odd?"), "Is odd?", [""]),
        (r("Go to ") + field("REF a", r("part")) + r("."), "Go to part.", ["part"]),
        (r("Page ") + field("PAGE", r("7")), "Page 7", ["7"]),
        (
            r("a ") + '<w:fldSimple w:instr="REF x">' + r("b") + "</w:fldSimple>" + r(" c"),
            "a b c",
            ["b"],
        ),
        (
            r("a ")
            + "<w:sdt><w:sdtPr/><w:sdtContent>"
            + r("b")
            + "</w:sdtContent></w:sdt>"
            + r(" c"),
            "a b c",
            ["b"],
        ),
        (
            r("a") + '<w:bookmarkStart w:id="1"/>' + r("b") + '<w:bookmarkEnd w:id="1"/>' + r("c"),
            "abc",
            ["b"],
        ),
        (r("a") + '<w:bookmarkStart w:id="1"/><w:bookmarkEnd w:id="1"/>' + r("b"), "ab", [""]),
        (
            r("mark")
            + '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
            + r(" here"),
            "mark here",
            [""],
        ),
    ],
)
def test_what_is_text(content: str, text: str, marks: list[str]) -> None:
    (slot,) = slots(WORD, p(content))
    assert (slot.text, stretches(slot)) == (text, marks)
    # A line that begins with a capital is a text of its own.
    new = slots(WORD, changed(WORD, p(content), upper))
    assert " ".join(found.text for found in new) == text.upper()


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (r("12 %"), []),
        ("<w:r><w:tab/><w:t>a</w:t><w:tab/><w:tab/><w:t>b</w:t></w:r>", ["a", "b"]),
        (
            r("1") + "<w:r><w:tab/></w:r>" + r("One") + "<w:r><w:ptab/><w:t>two</w:t></w:r>",
            ["One", "two"],
        ),
        ("<w:r/><w:r><w:t/></w:r>", []),
        # The begin of a field whose end is in another paragraph: nothing moves past it.
        (r("One") + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("two"), ["One", "two"]),
        (
            "<w:r><w:t>Page</w:t><w:fldChar w:fldCharType='begin'/><w:instrText>X</w:instrText>"
            "<w:fldChar w:fldCharType='end'/><w:t>left</w:t></w:r>",
            ["Page", "left"],
        ),
        (
            r("a ")
            + "<w:r><w:pict><w:txbxContent><w:p>"
            + r("box")
            + "</w:p></w:txbxContent></w:pict></w:r>"
            + r("b"),
            ["a b", "box"],
        ),
        (
            "<w:r><mc:AlternateContent><mc:Choice><w:p>" + r("same") + "</w:p></mc:Choice>"
            "<mc:Fallback><w:p>" + r("same") + "</w:p></mc:Fallback></mc:AlternateContent></w:r>",
            ["same", "same"],
        ),
        (
            '<w:r><w:drawing><wp:docPr name="Dot 1" title="A &quot;dot&quot;" descr="It is grey"/>'
            "</w:drawing></w:r>" + r("x"),
            ["x", 'A "dot"', "It is grey"],
        ),
    ],
)
def test_how_many_slots(content: str, texts: list[str]) -> None:
    assert sorted(slot.text for slot in slots(WORD, p(content))) == sorted(texts)
    new = changed(WORD, p(content), upper)
    ElementTree.fromstring(new)
    assert sorted(slot.text for slot in slots(WORD, new)) == sorted(text.upper() for text in texts)


def test_a_part_in_another_namespace_or_with_another_prefix() -> None:
    for space in (W, "http://purl.oclc.org/ooxml/wordprocessingml/main"):
        text = (
            f'<x:document xmlns:x="{space}"><x:p><x:r><x:t>a</x:t></x:r><x:r><x:rPr><x:b/></x:rPr>'
        )
        text += "<x:t>b</x:t></x:r></x:p></x:document>"
        new = changed(WORD, text, lambda _: Target("c d", ((2, 3),)))
        assert "<x:t>c </x:t></x:r><x:r><x:rPr><x:b/></x:rPr>" in new.replace(
            ' xml:space="preserve"', ""
        )
    default = (
        f'<document xmlns="{W}"><p><r><t>aaa </t></r><r><rPr><b/></rPr><t>b</t></r></p></document>'
    )
    new = changed(WORD, default, lambda _: Target("b aaa", ((0, 1),)))
    assert [stretches(slot) for slot in slots(WORD, new)] == [["b"]]


@pytest.mark.parametrize(
    ("content", "target", "expected"),
    [
        (r("a"), Target("x < y"), r("x &lt; y")),
        (r(" a "), Target("x"), r(" x ")),
        (r("a ") + r("b", BOLD), Target("y x", ((0, 1),)), "<b>y</b> x<b></b>"),
        (r("a ") + r("b", BOLD) + r(" c"), Target("x y z", ((2, 3),)), "x <b>y</b> z"),
        (r("a ") + LINK.format(r("b")) + r(" c"), Target("y x", ((0, 1),)), "<a>y</a> x"),
        (r("one") + "<w:r><w:br/></w:r>" + r("two"), Target("x y", ((1, 1),)), "x<br/>y"),
        (r("a") + NOTE + r(" b"), Target("x y", ((3, 3),)), "x y<n/>"),
        (r("a ") + NOTE + r(" b"), Target("x y", ((2, 2),)), "x <n/> y"),
        (r("a ") + NOTE + r(" b"), Target("x y", ((1, 1),)), "x <n/> y"),
        (r("a ") + NOTE + r(" b"), Target("x y", ((3, 3),)), "x y <n/>"),
        (r("a ") + NOTE + r(" b"), Target("x y", ((0, 0),)), "<n/> x y"),
        (r("a ") + NOTE + r(" b", BOLD), Target("x y", ((2, 2), (2, 3))), "x <n/> <b>y</b>"),
    ],
)
def test_how_a_text_is_written(content: str, target: Target, expected: str) -> None:
    new = changed(WORD, p(content), lambda _: target)
    inside = BODY.sub(r"\1", new).removeprefix("<w:p>").removesuffix("</w:p>")
    if expected.startswith("<w:r>"):
        assert inside == expected
        return
    for old, short in (
        (NOTE, "<n/>"),
        ("<w:r><w:br/></w:r>", "<br/>"),
        ('<w:hyperlink w:anchor="x">', "<a>"),
        ("</w:hyperlink>", "</a>"),
    ):
        inside = inside.replace(old, short)
    inside = re.sub(r"<w:r><w:rPr><w:b/></w:rPr><w:t[^>]*>(.*?)</w:t></w:r>", r"<b>\1</b>", inside)
    assert re.sub(r"<w:r>|</w:r>|<w:t[^>]*>|</w:t>", "", inside) == expected


def test_code_and_names_that_a_computer_fills_in() -> None:
    code = r("read()", '<w:rStyle w:val="VerbatimChar"/>')
    (slot,) = slots(WORD, p(r("Call ") + code + r(" now.")))
    assert [slot.text[start:end] for start, end in slot.kept] == ["read()"]
    (slot,) = slots(WORD, p(r("Dear ") + field("MERGEFIELD name", r("«name»")) + r(",")))
    assert [slot.text[start:end] for start, end in slot.kept] == ["«name»"]
    for content, style in ((r("x = y"), "SourceCode"), (code, "")):
        assert slots(WORD, p(content, style)) == []
    for style in ("Barcode", "Postcodes", "Heading1"):
        assert len(slots(WORD, p(r("text"), style))) == 1


def test_whether_there_is_text() -> None:
    for content, style, expected in (
        (r("text"), "", True),
        (r("12"), "", False),
        (r("x = y"), "SourceCode", False),
        ("<m:oMath><m:r><m:t>E</m:t></m:r></m:oMath>", "", False),
    ):
        assert WORD.has_text(Source("f", p(content, style))) == expected
    # A namespace that nobody knows: there is text, and none is found.
    foreign = p(r("text")).replace(W, "urn:x")
    assert slots(WORD, foreign) == []
    assert WORD.has_text(Source("f", foreign))


def test_items_of_lists() -> None:
    item = '<w:listItem w:displayText="{}" w:value="one"/>'
    text = p(
        r("Pick ")
        + f"<w:sdt><w:sdtPr><w:dropDownList>{item.format('One house')}</w:dropDownList></w:sdtPr>"
        f"<w:sdtContent>{r('One house')}</w:sdtContent></w:sdt>"
        '<w:ffData><w:ddList><w:listEntry w:val="Two"/></w:ddList></w:ffData>'
    )
    assert [slot.text for slot in slots(WORD, text)] == ["Pick One house", "One house", "Two"]
    new = changed(WORD, text, upper)
    assert item.format("ONE HOUSE") in new
    assert '<w:listEntry w:val="TWO"/>' in new


def test_items_that_show_their_value() -> None:
    items = '<w:listItem w:value="Red"/><w:listItem w:displayText="Blue" w:value="Blau"/>'
    text = p(f"<w:sdt><w:sdtPr><w:comboBox>{items}</w:comboBox></w:sdtPr></w:sdt>")
    assert [slot.text for slot in slots(WORD, text)] == ["Red", "Blue"]


def test_slides() -> None:
    text = (
        f'<p:sld xmlns:a="{A}" xmlns:p="{P}"><p:cNvPr id="1" name="n" descr="A \'dot\'"/>'
        '<a:p><a:pPr/><a:r><a:rPr lang="en-US" dirty="0"/><a:t>One </a:t></a:r>'
        '<a:r><a:rPr lang="de-DE"/>'
        '<a:t>sen</a:t></a:r><a:r><a:rPr b="1"/><a:t>tence</a:t></a:r><a:br><a:rPr/></a:br>'
        '<a:r><a:t>and more</a:t></a:r><a:fld type="slidenum"><a:t>7</a:t></a:fld>'
        "<a:endParaRPr/></a:p></p:sld>"
    )
    picture, slot = slots(DRAWING, text)
    assert (picture.text, slot.text) == ("A 'dot'", "One sentence and more")
    assert stretches(slot) == ["tence", ""]
    new = changed(DRAWING, text, upper)
    assert "xml:space" not in new
    assert 'descr="A &apos;DOT&apos;"' in new
    assert [slot.text for slot in slots(DRAWING, new)][1:] == ["ONE SENTENCE", "AND MORE"]
    assert '<a:fld type="slidenum"><a:t>7</a:t></a:fld><a:endParaRPr/>' in new


TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "application/vnd.openxmlformats-officedocument."
CORE = "application/vnd.openxmlformats-package.core-properties+xml"
META = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
PROPERTIES = (
    f'<c:p xmlns:c="{META}" xmlns:d="http://purl.org/dc/elements/1.1/"><d:title>The title</d:title>'
    "<d:creator>Somebody</d:creator><c:keywords>key</c:keywords></c:p>"
)


def packed(parts: Mapping[str, tuple[str, str]], default: str = "") -> bytes:
    """A package of parts: name → content type and content."""
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, (kind, _) in parts.items()
        if kind
    )
    if default:
        types += f'<Default Extension="xml" ContentType="{default}"/>'
    members = {"[Content_Types].xml": f'<Types xmlns="{TYPES}">{types}</Types>'}
    return package(members | {name: content for name, (_, content) in parts.items()})


WORD_MAIN = f"{OFFICE}wordprocessingml.document.main+xml"
BLOCK = (
    '<w:docPart><w:docPartPr><w:category><w:gallery w:val="{}"/></w:category></w:docPartPr>'
    "<w:docPartBody><w:p>{}</w:p></w:docPartBody></w:docPart>"
)
GLOSSARY = document(
    BLOCK.format("autoTxt", r("Block"))
    + BLOCK.format("placeholder", r("Type here"))
    + BLOCK.format("docParts", r("Other"))
)
DOCX = packed(
    {
        "word/header1.xml": (f"{OFFICE}wordprocessingml.header+xml", p(r("Header"))),
        "word/document2.xml": (WORD_MAIN, p(r("Body"))),
        "word/footnotes.xml": (f"{OFFICE}wordprocessingml.footnotes+xml", p(r("Note"))),
        "word/comments.xml": (f"{OFFICE}wordprocessingml.comments+xml", p(r("Comment"))),
        "word/glossary/document.xml": (
            f"{OFFICE}wordprocessingml.document.glossary+xml",
            GLOSSARY,
        ),
        "docProps/core.xml": (CORE, PROPERTIES),
        "word/media/image.png": ("", "no XML"),
    }
)


def slide(text: str) -> str:
    return f'<p:sld xmlns:a="{A}" xmlns:p="{P}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'


SLIDE = f"{OFFICE}presentationml.slide+xml"
SHAPE = (
    "<p:sp><p:nvSpPr><p:nvPr>{}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p>"
)
SHAPE += "</p:txBody></p:sp>"
LAYOUT = (
    f'<p:sldLayout xmlns:a="{A}" xmlns:p="{P}">{SHAPE.format("<p:ph/>", "Click here")}'
    f"{SHAPE.format('', 'Slogan')}{SHAPE.format('<p:ph></p:ph>', 'Click there')}</p:sldLayout>"
)
PPTX = packed(
    {
        "ppt/presentation.xml": (f"{OFFICE}presentationml.presentation.main+xml", "<x/>"),
        "ppt/slides/slide10.xml": (SLIDE, slide("Ten")),
        "ppt/slides/slide2.xml": (SLIDE, slide("Two")),
        "ppt/slideLayouts/l.xml": (f"{OFFICE}presentationml.slideLayout+xml", LAYOUT),
        "ppt/notesSlides/n.xml": (f"{OFFICE}presentationml.notesSlide+xml", slide("Notes")),
        "ppt/charts/c.xml": (f"{OFFICE}drawingml.chart+xml", slide("Chart")),
        "ppt/comments/c.xml": (
            f"{OFFICE}presentationml.comments+xml",
            f'<p:cmLst xmlns:p="{P}"><p:cm><p:text>Remark</p:text></p:cm></p:cmLst>',
        ),
    }
)


@pytest.mark.parametrize(
    ("kind", "data", "texts"),
    [
        ("docx", DOCX, ["Body", "Header", "Note", "Comment", "Type here", "The title", "key"]),
        ("pptx", PPTX, ["Two", "Ten", "Notes", "Slogan", "Remark", "Chart"]),
        ("docx", packed({"d.xml": ("", p(r("By default")))}, WORD_MAIN), ["By default"]),
    ],
)
def test_packages(kind: str, data: bytes, texts: list[str]) -> None:
    found, new = rewritten(kind, data, upper)
    assert [slot.text for slot in found] == texts
    assert [slot.text for slot in rewritten(kind, new, upper)[0]] == [
        text.upper() for text in texts
    ]
    same = rewritten(kind, data, lambda slot: Target(slot.text))[1]
    assert same == data


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        ("docx", b"no zip", "f is not a zip archive"),
        ("docx", DOCX[:-40], "f is not a zip archive"),
        ("docx", package({"a": "b"}), r"f has no \[Content_Types\].xml"),
        ("docx", PPTX, "f is not DOCX"),
        ("pptx", DOCX, "f is not PPTX"),
        ("docx", package({"[Content_Types].xml": "<"}), "is not XML"),
        ("docx", packed({"d.xml": (WORD_MAIN, "no XML")}), "f: d.xml is not XML"),
        ("docx", packed({"d.xml": (WORD_MAIN, f"<!DOCTYPE a>{p('')}")}), "has a document type"),
        (
            "docx",
            packed(
                {"d.xml": (WORD_MAIN, '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///x">]><a>&e;</a>')}
            ),
            "has declarations",
        ),
        (
            "docx",
            packed({"d.xml": (WORD_MAIN, p("<w:ins>" * 10_000 + "</w:ins>" * 10_000))}),
            "nested more than",
        ),
        ("docx", packed({"d.xml": (WORD_MAIN, p(r("a") * 1_000_000))}), "zip bomb"),
    ],
)
def test_what_is_none(kind: str, data: bytes, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        read_document(open_format(kind, FormatOptions()), "f", data)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: (
            r("a")
            + '<w:bookmarkStart w:id="1"/>' * 1_000 * n
            + '<w:bookmarkEnd w:id="2"/>' * 1_000 * n
            + r("b")
        ),
        lambda n: (
            r("a")
            + '<w:bookmarkStart w:id="1"/>' * 1_000 * n
            + r("b")
            + '<w:bookmarkEnd w:id="1"/>' * 1_000 * n
        ),
        lambda n: field("IF", "") * 500 * n + r("a"),
        lambda n: '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 1_000 * n + r("a"),
        lambda n: (
            "".join(
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                for _ in range(500 * n)
            )
            + (r("a") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>') * 500 * n
        ),
        lambda n: (r("a") + r("b", BOLD)) * 800 * n,
        lambda n: "<w:ins>" * 200 + r("a") + ("</w:ins>" + r("b")) * 200,
        lambda n: r("a" + " " * 500_000 * n + "b"),
        lambda n: "<w:r><w:t>a b</w:t><w:tab/></w:r>" * 1_000 * n,
    ],
    ids=["crossed", "nested", "codes", "begins", "fields", "looks", "groups", "blanks", "tabs"],
)
@pytest.mark.parametrize("n", TENTHS)
def test_hostile_paragraphs(make: Callable[[int], str], n: int) -> None:
    text = p(make(n))
    assert changed(WORD, text, lambda slot: Target(slot.text)) == text
    before = [slot.text.upper() for slot in slots(WORD, text)]
    assert [slot.text for slot in slots(WORD, changed(WORD, text, upper))] == before


LOOKS = st.sampled_from(["", BOLD, "<w:i/>", '<w:lang w:val="en"/>'])
INNER = st.sampled_from(
    ["<w:tab/>", "<w:br/>", "<w:sym/>", "<w:noBreakHyphen/>", "<w:softHyphen/>"]
    + ["<w:t>a</w:t>", '<w:t xml:space="preserve"> b </w:t>', "<w:t>c&amp;d</w:t>", "<w:t/>"]
    + [f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end")]
)
RUNS = st.builds(
    lambda look, inner: f"<w:r><w:rPr>{look}</w:rPr>{''.join(inner)}</w:r>",
    LOOKS,
    st.lists(INNER, max_size=4),
)
POINTS = st.sampled_from(
    [f'<w:bookmark{end} w:id="{number}"/>' for end in ("Start", "End") for number in (1, 2)]
    + ["<w:proofErr/>", "<w:del><w:r><w:delText>x</w:delText></w:r></w:del>", NOTE]
    + [field("REF x", r("y")), field("PAGE", "")]
)
CONTENTS = st.recursive(
    RUNS | POINTS | st.text("xyz ", min_size=1, max_size=5).map(r),
    lambda inner: st.lists(inner, max_size=4).flatmap(
        lambda parts: st.sampled_from(["w:ins", "w:hyperlink", "w:sdtContent"]).map(
            lambda tag: f"<{tag}>{''.join(parts)}</{tag}>"
        )
    ),
    max_leaves=14,
)
PARAGRAPHS = st.lists(CONTENTS, max_size=6).map("".join)
KIND = f"{{{W}}}fldCharType"
# What another text may put elsewhere, but must never lose, double or make.
LASTING = {"fldChar", "instrText", "bookmarkStart", "bookmarkEnd", "del", "delText", "sym", "br"}
LASTING |= {"tab", "softHyphen", "footnoteReference", "hyperlink", "ins", "sdtContent"}


def lasting(text: str) -> Counter[str]:
    names = (element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter())
    return Counter(name for name in names if name in LASTING)


def open_ends(text: str) -> str:
    """The begins, middles and ends of fields that are not complete, in order."""
    found = ElementTree.fromstring(text).iter(f"{{{W}}}fldChar")
    order = "".join({"begin": "(", "separate": "|", "end": ")"}[x.get(KIND, "")] for x in found)
    while (fewer := re.sub(r"\(\|?\)", "", order)) != order:
        order = fewer
    return order


def is_well_made(text: str) -> bool:
    """Whether all text is in runs, and no run is in another."""
    around = {
        child.tag.rpartition("}")[2]: {
            parent.tag.rpartition("}")[2]
            for parent in ElementTree.fromstring(text).iter()
            if any(inner.tag == child.tag for inner in parent)
        }
        for child in ElementTree.fromstring(text).iter()
    }
    return around.get("t", {"r"}) == {"r"} and "r" not in around.get("r", set())


@given(content=PARAGRAPHS)
def test_any_paragraph_comes_out_as_it_went_in(content: str) -> None:
    text = p(content)
    assert changed(WORD, text, lambda slot: Target(slot.text)) == text


@pytest.mark.parametrize("change", [upper, reversed_target])
@given(content=PARAGRAPHS)
def test_any_paragraph_keeps_its_parts(content: str, change: Callable[[Slot], Target]) -> None:
    text = p(content)
    new = changed(WORD, text, change)
    assert is_well_made(new)
    assert lasting(new) == lasting(text)
    assert open_ends(new) == open_ends(text)


def facts(slot: Slot) -> tuple[str, list[str]]:
    """The text, and the words that have marks.

    Markup on the same words may be one mark or two, and a tab in front of them may be in it or not,
    as the white space beside it was written or left out.
    """
    marked = {stretch.strip() for stretch in stretches(slot)}
    return slot.text, sorted(filter(None, marked))


@given(content=PARAGRAPHS)
def test_what_was_written_is_read_back(content: str) -> None:
    found = [facts(slot) for slot in slots(WORD, p(content))]
    new = slots(WORD, changed(WORD, p(content), upper))
    assume(len(new) == len(found))  # breaks and tabs part texts by the case of their letters
    assert [facts(slot) for slot in new] == [
        (text.upper(), [stretch.upper() for stretch in marks]) for text, marks in found
    ]


def test_the_form_of_a_part_is_that_of_the_package() -> None:
    assert [slot.text for slot in slots(Docx(FormatOptions()), p(r("text")))] == ["text"]


def ruby(base: str, reading: str = "rt") -> str:
    return (
        "<w:r><w:rPr><w:i/></w:rPr><w:ruby><w:rubyPr><w:hps w:val='9'/></w:rubyPr>"
        f"<w:rt>{r(reading)}</w:rt><w:rubyBase>{base}</w:rubyBase></w:ruby></w:r>"
    )


@pytest.mark.parametrize(
    ("content", "text", "expected"),
    [
        (r("go to ") + ruby(r("town")) + r(" now"), "go to town now", ["town"]),
        (ruby(r("東")) + ruby(r("京", BOLD)) + r("だ"), "東京だ", ["東", "京"]),
        (ruby(r("alone")), "alone", []),
        (r("a ") + LINK.format(ruby(r("b c"))) + r(" d"), "a b c d", ["b c"]),
    ],
)
def test_texts_with_readings(content: str, text: str, expected: list[str]) -> None:
    found = slots(WORD, p(content))
    assert [slot.text for slot in found] == [text]
    assert [one for one in stretches(found[0]) if one] == expected
    new = changed(WORD, p(content), upper)
    ElementTree.fromstring(new)
    assert [slot.text for slot in slots(WORD, new)] == [text.upper()]
    assert new.count(f"<w:rt>{r('rt')}</w:rt><w:rubyBase><w:r>") == content.count("<w:ruby>")
    said = f"Readings beside translated texts (ruby) stay as they are: {content.count('<w:ruby>')}."
    assert Document.of(WordPart(FormatOptions()), Source("f", p(content))).remarks == [said]
    turned = changed(WORD, p(content), reversed_target)
    ElementTree.fromstring(turned)
    for one in expected or [text]:
        assert re.search(rf"<w:rubyBase><w:r>.*?{one[::-1]}.*?</w:rubyBase>", turned)


@pytest.mark.parametrize(
    "content",
    [
        ruby(r("b")).replace("<w:ruby>", "<w:t>stays</w:t><w:ruby>"),
        ruby(r("b")).replace("</w:ruby>", "</w:ruby><w:t>stays</w:t>"),
    ],
)
def test_texts_beside_readings_stay_and_are_said(content: str) -> None:
    form = WordPart(FormatOptions())
    assert [slot.text for slot in slots(form, p(r("a ") + content))] == ["a b"]
    assert form.left == 1
    assert "'stays'" in form.remarks[0]


@pytest.mark.parametrize(
    "content",
    [
        "<w:rubyBase>{}</w:rubyBase>",
        "<w:r><w:rubyBase>{}</w:rubyBase></w:r>",
        "<w:r><w:ruby/></w:r>",
        "<w:r><w:ruby><w:rubyBase/></w:ruby></w:r>",
        "<w:ruby>{}</w:ruby>",
        ruby(ruby(r("b"))),
        ruby(ruby(r("c")) + r("b")),
    ],
)
def test_odd_readings(content: str) -> None:
    text = p(content.format(r("b")) * 2 + r("a"))
    ElementTree.fromstring(changed(WORD, text, upper))


def test_what_is_shown_beside_tables_links_and_fields() -> None:
    table = (
        '<w:tbl><w:tblPr><w:tblCaption w:val="A"/><w:tblDescription w:val="B c"/></w:tblPr></w:tbl>'
    )
    link = f'<w:p>{r("d ")}<w:hyperlink w:tooltip="E">{r("f")}</w:hyperlink>{r(" g")}</w:p>'
    data = '<w:ffData><w:helpText w:val="H"/><w:statusText w:type="text" w:val="I"/></w:ffData>'
    form = f'<w:p><w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>{r("j")}</w:p>'
    text = document(table + link + form)
    assert [slot.text for slot in slots(WORD, text)] == ["A", "B c", "d f g", "E", "H", "I", "j"]
    new = changed(WORD, text, lambda slot: upper(replace(slot, text=f"{slot.text}x")))
    ElementTree.fromstring(new)
    for value in ("AX", "B CX", "EX", "HX", "IX"):
        assert f'="{value}"' in new


def tipped(tip: str, text: str, more: str = "") -> str:
    look = f'<a:rPr><a:hlinkClick tooltip="{tip}"/>{more}</a:rPr>'
    return f"<a:r>{look}<a:t>{text}</a:t></a:r>"


@pytest.mark.parametrize(
    "inner",
    [
        tipped("The tip", "all of it"),
        f"<a:r><a:t>go </a:t></a:r>{tipped('The tip', 'there')}<a:r><a:t> now, please</a:t></a:r>",
        # Most of the text is in the link, whose run is opened again after the other.
        f"{tipped('The tip', 'a long text of a ')}<a:r><a:t>big</a:t></a:r>"
        f"{tipped('The tip', ' link')}",
        tipped("The tip", "one ") + tipped("The tip", "two", "<a:x/>") + tipped("The tip", " long"),
        f"{tipped('The tip', 'one')}<a:br/>{tipped('The tip', 'two and ')}<a:r><a:t>x</a:t></a:r>",
    ],
)
@pytest.mark.parametrize("change", [upper, reversed_target])
def test_tips_of_links_on_slides(inner: str, change: Callable[[Slot], Target]) -> None:
    text = f'<p:sld xmlns:a="{A}" xmlns:p="{P}"><a:p>{inner}</a:p></p:sld>'
    new = changed(DRAWING, text, change)
    ElementTree.fromstring(new)
    tips = re.findall('tooltip="(.*?)"', new)
    assert set(tips) == {"THE TIP" if change is upper else "pit ehT"}


def test_tips_of_shapes() -> None:
    text = (
        f'<p:sld xmlns:a="{A}" xmlns:p="{P}"><p:cNvPr name="n" title="A">'
        '<a:hlinkClick tooltip="B"/>'
        '<a:hlinkHover tooltip="C"/></p:cNvPr></p:sld>'
    )
    assert [slot.text for slot in slots(DRAWING, text)] == ["A", "B", "C"]
    shape = '<wp:docPr descr="D"><a:hlinkClick tooltip="E"/></wp:docPr>'
    text = p(f"<w:r><w:drawing>{shape}</w:drawing></w:r>")
    text = text.replace("xmlns:w=", f'xmlns:a="{A}" xmlns:w=')
    assert [slot.text for slot in slots(WORD, text)] == ["D", "E"]


C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
CX = "http://schemas.microsoft.com/office/drawing/2014/chartex"


def test_charts_keep_what_cells_say() -> None:
    cache = "<c:f>Sheet1!$A$1</c:f><c:{0}Cache><c:pt><c:v>{1}</c:v></c:pt></c:{0}Cache>"
    text = (
        f'<c:chart xmlns:a="{A}" xmlns:c="{C}"><c:pivotSource><c:name>p</c:name></c:pivotSource>'
        "<c:title><c:tx><c:rich><a:p><a:r><a:t>Title</a:t></a:r></a:p></c:rich></c:tx></c:title>"
        f"<c:tx>{cache.format('str', 'Series')}</c:tx><c:tx><c:v>Own</c:v></c:tx>"
        f"<c:val>{cache.format('num', 'n/a')}</c:val><c:trendline><c:name>Trend</c:name>"
        "</c:trendline></c:chart>"
    )
    texts = ["Title", "Series", "Own", "Trend"]
    assert [slot.text for slot in slots(DRAWING, text)] == texts
    new = changed(DRAWING, text, upper)
    assert "<c:f>Sheet1!$A$1</c:f><c:strCache><c:pt><c:v>SERIES</c:v>" in new
    assert "<c:v>n/a</c:v>" in new
    extended = (
        f'<cx:chart xmlns:cx="{CX}"><cx:strDim><cx:lvl><cx:pt>North</cx:pt></cx:lvl></cx:strDim>'
        "<cx:numDim><cx:lvl><cx:pt>1e5</cx:pt></cx:lvl></cx:numDim><cx:txData><cx:v>Name</cx:v>"
        "</cx:txData></cx:chart>"
    )
    assert [slot.text for slot in slots(DRAWING, extended)] == ["North", "Name"]


def test_drop_caps_are_said() -> None:
    form = WordPart(FormatOptions())
    frame = '<w:p xmlns:w="{}"><w:pPr><w:framePr {}/></w:pPr><w:r><w:t>O</w:t></w:r></w:p>'
    space = next(key for key, value in form.namespaces.items() if value == "w")
    for attributes, said in (('w:dropCap="drop" w:lines="3"', 1), ('w:dropCap="none"', 0)):
        form.remarks.clear()
        list(form.slots(Source("f", frame.format(space, attributes))))
        assert sum("they begin" in one and "'O'" in one for one in form.remarks) == said


@pytest.mark.parametrize(
    ("format_", "words"),
    [
        ('formatCode="0 &quot;euros&quot;" sourceLinked="0"', ["'euros'"]),
        ('formatCode="0 &quot;euros&quot;" sourceLinked="1"', []),
        ('formatCode="0.00%" sourceLinked="0"', []),
    ],
)
def test_words_in_formats_of_charts_are_named(format_: str, words: list[str]) -> None:
    form = DrawingPart(FormatOptions())
    text = f'<c:chart xmlns:c="{C}"><c:valAx><c:numFmt {format_}/></c:valAx></c:chart>'
    assert list(form.slots(Source("f", text))) == []
    assert [word for one in form.remarks for word in re.findall("'.*?'", one)] == words


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ('<w:textInput><w:default w:val="Your name"/></w:textInput>', ["Your name"]),
        ('<w:textInput><w:type w:val="regular"/><w:default w:val="A"/></w:textInput>', ["A"]),
        ('<w:textInput><w:type w:val="date"/><w:default w:val="5 May"/></w:textInput>', []),
        ('<w:textInput/><w:checkBox><w:default w:val="true"/></w:checkBox>', []),
        ('<w:helpText w:type="autoText" w:val="Building block"/>', []),
        ('<w:helpText w:type="text" w:val="Help"/>', ["Help"]),
    ],
)
def test_what_fields_of_forms_say(data: str, texts: list[str]) -> None:
    begin = f'<w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar>'
    assert [slot.text for slot in slots(WORD, p(f"<w:r>{begin}</w:r>"))] == texts


def test_titles_of_content_controls() -> None:
    control = (
        f'<w:sdt><w:sdtPr><w:alias w:val="Name"/><w:tag w:val="name"/></w:sdtPr>{r("x")}</w:sdt>'
    )
    assert [slot.text for slot in slots(WORD, p(control))] == ["Name", "x"]


def test_words_in_the_numbers_of_lists() -> None:
    level = '<w:lvl><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    text = f'<w:numbering xmlns:w="{W}">' + "".join(
        level.format(*each)
        for each in (
            ("decimal", "Chapter %1.%2:"),
            ("bullet", "oo"),
            ("decimal", "%1."),
            ("lowerLetter", "A-%1"),
        )
    )
    text += '<w:lvl><w:lvlText w:val="No. %1"/></w:lvl></w:numbering>'
    found = slots(WORD, text)
    assert [slot.text for slot in found] == ["Chapter %1.%2:", "No. %1"]
    assert [[slot.text[slice(*span)] for span in slot.kept] for slot in found] == [
        ["%1", "%2"],
        ["%1"],
    ]


def test_what_shapes_of_vml_say() -> None:
    spaces = (
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    )
    shape = (
        f'<w:r><w:pict {spaces}><v:shapetype id="t"/><v:shape id="s" type="#t" alt="Grey dot">'
        '<v:imagedata r="1" o:title="Dot"/><v:textpath style="x" string="SECRET"/></v:shape>'
        '<v:rect title="Tip"><v:fill o:title="file"/></v:rect></w:pict></w:r>'
    )
    assert [slot.text for slot in slots(WORD, p(shape))] == ["Grey dot", "Dot", "SECRET", "Tip"]
    new = changed(WORD, p(shape), lambda slot: Target(f"{slot.text} x"))
    assert 'string="SECRET x"' in new


def test_documents_within_a_document_are_named() -> None:
    data = packed(
        {
            "d.xml": (WORD_MAIN, p(r("Body"))),
            "word/chunk.docx": (WORD_MAIN, "PK\3\4"),
            "word/chunk.htm": ("text/html", "<p>Seen</p>"),
        }
    )
    found = read_document(open_format("docx", FormatOptions()), "f", data)
    assert [slot.text for slot in found.slots] == ["Body"]
    assert found.left == 2
    assert "word/chunk.docx, word/chunk.htm" in found.remarks[0]


def test_workbooks_of_charts(tmp_path: Path) -> None:
    """What a chart keeps of its cells and these are the same after a translation."""
    workbook = (CORPUS / "xlsx" / "hand-table.xlsx").read_bytes()
    cache = "<c:tx><c:strCache><c:pt><c:v>Jars sold</c:v></c:pt></c:strCache></c:tx>"
    relation = '<Relationship Id="r" Target="../embeddings/{}"/>'
    parts = {
        "ppt/presentation.xml": (f"{OFFICE}presentationml.presentation.main+xml", "<x/>"),
        "ppt/charts/c.xml": (
            f"{OFFICE}drawingml.chart+xml",
            f'<c:chart xmlns:c="{C}">{cache}</c:chart>',
        ),
        "ppt/charts/_rels/c.xml.rels": (
            "",
            f"<R>{relation.format('a.xlsx')}{relation.format('b.xlsx')}</R>",
        ),
    }
    with zipfile.ZipFile(io.BytesIO(packed(parts))) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members |= {"ppt/embeddings/a.xlsx": workbook, "ppt/embeddings/b.xlsx": b"damaged"}
    data = package(members)
    document = read_document(open_format("pptx", FormatOptions()), "f", data)
    assert document.left == 1
    assert "ppt/embeddings/b.xlsx" in document.remarks[0]
    assert b"".join(document.written([Target(slot.text) for slot in document.slots])) == data
    found = run({"a.pptx": data}, tmp_path, lambda word: word[::-1])
    with zipfile.ZipFile(io.BytesIO(found.written["a.pptx"])) as file:
        assert "<c:v>sraJ dlos</c:v>" in file.read("ppt/charts/c.xml").decode()
        inner = file.read("ppt/embeddings/a.xlsx")
        assert file.read("ppt/embeddings/b.xlsx") == b"damaged"
    with zipfile.ZipFile(io.BytesIO(inner)) as file:
        assert "sraJ dlos" in file.read("xl/sharedStrings.xml").decode()
        assert 'name="sraJ dlos"' in file.read("xl/tables/table1.xml").decode()


def bound(path: str, number: str = "{AB-1}", kind: str = "<w:text/>") -> str:
    binding = f'<w:dataBinding w:prefixMappings="" w:xpath="{path}" w:storeItemID="{number}"/>'
    shown = f"<w:sdtContent>{r('shown')}</w:sdtContent>"
    return f"<w:sdt><w:sdtPr>{binding}{kind}</w:sdtPr>{shown}</w:sdt>"


def test_data_that_controls_show() -> None:
    content = (
        bound("/ns0:Page[1]/ns0:Abstract[1]")
        + bound("/ns0:Page[1]/ns0:Row[2]/@name")
        + bound("/ns0:Page/ns0:State[1]", kind="<w:dropDownList/>")
        + bound("/ns0:Page[1]/ns0:Code[1]")
        + bound("/ns0:Page[1]/ns0:Other[1]", "{CD}")
        + bound("/ns0:Page[1]/ns0:Day[1]")
        + bound("//x[. = 'y']")
    )
    data = (
        '<Page xmlns="urn:x"><Abstract>What it is about</Abstract><Row name="no one"/>'
        '<Row name="The second"/><State>open</State><Code><b>no text</b></Code><Other>none</Other>'
        "<Unseen>hidden</Unseen><Day>2024-05-06T00:00:00</Day></Page>"
    )
    relation = '<Relationships><Relationship Target="itemProps1.xml"/></Relationships>'
    facts = '<ds:datastoreItem ds:itemID="{ab-1}" xmlns:ds="urn:y"/>'
    packed_ = packed(
        {
            "d.xml": (WORD_MAIN, p(content)),
            "customXml/item1.xml": ("", data),
            "customXml/_rels/item1.xml.rels": ("", relation),
            "customXml/itemProps1.xml": ("", facts),
        }
    )
    found, new = rewritten("docx", packed_, upper)
    assert [slot.text for slot in found if "shown" not in slot.text] == [
        "What it is about",
        "The second",
    ]
    with zipfile.ZipFile(io.BytesIO(new)) as file:
        after = file.read("customXml/item1.xml").decode()
    assert after == data.replace("What it is about", "WHAT IT IS ABOUT").replace(
        "The second", "THE SECOND"
    )


HIDDEN = "<w:vanish/>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (r("Not seen. ", HIDDEN) + r("Seen "), ["Seen", "Not seen."]),
        (r("One ") + r("hid", HIDDEN) + r("den", HIDDEN + BOLD) + r(" two"), ["One two", "hidden"]),
        (r("One ", HIDDEN) + r("two", HIDDEN), ["One two"]),
        (r("One ", '<w:vanish w:val="0"/>') + r("two"), ["One two"]),
    ],
)
def test_hidden_text_stays_hidden(content: str, expected: list[str]) -> None:
    assert sorted(slot.text for slot in slots(WORD, p(content))) == sorted(expected)
    assert changed(WORD, p(content), lambda slot: Target(slot.text, marked(slot))) == p(content)
    new = changed(WORD, p(content), upper)
    ElementTree.fromstring(new)
    shown = re.sub(r"<w:r><w:rPr><w:vanish/>.*?</w:r>", "", new)
    assert not any(word in shown for word in ("NOT", "HID"))
    assert sorted(slot.text for slot in slots(WORD, new)) == sorted(map(str.upper, expected))


def style_of(name: str, kind: str, content: str) -> str:
    return f'<w:style w:type="{kind}" w:styleId="{name}">{content}</w:style>'


HIDES = "<w:rPr><w:vanish/></w:rPr>"
STYLES = f"<w:styles {SPACES}>" + "".join(
    (
        style_of("Hid", "character", HIDES),
        style_of("Child", "character", '<w:basedOn w:val="Hid"/>'),
        style_of(
            "Shown",
            "character",
            '<w:basedOn w:val="Child"/><w:rPr><w:vanish w:val="false"/></w:rPr>',
        ),
        style_of("Ring", "character", '<w:basedOn w:val="Ring"/>'),
        style_of("HidP", "paragraph", HIDES),
        style_of("T", "table", f"<w:tblStylePr>{HIDES}</w:tblStylePr>"),
        "</w:styles>",
    )
)
ONE, TWO = r("One "), r(" two")


def named(style: str) -> str:
    return f'<w:rStyle w:val="{style}"/>'


@pytest.mark.parametrize(
    ("content", "style", "expected"),
    [
        (ONE + r("not seen", named("Hid")) + TWO, "", ["One two", "not seen"]),
        (ONE + r("not seen", named("Child")) + TWO, "", ["One two", "not seen"]),
        (ONE + r("and", named("Shown")) + TWO, "", ["One and two"]),
        (ONE + r("and", named("Ring")) + TWO, "", ["One and two"]),
        (ONE + r("and", named("Hid") + '<w:vanish w:val="0"/>') + TWO, "", ["One and two"]),
        (ONE + r("seen", '<w:vanish w:val="off"/>') + TWO, "HidP", ["One", "seen", "two"]),
        (ONE + r("seen", named("Hid")) + TWO, "HidP", ["One", "seen", "two"]),
        (ONE + TWO, "HidP", ["One two"]),
        (ONE + TWO, "T", ["One two"]),
    ],
)
def test_text_that_styles_hide_stays_hidden(content: str, style: str, expected: list[str]) -> None:
    kind = f"{OFFICE}wordprocessingml.styles+xml"
    data = packed({"d.xml": (WORD_MAIN, p(content, style)), "s.xml": (kind, STYLES)})
    document = read_document(open_format("docx", FormatOptions()), "f", data)
    assert sorted(slot.text for slot in document.slots) == sorted(expected)


def marked(slot: Slot) -> tuple[tuple[int, int], ...]:
    return tuple((mark.start, mark.end) for mark in slot.marks)
