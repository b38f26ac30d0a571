"""Measure what the guard's repair gains and costs: chrF, BLEU and speed with the bundled model.

Speed is in lines per second of processor time, so that other work on the machine does not count::

    PYTHONPATH=. python scripts/bench_repair.py --source tatoeba-test.en --reference tatoeba-test.de
    PYTHONPATH=. python scripts/bench_repair.py --source … --reference … --every 20  # quick
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from s2scli.api import TextModel, load
from s2scli.metrics.base import load_metric
from s2scli.tasks.guarding import MODES
from s2scli.tasks.steps import GUARD

METRICS = ("chrf", "bleu")


def row(
    model: TextModel, sources: Sequence[str], references: Sequence[str], guard: str
) -> list[str]:
    """A row of the table: scores, flagged lines, repairs, lines per second."""
    model.translate(sources[:8], guard=guard)
    start = time.process_time()
    found = model.translate(list(sources), guard=guard)
    seconds = time.process_time() - start
    texts = [result.text for result in found]
    scores = []
    for name in METRICS:
        metric = load_metric(name)
        score = metric.score(metric.statistics(texts, [[text] for text in references]))
        scores.append(f"{score:.2f}")
    notes = [result.notes[GUARD] for result in found if GUARD in result.notes]
    hows = Counter(rows[0].get("repaired", "") for rows in notes)
    flagged = hows.pop("", 0)
    repairs = ", ".join(f"{count} {how}" for how, count in hows.most_common())
    return [guard, *scores, str(flagged), repairs or "0", f"{len(found) / seconds:.1f}"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, help="take each so many-th line only")
    parser.add_argument("-m", "--model", default="en-de")
    given = parser.parse_args()
    sources, references = (
        path.read_text("utf-8").split("\n")[:-1][:: given.every]
        for path in (given.source, given.reference)
    )
    print(f"| {len(sources)} lines | chrF | BLEU | flagged at the end | repaired | lines/s |")
    print("| --- | --- | --- | --- | --- | --- |")
    with load(given.model) as model:
        for guard in MODES:
            print(f"| {' | '.join(row(model, sources, references, guard))} |", flush=True)


if __name__ == "__main__":
    main()
