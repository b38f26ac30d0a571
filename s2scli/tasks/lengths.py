"""How long a summary should be, in a person's terms: in words, or as a part of the text."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from s2scli.data import Decoding
from s2scli.errors import UsageError

__all__ = ["NAMED", "Length", "count_words"]

# Some one or two sentences, a paragraph, several paragraphs.
NAMED = {"short": 30, "medium": 80, "long": 200}
# A summary of a part with fewer words than this says too little: several parts are joined first.
LEAST_WORDS = 15
SHORTEST, LONGEST = 0.7, 1.3  # how far a length in words may be missed
STEP = 8  # tokens; limits are rounded up to it, so that texts of like lengths share a batch
# Scripts without spaces: Han and kana. A word has some two characters (Japanese and Chinese).
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
DENSE_CHARACTERS_A_WORD = 2
_GIVEN = re.compile(r"([0-9]{1,6})\s*(%|w|words?)?")


def count_words(text: str) -> int:
    """The number of words between white space; in scripts without spaces, half the characters."""
    dense = len(_DENSE.findall(text))
    plain = _DENSE.sub(" ", text) if dense else text
    return len(plain.split()) + math.ceil(dense / DENSE_CHARACTERS_A_WORD)


@dataclass(frozen=True, slots=True)
class Length:
    """A length that the user asked for.

    Attributes:
        words: that number, or 0.
        percent: of the words of the text, or 0.
    """

    words: int = 0
    percent: int = 0

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read ``short``, ``medium``, ``long``, ``120``, ``120 words`` or ``10%``.

        Raises:
            UsageError: it is not one of them.
        """
        plain = text.strip().lower()
        if plain in NAMED:
            return cls(words=NAMED[plain])
        match = _GIVEN.fullmatch(plain)
        if not match or int(match[1]) == 0 or (match[2] == "%" and int(match[1]) > 100):
            raise UsageError(
                f"There is no length {text!r}",
                f"Give {', '.join(NAMED)}, a number of words (120), or a part (10%).",
            )
        return cls(percent=int(match[1])) if match[2] == "%" else cls(words=int(match[1]))

    def of(self, words: int) -> float:
        """Number of words for the summary of a text with this many."""
        return self.words or max(1.0, words * self.percent / 100)


def suffices(words: float) -> bool:
    """Whether that many words are enough for a summary."""
    return words >= LEAST_WORDS


def bounded(decoding: Decoding, words: float, source: str, tokens: int) -> Decoding:
    """The decoding for outputs of about that many words.

    Args:
        decoding: how to decode otherwise; its maximum length is not exceeded if the text's own
            proportion of tokens to words does not ask for it.
        words: how many.
        source: the text to be summarized.
        tokens: its tokens.
    """
    ratio = tokens / max(1, count_words(source))
    least = math.floor(SHORTEST * words * ratio / STEP) * STEP
    most = math.ceil(LONGEST * words * ratio / STEP + 1) * STEP
    return replace(decoding, min_length=max(1, least), max_length=most)
