"""What MyST and Pandoc add to Markdown: directives, and lines that begin with a percent sign.

A directive (https://mystmd.org/guide/directives) is a fence, or a line of colons, with a name in
braces. Those of which reStructuredText knows that they hold text hold text here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from markdown_it.rules_block import StateBlock

from s2scli.data import Span
from s2scli.markup.markdown.kinds import HEADING, TEXT, VERBATIM, MarkdownBlock
from s2scli.markup.rst.directives import (
    DIRECTIVES,
    MARKED_OPTIONS,
    NAME,
    PLAIN_OPTIONS,
    SIGNATURE,
    VERSION,
)
from s2scli.text.verbatim import verbatim

__all__ = ["directive", "percents"]

_OPEN = re.compile(r"(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*\{(?P<name>[\w:-]+)\}[ \t]*")
_OPTION = re.compile(r":([\w-]+):(?:[ \t]+|$)")
_VERSION = re.compile(r"\S*[ \t]*")
_PERCENT = re.compile(r"%(?!%)[ \t]*")
# A directive, a target or a role.
_MYST = re.compile(
    r"^[ \t]*(?:(?:`{3,}|:{3,})\{[\w:-]+\}|\([^()\n]+\)=[ \t]*$)|\{\w+\}`", re.MULTILINE
)
_TERM = re.compile(r"\{term\}`!?(?:[^`<]*<)?([^`<>]+)>?`")
_DASHES = re.compile(r"---[ \t]*$")


def directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A directive with text: its title, its options, and what is in it."""
    opening = _match(_OPEN, state, start)
    name = opening["name"].rpartition(":")[2].lower() if opening else ""
    holds = DIRECTIVES.get(name)
    if not opening or not holds or not holds.body or state.is_code_block(start):
        return False
    close = _close(state, start, end, opening["fence"])
    if close <= start or silent:
        return close > start
    blocks = state.env["blocks"]
    blocks.append(MarkdownBlock(VERBATIM, (), start, start + 1))
    begin = opening.end()
    if holds.argument == VERSION and (version := _VERSION.match(state.src, begin)):
        begin = version.end()
    if holds.argument not in (NAME, SIGNATURE):
        blocks += _line(state, start, begin)
    first = start + 1
    for number, block in _options(state, start + 1, close):
        blocks += block
        first = number + 1
    old = state.lineMax
    state.lineMax = close
    state.level += 1
    before = len(blocks)
    state.md.block.tokenize(state, first, close)
    if name == "glossary":
        blocks[before:] = [part for block in blocks[before:] for part in _defined(state, block)]
    state.level -= 1
    state.lineMax, state.line = old, close + 1
    blocks.append(MarkdownBlock(VERBATIM, (), close, close + 1))
    return True


def percents(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines that all begin with a percent sign: comments, or the title, authors and date.

    In MyST text may stand right before them and after them.
    """
    if "is_myst" not in state.env:
        state.env["is_myst"] = bool(_MYST.search(state.src))
    is_myst = state.env["is_myst"]
    if silent:
        return is_myst and _match(_PERCENT, state, start) is not None
    last = start
    while last < end and not state.isEmpty(last) and _match(_PERCENT, state, last):
        last += 1
    if last == start or (last < end and not state.isEmpty(last) and not is_myst):
        return False
    for number in range(start, last):
        state.env["blocks"].append(MarkdownBlock(VERBATIM, (), number, number + 1))
        mark = _match(_PERCENT, state, number)
        is_typed = mark and any(verbatim(state.src[mark.start() : state.eMarks[number]]))
        # Who wrote a document and when stays too.
        if mark and not is_typed and (start or not number):
            state.env["blocks"] += _line(state, number, mark.end())
    state.line = last
    return True


def _close(state: StateBlock, start: int, end: int, fence: str) -> int:
    """The line that closes a directive; its first one if none does."""
    unclosed = state.env["unclosed"]  # from where on a fence has no end before a line
    if start >= unclosed.get((fence, end), end):
        return start
    closing = re.compile(rf"{re.escape(fence)}{re.escape(fence[0])}*[ \t]*$")
    for number in range(start + 1, end):
        if state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            break
        if _match(closing, state, number):
            return number
    unclosed[fence, end] = start
    return start


def _options(state: StateBlock, start: int, end: int) -> Iterator[tuple[int, list[MarkdownBlock]]]:
    """The lines of a directive's options, each with its text if it has one."""
    is_yaml = start < end and _match(_DASHES, state, start) is not None
    for number in range(start, end):
        option = _match(_OPTION, state, number)
        if not is_yaml and not option:
            return
        is_text = option and option[1] in PLAIN_OPTIONS | MARKED_OPTIONS
        yield number, _line(state, number, option.end()) if option and is_text else []
        if is_yaml and number > start and _match(_DASHES, state, number):
            return


def _defined(state: StateBlock, block: MarkdownBlock) -> Iterator[MarkdownBlock]:
    """The terms of a glossary, each on a line, and what is indented below them."""
    groups: list[tuple[bool, int, list[Span]]] = []
    for number, line in enumerate(block.lines if block.kind == TEXT else (), block.first):
        is_term = state.sCount[number] <= state.blkIndent
        if is_term or not groups or groups[-1][0]:
            groups.append((is_term, number, []))
        groups[-1][2].append(line)
    named = _terms_named(state.src) if groups else frozenset()
    for is_term, first, lines in groups:
        term = " ".join(state.src[slice(*lines[0])].split())
        stays = is_term and term.lower() in named  # what names it would not find another
        if is_term:
            state.env["said" if stays else "terms"].append(term)
        kind, texts = (VERBATIM, ()) if stays else (TEXT, tuple(lines))
        yield MarkdownBlock(kind, texts, first, first + len(lines))
    if not groups:
        yield block


@lru_cache(maxsize=1)
def _terms_named(text: str) -> frozenset[str]:
    """The terms that a document refers to, in small letters."""
    return frozenset(" ".join(name.split()).lower() for name in _TERM.findall(text))


def _line(state: StateBlock, number: int, begin: int) -> list[MarkdownBlock]:
    """The rest of a line, if it is a text."""
    end = state.eMarks[number]
    end = begin + len(state.src[begin:end].rstrip())
    return [MarkdownBlock(HEADING, ((begin, end),), number, number + 1)] if begin < end else []


def _match(pattern: re.Pattern[str], state: StateBlock, number: int) -> re.Match[str] | None:
    end = state.eMarks[number]
    return pattern.match(state.src, min(state.bMarks[number] + state.tShift[number], end), end)
