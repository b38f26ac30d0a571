"""Compare the metrics with the tools that they equal: sacrebleu and rouge-score.

Every figure is a ratio of two times measured in this run, the median of several rounds. ``sacre``
is ours by sacrebleu's own (below 1.1 is wanted), ``rouge`` is rouge-score's by ours (above 3), and
``startup`` is ``s2s score`` on one line by ``python -c "import sacrebleu"``. Needs rouge-score::

    python scripts/bench_score.py [--lines 100000] [--pairs 10000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from s2scli.metrics.base import MetricOptions, load_metric
from s2scli.tasks.score import Scorer

VOCABULARY = 5_000
SENTENCE_WORDS, PAIR_WORDS = 20, 100
STARTUP_ROUNDS = 15


def texts(count: int, words: int, seed: int) -> tuple[list[str], list[str]]:
    """Hypotheses that keep seven of ten words of their references."""
    generator = random.Random(seed)
    known = [
        "".join(generator.choices("abcdefghijklmnopqrstuvwxyz", k=generator.randint(2, 10)))
        for _ in range(VOCABULARY)
    ]
    weights = [1 / rank for rank in range(1, VOCABULARY + 1)]
    references, hypotheses = [], []
    for _ in range(count):
        row = generator.choices(known, weights, k=words)
        other = generator.choices(known, weights, k=words)
        references.append(" ".join(row))
        mixed = [a if generator.random() < 0.7 else b for a, b in zip(row, other, strict=True)]
        hypotheses.append(" ".join(mixed))
    return hypotheses, references


def seconds(function: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def report(name: str, ratios: list[float]) -> None:
    """One line: the median and the range."""
    middle = statistics.median(ratios)
    print(f"{name}: {middle:.3f} (from {min(ratios):.3f} to {max(ratios):.3f})", flush=True)


def sacre(lines: int, rounds: int) -> None:
    """BLEU and chrF of many lines."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    hypotheses, references = texts(lines, SENTENCE_WORDS, 0)

    def theirs() -> list[float]:
        return [m.corpus_score(hypotheses, [references]).score for m in (BLEU(), CHRF())]

    def ours() -> list[float]:
        scorer = Scorer(["bleu", "chrf"], [[text] for text in references], MetricOptions())
        return [score.value for score in scorer.scores(scorer.statistics(hypotheses))]

    if ours() != theirs():
        sys.exit("the scores differ")
    report(f"sacre, {lines} lines", [seconds(ours) / seconds(theirs) for _ in range(rounds)])


def rouge(pairs: int, rounds: int) -> None:
    """The four ROUGE metrics of texts of a hundred words."""
    from rouge_score.rouge_scorer import RougeScorer

    names = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
    hypotheses, references = texts(pairs, PAIR_WORDS, 1)
    single = [[text] for text in references]

    def theirs() -> list[list[float]]:
        scorer = RougeScorer(names, use_stemmer=True)
        found = [scorer.score(r, h) for h, r in zip(hypotheses, references, strict=True)]
        return [[scores[name].fmeasure for scores in found] for name in names]

    def ours() -> list[list[float]]:
        scorer = Scorer(names, single, MetricOptions())
        found = scorer.statistics(hypotheses)
        return [[row[0] for row in found[name]] for name in names]

    both = zip(ours(), theirs(), strict=True)
    far = max(abs(a - b) for x, y in both for a, b in zip(x, y, strict=True))
    print(f"rouge, largest difference: {far:.1e}")
    report(f"rouge, {pairs} pairs", [seconds(theirs) / seconds(ours) for _ in range(rounds)])
    metric = load_metric("rougeL")
    stored = metric.statistics(hypotheses, single)
    from s2scli.metrics.resample import confidence_interval

    once = seconds(lambda: confidence_interval(metric, stored, 1000, 1))
    print(f"rouge, bootstrap of 1000 from stored statistics: {once:.2f} s")


def startup() -> None:
    """A cold process."""
    with tempfile.TemporaryDirectory() as work:
        one, other = Path(work, "one"), Path(work, "other")
        one.write_text("Where is the station?\n")
        other.write_text("Where is a station?\n")
        ours = [sys.executable, "-m", "s2scli", "score", str(one), str(other), "--bare"]
        theirs = [sys.executable, "-c", "import sacrebleu"]

        def run(command: list[str]) -> float:
            quiet = {"stdout": subprocess.DEVNULL, "check": True}
            return seconds(lambda: subprocess.run(command, **quiet))  # type: ignore[call-overload]

        report("startup", [run(ours) / run(theirs) for _ in range(STARTUP_ROUNDS)])


def main() -> None:
    """Measure all."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    startup()
    sacre(options.lines, options.rounds)
    rouge(options.pairs, options.rounds)


if __name__ == "__main__":
    main()
