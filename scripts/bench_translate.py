"""Measure ``s2s translate`` against other ways to run the same model on the same lines.

Every figure is a ratio of two times measured in this run; several rounds alternate, and the median
counts. What is compared:

``engine``
    A script written by hand for CTranslate2 alone: the whole input in memory, tokenized and sorted
    by length before the clock starts, at the best batch size, batch type and number of threads of
    those tried; neither start-up nor detokenizing nor writing counts. ``s2s`` is the whole process,
    from file to file, start-up included.
``naive``
    CTranslate2 as most tools use it: a call for each line, in batches of 32 tokens, with the
    engine's default of all threads, and with one thread (on one line they may do no good).
``transformers``
    ``generate`` on the checkpoint, sorted by length, at its best batch size, in float32 and
    bfloat16; tokenizing and detokenizing are outside the clock (needs the extra "oracle").

Memory, start-up and int8's loss of quality are measured on request::

    python scripts/bench_translate.py --input newstest2014.en --copies 10 --checkpoint en-de-hf/
    python scripts/bench_translate.py --memory
    python scripts/bench_translate.py --startup
    python scripts/bench_translate.py --quality test.en test.de --checkpoint en-de-hf/
"""

from __future__ import annotations

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import ctranslate2
import sentencepiece

import s2scli
from s2scli.models.manifest import Manifest
from s2scli.models.store import DEFAULT_MODEL, bundled_directory

BEAM = 4
THREADS = len(os.sched_getaffinity(0))
TRIED = [
    (kind, size, workers)
    for workers in sorted({1, THREADS})
    for kind, size in (("examples", 16), ("examples", 32), ("examples", 64), ("tokens", 1024))
]
STARTUP_ROUNDS = 21
Tokens = list[list[str]]


def s2s(*arguments: object) -> list[str]:
    """The command line of s2s."""
    return [sys.executable, "-m", "s2scli", *map(str, arguments)]


