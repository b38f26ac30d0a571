from __future__ import annotations

from pathlib import Path

import pytest

from s2scli.data import TASKS
from s2scli.errors import ConfigurationError
from s2scli.models.convert import FAMILIES
from s2scli.models.convert.comet import COMET
from s2scli.models.convert.encoders import ENCODERS
from s2scli.models.manifest import Manifest
from s2scli.models.registry import load_registry
from s2scli.models.store import bundled_directory, known_aliases

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
        ("alias: a, ", "", "alias is missing"),
        ("about: x", "about: x, size: 1", "entry 1 .a.: there is no field 'size'"),
        ("models:", "modles:", "does not have a list named 'models'"),
        ("alias: a", "alias: [", "the model registry .* is not YAML: line 3: "),
        ("models:", "x: &x [*x]\nmodels:", "aliases .* are not allowed"),
        ("about: x", "about: x, about: y", "'about' comes twice"),
        ("alias: a", "alias: ../a", "alias is '../a'"),
        ("bundled: true", "hub: ../../etc", "hub is"),
        ("bundled: true", "hub: a/b, revision: main", "revision is 'main'"),
        ("from: [en]", "from: [no]", "quote it: no is false"),
        ("tasks: [translate]", "tasks: translate", "tasks must be a list"),
        ("from: [en]", "from: klingon", "there is no list of languages 'klingon'"),
        ("from: [en]", "from: 3", "from must be a list of codes"),
        ("about: x", "scores: [{metric: BLEU}], about: x", "scores: each must have"),
        ("alias: a, bundled: true", "alias: 'a-{from}', pairs: [en]", "not a pair such as"),
    ],
)
def test_a_wrong_registry_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    path = tmp_path / "models.yaml"
    path.write_text(ROW.replace(old, new))
    with pytest.raises(ConfigurationError, match=complaint):
        load_registry(path)


def test_patterns_stand_for_a_model_a_pair() -> None:
    entry = load_registry()["opus-mt-en-fr"]
    assert entry.hub == "Helsinki-NLP/opus-mt-en-fr"
    assert (entry.source_languages, entry.target_languages) == (("en",), ("fr",))


def test_a_users_registry_adds_and_overrides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S2S_CONFIG", str(tmp_path / "config.yaml"))
    (tmp_path / "models.yaml").write_text("models: [{alias: t5-small, licence: mine}]")
    load_registry.cache_clear()
    try:
        assert load_registry()["t5-small"].licence == "mine"
        assert load_registry()["t5-small"].hub == "google-t5/t5-small"
        extra = tmp_path / "extra.yaml"
        extra.write_text(ROW + "  - {alias: t5-small, licence: yours}\n")
        assert load_registry(extra)["a"].about == "x"
        assert load_registry(extra)["t5-small"].licence == "yours"
        assert "a" not in load_registry()
    finally:
        load_registry.cache_clear()


def test_licences_that_ask_for_acceptance() -> None:
    asking = {e.alias for e in load_registry().values() if e.needs_acceptance}
    assert asking >= {"nllb-600m", "mbart50", "pegasus-xsum", "mt5-xlsum"}
    assert not asking & {"t5-small", "opus-mt-en-de", "m2m100-418m"}


def test_every_entry_names_a_family_that_can_be_converted() -> None:
    for entry in load_registry().values():
        assert entry.family in {*FAMILIES, *ENCODERS, COMET}, entry.alias
        assert entry.bundled or entry.hub.count("/") == 1, entry.alias
        assert set(entry.tasks) <= TASKS.keys()
        assert entry.parameters > 0
