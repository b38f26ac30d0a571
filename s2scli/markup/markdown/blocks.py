"""The blocks of a Markdown document: where its paragraphs, headings and cells stand.

markdown-it finds them by CommonMark (https://spec.commonmark.org) with GitHub's tables. What else
is met in Markdown is found besides: footnotes, definition lists, admonitions, formulas, lines of
template languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import (
    StateBlock,
    fence,
    heading,
    hr,
    html_block,
    lheading,
    paragraph,
    reference,
    table,
)
from markdown_it.utils import EnvType

from s2scli.data import Span
from s2scli.markup.markdown.chunks import fence_texts
from s2scli.markup.markdown.components import COMPONENT, indented_code
from s2scli.markup.markdown.directives import directive, percents
from s2scli.markup.markdown.formulas import is_formula, latex_text
from s2scli.markup.markdown.hidden import is_hidden
from s2scli.markup.markdown.inline import install
from s2scli.markup.markdown.jsx import flow_shadow, inline_shadow
from s2scli.markup.markdown.kinds import (
    CELL,
    HEADING,
    HTML,
    TEXT,
    TITLE,
    VERBATIM,
    MarkdownBlock,
)
from s2scli.markup.markdown.metadata import is_metadata
from s2scli.markup.markdown.rows import cells, is_drawn, rows_shadow
from s2scli.markup.markdown.tags import liquid_shadow, said, values

__all__ = ["LINE_BEGIN", "MOST_NESTED", "Page", "page"]

Rule = Callable[[StateBlock, int, int, bool], bool]
MOST_NESTED = 200  # a list takes two levels
AT_ONCE = 4  # more levels than any block takes

_HEADING = re.compile(r"#{1,6}[ \t]+")
_HEADING_END = re.compile(r"(?:(?<![ \t])[ \t]+|^)#+$")
# A line that is as a whole no text; but a title may be in it.
_LINE = re.compile(
    r":{3,}[ \t]*[\w-]*(?:\[(?P<bracketed>[^\[\]\n]+)\]|[ \t]+(?P<plain>[^{}\n]+))?[^\n]*$|"
    # Blocks of pymdownx: /// note | Title
    r"/{3,}[ \t]*$|/{3,}[ \t]+(?:html[ \t]*\|[^\n]*|[\w-]+(?:[ \t]*\|[ \t]*(?P<barred>[^\n]*))?)$|"
    r"-{1,2}8<-{1,2}[ \t][^\n]*$|"
    # Tags of templates and nothing else; the text between two is one.
    r"(?:(?:\{%(?:(?!%\})[^\n])*%\}|\{\{[<%](?:(?![>%]\}\})[^\n])*[>%]\}\})[ \t]*)+$|"
    r"\{:[^\n]*\}[ \t]*$|"
    r"import[ \t][^\n]*['\"];?[ \t]*$|export[ \t]+(?:const|default|function|let|var)\b|"
    + COMPONENT
    + r"<[A-Z][\w.]*(?:[ \t]+\w+=[^<\n]*)?$|"
    r"\([^()\n]+\)=[ \t]*$|\+\+\+(?:[ \t][^\n]*)?$|"  # targets and breaks of MyST
    r"\[\[?_?(?:TOC|toc)_?\]?\][ \t]*$|\\(?:newpage|pagebreak)\b[^\n]*$"
)
_TAGS = re.compile(r"(?:\{%(?:(?!%\})[^\n])*%\}[ \t]*)+(?=\|)")
# Markers whose text follows on the same line, or in indented lines.
_MARKER = re.compile(
    r"\[\^[^\]\[\s]+\]:[ \t]*|\*\[[^\]\[\n]+\]:[ \t]*|:[ \t]+(?=\S)|"
    r"(?:!!!|\?\?\?\+?)[ \t][\w \t-]*(?:\"(?P<title>(?:[^\"\\\n]|\\.)*)\"[ \t]*)?$|"
    r"===[!+]?[ \t]+\"(?P<tab>(?:[^\"\\\n]|\\.)*)\"[ \t]*$"
)
# A link's definition, also where only some programs take it for one: at once after a text.
_LINKED = re.compile(r"\[[^\]\[^][^\]\[]*\]:[ \t]+<?(?:[a-zA-Z][\w+.-]*:|\.{0,2}/|#|www\.)\S*")
_DEFINITION = re.compile(r":[ \t]+(?=\S)")
INDENT = 4  # of what belongs to such a line
_QUOTES = {'"': '"', "'": "'", ")": "("}
# What makes the beginning of a line something else than text, beside a number with a point.
LINE_BEGIN = re.compile(
    r"#{1,6}(?=[ \t]|$)|[-+*](?=[ \t]|$)|>|`{3}|~{3}|=+[ \t]*$|[-*_|:][-*_|: \t]*$|"
    r"\$\$|\\begin\{|\[(?=[^\]\[]*\]:)|"
    rf"{_LINE.pattern}|{_MARKER.pattern}"
)


class Page(NamedTuple):
    """A document that was read.

    Attributes:
        blocks: its blocks, in order.
        env: its link definitions.
        parser: what finds the markup in them.
    """

    blocks: list[MarkdownBlock]
    env: EnvType
    parser: MarkdownIt

    @property
    def is_too_deep(self) -> bool:
        """Whether lists and quotations are in each other so deep that not all was read."""
        return bool(self.env["is_too_deep"])

    @property
    def drawn(self) -> list[int]:
        """Where drawn tables stand whose texts stay."""
        found: list[int] = self.env["drawn"]
        return found

    @property
    def metadata(self) -> list[Span]:
        """Where metadata stand between other blocks."""
        found: list[Span] = self.env["metadata"]
        return found

    @property
    def has_jsx(self) -> bool:
        """Whether it is MDX."""
        return self.env["shadow"] is inline_shadow


def page(text: str, *, jsx: bool = False, language: str = "") -> Page:
    """Read a document whose line ends are ``\\n``.

    Args:
        text: its characters.
        jsx: whether it is MDX.
        language: the code of the language that it is in; empty if not known.
    """
    blocks: list[MarkdownBlock] = []
    env: EnvType = {
        "blocks": blocks,
        "closers": {},
        "is_too_deep": False,
        "drawn": [],
        "metadata": [],
        "said": [],
        "terms": [],
        "captions": [],
        "tags": [],
        "unclosed": {},
        "language": language,
    }
    env["shadow"] = inline_shadow if jsx else liquid_shadow
    parser = _parser(jsx)
    shadow = rows_shadow(flow_shadow(text) if jsx else text)
    parser.block.parse(shadow, parser, env, [])
    return Page(blocks, env, parser)


@lru_cache(maxsize=2)
def _parser(jsx: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MOST_NESTED + AT_ONCE})
    parser.enable(["table", "strikethrough"])
    ruler = parser.block.ruler
    ends_all: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    ends_most: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}
    ends_text: RuleOptionsType = {"alt": ["paragraph", "reference"]}
    ruler.at("table", partial(_found, table, _cells), ends_text)
    ruler.at("code", partial(_found, indented_code, _verbatim))
    ruler.at("fence", partial(_found, fence, _fenced), ends_all)
    ruler.at("hr", partial(_found, hr, _verbatim), ends_all)
    ruler.at("reference", partial(_found, reference, _reference))
    ruler.at("html_block", partial(_found, html_block, _html), ends_most)
    ruler.at("heading", partial(_found, heading, _heading), ends_most)
    texts: list[tuple[str, Rule, Blocks]] = [
        ("lheading", lheading, _underlined),
        ("paragraph", paragraph, _paragraph),
    ]
    for name, rule, blocks in texts:
        ruler.at(name, partial(_found, partial(_outdented, rule) if jsx else rule, blocks))
    ruler.before("table", "depth", _depth)
    ruler.before("table", "drawn", partial(_found, is_drawn, _drawn))
    ruler.before("table", "metadata", partial(_found, is_metadata, _metadata))
    ruler.before("table", "math", partial(_found, is_formula, _tagged), ends_all)
    ruler.before("table", "directive", directive, ends_all)
    ruler.before("table", "hidden", partial(_found, is_hidden, _verbatim), ends_all)
    ruler.before("table", "percents", percents, ends_all)
    ruler.before("table", "line", partial(_found, _is_line, _titled), ends_all)
    ruler.before("reference", "indented", _indented, ends_most)
    ruler.before("reference", "linked", _ends_text, {"alt": ["paragraph"]})
    if jsx:
        parser.disable(["code", "html_block"])  # which MDX does not have
    install(parser)
    for rules in (ruler, parser.inline.ruler, parser.inline.ruler2):
        rules.getRules("")  # they are put in order now, for no two threads may do it
    return parser


Blocks = Callable[[StateBlock, int, int], Iterator[MarkdownBlock]]


def _found(
    rule: Rule, blocks: Blocks, state: StateBlock, start: int, end: int, silent: bool
) -> bool:
    """A rule; what it finds is noted."""
    before = len(state.tokens)
    if not rule(state, start, end, silent):
        return False
    if not silent:
        del state.tokens[before:]
        state.env["blocks"].extend(blocks(state, start, state.line))
    return True


def _outdented(rule: Rule, state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A rule for texts to which no line is indented so much that it begins no block."""
    old = {}
    number = start + 1
    while number < end and not state.isEmpty(number):
        if state.sCount[number] - state.blkIndent >= INDENT:
            old[number] = state.sCount[number]
            state.sCount[number] = state.blkIndent + INDENT - 1
        number += 1
    try:
        return rule(state, start, end, silent)
    finally:
        for number, count in old.items():
            state.sCount[number] = count


