"""Writes binary models of Marian's; what Marian reads of them is in ``scripts/make_marian.py``."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

Array = Any
PLAIN = {"i1": 0x101, "u1": 0x201, "f2": 0x402, "f4": 0x404, "f8": 0x408}
INTGEMM8, INTGEMM16 = 0x10001, 0x10002
BERGAMOT8, BERGAMOT16 = 0x4101, 0x4102
OPTIONS = "special:model.yml"


def plain(array: Array) -> tuple[int, tuple[int, ...], bytes]:
    """An item as it is: type, shape and data."""
    return PLAIN[array.dtype.str[1:]], array.shape, array.tobytes()


def quantized(
    array: Array, kind: int, *, turned: bool = True
) -> tuple[int, tuple[int, ...], bytes]:
    """A matrix as intgemm's integers, with rows and columns in each other's place if ``turned``."""
    narrow = kind in (INTGEMM8, BERGAMOT8)
    multiplier = np.float32(127 / np.abs(array).max() if narrow else 1024)
    integers = np.rint(array * multiplier).astype("i1" if narrow else "<i2")
    data = (integers.T if turned else integers).tobytes() + multiplier.tobytes()
    return kind, array.shape, data


def student(
    arrays: Mapping[str, Array], kind: int
) -> dict[str, tuple[int, tuple[int, ...], bytes]]:
    """All arrays of a model as marian-conv stores them: the matrices quantized."""
    items = {}
    for name, array in arrays.items():
        last = name.rpartition("_")[2]
        if "Wemb" in name:
            items[name] = quantized(array, kind, turned=False)
        elif last.startswith("W") and len(last) <= 2:
            items[name] = quantized(array, kind)
        else:
            items[name] = plain(array)
    return items


def write_binary(path: Path, items: Mapping[str, tuple[int, tuple[int, ...], bytes]]) -> None:
    """Write items, each padded to 256 bytes but for the options."""
    names = [name.encode() + b"\0" for name in items]
    padded = [
        data if name == OPTIONS else data.ljust(-(-len(data) // 256) * 256, b"\x7f")
        for name, (_, _, data) in items.items()
    ]
    head = struct.pack("<2Q", 1, len(items))
    for name, (kind, shape, _), data in zip(names, items.values(), padded, strict=True):
        head += struct.pack("<4Q", len(name), kind, len(shape), len(data))
    head += b"".join(names)
    head += b"".join(struct.pack(f"<{len(shape)}i", *shape) for _, shape, _ in items.values())
    gap = ((len(head) + 8) // 256 + 1) * 256 - len(head) - 8
    path.write_bytes(head + struct.pack("<Q", gap) + bytes(gap) + b"".join(padded))
