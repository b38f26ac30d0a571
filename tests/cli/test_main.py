"""The command as a whole: help, versions, completion, start-up."""

from __future__ import annotations

import os
import subprocess
from importlib.metadata import version

import pytest

from s2scli.cli import COMMANDS
from tests.conftest import Run, command


def test_help_lists_the_commands(s2s: Run) -> None:
    text = s2s("--help").stdout.decode()
    for name, (_, summary) in COMMANDS.items():
        assert name in text
        assert summary in text


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(s2s: Run, name: str) -> None:
    done = s2s(name, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: s2s {name} ".encode())


@pytest.mark.parametrize("words", [(), ("models",), ("judge",)])
def test_a_group_alone_shows_its_help(s2s: Run, words: tuple[str, ...]) -> None:
    done = s2s(*words)
    assert done.returncode == 2
    assert not done.stdout
    assert done.stderr == s2s(*words, "--help").stdout


def test_version(s2s: Run) -> None:
    text = s2s("--version").stdout.decode()
    assert text.startswith(f"s2s {version('s2scli')} ")
    assert f"ctranslate2 {version('ctranslate2')}" in text
    assert f"numpy {version('numpy')}" in text
    assert f"sentencepiece {version('sentencepiece')}" in text


def test_unknown_command(s2s: Run) -> None:
    done = s2s("translte")
    assert done.returncode == 2
    assert done.stderr == (
        b"s2s: There is no command 'translte'. Did you mean translate? Try 's2s --help'.\n"
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(s2s: Run, shell: str) -> None:
    done = s2s("completion", shell)
    assert done.returncode == 0
    assert b"_S2S_COMPLETE" in done.stdout


def test_completion_without_a_shell(s2s: Run) -> None:
    done = s2s("completion")
    assert done.returncode == 2
    assert b"Choose from: bash, zsh, fish. Try 's2s completion --help'." in done.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("s2s tr", "translate"),
        ("s2s translate -m e", "en-de"),
        ("s2s translate --be", "--beam"),
        ("s2s translate --format j", "jsonl"),
    ],
)
def test_completion(words: str, expected: str) -> None:
    environment = {
        **os.environ,
        "_S2S_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    done = subprocess.run(command(), env=environment, capture_output=True, text=True, check=False)
    assert f"plain,{expected}" in done.stdout.split("\n")
