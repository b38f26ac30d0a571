"""The thresholds of the guard's checks.

The figures that they were chosen by are in docs/guides/guard.md; ``scripts/bench_guard.py`` makes
them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from s2scli.guard.facts import Facts

__all__ = ["USUAL", "Limits"]


class Limits(NamedTuple):
    """From where on a check says that something is wrong.

    Attributes:
        ratio: characters of a translation per character of its source, the geometric mean of a
            model's own tuning set; 0 for what languages like these have as a rule.
        spread: standard deviation of the logarithm of that ratio for long texts.
        spread_of_short: the same for a text of one character; its variance falls with the length.
        deviations: how many standard deviations from the mean a ratio may be.
        shorter: below how many deviations a translation with fewer sentences has lost one.
        repeats: how often the same words may follow one another, if they do not in the source.
        compression: how many times smaller than itself ``zlib`` may make a translation, compared
            with its source.
        covered: the least attention that the words of a source get, as a geometric mean in which
            none counts more than 1.
        stretch: the least attention that four words of a source get, as a mean.
        copied: the share of a translation's words that may be the source's.
        confidence: least probability per token, the geometric mean; 0 for any.
        quality: least estimated quality, in the numbers of the model that estimates it; minus
            infinity for any.
    """

    ratio: float = 0.0
    spread: float = 0.12
    spread_of_short: float = 1.1
    deviations: float = 4.0
    shorter: float = -0.25
    repeats: int = 2
    compression: float = 1.6
    covered: float = 0.57
    stretch: float = 0.15
    copied: float = 0.7
    confidence: float = 0.0
    quality: float = -math.inf

    @classmethod
    def of(cls, known: Mapping[str, Any]) -> Limits:
        """Those of a model, by the names that its manifest gives; the others are as usual."""
        return cls(
            **{
                key: type(cls._field_defaults[key])(value)
                for key, value in known.items()
                if key in cls._fields and isinstance(value, (int, float)) and math.isfinite(value)
            }
        )

    def usual(self, facts: Facts) -> float:
        """Characters of a translation per character of its source."""
        if self.ratio:
            return self.ratio
        return _density(facts.target_language) / _density(facts.source_language)


# Characters that say what one character of English says, where that is far from one: round
# figures, for models of which nothing is known.
_DENSITIES = {"zh": 0.33, "yue": 0.33, "ja": 0.45, "ko": 0.5, "he": 0.8, "ar": 0.85}


def _density(language: str) -> float:
    return _DENSITIES.get(language.partition("-")[0], 1.0)


USUAL = Limits()
