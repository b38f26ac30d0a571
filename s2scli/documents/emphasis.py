"""Words of plain text between signs: ``*must*``, ``_can_``, ``/by all means/``.

Angle brackets around several words are such signs too: ``<the folder>``.

Models copy them as if they were placeholders. So the text is translated without the signs, and they
are put around what the words have become, as markup is. Names of code, folders and files stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from s2scli.data import Span
from s2scli.text.spans import table

__all__ = ["Emphasis", "between_slashes", "emphases"]

MOST = 100  # of a text; where there are more, they are something else
_BEFORE = r"(?<![^\s(\[{\"'“‘„«—–])"
_BEHIND = r"(?![*_/])(?=[^\w\s]{0,4}(?:\s|\Z)|[—–])"
_LETTER = r"[^\W\d_]"
_SIGNS = re.compile(r"[*_/<]")
# A single word between slashes is a folder. https://refspecs.linuxfoundation.org/fhs.shtml
FOLDERS = frozenset((
    "bin", "boot", "dev", "docs", "etc", "home", "include", "lib", "log", "media", "mnt", "opt",
    "proc", "root", "run", "sbin", "share", "source", "srv", "src", "sys", "test", "tests", "tmp",
    "usr", "var", "www",
))  # fmt: skip
_SLASHED = r"(?<![^\s(\[\"'“‘])/([a-z]{3,30})/(?=[^\w\s/]{0,3}(?:\s|\Z))"
_EMPHASIS = re.compile(
    rf"{_BEFORE}(?:(\*{{1,3}})({_LETTER}(?:[^*]{{0,300}}[^\s*])?)\1{_BEHIND}|"
    rf"(_)({_LETTER}[^_]{{0,300}}[^\s_])_{_BEHIND}|"
    rf"(/)({_LETTER}{{1,40}}(?:\s{{1,9}}{_LETTER}{{1,40}}){{1,9}})/{_BEHIND}|"
    rf"(<)({_LETTER}{{1,40}}(?:\s{{1,9}}{_LETTER}{{1,40}}){{1,9}})>)"
)


class Emphasis(NamedTuple):
    """Such words: where they are with their signs (``outer``), and without (``inner``)."""

    outer: Span
    inner: Span


def emphases(text: str) -> list[Emphasis]:
    """Such words of a text, in order."""
    if not _SIGNS.search(text):
        return []
    found = list(_found(text))
    taken = list(table().spans(text)) if found else []
    free = [one for one in found if not any(_cuts(one, *span) for span in taken)]
    return free if len(free) <= MOST else []


def between_slashes(text: str) -> list[str]:
    """Words that slashes may stress, and that may as well be folders."""
    if "/" not in text:
        return []
    return [f"/{found[1]}/" for found in re.finditer(_SLASHED, text) if found[1] not in FOLDERS]


def _found(text: str) -> Iterator[Emphasis]:
    for match in _EMPHASIS.finditer(text):
        group = match.lastindex or 0
        words = match[group]
        is_name = match[group - 1] == "_" and (not words.isalpha() or words.isupper())
        if not is_name or any(map(str.isspace, words)):
            yield Emphasis(match.span(), match.span(group))


def _cuts(emphasis: Emphasis, start: int, end: int) -> bool:
    """Whether signs are part of a stretch that is protected, but for what is a command of a chat
    (``/by``) where no slash closes words."""
    (begin, last), (first, behind) = emphasis
    if start == begin and end < behind:
        return False
    return (start < first and begin < end) or (start < last and behind < end)