def _depth(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """No rule, but a look at how deep it is: the parser leaves out what is too deep, silently."""
    state.env["is_too_deep"] |= state.level > MOST_NESTED
    return False


def _line(state: StateBlock, number: int) -> Span:
    """Where a line stands, without what is before it."""
    end = state.eMarks[number]
    return min(state.bMarks[number] + state.tShift[number], end), end


def _lines(state: StateBlock, start: int, end: int) -> tuple[Span, ...]:
    return tuple(_line(state, number) for number in range(start, end))


def _paragraph(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    if end - start == 1 or not _is_defined(state, end):
        yield MarkdownBlock(TEXT, _lines(state, start, end), start, end)
        return
    for number in range(start, end):  # each is a term
        yield MarkdownBlock(TEXT, _lines(state, number, number + 1), number, number + 1)


def _is_defined(state: StateBlock, end: int) -> bool:
    """Whether a definition follows a paragraph, at once or after blank lines."""
    while end < state.lineMax and state.isEmpty(end):
        end += 1
    if end >= state.lineMax or state.sCount[end] < state.blkIndent or state.is_code_block(end):
        return False
    return _DEFINITION.match(state.src, *_line(state, end)) is not None


def _underlined(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    yield MarkdownBlock(TEXT, _lines(state, start, end - 1), start, end)


def _verbatim(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    yield MarkdownBlock(VERBATIM, (), start, end)


def _fenced(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    found = fence_texts(state.src, _line(state, start)[0], state.eMarks[end - 1])
    state.env["captions"].extend(found.captions)
    state.env["said"].extend(found.left)
    yield from _verbatim(state, start, end)
    for title in found.titles:
        yield MarkdownBlock(TITLE, (title,), start, end)
    for setting in found.settings:
        yield MarkdownBlock(HEADING, (setting,), start, end)


def _drawn(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    first, last = _line(state, start)[0], state.eMarks[end - 1]
    if any(map(str.isalpha, state.src[first:last])):
        state.env["drawn"].append(first)
    yield from _verbatim(state, start, end)


def _metadata(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    state.env["metadata"].append((state.bMarks[start], state.eMarks[end - 1]))
    yield from _verbatim(state, start, end)


def _html(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    yield MarkdownBlock(HTML, _lines(state, start, end), start, end)


def _heading(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    first, last = _line(state, start)
    last = first + len(state.src[first:last].rstrip(" \t"))
    marker = _HEADING.match(state.src, first, last)
    first = marker.end() if marker else last
    if tail := _HEADING_END.search(state.src[first:last]):
        last = first + tail.start()
    yield MarkdownBlock(HEADING, ((first, last),), start, end)


def _cells(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    columns = None
    for number in range(start, end):
        first, last = _line(state, number)
        tags = _TAGS.match(state.src, first, last)  # loops and conditions around rows
        first = tags.end() if tags else first
        row = [] if number == start + 1 else list(cells(state.src, first, last))
        columns = len(row) if columns is None else columns
        yield MarkdownBlock(VERBATIM, (), number, number + 1)
        for cell in row[:columns]:
            yield MarkdownBlock(CELL, (cell,), number, number + 1)


def _reference(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    """A link's definition; its title is a text."""
    yield MarkdownBlock(VERBATIM, (), start, end)
    found = next(reversed(state.env["references"].values()))
    first, last = _line(state, start)[0], state.eMarks[end - 1]
    raw = state.src[first:last].rstrip()
    quote = _QUOTES.get(raw[-1:], "")
    if not quote or found["map"] != [start, end]:
        return
    for opening in re.finditer(re.escape(quote), raw[:-1]):
        title = raw[opening.end() : -1]
        if raw[opening.start() - 1].isspace() and unescapeAll(title) == found["title"]:
            begin = first + opening.end()
            yield MarkdownBlock(TITLE, ((begin, begin + len(title)),), start, end)
            return


def _is_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start) or not _LINE.match(state.src, *_line(state, start)):
        return False
    state.line = state.line if silent else start + 1
    return True


def _titled(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    match = _LINE.match(state.src, *_line(state, start))
    for name in ("bracketed", "plain", "barred"):
        if match and match[name]:
            yield MarkdownBlock(HEADING, (match.span(name),), start, end)
    yield from _tagged(state, start, end)


def _tagged(state: StateBlock, start: int, end: int) -> Iterator[MarkdownBlock]:
    """What is no text but for some values, if it is a tag."""
    yield MarkdownBlock(VERBATIM, (), start, end)
    first, last = _line(state, start)[0], state.eMarks[end - 1]
    state.env["said"].extend(latex_text(state.src[first:last]))
    if state.src[first] in "{:<":
        for value in values(state.src, first, last):
            yield MarkdownBlock(TITLE, (value,), start, end)
        state.env["said"].extend(said(state.src[first:last]))
        state.env["tags"].append((first, last))


def _ends_text(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Whether a text ends before a line because that defines a link; no block of its own."""
    return (
        silent
        and not state.is_code_block(start)
        and _LINKED.match(state.src, *_line(state, start)) is not None
    )


def _indented(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """What stands after a marker, and in lines below that are indented."""
    match = _MARKER.match(state.src, *_line(state, start))
    if not match or state.is_code_block(start):
        return False
    if silent:
        return True
    blocks = state.env["blocks"]
    blocks.append(MarkdownBlock(VERBATIM, (), start, start + 1))
    for name in ("title", "tab"):
        if match[name]:
            blocks.append(MarkdownBlock(TITLE, (match.span(name),), start, start + 1))
    old = state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent
    state.blkIndent += INDENT
    state.bMarks[start], state.tShift[start] = match.end(), 0
    state.sCount[start] = state.blkIndent
    state.level += 1
    is_empty = match.end() >= state.eMarks[start]
    state.line = start + 1
    state.md.block.tokenize(state, start + is_empty, end)
    state.level -= 1
    state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent = old
    return True
