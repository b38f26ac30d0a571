"""Values as spreadsheets write them between other text: parted by commas, some in quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span

__all__ = ["values"]

_QUOTED = re.compile(r"[ \t]*\"((?:[^\"]|\"\")*)\"[ \t]*")


def values(text: str, start: int, end: int, separator: str) -> Iterator[tuple[Span, bool]]:
    """Where the values in a stretch of a text are, and whether each is in quotes; these are not
    in it.
    """
    bound = re.compile(rf"{re.escape(separator)}|\n|\Z")
    place = start
    while place < end:
        quoted = _QUOTED.match(text, place, end)
        found = bound.search(text, quoted.end() if quoted else place, end)
        last = found.start() if found else end
        if quoted and not text[quoted.end() : last].strip():
            yield quoted.span(1), True
        elif not quoted:
            yield (place, last), False
        place = max(found.end() if found else end, place + 1)
