"""The guard of summaries: what a model reads of a document is compared with what it makes of it.

A summary of a long document is made of others. Each is checked, and repaired, against what the
model read for it, so that what is made up is found where it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from s2scli.data import Decoding, Hypothesis, Piece, Result, Segment, Span
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.model import Model
from s2scli.tasks.guard import GuardStep
from s2scli.tasks.guarding import Guarding

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


class _Again:
    """Summarizes texts again that fit the model (see ``s2scli.tasks.steps.Again``)."""

    def __init__(
        self,
        model: Model,
        decoding: Decoding,
        options: FlowOptions,
        exact: Callable[[], Model | None],
    ) -> None:
        self._model = model
        self.decoding = decoding
        self._options = options
        self._exact = exact

    @property
    def split(self) -> Splitter:
        """A text is one piece: its sentences are not summarized one by one."""
        return _whole

    @property
    def in_float32(self) -> _Again | None:
        """The same with the model's arithmetic in float32; loaded when it is first asked for."""
        model = self._exact()
        return _Again(model, self.decoding, self._options, model.in_float32) if model else None

    def __call__(
        self,
        texts: Sequence[str],
        *,
        aligned: bool = False,
        decoding: Decoding | None = None,
        by_sentence: bool = False,
    ) -> list[Result]:
        """Summarize texts, each as a segment of its own."""
        model = self._model
        tokens = model.encode(list(texts))
        pieces = [
            Piece(Segment(number, text), 0, model.source(row))
            for number, (text, row) in enumerate(zip(texts, tokens, strict=True))
        ]
        runs = stream(iter([pieces]), model, decoding or self.decoding, self._options)
        found = [Result(piece.segment, tuple(several)) for run in runs for piece, several in run]
        return sorted(found, key=lambda result: result.segment.index)


def _whole(text: str, start: int, end: int) -> Iterator[Span]:
    yield start, end
