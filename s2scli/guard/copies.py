"""Whether a translation is a copy of its source, or of a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from s2scli.guard.facts import Facts
from s2scli.guard.frequent import are_one
from s2scli.guard.limits import Limits
from s2scli.text.alignment import DENSE

__all__ = ["copied"]

FEWEST_COMMON = 3  # words that are no names, in a copy
FEWEST_CAPITALS, SHORTEST_CAPITALS = 2, 3  # words, and their letters, of a copy in capitals alone
FEWEST_DENSE = 8  # characters of scripts without spaces, in a copy
LONGEST_RUN = 6  # words of the source, one after the other, that are no names
SHORTEST_TAGGED = 4  # letters of a word between tags
_TAGGED = re.compile(r"<([A-Za-z][\w-]*)(?:\s[^<>]*)?>([^<>]+)</\1>")
# Words that signs set off, and those behind colour codes of games: *must*, &cYou, ^1Red.
_SET_OFF = r"(?<![\w*_~\\])([*_~]{1,3})([^\W\d_]{4,})\1(?![*_~]|\.\w)"
_COLOURED = r"(?<![\w&])(?:[&\u00a7][0-9a-fk-or]|\^\d|\|c[0-9a-fA-F]{8})([^\W\d_]{3,})(?![\w;=])"
_CODES = ("code", "kbd", "pre", "samp", "script", "style", "tt", "var")
_MARKS = ".,;:!?\"'„“”‚‘’«»()[]…–—-"


def copied(facts: Facts, limits: Limits) -> Iterator[str]:
    """The translation is its source, or repeats a good part of it."""
    if are_one(facts.source_language, facts.target_language):
        return
    source, target = _tokens(facts.source), _tokens(facts.target)
    own = set(source)
    common = [token for token in target if _is_common(token)]
    known = sum(token in own for token in common)
    is_same = source == target
    if is_same and len(re.findall(DENSE, facts.target)) >= FEWEST_DENSE:
        yield "it is the source, not translated"
    if is_same and _are_capitals(facts.source, source):
        yield "it is the source, not translated; models know few words in capitals"
    elif known < FEWEST_COMMON:
        yield from _beside_signs(facts)
    elif is_same or known > limits.copied * len(common):
        yield "it is the source, not translated"
    elif known >= LONGEST_RUN and (run := _run(source, target)):
        yield f"“{run}” is not translated"
    else:
        yield from _beside_signs(facts)


def _beside_signs(facts: Facts) -> Iterator[str]:
    yield from _in_tags(facts)
    yield from _set_off(facts)


def _set_off(facts: Facts) -> Iterator[str]:
    """Words between two signs, or behind a code, that came out as they are."""
    if not re.search(r"[*_~&^|\u00a7]\w", facts.source):
        return
    found = [match[0] for match in re.finditer(_SET_OFF, facts.source) if _is_common(match[2])]
    found += (match[0] for match in re.finditer(_COLOURED, facts.source))
    left = [each for each in found if each in facts.target]
    for each in left[:1]:
        yield f"“{each}” is not translated"


def _in_tags(facts: Facts) -> Iterator[str]:
    """Words between two tags that came out as they are; models often copy them with the tags."""
    for found in _TAGGED.finditer(facts.source) if "</" in facts.source else ():
        words = _tokens(found[2])
        is_text = found[1] not in _CODES and words and all(map(_is_common, words))
        if is_text and max(map(len, words)) >= SHORTEST_TAGGED and found[0] in facts.target:
            yield f"“{found[0]}” is not translated"
            return


def _tokens(text: str) -> list[str]:
    """What stands between spaces, without marks around it."""
    return [token.strip(_MARKS) for token in text.split()]


def _is_common(token: str) -> bool:
    """Whether a token is a word, and, as its writing says, no name; addresses are no words."""
    return token.isalpha() and not token[0].isupper()


def _are_capitals(text: str, tokens: Sequence[str]) -> bool:
    """Whether a text has words in capitals, and nothing in small letters to tell names by."""
    words = [token for token in tokens if token.isalpha() and len(token) >= SHORTEST_CAPITALS]
    return text.isupper() and len(words) >= FEWEST_CAPITALS


def _run(source: Sequence[str], target: Sequence[str]) -> str:
    """The first words of a target, ``LONGEST_RUN`` and no names, that stand in its source so."""
    own, there = set(source), f" {' '.join(source)} "
    for start in range(len(target) - LONGEST_RUN + 1):
        run = target[start : start + LONGEST_RUN]
        if own.issuperset(run) and all(map(_is_common, run)) and f" {' '.join(run)} " in there:
            return " ".join(run)
    return ""
