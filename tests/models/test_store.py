from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import UnavailableError, UsageError
from s2scli.models.manifest import Manifest
from s2scli.models.store import (
    DEFAULT_MODEL,
    NotInstalledError,
    Wish,
    bundled_directory,
    damaged_directories,
    find_model,
    installed,
    model_directory,
)


def install(name: str, source: str, target: str, **changes: Any) -> Path:
    """A copy of the bundled model in the store under another name and languages."""
    directory = model_directory(name, "", "int8")
    shutil.copytree(bundled_directory(DEFAULT_MODEL), directory)
    manifest = Manifest.load(directory)
    languages: dict[str, Any] = {"source_languages": (source,), "target_languages": (target,)}
    manifest._replace(name=name, **{**languages, **changes}).save(directory)
    return directory


def test_a_model_that_names_no_languages_is_asked_for_one_that_exists() -> None:
    install("quiet", "", "", source_languages=(), target_languages=())
    wish = Wish("quiet", source_language="Welsh", target_language="Cornish")
    assert find_model(wish).manifest.name == "quiet"
    with pytest.raises(UsageError, match="There is no language 'Welshish'"):
        find_model(Wish("quiet", source_language="Welshish"))
    with pytest.raises(UsageError, match="There is no language 'Welshish'"):
        find_model(Wish("quiet", target_language="Welshish"))


def test_the_bundled_model_is_the_default() -> None:
    default = bundled_directory(DEFAULT_MODEL)
    for wish in (
        Wish(),
        Wish("en-de"),
        Wish(source_language="en", target_language="de"),
        Wish(target_language="German"),
    ):
        assert find_model(wish).directory == default


def test_directories(tmp_path: Path) -> None:
    assert find_model(Wish(str(bundled_directory(DEFAULT_MODEL)))).manifest.name == DEFAULT_MODEL
    with pytest.raises(UnavailableError, match="There is no model directory"):
        find_model(Wish(str(tmp_path / "nothing")))
    with pytest.raises(UnavailableError, match="There is no model directory"):
        find_model(Wish("./nothing"))


def test_names_that_nobody_knows() -> None:
    with pytest.raises(UnavailableError, match="Did you mean en-de"):
        find_model(Wish("en-dee"))
    with pytest.raises(NotInstalledError, match="s2s models pull opus-mt-de-fr"):
        find_model(Wish(source_language="de", target_language="fr"))
    with pytest.raises(NotInstalledError, match="s2s models pull some/one"):
        find_model(Wish("some/one"))
    with pytest.raises(UnavailableError, match="No installed model can translate from is to mt"):
        find_model(Wish(source_language="is", target_language="mt"))


def test_languages_that_a_model_does_not_speak() -> None:
    with pytest.raises(UsageError, match="does not write 'fr'"):
        find_model(Wish("en-de", source_language="en", target_language="fr"))
    with pytest.raises(UsageError, match="does not read 'fr'"):
        find_model(Wish("en-de", source_language="fr"))


def test_the_best_of_several() -> None:
    small = install("small", "en", "fr", parameters=1_000)
    assert find_model(Wish(target_language="fr")).directory == small
    large = install("large", "en", "fr", parameters=2_000)
    assert find_model(Wish(target_language="fr")).directory == large
    install("many", "en", "fr", parameters=9_000, target_languages=("fr", "es", "it"))
    assert find_model(Wish(target_language="fr")).directory == large
    own = install("own", "en", "de")
    assert find_model(Wish(source_language="en", target_language="de")).directory == own
    assert find_model(Wish()).directory == bundled_directory(DEFAULT_MODEL)


def test_damaged_directories_are_passed_over() -> None:
    directory = install("broken", "en", "fr")
    (directory / "s2s.json").write_text("{")
    (directory.parent / ".tmp").mkdir()
    (directory.parent / "file").write_text("x")
    assert [model.manifest.name for model in installed()] == [DEFAULT_MODEL]


def test_directories_without_a_manifest_are_named() -> None:
    directory = install("broken", "en", "fr")
    (directory / "s2s.json").write_text("{")
    assert damaged_directories() == [directory]
    (directory.parent / ".tmp").mkdir()
    assert damaged_directories() == [directory]
