"""Measure a recurrent model of OpenNMT-py: s2s against OpenNMT-py itself.

The sizes are those of OpenNMT-py's recurrent examples: LSTMs of 2 layers, 500 wide, reading in both
directions, input feeding, attention "general", 50,000 words. As in ``scripts/bench_engines.py``,
weights are random, no text ends, sources and targets have 20 words, and the time of one core's
processor counts. OpenNMT-py 3.5.1 works with today's PyTorch, in an environment of its own (see
``scripts/make_opennmt.py``)::

    PYTHONPATH=. python scripts/bench_opennmt.py --opennmt-python PYTHON
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_engines import BATCH, LENGTH, ROUNDS, compare, environment, ours

WORDS, LINES, NEVER = 50_000, 64, -1e4
OPTIONS = "-rnn_type LSTM -layers 2 -hidden_size 500 -word_vec_size 500 -global_attention general"
END = "</s>"
WRITE = "import sys; from bench_opennmt import write; write(sys.argv[1])"
THEIRS = "import sys; from bench_opennmt import run; run(sys.argv[1])"


def content() -> dict[str, Any]:
    """Both vocabularies, as checkpoints have them."""
    words = ["<unk>", "<blank>", "<s>", END, *(f"w{number}" for number in range(WORDS - 4))]
    return {"src": words, "tgt": words, "data_task": "seq2seq", "decoder_start_token": "<s>"}


def built() -> tuple[Any, Any, Any]:
    """The model, its vocabularies and its options."""
    import torch
    from make_opennmt import model_options
    from onmt.inputters.inputter import dict_to_vocabs
    from onmt.model_builder import build_base_model

    torch.manual_seed(1)
    vocabs, options = dict_to_vocabs(content()), model_options(OPTIONS)
    model = build_base_model(options, vocabs)
    for parameter in model.parameters():
        torch.nn.init.uniform_(parameter, -0.1, 0.1)
    with torch.no_grad():
        dict(model.generator.named_parameters())["bias"][vocabs["tgt"][END]] = NEVER
    return model, vocabs, options


def write(path: str) -> None:
    """Write a checkpoint."""
    import torch

    model, _, options = built()
    state = model.state_dict()
    kept = {
        "model": {name: numbers for name, numbers in state.items() if "generator" not in name},
        "generator": model.generator.state_dict(),
        "vocab": content(),
        "opt": options,
        "optim": {"training_step": 0, "decay_step": 1, "optimizer": {}},
    }
    torch.save(kept, path)


def run(argument: str) -> None:
    """Translate by OpenNMT-py, and print the seconds."""
    import torch
    from make_opennmt import batch_of
    from onmt.translate import GNMTGlobalScorer
    from onmt.translate.translator import Translator

    ask = json.loads(argument)
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    model, vocabs, _ = built()
    translator = Translator(
        model.eval(),
        vocabs,
        max_length=LENGTH,
        beam_size=ask["beam"],
        global_scorer=GNMTGlobalScorer(1.0, 0.0, "avg", "none"),
        report_score=False,
        dump_beam="",
    )
    rows = [line.split() for line in Path(ask["input"]).read_text("utf-8").splitlines()]

    def decode(some: list[list[str]]) -> None:
        for start in range(0, len(some), ask["batch"]):
            pairs = [(row, None) for row in some[start : start + ask["batch"]]]
            found = translator.translate_batch(batch_of(vocabs, pairs, False), False)
            lengths = {len(several[0]) for several in found["predictions"]}
            if lengths != {LENGTH}:
                raise SystemExit(f"outputs of {sorted(lengths)} tokens")

    decode(rows[:1])
    begin = time.process_time()
    decode(rows)
    print(json.dumps(time.process_time() - begin), file=sys.stderr)


def main() -> None:
    """Print sentences per second of both."""
    from s2scli.models.convert.run import convert

    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--opennmt-python", required=True, help="a Python that has OpenNMT-py")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--batch", type=int, default=BATCH, help="sentences")
    options = parser.parse_args()
    chosen = random.Random(1)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        rows = [[f"w{chosen.randrange(WORDS - 4)}" for _ in range(LENGTH)] for _ in range(LINES)]
        (work / "lines").write_text("".join(f"{' '.join(row)}\n" for row in rows), "utf-8")
        python, checkpoint = options.opennmt_python, work / "model.pt"
        quiet = environment() | {"PYTHONWARNINGS": "ignore"}
        subprocess.run([python, "-c", WRITE, str(checkpoint)], env=quiet, check=True)
        convert(checkpoint, work / "ours", quantization="int8")
        runs = {**ours(work / "ours"), "OpenNMT-py float32": (python, THEIRS, {})}
        compare(work, runs, options.rounds, options.batch)


if __name__ == "__main__":
    main()
