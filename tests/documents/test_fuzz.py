"""Damaged files of all formats, and documents on one long line: success, or one clear refusal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


def script(name: str, *arguments: object) -> str:
    """What a script says, if it ends well."""
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / name), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_damaged_files() -> None:
    """The first cases of the fuzzer; the same ones for the same corpus."""
    done = script("fuzz_documents.py", "--cases", 1000, "--limit", 30)
    assert done.startswith("1000 cases")


@pytest.mark.slow
def test_long_lines_and_many_segments() -> None:
    """Its figures are for a machine that does nothing else; here it only has to succeed."""
    lines = script("bench_formats.py", "--line", 0.3, "--segments", 300).splitlines()
    assert len(lines) > 30
    assert [line for line in lines if "failed" in line] == []
