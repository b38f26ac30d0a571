"""Stretches of a text that are not language and must come out as they went in, exactly once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from s2scli.data import Span
from s2scli.errors import UsageError
from s2scli.text.inlinemarkup import INLINE
from s2scli.text.literals import MORE_SIGNS, START, WORDS
from s2scli.text.macros import MACROS
from s2scli.text.placeholders import ARGUMENT, BREAK, LITERAL, SIGNS, SYNTAXES, Syntax

__all__ = ["Protection", "Stretch", "doubles_apostrophes", "has_letters", "stripped", "table"]

RECENT = 8  # texts that are asked about again at once
AND = "&&"  # the sign, in labels with mnemonics
PER_CENT = "%%"  # the sign, in texts with placeholders of printf
UNKNOWN = "\ufffd"  # what stands for bytes that are not a character
QUOTED = 500  # characters that a quotation may have
JOINTS = frozenset(":/@-\u2013\u00d7_")  # what joins two arguments to one thing
_SIGNS = re.compile(f"{SIGNS}|{MORE_SIGNS}")
_OPENING = {"»": "«", "›": "‹"}
_PARTS = re.compile("[|·•]")
_FLAGS = re.compile(r"\A\(\?([aiLmsux]+)\)")


def stripped(text: str, start: int, end: int) -> Span:
    """``text[start:end]`` without the white space at its ends; ``(end, end)`` if it has no more."""
    inside = text[start:end]
    first = end - len(inside.lstrip())
    return first, max(first, start + len(inside.rstrip()))


class Stretch(NamedTuple):
    """A protected stretch of a text.

    Attributes:
        start, end: where it is.
        kind: of which kind its syntax is, as in ``s2scli.text.placeholders``.
    """

    start: int
    end: int
    kind: str


class Protection:
    """Finds what is protected.

    Args:
        patterns: regular expressions of a user's, beside the syntaxes of the table.

    Attributes:
        patterns: these.

    Raises:
        UsageError: one is not a valid regular expression.
    """

    def __init__(self, patterns: Sequence[str] = ()) -> None:
        self.patterns = tuple(patterns)
        own = [_scoped(pattern) for pattern in patterns]
        table, kinds = _table()
        try:
            self._pattern = re.compile("|".join((*own, table)))
        except re.error as error:
            raise UsageError(
                f"--protect: {', '.join(map(repr, patterns))} cannot be combined: {error}"
            ) from None
        groups = self._pattern.groups - len(kinds)
        self._kinds = [LITERAL] * (groups + 1) + kinds  # by the number of a group
        self._own = bool(own)
        self._recent = lru_cache(maxsize=RECENT)(self._found)

    def stretches(self, text: str, literals: Sequence[str] = ()) -> tuple[Stretch, ...]:
        """What is protected in a text, in order; none is empty, none overlaps another.

        Args:
            text: any text.
            literals: what is protected in this text too, such as its code.
        """
        return self._recent(text, tuple(literals))

    def _found(self, text: str, literals: tuple[str, ...]) -> tuple[Stretch, ...]:
        return tuple(self._search(text, literals))

    def _search(self, text: str, literals: tuple[str, ...]) -> Iterator[Stretch]:
        reached = 0
        for match in _literals(literals).finditer(text) if literals else ():
            yield from self._stretches(text, reached, match.start())
            yield Stretch(*match.span(), LITERAL)
            reached = match.end()
        yield from self._stretches(text, reached, len(text))

    def spans(self, text: str, literals: Sequence[str] = ()) -> Iterator[Span]:
        """Where the stretches are."""
        for start, end, _ in self.stretches(text, literals):
            yield start, end

    def _stretches(self, text: str, start: int, end: int) -> Iterator[Stretch]:
        if not self._own and not _SIGNS.search(text, start, end):
            return
        last: Stretch | None = None
        for match in self._pattern.finditer(text, start, end):
            if match.end() == match.start() or _is_quotation(text, match.start()):
                continue
            new = Stretch(*match.span(), self._kinds[match.lastindex or 0])
            if last and _are_joined(text, last, new):
                last = last._replace(end=new.end)
                continue
            if last:
                yield last
            last = new
        if last:
            yield last

    def counts(self, text: str, literals: Sequence[str] = ()) -> Counter[str]:
        """How often each protected stretch is in a text."""
        return _counted(text, self.stretches(text, literals))

    def has_words(self, text: str, literals: Sequence[str] = ()) -> bool:
        """Whether there is something to translate beside what is protected."""
        return has_letters(text, self.spans(text, literals))

    def is_intact(self, source: str, target: str, literals: Sequence[str] = ()) -> bool:
        """Whether all that is protected in one text is in the other, as often.

        The target must have nothing that a program would take for a placeholder or a tag, and no
        broken characters. If the source has a word beside what is protected, so must the target.
        Literals of its own (an address, a symbol) are allowed.
        """
        if doubles_apostrophes(source):
            if not doubles_apostrophes(f"''{target}"):
                return False
            source, target = source.replace("''", "'"), target.replace("''", "'")
        if AND in source and _loose(source) < _loose(target):
            return False
        inside, kept = self.stretches(source, literals), self.stretches(target, literals)
        if not inside and not kept:
            return UNKNOWN not in target or UNKNOWN in source
        found, there = _counted(source, inside), _counted(target, kept)
        if found - there or found.keys() & (there - found).keys():
            return False
        hard = [stretch for stretch in kept if stretch.kind != LITERAL]
        new = _counted(target, hard) - found
        # "It costs $5." has none: what says so in the source, the target need not say.
        if any(source.count(each) < target.count(each) for each in new):
            return False
        if UNKNOWN in target and UNKNOWN not in source:
            return False
        # Where the sign itself is two, one alone begins a placeholder.
        if PER_CENT in found and _alone(source, inside) < _alone(target, kept):
            return False
        # A program finds its %s in %shaus too.
        if any(source.count(p) != target.count(p) for p in found if not p[0].isalnum()):
            return False
        # A sign too many behind one would be read as a part of it.
        doubled = (p + p[-1] for p in found if p[-1] in ">])}")
        if any(source.count(p) < target.count(p) for p in doubled):
            return False
        if _breaks(source, inside) != _breaks(target, kept):
            return False
        spans = [(start, end) for start, end, _ in inside]
        if not found or not has_letters(source, spans):
            return True
        return has_letters(target, [(start, end) for start, end, _ in kept])


@lru_cache(maxsize=1)
def table() -> Protection:
    """What the table of placeholders protects, and nothing of a user's."""
    return Protection()


