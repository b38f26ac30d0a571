"""Texts in tags of template languages (Hugo, Liquid), in lists of attributes, and in wiki links.

Values whose names say that they are text are translated. Other strings may be anything, and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span

__all__ = ["chunk_texts", "said", "values"]

_VALUE = re.compile(
    r"(?<=[\s{:])(?:(?:fig|tbl|lst)-(?:alt|cap)|title|label|alt|placeholder|aria-label|description|caption|summary|subtitle|"
    r"heading|tooltip|(?:text|content)(?==[\"']\S+[ \t]))="
    r"(?:\"(?P<double>[^\"\\{}\n]*)\"|'(?P<single>[^'\\{}\n]*)')"
)
_STRING = re.compile(r"\"([^\"\\{}\n]*)\"|'([^'\\{}\n]*)'")
_WORDS = re.compile(r"[^\W\d_]{2,},? +[^\W\d_]{2,}")
_LABEL = re.compile(r"\[\[[^\[\]|\n]*\|([^\[\]\n]*[^\W\d_][^\[\]\n]*)\]\]")
_ROLE = re.compile(r"\}`([^`<\n]*[^\W\d_][^`<\n]*?)[ ]*<[^`\n]*>`")  # of MyST
_CHUNK = re.compile(r"[`~]{3,}[ \t]*\{\w")
_CAPTION = r"(?:fig|tbl|lst|tab)[.-](?:sub)?(?:cap|alt)|code-summary"
_CHUNK_HEAD = re.compile(rf"(?:{_CAPTION})[ \t]*=[ \t]*(\"[^\"\n]*\"|'[^'\n]*')")
_CHUNK_LINE = re.compile(
    rf"^[ \t]*(?:#|//|--|%%)\|[ \t]*(?:{_CAPTION}):[ \t]*(\S[^\n]*)", re.MULTILINE
)
_TAG = re.compile(r"\{[{%:.#\s]|\{\w+=")


def values(text: str, start: int, end: int) -> Iterator[Span]:
    """Where a tag has texts in its values, without their quotes."""
    for found in _VALUE.finditer(text, start, end):
        yield found.span(found.lastgroup or 0)


def chunk_texts(code: str) -> Iterator[str]:
    """Captions and the like in a chunk of code that is run (Quarto, R Markdown); code stays."""
    head, _, body = code.partition("\n")
    if not _CHUNK.match(head):
        return
    for found in (*_CHUNK_HEAD.finditer(head), *_CHUNK_LINE.finditer(body)):
        yield found[1].strip("\"'")


def said(markup: str) -> Iterator[str]:
    """What in a tag or a wiki link looks like text, and stays."""
    if label := _LABEL.search(markup) or _ROLE.match(markup):
        yield label[1]
    elif _TAG.match(markup):
        spans = set(values(markup, 0, len(markup)))
        for found in _STRING.finditer(markup):
            is_value = {found.span(1), found.span(2)} & spans
            if not is_value and _WORDS.search(found[0]):
                yield found[1] or found[2]
