"""How far annotators agree: Krippendorff's alpha, Cohen's kappa."""

from __future__ import annotations

from typing import Literal

import numpy as np

from s2scli.judging.ratings import Floats

__all__ = ["Level", "alpha", "kappa"]

Level = Literal["nominal", "ordinal", "interval"]


def alpha(table: Floats, level: Level) -> float | None:
    """Krippendorff's alpha: 1 if annotators agree in all, 0 if as by chance.

    See Krippendorff 2019, Content Analysis, chapter 12. Units that fewer than two annotators rated
    say nothing. None if no unit is left, or all ratings are equal.

    Args:
        table: shape (annotators, units); not a number where one did not rate a unit.
        level: what differences mean: ``nominal``, values are alike or not; ``ordinal``, they have
            an order; ``interval``, they have distances.
    """
    there = ~np.isnan(table)
    raters = there.sum(axis=0)
    table, there = table[:, raters > 1], there[:, raters > 1]
    if not table.size:
        return None
    values, places = np.unique(table[there], return_inverse=True)
    # How often each value was given to each unit.
    units = np.nonzero(there)[1]
    counts = np.zeros((table.shape[1], len(values)))
    np.add.at(counts, (units, places), 1.0)
    pairs = 1 / (counts.sum(axis=1) - 1)
    coincidences = (counts * pairs[:, None]).T @ counts - np.diag(pairs @ counts)
    totals = coincidences.sum(axis=1)
    distances = _distances(values, totals, level)
    expected = (np.outer(totals, totals) - np.diag(totals)) * distances
    if not expected.sum():
        return None
    observed = (coincidences * distances).sum()
    return float(1 - (totals.sum() - 1) * observed / expected.sum())


def _distances(values: Floats, totals: Floats, level: Level) -> Floats:
    """The square of the difference between each two values."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "interval":
        return np.asarray((values[:, None] - values[None, :]) ** 2)
    # Half of the ranks of the two values and all ranks between.
    middles = np.cumsum(totals) - totals / 2
    return np.asarray((middles[:, None] - middles[None, :]) ** 2)


def kappa(one: Floats, other: Floats, *, weighted: bool) -> float | None:
    """Cohen's kappa of two annotators: 1 if they agree in all, 0 if as by chance.

    See Cohen 1960 (https://doi.org/10.1177/001316446002000104), and Cohen 1968
    (https://doi.org/10.1037/h0026256) for weights, which are the squares of differences. None if
    there is nothing, or neither ever differs.

    Args:
        one: what one gave to units.
        other: what the other gave to the same units.
        weighted: whether small differences count less than large ones; else all count alike.
    """
    if not len(one):
        return None
    if weighted:
        observed = float(((one - other) ** 2).mean())
        # The mean square of the difference of any two.
        expected = float(one.var() + other.var() + (one.mean() - other.mean()) ** 2)
    else:
        values = np.union1d(one, other)
        shares = [(side[:, None] == values).mean(axis=0) for side in (one, other)]
        observed = float((one != other).mean())
        expected = 1 - float(shares[0] @ shares[1])
    return 1 - observed / expected if expected > 0 else None
