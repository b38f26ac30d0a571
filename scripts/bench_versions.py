"""Compare this version of s2s with another one: start-up, throughput on lines, on documents.

Both run the same commands with the same model in turn, and each pair gives a ratio of processor
times; medians count. The other version is installed in an environment of its own::

    git worktree add ../before COMMIT
    python -m venv ../before/.venv && ../before/.venv/bin/pip install -e ../before
    python scripts/bench_versions.py --before ../before/.venv/bin/python --input newstest2014.en

The table is printed as Markdown. Both packages are compiled before the clock starts, as an
installation does it.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from s2scli.models.store import DEFAULT_MODEL, bundled_directory

FILES = 200  # documents, of three lines each
WHERE = "import s2scli; print(s2scli.__path__[0])"


@dataclass(frozen=True)
class Compared:
    """What is measured.

    Attributes:
        what: its name in the table.
        arguments: of ``s2s``.
        rounds: how many pairs are run.
    """

    what: str
    arguments: tuple[str, ...]
    rounds: int


def commands(model: Path, lines: list[str], rounds: int, work: Path) -> list[Compared]:
    """What is measured, quick commands more often."""
    one, many, folder = work / "one.txt", work / "many.txt", work / "folder"
    one.write_text(f"{lines[0]}\n", encoding="utf-8")
    many.write_text("\n".join(lines) + "\n", encoding="utf-8")
    folder.mkdir()
    for number in range(FILES):
        three = [lines[(3 * number + offset) % len(lines)] for offset in range(3)]
        (folder / f"{number:03}.txt").write_text("\n\n".join(three) + "\n", encoding="utf-8")
    translate = ("translate", "--model", str(model), "--threads", "1")
    return [
        Compared("`s2s --help`", ("--help",), 5 * rounds),
        Compared("`s2s --version`", ("--version",), 5 * rounds),
        Compared("`s2s translate` of one line", (*translate, str(one)), 3 * rounds),
        Compared(
            f"`s2s translate --beam 1` of {len(lines):,} lines",
            (*translate, "--beam", "1", str(many)),
            rounds,
        ),
        Compared(
            f"`s2s translate --beam 4` of {len(lines):,} lines",
            (*translate, "--beam", "4", str(many)),
            rounds,
        ),
        Compared(
            f"`s2s translate FOLDER` of {FILES} documents of three paragraphs",
            (*translate, "--beam", "1", str(folder), "-o", "out"),
            rounds,
        ),
    ]


def seconds(python: str, arguments: tuple[str, ...], work: Path) -> float:
    """Processor time of a run.

    Raises:
        SystemExit: it failed.
    """
    shutil.rmtree(work / "out", ignore_errors=True)
    environment = {**os.environ, "S2S_HOME": str(work / "home"), "S2S_CONFIG": os.devnull}
    environment.pop("PYTHONPATH", None)  # each finds its own package
    command = [python, "-m", "s2scli", *arguments]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=errors, env=environment, cwd=work
        )
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)}\n{errors.read().decode()}")
    return usage.ru_utime + usage.ru_stime


def compared(command: Compared, before: str, work: Path) -> tuple[float, float, list[float]]:
    """Median seconds of both versions, and the ratio of each pair; a first pair does not count."""
    times: list[tuple[float, float]] = []
    for _ in range(command.rounds + 1):
        other = seconds(before, command.arguments, work)
        times.append((seconds(sys.executable, command.arguments, work), other))
    del times[0]
    now, then = (statistics.median(column) for column in zip(*times, strict=True))
    return now, then, sorted(ours / other for ours, other in times)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--before", required=True, help="Python that has the other version")
    parser.add_argument("--input", type=Path, required=True, help="lines to translate")
    parser.add_argument("--lines", type=int, default=1000, help="how many of them (default 1000)")
    parser.add_argument("--model", type=Path, default=bundled_directory(DEFAULT_MODEL))
    parser.add_argument("--rounds", type=int, default=5, help="pairs of the long runs (default 5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        lines = options.input.read_text(encoding="utf-8").splitlines()[: options.lines]
        for python in (options.before, sys.executable):
            where = subprocess.check_output([python, "-c", WHERE], text=True, cwd=work).strip()
            compileall.compile_dir(where, quiet=1)
        print("| what | now, s | before, s | ratio of pairs: median (least to most) |")
        print("| --- | --- | --- | --- |")
        for command in commands(options.model.resolve(), lines, options.rounds, work):
            now, then, ratios = compared(command, options.before, work)
            middle = statistics.median(ratios)
            spread = f"{middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
            print(f"| {command.what} | {now:.3f} | {then:.3f} | {spread} |", flush=True)


if __name__ == "__main__":
    main()
