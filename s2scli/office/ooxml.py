"""Word's and PowerPoint's documents (ECMA-376): DOCX and PPTX.

Which of a package's parts have text, their content types say.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from s2scli.data import Span
from s2scli.documents import open_format
from s2scli.documents.base import Edit, Format, FormatOptions, Slot, Source
from s2scli.documents.filling import Document
from s2scli.documents.package import Archive, Package
from s2scli.documents.reading import Compound, read_document
from s2scli.documents.remarks import named
from s2scli.documents.xmltokens import CLOSE, OPEN, Texts, attribute, attribute_text, tokens
from s2scli.errors import BadInputError
from s2scli.office.bindings import bound_data
from s2scli.office.hiding import Unseen
from s2scli.office.literals import chart_remark, equation_remark, initial_remark
from s2scli.office.proofing import DRAWING, WORD, SlideDefaults, WordStyles, language_edits
from s2scli.office.roles import (
    BEGIN,
    BREAK,
    CODE,
    END,
    FIELD,
    GROUP,
    HYPHEN,
    LOOK,
    PARAGRAPH,
    RUBY,
    RUBY_BASE,
    RUN,
    STYLE,
    TAB,
    TEXT,
    VOID,
)
from s2scli.office.runs import RunText
from s2scli.office.schemas import DOCUMENT, DRAWN, NAMESPACES, WORDED
from s2scli.office.spoken import run_remarks
from s2scli.office.values import WordValues

__all__ = ["SHARED", "Docx", "DrawingPart", "Pptx", "parts_of"]

# What Word shows as a part of a document when it opens that.
_FOREIGN = (
    *("text/html", "text/plain", "text/rtf", "application/rtf", "application/xhtml+xml"),
    "message/rfc822",
)
_TARGET = re.compile(r"\sTarget\s*=\s*[\"']([^\"'<>]+)")
ZIP = b"PK\3\4"
_RANGES = ("bookmark", "commentRange", "perm", "moveFromRange", "moveToRange")
TYPES = "[Content_Types].xml"
_DIGITS = re.compile(r"(\d+)")


class _Part(RunText):
    """A part.

    Attributes:
        spoken: the tags of runs that say a language, and the attribute in which.
    """

    namespaces = NAMESPACES
    spoken = (WORD, "val")

    def slots(self, source: Source) -> Iterator[Slot]:
        """The paragraphs and descriptions; words in equations and other languages are said."""
        yield from super().slots(source)
        self.remarks += equation_remark(source.text)
        self.remarks += run_remarks(source, self.options, *self.spoken)

    def edits(self, source: Source) -> Iterator[Edit]:
        """The languages that runs say they are in."""
        yield from language_edits(source, self.options, *self.spoken)


class WordPart(_Part):
    """A part of WordprocessingML."""

    roles = (
        {"w:p": PARAGRAPH, "w:r": RUN, "w:rPr": LOOK, "w:pPr": STYLE, "w:t": TEXT}
        | dict.fromkeys(("w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:customXml"), GROUP)
        | dict.fromkeys(("w:sdt", "w:sdtContent", "w:fldSimple", "w:dir", "w:bdo"), GROUP)
        | dict.fromkeys(("w:proofErr", "w:lastRenderedPageBreak"), VOID)
        | dict.fromkeys(("w:br", "w:cr"), BREAK)
        | dict.fromkeys(("w:tab", "w:ptab"), TAB)
        | {"w:ruby": RUBY, "w:rubyBase": RUBY_BASE}
        | {"w:noBreakHyphen": HYPHEN, "w:fldChar": FIELD, "w:instrText": CODE}
        | {f"w:{name}Start": BEGIN for name in _RANGES}
        | {f"w:{name}End": END for name in _RANGES}
    )
    worded = WORDED
    values = WordValues
    # Languages, and from which of its fonts a character is taken.
    no_look = re.compile(
        r"<(?:[\w.-]+:)?(?:lang|noProof)(?:\s[^<>]*)?/>"
        r"|<(?:[\w.-]+:)?rFonts\s+(?:[\w.-]+:)?hint=\"\w*\"\s*/>|\s(?:[\w.-]+:)?hint=\"\w*\""
    )
    space = ' xml:space="preserve"'

    def slots(self, source: Source) -> Iterator[Slot]:
        """As of all parts; drop caps are said too."""
        yield from super().slots(source)
        self.remarks += initial_remark(source.text)


class GlossaryPart(WordPart):
    """Blocks of text: only what content controls show while they are empty is text."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The texts of these."""
        blocks: list[Span] = []
        begin, shows = 0, False
        for kind, name, start, end, _ in tokens(source, NAMESPACES):
            if name == "w:docPart" and kind == OPEN:
                begin, shows = start, False
            elif name == "w:gallery":
                shows = attribute_text(source.text, (start, end), "val") == "placeholder"
            elif name == "w:docPart" and shows:
                blocks.append((begin, end))
        starts = [start for start, _ in blocks]
        for slot in super().slots(source) if blocks else ():
            number = bisect_right(starts, slot.start) - 1
            if number >= 0 and slot.end <= blocks[number][1]:
                yield slot


