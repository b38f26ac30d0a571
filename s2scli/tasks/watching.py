"""The guard of summaries: what a model reads of a document is compared with what it makes of it.

A summary of a long document is made of others. Each is checked, and repaired, against what the
model read for it, so that what is made up is found where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from s2scli.data import Decoding, Hypothesis, Piece, Result, Segment, Span
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.model import Model
from s2scli.tasks.guard import GuardStep
from s2scli.tasks.guarding import Guarding
from s2scli.tasks.translate import Redecoder

if TYPE_CHECKING:
    from s2scli.text.sentences import Splitter

__all__ = ["Watch"]


class Watch:
    """Looks at summaries as they come, and has those repaired that seem wrong.

    Args:
        guarding: what is to be done.
        model: what summarizes.
        decoding: how.
        options: memory and time.
    """

    def __init__(
        self, guarding: Guarding, model: Model, decoding: Decoding, options: FlowOptions
    ) -> None:
        self._step = GuardStep(guarding, model, summary=True)
        self._model = model
        self._decoding = decoding
        self._options = options

    def seen(self, piece: Piece, summary: Hypothesis) -> Result:
        """The summary of a piece with a note of what is wrong with it, or another one."""
        result = Result(piece.segment, (summary,))
        taken = self._step.take(result)
        if taken is None:
            how = piece.decoding or self._decoding
            again = _Again(self._model, how, self._options, lambda: self._exact)
            (taken,) = self._step.settle([result], again)
        return taken

    @cached_property
    def _exact(self) -> Model | None:
        """The model in float32, loaded once for all summaries that need it."""
        return self._model.in_float32()


class _Again(Redecoder):
    """Summarizes texts again that fit the model."""

    @property
    def split(self) -> Splitter:
        """A text is one piece: its sentences are not summarized one by one."""
        return _whole

    def _runs(
        self, block: list[Segment], decoding: Decoding, *, by_sentence: bool
    ) -> Iterator[list[Result]]:
        """The results of segments; each is one piece."""
        model = self._model
        rows = model.encode([segment.text for segment in block])
        tokens = zip(block, rows, strict=True)
        pieces = [Piece(segment, 0, model.source(row)) for segment, row in tokens]
        for run in stream(iter([pieces]), model, decoding, self._options):
            yield [Result(piece.segment, tuple(several)) for piece, several in run]


def _whole(text: str, start: int, end: int) -> Iterator[Span]:
    yield start, end
