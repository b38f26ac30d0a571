"""Which files of which folders are documents, and where their translations go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from s2scli.documents import format_of
from s2scli.errors import BadInputError, MissingInputError, UsageError

__all__ = ["Job", "Selection", "jobs"]

JOURNAL_PREFIX = ".s2s-"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of a folder are taken.

    Attributes:
        include: patterns of names or of paths below the folder; empty for all known formats.
        exclude: patterns of what is left out.
        hidden: whether names that begin with a dot count.
        format: the format of all files, whatever their names; None to go by these.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    hidden: bool = False
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A document to translate.

    Attributes:
        name: what it is called: its path below the folder that was named, or its name.
        source: where it is.
        target: where its translation goes.
        format: a key of ``s2scli.documents.FORMATS``.
    """

    name: str
    source: Path
    target: Path
    format: str


def jobs(
    inputs: Sequence[Path], selection: Selection, output: Path | None, suffix: str
) -> Iterator[Job]:
    """The documents among files and folders, in the order of their names within each.

    Args:
        inputs: files and folders.
        selection: which files of the folders.
        output: the folder that mirrors them; None to write beside the sources.
        suffix: what goes in front of the extension: ``.de`` makes ``a.txt`` into ``a.de.txt``.

    Raises:
        MissingInputError: an input does not exist.
        UsageError: two documents would be written to one place, or one over its source.
        BadInputError: a file that was named has a format that is not known.
    """
    taken: dict[Path, Path] = {}
    for root in inputs:
        for source, below in _files(root, selection, output):
            kind = selection.format or format_of(source)
            if kind is None:
                raise BadInputError(
                    f"{source} is of no known document format",
                    "Say which with --input-format.",
                )
            name = below.with_name(f"{below.stem}{suffix}{below.suffix}")
            target = (output or _home(root)) / name
            _check(source, target, taken)
            yield Job(str(below), source, target, kind)


def _home(root: Path) -> Path:
    return root if root.is_dir() else root.parent


def _check(source: Path, target: Path, taken: dict[Path, Path]) -> None:
    if target.exists() and target.samefile(source):
        raise UsageError(
            f"{source} would be overwritten by its translation", "Give -o DIRECTORY or --suffix."
        )
    if target in taken:
        raise UsageError(f"{taken[target]} and {source} would both be written to {target}")
    taken[target] = source


def _files(root: Path, selection: Selection, output: Path | None) -> Iterator[tuple[Path, Path]]:
    """Each file and its path below what was named."""
    if not root.exists():
        raise MissingInputError(f"There is no file {root}")
    if not root.is_dir():
        yield root, Path(root.name)
        return
    seen: set[tuple[int, int]] = set()
    for path in _walk(root, selection, seen, output.resolve() if output else None):
        below = path.relative_to(root)
        if _wanted(below, selection):
            yield path, below


def _walk(
    folder: Path, selection: Selection, seen: set[tuple[int, int]], output: Path | None
) -> Iterator[Path]:
    """All files below a folder; each folder once, so that links in circles end."""
    status = folder.stat()
    if (status.st_dev, status.st_ino) in seen or folder.resolve() == output:
        return
    seen.add((status.st_dev, status.st_ino))
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise MissingInputError(f"Cannot read the folder {folder}: {error.strerror}") from error
    for entry in entries:
        if entry.name.startswith(".") and (
            not selection.hidden or entry.name.startswith(JOURNAL_PREFIX)
        ):
            continue
        path = folder / entry.name
        if path.is_dir():
            yield from _walk(path, selection, seen, output)
        elif path.is_file():
            yield path


def _wanted(below: Path, selection: Selection) -> bool:
    if _matches(below, selection.exclude):
        return False
    if selection.include:
        return _matches(below, selection.include)
    return selection.format is not None or format_of(below) is not None


def _matches(below: Path, patterns: Iterable[str]) -> bool:
    """Whether a path, or a folder that it is in, matches one of several patterns."""
    paths = [below, *list(below.parents)[:-1]]
    return any(
        fnmatch(str(path), pattern) or fnmatch(path.name, pattern)
        for path in paths
        for pattern in patterns
    )
