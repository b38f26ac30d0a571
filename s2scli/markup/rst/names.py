"""Names of places in a document of reStructuredText, and what refers to them."""

from __future__ import annotations

import re
from functools import lru_cache

from s2scli.text.wording import reads_like_text

__all__ = ["references", "shown_name", "targets"]

_TARGET = re.compile(r"^[ \t]*\.\. _(?:`([^`]+)`|((?:\\.|[^:\\`\n])+)):", re.MULTILINE)
_REFERENCE = re.compile(r"`([^`<>]+)`__?|\b(\w+)_\b")

# Fields that Sphinx's descriptions and docutils' documents know, which write another name for them.
_KNOWN = re.compile(
    r"(?:param(?:eter)?|arg(?:ument)?|key(?:word)?|kwarg|raises?|exc(?:ept(?:ion)?)?|throws?|c?var|"
    r"returns?|yields?|rtype|type|meta|template|query|form|(?:req|res|request|response)?"
    r"(?:json|header)\w*|status(?:code)?|retval|dedication|abstract|copyright|license)s?(?:\s|$)",
    re.IGNORECASE,
)


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


def shown_name(field: str) -> list[str]:
    """The name of a field as a page shows it, quoted, if it is words of the document's own."""
    return [] if _KNOWN.match(field) or not reads_like_text(field) else [repr(field)]
