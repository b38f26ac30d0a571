"""What ``scripts/bench_peers.py`` measures of s2s, and what it draws."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"
LINES = ["Good morning!", "Where is the station?", "The cat is asleep."]


def test_a_program_prints_its_figures_and_writes_one_output_a_line(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("".join(f"{line}\n" for line in LINES), encoding="utf-8")
    ask = {
        "forms": str(tmp_path),
        "input": str(tmp_path / "in"),
        "output": str(tmp_path / "out"),
        "threads": 1,
        "beam": 1,
        "started": time.monotonic(),
        "how": "",
    }
    program = SCRIPTS / "peers" / "programs" / "s2s_command.py"
    done = subprocess.run(
        [sys.executable, program, json.dumps(ask)],
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stderr.splitlines()[-1])
    assert figures.keys() == {"first", "single", "wall", "cpu", "memory"}
    assert all(value > 0 for value in figures.values())
    assert figures["first"] > figures["single"]
    outputs = (tmp_path / "out").read_text(encoding="utf-8").splitlines()
    assert outputs[:2] == ["Guten Morgen!", "Wo ist der Bahnhof?"]
    assert len(outputs) == len(LINES)


def test_a_plot_has_every_point_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SCRIPTS)
    from peers.plot import Point, svg

    points = [Point("a & b", 2.5, 30.0, ours=True), Point("c", 120.0, 29.5, ours=False)]
    drawn = ElementTree.fromstring(svg(points, "ten lines"))
    space = "{http://www.w3.org/2000/svg}"
    dots = drawn.findall(f"{space}circle")
    fast, better = dots[0], dots[2]  # the fastest comes first; each has one beside its name too
    assert float(fast.attrib["cx"]) > float(better.attrib["cx"])  # faster: further right
    assert float(fast.attrib["cy"]) > float(better.attrib["cy"])  # worse: further down
    assert {"a & b", "c"} <= {text.text for text in drawn.iter(f"{space}text")}