def seconds(function: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def run(command: list[str], **options: object) -> None:
    """Run a process that must succeed."""
    subprocess.run(command, check=True, **options)  # type: ignore[call-overload]


def distinct_copies(path: Path, copies: int, limit: int | None) -> list[str]:
    """The lines several times over, each copy with a number at its lines' ends."""
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")[:limit]
    return [f"{line} {copy}" if copy else line for copy in range(copies) for line in lines]


# --- the other ways -----------------------------------------------------------------------------


class Plain:
    """CTranslate2 by hand."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.manifest = Manifest.load(directory)
        recipe = self.manifest.tokenizer
        self.source = sentencepiece.SentencePieceProcessor(str(directory / recipe.source))
        self.options = {
            "beam_size": BEAM,
            "max_decoding_length": self.manifest.decoding["max_length"],
            "max_input_length": 0,
            "suppress_sequences": [[t] for t in self.manifest.decoding.get("suppress", [])] or None,
        }

    def tokens(self, lines: Iterable[str]) -> Tokens:
        """Source tokens, cut to what the model takes (s2s cuts such lines and loses nothing)."""
        longest = self.manifest.max_source_tokens - 1
        return [[*self.source.encode(line, out_type=str)[:longest], "</s>"] for line in lines]

    def translator(self, workers: int, threads: int) -> ctranslate2.Translator:
        """A translator with so many workers of so many threads each."""
        return ctranslate2.Translator(
            str(self.directory), inter_threads=workers, intra_threads=threads
        )

    def sorted_at_once(self, tokens: Tokens, kind: str, size: int, workers: int) -> float:
        """Seconds for one call with everything, sorted by length."""
        ordered = sorted(tokens, key=len, reverse=True)
        translator = self.translator(workers, THREADS // workers)
        return seconds(
            lambda: translator.translate_batch(
                ordered, max_batch_size=size, batch_type=kind, **self.options
            )
        )

    def best_settings(self, tokens: Tokens) -> tuple[str, int, int]:
        """The fastest of ``TRIED`` on a sample."""
        sample = tokens[:: max(1, len(tokens) // 600)]
        times = {setting: self.sorted_at_once(sample, *setting) for setting in TRIED}
        return min(times, key=times.__getitem__)

    def line_by_line(self, tokens: Tokens, threads: int) -> float:
        """Seconds for a call a line."""
        translator = self.translator(1, threads)

        def each() -> None:
            for source in tokens:
                translator.translate_batch(
                    [source], max_batch_size=32, batch_type="tokens", **self.options
                )

        return seconds(each)


def transformers_seconds(checkpoint: Path, lines: list[str], dtype: str) -> float:
    """The best time of ``generate`` over three batch sizes."""
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    torch.set_num_threads(THREADS)
    tokenizer = MarianTokenizer.from_pretrained(checkpoint)
    model = MarianMTModel.from_pretrained(checkpoint, dtype=getattr(torch, dtype)).eval()
    ordered = sorted(lines, key=lambda line: len(tokenizer.tokenize(line)), reverse=True)
    times = []
    for size in (16, 32, 64):
        batches = [
            tokenizer(ordered[i : i + size], return_tensors="pt", padding=True, truncation=True)
            for i in range(0, len(ordered), size)
        ]

        def generate(batches: list[dict[str, object]] = batches) -> None:
            for batch in batches:
                model.generate(**batch, num_beams=BEAM, early_stopping=True, use_cache=True)

        times.append(seconds(generate))
    return min(times)


# --- the figures --------------------------------------------------------------------------------


def throughput(options: argparse.Namespace, work: Path) -> None:
    """s2s against the engine by hand, line by line, and transformers."""
    lines = distinct_copies(options.input, options.copies, options.lines)
    source = work / "source"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    plain = Plain(options.model)
    tokens = plain.tokens(lines)
    print(f"{len(lines)} lines, {sum(map(len, tokens))} source tokens, beam {BEAM}")

    def translate(file: Path) -> float:
        command = s2s("translate", "-m", options.model, "--beam", BEAM, file, "-o", work / "out")
        return seconds(lambda: run(command))

    if "engine" in options.against:
        setting = plain.best_settings(tokens)
        print(
            f"best plain setting of {len(TRIED)}: {setting[0]} {setting[1]}, {setting[2]} workers"
        )
        rounds = [
            (plain.sorted_at_once(tokens, *setting), translate(source))
            for _ in range(options.rounds)
        ]
        report("engine", [theirs / ours for theirs, ours in rounds])
        print(f"s2s: {len(lines) / statistics.median(ours for _, ours in rounds):.0f} lines/s")
    few = lines[:: max(1, len(lines) // options.sample)][: options.sample]
    sample = work / "sample"
    sample.write_text("\n".join(few) + "\n", encoding="utf-8")
    own = statistics.median(translate(sample) for _ in range(3))
    for threads in sorted({1, THREADS}, reverse=True) if "naive" in options.against else ():
        theirs = [plain.line_by_line(plain.tokens(few), threads) for _ in range(options.rounds)]
        report(f"naive, {threads} threads", [each / own for each in theirs])
    if "transformers" in options.against:
        for dtype in ("float32", "bfloat16"):
            report(
                f"transformers {dtype}",
                [transformers_seconds(options.checkpoint, few, dtype) / own],
            )


def report(name: str, ratios: list[float]) -> None:
    """One line: their time by ours, so that above 1 means that s2s is faster."""
    middle = statistics.median(ratios)
    print(f"{name}: {middle:.3f} (from {min(ratios):.3f} to {max(ratios):.3f})", flush=True)


def memory(work: Path, model: Path) -> None:
    """Peak memory on a million lines against thirty thousand; short greedy outputs suffice."""
    peaks = []
    source = work / "lines"
    for count in (30_000, 1_000_000):
        lines = (f"I have {n} books, and {n % 97} of them are red.\n" for n in range(count))
        with source.open("w", encoding="utf-8") as file:
            file.writelines(lines)
        command = s2s("translate", "-m", model, "--beam", 1, "--max-length", 4, "-q", source)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"s2s failed with status {status}")
        peaks.append(usage.ru_maxrss)
        print(f"{count} lines: {peaks[-1] / 1024:.0f} MB", flush=True)
    print(f"memory: {peaks[1] / peaks[0]:.3f}")


def startup() -> None:
    """Cold processes against the imports that they cannot do without."""
    # As pip does when it installs; some environments forbid Python to do it by itself.
    compileall.compile_dir(Path(s2scli.__file__).parent, quiet=1)
    import_click = [sys.executable, "-c", "import click"]
    import_engine = [sys.executable, "-c", "import ctranslate2, sentencepiece"]
    for name, command, baseline in (
        ("s2s --help / import click", s2s("--help"), import_click),
        ("one line / import ctranslate2, sentencepiece", s2s("translate"), import_engine),
    ):
        ratios = []
        for _ in range(STARTUP_ROUNDS):
            ours = seconds(lambda c=command: quiet(c))  # type: ignore[misc]
            ratios.append(ours / seconds(lambda c=baseline: quiet(c)))  # type: ignore[misc]
        report(name, ratios)


def quiet(command: list[str]) -> None:
    """Run a command on one line of input, its output unseen."""
    run(command, input=b"Where is the station?\n", stdout=subprocess.DEVNULL)


def quality(checkpoint: Path, source: Path, target: Path, work: Path) -> None:
    """BLEU and chrF of the checkpoint converted to float32 and to int8."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    references = [target.read_text(encoding="utf-8").removesuffix("\n").split("\n")]
    for quantization in ("float32", "int8"):
        run(s2s("convert", checkpoint, "-o", work / quantization, "-q", quantization))
        command = s2s("translate", "-m", work / quantization, "--beam", BEAM, source)
        run([*command, "-o", str(work / "out")])
        hypotheses = (work / "out").read_text(encoding="utf-8").removesuffix("\n").split("\n")
        for metric in (BLEU(), CHRF()):
            score = metric.corpus_score(hypotheses, references)
            print(f"{quantization}: {score} {metric.get_signature()}", flush=True)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    add = parser.add_argument
    add("--input", type=Path, help="lines to translate, such as newstest2014.en")
    add("--copies", type=int, default=1, help="how many times over, each copy distinct")
    add("--lines", type=int, help="take only so many lines of the input")
    add("--sample", type=int, default=600, help="lines for the slow ways")
    add("--rounds", type=int, default=3)
    add(
        "--against",
        default="engine,naive,transformers",
        type=lambda value: value.split(","),
        help="which of engine, naive and transformers",
    )
    add("--model", type=Path, default=bundled_directory(DEFAULT_MODEL))
    add("--checkpoint", type=Path, help="its Hugging Face directory, to compare transformers")
    add("--memory", action="store_true")
    add("--startup", action="store_true")
    add("--quality", type=Path, nargs=2, metavar=("SOURCE", "TARGET"))
    options = parser.parse_args()
    if not options.checkpoint and "transformers" in options.against:
        options.against.remove("transformers")
    return options


def main() -> None:
    """Measure what is asked for."""
    options = parse()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if options.input:
            throughput(options, work)
        if options.memory:
            memory(work, options.model)
        if options.startup:
            startup()
        if options.quality:
            quality(options.checkpoint, options.quality[0], options.quality[1], work)


if __name__ == "__main__":
    main()
