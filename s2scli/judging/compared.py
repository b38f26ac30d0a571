"""Results of comparisons of two outputs."""

from __future__ import annotations

import numpy as np

from s2scli.judging.collection import PREFERENCE, Collection
from s2scli.judging.comparisons import Comparisons, expected_wins, strengths, victories
from s2scli.judging.lots import Lots
from s2scli.judging.panel import agreed
from s2scli.judging.rated import system_results
from s2scli.judging.ratings import Floats, quotients
from s2scli.judging.results import CriterionResult
from s2scli.judging.standing import stand

__all__ = ["by_preference"]


def by_preference(collection: Collection, by: Lots) -> CriterionResult:
    """Systems by how often their outputs are preferred.

    Args:
        collection: what was said.
        by: how intervals and tests draw.
    """
    names = collection.design.systems
    found = collection.comparisons()
    wins = victories(found)
    flat = wins.reshape(len(wins), -1)

    def compute(counts: Floats) -> Floats:
        drawn = (counts @ flat).reshape(len(counts), *wins.shape[1:])
        return np.hstack([expected_wins(drawn), strengths(drawn)])

    total = wins.sum(axis=0)
    won, tied, lost = _shares(found)
    measures = {
        "expected wins": expected_wins(total),
        "strength": strengths(total),
        "won": won,
        "tied": tied,
        "lost": lost,
    }
    differences = found.differences()
    standing = stand(names, measures["expected wins"], differences, by)
    judged = (~np.isnan(differences)).any(axis=2).sum(axis=0)
    sizes = list(zip(_met(found).astype(int).tolist(), judged.tolist(), strict=True))
    return CriterionResult(
        PREFERENCE,
        False,
        system_results(names, sizes, measures, by.intervals(compute), standing),
        standing.pairs,
        agreed(
            collection.design.annotators, found.annotators, found.cells(), found.values, "nominal"
        ),
        differences,
    )


def _met(found: Comparisons) -> Floats:
    """In how many comparisons each system was."""
    systems = np.concatenate([found.firsts, found.seconds])
    return np.bincount(systems, minlength=found.shape[2]).astype(np.float64)


def _shares(found: Comparisons) -> tuple[Floats, Floats, Floats]:
    """Which share of its comparisons each system won, tied and lost."""
    values = np.concatenate([found.values, -found.values])
    systems = np.concatenate([found.firsts, found.seconds])
    won, tied, lost = (
        quotients(
            np.bincount(systems, values == value, found.shape[2]).astype(np.float64), _met(found)
        )
        for value in (1, 0, -1)
    )
    return won, tied, lost
