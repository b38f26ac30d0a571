"""Train the recurrent models of Marian's own in ``tests/golden``, and keep what Marian says.

Needs what ``scripts/make_marian.py`` needs; with the same arguments::

    python scripts/make_marian_recurrent.py --english train.en --german train.de --test test.en

Each model stands for others: ``marian-gru`` for the shallow ones, ``marian-deep`` for those with
deep transitions (as the University of Edinburgh's at WMT17), ``marian-nematus`` for such as were
trained with Nematus, ``marian-lstm`` for LSTMs and encoders of which only the first layer is
bidirectional. All have the vocabulary of ``tests/golden/marian-nmt``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import zipfile
from itertools import islice
from pathlib import Path
from typing import Any

import pymarian

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
VOCABULARY = GOLDEN / "marian-nmt" / "vocab.spm"
PIECES, UPDATES, PAIRS, SENTENCES, LONGEST_LINE = 500, 250, 20_000, 60, 60
ATTENDED = 8  # sentences of which the attention is kept
CARD = """---
license: cc-by-4.0
---
A small recurrent model (Marian's own format) for tests, made by `scripts/make_marian_recurrent.py`.
Training data: Tatoeba (tatoeba.org), CC BY 2.0 FR, English–German pairs by way of
manythings.org/anki.
"""
MODELS: dict[str, dict[str, Any]] = {
    "marian-gru": {
        "type": "s2s",
        "dim_emb": 32,
        "dim_rnn": 40,
        "enc_cell": "gru",
        "dec_cell": "gru",
        "tied_embeddings_all": True,
    },
    "marian-deep": {
        "type": "s2s",
        "dim_emb": 20,
        "dim_rnn": 24,
        "enc_type": "alternating",
        "enc_cell": "gru",
        "enc_depth": 2,
        "enc_cell_depth": 2,
        "dec_cell": "gru",
        "dec_depth": 2,
        "dec_cell_base_depth": 4,
        "dec_cell_high_depth": 2,
        "layer_normalization": True,
        "skip": True,
        "tied_embeddings": True,
    },
    "marian-nematus": {
        "type": "nematus",
        "dim_emb": 20,
        "dim_rnn": 28,
        "enc_cell": "gru-nematus",
        "enc_cell_depth": 2,
        "dec_cell": "gru-nematus",
        "dec_cell_base_depth": 3,
        "layer_normalization": True,
    },
    "marian-lstm": {
        "type": "s2s",
        "dim_emb": 24,
        "dim_rnn": 28,
        "enc_type": "bi-unidirectional",
        "enc_cell": "lstm",
        "enc_depth": 3,
        "dec_cell": "lstm",
        "dec_depth": 2,
        "skip": True,
        "tied_embeddings_src": True,
    },
}
# Beam, length penalty.
SEARCHES = ((1, 1.0), (4, 0.6), (4, 1.0))


def train(work: Path, english: Path, german: Path, options: dict[str, Any]) -> None:
    """Train ``model.npz`` in a directory."""
    for source, name in ((english, "train.en"), (german, "train.de")):
        with source.open(encoding="utf-8") as lines, (work / name).open("w") as out:
            out.writelines(islice(lines, PAIRS))
    pymarian.Trainer(
        model=str(work / "model.npz"),
        train_sets=[str(work / "train.en"), str(work / "train.de")],
        vocabs=[str(VOCABULARY)] * 2,
        dim_vocabs=[PIECES, PIECES],
        cpu_threads=1,
        workspace=300,
        mini_batch=16,
        maxi_batch=50,
        max_length=16,
        after=f"{UPDATES}u",
        save_freq=f"{UPDATES}u",
        disp_freq="50u",
        learn_rate=0.004,
        overwrite=True,
        seed=1,
        **options,
    ).train()


def repack(source: Path, target: Path, method: int) -> None:
    """Copy an archive with its files compressed, or as they are; Marian reads no others."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", method) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))


def translator(model: Path, **options: Any) -> Any:
    """Marian with a model; it gives out pieces."""
    return pymarian.Translator(
        models=str(model),
        vocabs=[str(VOCABULARY)] * 2,
        n_best=True,
        no_spm_decode=True,
        cpu_threads=1,
        mini_batch=1,
        quiet=True,
        **options,
    )


def lines_of(marian: Any, sources: list[str]) -> list[list[list[str]]]:
    """Of each source, the fields of Marian's hypotheses, best first, without the number."""
    found: list[list[list[str]]] = [[] for _ in sources]
    for line in marian.translate("\n".join(sources)).split("\n"):
        if line:
            number, *fields = line.split(" ||| ")
            found[int(number)].append(fields)
    return found


def translations(model: Path, sources: list[str], beam: int, penalty: float) -> list[Any]:
    """Of each source, Marian's hypotheses: pieces, and the score (log p / length ** penalty)."""
    marian = translator(model, beam_size=beam, normalize=penalty)
    return [
        [[fields[0], float(fields[-1])] for fields in several]
        for several in lines_of(marian, sources)
    ]


def attention(model: Path, sources: list[str]) -> list[list[list[float]]]:
    """Of each source, how much each of its tokens was looked at for each target token."""
    marian = translator(model, beam_size=4, normalize=1.0, alignment="soft")
    return [
        [[float(share) for share in row.split(",")] for row in several[0][1].split()]
        for several in lines_of(marian, sources)
    ]


def make(name: str, work: Path, options: argparse.Namespace) -> None:
    """Train a model, and write it and what Marian makes of the test sentences."""
    out, model = GOLDEN / name, work / "model.npz"
    if options.keep:
        repack(out / model.name, model, zipfile.ZIP_STORED)
    else:
        train(work, options.english, options.german, MODELS[name])
        out.mkdir(exist_ok=True)
        repack(model, out / model.name, zipfile.ZIP_DEFLATED)
        (out / "README.md").write_text(CARD, encoding="utf-8")
    lines = options.test.read_text(encoding="utf-8").splitlines()
    sources = [line for line in lines if len(line) <= LONGEST_LINE][:SENTENCES]
    content = {
        "made_by": f"scripts/make_marian_recurrent.py, pymarian {pymarian.__version__}",
        "sources": sources,
        "runs": [
            {
                "beam": beam,
                "penalty": penalty,
                "found": translations(model, sources, beam, penalty),
            }
            for beam, penalty in SEARCHES
        ],
        "attention": attention(model, sources[:ATTENDED]),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    out.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Make the models that are named, or all."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("names", nargs="*", default=list(MODELS), metavar="MODEL")
    parser.add_argument("--english", type=Path, required=True, help="one sentence per line")
    parser.add_argument("--german", type=Path, required=True, help="one sentence per line")
    parser.add_argument("--test", type=Path, required=True, help="English, one sentence per line")
    parser.add_argument("--keep", action="store_true", help="keep the models, translate again")
    options = parser.parse_args()
    for name in options.names:
        with tempfile.TemporaryDirectory() as work:
            make(name, Path(work), options)


if __name__ == "__main__":
    main()
