"""Formatting of words in AsciiDoc: what opens and closes it."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

__all__ = ["Quote", "quotes"]

_ROLE = r"(?:\[[^\[\]\n]{1,200}\])?"
# Formatting in the order in which it is replaced: name, delimiter, whether it goes within words.
_QUOTES = (
    ("strong", "**", True),
    ("strong", "*", False),
    ("double", '"`', False),
    ("single", "'`", False),
    ("code", "``", True),
    ("code", "`", False),
    ("em", "__", True),
    ("em", "_", False),
    ("mark", "##", True),
    ("mark", "#", False),
    ("sup", "^", True),
    ("sub", "~", True),
)


class Quote(NamedTuple):
    """Formatting of one kind.

    Attributes:
        name: what it is.
        delimiter: what opens it.
        opening: finds that; all of it if ``closing`` is None.
        closing: finds its end.
    """

    name: str
    delimiter: str
    opening: re.Pattern[str]
    closing: re.Pattern[str] | None


@cache
def quotes() -> tuple[Quote, ...]:
    """All kinds of formatting, in the order in which they are replaced."""
    return tuple(_quote(name, delimiter, is_free) for name, delimiter, is_free in _QUOTES)


def _quote(name: str, delimiter: str, is_free: bool) -> Quote:
    sign, closing = re.escape(delimiter), re.escape(delimiter[::-1])
    if delimiter in "^~":
        whole = re.compile(rf"\\?{_ROLE}{sign}[^\s{sign}]+{sign}")
        return Quote(name, delimiter, whole, None)
    if is_free:
        return Quote(name, delimiter, re.compile(rf"\\?{_ROLE}{sign}"), re.compile(closing))
    before = {"'`": r"`", "`": "\"'`", "#": "&"}.get(delimiter, "")
    after = r"\w\"'`" if delimiter == "`" else r"\w"
    return Quote(
        name,
        delimiter,
        re.compile(rf"(?<![\w;:}}{before}]){_ROLE}{sign}(?=\S)"),
        re.compile(rf"(?<=\S){closing}(?![{after}])"),
    )
