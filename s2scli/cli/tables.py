"""Tables for people: drawn to the terminal's width; in a pipe, as wide as they need to be."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from s2scli.cli.printable import printable

__all__ = ["drawn", "print_table"]

UNBOUNDED = 10_000


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()
) -> None:
    """Print rows under a heading, among the results.

    Args:
        columns: the headings; empty ones for a table without a heading.
        rows: a cell for each column.
        right: columns of numbers.
    """
    sys.stdout.write(drawn(columns, rows, sys.stdout, right))


def drawn(
    columns: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO, right: Sequence[str]
) -> str:
    """The same as text, as wide as ``stream`` allows."""
    from rich.console import Console
    from rich.table import Table

    console = Console(file=stream, width=None if stream.isatty() else UNBOUNDED, highlight=False)
    table = Table(box=None, pad_edge=False, show_header=any(columns), header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(printable(cell).replace("[", "\\[") for cell in row))
    with console.capture() as capture:
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())
