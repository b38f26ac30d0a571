"""Blanks and closing signs of a text that a translation has lost, and how they are put back.

Programs show labels as they are written: ``Total:  {0}`` lines up with what stands above it,
``Loading…`` says that something goes on, ``Name:`` that a field follows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s2scli.data import Span
from s2scli.text.figuresigns import CURRENCIES
from s2scli.text.rewriting import Edit
from s2scli.text.spelling import scale

__all__ = [
    "closing",
    "doubled_ands",
    "faces",
    "numeros",
    "opening",
    "prices",
    "signs_apart",
    "wide_gaps",
]

_GAP = re.compile(r"(?<=[^\s])[ \u00a0]+(?=[^\s])")
_TOKEN_BEFORE, _TOKEN_BEHIND = re.compile(r"\S+\Z"), re.compile(r"\S+")
LONGEST = 200  # characters of a word beside a gap
# How a text ends, and what of that in a translation says the same in whatever script.
_ELLIPSIS = re.compile(r"(?<![.…?!])[ \u00a0]?(?:…|\.{3})\Z")
_CALL = re.compile(r"(?<![?!])(?=\S{2,6}\Z)(?:[?!]+)\Z")
_COLON = re.compile(r"(?<![:\s\w]:)(?<!\s:):\Z")
_ASKED = re.compile(r"(?:…|\.{3}) ?[?!]\Z")
# Speech that is cut off.
_CUT = re.compile(r"(?<=[\w,])(?:--|[ \u00a0]?[\u2013\u2014])\Z")
_ENDINGS = (
    (_ELLIPSIS, re.compile(r"…|⋯|\.{3}|。{2}"), re.compile(r"[.。!]{0,2}\Z")),
    (_ASKED, re.compile(r"[?!？！؟]\W{0,3}\Z"), re.compile(r"[ .…]{0,5}\Z")),
    (_CUT, re.compile(r"[-\u2013\u2014]\W{0,3}\Z"), re.compile(r"[.。,]?\Z")),
    (_COLON, re.compile(r"[:：︰;；]\W{0,3}\Z"), re.compile(r"[.。,]?\Z")),
)
_NUMERO = re.compile(r"\b[Nn]os?\.(?= ?\d| of\b|:)")
_DENIAL = re.compile(r"\b(?:Nein|Nee|Nej|Nei|Non)\b[.,]?(?=[\s:])", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no\b(?!\.)|Nope|Nay|none)\b", re.IGNORECASE)
_CALLS = re.compile(r"(?:[?!]+|(?<=\w)\.?)\Z")
_WIDE_CALL = re.compile(r"[？！؟]")
_ANDS = re.compile(r"(?<!\S)&(?: ?&)*(?!\S)")
_FIRST_WORD = re.compile(r"\W{0,9}([^\W\d_]{2,20})(?!\w)")
_CURRENCY = re.compile(f"[{CURRENCIES}]")
_PRICE = re.compile(rf"[{CURRENCIES}][ \u00a0]?\d|\d[ \u00a0]?[{CURRENCIES}]")
_FIGURES = re.compile(r"\d(?:[\d.,]*\d)?")
_SCALE = re.compile(r"[ \u00a0-]?[^\W\d_]+\.?")
_FACE = re.compile(r"(?<=\s)(?:[:;=]-?[()DP|]|<3)(?!\S)")
_JOINING = re.compile(r"[+&=]")


class _Gap(NamedTuple):
    """White space between two words, and the words."""

    start: int
    end: int
    before: str
    behind: str


def wide_gaps(source: str, target: str) -> Iterator[Edit]:
    """Blanks of a source that are several, instead of the single ones in its translation.

    They stand beside a word or a placeholder that is the same in both, or beside a sign that both
    have as often. Where neither is so, what belongs to what is not known.
    """
    if "  " not in source.strip():
        return
    wide = [gap for gap in _gaps(source) if gap.end - gap.start > 1]
    if not wide:
        return
    ours, theirs = _by_key(_gaps(source)), _by_key(_gaps(target))
    found: dict[int, Edit] = {}
    for gap in wide:
        for key in _keys(gap):
            if len(ours[key]) != len(theirs.get(key, ())):
                continue
            other = theirs[key][ours[key].index(gap)]
            if other.end - other.start == 1:
                found.setdefault(other.start, (other.start, other.end, source[gap.start : gap.end]))
            break
    yield from sorted(found.values())


def _gaps(text: str) -> list[_Gap]:
    found = []
    for gap in _GAP.finditer(text):
        start, end = gap.span()
        before = _TOKEN_BEFORE.search(text, max(0, start - LONGEST), start)
        behind = _TOKEN_BEHIND.match(text, end, end + LONGEST)
        found.append(_Gap(start, end, before[0] if before else "", behind[0] if behind else ""))
    return found


def _by_key(gaps: Sequence[_Gap]) -> dict[tuple[str, str], list[_Gap]]:
    found: dict[tuple[str, str], list[_Gap]] = defaultdict(list)
    for gap in gaps:
        for key in _keys(gap):
            found[key].append(gap)
    return found


def _keys(gap: _Gap) -> Iterator[tuple[str, str]]:
    """By what a gap is known again, the surest first."""
    yield "behind", gap.behind
    yield "before", gap.before
    if not gap.before[-1:].isalnum():
        yield "end", gap.before[-1:]
    if not gap.behind[:1].isalnum():
        yield "begin", gap.behind[:1]


def closing(source: str, target: str, inside: Sequence[Span], kept: Sequence[Span]) -> list[Edit]:
    """The ellipsis, the colon or the signs of a call (``?!``) at the end, if a translation lost it.

    A sign that says the same in another script is the same.

    Args:
        source, target: the text and its translation.
        inside, kept: what is protected in them, and so no such sign.
    """
    says = source.rstrip()
    if not target.strip() or says[-1:] not in ("…", ".", ":", "?", "!", "-", "–", "—"):
        return []
    if inside and inside[-1][1] >= len(says):
        return []
    shown = target.rstrip()
    if kept and kept[-1][1] >= len(shown):
        shown = shown[: kept[-1][1]]
    for pattern, same, instead in _ENDINGS:
        if found := pattern.search(says):
            if same.search(shown):
                return []
            return _instead(shown, instead, found[0], kept)
    if (found := _CALL.search(says)) and not _WIDE_CALL.search(shown[-3:]):
        there = _CALLS.search(shown)
        if there and there[0] != found[0]:
            return _instead(shown, _CALLS, found[0], kept)
    return []


def opening(source: str, target: str) -> list[Edit]:
    """The first letter of a word that a translation took over without it: ``el.`` of ``Tel.``."""
    ours, theirs = _FIRST_WORD.match(source), _FIRST_WORD.match(target)
    if not ours or not theirs or ours[1][1:] != theirs[1] or not ours[1][0].isupper():
        return []
    return [(theirs.start(1), theirs.start(1), ours[1][0])] if ours[1] not in target else []


def _instead(text: str, pattern: re.Pattern[str], sign: str, kept: Sequence[Span]) -> list[Edit]:
    """A sign for what a pattern finds at the end of a text, but behind what is protected."""
    found = pattern.search(text)
    start = found.start() if found else len(text)
    if kept and start < kept[-1][1]:
        start = len(text)
    return [(start, len(text), sign)]


def numeros(source: str, target: str) -> Iterator[Edit]:
    """The source's sign for a number instead of a denial: ``No. 4``, not ``Nein. 4``."""
    signs, denied = list(_NUMERO.finditer(source)), list(_DENIAL.finditer(target))
    if signs and len(signs) == len(denied) and not _DENIED.search(source):
        for sign, other in zip(signs, denied, strict=True):
            yield *other.span(), sign[0]


