"""An explanation for people: tables of attention and of probabilities, on a terminal."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from itertools import islice

from rich.console import Console, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from s2scli.cli.printable import printable, printable_line
from s2scli.tasks.explanation import ExplainedPart, ExplainedToken, Explanation

__all__ = ["print_explanation"]

UNBOUNDED = 10_000
CELL, GAP = 2, 1  # characters of a column of attention, and between two
LEAST_COLUMNS = 5
NOTHING = 0.05  # less attention than that is a dot
# Backgrounds from little attention to all of it; digits say the same without colour.
LOW, HIGH = (36, 52, 84), (255, 200, 60)


def print_explanation(found: Explanation) -> None:
    """Print all of it, as wide as the terminal; in a pipe, as wide as it is."""
    console = Console(
        file=sys.stdout, width=None if sys.stdout.isatty() else UNBOUNDED, highlight=False
    )
    with console.capture() as capture:
        for each in _blocks(found, console.width):
            console.print(each, soft_wrap=False)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))


def _blocks(found: Explanation, width: int) -> Iterator[RenderableType]:
    yield _texts(found)
    for number, part in enumerate(found.parts, 1):
        name = f" of part {number}" if len(found.parts) > 1 else ""
        if any(token.attention for token in part.target):
            yield _title(f"Attention{name}, in tenths")
            yield _legend(part)
            yield from _heatmaps(part, width)
        yield _title(f"Tokens{name}")
        yield _tokens(part)
    if found.parts and not any(t.attention for part in found.parts for t in part.target):
        yield Text("\nThe engine of this model gives no attention.")
    if len(found.hypotheses) > 1:
        yield _title("Hypotheses")
        yield _hypotheses(found)


def _title(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _texts(found: Explanation) -> Table:
    table = _table("", "")
    table.add_row(Text("source", style="dim"), Text(printable(found.source)))
    table.add_row(Text("target", style="dim"), Text(printable(found.target), style="bold"))
    if found.hypotheses:
        best = found.hypotheses[0]
        cut = ", cut off at the maximum length" if best.truncated else ""
        score = f"{best.score:.4f}, the mean log-probability of {best.tokens} tokens{cut}"
    else:
        score = "none: there is nothing to translate"
    table.add_row(Text("score", style="dim"), score)
    table.add_row(Text("model", style="dim"), Text(printable_line(found.model)))
    return table


def _table(*columns: str, right: Sequence[str] = ()) -> Table:
    table = Table(box=None, pad_edge=False, show_header=any(columns), header_style="dim")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def _legend(part: ExplainedPart) -> Text:
    """The source tokens with their numbers."""
    text = Text()
    for number, token in enumerate(part.source, 1):
        text.append(f"{number}:", style="dim")
        text.append(f"{printable_line(token)}  ")
    return text


def _heatmaps(part: ExplainedPart, width: int) -> Iterator[Table]:
    """Tables with as many source tokens side by side as there is room for."""
    names = [printable_line(token.token) for token in part.target]
    room = width - max(Text(name).cell_len for name in names) - GAP
    most = max(LEAST_COLUMNS, room // (CELL + GAP))
    numbers = iter(range(len(part.source)))
    while columns := list(islice(numbers, most)):
        table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim")
        table.add_column("")
        for column in columns:
            table.add_column(str(column + 1), justify="right", width=CELL, no_wrap=True)
        is_whole = len(columns) == len(part.source)
        for name, token in zip(names, part.target, strict=True):
            weights = [token.attention[column] for column in columns if token.attention]
            # Of several tables, each has the rows that it says something of.
            if weights and (is_whole or max(weights) >= NOTHING):
                table.add_row(Text(name), *map(_cell, weights))
        yield table


def _cell(weight: float) -> Text:
    if weight < NOTHING:
        return Text("·", style="dim")
    mixed = [round(low + (high - low) * weight) for low, high in zip(LOW, HIGH, strict=True)]
    ink = "black" if weight > 0.5 else "white"
    style = Style(color=ink, bgcolor=f"rgb({mixed[0]},{mixed[1]},{mixed[2]})")
    tenths = min(10, math.floor(weight * 10 + 0.5))
    return Text(f"{tenths:>{CELL}}", style=style)


def _tokens(part: ExplainedPart) -> Table:
    table = _table("TOKEN", "PROBABILITY", "RANK", "MOST LIKELY", right=("PROBABILITY", "RANK"))
    for token in part.target:
        table.add_row(
            Text(printable_line(token.token), style="bold"),
            _percent(token.log_prob),
            str(token.rank),
            _alternatives(token),
        )
    return table


def _alternatives(token: ExplainedToken) -> Text:
    text = Text()
    for name, value in token.alternatives:
        is_chosen = name == token.token
        text.append(printable_line(name), style="bold" if is_chosen else "")
        text.append(f" {_percent(value)}  ", style="dim")
    return text


def _percent(log_prob: float) -> str:
    percent = 100 * math.exp(log_prob)
    return f"{percent:.1f}%" if percent >= 0.1 else "<0.1%"


def _hypotheses(found: Explanation) -> Table:
    table = _table("", "SCORE", "TOKENS", "TEXT", right=("", "SCORE", "TOKENS"))
    for number, each in enumerate(found.hypotheses, 1):
        table.add_row(
            str(number), f"{each.score:.4f}", str(each.tokens), Text(printable_line(each.text))
        )
    return table
