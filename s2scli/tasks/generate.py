"""Text to text on any prompt: records in, results out, one for each and in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from s2scli.data import Decoding, Monitor, Piece, Result, Segment
from s2scli.errors import BadInputError
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.model import Model
from s2scli.tasks.prefixes import asked

__all__ = ["Record", "generate"]


@dataclass(frozen=True, slots=True)
class Record:
    """The values of the slots of a prompt.

    Attributes:
        segment: the line that it stands on.
        values: by slot, the text. A record whose texts are all blank has nothing to decode.
        notes: what its result says besides.
    """

    segment: Segment
    values: Mapping[str, str]
    notes: Mapping[str, Any] = field(default_factory=dict, hash=False)


def generate(
    blocks: Iterable[list[Record]],
    model: Model,
    decoding: Decoding,
    options: FlowOptions,
    monitor: Monitor | None = None,
) -> Iterator[list[Result]]:
    """Decode a prompt filled with each record.

    Args:
        blocks: lists of records, as they become available.
        model: a model whose job has the prompt.
        decoding: how, as ``Model.decoding`` returns it.
        options: memory and time.
        monitor: told how far the run has come.

    Yields:
        Lists of results in the order of the records.

    Raises:
        BadInputError: a record lacks a slot's value, or is longer than the model can take; all
            results before it have been yielded.
    """
    notes: dict[int, Mapping[str, Any]] = {}  # of records that are open, by their numbers
    pieces = asked(_pieces(blocks, model, notes), model, decoding)
    for run in stream(pieces, model, decoding, options, monitor):
        results = [
            Result(
                piece.segment if piece.tokens else _blank(piece.segment),
                hypotheses,
                notes.pop(piece.segment.index),
            )
            for piece, hypotheses in run
        ]
        if monitor:
            monitor.finished(results)
        yield results


def _blank(segment: Segment) -> Segment:
    return Segment(segment.index, "", segment.ending)


def _pieces(
    blocks: Iterable[list[Record]], model: Model, notes: dict[int, Mapping[str, Any]]
) -> Iterator[list[Piece]]:
    for block in blocks:
        ready: list[Piece] = []
        try:
            for record in block:
                notes[record.segment.index] = record.notes
                ready.append(_piece(record, model))
        except BadInputError:
            yield ready
            raise
        yield ready


def _piece(record: Record, model: Model) -> Piece:
    segment = record.segment
    slots = model.frame.prompt.slots
    for slot in slots:
        if slot not in record.values:
            known = ", ".join(f"{{{name}}}" for name in record.values)
            raise BadInputError(
                f"Line {segment.index + 1} has nothing for the slot {{{slot}}} of the prompt",
                f"It has: {known or 'nothing'}.",
            )
    if not any(record.values[slot].strip() for slot in slots):
        return Piece(segment, 0, [])
    tokens = model.encode_fields([record.values])[0]
    if len(tokens) > model.budget:
        raise BadInputError(
            f"Line {segment.index + 1} has {len(tokens)} tokens with the prompt; the model takes "
            f"{model.budget}",
            "Shorten it: nothing is cut here, because a truncated prompt changes the task.",
        )
    return Piece(segment, 0, model.source(tokens))
