"""What is drawn at random for intervals and tests: segments, or whole documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from s2scli.judging.bootstrap import Bounds, bounds, resampled
from s2scli.judging.ratings import Floats, Whole
from s2scli.judging.results import Draws
from s2scli.judging.significance import sign_flip

__all__ = ["Lots"]


class Lots(NamedTuple):
    """The lots that are drawn.

    Attributes:
        units: for each judged segment the number of its lot, from 0; those of one lot are drawn
            together.
        draws: how often.
    """

    units: Whole
    draws: Draws

    def intervals(self, compute: Callable[[Floats], Floats]) -> list[Bounds | None]:
        """The intervals of numbers by bootstrap; none if there is but one lot, of which nobody
        knows how far others are apart.

        Args:
            compute: from how often each segment is in samples, shape (samples, segments), to the
                numbers found in them, one row each.
        """
        count = self._count()
        if count < 2:
            return []

        def of_lots(counts: Floats) -> Floats:
            return compute(counts[:, self.units])

        return bounds(resampled(of_lots, count, self.draws.samples, self.draws.seed))

    def chances(self, differences: Floats) -> Floats:
        """The p-value of each column's mean difference, by paired permutation.

        Args:
            differences: of each segment (rows); not a number where there is none.
        """
        sums = np.zeros((self._count(), differences.shape[1]))
        np.add.at(sums, self.units, np.where(np.isnan(differences), 0.0, differences))
        return sign_flip(sums, self.draws.trials, self.draws.seed)

    def _count(self) -> int:
        return int(self.units.max(initial=-1)) + 1
