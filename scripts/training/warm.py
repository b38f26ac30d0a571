"""Weights to begin a run with: of an exported checkpoint, or of a converted model (int8 or float).

The vocabulary may be another one: the row of a piece that is not in the old one is the mean of the
rows of the old pieces that it is made of.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

__all__ = ["read_weights", "starting_weights"]

WORDS = "model.shared.weight"
# CTranslate2's numbers for types of data.
DTYPES = ("float32", "int8", "int16", "int32", "float16")


def starting_weights(directory: Path, ids: dict[str, int]) -> dict[str, Tensor]:
    """A checkpoint's or a model's tensors by their names in a checkpoint, in float32.

    Args:
        directory: what ``--out`` of a run names, or an installed model of Marian's shape.
        ids: the new vocabulary; its last token is padding, for which there is no row.

    Raises:
        OSError: a file is missing.
    """
    if (directory / "model.bin").exists():
        tensors = dict(_converted(directory / "model.bin"))
        old = json.loads((directory / "shared_vocabulary.json").read_text("utf-8"))
        known = {token: number for number, token in enumerate(old)}
    else:
        tensors = read_weights(directory)
        known = json.loads((directory / "vocab.json").read_text("utf-8"))
    words = tensors[WORDS]
    rows = [words[_rows(token, known)].mean(0) for token in list(ids)[:-1]]
    return tensors | {WORDS: torch.stack(rows)}


def read_weights(directory: Path) -> dict[str, Tensor]:
    """An exported checkpoint's tensors by name, in float32."""
    tensors = load_file(directory / "model.safetensors")
    return {name: tensor.float() for name, tensor in tensors.items()}


def _rows(token: str, known: dict[str, int]) -> list[int]:
    """The numbers of the longest old pieces that make up a token, from left to right."""
    rows, start = [], 0
    if token in known:
        return [known[token]]
    while start < len(token):
        ends = range(len(token), start, -1)
        end = next((e for e in ends if token[start:e] in known), start + 1)
        rows.append(known.get(token[start:end], known["<unk>"]))
        start = end
    return rows


def _converted(path: Path) -> Iterator[tuple[str, Tensor]]:
    """A Marian model's tensors as CTranslate2 stores them, by their names in a checkpoint."""
    raw = dict(_variables(path.read_bytes()))

    def weight(name: str) -> np.ndarray:
        values = raw[f"{name}/weight"].astype(np.float32)
        scale = raw.get(f"{name}/weight_scale")
        return values if scale is None else values / scale.reshape(-1, 1)

    def linear(name: str, targets: list[str]) -> Iterator[tuple[str, Tensor]]:
        parts = weight(name), raw[f"{name}/bias"].astype(np.float32)
        for kind, values in zip(("weight", "bias"), parts, strict=True):
            for target, part in zip(targets, np.split(values, len(targets)), strict=True):
                yield f"{target}.{kind}", torch.from_numpy(part.copy())

    def norm(name: str, target: str) -> Iterator[tuple[str, Tensor]]:
        for ours, theirs in (("gamma", "weight"), ("beta", "bias")):
            values = raw[f"{name}/layer_norm/{ours}"].astype(np.float32)
            yield f"{target}.{theirs}", torch.from_numpy(values)

    yield WORDS, torch.from_numpy(weight("decoder/embeddings"))
    for side in ("encoder", "decoder"):
        for i in range(sum(f"{side}/layer_{i}/ffn/linear_0/bias" in raw for i in range(99))):
            here, there = f"{side}/layer_{i}", f"model.{side}.layers.{i}"
            q, k, v, out = (f"self_attn.{letter}_proj" for letter in ("q", "k", "v", "out"))
            yield from linear(
                f"{here}/self_attention/linear_0", [f"{there}.{name}" for name in (q, k, v)]
            )
            yield from linear(f"{here}/self_attention/linear_1", [f"{there}.{out}"])
            yield from norm(f"{here}/self_attention", f"{there}.self_attn_layer_norm")
            if side == "decoder":
                across = f"{there}.encoder_attn"
                yield from linear(f"{here}/attention/linear_0", [f"{across}.q_proj"])
                yield from linear(
                    f"{here}/attention/linear_1", [f"{across}.k_proj", f"{across}.v_proj"]
                )
                yield from linear(f"{here}/attention/linear_2", [f"{across}.out_proj"])
                yield from norm(f"{here}/attention", f"{across}_layer_norm")
            yield from linear(f"{here}/ffn/linear_0", [f"{there}.fc1"])
            yield from linear(f"{here}/ffn/linear_1", [f"{there}.fc2"])
            yield from norm(f"{here}/ffn", f"{there}.final_layer_norm")


def _variables(data: bytes) -> Iterator[tuple[str, np.ndarray]]:
    """What ``ModelSpec._serialize`` of ctranslate2 6 writes: names, shapes, types and values."""
    place = 4

    def take(form: str) -> int:
        nonlocal place
        (value,) = struct.unpack_from(form, data, place)
        place += struct.calcsize(form)
        return int(value)

    def text() -> str:
        nonlocal place
        size = take("H")
        place += size
        return data[place - size : place - 1].decode()

    text()
    take("I")
    aliases: dict[str, np.ndarray] = {}
    for _ in range(take("I")):
        name = text()
        shape = [take("I") for _ in range(take("B"))]
        dtype, size = DTYPES[take("B")], take("I")
        aliases[name] = np.frombuffer(data[place : place + size], dtype).reshape(shape)
        place += size
        yield name, aliases[name]
    for _ in range(take("I")):
        alias, name = text(), text()
        yield alias, aliases[name]
