"""Measure and try ``s2s translate`` on folders of documents.

``--many``
    So many files of three lines (``--files``) against the same lines in one file: the throughput of
    the first by that of the second. Rounds alternate; medians count.
``--kills``
    So many runs over one folder, each killed (SIGKILL) at a random moment. No file that is not
    whole may ever stand there, and at last the outputs must equal an undisturbed run's byte for
    byte. What was lost is measured by time: that of all runs, less the start-up of each.
``--memory``
    The most memory of a run over one document of ten thousand and one of a hundred thousand
    paragraphs, as HTML and as DOCX::

    python scripts/bench_documents.py --many --kills 200 --memory
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

SUBJECTS = ("Tom", "Mary", "My brother", "The old man", "Our teacher", "The dog", "Nobody", "Anna")
VERBS = ("has", "sees", "wants", "buys", "finds", "sells", "loses", "needs")
OBJECTS = ("a book", "two cats", "the red house", "some water", "an old car", "a good friend")
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
    start = time.perf_counter()
    subprocess.run([*command(source, target, beam, report), *more], check=True)
    seconds = time.perf_counter() - start
    facts: Report = json.loads(report.read_text("utf-8"))
    return {**facts, "process_seconds": seconds}


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
    ratios = []
    for number in range(options.rounds):
        times = {
            source.name: run(source, work / f"out-{source.name}-{number}", work, options.beam)[
                "process_seconds"
            ]
            for source in (small, large)
        }
        ratios.append(times["large"] / times["small"])
        print(f"round {number + 1}: {options.files} files {times['small']:.1f} s, "
              f"one file {times['large']:.1f} s")  # fmt: skip
    print(f"throughput of many files by that of one: {statistics.median(ratios):.3f}")


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
    limit = max(1.2, 3 * undisturbed["process_seconds"] / options.kills)
    generator = random.Random(options.seed)
    done, spent = 0, 0.0
    startup = run(source, whole, work, options.beam)["process_seconds"]  # nothing is left to do
    for _ in range(options.kills):
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
    last = run(source, killed, work, options.beam)
    spent += last["process_seconds"] - startup
    work_seconds = undisturbed["process_seconds"] - startup
    if contents(killed) != expected:
        sys.exit("the outputs are not those of an undisturbed run")
    left = [path.name for path in killed.rglob(".*") if not path.name.startswith(".s2s-journal")]
    print(f"{done} kills; equal byte for byte; left over by killed runs: {len(left)} files")
    print(
        f"undisturbed {work_seconds:.0f} s, all runs together {spent:.0f} s, start-up left out: "
        f"{100 * (spent / work_seconds - 1) / max(1, done):.2f}% more a kill"
    )
    print(f"the last run skipped {last['skipped']} of {len(expected)} documents")


def page(count: int) -> bytes:
    """A page of so many short paragraphs, each with a word in bold."""
    body = "\n".join(f"<p>Tom has <b>{n}</b> cats.</p>" for n in range(count))
    return f"<html lang=en><title>Cats</title>\n{body}\n</html>\n".encode()


def word_document(count: int) -> bytes:
    """The same as the smallest DOCX that Word opens."""
    run = "<w:r>{}<w:t xml:space='preserve'>{}</w:t></w:r>".format
    bold = "<w:rPr><w:b/></w:rPr>"
    body = "".join(
        f"<w:p>{run('', 'Tom has ')}{run(bold, n)}{run('', ' cats.')}</w:p>" for n in range(count)
    )
    office = "http://schemas.openxmlformats.org"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Override PartName="/word/document.xml" ContentType="{word}"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships">'
        f'<Relationship Id="r" Type="{office}/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{office}/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)
    return buffer.getvalue()


def memory(options: argparse.Namespace, work: Path) -> None:
    """One document, and one ten times as long."""
    makers = {"html": page, "docx": word_document}
    for extension, make in makers.items():
        peaks = []
        for count in (options.segments // 10, options.segments):
            source = work / f"memory-{extension}-{count}" / f"a.{extension}"
            source.parent.mkdir()
            source.write_bytes(make(count))
            facts = run(source.parent, source.parent / "out", work, 1, "--max-length", "12")
            peaks.append(facts["peak_memory_bytes"] / 1e6)
            print(f"{extension}, {facts['segments']:,} segments: {peaks[-1]:.0f} MB")
        print(f"{extension}: {peaks[1] / peaks[0]:.2f} times the memory for ten times the segments")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--many", action="store_true")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--segments", type=int, default=100_000)
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


if __name__ == "__main__":
    main()
