"""Compare float32, int8 as a model stores it, and int8 with weights of 7 bits, on this processor.

Where sums of products of 8-bit integers overflow (``s2scli.inference.device.products_overflow``),
the second is what the engine would write by itself, and the third what s2s makes of it. ``same`` is
the share of lines that are those of float32; time is processor time of one thread, and above 1 in
``speed`` is faster than float32::

    PYTHONPATH=. python scripts/bench_int8.py --input newstest2014.en --reference newstest2014.de \
        --lines 300
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from unittest.mock import patch

from s2scli.api import load
from s2scli.inference.device import products_overflow
from s2scli.metrics.base import load_metric

METRICS = ("bleu", "chrf")
# What is measured → the compute type, and whether weights lose a bit.
WAYS = {"float32": ("float32", False), "int8": ("int8", False), "int8, 7 bits": ("int8", True)}


def scored(name: str, found: Sequence[str], references: Sequence[str]) -> float:
    """A metric's score of all lines."""
    metric = load_metric(name)
    return metric.score(metric.statistics(found, [[text] for text in references]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-m", "--model", default="en-de", help="a model of your store")
    parser.add_argument("--input", type=Path, required=True, help="lines to translate")
    parser.add_argument("--reference", type=Path, required=True, help="their translations")
    parser.add_argument("--lines", type=int, default=300, help="how many of them")
    parser.add_argument("--beam", type=int, default=4)
    options = parser.parse_args()
    sources, references = (
        path.read_text("utf-8").splitlines()[: options.lines]
        for path in (options.input, options.reference)
    )
    overflow = "overflow" if products_overflow() else "do not overflow"
    print(f"{len(sources)} lines, beam {options.beam}; on this processor, sums {overflow}\n")
    print("| computed in | BLEU | chrF | same | speed |\n| --- | --- | --- | --- | --- |")
    exact, base = [""] * len(sources), 0.0
    for computed, (compute_type, halved) in WAYS.items():
        overflows = partial(bool, halved)
        with patch("s2scli.inference.engines.ctranslate2.products_overflow", overflows):
            model = load(options.model, compute_type=compute_type, threads=1)
        with model:
            model.translate(sources[:8])
            start = time.process_time()
            results = model.translate(sources, beam_size=options.beam)
            spent = time.process_time() - start
        found = [result.text for result in results]
        exact, base = (found, spent) if computed == "float32" else (exact, base)
        scores = [scored(name, found, references) for name in METRICS]
        same = sum(map(str.__eq__, found, exact)) / len(found)
        shown = " | ".join(f"{score:.2f}" for score in scores)
        print(f"| {computed} | {shown} | {same:.1%} | {base / spent:.2f} |", flush=True)


if __name__ == "__main__":
    main()
