"""Texts of fences of code: their titles, and the captions of chunks that are run.

Chunks are those of R Markdown and Quarto (https://quarto.org/docs/reference/cells/cells-knitr.html):
options in the line that opens them are code of R, those in comments (``#| fig-cap: …``) are YAML.
Directives of MyST (https://mystmd.org/guide/directives) whose content is code have options too, and
a table of contents names its pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from s2scli.data import Span
from s2scli.markup.markdown.frontmatter import PLAIN, FrontSlot
from s2scli.markup.markdown.tags import has_words, values
from s2scli.markup.rst.directives import MARKED_OPTIONS, PLAIN_OPTIONS
from s2scli.text.wording import reads_like_text

__all__ = ["FenceTexts", "fence_texts"]

_CHUNK = re.compile(r"[`~]{3,}[ \t]*\{\w")
_CAPTION = r"(?:fig|tbl|lst|tab)[.-](?:sub)?(?:cap|alt)|code-summary"
_OPTION = re.compile(rf"(?:{_CAPTION})[ \t]*=[ \t]*")
_STRING = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'")
_SCALAR = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_COMMENT = r"[ \t>]*(?:#|//|--|%%)\|"
_LINE = re.compile(rf"{_COMMENT}([ \t]*)(?:({_CAPTION}):|-(?=[ \t]))?[ \t]*([^\n]*)")
# Of MyST: an option, and the title of a page in a table of contents.
_DIRECTIVE = re.compile(r"[`~]{3,}[ \t]*\{(?P<name>[\w:-]+)\}")
_SETTING = re.compile(r"[ \t>]*:([\w-]+):(?:[ \t]+(\S[^\n]*?)?)?[ \t\r]*\n?")
_PAGE = re.compile(r"[ \t>]*(\S[^\n<>]*?)[ \t]+<[^<>\n]+>[ \t\r]*\n?")
_ANY_LINE = re.compile(r"[^\n]*(?:\n|\Z)")


class FenceTexts(NamedTuple):
    """The texts of a fence.

    Attributes:
        titles: where those are that the line which opens it has in quotes, without these.
        settings: those among a directive's options, and the titles in a table of contents.
        captions: those of a chunk.
        left: what looks like a caption and stays.
    """

    titles: list[Span]
    settings: list[Span]
    captions: list[FrontSlot]
    left: list[str]


def fence_texts(text: str, start: int, end: int) -> FenceTexts:
    """The texts of the fence in a stretch of a document."""
    found = FenceTexts([], [], [], [])
    line_end = text.find("\n", start, end)
    line_end = end if line_end < 0 else line_end
    if _CHUNK.match(text, start, end):
        _options(text, start, line_end, found)
        _comments(text, line_end + 1, end, found)
        _settings(text, start, line_end + 1, end, found)
    else:
        spans = values(text, start, line_end)
        found.titles.extend(span for span in spans if reads_like_text(text[slice(*span)]))
    return found


def _options(text: str, start: int, end: int, found: FenceTexts) -> None:
    """The captions in the line that opens a chunk, each a string of R."""
    places = {option.end() for option in _OPTION.finditer(text, start, end)}
    for string in _STRING.finditer(text, start, end):
        says = _decoded(string[0])
        if string.start() in places and says:
            if any(map(str.isalpha, says)):
                found.captions.append(
                    FrontSlot(*string.span(), says, style=string[0][0], toml=True)
                )
        elif has_words(string[0]):
            found.left.append(string[0][1:-1])


def _comments(text: str, start: int, end: int, found: FenceTexts) -> None:
    """The captions in the comments in front of the code of a chunk, which are YAML."""
    indent = -1  # of the key whose lines come
    for line in _lines(text, start, end):
        option = _LINE.match(text, *line)
        if not option:
            return
        is_within = indent >= 0 and len(option[1]) > indent
        if option[2]:
            indent = len(option[1])
        elif not is_within:
            indent = -1
            continue
        first, last = option.span(3)
        value = text[first:last].rstrip()
        if value in ("", "|", ">", "|-", ">-"):
            continue
        slot = _value(value, first)
        if slot and (option[2] or text[option.end(1)] == "-"):
            found.captions.append(slot)
        elif any(map(str.isalpha, value)):
            found.left.append(value)


def _settings(text: str, opening: int, start: int, end: int, found: FenceTexts) -> None:
    """The texts among a directive's options, and the titles in a table of contents."""
    directive = _DIRECTIVE.match(text, opening)
    is_contents = directive is not None and directive["name"] == "toctree"
    for line in _lines(text, start, end):
        option = _SETTING.fullmatch(text, *line)
        page = _PAGE.fullmatch(text, *line) if is_contents else None
        if option and option[2] and option[1] in PLAIN_OPTIONS | MARKED_OPTIONS:
            found.settings.append(option.span(2))
        elif page:
            found.settings.append(page.span(1))
        elif not option and not is_contents:
            return


def _value(value: str, start: int) -> FrontSlot | None:
    """A value of YAML on one line, if it is a text."""
    if _SCALAR.fullmatch(value):
        says = value[1:-1].replace("''", "'") if value[0] == "'" else _decoded(value)
        if not says or not any(map(str.isalpha, says)):
            return None
        return FrontSlot(start, start + len(value), says, style=value[0])
    is_plain = value[0] not in "[]{}&*!|>%@`#,\"'" and any(map(str.isalpha, value))
    is_whole = " #" not in value and ": " not in value
    return (
        FrontSlot(start, start + len(value), value, style=PLAIN) if is_plain and is_whole else None
    )


def _decoded(string: str) -> str | None:
    """What a string with escapes says; None if it has other escapes than those of JSON."""
    inside = string[1:-1]
    if string[0] == "'":
        inside = inside.replace("\\'", "'").replace('"', '\\"')
    try:
        return str(json.loads(f'"{inside}"'))
    except ValueError:
        return None


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    for line in _ANY_LINE.finditer(text, start, end):
        if line.start() < line.end():
            yield line.span()
