"""What stands before a Markdown document: YAML between ``---``, TOML between ``+++``, or JSON.

So does YAML that only ends with ``---`` (Hexo), and lines of the form ``Title: Text`` with an
empty line below (MultiMarkdown, Pelican). Only the texts of some keys are to be translated;
everything else stays byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from s2scli.data import Span
from s2scli.documents.base import Slot
from s2scli.markup.markdown.frontkeys import NEVER, TEXT_KEYS, is_weak
from s2scli.text.wording import reads_like_text

__all__ = ["FrontSlot", "front_end", "front_slots", "is_bare", "language_span"]

PLAIN, FOLDED, LITERAL, BARE = "", ">", "|", "="
THREE = '"""'
WIDTH = 80
_FRONT = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(?=[ \t]*[^\s])")
_ENTRY = re.compile(
    rf"^(?P<indent>[ \t]*(?:-[ \t]+)?)([\"']?)(?P<key>(?i:{TEXT_KEYS}))\2[ \t]*"
    r"(?P<sign>:(?=\s|$)|=)[ \t]*",
    re.MULTILINE,
)
_JSON_ENTRY = re.compile(rf"(?<=[{{,\s])\"(?P<key>(?i:{TEXT_KEYS}))\"[ \t]*(?P<sign>:)\s*(?=\")")
# Lines of keys without anything before them: at least two, of which these are usual.
_KEYED = r"(?:{})[ \t]*:(?=[ \t\r\n])[^\n]*\n(?:(?:[ \t]+|-[ \t]+)\S[^\n]*\n)*"
_USUAL = _KEYED.format(
    "title|subtitle|date|modified|authors?|category|categories|tags|keywords|slug|summary|status|"
    "lang|template|save_as|url|layout|description|copyright|email|affiliation"
)
_ANY_KEY = _KEYED.format(r"[A-Za-z][\w -]{0,40}")
_LINES = re.compile(
    rf"(?=(?:{_USUAL}){{2}})(?:{_ANY_KEY})+(?:---)?[ \t]*(?:\r?\n|\Z)", re.IGNORECASE
)
_LANGUAGE = re.compile(
    r"^(?:[ \t]*\"(?=\w+\"))?(?:lang|language|locale)\"?[ \t]*[:=][ \t]*"
    r"([\"']?)([a-zA-Z]{2,3}(?:[-_]\w+)?)\1,?[ \t]*\r?$",
    re.MULTILINE,
)
_DOUBLE = re.compile(r'"(?!"")([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_SINGLE = re.compile(r"'(?!'')([^']*(?:''[^']*)*)'")
# Texts of TOML on several lines; those with other escapes, or with lines that go on, stay.
_LINES_OF_TOML = re.compile(r"(\"\"\"|''')\s*(?P<says>(?:(?!\1)(?:[^\\]|\\[\"\\]))*?)\s*\1")
_ESCAPED = re.compile(r"\\([\"\\])")
_COMMENT = re.compile(r"[ \t]#")
_BLOCK = re.compile(r"([>|])[+-]?\d?[+-]?[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
_LINE_END = re.compile(r"[ \t]*(?:\r?\n|\Z)")
_LINE = re.compile(r"([ \t]*)([^\r\n]*)(\r?\n|$)")
_FOLD = re.compile(r"(?<![ \t])[ \t]*\r?\n[ \t]*")
# A plain text that YAML reads as a text.
_SAFE = re.compile(
    r"(?!(?i:true|false|null|yes|no|on|off)$)(?=.*[^\W\d_])[^\W_](?!.*(?::(?:\s|$)|\s#))"
)


@dataclass(frozen=True, slots=True)
class FrontSlot(Slot):
    """A value.

    Attributes:
        style: its quote; ``>`` for lines that are indented, ``|`` for one of which each stays;
            nothing for what has no quotes; three quotes of TOML, for what is between them.
        indent: what stands before each such line, from the line break on.
        toml: whether it is of TOML.
    """

    style: str = PLAIN
    indent: str = ""
    toml: bool = False

    def written(self, text: str) -> str:
        """How another text is written in its place."""
        if len(self.style) == len(THREE):
            if self.style == THREE:
                text = text.replace("\\", "\\\\").replace(THREE, '""\\"')
            return text.replace("'''", "''")
        text = " ".join(text.split())
        if self.style == FOLDED:
            return self.indent.join(
                wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
            )
        if self.style in (LITERAL, BARE) or (self.style == PLAIN and _SAFE.match(text)):
            return text
        if self.style == "'" and not (self.toml and "'" in text):
            return "'" + text.replace("'", "''") + "'"
        return json.dumps(text, ensure_ascii=False)


def front_end(text: str, *, lines: bool = False) -> int:
    """Where what stands in front is over; 0 if there is none.

    Args:
        text: the document's characters.
        lines: whether lines of keys count, too, without anything before them.
    """
    if text.startswith("{"):
        return _object_end(text)
    begin = _FRONT.match(text)
    if not begin:
        keyed = _LINES.match(text) if lines else None
        return keyed.end() if keyed else 0
    closer = re.compile(rf"^(?:{re.escape(begin[1])}|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
    end = closer.search(text, begin.end())
    return end.end() if end else 0


def is_bare(text: str, end: int) -> bool:
    """Whether what ends there are lines of keys as MultiMarkdown has them, which know no quotes."""
    return end > 0 and text[:1].isalpha() and not text[:end].rstrip().endswith("\n---")


def _object_end(text: str) -> int:
    """After the object of JSON that a text begins with, and its line; 0 if there is none."""
    try:
        found, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return 0
    line_end = _LINE_END.match(text, end)
    return line_end.end() if found and line_end else 0


def language_span(text: str, end: int) -> Span | None:
    """Where the document says what language it is in."""
    found = _LANGUAGE.search(text, 0, end)
    return found.span(2) if found else None


def front_slots(text: str, start: int, end: int) -> Iterator[Slot]:
    """The texts in metadata.

    Args:
        text: the document's characters.
        start, end: where the metadata stand, with what is before them and after.
    """
    reached = start
    pattern = _JSON_ENTRY if text.startswith("{", start) else _ENTRY
    bare = start == 0 and is_bare(text, end)
    for entry in pattern.finditer(text, start, end):
        if entry.start() < reached:
            continue
        for slot in _values(text, entry, end, bare=bare):
            reached = slot.end
            if _is_text(slot, entry["key"]):
                yield slot


def _is_text(slot: FrontSlot, key: str) -> bool:
    if is_weak(key) and not reads_like_text(slot.text):
        return False
    return any(map(str.isalpha, slot.text)) and not (slot.style == PLAIN and NEVER.match(slot.text))


def _values(text: str, entry: re.Match[str], end: int, *, bare: bool) -> Iterator[FrontSlot]:
    start = entry.end()
    toml = entry["sign"] == "="
    quoted = _DOUBLE.match(text, start, end) or _SINGLE.match(text, start, end)
    if quoted and not bare:
        decoded = _decoded(quoted[0])
        if decoded is not None:
            yield FrontSlot(*quoted.span(), decoded, style=quoted[0][0], toml=toml)
    elif toml:
        lined = _LINES_OF_TOML.match(text, start, end)
        if lined:
            says = lined["says"]
            says = _ESCAPED.sub(r"\1", says) if lined[1] == THREE else says
            if lined[1] == THREE or "\\" not in says:
                yield FrontSlot(*lined.span("says"), says, style=lined[1], toml=True)
    else:
        lines = list(_indented(text, entry, end))
        block = None if bare else _BLOCK.match(text, start, end)
        if block:
            yield from _block(text, lines, folded=block[1] == ">")
        elif text[start : start + 1].strip() and (bare or text[start] not in "[]{}&*!|>%@`#,\"'"):
            last = _LINE.match(text, start, end)
            stop = last.end(2) if last else start
            stop = max([stop, *(line[1] for line in lines if line[0] < line[1])])
            comment = None if bare else _COMMENT.search(text, start, stop)
            stop = comment.start() if comment else stop
            value = text[start:stop].rstrip()
            style = BARE if bare else PLAIN
            yield FrontSlot(start, start + len(value), _FOLD.sub(" ", value), style=style)


def _decoded(quoted: str) -> str | None:
    """What is in quotes; None if it is not understood."""
    if quoted[0] == "'":
        return _FOLD.sub(" ", quoted[1:-1].replace("''", "'"))
    try:
        return str(json.loads(_FOLD.sub(" ", quoted)))
    except ValueError:
        return None


def _indented(text: str, entry: re.Match[str], end: int) -> Iterator[Span]:
    """The lines below an entry that belong to it, without what is before them."""
    position = text.find("\n", entry.end(), end) + 1
    while 0 < position < end and (line := _LINE.match(text, position, end)):
        if line[2] and len(line[1]) <= len(entry["indent"]):
            return
        yield line.span(2)
        position = line.end() if line.end() > position else end


def _block(text: str, lines: list[Span], *, folded: bool) -> Iterator[FrontSlot]:
    """The paragraphs of a block of lines, or each line if they are not folded."""
    group: list[Span] = []
    for start, stop in [*lines, (0, 0)]:
        if group and (start == stop or not folded):
            first, last = group[0][0], group[-1][1]
            begin = text.rfind("\n", 0, first) + 1
            newline = "\r\n" if text[begin - 2 : begin] == "\r\n" else "\n"
            indent = newline + text[begin:first]
            style = FOLDED if folded else LITERAL
            yield FrontSlot(
                first, last, _FOLD.sub(" ", text[first:last]), style=style, indent=indent
            )
            group = []
        if start < stop:
            group.append((start, stop))