class DrawingPart(_Part):
    """A part of DrawingML: a slide, a chart, a diagram."""

    roles = {"a:p": PARAGRAPH, "a:r": RUN, "a:rPr": LOOK, "a:t": TEXT, "a:br": BREAK} | {
        "a:pPr": VOID,
        "a:endParaRPr": VOID,
    }
    worded = DRAWN
    spoken = (DRAWING, "lang")
    # What charts keep of the cells that they are made of, and names of trendlines.
    plain = frozenset({"c:v", "c:name", "cx:v", "cx:pt"})
    hidden = frozenset({"c:numCache", "c:numLit", "c:pivotSource", "cx:numDim"})
    no_look = re.compile(r"\s(?:lang|altLang|dirty|err|noProof|smtClean|bmk)=\"[^\"]*\"")

    def slots(self, source: Source) -> Iterator[Slot]:
        """As of all parts; words in a chart's formats of numbers are said too."""
        yield from super().slots(source)
        self.remarks += chart_remark(source.text)


class MasterPart(DrawingPart):
    """A layout or a master: what stands in its placeholders is shown to who edits a slide only."""

    hiding: Mapping[str, int] = {"p:ph": 3}  # in a shape's properties of its kind


class DocumentProperties(Texts):
    """What a document says of itself: its title and the like."""

    namespaces = NAMESPACES
    names = frozenset({"dc:title", "dc:subject", "dc:description", "cp:keywords"})


class SlideComments(Texts):
    """PowerPoint's comments, of the old kind."""

    namespaces = NAMESPACES
    names = frozenset({"p:text"})


# Content type → form of the parts with text; of the main parts first.
SHARED: dict[str, type[Format]] = {
    f"{DOCUMENT}drawingml.chart+xml": DrawingPart,
    f"{DOCUMENT}drawingml.chartshapes+xml": DrawingPart,
    "application/vnd.ms-office.chartex+xml": DrawingPart,
    f"{DOCUMENT}drawingml.diagramData+xml": DrawingPart,
    "application/vnd.ms-office.drawingml.diagramDrawing+xml": DrawingPart,
    "application/vnd.openxmlformats-package.core-properties+xml": DocumentProperties,
}
_WORD_MAIN = (
    f"{DOCUMENT}wordprocessingml.document.main+xml",
    f"{DOCUMENT}wordprocessingml.template.main+xml",
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
)
_WORD_STYLES = f"{DOCUMENT}wordprocessingml.styles+xml"
_WORD_PARTS = ("header", "footer", "footnotes", "endnotes", "comments", "numbering")
_WORD: dict[str, type[Format]] = {
    **dict.fromkeys(_WORD_MAIN, WordPart),
    **{f"{DOCUMENT}wordprocessingml.{name}+xml": WordPart for name in _WORD_PARTS},
    f"{DOCUMENT}wordprocessingml.document.glossary+xml": GlossaryPart,
    _WORD_STYLES: WordStyles,
    **SHARED,
}
_SLIDES_MAIN = (
    f"{DOCUMENT}presentationml.presentation.main+xml",
    f"{DOCUMENT}presentationml.slideshow.main+xml",
    f"{DOCUMENT}presentationml.template.main+xml",
    "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
    "application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
)
_MASTERS = ("slideLayout", "slideMaster", "notesMaster", "handoutMaster")
_SLIDES: dict[str, type[Format]] = {
    f"{DOCUMENT}presentationml.slide+xml": DrawingPart,
    f"{DOCUMENT}presentationml.notesSlide+xml": DrawingPart,
    **{f"{DOCUMENT}presentationml.{name}+xml": MasterPart for name in _MASTERS},
    "application/vnd.ms-powerpoint.comments+xml": DrawingPart,
    f"{DOCUMENT}presentationml.comments+xml": SlideComments,
    **dict.fromkeys(_SLIDES_MAIN, SlideDefaults),
    **SHARED,
}


