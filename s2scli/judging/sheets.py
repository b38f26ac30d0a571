"""What an annotator sees, and nothing else of the design: the tasks in their order, as texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from s2scli.judging.design import Design, JudgingTask, text_shown

__all__ = ["SheetTask", "longer_than", "sheet_tasks"]


class SheetTask(NamedTuple):
    """A task as it is shown.

    Attributes:
        id: the task's id.
        document: the number of its document in the sheet, from 1; 0 if it is in none.
        source: the source text.
        texts: the text that is judged, or the two that are compared.
    """

    id: str
    document: int
    source: str
    texts: tuple[str, ...]


def sheet_tasks(design: Design, annotator: str) -> Iterator[SheetTask]:
    """The tasks of an annotator; a document that comes again has another number.

    Args:
        design: the design.
        annotator: one of its annotators.
    """
    segments = design.segments_by_id()
    before: object = None
    number = 0
    for task in design.sheet(annotator):
        segment = segments[task.segment]
        now = None if segment.document is None else (segment.document, *_seen(task))
        number += now is not None and now != before
        before = now
        texts = tuple(text_shown(segment, shown) for shown in task.shown)
        yield SheetTask(task.id, number if now else 0, segment.source, texts)


def longer_than(design: Design, characters: int) -> int:
    """How many of the sources and outputs are longer."""
    texts = (text for each in design.segments for text in (each.source, *each.outputs.values()))
    return sum(len(text) > characters for text in texts)


def _seen(task: JudgingTask) -> tuple[object, ...]:
    """What all tasks of a document have in common while it is seen once."""
    return task.control, *((shown.system, shown.damaged is None) for shown in task.shown)
