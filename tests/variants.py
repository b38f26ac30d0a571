"""Checkpoints that differ from one of ``tests/golden`` in one thing each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from s2scli.models.convert.safetensors import read_safetensors
from tests.checkpoints import Array, write_safetensors
from tests.conftest import GOLDEN

__all__ = ["ABSENT", "Weights", "table_names", "variables", "variant", "without_lists"]

ABSENT = object()  # the value of a key that shall not be there
Weights = dict[str, Array]


def variant(
    name: str,
    directory: Path,
    *,
    config: Mapping[str, Any] | None = None,
    generation: Mapping[str, Any] | None = None,
    tokenizer: Mapping[str, Any] | None = None,
    weights: Callable[[Weights], object] | None = None,
) -> Path:
    """Copy a checkpoint with other keys in its files, or other weights.

    Args:
        name: a directory of ``tests/golden``.
        directory: the new checkpoint's, which must not exist.
        config: keys of ``config.json``.
        generation: keys of ``generation_config.json``.
        tokenizer: keys of ``tokenizer_config.json``.
        weights: changes the tensors.
    """
    shutil.copytree(GOLDEN / name, directory)
    for file, changes in (
        ("config.json", config),
        ("generation_config.json", generation),
        ("tokenizer_config.json", tokenizer),
    ):
        content = json.loads((directory / file).read_text("utf-8")) | dict(changes or {})
        content = {key: value for key, value in content.items() if value is not ABSENT}
        (directory / file).write_text(json.dumps(content), encoding="utf-8")
    if weights:
        tensors = read_safetensors(directory / "model.safetensors")
        arrays = {key: np.array(tensor.array()) for key, tensor in tensors.items()}
        weights(arrays)
        write_safetensors(directory / "model.safetensors", arrays)
    return directory


def without_lists(name: str, directory: Path) -> Path:
    """Copy a checkpoint without the lists of added tokens in its files."""
    keys = ("added_tokens_decoder", "additional_special_tokens", "extra_special_tokens")
    checkpoint = variant(name, directory, tokenizer=dict.fromkeys(keys, ABSENT))
    for file in ("added_tokens.json", "special_tokens_map.json"):
        (checkpoint / file).unlink(missing_ok=True)
    return checkpoint


def table_names(weights: Mapping[str, Array]) -> tuple[str, str, str, str]:
    """The names of the shared table, the encoder's, the decoder's and the output's."""
    root = "" if "shared.weight" in weights else "model."
    return (
        f"{root}shared.weight",
        f"{root}encoder.embed_tokens.weight",
        f"{root}decoder.embed_tokens.weight",
        "lm_head.weight",
    )


def variables(path: Path) -> dict[str, bytes]:
    """The variables of a ``model.bin`` by name, and by the names that are aliases of theirs."""
    with path.open("rb") as file:

        def number(size: int) -> int:
            return int.from_bytes(file.read(size), "little")

        def text() -> str:
            return file.read(number(2))[:-1].decode()

        number(4), text(), number(4)
        found = {}
        for _ in range(number(4)):
            name = text()
            shape = [number(4) for _ in range(number(1))]
            kind = number(1)
            found[name] = file.read(number(4))
            assert kind < 6
            assert np.prod(shape) <= len(found[name])
        for _ in range(number(4)):
            alias = text()
            found[alias] = found[text()]
    return found
