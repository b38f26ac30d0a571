"""A model is found once, and its manifest is read once, however it is named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from s2scli.models.store import DEFAULT_MODEL, bundled_directory, model_directory

# The command as it is, in an interpreter that notes which manifests are opened.
WATCHED = """
import os, sys
notes = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def note(event, arguments):
    if event == "open" and str(arguments[0]).endswith("s2s.json"):
        os.write(notes, f"{arguments[0]}\\n".encode())
sys.addaudithook(note)
from s2scli.cli.main import main
main(sys.argv[1:])
"""


def manifests_read(notes: Path, *arguments: object, stdin: bytes = b"") -> Counter[str]:
    """How often a command opens each manifest."""
    line = [sys.executable, "-c", WATCHED, str(notes), *map(str, arguments)]
    done = subprocess.run(line, input=stdin, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return Counter(notes.read_text().splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-m", DEFAULT_MODEL],
        ["-m", bundled_directory(DEFAULT_MODEL)],
        ["--from", "en", "--to", "de"],
        ["-m", "other"],
    ],
)
def test_no_manifest_is_read_twice(tmp_path: Path, arguments: list[object]) -> None:
    shutil.copytree(bundled_directory(DEFAULT_MODEL), model_directory("other", "", "int8"))
    named = model_directory("other", "", "int8").name
    arguments = [named if argument == "other" else argument for argument in arguments]
    read = manifests_read(tmp_path / "notes", "translate", *arguments, stdin=b"Good morning.\n")
    assert set(read.values()) == {1}


def test_nothing_else_is_read_for_a_model_that_is_named_by_its_directory(
    tmp_path: Path, small_models: dict[str, Path]
) -> None:
    shutil.copytree(bundled_directory(DEFAULT_MODEL), model_directory("other", "", "int8"))
    model = small_models["bart"]
    for command, more in (("summarize", []), ("generate", ["--prompt", "{text}"])):
        given = (command, "-m", model, "--max-length", 5, *more)
        read = manifests_read(tmp_path / command, *given, stdin=b"A text.\n")
        assert read == {str(model / "s2s.json"): 1}


def test_the_default_needs_no_look_into_the_store(tmp_path: Path) -> None:
    shutil.copytree(bundled_directory(DEFAULT_MODEL), model_directory("other", "", "int8"))
    read = manifests_read(tmp_path / "notes", "translate", stdin=b"Good morning.\n")
    assert read == {str(bundled_directory(DEFAULT_MODEL) / "s2s.json"): 1}
