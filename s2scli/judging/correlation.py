"""How well numbers of one kind, as an automatic metric gives them, follow those of people."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from s2scli.judging.ratings import Floats, Whole

__all__ = ["Calibrated", "calibrated_accuracy", "kendall", "pearson"]

ROUNDING = 1e-9  # differences up to this are none


class Calibrated(NamedTuple):
    """A pairwise accuracy with ties.

    Attributes:
        accuracy: the share of pairs that are ordered alike or tied in both.
        epsilon: the largest difference of the metric that counts as a tie.
    """

    accuracy: float
    epsilon: float


def pearson(one: Floats, other: Floats) -> float | None:
    """Pearson's correlation; None if either does not vary."""
    if len(one) < 2:
        return None
    ours, theirs = one - one.mean(), other - other.mean()
    size = float(np.sqrt((ours**2).sum() * (theirs**2).sum()))
    alike = np.ptp(one) <= ROUNDING or np.ptp(other) <= ROUNDING
    return None if alike else float((ours * theirs).sum() / size)


def kendall(one: Floats, other: Floats) -> float | None:
    """Kendall's tau-b, which takes ties into account; None if either does not vary.

    See Kendall 1945 (https://doi.org/10.1093/biomet/33.3.239).
    """
    agreeing, ours, theirs = 0, 0, 0
    for place in range(len(one) - 1):
        first = _signs(one[place + 1 :] - one[place])
        second = _signs(other[place + 1 :] - other[place])
        agreeing += int((first * second).sum())
        ours += int(np.abs(first).sum())
        theirs += int(np.abs(second).sum())
    return agreeing / float(np.sqrt(float(ours) * theirs)) if ours and theirs else None


def calibrated_accuracy(human: Floats, metric: Floats, groups: Whole) -> Calibrated | None:
    """Pairwise accuracy with ties, the mean of groups, with calibrated ties of the metric.

    See Deutsch et al. 2023 (https://aclanthology.org/2023.emnlp-main.798): a metric hardly ever
    gives two outputs the same number, so the difference up to which it ties is the one with the
    highest accuracy on the same data. None if there is no pair.

    Args:
        human: for each pair of outputs the difference of what people say.
        metric: for each the difference of the metric.
        groups: for each pair its segment; or one number, if all pairs are one group.
    """
    if not len(human):
        return None
    _, members, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    weights = 1 / (len(sizes) * sizes[members])
    wanted = _signs(human)
    found = _signs(metric)
    apart = np.where(found == 0, 0.0, np.abs(metric))
    order = np.argsort(apart, kind="stable")
    apart = apart[order]
    as_tie = np.cumsum((weights * (wanted == 0))[order])
    as_order = (weights * ((wanted != 0) & (wanted == found)))[order]
    accuracies = as_tie + as_order.sum() - np.cumsum(as_order)
    # A tie takes all pairs that are no further apart; it may take none.
    last = np.append(apart[1:] > apart[:-1], True)
    epsilons, accuracies = apart[last], accuracies[last]
    if epsilons[0] > 0:
        epsilons, accuracies = np.insert(epsilons, 0, 0.0), np.insert(accuracies, 0, as_order.sum())
    best = int(np.argmax(np.round(accuracies, 12)))
    return Calibrated(float(accuracies[best]), float(epsilons[best]))


def _signs(differences: Floats) -> Floats:
    return np.where(np.abs(differences) <= ROUNDING, 0.0, np.sign(differences))
