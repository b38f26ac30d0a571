"""The design of an evaluation: which annotator judges which output of which system.

It is the blind key. It is kept as ``design.json`` in the evaluation's folder, and must not be given
to annotators.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from s2scli.disk.atomic import write_whole
from s2scli.errors import BadInputError, MissingInputError
from s2scli.judging.fields import JsonFields
from s2scli.judging.kinds import KINDS, RELATIVE, Criterion
from s2scli.text.reading import json_object, read_text

__all__ = [
    "CONTROLS",
    "DAMAGED",
    "DESIGN_FILE",
    "REFERENCE",
    "REPEAT",
    "Design",
    "JudgedSegment",
    "JudgingTask",
    "Shown",
    "read_design",
    "text_shown",
    "write_design",
]

DESIGN_FILE = "design.json"
SCHEMA = 1
REFERENCE, DAMAGED, REPEAT = "reference", "damaged", "repeat"
# Tasks that tell how well an annotator judges.
CONTROLS = (REFERENCE, DAMAGED, REPEAT)


class JudgedSegment(NamedTuple):
    """A segment that is judged.

    Attributes:
        id: its number in the files, from 1, as text.
        source: the source text.
        reference: the reference, if there is one.
        outputs: the output of each system.
        document: the document that it belongs to, if documents are known.
    """

    id: str
    source: str
    reference: str | None
    outputs: Mapping[str, str]
    document: str | None = None


class Shown(NamedTuple):
    """A text that an annotator sees.

    Attributes:
        system: whose output it is; None if it is the reference.
        damaged: the text that is seen instead, if it is a damaged copy of that output.
    """

    system: str | None
    damaged: str | None = None


class JudgingTask(NamedTuple):
    """One question for one annotator.

    Attributes:
        id: says nothing about what is shown; unique in the design.
        annotator: who is asked.
        segment: the segment's id.
        shown: the text that is judged; of kind ``relative`` two, left and right.
        control: why it is asked, if not for the systems' sake: one of ``CONTROLS``, else empty.
        of: the id of the same annotator's task that this one repeats, or whose text it shows
            damaged; else empty. A repeated comparison has its sides exchanged. A damaged one shows
            an output of the task ``of`` beside a damaged copy of it.
    """

    id: str
    annotator: str
    segment: str
    shown: tuple[Shown, ...]
    control: str = ""
    of: str = ""


class Design(NamedTuple):
    """What is asked of whom.

    Attributes:
        id: unlike that of any other design.
        kind: a key of ``KINDS``.
        criteria: what is rated; none for the kinds ``relative`` and ``mqm``.
        seed: what all that is random came from.
        systems: names of the systems.
        annotators: names of the annotators.
        segments: what is judged.
        tasks: all questions, in the order in which each annotator sees theirs.
    """

    id: str
    kind: str
    criteria: tuple[Criterion, ...]
    seed: int
    systems: tuple[str, ...]
    annotators: tuple[str, ...]
    segments: tuple[JudgedSegment, ...]
    tasks: tuple[JudgingTask, ...]

    def segments_by_id(self) -> dict[str, JudgedSegment]:
        """The segments by their ids."""
        return {segment.id: segment for segment in self.segments}

    def tasks_by_id(self) -> dict[str, JudgingTask]:
        """The tasks by their ids."""
        return {task.id: task for task in self.tasks}

    def sheet(self, annotator: str) -> list[JudgingTask]:
        """The tasks of an annotator, in their order."""
        return [task for task in self.tasks if task.annotator == annotator]


def text_shown(segment: JudgedSegment, shown: Shown) -> str:
    """The text that an annotator sees.

    Args:
        segment: the segment of the task.
        shown: one of the task's texts.
    """
    if shown.damaged is not None:
        return shown.damaged
    return (segment.reference or "") if shown.system is None else segment.outputs[shown.system]


def write_design(folder: Path, design: Design) -> None:
    """Write the blind key of an evaluation.

    Args:
        folder: the folder of the evaluation.
        design: the design.

    Raises:
        CannotCreateError: the file cannot be created.
        InputOutputError: it cannot be written.
    """
    content = {
        "schema": SCHEMA,
        **design._asdict(),
        "criteria": [criterion._asdict() for criterion in design.criteria],
        "segments": [segment._asdict() for segment in design.segments],
        "tasks": [_task_content(task) for task in design.tasks],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    write_whole(folder / DESIGN_FILE, f"{text}\n".encode())


def _task_content(task: JudgingTask) -> dict[str, object]:
    return {**task._asdict(), "shown": [shown._asdict() for shown in task.shown]}


def read_design(folder: Path) -> Design:
    """The design in the folder of an evaluation.

    Raises:
        BadInputError: it cannot be understood.
        MissingInputError: there is none.
    """
    path = folder / DESIGN_FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MissingInputError(
            f"Cannot read {path}: {error.strerror}", "Name the folder that 's2s judge make' wrote."
        ) from error
    fields = JsonFields(json_object(read_text(str(path), data), str(path)), str(path))
    if fields.whole("schema") != SCHEMA:
        raise BadInputError(
            f"{path} has schema {fields.whole('schema')}, and this version reads {SCHEMA}",
            "Read it with the version that wrote it.",
        )
    design = Design(
        fields.text("id"),
        fields.text("kind"),
        tuple(
            Criterion(each.text("name"), each.whole("least"), each.whole("most"))
            for each in fields.objects("criteria")
        ),
        fields.whole("seed"),
        fields.texts("systems"),
        fields.texts("annotators"),
        tuple(_segment(each) for each in fields.objects("segments")),
        tuple(_task(each) for each in fields.objects("tasks")),
    )
    if problem := _problem(design):
        raise BadInputError(f"{path}: {problem}", "Restore the file that 's2s judge make' wrote.")
    return design


def _segment(fields: JsonFields) -> JudgedSegment:
    outputs = fields.fields("outputs")
    return JudgedSegment(
        fields.text("id"),
        fields.text("source"),
        fields.optional_text("reference"),
        {system: outputs.text(system) for system in outputs},
        fields.optional_text("document"),
    )


def _task(fields: JsonFields) -> JudgingTask:
    shown = tuple(
        Shown(each.optional_text("system"), each.optional_text("damaged"))
        for each in fields.objects("shown")
    )
    return JudgingTask(
        fields.text("id"),
        fields.text("annotator"),
        fields.text("segment"),
        shown,
        fields.text("control"),
        fields.text("of"),
    )


def _problem(design: Design) -> str:
    """What does not fit together; empty if all does."""
    segments, tasks = design.segments_by_id(), design.tasks_by_id()
    if design.kind not in KINDS:
        return f"there is no kind {design.kind!r}"
    if len(segments) < len(design.segments) or len(tasks) < len(design.tasks):
        return "an id stands in it twice"
    for segment in design.segments:
        if set(segment.outputs) != set(design.systems):
            return f"segment {segment.id!r} has not one output of each system"
    for task in design.tasks:
        known = {*design.systems, None}
        fits = (
            task.annotator in design.annotators
            and task.segment in segments
            and len(task.shown) == (2 if design.kind == RELATIVE else 1)
            and all(shown.system in known for shown in task.shown)
            and task.control in ("", *CONTROLS)
            and (not task.of or task.of in tasks)
        )
        if not fits:
            return f"task {task.id!r} names what is not there"
    return ""
