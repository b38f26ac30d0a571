"""Compare ``s2s convert`` with ``ct2-transformers-converter``: time and anonymous memory.

Both convert the same random checkpoints to int8, as whole processes, by turns; ratios are ours by
theirs, so that below 1 means that s2s takes less. Anonymous memory is what a process has asked for
(``RssAnon``, sampled every five milliseconds); the checkpoint's own pages, which are mapped and can
be dropped at any time, do not count. Needs the extra "oracle"; from the root of the repository::

    python scripts/bench_convert.py [--rounds 3] [t5-base] [nllb-600m]
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
SAMPLE_SECONDS = 0.005
# Checkpoint → (whose tokenizer it gets, class of the configuration, of the model, their sizes).
SHAPES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "small": (
        "t5",
        "T5Config",
        "T5ForConditionalGeneration",
        {"vocab_size": 4096, "d_model": 128, "d_kv": 32, "d_ff": 256, "num_layers": 2},
    ),
    "t5-base": (
        "t5",
        "T5Config",
        "T5ForConditionalGeneration",
        {
            "vocab_size": 32128,
            "d_model": 768,
            "d_kv": 64,
            "d_ff": 3072,
            "num_layers": 12,
            "num_heads": 12,
            "decoder_start_token_id": 0,
        },
    ),
    "nllb-600m": (
        "nllb",
        "M2M100Config",
        "M2M100ForConditionalGeneration",
        {
            "vocab_size": 256206,
            "d_model": 1024,
            "encoder_layers": 12,
            "decoder_layers": 12,
            "encoder_ffn_dim": 4096,
            "decoder_ffn_dim": 4096,
            "encoder_attention_heads": 16,
            "decoder_attention_heads": 16,
            "max_position_embeddings": 1024,
            "scale_embedding": True,
            "tokenizer_class": "NllbTokenizer",
        },
    ),
}


def make_checkpoint(name: str, directory: Path) -> None:
    """Write a random checkpoint with a small tokenizer."""
    import transformers

    tokenizer, config, model, sizes = SHAPES[name]
    for path in (GOLDEN / tokenizer).iterdir():
        if path.name not in ("model.safetensors", "config.json", "generation_config.json"):
            shutil.copy(path, directory)
    network = getattr(transformers, model)(getattr(transformers, config)(**sizes))
    network.save_pretrained(directory)


def measure(command: list[str]) -> tuple[float, float]:
    """Seconds and the peak of anonymous memory in MB of a process that must succeed."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        peak = 0
        while process.poll() is None:
            peak = max(peak, anonymous_kilobytes(process.pid))
            time.sleep(SAMPLE_SECONDS)
        seconds = time.perf_counter() - start
        if process.returncode:
            log.seek(0)
            sys.exit(log.read().decode())
    return seconds, peak / 1024


def anonymous_kilobytes(pid: int) -> int:
    """The process' anonymous memory now; 0 if it is gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def compare(name: str, rounds: int, work: Path) -> None:
    """Print the figures of one checkpoint."""
    checkpoint = work / name
    checkpoint.mkdir()
    subprocess.run([sys.executable, __file__, "--make", name, str(checkpoint)], check=True)
    tools: dict[str, Callable[[Path], list[str]]] = {
        "s2s": lambda out: [
            *(sys.executable, "-m", "s2scli", "convert", str(checkpoint)),
            *("-o", str(out), "-q", "int8", "--force", "--quiet"),
        ],
        "official": lambda out: [
            str(Path(sys.executable).with_name("ct2-transformers-converter")),
            *("--model", str(checkpoint), "--output_dir", str(out)),
            *("--quantization", "int8", "--force"),
        ],
    }
    found: dict[str, list[tuple[float, float]]] = {tool: [] for tool in tools}
    for _ in range(rounds):
        for tool, command in tools.items():
            found[tool].append(measure(command(work / f"{name}-{tool}")))
    for tool, rows in found.items():
        seconds, megabytes = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{name}, {tool}: {seconds:.1f} s, {megabytes:.0f} MB")
    for number, what in enumerate(("time", "anonymous memory")):
        pairs = zip(found["s2s"], found["official"], strict=True)
        ratios = [ours[number] / theirs[number] for ours, theirs in pairs]
        print(
            f"{name}, {what}: {statistics.median(ratios):.3f} "
            f"(from {min(ratios):.3f} to {max(ratios):.3f})",
            flush=True,
        )
    models = [(work / f"{name}-{tool}" / "model.bin").read_bytes() for tool in tools]
    print(f"{name}, model.bin: {'identical' if models[0] == models[1] else 'not identical'}")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("names", nargs="*", default=["t5-base", "nllb-600m"], metavar="CHECKPOINT")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--make", nargs=2, metavar=("NAME", "DIR"), help="only write a checkpoint")
    options = parser.parse_args()
    if options.make:
        make_checkpoint(options.make[0], Path(options.make[1]))
        return
    with tempfile.TemporaryDirectory() as work:
        for name in options.names:
            compare(name, options.rounds, Path(work))


if __name__ == "__main__":
    main()
