"""What a translation must keep: addresses, keys, paths, placeholders, brackets, quotation marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from s2scli.guard.facts import Facts
from s2scli.guard.limits import Limits

__all__ = ["addresses", "brackets", "compared", "missing", "named", "placeholders"]

_BEHIND = ".,;:!?'\"”’»)]}>*_。，！？、；：）"
_PAIRS = ("()", "[]", "{}", "（）", "［］", "【】", "「」", "『』", "《》")
_QUOTES = ("„", "“", "”", '"', "«", "»")
_QUOTED = r"(?<![\w\"])\"[^\W\d_][^\"\n]{0,200}\"(?!\w)|“[^“”\n]{1,200}”|„[^„“”\n]{1,200}[“”]"
# What a translation may have instead: dashes, italics, the marks of other scripts.
_QUOTING = r"[\"„“”«»‚‘’‹›「」『』《》〈〉―—–*_]|(?<!\w)'|'(?!\w)"
# Without one of these there is no placeholder: a cheap test.
_PLACING = r"[%{}<$&\[\\_#@]|'[{}]|![a-z_]|:[\w+-]"
# What has none of these is no key, hash or path: a cheap test.
_NAMING = r"\d[A-Za-z_-]{0,60}[A-Za-z]|[A-Za-z]\d|[/\\]"
_OWNERS = ("UUIDs", "hashes", "keys and tokens", "paths", "Windows: paths")
MOST_NAMED = 3


def addresses(facts: Facts, limits: Limits) -> Iterator[str]:
    """Web and e-mail addresses that are lost, changed or new; keys, hashes and paths lost."""
    wanted, there = _addresses(facts.source), _addresses(facts.target)
    if not facts.summary:
        wanted += Counter(each for each in _identifiers(facts.source) if each not in facts.target)
    if facts.summary:
        wanted, there = Counter(set(wanted) & set(there)), Counter(set(there))
    if wanted != there:
        yield from compared(wanted, there)


def placeholders(facts: Facts, limits: Limits) -> Iterator[str]:
    """Placeholders, tags and escapes that are lost, doubled or new."""
    wanted, there = _placeholders(facts.source), _placeholders(facts.target)
    if wanted == there:
        return
    from s2scli.text.figuresigns import has_sign

    for each in wanted.keys() | there.keys():
        # "It costs $5" may come out as "fünf Dollar", and the other way round.
        if re.fullmatch(r"\$\d+", each) and has_sign("$", facts.target):
            wanted.pop(each, None)
            there.pop(each, None)
    yield from compared(wanted, there)


def brackets(facts: Facts, limits: Limits) -> Iterator[str]:
    """Brackets and quotation marks that have no partner, though those of the source have one."""
    for pair in _PAIRS:
        first, last = pair[0], pair[1]
        opened, closed = facts.target.count(first), facts.target.count(last)
        if opened != closed and facts.source.count(first) == facts.source.count(last):
            sign, missing = (first, last) if opened > closed else (last, first)
            yield f"“{sign}” has no “{missing}”"
    if _is_odd(facts.target) and not _is_odd(facts.source):
        yield "a quotation mark has no partner"
    elif not facts.summary and not re.search(_QUOTING, facts.target):
        quoted = re.search(_QUOTED, facts.source)
        if quoted and quoted[0][1:-1] not in facts.target:
            yield f"{named([quoted[0]])} is missing, or has no quotation marks"


def named(texts: Iterator[str] | list[str]) -> str:
    """Some texts in quotation marks, for people."""
    found = list(texts)
    more = len(found) - MOST_NAMED
    shown = ", ".join(f"“{each}”" for each in found[:MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


def missing(found: list[str]) -> str:
    """A phrase for what a translation has lost."""
    return f"{named(found)} {'is' if len(found) == 1 else 'are'} missing"


def compared(wanted: Counter[str], there: Counter[str]) -> Iterator[str]:
    """Phrases for what one text has and the other has not, or less often."""
    lost, new = wanted - there, there - wanted
    if lost:
        yield missing(list(lost))
    doubled = [each for each in new if each in wanted]
    if doubled:
        yield f"{named(doubled)} {'comes' if len(doubled) == 1 else 'come'} too often"
    others = [each for each in new if each not in wanted]
    if others:
        yield f"{named(others)} {'is' if len(others) == 1 else 'are'} not in the source"


def _addresses(text: str) -> Counter[str]:
    if "://" not in text and "www." not in text and "@" not in text:
        return Counter()
    return Counter(match[0].rstrip(_BEHIND) for match in _address().finditer(text))


@cache
def _address() -> re.Pattern[str]:
    return re.compile(
        r"(?:\b[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s<>\"“”„«»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        re.IGNORECASE,
    )


def _identifiers(text: str) -> Iterator[str]:
    """UUIDs, hashes, keys and paths, but for those in addresses."""
    if re.search(_NAMING, text):
        beside = _address().sub(" ", text)
        yield from (match[0] for match in _identifier().finditer(beside))


@cache
def _identifier() -> re.Pattern[str]:
    from s2scli.text.literals import WORDS  # which most lines do not need

    return re.compile("|".join(row.pattern for row in WORDS if row.owners.startswith(_OWNERS)))


def _placeholders(text: str) -> Counter[str]:
    if not re.search(_PLACING, text):
        return Counter()
    from s2scli.text.placeholders import LITERAL
    from s2scli.text.spans import table  # many patterns, which most lines do not need

    found = table().stretches(text)
    return Counter(text[start:end] for start, end, kind in found if kind != LITERAL)


def _is_odd(text: str) -> bool:
    """Whether a text has an odd number of quotation marks."""
    return sum(map(text.count, _QUOTES)) % 2 == 1
