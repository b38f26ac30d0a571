from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.convert.pytorch import read_pytorch
from tests.checkpoints import (
    reduce_pickle,
    write_legacy_pytorch,
    write_pickle,
    write_pytorch,
)


def test_tensors_come_back(tmp_path: Path) -> None:
    numbers = np.arange(6, dtype=np.float32).reshape(2, 3)
    bits = np.array([0x3F80, 0xC000], np.uint16)
    turned = np.asfortranarray(numbers)
    file = tmp_path / "pytorch_model.bin"
    write_pytorch(file, {"a": numbers, "h": numbers.astype(np.float16), "b": bits})
    tensors = read_pytorch(file)
    np.testing.assert_array_equal(tensors["a"].array(), numbers)
    np.testing.assert_array_equal(tensors["h"].array(), numbers.astype(np.float16))
    np.testing.assert_array_equal(tensors["b"].array(), np.array([1.0, -2.0], np.float32))
    assert turned.strides != numbers.strides


@pytest.mark.parametrize(
    "pickle",
    [
        reduce_pickle("os system", "touch {marker}"),
        reduce_pickle("posix system", "touch {marker}"),
        reduce_pickle("builtins exec", "open('{marker}', 'w')"),
        reduce_pickle("builtins eval", "open('{marker}', 'w')"),
        reduce_pickle("builtins getattr", "a", "b"),
        reduce_pickle("subprocess check_output", "touch {marker}"),
        reduce_pickle("collections OrderedDict.fromkeys", "ab"),
        reduce_pickle("torch.serialization load", "x"),
        reduce_pickle("torch load", "x"),
        reduce_pickle("numpy fromfile", "/etc/passwd"),
    ],
)
def test_whatever_is_no_tensor_is_refused_and_nothing_runs(tmp_path: Path, pickle: bytes) -> None:
    marker = tmp_path / "marker"
    file = tmp_path / "pytorch_model.bin"
    data = pickle.replace(b"{marker}", str(marker).encode())
    # The length in front of the text has changed with it.
    for before in (b"touch {marker}", b"open('{marker}', 'w')"):
        after = before.replace(b"{marker}", str(marker).encode())
        data = data.replace(
            b"X" + len(before).to_bytes(4, "little") + after,
            b"X" + len(after).to_bytes(4, "little") + after,
        )
    write_pickle(file, data)
    with pytest.raises(InvalidModelError, match="only tensors"):
        read_pytorch(file)
    assert not marker.exists()


@pytest.mark.parametrize(
    "pickle",
    [
        b"",
        b"\x80\x02",
        b"\x80\x02].",
        b"\x80\x02X\x03\x00\x00\x00abc.",
        b"\x80\x02}X\x01\x00\x00\x00aK\x01s.",
        b"garbage",
        # A persistent id that is no storage.
        b"\x80\x02X\x03\x00\x00\x00abcQ.",
    ],
)
def test_other_pickles_are_refused(tmp_path: Path, pickle: bytes) -> None:
    file = tmp_path / "pytorch_model.bin"
    write_pickle(file, pickle)
    with pytest.raises(InvalidModelError):
        read_pytorch(file)


def changed(tmp_path: Path, old: bytes, new: bytes) -> Path:
    """A good file with a change in its pickle."""
    good, bad = tmp_path / "good.bin", tmp_path / "bad.bin"
    write_pytorch(good, {"a": np.zeros((2, 3), np.float32)})
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("data.pkl"):
                assert old in data
                data = data.replace(old, new, 1)
            target.writestr(name, data)
    return bad


def number(value: int) -> bytes:
    return b"J" + value.to_bytes(4, "little", signed=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"(" + number(2) + number(3) + b"t", b"(" + number(2000) + number(3) + b"t"),
        (b"(" + number(2) + number(3) + b"t", b"(" + number(-2) + number(3) + b"t"),
        (b"(" + number(3) + number(1) + b"t", b"(" + number(1 << 30) + number(1) + b"t"),
        (b"(" + number(3) + number(1) + b"t", b"(" + number(-3) + number(1) + b"t"),
        (b"(" + number(3) + number(1) + b"t", b"(" + number(1) + b"t"),
        (b"tQ" + number(0), b"tQ" + number(1)),
        (b"tQ" + number(0), b"tQ" + number(-1)),
    ],
)
def test_tensors_beyond_their_storage_are_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    with pytest.raises(InvalidModelError):
        read_pytorch(changed(tmp_path, old, new))


def test_a_storage_that_is_smaller_than_it_claims_is_refused(tmp_path: Path) -> None:
    file = changed(tmp_path, number(6) + b"tQ", number(600) + b"tQ")
    with pytest.raises(InvalidModelError, match="size it claims"):
        read_pytorch(file)["a"].array()


def test_compressed_members_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "bomb.bin"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}." + bytes(1 << 20))
    with pytest.raises(InvalidModelError, match="is compressed"):
        read_pytorch(file)


def test_the_older_format(tmp_path: Path) -> None:
    numbers = np.arange(6, dtype=np.float32).reshape(2, 3)
    file = tmp_path / "pytorch_model.bin"
    write_legacy_pytorch(file, {"a": numbers, "h": numbers.astype(np.float16)})
    tensors = read_pytorch(file)
    np.testing.assert_array_equal(tensors["a"].array(), numbers)
    np.testing.assert_array_equal(tensors["h"].array(), numbers.astype(np.float16))


@pytest.mark.parametrize("cut", [1, 5, 20, 60, 200])
def test_the_older_format_cut_off(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "pytorch_model.bin"
    write_legacy_pytorch(file, {"a": np.zeros((2, 3), np.float32)})
    file.write_bytes(file.read_bytes()[:-cut])
    with pytest.raises(InvalidModelError):
        read_pytorch(file)


def test_the_older_format_runs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "pytorch_model.bin"
    write_legacy_pytorch(file, {"a": np.zeros((2, 3), np.float32)})
    marker = tmp_path / "marker"
    file.write_bytes(reduce_pickle("os system", f"touch {marker}") + file.read_bytes())
    with pytest.raises(InvalidModelError, match="only tensors"):
        read_pytorch(file)
    assert not marker.exists()


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"GIF89a", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", b"\x80\x02r\xff" * 9],
)
def test_what_is_no_weight_file(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "old.bin"
    file.write_bytes(data)
    with pytest.raises(InvalidModelError):
        read_pytorch(file)


def test_a_pickle_that_asks_for_much_memory_gets_none(tmp_path: Path) -> None:
    """LONG_BINPUT to index 2^31 makes the C unpickler set aside 16 GB."""
    file = tmp_path / "pytorch_model.bin"
    write_pickle(file, b"\x80\x02}r\xff\xff\xff\x7f.")
    assert read_pytorch(file) == {}


@pytest.mark.parametrize("size", [0, 1000])
def test_a_file_that_is_cut_off_is_named_so(tmp_path: Path, size: int) -> None:
    file = tmp_path / "pytorch_model.bin"
    write_pytorch(file, {"a": np.zeros(2000, np.float32)})
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(InvalidModelError, match="is cut off"):
        read_pytorch(file)
