"""What samples cost beside greedy search, with the bundled model on one thread::

    python scripts/bench_sampling.py

The lines are those of ``tests/golden/bundled-sentences.tsv``. What counts is the processor time for
each token that is written, and how often that is the time of greedy search; the model is loaded
before. ``--quick`` is for a first look. The table is printed as Markdown. ``--batches`` counts
instead how many samples are others if batches are smaller, in int8 and in float32.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import s2scli

LINES = Path(__file__).parents[1] / "tests" / "golden" / "bundled-sentences.tsv"
QUICK_LINES = 30
SMALL_BATCH = 40  # tokens
SHAPED = {"temperature": 0.7, "top_p": 0.9}
ASKED: dict[str, dict[str, Any]] = {
    "greedy search": {"beam_size": 1},
    "`--beam 4`": {"beam_size": 4},
    "`--sample`": {"sample": True},
    "`--sample --temperature 0.7 --top-p 0.9`": {"sample": True, **SHAPED},
    "`--sample --n-best 8`": {"sample": True, "n_best": 8},
    "`--sample --n-best 8 --temperature 0.7 --top-p 0.9`": {"sample": True, "n_best": 8, **SHAPED},
}


def measured(model: s2scli.TextModel, lines: list[str], options: dict[str, Any]) -> list[float]:
    """Tokens per output, and processor time per token in milliseconds."""
    began = time.process_time()
    results = model.translate(lines, **options)
    taken = time.process_time() - began
    tokens = [hypothesis.tokens for result in results for hypothesis in result.hypotheses]
    return [sum(tokens) / len(tokens), 1000 * taken / sum(tokens)]


def changed(lines: list[str], compute_type: str) -> str:
    """How many samples depend on the batches."""
    found = []
    for size in (None, SMALL_BATCH):
        options: dict[str, Any] = {"threads": 1, "compute_type": compute_type, "batch_tokens": size}
        with s2scli.load("en-de", **options) as model:
            results = model.translate(lines, sample=True)
        found.append([(result.text, result.hypotheses[0].tokens) for result in results])
    pairs = list(zip(*found, strict=True))
    tokens = sum(length for _, length in found[0])
    others = sum(one[0] != other[0] for one, other in pairs)
    return f"{compute_type}: {others} of {len(pairs)} samples, of {tokens} tokens in all"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="Few lines.")
    parser.add_argument("--batches", action="store_true", help="Compare batches, not times.")
    given = parser.parse_args()
    rows = LINES.read_text(encoding="utf-8").splitlines()
    lines = [row.split("\t")[1] for row in rows][: QUICK_LINES if given.quick else None]
    if given.batches:
        print(changed(lines, "int8"), changed(lines, "float32"), sep="\n")
        return
    print("| | tokens of an output | ms per token | times greedy search |")
    print("| --- | --- | --- | --- |")
    with s2scli.load("en-de", threads=1) as model:
        model.translate(lines[:5])
        greedy = 0.0
        for name, options in ASKED.items():
            length, cost = measured(model, lines, options)
            greedy = greedy or cost
            print(f"| {name} | {length:.1f} | {cost:.2f} | {cost / greedy:.1f} |", flush=True)


if __name__ == "__main__":
    main()
