"""Files that a command would write twice, or over what it reads: refused before any work."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from s2scli.cli.files import STDIN
from s2scli.errors import UsageError

__all__ = ["refuse_among", "refuse_clashes"]

# Parameters whose values name no files, although they may be any bytes as names of files are.
NAMELESS = ("model", "models", "include", "exclude", "ignore_file", "suffix")


class _Given(NamedTuple):
    """A file that a parameter names."""

    role: str
    path: Path
    is_written: bool


def refuse_clashes(ctx: click.Context, written: Collection[str]) -> None:
    """Refuse one file as two outputs, or as an output and an input, standard input too.

    Args:
        ctx: of the command.
        written: the options whose files are written.

    Raises:
        UsageError: there is one.
    """
    given = list(_given(ctx, written))
    for one in (each for each in given if each.is_written):
        for other in given:
            if other is not one and _are_one(one, other):
                raise _clash(one.path, other.role, one.role)
        if _is_standard_input(one.path):
            raise _clash(one.path, "standard input", one.role)


def refuse_among(
    path: Path | None, names: Iterable[str | Path], role: str, option: str = "--report"
) -> None:
    """Refuse a file that would take the place of one that no parameter names.

    Args:
        path: where it is written, if anywhere.
        names: the other files.
        role: what they are.
        option: what names the file.

    Raises:
        UsageError: it would.
    """
    if path is None or str(path) == STDIN:
        return
    place = os.path.realpath(path)
    for name in names:
        if os.path.realpath(name) == place:
            raise _clash(path, role, option)


def _given(ctx: click.Context, written: Collection[str]) -> Iterator[_Given]:
    for param in ctx.command.params:
        name = str(param.name)
        value = ctx.params.get(name)
        if not value or name in NAMELESS or not isinstance(param.type, click.Path):
            continue
        role = "input" if isinstance(param, click.Argument) else max(param.opts, key=len)
        for each in value if isinstance(value, tuple | list) else [value]:
            if str(each) != STDIN and "://" not in str(each):
                is_option = isinstance(param, click.Option)
                yield _Given(role, Path(each), is_option and name in written)


def _are_one(written: _Given, other: _Given) -> bool:
    """Whether what is written takes the place of another file that is written, or is there."""
    if other.is_written:
        one = os.path.realpath(written.path) == os.path.realpath(other.path)
        return one and (written.path.is_file() or not written.path.exists())  # and no device
    return other.path.is_file() and written.path.exists() and written.path.samefile(other.path)


def _is_standard_input(path: Path) -> bool:
    """Whether a file is there that standard input comes from."""
    try:
        return path.is_file() and os.path.samestat(path.stat(), os.fstat(0))
    except OSError:  # standard input is closed
        return False


def _clash(path: Path, one: str, other: str) -> UsageError:
    names = " and ".join("output" if role == "--output" else role for role in (one, other))
    return UsageError(f"{path} is both {names}", "Name another file.")
