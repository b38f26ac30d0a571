"""Tables of plug-ins: a name → ``"module:attribute"``, imported when it is first used.

Whatever a user picks by name (a command, a format, a metric, a family) is found here, and the error
for an unknown name suggests the nearest.
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
    """The names in ``known`` closest to ``name`` in spelling, at most ``count``, best first.

    Case is ignored; the list is empty if all are too different.
    """
    from difflib import get_close_matches

    spelt = {each.casefold(): each for each in reversed(list(known))}
    return [spelt[each] for each in get_close_matches(name.casefold(), spelt, n=count)]


def suggestion(
    name: str, known: Iterable[str], otherwise: str | None = None, count: int = 1
) -> str:
    """Advice for an unknown name, as a sentence.

    Args:
        name: what was given.
        known: what could have been meant.
        otherwise: advice if nothing is close; None to list the known names.
        count: maximum number of names to suggest.
    """
    names = list(known)
    if near := nearest(name, names, count):
        return f"Did you mean {', '.join(near)}?"
    return f"Known: {', '.join(names)}." if otherwise is None else otherwise