def _are_joined(text: str, one: Stretch, other: Stretch) -> bool:
    """Whether two arguments are one thing, such as ``{host}:{port}``."""
    is_joint = other.start - one.end == 1 and text[one.end] in JOINTS
    return is_joint and one.kind == other.kind == ARGUMENT


def has_letters(text: str, kept: Iterable[Span]) -> bool:
    """Whether there are letters outside of some stretches of a text, which are in order."""
    reached = 0
    for start, end in [*kept, (len(text),) * 2]:
        if any(map(str.isalpha, text[reached:start])):
            return True
        reached = end
    return False


def _is_quotation(text: str, at: int) -> bool:
    """Whether a sign that may be an arrow ends a quotation in which nothing parts words."""
    if text[at] not in _OPENING:
        return False
    before = text[max(0, at - QUOTED) : at]
    inside = before[before.rfind(_OPENING[text[at]]) :]
    is_open = inside.startswith(_OPENING[text[at]]) and text[at] not in inside
    return is_open and not _PARTS.search(inside)


def doubles_apostrophes(text: str) -> bool:
    """Whether each apostrophe of a text is two, as ICU and Java require."""
    return "''" in text and "'" not in text.replace("''", "")


def _scoped(pattern: str) -> str:
    """A user's pattern as a part of a larger one.

    Raises:
        UsageError: it is not a valid regular expression.
    """
    try:
        re.compile(pattern)
    except re.error as error:
        raise UsageError(f"--protect {pattern!r} is not a regular expression: {error}") from None
    if not pattern:
        raise UsageError("--protect '' matches nothing that could be kept")
    flags = _FLAGS.match(pattern)
    return f"(?{flags[1]}:{pattern[flags.end() :]})" if flags else f"(?:{pattern})"


@lru_cache(maxsize=1)
def _table() -> tuple[str, list[str]]:
    """The table as one regular expression, and the kind of each of its groups.

    Syntaxes with one sign are tried together, so that other characters are passed by at once.
    """
    signs: dict[str, list[Syntax]] = {}
    for syntax in (*INLINE, *SYNTAXES):
        signs.setdefault(_sign(syntax.pattern), []).append(syntax)
    parts, kinds = [], list[str]()
    for sign, some in signs.items():
        rests = (f"({syntax.pattern[len(sign) :]})" for syntax in some)
        parts.append(f"{sign}(?:{'|'.join(rests)})")
        kinds += [syntax.kind for syntax in some]
    words = (*MACROS, *WORDS)
    begun = [syntax for syntax in words if syntax.pattern.startswith(START)]
    rests = (f"({syntax.pattern[len(START) :]})" for syntax in begun)
    parts.append(f"{START}(?:{'|'.join(rests)})")
    others = [syntax for syntax in words if not syntax.pattern.startswith(START)]
    parts += [f"({syntax.pattern})" for syntax in others]
    return "|".join(parts), kinds + [syntax.kind for syntax in (*begun, *others)]


def _sign(pattern: str) -> str:
    """The character that a pattern begins with, as it is written there."""
    return pattern[:2] if pattern[0] == "\\" else pattern[0]


def _counted(text: str, stretches: Iterable[Stretch]) -> Counter[str]:
    return Counter(text[start:end] for start, end, _ in stretches)


def _alone(text: str, stretches: Iterable[Stretch]) -> int:
    """How many per cent signs of a text are in nothing that is protected."""
    return text.count("%") - sum(text.count("%", start, end) for start, end, _ in stretches)


def _loose(text: str) -> int:
    """How many signs for "and" stand alone in a text."""
    return text.count("&") - 2 * text.count(AND)


def _breaks(text: str, stretches: Iterable[Stretch]) -> Counter[tuple[str, bool, bool]]:
    """The breaks in a text, each with whether there is white space on either side."""
    return Counter(
        (text[start:end], text[start - 1 : start].isspace(), text[end : end + 1].isspace())
        for start, end, kind in stretches
        if kind == BREAK
    )


@lru_cache(maxsize=256)
def _literals(literals: tuple[str, ...]) -> re.Pattern[str]:
    """Finds literals, the longest first, but not within words."""
    longest_first = sorted(filter(None, literals), key=len, reverse=True)
    return re.compile("|".join(map(_bounded, longest_first)) or r"(?!)")


def _bounded(literal: str) -> str:
    """A pattern for a literal; a word, or two equal signs at an end, go no further there."""
    edges = (literal[:1], literal[1:2]), (literal[-1:], literal[-2:-1])
    first, last = (
        r"\w" if sign.isalnum() else re.escape(sign) if sign == inner and sign.strip() else ""
        for sign, inner in edges
    )
    before, behind = f"(?<!{first})" if first else "", f"(?!{last})" if last else ""
    return before + re.escape(literal) + behind
