"""Systems in one table, a row for each, with marks: for a terminal, Markdown or LaTeX."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from s2scli.cli.typeset import TYPESETTERS, TableCell
from s2scli.tasks.comparison import SIGNIFICANT, ComparedSystem, PairedTests
from s2scli.tasks.results import Recorded
from s2scli.tasks.score import Score, Scorer, Statistics

__all__ = ["Marks", "marks_of", "system_table"]


class Marks(NamedTuple):
    """Marks of systems.

    Attributes:
        by_metric: for each metric the mark of each system.
        note: what they mean.
    """

    by_metric: Mapping[str, Sequence[str]]
    note: str


def marks_of(
    kind: str | None,
    systems: Sequence[ComparedSystem],
    statistics: Sequence[Statistics],
    scorer: Scorer,
    tests: PairedTests,
) -> Marks | None:
    """The marks that are asked for.

    Args:
        kind: ``dagger``, ``letters`` or none.
        systems: the first is the one that others are compared with.
        statistics: of each.
        scorer: the metrics.
        tests: how differences are tested.
    """
    units = "documents" if scorer.documents else "segments"
    how = f"approximate randomization of {units}, {tests.trials:,} trials"
    if kind == "dagger":
        daggers = [system.daggers for system in systems]
        return Marks(
            {name: [found.get(name, "") for found in daggers] for name in scorer.metrics},
            f"† differs from {systems[0].name} (p < {SIGNIFICANT:g}, {how})",
        )
    if kind == "letters":
        return Marks(
            tests.letters(scorer, statistics),
            f"systems that share a letter do not differ (p ≥ {SIGNIFICANT:g} in each pair, {how})",
        )
    return None


def system_table(
    systems: Sequence[ComparedSystem],
    marks: Marks | None,
    recorded: Recorded | None,
    kind: str | None,
) -> str:
    """A row for each system and a column for each metric, the best in bold; with notes below.

    Args:
        systems: at least one.
        marks: of the systems, if there are any.
        recorded: an earlier run, which comes first.
        kind: a key of ``typeset.TYPESETTERS``; all else is text.
    """
    columns = ["system", *(_heading(score) for score in systems[0].scores)]
    rows = [[TableCell(system.name), *_cells(system, systems, marks)] for system in systems]
    if recorded:
        earlier = (score.shown(recorded.scores[score.metric].value) for score in systems[0].scores)
        rows.insert(0, [TableCell(recorded.name), *map(TableCell, earlier)])
    notes = [f"{score.metric}: {score.signature}" for score in systems[0].scores]
    notes += [marks.note] if marks else []
    if kind in TYPESETTERS and kind:
        return TYPESETTERS[kind](columns, rows, columns[1:], notes)
    return _text(columns, rows, notes)


def _text(columns: Sequence[str], rows: Sequence[Sequence[TableCell]], notes: Sequence[str]) -> str:
    from s2scli.cli.printable import printable_line
    from s2scli.cli.tables import drawn

    # Marks in a column of their own, so that numbers stand below each other.
    marked = any(cell.mark for row in rows for cell in row)
    headings = [part for name in columns[1:] for part in ((name, " ") if marked else (name,))]
    cells = [
        [row[0].text]
        + [
            part
            for cell in row[1:]
            for part in ((cell.text, cell.mark) if marked else (cell.text,))
        ]
        for row in rows
    ]
    upper = [columns[0].upper(), *(heading.upper() for heading in headings)]
    table = drawn(upper, cells, sys.stdout, right=[name for name in upper[1:] if name.strip()])
    return table + "\n" + "".join(f"{printable_line(note)}\n" for note in notes)


def _heading(score: Score) -> str:
    if not score.ranks:
        return score.metric
    return f"{score.metric} {'↓' if score.lower_is_better else '↑'}"


def _cells(
    system: ComparedSystem, systems: Sequence[ComparedSystem], marks: Marks | None
) -> list[TableCell]:
    number = next(index for index, other in enumerate(systems) if other is system)
    found = []
    for place, score in enumerate(system.scores):
        best = min if score.lower_is_better else max
        values = [other.scores[place].value for other in systems]
        is_best = score.ranks and len(systems) > 1 and score.value == best(values)
        within = f" ± {score.shown(score.interval.half_width)}" if score.interval else ""
        mark = marks.by_metric[score.metric][number] if marks else ""
        found.append(TableCell(score.shown() + within, is_best, mark))
    return found
