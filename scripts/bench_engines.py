"""Measure the engines of our own search against the programs that models were made for.

``student``
    A student with an SSRU, of the sizes that Firefox Translations publishes as "tiny" (256 wide, 6
    and 2 layers, 32,000 pieces), greedy and with a beam of 4, on one core: s2s in int8 (by ONNX
    Runtime) and in float32 (by NumPy) against
    Marian itself by ``pymarian``, in float32 and with its int8 (intgemm). Weights are random, and
    no text ever ends: both write as many tokens as the source has, so that both do the same work.
    What counts is the time of the processor, of all in turns, and of several rounds the median;
    start-up and loading do not count. ``--shortlist`` gives all of them the same lexical
    shortlist: 50 candidates for each token, drawn as often as tokens are in text (Zipf's law).

``pairs``
    BERT2BERT and ViT-GPT2 against transformers (``scripts/bench_pairs.py``).

Needs, for Marian, a Python that has ``pymarian`` (see ``scripts/make_marian.py``)::

    PYTHONPATH=. python scripts/bench_engines.py student --input train.en --marian-python PYTHON
    PYTHONPATH=. python scripts/bench_engines.py pairs
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ONE_CORE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
WIDTH, INNER, HEADS, PIECES = 256, 1536, 8, 32_000
LAYERS = {"encoder": 6, "decoder": 2}
LENGTH, LINES, BATCH, ROUNDS = 20, 192, 64, 3
LEXICON, YIELDS = "lex.s2t.bin", 50
OPTIONS: dict[str, Any] = {
    "type": "transformer",
    "dim-emb": WIDTH,
    "dim-vocabs": [PIECES, PIECES],
    "enc-depth": LAYERS["encoder"],
    "dec-depth": LAYERS["decoder"],
    "transformer-heads": HEADS,
    "transformer-dim-ffn": INNER,
    "transformer-ffn-depth": 2,
    "transformer-ffn-activation": "relu",
    "transformer-decoder-autoreg": "rnn",
    "dec-cell": "ssru",
    "transformer-preprocess": "",
    "transformer-postprocess": "dan",
    "transformer-postprocess-emb": "d",
    "transformer-guided-alignment-layer": "last",
    "tied-embeddings-all": True,
    "layer-normalization": False,
    "version": "v1.12.42",
}
# Run by the other Python: one line of JSON in (what to do), one out (seconds).
MARIAN = """
import json, sys, time
import pymarian
ask = json.loads(sys.argv[1])
lines = open(ask["input"], encoding="utf-8").read().rstrip("\\n")
translator = pymarian.Translator(
    models=ask["model"], vocabs=[ask["vocabulary"]] * 2, beam_size=ask["beam"], normalize=1.0,
    cpu_threads=1, mini_batch=ask["batch"], maxi_batch=100, maxi_batch_sort="src", workspace=512,
    max_length_factor=1, quiet=True,
    **({"shortlist": [ask["lexicon"], "0"]} if ask["lexicon"] else {}),
)
translator.translate(lines.split("\\n")[0])
begin = time.process_time()
translator.translate(lines)
print(json.dumps(time.process_time() - begin), file=sys.stderr)
"""
OURS = """
import json, sys, time
from pathlib import Path
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
ask = json.loads(sys.argv[1])
lines = Path(ask["input"]).read_text("utf-8").splitlines()
model = Model(
    Path(ask["model"]), place("cpu", threads=1), ask["compute_type"], job=Job("translate")
)
options = {"beam_size": ask["beam"], "max_length": ask["length"]}
decoding = model.decoding(options | ({"shortlist": True} if ask["lexicon"] else {}))
def run(rows):
    for start in range(0, len(rows), ask["batch"]):
        tokens = [model.source(row) for row in model.encode(rows[start:start + ask["batch"]])]
        model.submit(tokens, decoding).result()
