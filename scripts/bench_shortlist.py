"""Measure what a lexical shortlist gains and costs, by processor time, in pairs.

Two models: a copy of the bundled one, and one of OPUS-MT's shape (74 million parameters, 58,101
pieces) that is grown from it and writes the same (``measuring/growing.py``), since speed depends on
shape alone, and has the same shortlist. A real model of 58,101 pieces has longer pieces, so that
its lines have fewer of them, and each yields less.

For each model and beam size, what is divided by what, the median of some rounds:

``lines``
    A call for each line, with the whole vocabulary ÷ with the shortlist.
``batches``
    One call for all lines, the same.
``by hand``
    CTranslate2 alone (tokenized and sorted before the clock starts, batches of 32, the whole
    vocabulary) ÷ ``s2s`` with the shortlist, tokenizing and detokenizing included.

Beside them how many lines are the same, and BLEU with and without it::

    cp -r $(s2s models path en-de) short
    s2s models shortlist short --text train.en --check dev.en --reference dev.de
    python scripts/bench_shortlist.py short --input test.en --reference test.de [--quick] [--beam 4]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import ctranslate2
from measuring.growing import grown

import s2scli
from s2scli.api import TextModel
from s2scli.metrics.base import load_metric
from s2scli.models.manifest import Manifest

EXAMPLES = 32
BEAMS = (1, 4)
Run = Callable[[], object]


class Sizes(NamedTuple):
    """How much is measured: lines in batches and one by one; and rounds."""

    batched: int
    single: int
    rounds: int


FULL, QUICK = Sizes(1000, 100, 5), Sizes(200, 20, 3)


def spent(run: Run) -> float:
    """The processor time of a call, in seconds."""
    start = time.process_time()
    run()
    return time.process_time() - start


def ratio(before: Run, after: Run, rounds: int) -> str:
    """Time before ÷ time after: the median of pairs, and the least and the most."""
    spent(before), spent(after)
    found = [spent(before) / spent(after) for _ in range(rounds)]
    return f"{median(found):.2f} ({min(found):.2f} to {max(found):.2f})"


def lines_of(path: Path) -> list[str]:
    """The lines of a file."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def spread(lines: Sequence[str], most: int) -> list[str]:
    """So many lines, from all parts of a text."""
    return list(lines[:: max(1, len(lines) // most)])[:most]


def by_hand(directory: Path, model: TextModel, lines: Sequence[str], beam: int) -> Run:
    """CTranslate2 alone on the lines, sorted by length."""
    inner = model.model
    sources = [inner.source(tokens) for tokens in inner.encode(lines)]
    sources = sorted((s for s in sources if len(s) <= inner.budget), key=len, reverse=True)
    translator = ctranslate2.Translator(str(directory), intra_threads=1)
    options = {"beam_size": beam, "max_batch_size": EXAMPLES, "max_input_length": 0}
    return lambda: translator.translate_batch(sources, **options)


def measure(
    directory: Path,
    lines: Sequence[str],
    references: Sequence[str],
    sizes: Sizes,
    beams: Sequence[int],
) -> None:
    """Print the figures of a model."""
    name = Manifest.load(directory).name
    with s2scli.load(directory, threads=1) as model:
        for beam in beams:
            whole: dict[str, Any] = {"beam_size": beam}
            short = {**whole, "shortlist": True}
            batch, few = list(lines), spread(lines, sizes.single)
            texts = [[r.text for r in model.translate(batch, **how)] for how in (whole, short)]
            equal = sum(map(str.__eq__, *texts)) / len(batch)
            metric = load_metric("bleu")
            rows = [[reference] for reference in references]
            bleu = [metric.score(metric.statistics(each, rows)) for each in texts]

            def singly(how: dict[str, Any], few: Sequence[str] = few) -> Run:
                return lambda: [model.translate(line, **how) for line in few]

            def at_once(how: dict[str, Any], batch: Sequence[str] = batch) -> Run:
                return lambda: model.translate(batch, **how)

            hand = by_hand(directory, model, batch, beam)
            print(
                f"{name}, beam {beam}: lines {ratio(singly(whole), singly(short), sizes.rounds)}, "
                f"batches {ratio(at_once(whole), at_once(short), sizes.rounds)}, "
                f"by hand {ratio(hand, at_once(short), sizes.rounds)}; "
                f"same {equal:.1%}, BLEU {bleu[1]:.2f} with it, {bleu[0]:.2f} without",
                flush=True,
            )


def main() -> None:
    """Grow the model, and measure both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path, help="a copy of the bundled model, with a shortlist")
    parser.add_argument("--input", type=Path, required=True, help="lines to translate")
    parser.add_argument("--reference", type=Path, required=True, help="their translations")
    parser.add_argument("--beam", type=int, action="append", help="beam size; repeatable")
    parser.add_argument("--quick", action="store_true", help="fewer lines and rounds")
    asked = parser.parse_args()
    sizes = QUICK if asked.quick else FULL
    pairs = list(zip(lines_of(asked.input), lines_of(asked.reference), strict=True))
    pairs = pairs[:: max(1, len(pairs) // sizes.batched)][: sizes.batched]
    lines, references = zip(*pairs, strict=True)
    with tempfile.TemporaryDirectory() as name:
        large = Path(name) / "large"
        grown(asked.model, large)
        for directory in (large, asked.model):
            measure(directory, lines, references, sizes, asked.beam or BEAMS)


if __name__ == "__main__":
    main()
