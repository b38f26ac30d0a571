from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import InvalidModelError, UnavailableError
from s2scli.models.manifest import FILE_NAME, Manifest, SearchRules
from s2scli.models.store import DEFAULT_MODEL, bundled_directory


@pytest.fixture
def content() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (bundled_directory(DEFAULT_MODEL) / FILE_NAME).read_text("utf-8")
    )
    return found


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    manifest = Manifest.load(bundled_directory(DEFAULT_MODEL))
    manifest.save(tmp_path)
    assert Manifest.load(tmp_path) == manifest


@pytest.mark.parametrize(
    "damage",
    [
        lambda c: c.pop("schema"),
        lambda c: c.update(schema=999),
        lambda c: c.pop("tokenizer"),
        lambda c: c.update(tokenizer=[]),
        lambda c: c.update(files={"../../etc/passwd": {"bytes": 1, "sha256": ""}}),
        lambda c: c.update(files={"/etc/passwd": {"bytes": 1, "sha256": ""}}),
        lambda c: c.update(files=[1]),
    ],
)
def test_damage_is_one_clear_error(
    tmp_path: Path, content: dict[str, Any], damage: Callable[[dict[str, Any]], object]
) -> None:
    damage(content)
    (tmp_path / FILE_NAME).write_text(json.dumps(content))
    with pytest.raises(InvalidModelError, match="is damaged"):
        Manifest.load(tmp_path)


def test_a_manifest_of_before_there_were_engines_is_of_ctranslate2(
    tmp_path: Path, content: dict[str, Any]
) -> None:
    for key in ("engine", "converter", "search"):
        content.pop(key, None)
    (tmp_path / FILE_NAME).write_text(json.dumps(content))
    found = Manifest.load(tmp_path)
    assert (found.engine, found.converter, found.search) == ("ctranslate2", "", SearchRules())


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{", b"[" * 100_000])
def test_no_manifest(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(data)
    with pytest.raises(InvalidModelError, match="is damaged"):
        Manifest.load(tmp_path)


def test_foreign_directories_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="no model directory"):
        Manifest.load(tmp_path / "nothing")
    with pytest.raises(InvalidModelError, match="Give the directory"):
        Manifest.load(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InvalidModelError, match="Convert it first"):
        Manifest.load(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"")
    with pytest.raises(InvalidModelError, match="another tool made"):
        Manifest.load(tmp_path)
