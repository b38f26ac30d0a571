"""``s2s doctor``: what is broken is found, named and answered with advice."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import click
import pytest

from s2scli.cli.main import cli
from s2scli.cli.provenance import settings_found
from s2scli.models.convert.run import convert as convert_checkpoint
from s2scli.tasks.health import EXAMINATIONS, examine
from s2scli.tasks.health.models import trial
from s2scli.tasks.health.packages import EXTRAS
from tests.cli.test_models import complaint
from tests.conftest import GOLDEN, Run, command

# Extras for those who work on s2s itself.
OURS = {"test", "lint", "docs", "fuzz", "oracle"}


def facts(done: subprocess.CompletedProcess[bytes]) -> dict[tuple[str, str], dict[str, str]]:
    """What was found, by part and name."""
    return {(each["part"], each["name"]): each for each in json.loads(done.stdout)}


def test_a_sound_installation(s2s: Run) -> None:
    done = s2s("doctor", "--json")
    assert done.returncode == 0, done.stderr
    found = facts(done)
    assert {part for part, _ in found} == {*EXAMINATIONS, "settings"}
    assert "broken" not in {each["state"] for each in found.values()}
    assert "en-de loads and decodes" in found["models", "trial"]["value"]
    assert found["packages", "ctranslate2"]["value"]
    assert "int8" in found["machine", "compute types"]["value"]


def test_people_get_a_table(s2s: Run) -> None:
    done = s2s("doctor")
    assert done.returncode == 0
    assert done.stderr == b""
    lines = done.stdout.decode().splitlines()
    assert lines[0].split() == ["PART", "STATE", "WHAT", "FOUND"]
    assert any(line.split()[:3] == ["packages", "ok", "s2s"] for line in lines)


def test_every_extra_of_the_package_is_known() -> None:
    assert set(metadata("s2scli").get_all("Provides-Extra") or ()) - OURS == EXTRAS.keys()


@pytest.mark.parametrize("version", ["0.1", ""])
def test_a_package_that_is_too_old(version: str, tmp_path: Path) -> None:
    place = tmp_path / "packages" / f"sacrebleu-{version or 1}.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text(f"Name: sacrebleu\nVersion: {version}\n")
    done = subprocess.run(
        [sys.executable, "-c", CODE], env={"PYTHONPATH": str(place.parent)}, capture_output=True
    )
    state, value, advice = json.loads(done.stdout)
    assert state == "broken"
    assert value == (f"{version}, and s2s needs >=2.5" if version else "not installed")
    assert "-m pip install 'sacrebleu>=2.5'" in advice


CODE = """
import json
from s2scli.tasks.health.packages import packages
found = {each.name: each for each in packages()}["sacrebleu"]
print(json.dumps([found.state, found.value, found.advice]))
"""


def convert(s2s: Run, name: str = "tiny") -> Path:
    """A model in the store."""
    directory = Path("home/models") / f"{name}@local-int8"
    assert s2s("convert", GOLDEN / "marian-tiny", "-o", directory, "-q").returncode == 0
    return directory


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("S2S_HOME", "home")
    return tmp_path / "home"


def test_damaged_models(s2s: Run, store: Path) -> None:
    damaged = convert(s2s) / "model.bin"
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)
    (store / "models" / "half").mkdir()
    done = s2s("doctor", "--json")
    assert "2 of" in complaint(done, 1)
    found = facts(done)
    assert "is damaged" in found["models", "tiny@local-int8"]["value"]
    assert "no readable s2s.json" in found["models", "half"]["value"]
    assert found["models", "trial"]["state"] == "ok"


def test_a_default_model_that_is_gone(s2s: Run, store: Path) -> None:
    directory = convert(s2s)
    assert s2s("models", "default", "tiny@local-int8").returncode == 0
    assert s2s("doctor", "--json").returncode == 0
    for path in directory.iterdir():
        path.unlink()
    directory.rmdir()
    found = facts(s2s("doctor", "--json"))
    assert found["store", "default for translate"]["state"] == "broken"
    assert found["models", "trial"]["state"] == "broken"


SETTINGS: dict[str, tuple[str, str, str]] = {
    "translate:\n  beam: 2\n": ("translate --beam", "ok", "2 (settings file)"),
    "translate:\n  beam: two\n": ("translate --beam", "broken", "not a valid integer"),
    "translate:\n  beem: 2\n": ("file", "broken", "no option 'beem'"),
    "translate: [\n": ("file", "broken", "is not YAML"),
    "models:\n  list:\n    task: answer\n": ("models list --task", "ok", "answer (settings file)"),
}


def judged() -> dict[str, tuple[str, str]]:
    """What is said of the settings: name → state and value."""
    found = settings_found(click.Context(cli))
    return {each.name: (each.state, each.value) for each in found}


@pytest.mark.parametrize("text", SETTINGS)
def test_settings_of_the_file(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    monkeypatch.setenv("S2S_CONFIG", str(path))
    name, state, value = SETTINGS[text]
    found = judged()
    assert (found[name][0], value in found[name][1]) == (state, True), found


VARIABLES: dict[tuple[str, str], tuple[str, str]] = {
    ("S2S_TRANSLATE_BEAM", "2"): ("ok", "2"),
    ("S2S_TRANSLATE_BEAM", "two"): ("broken", "not a valid integer"),
    ("S2S_TRANSLATE_BEEM", "2"): ("broken", "commands refuse"),
    ("S2S_BEAM", "2"): ("broken", "commands refuse"),
    ("S2S_MODELS_LIST_TASK", "anwser"): ("broken", "is not one of"),
    ("S2S_EVALUATE_BEAM", "1,4"): ("ok", "1,4"),
    ("S2S_CONFIG", "/nowhere/config.yaml"): ("ok", "/nowhere"),
}


@pytest.mark.parametrize("variable", VARIABLES, ids=str)
def test_settings_of_the_environment(
    variable: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*variable)
    state, value = VARIABLES[variable]
    found = judged()[variable[0]]
    assert (found[0], value in found[1]) == (state, True), found


def test_settings_that_end_other_commands(s2s: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S2S_CONFIG", "/nowhere/config.yaml")
    assert s2s("translate").returncode == 78
    done = s2s("doctor", "--json")
    assert done.returncode == 1
    assert "no settings file" in facts(done)["settings", "file"]["value"]


@pytest.mark.parametrize("name", ["m2m100", "t5", "marian-student", "vit-gpt2"])
def test_models_of_every_engine_are_tried(name: str, store: Path) -> None:
    directory = store / "models" / name
    directory.parent.mkdir(parents=True)
    convert_checkpoint(GOLDEN / name, directory, quantization="float32")
    assert "loads and decodes" in trial(str(directory)).value


def test_an_engine_that_ends_its_process(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a processor that lacks the instructions of a package."""
    place = store / "packages" / "ctranslate2"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGILL)\n")
    monkeypatch.setenv("PYTHONPATH", str(place.parent))
    assert "was ended by SIGILL" in trial(None).value


def test_an_examination_that_fails_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXAMINATIONS, "machine", "s2scli.errors:S2SError")
    found: list[Any] = [finding for part, finding in examine() if part == "machine"]
    assert [finding.state for finding in found] == ["broken"]


def test_without_room_for_threads_it_says_so() -> None:
    limited = f"ulimit -v 600000; exec {' '.join(command('doctor', '--json'))}"
    done = subprocess.run(["sh", "-c", limited], capture_output=True)
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 1, 69)
