"""Compare COMET here with unbabel-comet on the CPU: time, memory, installed size, scores.

unbabel-comet needs an environment of its own; ``make_learned_golden.py`` says how to make it. Both
score the same segments by the same checkpoint, which has the shape of a real encoder and random
numbers; tools take turns, each round in new processes, and the model is loaded before the clock
runs. Ratios are of processor time, and above 1 where s2s is faster::

    python scripts/bench_learned.py --comet-python comet/bin/python [--quick]

The default has the shape of XLM-RoBERTa base, 12 layers of 768; ``--layers 24 --width 1024`` is
that of wmt22-comet-da. Its vocabulary is small: tables of embeddings cost memory, and no time.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring.cometside import WARMING
from measuring.installed import megabytes

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
ENCODER = GOLDEN / "learned" / "xlm-roberta-small"
SIDE = Path(__file__).parent / "measuring" / "cometside.py"
INSTALLED = Path(__file__).parent / "measuring" / "installed.py"
TYPES = ("float32", "int8")
REFERENCE = "unbabel-comet"
QUICK = {"lines": 24, "rounds": 1, "layers": 3, "width": 256}


def segments(count: int) -> list[dict[str, str]]:
    """Sources, hypotheses and references, each another text."""
    rows = [
        line.split("\t")[1:]
        for line in (GOLDEN / "bundled-sentences.tsv").read_text("utf-8").splitlines()
    ]
    found = []
    for number in range(count):
        english, german = rows[number % len(rows)]
        other = rows[(7 * number + 3) % len(rows)][1]
        lead = f"{number}. "
        found.append({"src": lead + english, "mt": lead + other, "ref": lead + german})
    return found


def score(model: Path, texts: Path, threads: int) -> None:
    """s2s's side: score, and print what that took."""
    from s2scli.inference.scoring.comet import CometScorer
    from s2scli.models.manifest import Manifest

    rows = [json.loads(line) for line in texts.read_text("utf-8").splitlines()]
    scorer = CometScorer(model, Manifest.load(model), threads)
    columns = {name: [row[name] for row in rows] for name in ("src", "mt", "ref")}
    warming = {name: [f"{text} " for text in each[:WARMING]] for name, each in columns.items()}
    scorer.estimates(warming)
    begin, cpu = time.perf_counter(), time.process_time()
    found = [estimate.score for estimate in scorer.estimates(columns)]
    took = {
        "seconds": time.perf_counter() - begin,
        "cpu": time.process_time() - cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }
    print(json.dumps({**took, "scores": found}))


def run(*command: object) -> Any:
    """The last line of what a process prints, read as JSON."""
    done = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1] or "null") if done.stdout else None


def converted(checkpoint: Path, folder: Path) -> dict[str, Path]:
    """The model directory of each type."""
    from s2scli.models.convert.run import convert

    found = {}
    for kind in TYPES:
        found[kind] = folder / kind
        convert(checkpoint, found[kind], quantization=kind)
    return found


def measure(options: argparse.Namespace, folder: Path) -> dict[str, list[Any]]:
    """What each tool took, round by round."""
    checkpoint, texts = folder / "checkpoint", folder / "texts.jsonl"
    shape = (options.layers, options.width)
    run(options.comet_python, SIDE, "make", ENCODER, checkpoint, *shape)
    rows = segments(options.lines)
    texts.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    models = converted(checkpoint, folder)
    found: dict[str, list[Any]] = {}
    for number in range(options.rounds):
        tools = [REFERENCE, *TYPES]
        for tool in tools if number % 2 == 0 else reversed(tools):
            command: tuple[object, ...] = (sys.executable, __file__, "--side", models.get(tool))
            if tool == REFERENCE:
                command = (options.comet_python, SIDE, "score", checkpoint)
            found.setdefault(tool, []).append(run(*command, texts, options.threads))
            print(f"round {number + 1}: {tool}", file=sys.stderr, flush=True)
    return found


def report(found: dict[str, list[Any]], lines: int, sizes: dict[str, float]) -> None:
    """A row per tool."""
    theirs = found[REFERENCE]
    print("tool, segments/s, processor s, ratio (least to most), peak MB, installed MB, difference")
    for tool, rounds in found.items():
        ratios = [a["cpu"] / b["cpu"] for a, b in zip(theirs, rounds, strict=True)]
        pairs = zip(theirs[0]["scores"], rounds[0]["scores"], strict=True)
        print(
            f"{tool}: {lines / statistics.median(each['seconds'] for each in rounds):.1f}, "
            f"{statistics.median(each['cpu'] for each in rounds):.2f}, "
            f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), "
            f"{max(each['peak'] for each in rounds):,.0f}, "
            f"{sizes['comet' if tool == REFERENCE else 's2s']:,.0f}, "
            f"{max(abs(a - b) for a, b in pairs):.6f}"
        )


def main() -> None:
    """Parse the options, measure and print."""
    if sys.argv[1:2] == ["--side"]:
        score(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--comet-python", required=True, help="Python that has unbabel-comet")
    parser.add_argument("--lines", type=int, default=200, help="segments")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--width", type=int, default=768)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a small model, few segments")
    options = parser.parse_args()
    if options.quick:
        vars(options).update(QUICK)
    sizes = {
        "s2s": megabytes("s2scli[onnx]"),
        "comet": run(options.comet_python, INSTALLED, REFERENCE),
    }
    with tempfile.TemporaryDirectory() as folder:
        report(measure(options, Path(folder)), options.lines, sizes)


if __name__ == "__main__":
    main()