run(lines[:1])
begin = time.process_time()
run(lines)
print(json.dumps(time.process_time() - begin), file=sys.stderr)
"""


def arrays() -> dict[str, Any]:
    """A student's arrays by Marian's names, random; the end of a text never comes up."""
    import numpy as np
    import yaml

    random = np.random.default_rng(1)

    def matrix(*shape: int) -> Any:
        return random.normal(0, shape[0] ** -0.5, shape).astype(np.float32)

    found = {"Wemb": matrix(PIECES, WIDTH), "decoder_ff_logit_out_b": matrix(1, PIECES)}
    found["decoder_ff_logit_out_b"][0, 0] = -1e6
    for side, count in LAYERS.items():
        for layer in range(1, count + 1):
            place = f"{side}_l{layer}"
            attention = f"{place}_self" if side == "encoder" else f"{place}_context"
            norms = [f"{attention}_Wo", f"{place}_ffn_ffn"]
            for name in "qkvo":
                found[f"{attention}_W{name}"] = matrix(WIDTH, WIDTH)
                found[f"{attention}_b{name}"] = matrix(1, WIDTH)
            if side == "decoder":
                found[f"{place}_rnn_W"] = matrix(WIDTH, WIDTH)
                found[f"{place}_rnn_Wf"] = matrix(WIDTH, WIDTH)
                found[f"{place}_rnn_bf"] = matrix(1, WIDTH)
                norms.append(f"{place}_rnn_ffn")
            found[f"{place}_ffn_W1"], found[f"{place}_ffn_b1"] = (
                matrix(WIDTH, INNER),
                matrix(1, INNER),
            )
            found[f"{place}_ffn_W2"], found[f"{place}_ffn_b2"] = (
                matrix(INNER, WIDTH),
                matrix(1, WIDTH),
            )
            for norm in norms:
                found[f"{norm}_ln_scale"] = np.ones((1, WIDTH), np.float32)
                found[f"{norm}_ln_bias"] = np.zeros((1, WIDTH), np.float32)
    options = yaml.safe_dump(OPTIONS).encode() + b"\0"
    found["special:model.yml"] = np.frombuffer(options, np.int8)
    return found


def prepare(work: Path, text: Path) -> None:
    """Write the vocabulary, the model in all forms, and lines that all have the same length."""
    import numpy as np

    from s2scli.models.convert.run import convert
    from tests.models.convert.marianbinary import INTGEMM8, plain, student, write_binary

    write_texts(work, text)
    made = arrays()
    source = work / "source"
    source.mkdir()
    (source / "vocab.spm").write_bytes((work / "vocab.spm").read_bytes())
    np.savez(work / "float32.npz", **made)
    tables = {"Wemb": plain(made["Wemb"])}
    write_binary(work / "int8.bin", student(made, INTGEMM8) | tables)
    write_binary(source / "model.bin", student(made, INTGEMM8))
    write_lists(source / LEXICON)
    convert(source, work / "ours", quantization="int8")


def write_lists(path: Path) -> None:
    """Write a lexical shortlist; tokens are sorted by how frequent they are."""
    import numpy as np

    from tests.models.convert.marianlexicon import lexicon

    random, shares = np.random.default_rng(2), 1 / np.arange(10, PIECES + 10)
    shares /= shares.sum()
    drawn = [random.choice(PIECES, 2 * YIELDS, p=shares) for _ in range(PIECES)]
    path.write_bytes(lexicon([sorted(set(row.tolist()))[:YIELDS] for row in drawn], YIELDS))


def write_texts(work: Path, text: Path) -> None:
    """Write the vocabulary, and lines that all have the same length."""
    import sentencepiece

    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(work / "vocab"),
        vocab_size=PIECES,
        hard_vocab_limit=False,
        bos_id=-1,
        eos_id=0,
        unk_id=1,
        input_sentence_size=200_000,
        minloglevel=2,
    )
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(work / "vocab.model"))
    if pieces.get_piece_size() != PIECES:
        raise SystemExit(f"The text gives {pieces.get_piece_size()} pieces; it needs {PIECES}")
    (work / "vocab.spm").write_bytes((work / "vocab.model").read_bytes())
    with text.open(encoding="utf-8") as lines:
        words = " ".join(line.strip() for line in lines)[: LINES * LENGTH * 20]
    ids = pieces.encode(words)
    rows = [pieces.decode(ids[n : n + LENGTH - 1]) for n in range(0, len(ids), LENGTH - 1)]
    fitting = [row for row in rows if len(pieces.encode(row)) == LENGTH - 1][:LINES]
    (work / "lines").write_text("".join(f"{row}\n" for row in fitting), encoding="utf-8")


def environment() -> dict[str, str]:
    """Of processes that have one thread and find these scripts."""
    here = Path(__file__).parent
    return os.environ | ONE_CORE | {"PYTHONPATH": os.pathsep.join(map(str, (here, here.parent)))}


def seconds(python: str, code: str, ask: Mapping[str, Any]) -> float:
    """What a run took of the processor's time."""
    done = subprocess.run(
        [python, "-c", code, json.dumps(ask)],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stderr.splitlines()[-1])


