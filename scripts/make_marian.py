"""Train the small model of Marian's own in ``tests/golden/marian-nmt``, and keep what Marian says.

Needs ``pip install pymarian``, which is large and not used by the tests; in an environment of its
own, from the root of the repository::

    python scripts/make_marian.py --english train.en --german train.de --test test.en
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

import pymarian

OUT = Path(__file__).parents[1] / "tests" / "golden" / "marian-nmt"
PIECES, UPDATES, PAIRS, SENTENCES, LONGEST_LINE = 500, 300, 20_000, 60, 60
CARD = """---
license: cc-by-4.0
---
A small model (Marian's own format) for tests, made by `scripts/make_marian.py`. Training data:
Tatoeba (tatoeba.org), CC BY 2.0 FR, English–German pairs by way of manythings.org/anki.
"""


def train(work: Path, english: Path, german: Path) -> None:
    """Train ``model.npz`` and ``vocab.spm`` in a directory."""
    for source, name in ((english, "train.en"), (german, "train.de")):
        with source.open(encoding="utf-8") as lines, (work / name).open("w") as out:
            out.writelines(islice(lines, PAIRS))
    pymarian.Trainer(
        model=str(work / "model.npz"),
        train_sets=[str(work / "train.en"), str(work / "train.de")],
        vocabs=[str(work / "vocab.spm")] * 2,
        dim_vocabs=[PIECES, PIECES],
        type="transformer",
        enc_depth=2,
        dec_depth=2,
        transformer_heads=4,
        transformer_dim_ffn=128,
        dim_emb=64,
        tied_embeddings_all=True,
        cpu_threads=1,
        workspace=300,
        mini_batch=48,
        maxi_batch=50,
        after=f"{UPDATES}u",
        save_freq=f"{UPDATES}u",
        learn_rate=0.003,
        overwrite=True,
        seed=1,
    ).train()


def translations(model: Path, sources: list[str], beam: int) -> list[dict[str, Any]]:
    """Of each source, Marian's best hypothesis and its score: log p per token, the end counted."""
    translator = pymarian.Translator(
        models=str(model / "model.npz"),
        vocabs=[str(model / "vocab.spm")] * 2,
        beam_size=beam,
        n_best=True,
        cpu_threads=1,
        mini_batch=1,
        normalize=1.0,
        quiet=True,
    )
    best: dict[int, dict[str, Any]] = {}
    for line in translator.translate("\n".join(sources)).split("\n"):
        if line:
            number, text, *_, score = line.split(" ||| ")
            best.setdefault(int(number), {"text": text, "score": float(score)})
    return [best[number] for number in range(len(sources))]


def main() -> None:
    """Write the model and ``tests/golden/marian-nmt.json``."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--english", type=Path, required=True, help="one sentence per line")
    parser.add_argument("--german", type=Path, required=True, help="one sentence per line")
    parser.add_argument("--test", type=Path, required=True, help="English, one sentence per line")
    parser.add_argument("--keep", action="store_true", help="keep the model, translate again")
    options = parser.parse_args()
    if not options.keep:
        with tempfile.TemporaryDirectory() as work:
            train(Path(work), options.english, options.german)
            OUT.mkdir(exist_ok=True)
            for name in ("model.npz", "vocab.spm"):
                shutil.copy(Path(work) / name, OUT / name)
        (OUT / "README.md").write_text(CARD, encoding="utf-8")
    lines = options.test.read_text(encoding="utf-8").splitlines()
    sources = [line for line in lines if len(line) <= LONGEST_LINE][:SENTENCES]
    content = {
        "made_by": f"scripts/make_marian.py, pymarian {pymarian.__version__}",
        "sources": sources,
        "best": {beam: translations(OUT, sources, beam) for beam in (1, 4)},
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    OUT.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
