"""int8 weights of 7 bits, for processors on which sums of products of 8-bit integers overflow.

Without the instructions AVX512-VNNI, x86 processors add pairs of products of 8-bit integers in 16
bits. Two large ones do not fit: their sum is cut, and outputs get worse without a word. Weights of
at most 64 always fit, since 2 × 64 × 255 does. (oneDNN's developer guide, "Nuances of int8
computations"; MKL computes so too.)
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["with_seven_bits"]

MODEL = "model.bin"
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
LARGEST = 64
# The engine's numbers of types.
FLOAT32, INT8, FLOAT16, BFLOAT16 = 0, 1, 4, 5
STORED = {FLOAT32: "float32", FLOAT16: "float16", BFLOAT16: "uint16"}
# Byte → that of half the signed number, to the nearest even one.
HALVES = bytes(round((byte ^ 128) / 2 - 64) & 255 for byte in range(256))


class _Variable(NamedTuple):
    """A variable of the file: its name, shape and type, and its numbers as they are stored."""

    name: bytes
    shape: tuple[int, ...]
    type: int
    numbers: memoryview

    def parts(self) -> Iterator[bytes | memoryview]:
        """The variable as ``ctranslate2.specs.ModelSpec.save`` writes it."""
        name = self.name + b"\0"
        head = struct.pack("<H", len(name)) + name
        yield head + struct.pack(f"<B{len(self.shape)}I", len(self.shape), *self.shape)
        yield struct.pack("<BI", self.type, len(self.numbers))
        yield self.numbers


def with_seven_bits(directory: Path, quantize: bool) -> dict[str, bytes] | None:
    """A model's files with weights of 7 bits instead of 8, for an engine that reads from memory.

    Args:
        directory: the model directory.
        quantize: whether floating-point weights become int8, as the engine would make them.

    Returns:
        Names and contents; None if the engine would compute with no int8 weight, or could not read
        the model either.
    """
    try:
        model = memoryview((directory / MODEL).read_bytes())
        if (changed := _changed(model, quantize)) is None:
            return None
        others = [path for path in directory.iterdir() if _is_read(path.name)]
        return {MODEL: changed, **{path.name: path.read_bytes() for path in others}}
    except (OSError, struct.error):
        return None


def _is_read(name: str) -> bool:
    """Whether the engine reads a file beside the weights."""
    return name in ("config.json", "vmap.txt") or name.endswith(VOCABULARIES)


def _changed(model: memoryview, quantize: bool) -> bytes | None:
    """The file with other weights; None if there are none to change.

    Raises:
        struct.error: the file is cut off.
    """
    found, first, last = _variables(model)
    stored = {each.name for each in found if each.type == INT8 and len(each.shape) > 1}
    stored &= {each.name.removesuffix(b"_scale") for each in found if each.type == FLOAT32}
    made: list[_Variable] = []
    for variable in found:
        if variable.name in stored:
            made.append(
                variable._replace(numbers=memoryview(bytes(variable.numbers).translate(HALVES)))
            )
        elif variable.name.removesuffix(b"_scale") in stored:
            halves = array("f", [scale / 2 for scale in variable.numbers.cast("f")])
            made.append(variable._replace(numbers=memoryview(halves).cast("B")))
        elif quantize and _is_weight(variable):
            made += _quantized(variable)
        else:
            made.append(variable)
    if len(made) == len(found) and not stored:
        return None
    head = bytes(model[: first - 4]) + struct.pack("<I", len(made))
    return b"".join([head, *(part for each in made for part in each.parts()), model[last:]])


def _is_weight(variable: _Variable) -> bool:
    """Whether the engine itself would quantize it (``TransformerModel::is_quantizable``)."""
    matrix = variable.type in STORED and len(variable.shape) == 2
    return matrix and variable.name.endswith(b"weight") and b"conv" not in variable.name


def _quantized(variable: _Variable) -> list[_Variable]:
    """A matrix as int8 with one scale a row, 64 / max |w|."""
    import numpy as np  # most models are stored as int8

    numbers: Any = np.frombuffer(variable.numbers, STORED[variable.type])
    if variable.type == BFLOAT16:
        numbers = (numbers.astype(np.uint32) << 16).view(np.float32)
    matrix = numbers.astype(np.float32).reshape(variable.shape)
    largest = np.abs(matrix).max(axis=1)
    tiny = LARGEST / np.finfo(np.float32).max
    scale = np.float32(LARGEST) / np.maximum(np.where(largest == 0, LARGEST, largest), tiny)
    weights = np.rint(matrix * scale[:, None]).astype(np.int8)
    scales = memoryview(scale.tobytes())
    return [
        variable._replace(type=INT8, numbers=memoryview(weights.tobytes())),
        _Variable(variable.name + b"_scale", variable.shape[:1], FLOAT32, scales),
    ]


def _variables(model: memoryview) -> tuple[list[_Variable], int, int]:
    """The variables of a file, and where they begin and end.

    Raises:
        struct.error: the file is cut off.
    """
    found = []
    _, position = _text(model, 4)  # after the version of the format
    _, count = struct.unpack_from("<II", model, position)
    first = position = position + 8
    for _ in range(count):
        name, position = _text(model, position)
        (rank,) = struct.unpack_from("<B", model, position)
        shape = struct.unpack_from(f"<{rank}I", model, position + 1)
        kind, size = struct.unpack_from("<BI", model, position + 1 + 4 * rank)
        position += 6 + 4 * rank
        found.append(_Variable(name, shape, kind, model[position : position + size]))
        position += size
    struct.unpack_from("<I", model, position)  # the number of aliases
    return found, first, position


def _text(model: memoryview, position: int) -> tuple[bytes, int]:
    """A string that ends with NUL after its length, and the position after it."""
    (length,) = struct.unpack_from("<H", model, position)
    position += 2
    return bytes(model[position : position + length - 1]), position + length
