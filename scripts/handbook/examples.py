"""Examples in the documentation: the output below a command is that of the command.

A block of ``sh`` or ``python`` is run if ``<!-- output -->`` follows it; what it prints goes into
the block of ``text`` after that mark. ``<!-- output: COMMAND -->`` runs another command than what
is shown, and ``<!-- varying output -->`` says that the output need not be the same in a test (it
has times in it). The blocks of a page run one after another in a copy of ``docs/examples``.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Example", "examples_of", "pages_with_examples", "printed_by", "same", "updated"]

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
PROGRAM = f"{sys.executable} -m s2scli"
BLOCK = re.compile(
    r"(```(?P<kind>sh|python)\n(?P<code>[^`]*?)```\n+"
    r"<!-- (?P<varying>varying )?output(?:: (?P<command>.*?))? -->\n)"
    r"```text\n(?P<output>.*?)```\n",
    re.DOTALL,
)
DECIMAL = re.compile(r"(-?\d+\.\d+)")
# Scores differ from one kind of processor to another: in the last digits, and more where int8
# weights have 7 bits (``s2scli.inference.engines.sevenbits``).
TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Example:
    """A block that is run.

    Attributes:
        kind: ``sh`` or ``python``.
        code: what is run.
        output: what the page says that it prints.
        varying: whether that may differ.
    """

    kind: str
    code: str
    output: str
    varying: bool


def pages_with_examples() -> list[Path]:
    """The pages that have examples with output."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in pages if BLOCK.search(page.read_text(encoding="utf-8"))]


def examples_of(text: str) -> list[Example]:
    """The examples of a page, in order."""
    return [_example(match) for match in BLOCK.finditer(text)]


def _example(match: re.Match[str]) -> Example:
    code = match["command"] or match["code"]
    return Example(match["kind"], code, match["output"], bool(match["varying"]))


def updated(text: str) -> str:
    """A page with the output that its examples have now."""
    outputs = iter(printed_by(examples_of(text)))
    return BLOCK.sub(lambda match: f"{match[1]}```text\n{next(outputs)}```\n", text)


def printed_by(examples: Sequence[Example], program: str = PROGRAM) -> list[str]:
    """What the examples of a page print, run one after another in one folder.

    Args:
        examples: the examples.
        program: what runs ``s2s`` in a shell, followed by the arguments.
    """
    with _place(program) as place:
        return [_run(example, place) for example in examples]


def same(shown: str, printed: str) -> bool:
    """Whether two outputs are the same but for the last digits of numbers with a point."""
    left, right = DECIMAL.split(shown), DECIMAL.split(printed)
    return len(left) == len(right) and all(
        math.isclose(float(a), float(b), abs_tol=TOLERANCE) if index % 2 else a == b
        for index, (a, b) in enumerate(zip(left, right, strict=True))
    )


@contextmanager
def _place(command: str) -> Iterator[Path]:
    """A folder with the files of the examples, and ``s2s`` on the path."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "examples"
        shutil.copytree(EXAMPLES, place)
        (place / "tests").symlink_to(ROOT / "tests")
        program = Path(name) / "bin" / "s2s"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        program.chmod(0o755)
        yield place


def _run(example: Example, place: Path) -> str:
    """What an example prints on standard output.

    Raises:
        RuntimeError: it failed.
    """
    shell = ["bash", "-euo", "pipefail", "-c", example.code]
    command = shell if example.kind == "sh" else [sys.executable, "-c", example.code]
    done = subprocess.run(
        command, cwd=place, env=_environment(place), capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{example.code}\n{done.stderr.decode()}")
    return done.stdout.decode()


def _environment(place: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("S2S_", "HF_", "TRANSFORMERS_"))
    }
    return {
        **kept,
        "PATH": f"{place.parent / 'bin'}:{kept['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
        "HF_HUB_OFFLINE": "1",
        "S2S_HOME": str(place.parent / "home"),
        "S2S_CONFIG": os.devnull,
    }