class Docx(WordPart, Compound):
    """A document of Word."""

    def opened(self, name: str, data: bytes) -> Document:
        """Read a document.

        Raises:
            BadInputError: it is not a document of this kind.
        """
        return _opened(Archive(name, data), self.options, "DOCX", _WORD_MAIN, _WORD)


class Pptx(DrawingPart, Compound):
    """Slides of PowerPoint."""

    def opened(self, name: str, data: bytes) -> Document:
        """Read a document.

        Raises:
            BadInputError: it is not a document of this kind.
        """
        return _opened(Archive(name, data), self.options, "PPTX", _SLIDES_MAIN, _SLIDES)


def _opened(
    archive: Archive,
    options: FormatOptions,
    kind: str,
    mains: Iterable[str],
    parts: Mapping[str, type[Format]],
) -> Document:
    found = parts_of(archive, kind, mains, list(parts))
    chunks = [name for name, _ in found if archive.read(name).startswith(ZIP)]
    forms: list[tuple[str, Format]] = [
        (name, parts[type_](options)) for name, type_ in found if name not in chunks
    ]
    controls = [name for name, form in forms if isinstance(form, WordPart)]
    unseen = next((Unseen.of(archive.source(n)) for n, t in found if t == _WORD_STYLES), Unseen())
    for _, form in forms:
        if isinstance(form, WordPart):
            form.unseen = unseen
    forms += bound_data(archive, controls, options).items()
    chunks += [name for name, type_ in _types(archive).items() if type_ in _FOREIGN]
    workbooks: dict[str, Document] = {}
    # The charts call their workbook's sheets by name.
    named_as_they_are = FormatOptions(
        source_language=options.source_language, target_language=options.target_language
    )
    for name in _workbooks(archive):
        try:
            form = open_format("xlsx", named_as_they_are)
            workbooks[name] = read_document(form, f"{archive.name}: {name}", archive.read(name))
        except BadInputError:
            chunks.append(name)
    if chunks and forms:
        forms[0][1].left += len(chunks)
        said = "Documents within this one that cannot be read stay in the source language"
        forms[0][1].remarks.append(f"{said}: {named(chunks)}.")
    return Package(archive, forms, workbooks)


def _workbooks(archive: Archive) -> list[str]:
    """The workbooks that charts are made of."""
    found: dict[str, None] = {}
    for name in archive.names:
        folder, _, file = name.rpartition("/_rels/")
        if not (folder.endswith("/charts") and file.endswith(".rels")):
            continue
        text = archive.source(name).text
        for target in _TARGET.findall(text):
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if path in archive and path.endswith((".xlsx", ".xlsm")):
                found[path] = None
    return list(found)


def parts_of(
    archive: Archive, kind: str, mains: Iterable[str], types: Sequence[str]
) -> list[tuple[str, str]]:
    """The parts of a package that have text, each with its content type.

    Args:
        archive: the package.
        kind: what it should be.
        mains: the content types that its main part may have.
        types: those of parts with text, in their order.

    Raises:
        BadInputError: it is of another kind.
    """
    said = _types(archive)
    if not set(mains) & set(said.values()):
        raise BadInputError(f"{archive.name} is not {kind}: it has no part of that kind")
    order = {type_: number for number, type_ in enumerate(types)}
    found = [(name, type_) for name, type_ in said.items() if type_ in order]
    return sorted(found, key=lambda part: (order[part[1]], _numbered(part[0])))


def _types(archive: Archive) -> dict[str, str]:
    """The content types of a package's parts (ECMA-376, part 2).

    Raises:
        BadInputError: it does not say what they are.
    """
    source = archive.source(TYPES)
    said: dict[str, str] = {}
    for kind, name, start, end, _ in tokens(source, NAMESPACES):
        if kind != CLOSE and name in ("ct:Default", "ct:Override"):
            key = attribute(source.text, (start, end), "PartName")
            key = key or attribute(source.text, (start, end), "Extension")
            type_ = attribute(source.text, (start, end), "ContentType")
            if key and type_:
                said[source.text[slice(*key)].lower()] = source.text[slice(*type_)]
    found: dict[str, str] = {}
    for part in archive.names:
        low = part.lower()
        found[part] = said.get(f"/{low}") or said.get(low.rpartition(".")[2], "")
    return found


def _numbered(name: str) -> list[tuple[int, str]]:
    """A name's pieces, so that slide2 comes before slide10."""
    return [(len(piece) if piece.isdigit() else 0, piece) for piece in _DIGITS.split(name)]
