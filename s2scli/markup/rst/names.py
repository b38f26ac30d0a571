"""Names of places in a document of reStructuredText, and what refers to them."""

from __future__ import annotations

import re
from functools import lru_cache

from s2scli.markup.rst.blocks import RstBlock
from s2scli.text.wording import reads_like_text

__all__ = ["entry_named", "references", "shown_name", "targets"]

_TARGET = re.compile(r"^[ \t]*\.\. _(?:`([^`]+)`|((?:\\.|[^:\\`\n])+)):", re.MULTILINE)
_TERM = re.compile(r":term:`!?(?:[^`<]*<)?([^`<>]+)>?`")
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


@lru_cache(maxsize=1)
def _entries_named(source: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()).lower() for name in _TERM.findall(source))


def entry_named(source: str, block: RstBlock) -> str:
    """A term of a glossary if roles in its document name it, which would not find another; else "".

    Args:
        source: the document.
        block: any of its blocks.
    """
    term = source[slice(*block.lines[0])] if block.name == "glossary" and block.lines else ""
    return term if " ".join(term.split()).lower() in _entries_named(source) else ""


def shown_name(field: str) -> list[str]:
    """The name of a field as a page shows it, quoted, if it is words of the document's own."""
    return [] if _KNOWN.match(field) or not reads_like_text(field) else [repr(field)]
