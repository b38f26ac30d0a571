"""What is measured of a program, from within its own Python; needs the standard library only."""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Ask", "Translate", "measure"]

Translate = Callable[[list[str]], list[str]]
SINGLES = 15  # lines translated one by one


class Ask(NamedTuple):
    """What a program is asked to do.

    Attributes:
        forms: the folder of ``peers.forms``.
        input: the file of lines.
        output: the file for their translations.
        threads: how many threads it may use.
        beam: the size of the beam.
        started: when its process was started, by ``time.monotonic``.
        how: what distinguishes it from others that the same program runs.
    """

    forms: str
    input: str
    output: str
    threads: int
    beam: int
    started: float
    how: str


def measure(load: Callable[[Ask], Translate]) -> None:
    """Run a program as the command line asks, and print what was measured as JSON.

    The figures: seconds from the start of the process to the first translation (``first``), the
    median of single lines after that (``single``), and seconds and processor seconds of all lines
    at once with the model loaded (``wall``, ``cpu``), and the peak of memory in MiB (``memory``).

    Args:
        load: loads the model; returns what translates a list of lines.
    """
    ask = Ask(**json.loads(sys.argv[1]))
    lines = Path(ask.input).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    translate = load(ask)
    translate(lines[:1])
    first = time.monotonic() - ask.started
    singles = [_clocked(translate, [line])[0] for line in lines[1 : SINGLES + 1]]
    wall, cpu, outputs = _clocked(translate, lines)
    if len(outputs) != len(lines):
        raise SystemExit(f"{len(lines)} lines gave {len(outputs)}")
    Path(ask.output).write_text("".join(f"{line}\n" for line in outputs), encoding="utf-8")
    figures = {
        "first": first,
        "single": statistics.median(singles),
        "wall": wall,
        "cpu": cpu,
        "memory": _peak() / 1024,
    }
    print(json.dumps(figures), file=sys.stderr)


def _clocked(translate: Translate, lines: list[str]) -> tuple[float, float, Any]:
    """Seconds, processor seconds (of finished processes too), and the outputs."""
    start, began = time.monotonic(), sum(os.times()[:4])
    outputs = translate(lines)
    return time.monotonic() - start, sum(os.times()[:4]) - began, outputs


def _peak() -> int:
    """The largest memory of this process or of one that it started, in KiB."""
    # Not getrusage's for this process: that counts what its parent had when it was started.
    found = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text("utf-8"))
    assert found
    return max(int(found[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
