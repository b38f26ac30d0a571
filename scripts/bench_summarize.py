"""Measure ``s2s summarize`` on JSON lines with a text and its reference summaries each.

``--throughput``
    ``s2s summarize`` of all documents against one call of CTranslate2 written by hand over the same
    chunks: tokenized and sorted before the clock starts, at the best batch size and number of
    threads of those tried. The time of s2s is given twice: of the whole process, start-up and
    loading included, and from the moment that the model is loaded. Rounds alternate; medians count.
``--memory``
    Peak memory with one document of 500 kB and with one of 5 MB.
``--quality``
    ROUGE of the model in int8 and float32 and of the first sentences of each document.
``--constraints``
    Beam search with a minimum length and without repeated trigrams, where the engine and
    transformers cannot be equal: ROUGE of both (needs ``--checkpoint`` and the extra "oracle")::

    python scripts/bench_summarize.py -m demo/ --documents scitldr-test.jsonl --throughput
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import ctranslate2

from s2scli.api import TextModel, load
from s2scli.metrics.base import load_metric
from s2scli.pipelines import pipeline
from s2scli.text.sentences import sentences

THREADS = len(os.sched_getaffinity(0))
METRICS = ("rouge1", "rouge2", "rougeL", "rougeLsum")
TRIED = [
    (kind, size, workers)
    for workers in sorted({1, THREADS})
    for kind, size in (("examples", 8), ("examples", 16), ("examples", 32), ("tokens", 1024))
]
CONSTRAINTS: dict[str, Any] = {"no_repeat_ngram_size": 3, "min_length": 25}
SIZES = (500_000, 5_000_000)
Row = dict[str, Any]


def s2s(*arguments: object) -> dict[str, Any]:
    """Run s2s with ``--report``: the report, with the seconds of the whole process."""
    with tempfile.NamedTemporaryFile() as report:
        command = [sys.executable, "-m", "s2scli", *map(str, arguments)]
        start = time.perf_counter()
        subprocess.run([*command, "--report", report.name, "--quiet"], check=True)
        seconds = time.perf_counter() - start
        facts: dict[str, Any] = json.loads(Path(report.name).read_text("utf-8"))
    return {**facts, "process_seconds": seconds}


def chunks_of(model: TextModel, rows: list[Row]) -> list[list[str]]:
    """All that the model reads, of all levels, sorted by length."""
    found = []
    for summary in model.summarize([row["text"] for row in rows]):
        for node in summary.all_nodes:
            text = summary.document.text[node.start : node.end].strip()
            if node.children:
                text = " ".join(child.text for child in node.children)
            found.append(model.model.source(model.model.encode([text])[0]))
    return sorted(found, key=len, reverse=True)


def by_hand(directory: Path, tokens: list[list[str]], setting: tuple[str, int, int]) -> float:
    """Seconds for one call with everything."""
    kind, size, workers = setting
    model = load(directory, "summarize")
    decoding = model.decoding("summarize")
    translator = ctranslate2.Translator(
        str(directory), inter_threads=workers, intra_threads=THREADS // workers
    )
    start = time.perf_counter()
    translator.translate_batch(
        tokens,
        max_batch_size=size,
        batch_type=kind,
        max_input_length=0,
        beam_size=decoding.beam_size,
        length_penalty=decoding.length_penalty,
        max_decoding_length=decoding.max_length,
        min_decoding_length=decoding.min_length,
        no_repeat_ngram_size=decoding.no_repeat_ngram_size,
    )
    return time.perf_counter() - start


def throughput(options: argparse.Namespace, rows: list[Row]) -> None:
    """s2s against one call by hand."""
    tokens = chunks_of(load(options.model, "summarize"), rows)
    sample = tokens[:: max(1, len(tokens) // 100)]
    best = min(TRIED, key=lambda setting: by_hand(options.model, sample, setting))
    print(f"{len(rows)} documents, {len(tokens)} chunks; by hand best with {best}")
    arguments = ("summarize", "-m", options.model, "--jsonl-field", "text", "-o", os.devnull)
    loaded, process = [], []
    for number in range(options.rounds):
        hand = by_hand(options.model, tokens, best)
        report = s2s(*arguments, options.documents)
        loaded.append(hand / report["seconds"])
        process.append(hand / report["process_seconds"])
        print(
            f"round {number + 1}: by hand {hand:.2f} s, s2s {report['seconds']:.2f} s, "
            f"the process {report['process_seconds']:.2f} s"
        )
    print(f"throughput, model loaded: {statistics.median(loaded):.3f} of the call by hand")
    print(f"throughput, whole process: {statistics.median(process):.3f} of the call by hand")


def memory(options: argparse.Namespace, rows: list[Row]) -> None:
    """Peak memory with a short and a long document."""
    whole = "\n\n".join(row["text"] for row in rows)
    peaks = []
    with tempfile.TemporaryDirectory() as work:
        for size in SIZES:
            path = Path(work, str(size))
            path.write_text((whole * (1 + size // len(whole)))[:size], encoding="utf-8")
            report = s2s("summarize", "-m", options.model, "--beam", 1, path, "-o", os.devnull)
            peaks.append(report["peak_memory_bytes"])
            print(
                f"{size / 1e6:.1f} MB: {report['peak_memory_bytes'] / 1e6:.0f} MB, "
                f"{report['seconds']:.0f} s"
            )
    print(f"peak memory of 5 MB by that of 500 kB: {peaks[1] / peaks[0]:.3f}")


def quality(options: argparse.Namespace, rows: list[Row]) -> None:
    """ROUGE against the references."""
    for kind in ("int8", "float32"):
        model = load(options.model, "summarize", compute_type=kind)
        texts = [s.text for s in model.summarize([row["text"] for row in rows])]
        print(f"{kind}: {rouge(texts, rows)}")
    for count in (1, 3):
        print(f"first {count} sentences: {rouge([lead(row['text'], count) for row in rows], rows)}")


def lead(text: str, count: int) -> str:
    """The first sentences of a text, a line each."""
    spans = list(sentences(text, 0, len(text)))[:count]
    return "\n".join(text[start:end].strip() for start, end in spans)


def rouge(texts: list[str], rows: list[Row]) -> str:
    """ROUGE's F-scores, in percent, of the best reference."""
    references = [row["summaries"] for row in rows]
    found = []
    for name in METRICS:
        metric = load_metric(name)
        found.append(f"{name} {100 * metric.score(metric.statistics(texts, references)):.2f}")
    return ", ".join(found)


