"""A model of OPUS-MT's shape that writes what the bundled model writes.

Speed depends on a model's shape, not on what its weights say. Each dimension of the bundled model
is doubled (width 256 to 512, feed-forward 1024 to 2048, eight heads of 32 to eight of 64), four
decoder layers that change nothing are added, and its vocabulary is filled up to 58,101 with pieces
that are never chosen. Doubling keeps what is computed: if every vector x becomes (x, x), layer norm
is the same, and a product with each weight halved and written four times gives (y, y). Halving is
done in the scales of the int8 weights, so that nothing is rounded again.
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from s2scli.models.manifest import FileRecord, Manifest

__all__ = ["PIECES", "grown"]

PIECES = 58_101
HEADS = 8
OLD_LAYERS, LAYERS = 2, 6
NEVER = -1e4  # the bias of a piece that is not chosen
TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)
Array = NDArray[Any]
Variables = dict[str, Array]


def grown(directory: Path, target: Path) -> None:
    """Write the larger model.

    Args:
        directory: the bundled model, or another of its shape.
        target: where to write it; must not exist.
    """
    shutil.copytree(directory, target)
    head, variables, aliases = _read(target / "model.bin")
    found = {name: _doubled(name, value) for name, value in variables.items()}
    _add_layers(found)
    _add_pieces(found)
    _write(target / "model.bin", head, found, aliases)
    vocabulary = target / "shared_vocabulary.json"
    tokens = json.loads(vocabulary.read_text())
    tokens += [f"<unused{number}>" for number in range(PIECES - len(tokens))]
    vocabulary.write_text(json.dumps(tokens, ensure_ascii=False))
    manifest = Manifest.load(target)
    files = {
        name: FileRecord(
            (target / name).stat().st_size, sha256((target / name).read_bytes()).hexdigest()
        )
        for name in manifest.files
    }
    parameters = sum(value.size for name, value in found.items() if not name.endswith("_scale"))
    manifest._replace(files=files, parameters=parameters, name="opus-shaped").save(target)


def _doubled(name: str, value: Array) -> Array:
    """A variable of the model that is twice as wide."""
    last = name.rpartition("/")[2]
    if name.startswith("decoder/embeddings"):
        return np.tile(value, (1, 2)) if last == "weight" else value
    if last == "encodings":
        return np.tile(value, (1, 2))
    if last in ("beta", "gamma"):
        return np.tile(value, 2)
    if "/linear_" not in name:
        return value
    rows, columns = _rows_of(name)
    if last == "weight":
        return rows(columns(value))
    value = rows(value[:, None])[:, 0].astype(np.float32)
    is_scale = last == "weight_scale"
    if is_scale:
        value = value * 2
    if queries := _queries(name, len(value)):
        # Twice the sum, but the engine divides by the root of 64 instead of 32.
        value[:queries] *= 2**0.5 if is_scale else 0.5**0.5
    return value


def _rows_of(name: str) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """How the outputs and the inputs of a layer are doubled: whole, or head by head."""
    place = name.rpartition("/")[0]
    is_attention = "/attention/" in name or "/self_attention/" in name
    leaves = place.endswith(("/attention/linear_2", "/self_attention/linear_1"))
    rows = _by_head if is_attention and not leaves else _whole
    columns = _by_head if leaves else _whole
    return rows, lambda value: columns(value.T).T


def _whole(value: Array) -> Array:
    return np.concatenate([value, value])


def _by_head(value: Array) -> Array:
    width = 256 // HEADS
    parts = value.reshape(-1, width, *value.shape[1:])
    return np.concatenate([parts, parts], axis=1).reshape(-1, *value.shape[1:])


def _queries(name: str, rows: int) -> int:
    """How many of a layer's outputs are queries."""
    if "/self_attention/linear_0" in name:
        return rows // 3
    return rows if "/attention/linear_0" in name and "self_" not in name else 0


def _add_layers(found: Variables) -> None:
    """Add decoder layers that change nothing, and halve what the last one gives.

    The last norm's weights move behind them: what is normalized stays as it is when it is
    normalized again.
    """
    last = f"decoder/layer_{OLD_LAYERS - 1}/"
    norm = "ffn/layer_norm/"
    gamma, beta = found[f"{last}{norm}gamma"], found[f"{last}{norm}beta"]
    outs = ("self_attention/linear_1/", "/attention/linear_2/", "ffn/linear_1/")
    found[f"{last}{norm}gamma"], found[f"{last}{norm}beta"] = gamma * 0 + 1, beta * 0
    template = {k: v for k, v in found.items() if k.startswith(last)}
    for number in range(OLD_LAYERS, LAYERS):
        for name, value in template.items():
            new = f"decoder/layer_{number}/{name.removeprefix(last)}"
            found[new] = value
            if name.endswith("gamma"):
                found[new] = value * 0 + 1
            elif name.endswith("beta") or (
                any(out in name for out in outs) and not name.endswith("_scale")
            ):
                found[new] = value * 0
    end = f"decoder/layer_{LAYERS - 1}/{norm}"
    found[f"{end}gamma"], found[f"{end}beta"] = gamma / 2, beta / 2


def _add_pieces(found: Variables) -> None:
    """Fill the vocabulary up with copies of pieces, which are never chosen."""
    for name in ("decoder/embeddings/weight", "decoder/embeddings/weight_scale"):
        value = found[name]
        found[name] = np.resize(value, (PIECES, *value.shape[1:]))
    bias = found["decoder/projection/bias"].astype(np.float32)
    never = np.full(PIECES - len(bias), NEVER, np.float32)
    found["decoder/projection/bias"] = np.concatenate([bias, never])


# --- CTranslate2's model.bin, version 6 (ctranslate2/specs/model_spec.py) ----------------------


def _read(path: Path) -> tuple[tuple[int, str, int], Variables, list[tuple[str, str]]]:
    data, place = path.read_bytes(), 0

    def number(kind: str) -> int:
        nonlocal place
        (value,) = struct.unpack_from(f"<{kind}", data, place)
        place += struct.calcsize(kind)
        return int(value)

    def text() -> str:
        nonlocal place
        size = number("H")
        place += size
        return data[place - size : place - 1].decode()

    head = (number("I"), text(), number("I"))
    variables: Variables = {}
    for _ in range(number("I")):
        name = text()
        shape = [number("I") for _ in range(number("B"))]
        kind, size = TYPES[number("B")], number("I")
        variables[name] = np.frombuffer(data, kind, size // kind().itemsize, place).reshape(shape)
        place += size
    return head, variables, [(text(), text()) for _ in range(number("I"))]


def _write(
    path: Path, head: tuple[int, str, int], found: Variables, aliases: list[tuple[str, str]]
) -> None:
    def text(value: str) -> bytes:
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    version, kind, revision = head
    with path.open("wb") as file:
        file.write(struct.pack("<I", version) + text(kind) + struct.pack("<I", revision))
        file.write(struct.pack("<I", len(found)))
        for name, value in sorted(found.items()):
            file.write(text(name) + struct.pack("<B", value.ndim))
            file.write(struct.pack(f"<{value.ndim}I", *value.shape))
            number = [np.dtype(kind) for kind in TYPES].index(value.dtype)
            file.write(struct.pack("<BI", number, value.nbytes) + value.tobytes())
        file.write(struct.pack("<I", len(aliases)))
        for pair in aliases:
            file.write(b"".join(map(text, pair)))
