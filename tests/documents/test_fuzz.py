"""Damaged files of all formats, and documents on one long line: success, or one clear refusal."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_damaged_files() -> None:
    """The first cases of the fuzzer; the same ones each time."""
    arguments = [sys.executable, ROOT / "scripts" / "fuzz_documents.py", "--cases", "1000"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
