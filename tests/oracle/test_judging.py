"""Agreement of annotators, against NLTK."""

from __future__ import annotations

import numpy as np
import pytest

from s2scli.judging.agreement import Level, alpha, kappa
from tests.oracle.needs import needs

pytestmark = needs("nltk")
NONE = float("nan")


@pytest.mark.parametrize("seed", range(5))
def test_agreement_is_that_of_nltk(seed: int) -> None:
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import binary_distance

    draw = np.random.default_rng(seed)
    table = np.round(draw.normal(3, 1, 30) + draw.normal(0, 1, (3, 30))).clip(1, 5)
    table[draw.random(table.shape) < 0.2] = NONE
    rows = [
        (str(who), str(unit), int(value))
        for (who, unit), value in np.ndenumerate(table)
        if not np.isnan(value)
    ]
    measures: list[tuple[Level, object]] = [
        ("nominal", binary_distance),
        ("interval", lambda a, b: float((a - b) ** 2)),
    ]
    for level, distance in measures:
        oracle = AnnotationTask(rows, distance=distance).alpha()
        assert alpha(table, level) == pytest.approx(oracle)
    both = ~np.isnan(table[:2]).any(axis=0)
    pair = [row for row in rows if row[0] in "01" and both[int(row[1])]]
    oracle = AnnotationTask(pair).kappa()
    assert kappa(table[0, both], table[1, both], weighted=False) == pytest.approx(oracle)
