"""Elements of strings and of cues that stay in their language: WebVTT's ``<lang fr>``, and others.

HTML's attributes ``lang``, ``xml:lang`` and ``translate`` mean the same in all texts with tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span
from s2scli.documents.languages import is_other

__all__ = ["encloses_foreign", "foreign", "languages"]

_CODE = r"[A-Za-z]{2,3}(?:-\w+)*"
_SAID = re.compile(
    rf"<(?P<name>lang)(?:\.[\w.]*)?[ \t]+(?P<cue>{_CODE})[ \t]*>|"
    rf"<(?P<element>[A-Za-z][\w-]*)(?=\s)[^<>]*?\s(?:(?:xml:)?lang\s*=\s*(?P<quote>[\"'])"
    rf"(?P<code>{_CODE})(?P=quote)|translate\s*=\s*[\"']no[\"'])[^<>]*(?<!/)>",
    re.IGNORECASE,
)


def foreign(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """Where elements stand in a stretch that are in another language, or say that they stay.

    Args:
        text: the characters.
        start, end: the stretch.
        language: the code of the language that all else is in; empty if not known.
    """
    reached = start
    for said in _SAID.finditer(text, start, end):
        if said.start() >= reached and _stays(said, language):
            reached = _element_end(text, said, end)
            if reached > said.end():
                yield said.start(), reached


def encloses_foreign(tags: str, language: str) -> bool:
    """Whether tags open an element that stays.

    Args:
        tags: those in front of a text, which enclose it.
        language: the code of the language that all else is in; empty if not known.
    """
    return any(_stays(said, language) for said in _SAID.finditer(tags))


def languages(text: str, language: str) -> Iterator[Span]:
    """Where elements say that they are in the language that is translated."""
    for said in _SAID.finditer(text) if language else ():
        if not _stays(said, language) and (said["cue"] or said["code"]):
            yield said.span("cue" if said["cue"] else "code")


def _stays(said: re.Match[str], language: str) -> bool:
    code = said["cue"] or said["code"]
    return is_other(code, language) if code else True


def _element_end(text: str, said: re.Match[str], end: int) -> int:
    """After the tag that closes an element; after its own if none does."""
    name = re.escape(said["name"] or said["element"])
    depth = 1
    for tag in re.finditer(rf"<(/?){name}(?=[\s.>])[^<>]*>", text[said.end() : end], re.IGNORECASE):
        depth += -1 if tag[1] else 1
        if not depth:
            return said.end() + tag.end()
    return said.end()
