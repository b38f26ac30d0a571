"""What comparisons of two outputs say: who wins how often, and how strong each system is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from s2scli.judging.ratings import Floats, Whole, quotients

__all__ = ["Comparisons", "expected_wins", "strengths", "victories"]

# Added to each pair of systems that met, half a win for either: so that a system that always wins
# has a strength.
PRIOR = 0.5
SMALL = 1e-9
MOST_STEPS, LONGEST_STEP = 100, 2.0  # of Newton's method


class Comparisons(NamedTuple):
    """What annotators preferred; one place of each column is one comparison.

    Attributes:
        values: 1 if the first output is better, -1 if the second, 0 for a tie.
        annotators: who compared, counted from 0.
        segments: outputs of which segment, counted from 0.
        firsts: the first system.
        seconds: the second system; its number is larger than the first one's.
        shape: how many annotators, segments and systems there are.
    """

    values: Floats
    annotators: Whole
    segments: Whole
    firsts: Whole
    seconds: Whole
    shape: tuple[int, int, int]

    @classmethod
    def of(
        cls, rows: list[tuple[float, int, int, int, int]], shape: tuple[int, int, int]
    ) -> Comparisons:
        """Comparisons from rows of value, annotator, segment and the two systems."""
        values = np.array([row[0] for row in rows], np.float64)
        places = np.array([row[1:] for row in rows], np.int64).reshape(-1, 4)
        swapped = places[:, 2] > places[:, 3]
        firsts, seconds = np.sort(places[:, 2:], axis=1).T
        values = np.where(swapped, -values, values)
        return cls(values, places[:, 0], places[:, 1], firsts, seconds, shape)

    def cells(self) -> Whole:
        """For each comparison the number of its segment and systems together."""
        systems = self.shape[2]
        return (self.segments * systems + self.firsts) * systems + self.seconds

    def differences(self) -> Floats:
        """The mean of all annotators, shape (segments, systems, systems): positive where the system
        of the row is better than that of the column; not a number where nobody compared them."""
        _, segments, systems = self.shape
        cells = self.cells()
        size = segments * systems * systems
        counts = np.bincount(cells, minlength=size).reshape(segments, systems, systems)
        sums = np.bincount(cells, self.values, size).reshape(segments, systems, systems)
        counts, sums = counts + counts.swapaxes(1, 2), sums - sums.swapaxes(1, 2)
        return quotients(sums, counts)


def victories(comparisons: Comparisons) -> Floats:
    """Per segment, how often each system (rows) was better than each other one (columns); a tie is
    half a win for both. Shape (segments, systems, systems)."""
    _, segments, systems = comparisons.shape
    firsts, seconds = comparisons.firsts, comparisons.seconds
    shares = (comparisons.values + 1) / 2
    size = segments * systems * systems
    rows = comparisons.segments * systems
    won = np.bincount((rows + firsts) * systems + seconds, shares, size)
    lost = np.bincount((rows + seconds) * systems + firsts, 1 - shares, size)
    return np.asarray((won + lost).reshape(segments, systems, systems))


def expected_wins(wins: Floats) -> Floats:
    """The probability of each system to be better than another one drawn at random.

    The score of WMT's rankings (Bojar et al. 2013, https://aclanthology.org/W13-2201); here a tie
    is half a win. Systems that never met are left out; not a number for one that met none.

    Args:
        wins: shape (…, systems, systems), as ``victories`` gives them, summed over segments.
    """
    met = wins + wins.swapaxes(-1, -2)
    shares = np.divide(wins, met, out=np.zeros_like(wins), where=met > 0)
    others = (met > 0).sum(axis=-1)
    sums = shares.sum(axis=-1)
    return quotients(sums, others)


def strengths(wins: Floats, prior: float = PRIOR) -> Floats:
    """The strength of each system by the model of Bradley and Terry, with a mean of 0.

    The difference of two is the logarithm of the odds that one is better than the other (Bradley
    and Terry 1952, https://doi.org/10.2307/2334029). Found by Newton's method. Not a number for a
    system that met none.

    Args:
        wins: shape (…, systems, systems), as ``victories`` gives them, summed over segments.
        prior: half of the ties that are added to each pair that met.
    """
    wins = wins + prior * (wins + wins.swapaxes(-1, -2) > 0)
    met = wins + wins.swapaxes(-1, -2)
    known = met.sum(axis=-1) > 0
    won = wins.sum(axis=-1)
    # Strengths are free up to a constant, and those of systems that met none are free.
    fixed = 1 / wins.shape[-1] + SMALL * np.eye(wins.shape[-1])
    found = np.zeros(wins.shape[:-1])
    for _ in range(MOST_STEPS):
        chances = 1 / (1 + np.exp(found[..., None, :] - found[..., :, None]))
        slope = won - (met * chances).sum(axis=-1)
        curves = met * chances * (1 - chances)
        matrix = curves.sum(axis=-1)[..., None] * np.eye(wins.shape[-1]) - curves + fixed
        step = np.linalg.solve(matrix, slope[..., None])[..., 0].clip(-LONGEST_STEP, LONGEST_STEP)
        found = found + step
        if np.abs(step).max(initial=0.0) < SMALL:
            break
    middle = quotients(np.where(known, found, 0.0).sum(axis=-1), known.sum(axis=-1))
    return np.where(known, found - middle[..., None], np.nan)
