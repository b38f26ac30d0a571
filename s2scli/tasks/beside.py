"""Two inputs side by side: for each item of the first one of the second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from s2scli.errors import BadInputError

__all__ = ["beside"]

T = TypeVar("T")


def beside(
    blocks: Iterable[list[T]],
    others: Iterable[str],
    put: Callable[[T, str], T],
    fewer: Callable[[T, int], BadInputError],
    more: Callable[[int], BadInputError],
) -> Iterator[list[T]]:
    """Items, each with the text that stands beside it.

    Args:
        blocks: lists of items.
        others: a text for each.
        put: gives an item its text.
        fewer: the error if an item has none; of that item and the number of texts.
        more: the error if texts are left; of the number of items.

    Raises:
        BadInputError: there are more or fewer texts; all items before have been yielded.
    """
    left = iter(others)
    count = 0
    for block in blocks:
        ready: list[T] = []
        for each in block:
            text = next(left, None)
            if text is None:
                yield ready
                raise fewer(each, count)
            ready.append(put(each, text))
            count += 1
        yield ready
    if next(left, None) is not None:
        raise more(count)
