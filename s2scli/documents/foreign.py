"""Elements of strings and of cues that stay in their language: WebVTT's ``<lang fr>``, and others.

HTML's attributes ``lang``, ``xml:lang`` and ``translate`` mean the same in all texts with tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span
from s2scli.documents.languages import is_other

__all__ = [
    "attribute_language",
    "encloses_foreign",
    "foreign",
    "foreign_divisions",
    "languages",
    "markup_languages",
]

_CODE = r"[A-Za-z]{2,3}(?:-\w+)*"
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)(?=[\s.>])[^<>]*(?<!/)>")
_ATTRIBUTE = re.compile(rf"(?<=[\s{{])lang=[\"']?({_CODE})(?=[\s\"'}}])")
_DIVISION = re.compile(r"^[ \t>]*:{3,}[ \t]*(\S.*)?$", re.MULTILINE)
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
    stays = {said.start() for said in _SAID.finditer(text, start, end) if _stays(said, language)}
    opened: dict[str, list[int]] = {}
    found: list[Span] = []
    for tag in _TAG.finditer(text, start, end) if stays else ():
        name = tag[2].lower()
        if not tag[1]:
            opened.setdefault(name, []).append(tag.start())
        elif opened.get(name):
            begin = opened[name].pop()
            if begin in stays:
                while found and found[-1][0] > begin:
                    found.pop()  # inside this one
                found.append((begin, tag.end()))
    yield from sorted(found)


def encloses_foreign(tags: str, language: str) -> bool:
    """Whether tags open an element that stays.

    Args:
        tags: those in front of a text, which enclose it.
        language: the code of the language that all else is in; empty if not known.
    """
    return any(_stays(said, language) for said in _SAID.finditer(tags))


def attribute_language(attributes: str) -> str:
    """The language that a list of attributes in braces names; nothing if it names none."""
    said = _ATTRIBUTE.search(attributes)
    return said[1] if said else ""


def foreign_divisions(text: str, language: str) -> Iterator[Span]:
    """Where divisions of Markdown (``::: {lang=fr}``) are in another language."""
    opened: list[int] = []  # where each begins; -1 if it is in the same language
    for line in _DIVISION.finditer(text) if "lang=" in text else ():
        if line[1]:
            is_foreign = is_other(attribute_language(line[1]), language)
            opened.append(line.start() if is_foreign else -1)
        elif opened and (begin := opened.pop()) >= 0:
            yield begin, line.end()


def languages(text: str, language: str) -> Iterator[Span]:
    """Where elements say that they are in the language that is translated."""
    for said in _SAID.finditer(text) if language else ():
        if not _stays(said, language) and (said["cue"] or said["code"]):
            yield said.span("cue" if said["cue"] else "code")


def markup_languages(markup: str, language: str) -> Iterator[Span]:
    """The same for tags and for lists of attributes in braces (``{lang=en}``)."""
    if "lang" not in markup or not language:
        return
    yield from languages(markup, language)
    if "<" not in markup:
        for said in _ATTRIBUTE.finditer(markup):
            if not is_other(said[1], language):
                yield said.span(1)


def _stays(said: re.Match[str], language: str) -> bool:
    code = said["cue"] or said["code"]
    return is_other(code, language) if code else True
