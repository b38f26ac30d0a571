"""Errors of translations by MQM, as WMT annotates them.

Categories and weights are those of Freitag et al. 2021 (https://doi.org/10.1162/tacl_a_00437),
with the severity ``critical`` of MQM itself (https://themqm.org/error-types-2/the-mqm-scoring-models/).
"""

from __future__ import annotations

__all__ = ["CATEGORIES", "NO_TRANSLATION", "SEVERITIES", "SIDES", "penalty"]

NO_TRANSLATION = "non-translation"
PUNCTUATION = "fluency/punctuation"

# Category → what it means, in the words of the instructions.
CATEGORIES: dict[str, str] = {
    "accuracy/addition": "the translation says something that the source does not",
    "accuracy/omission": "something of the source is missing",
    "accuracy/mistranslation": "the translation says something else than the source",
    "accuracy/untranslated": "a part stayed in the source language",
    "fluency/punctuation": "punctuation is wrong",
    "fluency/spelling": "spelling or capitals are wrong",
    "fluency/grammar": "grammar is wrong",
    "fluency/register": "it is too formal or too informal",
    "fluency/inconsistency": "it contradicts itself in its form",
    "fluency/encoding": "characters are garbled",
    "terminology/inappropriate": "a term is not the one that the field uses",
    "terminology/inconsistent": "one thing has several terms",
    "style/awkward": "it is correct and sounds clumsy",
    "locale/address": "an address has the wrong form",
    "locale/currency": "a currency has the wrong form",
    "locale/date": "a date has the wrong form",
    "locale/name": "a name has the wrong form",
    "locale/telephone": "a telephone number has the wrong form",
    "locale/time": "a time has the wrong form",
    "other": "anything else",
    "source-error": "the source itself is wrong",
    NO_TRANSLATION: "the whole text is no translation of the source",
}
# Severity → its weight.
SEVERITIES: dict[str, float] = {"neutral": 0.0, "minor": 1.0, "major": 5.0, "critical": 25.0}
# The text that an error was marked in.
SIDES = ("target", "source")


def penalty(category: str, severity: str) -> float:
    """The weight of an error.

    A minor error of punctuation has 0.1, and a major ``non-translation`` 25.

    Args:
        category: a key of ``CATEGORIES``.
        severity: a key of ``SEVERITIES``.
    """
    if (category, severity) == (PUNCTUATION, "minor"):
        return 0.1
    if (category, severity) == (NO_TRANSLATION, "major"):
        return SEVERITIES["critical"]
    return SEVERITIES[severity]
