from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.convert.safetensors import read_safetensors
from tests.checkpoints import write_safetensors


def test_tensors_come_back(tmp_path: Path) -> None:
    numbers = np.arange(6, dtype=np.float32).reshape(2, 3)
    bits = np.array([0x3F80, 0xC000], np.uint16)  # 1.0 and -2.0 as bfloat16
    file = tmp_path / "x.safetensors"
    write_safetensors(file, {"a": numbers, "b": numbers.astype(np.float16), "c": bits})
    tensors = read_safetensors(file)
    np.testing.assert_array_equal(tensors["a"].array(), numbers)
    np.testing.assert_array_equal(tensors["b"].array(), numbers.astype(np.float16))
    np.testing.assert_array_equal(tensors["c"].array(), np.array([1.0, -2.0], np.float32))
    assert tensors["a"].shape == (2, 3)


def entry(begin: int, end: int, **changes: Any) -> dict[str, Any]:
    return {"dtype": "F32", "shape": [(end - begin) // 4], "data_offsets": [begin, end], **changes}


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ({"a": entry(0, 8), "b": entry(4, 8)}, "overlaps"),
        ({"a": entry(0, 4)}, "belong to no tensor"),
        ({"a": entry(0, 16)}, "cut off"),
        ({"a": entry(0, 8, shape=[3])}, "size it claims"),
        ({"a": entry(0, 8, shape=[-2])}, "size it claims"),
        ({"a": entry(0, 8, shape=[True, 2])}, "size it claims"),
        ({"a": entry(0, 8, shape=[1] * 9 + [2])}, "size it claims"),
        ({"a": entry(0, 8, dtype="F99")}, "badly described"),
        ({"a": {"dtype": "F32"}}, "badly described"),
        ({"a": 5}, "badly described"),
        ([1, 2], "damaged header"),
    ],
)
def test_wrong_headers_are_refused(tmp_path: Path, header: object, complaint: str) -> None:
    head = json.dumps(header).encode()
    file = tmp_path / "x.safetensors"
    file.write_bytes(struct.pack("<Q", len(head)) + head + bytes(8))
    with pytest.raises(InvalidModelError, match=complaint):
        read_safetensors(file)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        struct.pack("<Q", 1 << 60) + b"{}",
        struct.pack("<Q", 2) + b"{",
        b"\x02" + bytes(7) + b"][",
    ],
)
def test_no_safetensors(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.safetensors"
    file.write_bytes(data)
    with pytest.raises(InvalidModelError):
        read_safetensors(file)
