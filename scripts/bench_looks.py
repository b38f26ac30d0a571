"""What alignments, attention and log-probabilities cost beside translations::

    python scripts/bench_looks.py --input newstest2014.en --lines 400 --rounds 5

Runs of the command with each option and without any alternate; what counts is the median of the
ratios of their processor times, start-up included. ``--quick`` is for a first look. The table is
printed as Markdown.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PLAIN = ("--format", "jsonl")
ASKED = {
    "`--alignments`": ("--alignments",),
    "`--attention`": ("--attention",),
    "`--log-probs token`": ("--log-probs", "token"),
    "`--replace-unknowns`": ("--replace-unknowns",),
}
QUICK_LINES = 50


def seconds(beam: int, options: tuple[str, ...], text: Path) -> float:
    """Processor time of a run."""
    environment = {**os.environ, "S2S_CONFIG": os.devnull}
    command = (sys.executable, "-m", "s2scli", "translate", "--threads", "1", "--quiet")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [*command, "--beam", str(beam), *PLAIN, *options, str(text)],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ratio(beam: int, options: tuple[str, ...], text: Path, rounds: int) -> str:
    """How many times as long a run takes with options: the median, and its range."""
    pairs = [(seconds(beam, options, text), seconds(beam, (), text)) for _ in range(rounds)]
    found = sorted(one / other for one, other in pairs)
    return f"{statistics.median(found):.2f} ({found[0]:.2f} to {found[-1]:.2f})"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, required=True, help="A file of lines.")
    parser.add_argument("--lines", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="Few lines, one round.")
    given = parser.parse_args()
    rounds, count = (1, QUICK_LINES) if given.quick else (given.rounds, given.lines)
    lines = given.input.read_text(encoding="utf-8").split("\n")[:count]
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text"
        text.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print("| option | beam 1 | beam 4 |\n| --- | --- | --- |")
        for name, options in ASKED.items():
            cells = [ratio(beam, options, text, rounds) for beam in (1, 4)]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
