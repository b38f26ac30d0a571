"""Tables of plug-ins: a name → ``"module:attribute"``, imported when it is first used.

Whatever a person picks by name (a command, a format, a metric, a family) is found here, and a name
that nobody knows gets the one that is nearest as advice.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

__all__ = ["load", "nearest", "suggestion"]


def load(target: str) -> Any:
    """The attribute that ``"module:attribute"`` names; its module is imported.

    Raises:
        ImportError: there is no such module.
        AttributeError: the module has no such attribute.
    """
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)


def nearest(name: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Those of ``known`` that are spelt most like ``name``, at most ``count``, the best first.

    Case does not count; none is given where all are too different.
    """
    from difflib import get_close_matches

    spelt = {each.casefold(): each for each in reversed(list(known))}
    return [spelt[each] for each in get_close_matches(name.casefold(), spelt, n=count)]


def suggestion(
    name: str, known: Iterable[str], otherwise: str | None = None, count: int = 1
) -> str:
    """Advice for a name that nobody knows, as a sentence.

    Args:
        name: what was given.
        known: what could have been meant.
        otherwise: said where nothing is near; None to list what is known.
        count: how many names to offer at most.
    """
    names = list(known)
    if near := nearest(name, names, count):
        return f"Did you mean {', '.join(near)}?"
    return f"Known: {', '.join(names)}." if otherwise is None else otherwise
