"""Train the small models of Marian's own in ``tests/golden/marian-*``, and keep what Marian says.

Needs ``pip install pymarian numpy``, which is large and not used by the tests; in an environment of
its own, from the root of the repository::

    PYTHONPATH=. python scripts/make_marian.py --english train.en --german train.de --test test.en

``marian-nmt`` is a Transformer in Marian's ``.npz``. The students (``marian-student``,
``marian-student-pre``) are binary models with matrices of int8, as Bergamot stores them. What is
kept of them is what Marian makes, in float32, of the very numbers that their integers stand for,
and what it makes of the integers: it reads a binary file that ``tests/models/convert/
marianbinary.py`` has written; and what it makes with a lexical shortlist of half of its own
outputs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pymarian

from tests.models.convert.marianbinary import BERGAMOT8, INTGEMM8, plain, student, write_binary
from tests.models.convert.marianlexicon import write_lexicon

OUT = Path(__file__).parents[1] / "tests" / "golden"
PAIRS, SENTENCES, LONGEST_LINE = 60_000, 80, 60
CARD = """---
license: cc-by-4.0
---
A small model (Marian's own format) for tests, made by `scripts/make_marian.py`. Training data:
Tatoeba (tatoeba.org), CC BY 2.0 FR, English–German pairs by way of manythings.org/anki.
"""
TRANSFORMER: dict[str, Any] = {
    "type": "transformer",
    "enc_depth": 2,
    "dec_depth": 2,
    "transformer_heads": 4,
    "transformer_dim_ffn": 128,
    "dim_emb": 64,
    "tied_embeddings_all": True,
}
# intgemm wants multiples of 64 and, for the vocabulary, of 8.
STUDENT = TRANSFORMER | {
    "transformer_dim_ffn": 64,
    "transformer_ffn_activation": "relu",
    "transformer_decoder_autoreg": "rnn",
    "dec_cell": "ssru",
    "lr_warmup": "300u",
}
OTHER_STUDENT = STUDENT | {
    "enc_depth": 1,
    "dec_depth": 2,
    "transformer_heads": 8,
    "transformer_ffn_activation": "swish",
    "transformer_preprocess": "n",
    "transformer_postprocess": "da",
    "transformer_postprocess_top": "n",
    "transformer_guided_alignment_layer": "1",
    "tied_embeddings_all": False,
    "tied_embeddings": True,
    "output_omit_bias": True,
}
# Name → options of the trainer, size of the vocabulary, updates.
MODELS: dict[str, tuple[dict[str, Any], int, int]] = {
    "marian-nmt": (TRANSFORMER, 500, 300),
    "marian-student": (STUDENT, 512, 3000),
    "marian-student-pre": (OTHER_STUDENT, 512, 800),
}


def train(work: Path, name: str, english: Path, german: Path) -> None:
    """Train ``model.npz`` and ``vocab.spm`` in a directory."""
    for source, to in ((english, "train.en"), (german, "train.de")):
        with source.open(encoding="utf-8") as lines, (work / to).open("w") as out:
            out.writelines(islice(lines, PAIRS))
    options, pieces, updates = MODELS[name]
    if "student" in name:  # rules of normalization would be most of the vocabulary's file
        options = options | {"sentencepiece_options": "--normalization_rule_name=identity"}
    pymarian.Trainer(
        model=str(work / "model.npz"),
        train_sets=[str(work / "train.en"), str(work / "train.de")],
        vocabs=[str(work / "vocab.spm")] * 2,
        dim_vocabs=[pieces, pieces],
        cpu_threads=1,
        workspace=300,
        mini_batch=48,
        maxi_batch=50,
        after=f"{updates}u",
        save_freq=f"{updates}u",
        learn_rate=0.003,
        overwrite=True,
        seed=1,
        **options,
    ).train()


def lines_of(model: Path, vocabulary: Path, sources: list[str], **more: Any) -> list[list[str]]:
    """For each source Marian's hypotheses, best first, as it writes them."""
    translator = pymarian.Translator(
        models=str(model),
        vocabs=[str(vocabulary)] * 2,
        n_best=True,
        cpu_threads=1,
        mini_batch=1,
        normalize=1.0,
        quiet=True,
        **more,
    )
    found: list[list[str]] = [[] for _ in sources]
    for line in translator.translate("\n".join(sources)).split("\n"):
        if line:
            number, _, rest = line.partition(" ||| ")
            found[int(number)].append(rest)
    return found


def translations(
    model: Path, vocabulary: Path, sources: list[str], beam: int, **more: Any
) -> list[dict[str, Any]]:
    """Of each source, Marian's best hypothesis and its score: log p per token, the end counted."""
    rows = []
    for several in lines_of(model, vocabulary, sources, beam_size=beam, **more):
        text, *_, score = several[0].split(" ||| ")
        rows.append({"text": text, "score": float(score)})
    return rows


def alignments(model: Path, vocabulary: Path, sources: list[str]) -> list[list[list[float]]]:
    """Of each source, how much each token of the greedy hypothesis looked at each of its own."""
    rows = []
    for several in lines_of(model, vocabulary, sources, beam_size=1, alignment="soft"):
        soft = several[0].split(" ||| ")[1].split(" ")
        rows.append([[round(float(n), 3) for n in token.split(",")] for token in soft])
    return rows


def as_published(work: Path, out: Path) -> None:
    """Write a student as Bergamot does, and for Marian its integers and what they stand for."""
    arrays = dict(np.load(work / "model.npz"))
    items = student(arrays, BERGAMOT8)
    items["none_QuantMultA"] = plain(np.full((1, 1), 12.5, np.float32))
    write_binary(out / "model.ende.intgemm.alphas.bin", items)
    for name, (kind, shape, data) in items.items():
        if kind == BERGAMOT8:
            size = int(np.prod(shape))
            integers = np.frombuffer(data, "i1", size).astype(np.float32)
            step = np.float32(1) / np.frombuffer(data[size:], "<f4")[0]
            turned = integers if "Wemb" in name else integers.reshape(shape[::-1]).T
            arrays[name] = np.ascontiguousarray(turned).reshape(shape) * step
    np.savez(work / "float32.npz", **arrays)
    # Marian itself, unlike Bergamot, leaves embeddings as they are.
    tables = {name: plain(array) for name, array in arrays.items() if "Wemb" in name}
    write_binary(work / "int8.bin", student(arrays, INTGEMM8) | tables)


def make(name: str, work: Path, sources: list[str]) -> dict[str, Any]:
    """Put a trained model into its place; what Marian says to the sources."""
    out = OUT / name
    out.mkdir(exist_ok=True)
    (out / "README.md").write_text(CARD, encoding="utf-8")
    vocabulary = "vocab.ende.spm" if "student" in name else "vocab.spm"
    shutil.copy(work / "vocab.spm", out / vocabulary)
    if "student" not in name:
        shutil.copy(work / "model.npz", out / "model.npz")
        model = out / "model.npz"
        return {
            "best": {beam: translations(model, out / vocabulary, sources, beam) for beam in (1, 4)}
        }
    as_published(work, out)
    model, spm = work / "float32.npz", out / vocabulary
    integers = translations(work / "int8.bin", spm, sources, 1)
    best = {beam: translations(model, spm, sources, beam) for beam in (1, 4)}
    half = sources[: len(sources) // 2]
    texts = [row["text"] for row in best[1][: len(half)]]
    lexicon = work / "lex.s2t.bin"
    write_lexicon(lexicon, spm, dict(zip(half, texts, strict=True)))
    short = {"shortlist": [str(lexicon), "0"]}  # 0: no checksum
    return {
        "best": best,
        "integers": [row["text"] for row in integers],
        "soft": alignments(model, spm, sources[:10]),
        "shortlisted": {beam: translations(model, spm, sources, beam, **short) for beam in (1, 4)},
    }


def main() -> None:
    """Write the models and what Marian says (``tests/golden/marian-*.json``)."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--english", type=Path, required=True, help="one sentence per line")
    parser.add_argument("--german", type=Path, required=True, help="one sentence per line")
    parser.add_argument("--test", type=Path, required=True, help="English, one sentence per line")
    parser.add_argument("--model", choices=MODELS, action="append", help="only these")
    parser.add_argument("--trained", type=Path, help="take the model that is in this directory")
    options = parser.parse_args()
    lines = options.test.read_text(encoding="utf-8").splitlines()
    sources = [line for line in lines if len(line) <= LONGEST_LINE][:SENTENCES]
    for name in options.model or MODELS:
        with tempfile.TemporaryDirectory() as temporary:
            work = options.trained or Path(temporary)
            if not options.trained:
                train(work, name, options.english, options.german)
            content = {
                "made_by": f"scripts/make_marian.py, pymarian {pymarian.__version__}",
                "sources": sources,
                **make(name, work, sources),
            }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        (OUT / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
