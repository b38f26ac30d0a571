"""YAML's scalars: how a text is written in each of their styles (https://yaml.org/spec/1.2.2/).

A text is written in the style of what it replaces if that can hold it, else in quotes. What YAML
1.1 and 1.2 read in different ways is written so that both read the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from s2scli.documents.base import Slot, line_end

__all__ = [
    "BLOCKS",
    "BREAKS",
    "FOLDING",
    "PLAIN",
    "STRING",
    "WHITE",
    "Scalar",
    "is_string",
    "written",
]

PLAIN, SINGLE, DOUBLE, LITERAL, FOLDED = "", "'", '"', "|", ">"
BLOCKS = (LITERAL, FOLDED)
FOLDING = (PLAIN, SINGLE, FOLDED)  # a line break is written as an empty line
STRING = "tag:yaml.org,2002:str"
WHITE = " \t\n"
BREAKS = "\r\x85\u2028\u2029"  # what else ends a line in YAML 1.1
_OLD_BREAK = re.compile(f"[{BREAKS[1:]}]")
_RESOLVER: Any = yaml.resolver.Resolver()
# Beside what YAML 1.1 says: numbers of YAML 1.2, booleans of old readers, symbols of Ruby's.
_OTHER = re.compile(
    r"0o[0-7]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[yYnN]|:\w+[?!]?"
)
# What no plain scalar may begin with, have in it, or end with.
_NOT_PLAIN = re.compile(
    r"\A(?:[-?:,\[\]{}#&*!|>'\"%@`\s]|\.\.\.|\Z)|:(?=\s|\Z)|\s#|\t|\s\Z|[ \t]\n|\n[ \t]"
)
_NOT_IN_FLOW = re.compile(r"[,\[\]{}:?]")
_NOT_SINGLE = re.compile(r"\A\n|\n\Z|[ \t]\n|\n[ \t]")
# What is not printable, and what ends a line for some readers.
_ESCAPED = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_SPECIAL = re.compile(r'["\\\t\n]')
_NAMES = {"\t": "\\t", "\n": "\\n"}
_NOT_ASCII = re.compile(r"[^\x20-\x7e]")
_ESCAPE = re.compile(r"\\[xuU]")
_EXPLICIT = re.compile(r"[|>][+-]?[1-9]")
_BREAK = re.compile(r"\r\n?|\n")
_INDENT = re.compile(r"[ \t]*")
_BETWEEN_WORDS = re.compile(r"(?<=\S) (?=\S)")


@dataclass(frozen=True, slots=True)
class Scalar(Slot):
    """A scalar that is a text; where lines are folded, each line of it is a paragraph.

    Attributes:
        style: its indicator; nothing for a plain one.
        flow: whether it is inside brackets or braces.
        lead, tail: the white space at the ends of what it says.
    """

    style: str = PLAIN
    flow: bool = False
    lead: str = ""
    tail: str = ""


def is_string(text: str) -> bool:
    """Whether a plain scalar is a text to all readers, and no number, boolean, date or symbol."""
    if _OTHER.fullmatch(text):
        return False
    return bool(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == STRING)


def written(raw: str, scalar: Scalar, text: str) -> str:
    """Another text instead of a scalar.

    Args:
        raw: the scalar's characters, of a block up to the end of its last line.
        scalar: what it is.
        text: its new text, without the white space at the ends.
    """
    if scalar.style in FOLDING:
        text = text.replace("\n\n", "\n")
    whole = scalar.lead + text + scalar.tail
    layout = _Layout.of(raw, scalar)
    if scalar.style in BLOCKS:
        # The line breaks at the end stand after the scalar.
        shown = scalar.lead + text + scalar.tail.partition("\n")[0]
        if _fits_block(raw, shown):
            return layout.block(raw, shown)
        return _double(whole, raw)
    if scalar.style == PLAIN and _is_plain(whole, scalar.flow) and layout.holds(whole):
        return layout.folded(whole)
    if scalar.style == DOUBLE:
        return layout.folded(_double(whole, raw))
    single = _is_single(whole) and layout.holds(whole)
    if single and (scalar.style == SINGLE or '"' in whole or "\\" in whole):
        return layout.folded("'" + whole.replace("'", "''") + "'")
    return layout.folded(_double(whole, raw))


def _is_plain(text: str, flow: bool) -> bool:
    return not (
        _NOT_PLAIN.search(text)
        or (flow and _NOT_IN_FLOW.search(text))
        or _ESCAPED.search(text)
        or not is_string(text)
    )


def _is_single(text: str) -> bool:
    return not (_ESCAPED.search(text) or _NOT_SINGLE.search(text))


def _fits_block(raw: str, text: str) -> bool:
    """Whether a block can hold a text: there are no escapes, and its first line may be no deeper.

    Its indentation is that of the first line unless the header says it.
    """
    first = text.lstrip("\n")[:1]
    return (
        bool(text.strip(WHITE))
        and not text.endswith("\n")
        and not _ESCAPED.search(text)
        and not _OLD_BREAK.search(raw)
        and (first not in WHITE or bool(_EXPLICIT.match(raw)))
    )


def _double(text: str, raw: str) -> str:
    """In double quotes; what is not ASCII is escaped if it is in the original."""
    escaped = _SPECIAL.sub(lambda found: _NAMES.get(found[0], "\\" + found[0]), text)
    odd = _NOT_ASCII if raw.isascii() and _ESCAPE.search(raw) else _ESCAPED
    return '"' + odd.sub(lambda found: _code(ord(found[0])), escaped) + '"'


def _code(number: int) -> str:
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the lines of a scalar stand.

    Attributes:
        newline: how they end.
        indent: what is before all but the first; nothing if there is only one.
        width: most characters a line; 0 if its sentences are not wrapped.
    """

    newline: str
    indent: str
    width: int

    @classmethod
    def of(cls, raw: str, scalar: Scalar) -> _Layout:
        """The layout of what stands there."""
        if not _BREAK.search(raw):
            return cls("\n", "", 0)
        said = [line for line in (scalar.lead + scalar.text).split("\n") if line.strip(WHITE)]
        lines = [line for line in _BREAK.split(raw) if line.strip(WHITE)]
        block = scalar.style in BLOCKS
        indents = [found[0] for line in lines[1:] if (found := _INDENT.match(line))]
        indent = indents[0] if indents else ""
        if block:
            # The first line may be deeper than its block.
            deeper = len(said[0]) - len(said[0].lstrip(" "))
            indent = indent[: len(indent) - deeper]
        lines = lines[block:]
        wrapped = len(lines) > len(said) and scalar.style != LITERAL
        width = max(len(line.strip(WHITE)) for line in lines) if wrapped else 0
        return cls(line_end(raw), indent, width)

    def holds(self, text: str) -> bool:
        """Whether line breaks of the text can be written as such."""
        return bool(self.indent) or "\n" not in text

    def folded(self, text: str) -> str:
        """On one line or, if the original was wrapped, on several."""
        if not self.indent:
            return text
        return self._joined(_unfolded(text, self.width)).lstrip(" \t")

    def block(self, raw: str, text: str) -> str:
        """As a block, with the header of the original."""
        lines = _unfolded(text, self.width) if raw.startswith(FOLDED) else text.split("\n")
        header = _BREAK.split(raw, maxsplit=1)[0]
        return header + self.newline + self._joined(lines)

    def _joined(self, lines: list[str]) -> str:
        return self.newline.join(self.indent + line if line else "" for line in lines)


def _unfolded(text: str, width: int) -> list[str]:
    """The lines that are folded into a text: each of its line breaks is an empty line more.

    But those around a line that begins with white space are kept as they are.
    """
    lines: list[str] = []
    previous = " "
    for line in text.split("\n"):
        if line and line[0] not in WHITE and previous[0] not in WHITE:
            lines.append("")
        if line and line[0] not in WHITE:
            lines += _wrapped(line, width)
        else:
            lines.append(line)
        previous = line or previous
    return lines


def _wrapped(line: str, width: int) -> list[str]:
    """A line on several; only single spaces within it may become line breaks."""
    if not width:
        return [line]
    lines: list[list[str]] = [[]]
    length = 0
    for word in _BETWEEN_WORDS.split(line):
        if lines[-1] and length + 1 + len(word) > width:
            lines.append([])
            length = 0
        length += len(word) + bool(lines[-1])
        lines[-1].append(word)
    return [" ".join(words) for words in lines]
