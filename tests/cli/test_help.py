"""Help: short and in sections, everything with ``--help-all``; ``-q`` is quiet everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from handbook.commands import command_of, command_paths, has_more_help, help_text

from s2scli.cli.group import long_name
from s2scli.cli.sections import SECTIONS
from tests.conftest import GOLDEN, Run

LINES, COLUMNS = 45, 80
PATHS = list(command_paths())
TITLES = [title for title, _, _ in SECTIONS]
PLACED = [name for _, common, few in SECTIONS for name in (*common, *few)]


def options_of(path: tuple[str, ...]) -> list[click.Option]:
    """The options of a command that are shown."""
    params = command_of(path).params
    return [param for param in params if isinstance(param, click.Option) and not param.hidden]


@pytest.mark.parametrize("path", [(), *PATHS], ids=" ".join)
def test_help_fits_a_terminal(path: tuple[str, ...]) -> None:
    lines = help_text(path).splitlines()
    assert len(lines) <= LINES
    assert all(len(line) <= COLUMNS for line in lines)


@pytest.mark.parametrize("path", [path for path in PATHS if has_more_help(path)], ids=" ".join)
def test_all_options_are_shown_in_their_sections(path: tuple[str, ...]) -> None:
    everything = help_text(path, "--help-all")
    for option in options_of(path):
        assert f"--{long_name(option)}" in everything
        assert long_name(option) in (*PLACED, "help-all"), f"{long_name(option)} has no section"
    found = re.findall(r"^(\w[\w ]*):$", everything, re.MULTILINE)
    assert found == [title for title in TITLES if title in found]
    assert len(help_text(path)) < len(everything)


def test_every_placed_option_exists_once() -> None:
    known = {long_name(option) for path in PATHS for option in options_of(path)}
    assert set(PLACED) <= known
    # Scores, samples and sheets have a seed each, passages and sheets an overlap; nobody has two.
    assert sorted(PLACED) == sorted([*set(PLACED), "seed", "seed", "overlap"])


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_texts_stand_alone(path: tuple[str, ...]) -> None:
    command = command_of(path)
    if isinstance(command, click.Group):
        return
    assert command.help
    for option in options_of(path):
        assert option.help, option.name
        assert re.match(r"[0-9A-Z]", option.help), option.help
        assert re.search(r"[.…](  \[default: [^\]]+\])?$", option.help), option.help
        assert not re.match(r"(Of|Which|Whose|Their|Only if|With --)\b", option.help), option.help


def test_q_is_quiet_everywhere() -> None:
    for path in PATHS:
        for option in options_of(path):
            assert ("-q" in option.opts) == ("--quiet" in option.opts), (path, option.name)


def test_what_says_more_than_results_can_be_quiet() -> None:
    silent = {"server status", "models list", "models show", "models path", "models verify"}
    silent |= {"models default", "doctor", "completion"}
    for path in PATHS:
        commands = isinstance(command_of(path), click.Group)
        has = any("-q" in option.opts for option in options_of(path))
        assert has != (commands or " ".join(path) in silent), path


def test_q_with_a_type_still_works_and_warns(s2s: Run, tmp_path: Path) -> None:
    source, place = GOLDEN / "marian-tiny", tmp_path / "model"
    for number, given in enumerate((["-q", "float32"], ["-qfloat32"])):
        done = s2s("convert", source, "-o", f"{place}{number}", *given)
        assert done.returncode == 0, done.stderr
        assert b"Write --quantization float32." in done.stderr
        assert b'"quantization": "float32"' in Path(f"{place}{number}", "s2s.json").read_bytes()
    done = s2s("convert", source, "-o", f"{place}2", "-q")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b'"quantization": "int8"' in Path(f"{place}2", "s2s.json").read_bytes()
