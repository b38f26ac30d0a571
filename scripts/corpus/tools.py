"""Where the corpus lies, how a file of it is saved, and the tools and libraries that write it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["CORPUS", "SOURCES", "Missing", "library", "run", "save", "scratch"]

CORPUS = Path(__file__).parents[2] / "tests" / "corpus"
SOURCES = Path(__file__).parent / "sources"
# Programs that write the day into their files take this one.
DAY = {"SOURCE_DATE_EPOCH": "1709251200"}
# The folder of an extension, where it is not the extension itself.
FOLDERS = {
    "xml": "android",
    "xlf": "xliff",
    "pot": "po",
    "yml": "yaml",
    "htm": "html",
    "xhtml": "html",
    "ssa": "ass",
}
FOLDERS |= {"resw": "resx", "ftl": "fluent"}
# The import name of a library → its name on PyPI, where they differ.
PACKAGES = {
    "docx": "python-docx",
    "pptx": "python-pptx",
    "odf": "odfpy",
    "webvtt": "webvtt-py",
    "yaml": "PyYAML",
    "translate": "translate-toolkit",
    "fpdf": "fpdf2",
    "markdown_it": "markdown-it-py",
    "django": "Django",
    "xlsxwriter": "XlsxWriter",
    "fluent": "fluent.syntax",
    "tomli_w": "tomli-w",
}


class Missing(Exception):
    """A tool or a library that is needed is not at hand."""


def library(name: str) -> Any:
    """A module of a library that only this script needs.

    Raises:
        Missing: the library is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        root = name.partition(".")[0]
        raise Missing(f"no module {root}: pip install {PACKAGES.get(root, root)}") from error


def run(*command: str | Path, cwd: Path | None = None, fed: str | None = None) -> str:
    """The standard output of a command that succeeds.

    Raises:
        Missing: there is no such program.
    """
    if shutil.which(str(command[0])) is None:
        raise Missing(f"no program {command[0]} on the path")
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        input=fed,
        env=os.environ | DAY,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr}")
    return done.stdout


def save(name: str, content: str | bytes) -> None:
    """Write a file of the corpus, in the folder of its format, with its line ends as they are."""
    extension = name.rpartition(".")[2]
    path = CORPUS / FOLDERS.get(extension, extension) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
