from __future__ import annotations

from pathlib import Path

import pytest

from s2scli.errors import ConfigurationError, UnavailableError, UsageError
from s2scli.models.manifest import Manifest
from s2scli.models.registry import load_registry
from s2scli.models.store import DEFAULT_MODEL, bundled_directory, find_model, known_aliases

ROW = """
models:
  - {alias: a, bundled: true, tasks: [translate], from: [en], to: [de], licence: MIT, about: x}
"""


def test_the_packages_registry_tells_the_truth_about_bundled_models() -> None:
    for alias in known_aliases():
        entry = load_registry()[alias]
        manifest = Manifest.load(bundled_directory(alias))
        assert manifest.name == alias
        assert manifest.tasks == entry.tasks
        assert manifest.source_languages == entry.source_languages
        assert manifest.target_languages == entry.target_languages
        assert manifest.licence.lower() == entry.licence.lower()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("bundled: true", "bundled: 1", "bundled must be a bool"),
        ("alias: a, ", "", "alias must be a str"),
        ("about: x", "about: x, size: 1", "unknown field size"),
        ("models:", "modles:", "not a model registry"),
        ("alias: a", "alias: [", "not a model registry"),
    ],
)
def test_a_wrong_registry_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    path = tmp_path / "models.yaml"
    path.write_text(ROW.replace(old, new))
    with pytest.raises(ConfigurationError, match=complaint):
        load_registry(path)


def test_finding_models(tmp_path: Path) -> None:
    default = bundled_directory(DEFAULT_MODEL)
    assert find_model(None) == default
    assert find_model("en-de") == default
    assert find_model(None, "en", "de") == default
    assert find_model(None, None, "de") == default
    assert find_model(str(tmp_path)) == tmp_path
    with pytest.raises(UnavailableError, match="Did you mean en-de"):
        find_model("en-dee")
    with pytest.raises(UnavailableError, match="from fr to de"):
        find_model(None, "fr", "de")
    with pytest.raises(UsageError, match="does not write 'fr'"):
        find_model("en-de", "en", "fr")
    with pytest.raises(UsageError, match="does not read 'fr'"):
        find_model("en-de", "fr")
