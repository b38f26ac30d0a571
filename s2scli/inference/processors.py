"""Changes of the scores of next tokens, equal to the logits processors of transformers 4.57.

In greedy search they change logits, in beam search log-probabilities, as there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from s2scli.inference.engines.stepper import Floats, Ids

__all__ = ["Processors"]


@dataclass(frozen=True, slots=True)
class Processors:
    """Changes of the scores, as set by the options of a search.

    Attributes:
        min_length: minimum tokens of a target.
        repetition_penalty: penalty of tokens that occur already; 1 is off (Keskar et al. 2019,
            https://arxiv.org/abs/1909.05858).
        no_repeat_ngram: size of the n-grams that never repeat; 0 is off.
        suppress: token sequences that are never generated.
        ends: the tokens that end a target.
    """

    min_length: int
    repetition_penalty: float
    no_repeat_ngram: int
    suppress: Sequence[tuple[int, ...]]
    ends: Sequence[int]

    def apply(self, history: Ids, length: int, scores: Floats) -> None:
        """Change scores in place.

        Args:
            history: rows × tokens so far, including the start if that is a token.
            length: number of these that count as the target's.
            scores: rows × vocabulary.
        """
        if self.repetition_penalty != 1.0:
            self._penalize(history, scores)
        if self.no_repeat_ngram and history.shape[1] + 1 >= self.no_repeat_ngram:
            self._forbid_repeated(history, scores)
        for row in self.suppress:
            _forbid(history, row, scores)
        if length < self.min_length:
            scores[:, list(self.ends)] = -np.inf

    def _penalize(self, history: Ids, scores: Floats) -> None:
        penalty = np.float32(self.repetition_penalty)
        seen = np.take_along_axis(scores, history, 1)
        np.put_along_axis(scores, history, np.where(seen < 0, seen * penalty, seen / penalty), 1)

    def _forbid_repeated(self, history: Ids, scores: Floats) -> None:
        size = self.no_repeat_ngram
        if history.shape[1] < size:
            return
        grams = np.lib.stride_tricks.sliding_window_view(history, size, axis=1)
        tail = history[:, history.shape[1] - size + 1 :]
        rows, places = np.nonzero((grams[:, :, :-1] == tail[:, None]).all(-1))
        scores[rows, grams[rows, places, -1]] = -np.inf


def _forbid(history: Ids, sequence: tuple[int, ...], scores: Floats) -> None:
    """Forbid the last token of a sequence in rows that end with all the others."""
    *before, last = sequence
    if len(before) > history.shape[1]:
        return
    if not before:
        scores[:, last] = -np.inf
        return
    scores[(history[:, -len(before) :] == before).all(1), last] = -np.inf
