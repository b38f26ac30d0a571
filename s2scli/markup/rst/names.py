"""Names of places in a document of reStructuredText, and what refers to them."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["references", "targets"]

_TARGET = re.compile(r"^[ \t]*\.\. _(?:`([^`]+)`|((?:\\.|[^:\\`\n])+)):", re.MULTILINE)
_REFERENCE = re.compile(r"`([^`<>]+)`__?|\b(\w+)_\b")


@lru_cache(maxsize=1)
def references(source: str) -> frozenset[str]:
    """The names that a document refers to."""
    found = _REFERENCE.findall(source)
    return frozenset(" ".join((quoted or name).split()).lower() for quoted, name in found)


@lru_cache(maxsize=1)
def targets(source: str) -> frozenset[str]:
    """The names that a document gives to places, which go before those of its titles."""
    found = (quoted or name.replace("\\", "") for quoted, name in _TARGET.findall(source))
    return frozenset(" ".join(name.split()).lower() for name in found)
