"""Tables for documents: Markdown (GitHub's) and LaTeX (with the package booktabs)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from s2scli.cli.printable import printable_line

__all__ = ["TYPESETTERS", "TableCell"]

# What LaTeX takes for something else → how it is written.
LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "±": r"$\pm$",
    "↑": r"$\uparrow$",
    "↓": r"$\downarrow$",
    "–": "--",
    **{character: f"\\{character}" for character in "{}&%$#_"},
}
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~$&])")
DAGGER = "†"


class TableCell(NamedTuple):
    """What stands at one place of a table.

    Attributes:
        text: as people read it.
        is_best: whether it is shown in bold.
        mark: a dagger or letters, above the line.
    """

    text: str
    is_best: bool = False
    mark: str = ""


Rows = Sequence[Sequence[TableCell]]
Typesetter = Callable[[Sequence[str], Rows, Sequence[str], Sequence[str]], str]


def markdown(
    columns: Sequence[str], rows: Rows, right: Sequence[str], notes: Sequence[str] = ()
) -> str:
    """A table with pipes, and a list of notes.

    Args:
        columns: the headings.
        rows: a cell for each column.
        right: columns of numbers.
        notes: what stands below.
    """
    rules = ["---:" if column in right else ":---" for column in columns]
    lines = [[_markdown(column) for column in columns], rules]
    lines += [[_markdown_cell(cell) for cell in row] for row in rows]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return table + ("\n" if notes else "") + "".join(f"- {_markdown(note)}\n" for note in notes)


def latex(
    columns: Sequence[str], rows: Rows, right: Sequence[str], notes: Sequence[str] = ()
) -> str:
    """A ``tabular`` with booktabs' rules, and notes as comments above it; see ``markdown``."""
    kinds = "".join("r" if column in right else "l" for column in columns)
    comments = [f"% {printable_line(note)}" for note in ("Needs \\usepackage{booktabs}.", *notes)]
    lines = [
        *comments,
        rf"\begin{{tabular}}{{{kinds}}}",
        r"\toprule",
        _latex_row([_latex(column) for column in columns]),
        r"\midrule",
        *(_latex_row([_latex_cell(cell) for cell in row]) for row in rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "".join(f"{line}\n" for line in lines)


TYPESETTERS: dict[str, Typesetter] = {"markdown": markdown, "latex": latex}


def _markdown(text: str) -> str:
    return MARKDOWN.sub(r"\\\1", printable_line(text))


def _markdown_cell(cell: TableCell) -> str:
    text = _markdown(cell.text)
    above = cell.mark if cell.mark in ("", DAGGER) else f"<sup>{cell.mark}</sup>"
    return (f"**{text}**" if cell.is_best else text) + above


def _latex(text: str) -> str:
    return "".join(LATEX.get(character, character) for character in printable_line(text))


def _latex_cell(cell: TableCell) -> str:
    """The dagger takes no room, so that numbers stand below each other."""
    text = _latex(cell.text)
    shown = rf"\textbf{{{text}}}" if cell.is_best else text
    if cell.mark == DAGGER:
        return shown + r"\rlap{$^{\dagger}$}"
    return shown + (rf"$^{{\mathrm{{{cell.mark}}}}}$" if cell.mark else "")


def _latex_row(cells: Sequence[str]) -> str:
    """A line of the table; braces keep a cell's bracket from being an argument of the line break
    before it."""
    first = f"{{{cells[0]}}}" if cells[0].startswith(("[", "*")) else cells[0]
    return " & ".join([first, *cells[1:]]) + r" \\"
