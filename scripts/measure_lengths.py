"""Measure how long a model's translations are for their sources, for the guard.

Takes the sets by which a model was tuned (two parallel files each, or one file with a tab in each
line) and fits what ``s2scli.guard.lengths`` compares with: the ratio of the characters, as a
geometric mean, and how far its logarithm is spread, for long texts and beyond that for short ones.
With ``--store`` the figures go into the model's manifest::

    python scripts/measure_lengths.py --set tatoeba-dev.en tatoeba-dev.de --set dev.ui.tsv \\
        --store s2scli/bundled/en-de
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np

from s2scli.models.manifest import Manifest

ROUNDS = 20
FARTHEST = 1.0  # of the logarithm of a ratio; what is farther is no translation


def pairs(files: list[str]) -> list[tuple[str, str]]:
    """The pairs of a set whose texts are not empty."""
    texts = [Path(name).read_text("utf-8").split("\n") for name in files]
    rows = zip(*texts, strict=True) if len(files) > 1 else (row.split("\t") for row in texts[0])
    found = [(row[0].strip(), row[1].strip()) for row in rows if len(row) > 1]
    return [(source, target) for source, target in found if source and target]


def fitted(found: list[tuple[str, str]]) -> dict[str, float]:
    """The ratio and the two spreads, by weighted least squares of the squared residuals.

    The variance of the logarithm is ``spread ** 2 + spread_of_short ** 2 / characters``.
    """
    lengths = np.array([len(source) for source, _ in found], float)
    logs = np.array([math.log(len(target) / len(source)) for source, target in found])
    columns = np.stack([np.ones_like(lengths), 1 / lengths], axis=1)
    weights = np.ones_like(logs)
    mean, parts = 0.0, np.ones(2)
    for _ in range(ROUNDS):
        mean = float((weights * logs).sum() / weights.sum())
        squares = np.minimum((logs - mean) ** 2, FARTHEST)
        fit = np.linalg.lstsq(columns * weights[:, None], squares * weights, rcond=None)[0]
        parts = np.maximum(fit, 1e-4)
        weights = 1 / (columns @ parts)
    return {
        "ratio": round(math.exp(mean), 3),
        "spread": round(math.sqrt(parts[0]), 3),
        "spread_of_short": round(math.sqrt(parts[1]), 3),
    }


def main() -> None:
    """Print the figures, and store them if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--set", dest="sets", nargs="+", action="append", required=True)
    parser.add_argument("--store", type=Path, metavar="MODEL")
    options = parser.parse_args()
    found = [pair for files in options.sets for pair in pairs(files)]
    figures = fitted(found)
    print(f"{len(found):,} pairs: {figures}")
    if options.store:
        manifest = Manifest.load(options.store)
        manifest._replace(guard={**manifest.guard, **figures}).save(options.store)


if __name__ == "__main__":
    main()
