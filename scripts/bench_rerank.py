"""Measure what reranking gains and costs: chrF, BLEU and speed with the bundled model.

``one best`` rows are what the search finds without reranking. Speed is in lines per second of
processor time, so that other work on the machine does not count; ``cost`` is that time by the first
row's. ``changed`` is the share of lines whose best hypothesis is another than the search's::

    python scripts/bench_rerank.py --source tatoeba-test.en --reference tatoeba-test.de
    python scripts/bench_rerank.py --source … --reference … --every 200  # quick
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from s2scli.api import TextModel, load
from s2scli.metrics.base import load_metric
from s2scli.tasks.steps import RERANKED

METRICS = ("chrf", "bleu")
SAMPLES: dict[str, Any] = {"sample": True, "candidates": 32, "rerank": "mbr:chrf"}
# What is measured → the options of ``TextModel.translate``.
WAYS: dict[str, dict[str, Any]] = {
    "beam 4, one best": {"beam_size": 4},
    "beam 4, mbr:chrf": {"beam_size": 4, "rerank": "mbr:chrf"},
    "beam 4, mbr:bleu": {"beam_size": 4, "rerank": "mbr:bleu"},
    "beam 32, one best": {"beam_size": 32},
    "beam 32, mbr:chrf": {"beam_size": 32, "rerank": "mbr:chrf"},
    "beam 32, mbr:bleu": {"beam_size": 32, "rerank": "mbr:bleu"},
    "beam 32, mbr:chrf and score": {"beam_size": 32, "rerank": ["mbr:chrf", "score"]},
    "one sample": {"sample": True},
    "32 samples, mbr:chrf": SAMPLES,
    "32 samples at temperature 0.6, mbr:chrf": {**SAMPLES, "temperature": 0.6},
}


def lines(path: Path, every: int) -> list[str]:
    """Each so many-th line of a file, the first included."""
    return path.read_text("utf-8").split("\n")[:-1][::every]


def measured(
    model: TextModel, sources: Sequence[str], references: Sequence[str], options: dict[str, Any]
) -> tuple[list[float], float, float]:
    """Scores, seconds of processor time, and the share of lines that changed."""
    model.translate(sources[:8], **options)
    start = time.process_time()
    found = model.translate(list(sources), **options)
    seconds = time.process_time() - start
    texts = [result.text for result in found]
    scores = []
    for name in METRICS:
        metric = load_metric(name)
        scores.append(metric.score(metric.statistics(texts, [[text] for text in references])))
    notes = [result.notes[RERANKED] for result in found if RERANKED in result.notes]
    changed = sum(note["candidates"][0]["rank"] != 1 for note in notes)
    return scores, seconds, changed / len(found)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, help="take each so many-th line only")
    parser.add_argument("-m", "--model", default="en-de")
    parser.add_argument("--only", default="", help="beside the first, rows with this text only")
    given = parser.parse_args()
    sources, references = (lines(path, given.every) for path in (given.source, given.reference))
    print(f"| {len(sources)} lines | chrF | BLEU | changed | lines/s | cost |")
    print("| --- | --- | --- | --- | --- | --- |")
    first = 0.0
    with load(given.model, threads=1) as model:
        for name, options in WAYS.items():
            if first and given.only not in name:
                continue
            scores, seconds, changed = measured(model, sources, references, options)
            first = first or seconds
            row = [
                name,
                *(f"{score:.2f}" for score in scores),
                f"{changed:.1%}" if "rerank" in options else "",
                f"{len(sources) / seconds:.1f}",
                f"{seconds / first:.2f}",
            ]
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
