"""A model whose vocabulary is that of a batch's candidates, by a lexical shortlist.

What is scored is the candidates of all sources of the batch together, for one product is quicker
than many; those of other sources are then ruled out, so that an output does not depend on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper, kept_sources
from s2scli.inference.steppers.batch import DecodingBatch
from s2scli.models.lexicon import Lexicon

__all__ = ["CandidateStepper", "HiddenStepper"]


class HiddenStepper(Protocol):
    """The model: a stepper that can stop before the logits.

    Attributes:
        tokens: the target tokens by id.
        unknown: the id of the unknown token.
        start_token: the id for the first step, below 0: it is no token.
    """

    tokens: Sequence[str]
    unknown: int
    start_token: int

    def ids(self, sources: Sequence[Source]) -> list[list[int]]:
        """The ids of the tokens of each source."""

    def start(self, sources: Sequence[Source], beams: int) -> Any:
        """Encode a batch."""

    def hidden(self, state: Any, tokens: Ids, parents: Ids) -> Floats:
        """What the logits of a step are projected from, rows × width."""


@dataclass(slots=True)
class _Batch:
    """A batch that is being decoded.

    Attributes:
        inner: the model's own.
        beams: number of rows per source.
        ruled_out: sources × candidates; minus infinity for those of other sources, else 0.
    """

    inner: DecodingBatch
    beams: int
    ruled_out: Floats


class CandidateStepper(VocabularyStepper):
    """An ``AttendingStepper``; see ``s2scli.inference.engines.stepper``.

    Args:
        model: the model.
        lexicon: its lexical shortlist.
        table: its output matrix, one row per token.
        bias: that of its logits, if they have one.
        sources: all that will be decoded.
    """

    def __init__(
        self,
        model: HiddenStepper,
        lexicon: Lexicon,
        table: Floats,
        bias: Floats | None,
        sources: Sequence[Source],
    ) -> None:
        self._model, self._lexicon = model, lexicon
        self._candidates = np.unique(np.concatenate([self._own(row) for row in model.ids(sources)]))
        unknown = np.flatnonzero(self._candidates == model.unknown)
        super().__init__(
            [model.tokens[number] for number in self._candidates.tolist()],
            int(unknown[0]) if len(unknown) else -1,
            model.start_token,
        )
        self._columns = table.T[:, self._candidates]
        self._bias = None if bias is None else bias[self._candidates]

    def start(self, sources: Sequence[Source], beams: int) -> _Batch:
        """Encode a batch."""
        ruled_out = np.full((len(sources), len(self.tokens)), -np.inf, np.float32)
        for row, ids in zip(ruled_out, self._model.ids(sources), strict=True):
            row[np.searchsorted(self._candidates, self._own(ids))] = 0
        return _Batch(self._model.start(sources, beams), beams, ruled_out)

    def step(self, state: _Batch, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token."""
        kept = kept_sources(parents, state.beams, len(state.ruled_out))
        if kept is not None:
            state.ruled_out = state.ruled_out[kept]
        ids = np.where(tokens < 0, tokens, self._candidates[tokens])
        logits: Floats = self._model.hidden(state.inner, ids, parents) @ self._columns
        if self._bias is not None:
            logits += self._bias
        by_source = logits.reshape(len(state.ruled_out), state.beams, -1)
        by_source += state.ruled_out[:, None]
        return logits

    def attention(self, state: _Batch) -> Floats:
        """The attention weights of the last step, rows × source positions."""
        return state.inner.looked

    def _own(self, ids: Sequence[int]) -> Ids:
        return self._lexicon.candidates(ids)
