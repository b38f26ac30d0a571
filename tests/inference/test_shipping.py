"""A model in parts, and put together elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from s2scli.disk.hashes import sha256
from s2scli.errors import InvalidModelError, UnavailableError
from s2scli.inference.cluster import shipping
from s2scli.inference.cluster.shipping import has_model, identity, receive, ship
from s2scli.models.integrity import check_files
from s2scli.models.manifest import Manifest
from s2scli.models.store import DEFAULT_MODEL, bundled_directory

MODEL = bundled_directory(DEFAULT_MODEL)
FILES = tuple(Manifest.load(MODEL).all_files)


class Store:
    """Bytes by number."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.fetched = 0

    def put(self, part: bytes) -> int:
        self.parts.append(part)
        return len(self.parts) - 1

    def get(self, number: int) -> bytes:
        self.fetched += 1
        return self.parts[number]


def test_what_arrives_is_what_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipping, "PART_BYTES", 1 << 20)
    store = Store()
    parts = ship(MODEL, FILES, store.put)
    assert len(store.parts) > len(parts)  # large files come in several
    directory = receive(parts, identity(MODEL), store.get)
    assert directory != MODEL
    assert {name: sha256(directory / name) for name in parts} == {
        name: sha256(MODEL / name) for name in parts
    }
    assert has_model(directory, identity(MODEL))
    fetched = store.fetched
    assert receive(parts, identity(MODEL), store.get) == directory
    assert store.fetched == fetched
    (directory / "model.bin").unlink()
    receive(parts, identity(MODEL), store.get)
    assert sha256(directory / "model.bin") == sha256(MODEL / "model.bin")


def test_what_was_damaged_on_the_way_is_refused() -> None:
    store = Store()
    parts = ship(MODEL, FILES, store.put)
    number = parts["model.bin"][0]
    store.parts[number] = store.parts[number][:-1] + b"?"
    directory = receive(parts, identity(MODEL), store.get)
    with pytest.raises(InvalidModelError, match="damaged"):
        check_files(directory, Manifest.load(directory))


def test_a_node_that_cannot_keep_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("S2S_HOME", str(tmp_path / "file"))
    store = Store()
    with pytest.raises(UnavailableError, match="Cannot keep the model"):
        receive(ship(MODEL, FILES, store.put), identity(MODEL), store.get)


def test_no_model(tmp_path: Path) -> None:
    assert not has_model(tmp_path, identity(MODEL))
    assert not has_model(tmp_path / "none", identity(MODEL))
