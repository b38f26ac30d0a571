"""The bundled model in the forms that others read: the same numbers, whoever computes with them.

``python forms.py MODEL OUT`` needs torch and safetensors; it writes

``Helsinki-NLP/opus-mt-en-de``
    a checkpoint as transformers saves it, where EasyNMT looks for one;
``argos``
    a package of argos-translate: the model directory itself, whose settings say that the engine
    adds the end of a source, as argos-translate expects of it;
``marian``
    Marian's own files: ``model.npz`` (float32) and ``model.bin`` (its int8).

The bundled weights are int8, so all of these stand for what those integers stand for. Computing
differs: CTranslate2 and Marian's int8 round activations too, the others do not.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
from training.export import export
from training.network import Shape
from training.vocabulary import Vocabulary
from training.warm import WORDS, starting_weights

from tests.models.convert.marianbinary import INTGEMM8, plain, student, write_binary

__all__ = ["CHECKPOINT", "write_forms"]

CHECKPOINT = "Helsinki-NLP/opus-mt-en-de"
PARTS = {"self_attn": "self", "encoder_attn": "context"}
OPTIONS = {
    "type": "transformer",
    "enc-depth": 6,
    "dec-depth": 2,
    "transformer-heads": 8,
    "transformer-dim-ffn": 1024,
    "transformer-ffn-depth": 2,
    "transformer-ffn-activation": "swish",
    "transformer-decoder-autoreg": "self-attention",
    "transformer-preprocess": "",
    "transformer-postprocess": "dan",
    "transformer-postprocess-emb": "d",
    "transformer-postprocess-top": "",
    "transformer-train-position-embeddings": False,
    "tied-embeddings-all": True,
    "input-types": [],
    "version": "v1.12.42",
}


def write_forms(model: Path, out: Path) -> None:
    """Write all forms.

    Args:
        model: the bundled model's directory.
        out: where they go.
    """
    vocabulary = Vocabulary(model / "source.spm")
    weights = starting_weights(model, vocabulary.ids)
    shape = Shape(len(vocabulary.ids) - 1)
    export(out / CHECKPOINT, weights, shape, vocabulary, model / "source.spm", "")
    _write_argos(model, out / "argos")
    arrays = {name: tensor.numpy() for name, tensor in weights.items()}
    _write_marian(arrays, model / "source.spm", out / "marian")


def _write_argos(model: Path, out: Path) -> None:
    shutil.copytree(model, out / "model")
    config = json.loads((model / "config.json").read_text("utf-8"))
    settings = json.dumps(config | {"add_source_eos": True})
    (out / "model" / "config.json").write_text(settings, encoding="utf-8")
    shutil.copyfile(model / "source.spm", out / "sentencepiece.model")
    about = {"from_code": "en", "to_code": "de", "from_name": "English", "to_name": "German"}
    (out / "metadata.json").write_text(json.dumps(about), encoding="utf-8")


def _write_marian(weights: dict[str, Any], vocabulary: Path, out: Path) -> None:
    out.mkdir(parents=True)
    arrays = dict(_by_marian_names(weights))
    pieces, width = arrays["Wemb"].shape
    arrays["decoder_ff_logit_out_b"] = np.zeros((1, pieces), np.float32)
    options = OPTIONS | {"dim-emb": width, "dim-vocabs": [pieces, pieces]}
    text = json.dumps(options).encode() + b"\0"
    arrays["special:model.yml"] = np.frombuffer(text, np.int8)
    np.savez(out / "model.npz", **arrays)
    # Marian itself, unlike Bergamot, leaves embeddings as they are.
    write_binary(out / "model.bin", student(arrays, INTGEMM8) | {"Wemb": plain(arrays["Wemb"])})
    shutil.copyfile(vocabulary, out / "vocab.spm")


def _by_marian_names(weights: dict[str, Any]) -> Any:
    """The arrays by the names that Marian gives them, matrices turned."""
    for name, array in weights.items():
        if name == WORDS:
            # SentencePiece has <unk> first and </s> second; a checkpoint the other way round.
            yield "Wemb", np.concatenate([array[1::-1], array[2:]])
            continue
        _, side, _, layer, *rest, kind = name.split(".")
        here = f"{side}_l{int(layer) + 1}"
        yield f"{here}_{_place(rest, kind)}", array.T.copy() if array.ndim == 2 else array[None]


def _place(rest: list[str], kind: str) -> str:
    part, norm, _ = rest[0].partition("_layer_norm")
    letter = "W" if kind == "weight" else "b"
    if norm:
        where = "ffn_ffn" if part == "final" else f"{PARTS[part]}_Wo"
        return f"{where}_ln_{'scale' if kind == 'weight' else 'bias'}"
    if part.startswith("fc"):
        return f"ffn_{letter}{part[-1]}"
    return f"{PARTS[part]}_{letter}{rest[1][0]}"


if __name__ == "__main__":
    write_forms(Path(sys.argv[1]), Path(sys.argv[2]))
