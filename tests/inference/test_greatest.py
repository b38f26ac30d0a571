"""The greatest numbers of rows are those that sorting finds."""

from __future__ import annotations

import numpy as np
import pytest

from s2scli.inference.greatest import greatest


@pytest.mark.parametrize("width", [1, 10, 255, 1000, 5000, 32_003])
@pytest.mark.parametrize("count", [1, 4, 12])
def test_as_sorting_finds_them(width: int, count: int) -> None:
    random = np.random.default_rng(width)
    scores = random.normal(size=(6, width)).astype(np.float32)
    scores[:, ::7] = -np.inf
    scores[0] = -1e9
    found, index = greatest(scores, count)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    assert np.array_equal(found, np.take_along_axis(scores, order, 1))
    assert np.array_equal(np.take_along_axis(scores, index, 1), found)
    finite = np.isfinite(found[1:])
    assert np.array_equal(index[1:][finite], order[1:][finite])
    assert all(len(set(row)) == len(row) for row in index.tolist())
