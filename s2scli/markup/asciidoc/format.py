"""AsciiDoc (https://docs.asciidoctor.org/asciidoc/latest/).

Paragraphs, headings, titles of blocks, items, terms, cells, notes, texts of links and descriptions
of images are texts; so are captions and descriptions among the document's attributes. Code,
passthroughs, comments, targets, references and unknown macros stay. What is wrapped is wrapped
again; a heading that links of the run name keeps its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from s2scli.data import Span
from s2scli.documents.base import Edit, Format, FormatOptions, Raw, Slot, Source, Target, unix
from s2scli.documents.borders import apart, with_fillers
from s2scli.documents.languages import check_source
from s2scli.documents.pieces import POINT, MarkupPiece, joined, paired, trimmed
from s2scli.documents.rawmarkup import raw_words
from s2scli.documents.remarks import named
from s2scli.markup.asciidoc.anchors import Names, folded, names
from s2scli.markup.asciidoc.blocks import blocks
from s2scli.markup.asciidoc.inline import AsciiDocInner, inline
from s2scli.markup.asciidoc.kinds import (
    ATTRIBUTION,
    HEADING,
    LABEL,
    UNDERLINED,
    VERSE,
    AsciiDocBlock,
)
from s2scli.markup.asciidoc.syntax import LINE_BEGIN, READ
from s2scli.markup.asciidoc.writing import BREAK, Written, written
from s2scli.markup.markdown.frontleft import metadata
from s2scli.markup.markdown.frontmatter import FrontSlot, front_end, language_span
from s2scli.markup.wrapping import Lines, readable, wrapped
from s2scli.text.held import HELD

__all__ = ["AsciiDoc"]

LEVELS = "=-~^+"  # what is below headings, from the first level on
NO_CELL = "],=\"'"  # what may end a text that is not a cell
SHORTEST = 3  # characters of a heading that is underlined; a shorter line would be another thing
SIGNS = "*_`#"  # of formatting
NONE = Names({}, {})
_LANGUAGE = re.compile(r"^:lang:[ \t]+([a-zA-Z]{2,3}(?:[-_]\w+)?)[ \t]*\r?$", re.MULTILINE)
# Values that look like text, of attributes that anybody may name.
# Passthroughs: a block between lines of signs, and inline ones.
_PASSED = re.compile(
    r"^(\+{4,})[ \t]*\n(.*?)^\1[ \t]*$|"
    r"\+{3}(?!\+)([^\n]+?)\+{3}|"
    r"(?<![\w;:\\`+])(\+{1,2})(?=[\"']?[^\W\d_])([^+\n]+)(?<!\s)\4(?![\w`+])|"
    r"\bpass:[a-z,]{0,99}\[((?:[^\]\\\n]|\\.){0,999})\]",
    re.MULTILINE | re.DOTALL,
)
_OWN = re.compile(
    rf"^:(?!(?:{READ.pattern}|authors?|keywords|copyright|rev\w+|docdate)[:\n])[\w-]+:[ \t]+"
    r"((?:[^\W\d_]+[,.]?[ ]){2,}[^\W\d_]+[^\n:={}]*)$",
    re.MULTILINE,
)
# What a revision brings, in the header's line of it.
_REVISION = re.compile(
    r"\A(?:(?:[ \t]*|:.*|//.*)\n)*[=#][ \t].*\n(?:(?:://|:).*\n)*[^:\n].*\n(?:(?://|:).*\n)*"
    r"(?=v?\d|.{0,40}\d{4})[^:\n]*:[ \t]+(.*\w)"
)
# Labels of a bibliography, titles of icons, and names of buttons and menus as a program shows them.
_NAMES = re.compile(
    r"\[\[\[[^\[\],\n]+,[ ]*([^\[\]\n]*[^\W\d_][^\[\]\n]*)\]\]\]|"
    r"(?<!\w)(?:btn:\[([^\[\]\n]+)\]|icon:[^\s\[\]]+\[[^\]\n]*?title=[\"']?([^\]\n\"',]*[^\W\d_][^\]\n\"',]*)[^\]\n]*\]|(menu:[^\[\]\n:]+\[[^\[\]\n]*\]))"
)
_BOX = re.compile(r"\[[ xX*]\](?:\s|$)")
_SPEC = re.compile(r"(?:^|\s)(?:\d+(?:\.\d*)?[*+]|\.\d+[*+])?[<^>.]{0,3}[a-z]?$")


@dataclass(frozen=True, slots=True)
class _Text(Slot):
    """A text.

    Attributes:
        kind: that of its block.
        banned: characters that must not be in it as they are.
        prefix: what is between two lines, from the line break on; of one line, nothing.
        width: most characters a line.
        last: of a heading with a line of punctuation below it, where its text ends.
    """

    kind: int = LABEL
    banned: str = ""
    prefix: str = ""
    width: int = 0
    last: int = 0


class AsciiDoc(Format):
    """A document of AsciiDoc."""

    def __init__(self, options: FormatOptions) -> None:
        super().__init__(options)
        self._known: tuple[Source, Names] | None = None  # the names of what was written last

    def slots(self, source: Source) -> Iterator[Slot]:
        """Paragraphs, headings, items, cells, and texts within them."""
        text, start = _read(source)
        if place := self._language(source):
            check_source(source.name, source.text[slice(*place)], self.options.source_language)
        found, said = metadata(unix(source.text), [(0, start)])
        self.remarks += said
        quoted: list[str] = []
        for block in blocks(text, start):
            if block.kind == ATTRIBUTION:
                quoted.append(repr(text[slice(*block.lines[0])]))
            else:
                for lines in readable(text, block.lines):
                    found += _slots(source.text, text, block._replace(lines=tuple(lines)))
        if quoted:
            self.remarks.append(f"Who and what is quoted stays as it is: {named(quoted)}.")
        own = [repr(one[1]) for one in _OWN.finditer(text, start)]
        if own:
            self.remarks.append(f"Texts in attributes of the document's own stay: {named(own)}.")
        if revision := _REVISION.match(text):
            self.remarks.append(f"What is said of the revision stays: {revision[1]!r}.")
        shown = [repr(one[one.lastindex or 0]) for one in _NAMES.finditer(text, start)]
        if shown:
            self.remarks.append(
                "Names of buttons, menus and icons, and labels of a bibliography, stay: "
                f"{named(shown)}."
            )
        passed = (raw_words(one[one.lastindex or 0]) for one in _PASSED.finditer(text, start))
        if raw := [repr(says) for says in passed if says]:
            self.left += len(raw)
            self.remarks.append(f"Texts in passthroughs stay: {named(raw)}.")
        found.sort(key=lambda slot: (slot.start, -slot.end))
        yield from found

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """Escaped where it would be markup; wrapped if it was."""
        if isinstance(slot, FrontSlot):
            return slot.written(text)
        return self.composed(source, slot, Target(text), lambda span: source.text[slice(*span)])

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same with its markup."""
        assert isinstance(slot, _Text)
        content = written(source.text, slot, slot.banned, target, raw, verse=slot.kind == VERSE)
        found = self._names(source) if self.options.anchors else NONE
        content = _renamed(content, found)
        if slot.kind not in (HEADING, UNDERLINED):
            return _laid_out(source.text, slot, content)
        name = found.headings.get(slot.start, "")
        return _heading(
            source.text, slot, content, "" if folded(target.text) == folded(slot.text) else name
        )

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language that the document says it is in."""
        place = self._language(source)
        if place and self.options.target_language:
            yield Edit(*place, self.options.target_language)

    def has_text(self, source: Source) -> bool:
        """Never: all of it has slots, but for what stays as it is."""
        return False

    def _names(self, source: Source) -> Names:
        if not self._known or self._known[0] is not source:
            self._known = source, names(*_read(source), self.options.linked)
        return self._known[1]

    @staticmethod
    def _language(source: Source) -> Span | None:
        found = _LANGUAGE.search(source.text)
        return found.span(1) if found else language_span(source.text, _read(source)[1])


def _read(source: Source) -> tuple[str, int]:
    """A document with one kind of line ends, each at its place, and where its front is over."""
    text = unix(source.text).replace("\r\n", " \n")
    return text, front_end(text)


def _slots(original: str, text: str, block: AsciiDocBlock) -> Iterator[_Text]:
    """The texts of a block."""
    lines = Lines(text, block.lines)
    found = inline(lines.content, verse=block.kind == VERSE, banned=block.always)
    pieces_ = paired([*with_fillers(found.pieces)])
    for pieces in map(trimmed, [pieces_] if block.kind == UNDERLINED else apart(pieces_)):
        if slot := _slot(original, lines, block, pieces):
            yield slot
    for inner in found.inner:
        yield from _slots(original, text, _inside(lines, block, inner))


def _inside(lines: Lines, block: AsciiDocBlock, inner: AsciiDocInner) -> AsciiDocBlock:
    """A text within markup as a block of its own."""
    spans: list[Span] = []
    reached = inner.start
    for part in lines.content[inner.start : inner.end].split("\n"):
        spans.append((lines.at(reached), lines.at(reached) + len(part)))
        reached += len(part) + 1
    return AsciiDocBlock(LABEL, tuple(spans), inner.always + block.always)


def _slot(
    original: str, lines: Lines, block: AsciiDocBlock, pieces: Sequence[MarkupPiece]
) -> _Text | None:
    stretch = joined(pieces)
    if not stretch.has_letters:
        return None
    first, last = pieces[0].start, pieces[-1].end
    prefix, width = lines.layout(original, first, last)
    if prefix and all(
        piece.kind == POINT and "\n" in piece.text
        for piece in pieces
        if "\n" in lines.content[piece.start : piece.end]
    ):
        prefix = ""  # all breaks are its own
    end = lines.at(last - 1) + 1
    common = (lines.at(first), end, stretch.text, None, lines.marks(stretch.marks), stretch.kept)
    slot = _Text(*common, kind=block.kind, banned=block.always, prefix=prefix, width=width)
    return replace(slot, end=block.end, last=end) if block.kind == UNDERLINED else slot


def _laid_out(source: str, slot: _Text, content: Written) -> str:
    """A text on lines none of which begins a block."""
    line = source[source.rfind("\n", 0, slot.start) + 1 : slot.start]

    def guarded(text: str) -> str:
        if text.endswith(" +"):
            text = f"{text[:-1]}&#43;"
        return _as_text(text) if LINE_BEGIN.match(text) else text

    parts: list[str] = []
    used = len(line)
    for part, raw in zip(content.text.split(BREAK), [*content.breaks, ""], strict=True):
        text = wrapped(part.strip(" "), slot.prefix, slot.width, used, guarded)
        parts += [text, raw]
        used = len(raw.rpartition("\n")[2])
    text = "".join(parts)
    is_box = line.strip() and not line.endswith("]") and _BOX.match(text)
    if is_box or (line.endswith(".") and text[:1] in (".", " ")):
        text = _as_text(text)
    behind = source[slot.end : slot.end + 1]
    if behind and behind in slot.banned.strip(NO_CELL) and _SPEC.search(text):
        text += "{empty}"
    return text


def _as_text(line: str) -> str:
    """A line whose beginning is text. Something before a sign of formatting would let it close what
    another one opens, so that it is written as a reference."""
    return f"&#{ord(line[0])};{line[1:]}" if line[0] in SIGNS else f"{{empty}}{line}"


def _heading(source: str, slot: _Text, content: Written, name: str) -> str:
    """A heading with the name that it had, and a line below it that is as long."""
    text = content.text.replace(HELD, " ").replace(BREAK, " ").strip(" ")
    text += f" [[{name}]]" if name else ""
    if re.search(r"\s(?:=+|#+)$", text):
        text = f"{text[:-1]}&#{ord(text[-1])};"
    if slot.kind == HEADING:
        return text
    tail, newline, rule = re.split(r"(\r\n?|\n)", source[slot.last : slot.end], maxsplit=1)
    text = f"{_as_text(text)}{tail}" if LINE_BEGIN.match(text) else f"{text}{tail}"
    if len(text.rstrip()) < SHORTEST:
        return f"{'=' * (LEVELS.index(rule[0]) + 1)} {text.rstrip()}"
    return f"{text}{newline}{rule[0] * len(text.rstrip())}"


def _renamed(content: Written, found: Names) -> Written:
    """A text in which links that name headings by their titles name them otherwise."""
    text = content.text
    for title, name in found.titles.items():
        title = re.escape(title.replace(" ", HELD))
        text = re.sub(rf"(?<=<<){title}(?=,|>>)", name, text)
    return content._replace(text=text)