def bench_student(options: argparse.Namespace) -> None:
    """Print sentences per second of both."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        prepare(work, options.input)
        marian = {"vocabulary": str(work / "vocab.spm")}
        runs = {
            **ours(work / "ours"),
            "Marian float32": (
                options.marian_python,
                MARIAN,
                marian | {"model": str(work / "float32.npz")},
            ),
            "Marian int8": (
                options.marian_python,
                MARIAN,
                marian | {"model": str(work / "int8.bin")},
            ),
        }
        lexicon = str(work / "source" / LEXICON) if options.shortlist else ""
        compare(work, runs, options.rounds, options.batch, lexicon)


def ours(model: Path) -> dict[str, tuple[str, str, dict[str, str]]]:
    """The runs of a converted model."""
    return {
        f"s2s {kind}": (sys.executable, OURS, {"model": str(model), "compute_type": kind})
        for kind in ("int8", "float32")
    }


def bench_pairs(options: argparse.Namespace) -> None:
    """Print the seconds of encoder-decoders of separate parts, and of transformers."""
    from bench_pairs import Program, computes_half, prepared

    if not computes_half():
        print("This processor does not multiply bfloat16, which is left out")
    with tempfile.TemporaryDirectory() as temporary:
        for name, count, runs in prepared(Path(temporary)):
            for beam in (1, 4):
                programs = {
                    f"{each}, batches of": Program(ask | {"beam": beam}, environment())
                    for each, ask in runs.items()
                }
                took: dict[str, list[float]] = {each: [] for each in programs}
                for _ in range(options.rounds):
                    for each, program in programs.items():
                        took[each].append(program.seconds())
                found = {f"{each} {programs[each].batch}": took[each] for each in took}
                report(f"{name} beam {beam}", count, found)
                for program in programs.values():
                    program.close()


def report(title: str, count: int, took: Mapping[str, list[float]]) -> None:
    """Print how much each program does a second, and how many times faster the first is: the
    median of the ratios of all rounds."""
    first = next(iter(took.values()))
    for name, several in took.items():
        speed = count / statistics.median(several)
        ratio = statistics.median(b / a for a, b in zip(first, several, strict=True))
        print(f"{title}  {name:37} {speed:8.2f}/s  ratio {ratio:.2f}", flush=True)


def compare(
    work: Path,
    runs: Mapping[str, tuple[str, str, dict[str, str]]],
    rounds: int,
    batch: int = BATCH,
    lexicon: str = "",
) -> None:
    """Print sentences per second of several programs, in turns; s2s is the first of them.

    Args:
        work: where the lines are.
        runs: by name, the Python to run, the code, and what it shall do.
        rounds: how many times.
        batch: sentences in a batch.
        lexicon: a lexical shortlist that all use; empty for the whole vocabulary.
    """
    count = len((work / "lines").read_text("utf-8").splitlines())
    print(f"{count} sentences of {LENGTH} tokens, batches of {batch}, {rounds} rounds")
    for beam in (1, 4):
        ask = {"input": str(work / "lines"), "beam": beam, "batch": batch, "length": LENGTH}
        ask["lexicon"] = lexicon
        took: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, (python, code, more) in runs.items():
                took[name].append(seconds(python, code, ask | more))
        report(f"beam {beam}", count, took)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    commands = parser.add_subparsers(required=True)
    student = commands.add_parser("student", help="SSRU students against Marian")
    student.add_argument("--input", type=Path, required=True, help="text, some 100,000 lines")
    student.add_argument("--marian-python", required=True, help="a Python that has pymarian")
    student.add_argument("--rounds", type=int, default=ROUNDS)
    student.add_argument("--batch", type=int, default=BATCH, help="sentences")
    student.add_argument("--shortlist", action="store_true", help="a lexical one, for all")
    student.set_defaults(run=bench_student)
    pairs = commands.add_parser("pairs", help="BERT2BERT and ViT-GPT2 against transformers")
    pairs.add_argument("--rounds", type=int, default=ROUNDS)
    pairs.set_defaults(run=bench_pairs)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