def constraints(options: argparse.Namespace, rows: list[Row]) -> None:
    """Beam search under constraints, here and in transformers."""
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    torch.set_num_threads(THREADS)
    texts = [row["text"] for row in rows]
    given = {**CONSTRAINTS, "num_beams": 4, "early_stopping": True, "max_length": 64}
    ours = pipeline("summarization", model=str(options.model), dtype="float32")(texts, **given)
    theirs = transformers.pipeline(
        "summarization",
        model=str(options.checkpoint),
        tokenizer=transformers.AutoTokenizer.from_pretrained(options.checkpoint, use_fast=False),
        dtype=torch.float32,
    )(texts, batch_size=32, **given)
    found = [[row["summary_text"] for row in side] for side in (ours, theirs)]
    same = sum(a == b for a, b in zip(*found, strict=True))
    print(f"beam 4 with {CONSTRAINTS}: {same} of {len(rows)} equal")
    for name, side in zip(("s2s", "transformers"), found, strict=True):
        print(f"{name}: {rouge(side, rows)}")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-m", "--model", type=Path, required=True)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--limit", type=int, help="so many documents only")
    parser.add_argument("--rounds", type=int, default=5)
    figures = {
        "throughput": throughput,
        "memory": memory,
        "quality": quality,
        "constraints": constraints,
    }
    for name in figures:
        parser.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args()
    lines = options.documents.read_text(encoding="utf-8").splitlines()[: options.limit]
    rows = [json.loads(line) for line in lines]
    for name, figure in figures.items():
        if getattr(options, name):
            figure(options, rows)


if __name__ == "__main__":
    main()
