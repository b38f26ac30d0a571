"""Measure how long single lines take through a pipe that stays open, against the engine's own call.

A line is written to ``s2s translate`` and its translation read, and the same line is given to
``translate_batch`` of a loaded CTranslate2, in turns. The engine's call has the options that s2s
gives it and as many threads; tokenizing and detokenizing are outside of its clock. What counts is
the median of the ratios of lines, and on a busy machine the ratio of processor times. A line that
comes again is recalled, so lines must differ::

    python scripts/bench_latency.py --input newstest2014.en --lines 300
    python scripts/bench_latency.py --quick

Each row has another set of options of s2s, so that one sees what they cost. The engine's call never
has a shortlist; s2s has the model's, if there is one, in the last row.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ctranslate2

from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.store import DEFAULT_MODEL, bundled_directory

SENTENCES = Path(__file__).parents[1] / "tests" / "golden" / "bundled-sentences.tsv"
QUICK = 40  # lines
UNSEEN = 5  # lines before the clock starts, the last ones
ROWS = (("--no-shortlist",), ("--no-shortlist", "--guard", "off"), ())


class Pipe:
    """``s2s translate``, waiting for lines."""

    def __init__(self, model: Path, options: Sequence[str]) -> None:
        command = [sys.executable, "-m", "s2scli", "translate", "-m", str(model), *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def seconds(self, line: str) -> float:
        """From when a line is written until its translation is read."""
        to, of = self.process.stdin, self.process.stdout
        assert to
        assert of
        data = f"{line}\n".encode()
        start = time.perf_counter()
        to.write(data)
        to.flush()
        if not of.readline():
            raise SystemExit("s2s ended")
        return time.perf_counter() - start

    def processor_seconds(self) -> float:
        """What it has taken of the processor so far, in steps of the system's clock."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Engine:
    """CTranslate2 alone, with the options that s2s gives it."""

    def __init__(self, model: Path, beam: int, threads: int) -> None:
        self._model = Model(model, place("cpu", threads=threads), job=Job("translate"))
        decoding = self._model.decoding({"beam_size": beam})
        self._translator = ctranslate2.Translator(str(model), intra_threads=threads)
        self._options: dict[str, Any] = {
            "beam_size": beam,
            "num_hypotheses": beam if decoding.forced_end else 1,
            "max_decoding_length": decoding.max_length - decoding.forced_end,
            "max_input_length": 0,
            "return_scores": True,
            "return_end_token": True,
        }

    def seconds(self, line: str) -> tuple[float, float]:
        """One call: seconds, and those of the processor."""
        tokens = [self._model.source(row) for row in self._model.encode([line])]
        start, began = time.perf_counter(), time.process_time()
        self._translator.translate_batch(tokens, **self._options)
        return time.perf_counter() - start, time.process_time() - began


def row(lines: Sequence[str], options: argparse.Namespace, more: Sequence[str]) -> str:
    """Medians of one set of options."""
    threads = ("--threads", str(options.threads))
    pipe = Pipe(options.model, ("--beam", str(options.beam), *threads, *more))
    engine = Engine(options.model, options.beam, options.threads)
    for each in lines[-UNSEEN:]:
        pipe.seconds(each)
        engine.seconds(each)
    ours, theirs, theirs_busy = [], [], 0.0
    began = pipe.processor_seconds()
    for each in lines[:-UNSEEN]:
        took, busy = engine.seconds(each)
        ours.append(pipe.seconds(each))
        theirs.append(took)
        theirs_busy += busy
    busy_ratio = (pipe.processor_seconds() - began) / theirs_busy
    pipe.process.communicate()
    middle = [1000 * statistics.median(times) for times in (ours, theirs)]
    ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    more_time = 1000 * statistics.median(o - t for o, t in zip(ours, theirs, strict=True))
    name = " ".join(more) or "defaults"
    figures = f"{middle[0]:.2f} | {middle[1]:.2f} | {more_time:.2f} | {ratio:.3f}"
    return f"| {name} | {figures} | {busy_ratio:.3f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add = parser.add_argument
    add("--input", type=Path, help="lines (default: tests/golden/bundled-sentences.tsv)")
    add("--lines", type=int, default=200)
    add("--beam", type=int, default=4)
    add("--threads", type=int, default=1)
    add("--model", type=Path, default=bundled_directory(DEFAULT_MODEL))
    add("--quick", action="store_true", help=f"{QUICK} lines")
    options = parser.parse_args()
    if options.quick:
        options.lines = QUICK
    if options.input:
        lines = options.input.read_text(encoding="utf-8").splitlines()
    else:
        rows = SENTENCES.read_text(encoding="utf-8").splitlines()
        lines = [each.split("\t")[1] for each in rows]
    lines = list(dict.fromkeys(filter(str.strip, lines)))[: options.lines + UNSEEN]
    print(
        "| options | s2s, ms a line | the engine's call, ms | difference, ms | ratio | processor |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for more in ROWS:
        print(row(lines, options, more), flush=True)


if __name__ == "__main__":
    main()
