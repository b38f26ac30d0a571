"""What a start of the command imports: every module and each record's class takes time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

BARE = {
    *("s2scli", "s2scli._version", "s2scli.addressspace", "s2scli.cli", "s2scli.cli.group"),
    *("s2scli.cli.main", "s2scli.signals", "s2scli.errors", "s2scli.plugs"),
}
ENGINE_NAMES = {
    *("s2scli.inference", "s2scli.inference.engines", "s2scli.models", "s2scli.models.enginenames"),
}
OTHERS = {"gc", "importlib._abc", "importlib.util", "resource", "signal"}  # of Python, and small
# What is public, checks its values, or has an identity; other records are named tuples, which take
# a third of the time to define.
DATACLASSES = {"Decoding", "Hypothesis", "Job", "Result", "Segment", "Taken", "Work"}
# Patterns that each line needs; others are compiled where they are used.
PATTERNS = {"s2scli.tasks.translate", "s2scli.text.templates"}
# What lines do without.
PACKAGES = {"langcodes", "numpy", "rich", "sacrebleu", "torch", "transformers", "yaml"}
ROOMS = (
    *("s2scli.catalogues", "s2scli.documents.", "s2scli.inference.cluster", "s2scli.markup"),
    *("s2scli.memory", "s2scli.metrics", "s2scli.models.convert", "s2scli.models.registry"),
    *("s2scli.office", "s2scli.tasks.document", "s2scli.text.segmenter"),
)
MOST_MODULES = 119

# Prints as JSON: the modules, the dataclasses and the modules with patterns, after a run.
AFTER = """
import os, sys
def after(code):
    modules = [*sys.modules]
    import dataclasses, json, re
    ours = {name: module for name, module in sys.modules.items() if name.startswith("s2scli")}
    held = [(name, value) for name, module in ours.items() for value in vars(module).values()]
    print(json.dumps([
        modules,
        [v.__name__ for n, v in held if dataclasses.is_dataclass(v) and v.__module__ == n],
        [n for n, v in held if isinstance(v, re.Pattern)],
    ]))
os._exit = after
"""
CLICK = "import click; click.Group('s2s').main(['--help'], standalone_mode=False); after(0)"


class Imported(NamedTuple):
    """What is there after a run: modules, dataclasses of ours, modules of ours with patterns."""

    modules: set[str]
    dataclasses: set[str]
    patterns: set[str]

    @property
    def ours(self) -> set[str]:
        return {name for name in self.modules if name.split(".")[0] == "s2scli"}


def after(code: str, text: str = "") -> Imported:
    done = subprocess.run(
        [sys.executable, "-c", AFTER + code], input=text, capture_output=True, text=True, check=True
    )
    return Imported(*map(set, json.loads(done.stdout.splitlines()[-1])))


def after_command(*arguments: str, text: str = "") -> Imported:
    return after(f"from s2scli.cli.main import main; main({[*arguments]!r})", text)


@pytest.mark.parametrize(("option", "ours"), [("--help", BARE), ("--version", BARE | ENGINE_NAMES)])
def test_help_and_versions_import_next_to_nothing(option: str, ours: set[str]) -> None:
    found, least = after_command(option), after(CLICK)
    assert found.ours == ours
    others = found.modules - found.ours - least.modules
    assert others <= OTHERS
    assert not found.dataclasses
    assert not found.patterns


def test_what_hands_a_command_over_imports_next_to_nothing() -> None:
    """No click, no typing, no JSON: that would take longer than the command."""
    found = after("import s2scli.start, s2scli.handover.client; after(0)")
    least = after("import os, signal; after(0)")
    others = found.modules - found.ours - least.modules
    assert others <= {"__future__", "_socket", "errno", "resource"}
    assert {name for name in found.ours if not name.startswith("s2scli.handover")} <= {
        *("s2scli", "s2scli._version", "s2scli.errors", "s2scli.start"),
    }


def test_a_line_imports_no_more_than_it_needs() -> None:
    found = after_command("translate", "--threads", "1", text="Hello!\n")
    assert "ctranslate2" in found.modules
    assert not {name.split(".")[0] for name in found.modules} & PACKAGES
    assert not {name for name in found.ours if name.startswith(ROOMS)}
    assert len(found.ours) <= MOST_MODULES
    assert found.dataclasses <= DATACLASSES
    assert found.patterns <= PATTERNS


def test_a_folder_imports_no_more_than_it_needs(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("Hello!\n")
    arguments = ("--threads", "1", str(tmp_path / "texts"), "-o", str(tmp_path / "out"))
    found = after_command("translate", *arguments)
    assert (tmp_path / "out" / "a.txt").is_file()
    assert not {name.split(".")[0] for name in found.modules} & (PACKAGES - {"rich"})
    of_summaries = {name for name in found.ours if "summar" in name}
    assert not of_summaries | (found.ours & {"s2scli.models.registry", "s2scli.markup.html"})
