"""Values as spreadsheets write them between other text: parted by commas, some in quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["BARE_VALUE", "BROKEN_VALUE", "QUOTED_VALUE", "AttributeValue", "Dialect", "values"]

BARE_VALUE, QUOTED_VALUE, BROKEN_VALUE = range(3)


class Dialect(NamedTuple):
    """How values are written.

    Attributes:
        separator: what stands between two.
        quote: what is around one that has a separator, a line break or a quote in it; two of it
            stand for one there.
        escape: what is before a separator or a quote that is none; then two quotes are not one.
        keeps_space: whether a blank after a separator belongs to the value.
    """

    separator: str = ","
    quote: str = '"'
    escape: str = ""
    keeps_space: bool = False


class AttributeValue(NamedTuple):
    """A value.

    Attributes:
        start, end: where it stands, without its quotes.
        kind: ``BARE_VALUE``, ``QUOTED_VALUE``, or ``BROKEN_VALUE``, which nobody can read for sure.
    """

    start: int
    end: int
    kind: int


def values(text: str, start: int, end: int, dialect: Dialect) -> Iterator[AttributeValue]:
    """The values in a stretch of a text, in order."""
    quoting, bare, bound, blanks = _patterns(dialect)
    place, is_begin = start, True
    while place < end:
        blank = blanks.match(text, place, end)
        first = blank.end() if blank and (is_begin or not dialect.keeps_space) else place
        quoted = quoting.match(text, first, end)
        plain = bare.match(text, quoted.end() if quoted else first, end)
        last = plain.end() if plain else end
        if quoted:
            is_broken = bool(text[quoted.end() : last].strip())
            yield AttributeValue(*quoted.span(1), BROKEN_VALUE if is_broken else QUOTED_VALUE)
        else:
            is_broken = text.startswith(dialect.quote, first)
            yield AttributeValue(first, last, BROKEN_VALUE if is_broken else BARE_VALUE)
        found = bound.match(text, last, end)
        is_begin = found is not None and found[0] == "\n"
        place = max(found.end() if found else end, place + 1)


def _patterns(dialect: Dialect) -> tuple[re.Pattern[str], ...]:
    """What finds a value in quotes, one without, what is between two, blanks before one."""
    separator, quote = map(re.escape, dialect[:2])
    escape = re.escape(dialect.escape)
    inside = rf"[^{quote}]|{quote}{quote}"
    bare = rf"(?:(?!{separator})[^\n])*"
    if escape:
        inside = rf"[^{quote}{escape}]|{escape}."
        bare = rf"(?:{escape}.|(?!{separator})[^\n{escape}])*"
    blanks = "[ ]*" if dialect.separator == "\t" else "[ \t]*"
    return (
        re.compile(rf"{quote}((?:{inside})*){quote}", re.DOTALL),
        re.compile(bare, re.DOTALL),
        re.compile(rf"{separator}|\n"),
        re.compile(blanks),
    )
