"""The language that a text is in, by py3langid: naive Bayes over n-grams of bytes, offline.

Lui and Baldwin 2012, "langid.py: An Off-the-shelf Language Identification Tool"
(https://aclanthology.org/P12-3005); py3langid (https://github.com/adbar/py3langid, BSD-3-Clause)
is the maintained fork, with a model for 140 languages. docs/decisions/0009-detection.md compares it
with others.

A short text may be of several languages; where it is, detection says so instead of guessing.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from s2scli.errors import UsageError, memory_error
from s2scli.languages.codes import match_language, written_code

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["LEAST", "SURE", "UNKNOWN", "Detected", "Likely", "detect", "detectable"]

UNKNOWN = "und"  # undetermined, in ISO 639-2
NOTHING = "zxx"  # no linguistic content, in ISO 639-2
SURE = 0.5  # confidence from which on a language counts as found
LEAST = 0.01  # share of the languages that count, among all; below it, the text is in none of them
MOST = 2_000  # characters that are looked at: more of them, if they repeat, lower the confidence
AHEAD = 2.0  # of a few languages, the likeliest is so many times likelier than the next
CANDIDATES = 10


class Likely(NamedTuple):
    """A language that a text may be in.

    Attributes:
        language: its shortest ISO 639 code.
        confidence: how likely it is that of all languages that count: from 0 to 1.
    """

    language: str
    confidence: float


class Detected(NamedTuple):
    """What a text is in.

    Attributes:
        language: its shortest ISO 639 code (``de``, ``ckb``); ``und`` if the text is too short, or
            could be in several, or is in none.
        confidence: that of the likeliest language, however low: from 0 to 1.
        candidates: the likeliest languages, best first; empty for a text without letters.
    """

    language: str
    confidence: float
    candidates: tuple[Likely, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether a language was found."""
        return self.language != UNKNOWN


def detect(text: str, among: Collection[str] | None = None, *, sure: float = SURE) -> Detected:
    """Find the language of a text, by its first 2,000 characters.

    Args:
        text: the text.
        among: the languages that it should be in, by any codes or names; those that cannot be
            told (see ``detectable``) are left out. Confidence is divided among them, unless the
            text is clearly in none of them; the likeliest must be twice as likely as the next.
            None for all.
        sure: the confidence from which on a language counts as found. At 0.5, 99%
            of beginnings of five words and 94% of two words that are found are right (see
            docs/decisions/0009-detection.md).

    Raises:
        UsageError: there is no language of one of the names, or none of them can be told.
    """
    labels = None if among is None else _labels(frozenset(among))
    text = text[:MOST]
    if not any(map(str.isalpha, text)):
        return Detected(UNKNOWN, 0.0)
    ranked = [
        (label, score)
        for label, score in _identifier().rank(text)
        if labels is None or label in labels
    ]
    total = sum(score for _, score in ranked)
    total = total if total >= LEAST else 1.0
    found = tuple(Likely(_code(label), score / total) for label, score in ranked[:CANDIDATES])
    best, confidence = found[0]
    known = confidence >= max(sure, LEAST) and best != NOTHING
    if labels and len(found) > 1:  # of two, one always has a half
        known = known and confidence >= AHEAD * found[1].confidence
    return Detected(best if known else UNKNOWN, confidence, found)


def detectable(language: str) -> bool:
    """Whether a language, by any code or name, can be found.

    Raises:
        UsageError: there is no language of that name.
    """
    return match_language(language, _identifier().labels) is not None


@cache
def _identifier() -> LanguageIdentifier:
    """The model, loaded; this takes half a second."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except (ImportError, MemoryError) as error:
        raise memory_error(error) or error from error


@cache
def _labels(languages: frozenset[str]) -> frozenset[str]:
    """The model's labels of some languages.

    Raises:
        UsageError: there is none.
    """
    known = _identifier().labels
    found = frozenset(
        label for language in languages if (label := match_language(language, known)) is not None
    )
    if not found:
        raise UsageError(
            f"None of the languages can be told: {', '.join(sorted(languages)) or 'there is none'}",
            f"Known: {', '.join(sorted(known))}.",
        )
    return found


@cache
def _code(label: str) -> str:
    return label if label == NOTHING else written_code(label) or label
