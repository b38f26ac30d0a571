"""``scripts/measure_lengths.py``: the length ratio of a model, and where it stands."""

from __future__ import annotations

import math
import random

from measure_lengths import fitted

from s2scli.guard.limits import USUAL, Limits
from s2scli.models.manifest import Manifest
from s2scli.models.store import DEFAULT_MODEL, bundled_directory


def test_the_ratio_and_the_spreads_are_found_again() -> None:
    generator = random.Random(1)
    found = []
    for _ in range(4000):
        source = generator.randrange(5, 200)
        spread = math.sqrt(0.1**2 + 0.8**2 / source)
        target = round(source * 1.2 * math.exp(generator.gauss(0, spread)))
        found.append(("a" * source, "a" * max(1, target)))
    figures = fitted(found)
    assert abs(figures["ratio"] - 1.2) < 0.02
    assert abs(figures["spread"] - 0.1) < 0.02
    assert abs(figures["spread_of_short"] - 0.8) < 0.1


def test_the_bundled_model_has_limits_of_its_own() -> None:
    manifest = Manifest.load(bundled_directory(DEFAULT_MODEL))
    limits = Limits.of(manifest.guard)
    assert limits.ratio == manifest.guard["ratio"] > 1
    assert limits.deviations == USUAL.deviations
