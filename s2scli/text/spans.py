"""Stretches of a text that are not language and must come out as they went in, exactly once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from s2scli.errors import UsageError
from s2scli.text.sentences import Span

__all__ = ["Protection", "has_letters"]

UNKNOWN = "\ufffd"  # what stands for bytes that are no character
SMALL = "\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u218b"
SYMBOLS = (
    "|\u00a9\u00ac\u00ae\u00b0\u00b1\u00d7\u00f7\u2022\u2100-\u214f\u2190-\u23ff\u2460-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
)
JOINERS = "\u200d\ufe0e\ufe0f\u20e3"
# In this order: what begins at the same place is taken by the first. Each runs in linear time, and
# begins with a character or a set of them, for then it is passed by at once at all others.
_PATTERNS = (
    r"https?://[^\s<>\"'()]*[\w/#=&-]",  # URLs, without the punctuation behind them
    r"www\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"'()]*[\w/#=&-])?",
    r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",  # e-mail addresses
    r"`[^`\n]+`",  # code
    r"\{\{[^{}\n]*\}\}",  # {{name}}, as in Mustache and Jinja
    r"\$\{[^{}\n]*\}",  # ${name}, as in shells and JavaScript
    r"\{[\w.!:,#-]*\}",  # {name}, {0}, {0:.2f}, as in Python, Java and ICU
    r"\{[\w.\[\]]*(?:![rsa])?:(?:[^{}\n]?[<>=^])?[-+ ]?#?\d{0,9}[,_]?(?:\.\d{1,9})?[a-zA-Z%]?\}",
    r"\$t\([^()\n]*\)",  # $t(key), as in i18next
    # {count, plural, one {…} other {…}}, {0,number}: ICU's and Java's, two levels deep. The limits
    # keep what is never closed from being read again and again.
    r"\{\s{0,9}\w+\s{0,9},\s{0,9}(?:plural|select|selectordinal|choice|number|date|time|"
    r"spellout|ordinal|duration)\b[^{}]*"
    r"(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*){0,20}\}[^{}]*){0,20}\}",
    r"%\([\w.]+\)[#0\- +]*(?:[1-9]\d*)?(?:\.\d+)?[a-zA-Z]",  # %(name)s, as in Python
    r"%(?:\d+\$)?[#0\-+]*(?:[1-9]\d*)?(?:\.\d+)?(?:hh|h|ll|l|z|j|t|L)?"
    r"[diouxXeEfFgGaAcspn@](?![A-Za-z])",
    r"%%",
    r"%(?<!\d%)[-_^#]?[A-Za-z](?![A-Za-z])",  # parts of a date, as strftime has them
    r"%\w+%",  # %NAME%, as in Windows
    r"\$[A-Za-z_]\w*",  # $NAME
    r"&[A-Za-z]\w*;|&#\w+;",  # entities
    r"'[{}][^'\n]*'|'#'",  # what is no markup for ICU
    r"[0-9#*]\ufe0f?\u20e3",  # keycaps
    r"#(?<![\w#&]#)(?:st|nd|rd|th)?(?![\w#])",  # the number in a branch of ICU's plurals
    r"<[A-Za-z/][^<>\n]*>",  # tags
    r"#(?<![\w#&]#)(?:[0-9a-fA-F]{3,4}){1,2}\b",  # colours
    r"[~./](?<![\w~./].)(?:(?<=\.)\.)?(?:(?<=/)|/)(?:[\w.-]{1,255}/)+(?:[\w.-]*\w)?",  # paths
    # What models do not know or read as something else: symbols.
    rf"[{SYMBOLS}][{SYMBOLS}{JOINERS}]*(?:(?<=°)[CF]\b)?",
)
# What begins as words do; looked for where a text has a sign of it.
_WORDS = (
    r"\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b",  # UUIDs
    # Dates and times as ISO 8601 has them.
    r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?\b",
    r"\b[A-Za-z]:\\(?:[^\s\"<>|()]*[\w\\])?",  # paths of Windows
    r"\b[A-Za-z_]\w+(?:\.[A-Za-z_]\w+){2,}\b",  # names with points, as of packages
    r"\b[a-z]{2}[-_](?:[A-Z][a-z]{3}[-_])?[A-Z]{2}\b",  # tags of languages, with a region
    # Figures above and below the line and fractions, each with the word that it is in.
    rf"\b\w*[{SMALL}][\w{SMALL}]*",
)
_SIGN = re.compile(rf"[{SMALL}]|[-_.:](?=[\w\\])")


class Protection:
    """Finds what is protected.

    Args:
        patterns: regular expressions of a user's, beside placeholders, addresses, code and tags.

    Raises:
        UsageError: one is no regular expression.
    """

    def __init__(self, patterns: Sequence[str] = ()) -> None:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise UsageError(
                    f"--protect {pattern!r} is no regular expression: {error}"
                ) from None
        own = [f"(?:{pattern})" for pattern in patterns]
        self._pattern = re.compile("|".join((*own, *_PATTERNS)))
        self._with_words = re.compile("|".join((*own, *_PATTERNS, *_WORDS)))

    def spans(self, text: str, literals: Sequence[str] = ()) -> Iterator[Span]:
        """Where protected stretches stand, in order; none is empty, none overlaps another.

        Args:
            text: any text.
            literals: what is protected in this text too, such as its code.
        """
        reached = 0
        for match in _literals(tuple(literals)).finditer(text) if literals else ():
            yield from self._spans(text, reached, match.start())
            yield match.span()
            reached = match.end()
        yield from self._spans(text, reached, len(text))

    def _spans(self, text: str, start: int, end: int) -> Iterator[Span]:
        pattern = self._with_words if _SIGN.search(text, start, end) else self._pattern
        for match in pattern.finditer(text, start, end):
            if match.end() > match.start():
                yield match.span()

    def counts(self, text: str, literals: Sequence[str] = ()) -> Counter[str]:
        """How often each protected stretch is in a text."""
        return _counted(text, self.spans(text, literals))

    def is_intact(self, source: str, target: str, literals: Sequence[str] = ()) -> bool:
        """Whether all that is protected in one text is in the other, as often, and nothing more.

        Where something is protected, there must be a word beside it if there was one, and nothing
        that is no character.
        """
        inside, kept = list(self.spans(source, literals)), list(self.spans(target, literals))
        found = _counted(source, inside)
        if found != _counted(target, kept):
            return False
        # A program finds its %s in %shaus too.
        if any(source.count(p) != target.count(p) for p in found if not p[0].isalnum()):
            return False
        if found and UNKNOWN in target and UNKNOWN not in source:
            return False
        return not (found and has_letters(source, inside) and not has_letters(target, kept))


def has_letters(text: str, kept: Iterable[Span]) -> bool:
    """Whether there are letters outside of some stretches of a text, which are in order."""
    reached = 0
    for start, end in [*kept, (len(text),) * 2]:
        if any(map(str.isalpha, text[reached:start])):
            return True
        reached = end
    return False


def _counted(text: str, spans: Iterable[Span]) -> Counter[str]:
    return Counter(text[start:end] for start, end in spans)


@lru_cache(maxsize=256)
def _literals(literals: tuple[str, ...]) -> re.Pattern[str]:
    """Finds literals, the longest first, but not within words."""
    longest_first = sorted(filter(None, literals), key=len, reverse=True)
    return re.compile("|".join(map(_bounded, longest_first)) or r"(?!)")


def _bounded(literal: str) -> str:
    """A pattern for a literal; a word, or a run of one sign, goes no further on either side."""
    is_run = len(literal) > 1 and not literal.strip(literal[0]) and not literal.isspace()
    first, last = (
        r"\w" if sign.isalnum() else re.escape(sign) if is_run else ""
        for sign in (literal[0], literal[-1])
    )
    before, behind = f"(?<!{first})" if first else "", f"(?!{last})" if last else ""
    return before + re.escape(literal) + behind
