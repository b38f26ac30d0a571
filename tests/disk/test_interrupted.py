"""Files that a signal interrupts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os, signal, sys, tempfile
from pathlib import Path
from s2scli.disk.atomic import write_whole
from s2scli.signals import Interrupted, handle_signals

real = tempfile.mkstemp

def interrupted(*given):
    made = real(*given)
    os.kill(os.getpid(), int(sys.argv[2]))  # as soon as the file is there
    return made

tempfile.mkstemp = interrupted
handle_signals()
try:
    write_whole(Path(sys.argv[1]), b"new")
except Interrupted as error:
    print(error.signum)
"""


@pytest.mark.parametrize("number", [2, 15])
def test_a_signal_between_a_file_and_its_name_leaves_nothing(number: int, tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    command = [sys.executable, "-c", PROGRAM, str(target), str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"{number}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert target.read_bytes() == b"old"
