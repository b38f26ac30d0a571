"""Where sentences, clauses and words end: spans that cover a text without gap or overlap.

All of it runs in linear time, whatever the text. The white space after a unit belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from s2scli.data import Span

__all__ = [
    "LEVELS",
    "Splitter",
    "characters",
    "clauses",
    "is_inner_stop",
    "sentences",
    "words",
]

Splitter = Callable[[str, int, int], Iterator[Span]]

# Sentence ends of the scripts with spaces, and of those without.
SPACED_END = frozenset(".?!…؟۔।॥።։၊။៖‽⁇⁈⁉")
DENSE_END = frozenset("。！？｡．")
CLAUSE_END = frozenset(",;:،؛、，；：–—")
CLOSING = frozenset("\"'”’»›)]}」』）】〉》")
MAX_CLOSING = 8

# Written with a full stop within a sentence, in the languages that users have most.
ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        """
        mr mrs ms dr prof st jr sr vs etc inc ltd co corp al approx dept est gen col
        capt lt sgt rev hon gov sen rep e.g i.e cf ca z.b d.h u.a bzw usw evtl ggf inkl str tel
        hrsg sog vgl zzgl mme mlle sra dott sig ing av ed eds jan feb mar apr jun
        jul aug sep sept oct okt nov dec dez
        """,
    )
)

# Abbreviations only before a number: "No. 5", but "No. I will not."
BEFORE_NUMBERS = frozenset(("no", "nr", "vol", "fig", "eq", "p", "pp", "abs", "art", "bd", "ch"))

# Compiled where a text is cut, which few starts need.
_SPACE_OR_DENSE = r"\s+|[。！？｡．]"
_SPACE = r"\s+"
_SPACE_OR_DENSE_CLAUSE = r"\s+|[、，；：]"
_LAST_WORD = r"[\w.]+\Z"
CHARACTER_BLOCK = 16


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of ``text[start:end]``."""
    begin = start
    for match in re.compile(_SPACE_OR_DENSE).finditer(text, start, end):
        if match.end() <= begin:
            continue
        if match[0] in DENSE_END:
            stop = _past_closing(text, match.end(), end)
        elif _ends_sentence(text, begin, match.start(), match.end()):
            stop = match.end()
        else:
            continue
        if stop > begin:
            yield begin, stop
            begin = stop
    if begin < end:
        yield begin, end


def clauses(text: str, start: int, end: int) -> Iterator[Span]:
    """The parts of ``text[start:end]`` between commas, colons and their like."""

    def ends(match: re.Match[str]) -> bool:
        return match[0] in CLAUSE_END or text[match.start() - 1] in CLAUSE_END

    yield from _cut(_SPACE_OR_DENSE_CLAUSE, text, start, end, ends)


def words(text: str, start: int, end: int) -> Iterator[Span]:
    """The parts of ``text[start:end]`` between white space."""
    yield from _cut(_SPACE, text, start, end, lambda _: True)


def characters(text: str, start: int, end: int) -> Iterator[Span]:
    """Blocks of a few characters of ``text[start:end]``."""
    for begin in range(start, end, CHARACTER_BLOCK):
        yield begin, min(begin + CHARACTER_BLOCK, end)


def single_characters(text: str, start: int, end: int) -> Iterator[Span]:
    """Each character of ``text[start:end]``."""
    for begin in range(start, end):
        yield begin, begin + 1


# From coarse to fine, within a sentence.
LEVELS: tuple[Splitter, ...] = (clauses, words, characters, single_characters)


def _cut(
    pattern: str,
    text: str,
    start: int,
    end: int,
    ends: Callable[[re.Match[str]], bool],
) -> Iterator[Span]:
    begin = start
    for match in re.compile(pattern).finditer(text, start, end):
        if match.start() > begin and ends(match):
            yield begin, match.end()
            begin = match.end()
    if begin < end:
        yield begin, end


def _past_closing(text: str, position: int, end: int) -> int:
    """After the further ends and closing quotes, and the white space, that belong to an end."""
    while position < end and (text[position] in DENSE_END or text[position] in CLOSING):
        position += 1
    while position < end and text[position].isspace():
        position += 1
    return position


def _ends_sentence(text: str, begin: int, space: int, following: int) -> bool:
    """Whether a sentence that began at ``begin`` ends at the white space ``space:following``."""
    position = space
    while position > max(begin, space - MAX_CLOSING) and text[position - 1] in CLOSING:
        position -= 1
    if position <= begin or text[position - 1] not in SPACED_END:
        return False
    if text[position - 1] != ".":
        return True
    follower = text[following : following + 1]
    if follower.islower():
        return False
    word = re.compile(_LAST_WORD).search(text, max(begin, position - 24), position)
    bare = word[0].rstrip(".") if word else ""
    ordinal = bare.isdigit() and len(bare) <= 2
    return not (ordinal or is_inner_stop(text, begin, position, follower))


def is_inner_stop(text: str, begin: int, position: int, follower: str) -> bool:
    """Whether the full stop before ``position`` belongs to an abbreviation or an initial.

    Args:
        text: the text.
        begin: where the sentence begins.
        position: after the full stop.
        follower: the first character after the white space that follows.
    """
    word = re.compile(_LAST_WORD).search(text, max(begin, position - 24), position)
    bare = word[0].rstrip(".").lower() if word else ""
    initial = len(bare) == 1 and bare.isalpha() and word is not None and word[0][0].isupper()
    numbered = bare in BEFORE_NUMBERS and follower.isdigit()
    return initial or numbered or bare in ABBREVIATIONS