def signs_apart(
    source: str, target: str, inside: Sequence[Span], kept: Sequence[Span]
) -> Iterator[Edit]:
    """White space beside signs that join words (``5 million+ users``), where the source has it."""
    ours, theirs = _joining(source, inside), _joining(target, kept)
    if not ours or [source[n] for n in ours] != [target[n] for n in theirs]:
        return
    for one, other in zip(ours, theirs, strict=True):
        if source[one - 1 : one].isspace() and target[max(0, other - 1) : other].isalnum():
            yield other, other, " "
        if source[one + 1 : one + 2].isspace() and target[other + 1 : other + 2].isalnum():
            yield other + 1, other + 1, " "


def faces(source: str, target: str) -> Iterator[Edit]:
    """Blanks before faces, where the source has them: ``Thanks :-)``."""
    for face in {match[0] for match in _FACE.finditer(source)}:
        places = [match.start() for match in re.finditer(re.escape(face), target)]
        if len(places) == source.count(face):
            yield from ((p, p, " ") for p in places if p and not target[p - 1].isspace())


def doubled_ands(source: str, target: str) -> Iterator[Edit]:
    """``&&``, which labels show as one sign, instead of the sign alone: ``File && Folder``."""
    ours = set(_ANDS.findall(source))
    for found in _ANDS.finditer(target) if "&&" in ours else ():
        if found[0] not in ours:
            yield *found.span(), "&&"


def prices(source: str, target: str) -> Iterator[Edit]:
    """The sign of a currency at its figures again, from behind what they are for.

    ``5 pro Monat €`` is ``5 € pro Monat``; but ``5 Millionen €`` stays.
    """
    sign = _PRICE.search(source)
    if not sign or len(_CURRENCY.findall(source)) > 1:
        return
    places = [*_CURRENCY.finditer(target)]
    figures = [*_FIGURES.finditer(target)]
    if len(places) != 1 or len(figures) != 1 or places[0][0] not in sign[0]:
        return
    (start, end), (first, last) = places[0].span(), figures[0].span()
    if (millions := _SCALE.match(target, last)) and scale(target, last):
        last = millions.end()
    if last < start and len(target[last:start].split()) > 1:
        yield last, last, f"\u00a0{target[start:end]}"
        yield start - target[start - 1].isspace(), end, ""
    elif end < first and len(target[end:first].split()) > 1:
        yield start, end + target[end : end + 1].isspace(), ""
        yield first, first, target[start:end]


def _joining(text: str, spans: Sequence[Span]) -> list[int]:
    places = (found.start() for found in _JOINING.finditer(text))
    return [place for place in places if not any(a <= place < b for a, b in spans)]
