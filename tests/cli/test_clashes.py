"""A file is never written twice by a run, nor over what the run reads."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run, command

FILES = {
    "in.txt": "Hello!\n",
    "terms": "Monday\tMontag\n",
    "lists": "0 ||| Tom ||| a ||| -1\n",
    "folder/a.txt": "Tom.\n",
    "folder/answers/b.csv": "x\n",
}
CLASHES = {
    "translate in.txt --report in.txt": "in.txt is both input and --report",
    "translate in.txt --glossary terms -o terms": "terms is both --glossary and output",
    "translate in.txt --prefix-file terms -o ./terms": "terms is both --prefix-file and output",
    "translate in.txt -o new --report new": "new is both --report and output",
    "translate in.txt -o new --alignments-file new": "new is both --alignments-file and output",
    "translate --files-from terms -o o/ --report terms": "terms is both --files-from and --report",
    "translate folder -o out --report folder/a.txt": "folder/a.txt is both input and --report",
    "translate folder -o folder --suffix .de --report folder/a.de.txt": (
        "folder/a.de.txt is both output and --report"
    ),
    "translate folder -o out --memory new --report new": "new is both --report and --memory",
    "generate in.txt --prompt {text} --report link": "link is both input and --report",
    "rerank lists -o lists": "lists is both input and output",
    "evaluate --source in.txt --reference terms --report terms": (
        "terms is both --reference and --report"
    ),
    "judge score folder --html folder/design.json": "design.json is both input and --html",
    "judge score folder --html folder/answers/b.csv": "b.csv is both input and --html",
    "detect in.txt -o in.txt": "in.txt is both input and output",
    "memory export terms -o terms": "terms is both input and output",
    "translate --report in.txt < in.txt": "in.txt is both standard input and --report",
}


@pytest.mark.parametrize("line", CLASHES)
def test_nothing_is_overwritten(
    line: str, s2s: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    Path("link").symlink_to("in.txt")
    words, _, name = line.partition(" < ")
    if name:
        with Path(name).open("rb") as file:
            arguments = command(*words.split())
            done = subprocess.run(arguments, stdin=file, capture_output=True, check=False)
    else:
        done = s2s(*shlex.split(words))
    assert done.returncode == 2
    assert CLASHES[line] in done.stderr.decode()
    assert {name: Path(name).read_text("utf-8") for name in FILES} == FILES
    assert not Path("new").exists()


def test_devices_are_no_files(s2s: Run) -> None:
    done = s2s("translate", "-o", "/dev/null", "--report", "/dev/null", stdin=b"Hello!\n")
    assert done.returncode == 0


def test_what_a_log_has_already_stays(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    shell = 's2s() { "$@" translate -q -o /dev/stdout --report /dev/stderr; }; '
    script = f"{shell} s2s {shlex.join(command())} >> {log} 2>> {log}"
    subprocess.run(["sh", "-c", script], input=b"Hello!\n", check=True)
    text = log.read_text()
    assert text.startswith("before\nHallo!\n{\n")


def test_standard_output_by_its_other_name_is_not_for_two(s2s: Run) -> None:
    done = s2s("translate", "--report", "/dev/stdout", stdin=b"Hello!\n")
    assert done.returncode == 2
    assert b"cannot both be standard output" in done.stderr
