"""EPUB books: what of them is text, and that nothing else of them changes."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError

CONTAINER = """<?xml version="1.0"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="2.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title id="t">Salt &amp; tar</dc:title><dc:creator>A. Uthor</dc:creator>
<dc:language> en </dc:language><dc:description>About &lt;b&gt;salt&lt;/b&gt;.</dc:description>
</metadata>
<manifest><item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="p" href="Text/page%201.xhtml" media-type="application/xhtml+xml"/>
<item id="q" href="../other/page.xhtml" media-type="application/xhtml+xml"/>
<item id="r" href="http://example.org/page.xhtml" media-type="application/xhtml+xml"/>
<item id="s" href="style.css" media-type="text/css"/></manifest></package>"""
NCX = """<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "ncx-2005-1.dtd">
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><docTitle><text>Salt</text></docTitle>
<docAuthor><text>A. Uthor</text></docAuthor><navMap><navPoint id="a">
<navLabel><text>
One</text></navLabel><content src="p"/></navPoint></navMap></ncx>"""
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><head><title/></head>
<body><p>Salt<a id="x"/> is <i>white</i>.<br/></p></body></html>"""
MEMBERS = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/style.css": "p { color: red }",
    "OEBPS/book.opf": PACKAGE,
    "OEBPS/toc.ncx": NCX,
    "OEBPS/Text/page 1.xhtml": PAGE,
    "other/page.xhtml": PAGE.replace("Salt", "Tar").replace("white", "black"),
    "other/unnamed.xhtml": PAGE,
}
TEXTS = [
    "Salt & tar",
    "About salt.",
    "Salt is white.",
    "Tar is black.",
    "Salt",
    "One",
]


