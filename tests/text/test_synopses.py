"""Synopses of commands stay as they are; sentences with options in brackets do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from s2scli.text.synopses import is_synopsis
from tests.documents.runs import translated

SYNOPSES = (
    "case WORD in [PATTERN [| PATTERN]...) COMMANDS ;;]... esac",
    "for NAME [in WORDS ... ] ; do COMMANDS; done",
    "for (( exp1; exp2; exp3 )); do COMMANDS; done",
    "if COMMANDS; then COMMANDS; [ elif COMMANDS; then COMMANDS; ]... [ else COMMANDS; ] fi",
    "while COMMANDS; do COMMANDS-2; done",
    "{ COMMANDS ; }",
    "cd [-L|[-P [-e]] [-@]] [dir]",
    "read [-ers] [-a array] [-d delim] [name ...]",
    "exec [-cl] [-a name] [command [argument ...]] [redirection ...]",
    "git remote add [-t <branch>] [-f] <name> <url>",
    "rm [-f] FILE",
)
TEXTS = (
    "in case of rain the doors are closed",
    "for we are done",
    "Use [-f] to force it",
    "use it with care [-f]",
    "The options [-a] and [-b] exclude each other",
    "if it rains; then close the door",
    "[optional]",
)


@pytest.mark.parametrize("text", SYNOPSES)
def test_what_is_one(text: str, tmp_path: Path) -> None:
    assert is_synopsis(text)
    content = {"a": text, "b": f"Usage\n{text}\nthe end"}
    found = json.loads(translated("a.json", json.dumps(content), tmp_path, str.upper))
    assert found == {"a": text, "b": f"USAGE\n{text}\nTHE END"}


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_none(text: str) -> None:
    assert not is_synopsis(text)


def test_time() -> None:
    for part in ("[-a ", "[", "[-a] ", "if ; then ", "case in ) ", "a [-b] <"):
        assert not is_synopsis(part * 150 + "!")
