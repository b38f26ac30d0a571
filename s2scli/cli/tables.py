"""Tables for people: drawn to the terminal's width; in a pipe, as wide as they need to be."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from s2scli.cli.printable import printable

__all__ = ["print_table"]

UNBOUNDED = 10_000


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[str] = (),
    stderr: bool = False,
) -> None:
    """Print rows under a heading.

    Args:
        columns: the headings; empty ones for a table without a heading.
        rows: a cell for each column.
        right: columns of numbers.
        stderr: whether to print beside the results instead of among them.
    """
    from rich.console import Console
    from rich.table import Table

    stream = sys.stderr if stderr else sys.stdout
    console = Console(file=stream, width=None if stream.isatty() else UNBOUNDED, highlight=False)
    table = Table(box=None, pad_edge=False, show_header=any(columns), header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(printable(cell).replace("[", "\\[") for cell in row))
    with console.capture() as capture:
        console.print(table)
    stream.write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))