def book(**changes: str | None) -> bytes:
    """A book; ``changes`` are of its members, by the first word of the file's name."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, original in MEMBERS.items():
            content = changes.get(re.split("[. ]", name.split("/")[-1])[0], original)
            if content is not None:
                method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), content, method)
    return out.getvalue()


def opened(data: bytes) -> Document:
    return read_document(open_format("epub", FormatOptions(target_language="de")), "f", data)


def rewritten(data: bytes, change: str) -> bytes:
    document = opened(data)
    targets = [
        Target(change.format(slot.text), tuple((mark.start, mark.end) for mark in slot.marks))
        for slot in document.slots
    ]
    return b"".join(document.written(targets))


def test_pages_by_other_names_are_read_and_unknown_ones_named() -> None:
    for kind in ("text/html", "text/x-oeb1-document"):
        package = PACKAGE.replace("application/xhtml+xml", kind)
        assert [slot.text for slot in opened(book(book=package)).slots] == TEXTS
    spine = '<spine><itemref idref="p"/><itemref idref="q"/></spine></package>'
    package = PACKAGE.replace("</package>", spine)
    assert opened(book(book=package)).remarks == []
    document = opened(book(book=package.replace("application/xhtml+xml", "text/plain")))
    assert document.remarks == [
        "Pages of a kind that is not known stay as they are: OEBPS/Text/page 1.xhtml, "
        "other/page.xhtml."
    ]


def test_what_is_text() -> None:
    assert [slot.text for slot in opened(book()).slots] == TEXTS


@pytest.mark.parametrize(
    "meta",
    [
        '<meta property="schema:accessibilitySummary">All of it &amp; more.</meta>',
        '<meta name="schema:accessibilitySummary" content="All of it &amp; more."/>',
    ],
)
def test_what_who_cannot_see_a_book_is_told(meta: str) -> None:
    other = '<meta property="file-as">Salt and tar</meta><meta name="series" content="A row"/>'
    package = PACKAGE.replace("</metadata>", f"{meta}{other}</metadata>")
    info = NCX.replace("<navMap>", "<navMap><navInfo><text>The parts</text></navInfo>")
    data = book(book=package, toc=info)
    assert {slot.text for slot in opened(data).slots} == {*TEXTS, "All of it & more.", "The parts"}
    assert rewritten(data, "{}") == data
    with zipfile.ZipFile(BytesIO(rewritten(data, "{} <"))) as new:
        assert meta.replace("more.", "more. &lt;") in new.read("OEBPS/book.opf").decode()


def test_a_book_comes_out_as_it_went_in() -> None:
    assert rewritten(book(), "{}") == book()


def test_what_changes_in_a_book() -> None:
    old, new = zipfile.ZipFile(BytesIO(book())), zipfile.ZipFile(BytesIO(rewritten(book(), "{}!")))
    assert new.testzip() is None
    assert [(info.filename, info.compress_type, info.date_time) for info in new.infolist()] == [
        (info.filename, info.compress_type, info.date_time) for info in old.infolist()
    ]
    expected = {
        **MEMBERS,
        "OEBPS/book.opf": PACKAGE.replace("tar<", "tar!<")
        .replace("b&gt;.<", "b&gt;.!<")
        .replace("> en <", "> de <"),
        "OEBPS/toc.ncx": NCX.replace("Salt", "Salt!").replace("One", "One!"),
    }
    for name in ("OEBPS/Text/page 1.xhtml", "other/page.xhtml"):
        expected[name] = MEMBERS[name].replace("</i>.", "</i>.!").replace('"en"', '"de"')
    assert {name: new.read(name).decode() for name in new.namelist()} == expected


ENCRYPTED = """<encryption><EncryptedData><CipherData>
<CipherReference URI="{}"/></CipherData></EncryptedData></encryption>"""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"container": None}, "f is not an EPUB book: it has no META-INF/container.xml"),
        ({"container": "<container/>"}, "f is not an EPUB book: it names no package"),
        ({"book": None}, "f has no OEBPS/book.opf"),
        ({"toc": "\0"}, "f: OEBPS/toc.ncx is a binary file"),
    ],
)
def test_what_is_no_book(changes: dict[str, str | None], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        opened(book(**changes))


def test_encrypted_books() -> None:
    def encrypted(name: str) -> bytes:
        out = BytesIO(book())
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("META-INF/encryption.xml", ENCRYPTED.format(name))
        return out.getvalue()

    assert len(opened(encrypted("OEBPS/font.otf")).slots) == len(TEXTS)
    with pytest.raises(BadInputError, match=r"f: OEBPS/Text/page 1\.xhtml is encrypted"):
        opened(encrypted("OEBPS/Text/page%201.xhtml"))


def test_a_book_without_text() -> None:
    blank = opened(book(book=PACKAGE.replace("<dc:", "<x:y"), toc="<ncx/>", page="<p>1</p>"))
    assert not blank.has_text


def test_pictures_with_text_and_guides() -> None:
    guide = '<guide><reference title="Where it &amp; all begins" href="p"/></guide>'
    item = '<item id="v" href="map.svg" media-type="image/svg+xml"/></manifest>'
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text x="1">A map</text></svg>'
    package = PACKAGE.replace("</manifest>", item).replace("</package>", f"{guide}</package>")
    data = book(book=package)
    with zipfile.ZipFile(out := BytesIO(data), "a") as archive:
        archive.writestr("OEBPS/map.svg", svg)
    data = out.getvalue()
    assert {slot.text for slot in opened(data).slots} == {
        *TEXTS,
        "Where it & all begins",
        "A map",
    }
    with zipfile.ZipFile(BytesIO(rewritten(data, '"{}"'))) as archive:
        assert archive.read("OEBPS/map.svg").decode() == svg.replace("A map", '"A map"')
        new = archive.read("OEBPS/book.opf").decode()
    assert 'title="&quot;Where it &amp; all begins&quot;"' in new


def test_sections_of_xml_are_text() -> None:
    data = book(
        book=PACKAGE.replace("Salt &amp; tar", "<![CDATA[Salt & tar]]>"),
        page=PAGE.replace("Salt<", "<![CDATA[Salt]]><"),
        toc=NCX.replace("One", "<![CDATA[One]]>"),
    )
    assert [slot.text for slot in opened(data).slots] == TEXTS[:3] + TEXTS[2:3] + TEXTS[4:]
    with zipfile.ZipFile(BytesIO(rewritten(data, "{} <b>"))) as archive:
        package = archive.read("OEBPS/book.opf").decode()
        page = archive.read("OEBPS/Text/page 1.xhtml").decode()
        contents = archive.read("OEBPS/toc.ncx").decode()
    assert "<![CDATA[Salt & tar <b>]]></dc:title>" in package
    assert "<p>Salt<a" in page
    assert "<![CDATA[One <b>]]>" in contents


def test_texts_in_style_sheets_are_said() -> None:
    style = 'h1::before { content: "Chapter " counter(h) ". " } p::after { content: "\\2014" }'
    assert opened(book(style=style)).remarks == ["Texts in style sheets stay: 'Chapter'."]
    assert opened(book()).remarks == []
