"""Measure and try ``s2s translate`` on folders of documents.

``--many``
    So many files of three lines (``--files``) against the same lines in one file: the throughput of
    the first by that of the second. Rounds alternate; medians count.
``--kills``
    Runs over one folder, killed (SIGKILL) so many times at random moments, and begun anew where one
    has come to its end. No file that is not whole may ever stand there, and what is finished must
    equal an undisturbed run's byte for byte. What was lost is measured by time: that of all runs,
    less the start-up of each.
``--memory``
    The most memory of a run over one document of ten thousand and one of a hundred thousand
    paragraphs, as HTML and as DOCX; in all, and without what ``bench_formats.py`` measures for the
    document as it is read.
``--placeholders``
    So many texts with one to six placeholders each, in one JSON file: every one must come out as
    often as it went in::

    python scripts/bench_documents.py --many --kills 200 --memory --placeholders 10000
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_formats import MANY, measured

SUBJECTS = ("Tom", "Mary", "My brother", "The old man", "Our teacher", "The dog", "Nobody", "Anna")
VERBS = ("has", "sees", "wants", "buys", "finds", "sells", "loses", "needs")
OBJECTS = ("a book", "two cats", "the red house", "some water", "an old car", "a good friend")
# None of them is a part of another.
PLACEHOLDERS = (
    "{name}", "%s", "%(count)d", "%2$s", "${HOME}", "{{x}}", "$USER", "https://example.org/a?b=1",
    "info@example.org", "`git pull`", "{0}", "&nbsp;", "<br/>",
)  # fmt: skip
Report = dict[str, Any]


def command(source: Path, target: Path, beam: int, report: Path | None = None) -> list[str]:
    """The command line of s2s."""
    arguments = ["translate", str(source), "-o", str(target), "--beam", str(beam), "--quiet"]
    if report:
        arguments += ["--report", str(report)]
    return [sys.executable, "-m", "s2scli", *arguments]


def sentences(count: int, seed: int) -> list[str]:
    """Different sentences."""
    generator = random.Random(seed)
    return [
        f"{generator.choice(SUBJECTS)} {generator.choice(VERBS)} {generator.choice(OBJECTS)} "
        f"in {generator.randint(1000, 99999)}."
        for _ in range(count)
    ]


def run(source: Path, target: Path, work: Path, beam: int, *more: str) -> Report:
    """An undisturbed run."""
    report = work / "report.json"
    start, before = time.perf_counter(), children()
    subprocess.run([*command(source, target, beam, report), *more], check=True)
    seconds, cpu = time.perf_counter() - start, children() - before
    facts: Report = json.loads(report.read_text("utf-8"))
    return {**facts, "process_seconds": seconds, "cpu_seconds": cpu}


def children() -> float:
    """Processor seconds of all processes that have been run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def many(options: argparse.Namespace, work: Path) -> None:
    """Many small files against one large one."""
    lines = sentences(3 * options.files, 1)
    small, large = work / "small", work / "large"
    large.mkdir()
    (large / "all.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    for number in range(options.files):
        folder = small / f"{number // 100:03}"
        folder.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(lines[3 * number : 3 * number + 3]) + "\n"
        (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
    ratios: dict[str, list[float]] = {"process_seconds": [], "cpu_seconds": []}
    for number in range(options.rounds):
        pair = (small, large) if number % 2 else (large, small)
        facts = {
            source.name: run(source, work / f"out-{source.name}-{number}", work, options.beam)
            for source in pair
        }
        for name, found in ratios.items():
            found.append(facts["large"][name] / facts["small"][name])
        print(
            f"round {number + 1}: {options.files} files "
            f"{facts['small']['process_seconds']:.1f} s, one file "
            f"{facts['large']['process_seconds']:.1f} s; by processor time "
            f"{ratios['cpu_seconds'][-1]:.3f}",
            flush=True,
        )
    print(
        f"throughput of many files by that of one: "
        f"{statistics.median(ratios['process_seconds']):.3f}, by processor time "
        f"{statistics.median(ratios['cpu_seconds']):.3f}"
    )


def contents(folder: Path) -> dict[str, bytes]:
    """What stands under a folder, but for the journal and what was under way."""
    if not folder.exists():
        return {}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def kills(options: argparse.Namespace, work: Path) -> None:
    """A run that is killed again and again."""
    source, whole, killed = work / "source", work / "whole", work / "killed"
    source.mkdir()
    # Enough work for some minutes, in files of very different sizes.
    for number in range(40):
        count = 5 + 10 * number
        text = "\n\n".join(sentences(count, number)) + "\n"
        (source / f"{number:02}.txt").write_text(text, encoding="utf-8")
    undisturbed = run(source, whole, work, options.beam)
    expected = contents(whole)
    generator = random.Random(options.seed)
    done, spent, finished = 0, 0.0, 0
    startup = run(source, whole, work, options.beam)["process_seconds"]  # nothing is left to do
    work_seconds = undisturbed["process_seconds"] - startup
    limit = startup + max(0.5, 3 * work_seconds / options.kills)
    while done < options.kills:
        start = time.perf_counter()
        with subprocess.Popen(
            command(source, killed, options.beam), start_new_session=True
        ) as process:
            try:
                process.wait(timeout=generator.uniform(0.3, limit))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                done += 1
        spent += max(0.0, time.perf_counter() - start - startup)
        for name, data in contents(killed).items():
            if data != expected[name]:
                sys.exit(f"{name} is not what an undisturbed run writes")
        if process.returncode == 0:  # all is done: once more from the beginning
            check_whole(killed, expected)
            shutil.rmtree(killed)
            finished += 1
    spent += run(source, killed, work, options.beam)["process_seconds"] - startup
    check_whole(killed, expected)
    finished += 1
    lost = spent - finished * work_seconds
    print(
        f"{done} kills of {finished} runs of {work_seconds:.0f} s over {len(expected)} files, "
        f"start-up left out: equal byte for byte, nothing left over; work done twice a kill: "
        f"{100 * lost / done / work_seconds:.2f}%"
    )


def check_whole(folder: Path, expected: dict[str, bytes]) -> None:
    """A folder must be as an undisturbed run leaves it."""
    if contents(folder) != expected:
        sys.exit("the outputs are not those of an undisturbed run")
    left = [path.name for path in folder.rglob(".*") if not path.name.startswith(".s2s-journal")]
    if left:
        sys.exit(f"killed runs have left {left}")


def memory(options: argparse.Namespace, work: Path) -> None:
    """One document, and one ten times as long: whole runs, and without what reading it takes."""
    for extension in ("html", "docx"):
        peaks, rests = [], []
        for count in (options.segments // 10, options.segments):
            source = work / f"memory-{extension}-{count}" / f"a.{extension}"
            source.parent.mkdir()
            content = MANY[extension](count)
            source.write_bytes(content.encode() if isinstance(content, str) else content)
            facts = run(source.parent, source.parent / "out", work, 1)
            peaks.append(facts["peak_memory_bytes"] / 1e6)
            rests.append(peaks[-1] - measured(source)["read"] / 1e6)
            print(
                f"{extension}, {facts['segments']:,} segments: {peaks[-1]:.0f} MB, "
                f"without the document as it is read {rests[-1]:.0f} MB",
                flush=True,
            )
        print(
            f"{extension}: {peaks[1] / peaks[0]:.2f} times the memory for ten times the segments, "
            f"without the document {rests[1] / rests[0]:.2f} times"
        )


def placeholders(options: argparse.Namespace, work: Path) -> None:
    """Texts with placeholders, through the model."""
    generator = random.Random(options.seed)
    texts: list[str] = []
    inside: list[list[str]] = []
    for sentence in sentences(options.placeholders, options.seed):
        words = sentence.split()
        inside.append(generator.choices(PLACEHOLDERS, k=generator.randint(1, 6)))
        for placeholder in inside[-1]:
            words.insert(generator.randint(0, len(words)), placeholder)
        texts.append(" ".join(words))
    source = work / "placeholders" / "a.json"
    source.parent.mkdir()
    source.write_text(json.dumps(texts), encoding="utf-8")
    facts = run(source.parent, work / "placeholders-out", work, options.beam)
    found = json.loads((work / "placeholders-out" / "a.json").read_text("utf-8"))
    for text, wanted, target in zip(texts, inside, found, strict=True):
        for placeholder in wanted:
            if target.count(placeholder) != text.count(placeholder):
                sys.exit(f"{placeholder} is not as often in {target!r} as in {text!r}")
    (document,) = facts["documents"]
    print(
        f"{len(texts):,} texts with {sum(map(len, inside)):,} placeholders: each is there once; "
        f"masked {document['masked']:,}, in fragments {document['fragments']:,}"
    )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--many", action="store_true")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--segments", type=int, default=100_000)
    parser.add_argument("--placeholders", type=int, default=0)
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if options.many:
            many(options, Path(name))
        if options.kills:
            kills(options, Path(name))
        if options.memory:
            memory(options, Path(name))
        if options.placeholders:
            placeholders(options, Path(name))


if __name__ == "__main__":
    main()
