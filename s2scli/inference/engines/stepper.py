"""The contract between our own search and whatever computes a model's next tokens.

A stepper encodes a batch of sources, and then gives, step by step, the logits of every row's next
token. Rows are what is decoded side by side: ``beams`` of each source, those of a source together
(row ``source * beams + beam``). The search says for each row which row of the step before it goes
on from (its parent), so that caches are put into that order; all else of a search is none of the
stepper's business.

A stepper keeps no state of its own beside the weights: several threads decode batches with it at
the same time, each with the state that ``start`` gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "Ids", "Source", "Stepper", "VocabularyStepper", "kept_sources"]

Floats: TypeAlias = npt.NDArray[np.float32]
Ids: TypeAlias = npt.NDArray[np.int64]
# The tokens of a text; or the pixels of an image (float32, channels × height × width), which a
# stepper with an encoder of images takes.
Source: TypeAlias = Sequence[str] | Floats


class Stepper(Protocol):
    """A model, one step at a time.

    Attributes:
        tokens: the target tokens by id, V of them.
        start_token: the id that the first step is given where no other start is asked for. One
            below 0 is no token: the stepper alone knows what it means (such as a vector of zeros).
        unknown: the id of the token that stands for all others.
        attends: whether there is attention to the source, so that ``attention`` gives it.
    """

    tokens: Sequence[str]
    start_token: int
    unknown: int
    attends: bool

    def start(self, sources: Sequence[Source], beams: int) -> Any:
        """Encode a batch; what ``step`` needs to go on.

        Args:
            sources: none of them empty.
            beams: rows of each source.

        Raises:
            UsageError, BadInputError: the model cannot take a source.
        """

    def step(self, state: Any, tokens: Ids, parents: Ids) -> Floats:
        """The logits, or log-probabilities, of every row's next token.

        Args:
            state: what ``start`` gave; changed in place.
            tokens: the last token of each row, one number a row; on the first step
                ``start_token``, or the start that the caller asks for. Ids of V and above are
                such as this state has given out (see ``token``).
            parents: for each row the row of the step before that it goes on from (on the first
                step, the rows as ``start`` has made them). Rows of sources that are finished are
                left out: then there are fewer rows than before, but always ``beams`` of each
                source, in the order of the sources (see ``kept_sources``).

        Returns:
            One row of V numbers for each, or of more: those beyond V are tokens of this batch's
            own, such as words of the source that are copied. The caller may change it.
        """

    def attention(self, state: Any) -> Floats:
        """How much each row looked at each token of its source in the last step.

        Returns:
            One row for each, as wide as the longest source; 0 beyond the end of a shorter one.
        """

    def token(self, state: Any, row: int, number: int) -> str:
        """The token of an id of V or above in a row (as of the last step)."""

    def number(self, state: Any, row: int, token: str) -> int:
        """The id of a token that is not among ``tokens``: that of the unknown token, or one of V
        or above if it is a token of this row's own."""


class VocabularyStepper:
    """What a stepper has by default: a vocabulary that is the same for all, no attention.

    Args:
        tokens: the target tokens by id.
        unknown: the id of the token for all others.
        start_token: the id that the first step is given.
    """

    attends = False

    def __init__(self, tokens: Sequence[str], unknown: int, start_token: int) -> None:
        self.tokens = tokens
        self.unknown = unknown
        self.start_token = start_token

    def attention(self, state: Any) -> Floats:
        """Nothing: there is none."""
        raise NotImplementedError

    def token(self, _state: Any, _row: int, number: int) -> str:
        """The token of an id; there are no others than the vocabulary's."""
        return self.tokens[number]

    def number(self, _state: Any, _row: int, _token: str) -> int:
        """The unknown token's id."""
        return self.unknown


def kept_sources(parents: Ids, beams: int, before: int) -> Ids | None:
    """Which sources are still decoded.

    Args:
        parents: as ``step`` gets them.
        beams: rows of each source.
        before: how many sources there were in the step before.

    Returns:
        Their numbers among those of the step before, ascending; None if they are all there.
    """
    if len(parents) == before * beams:
        return None
    kept: Ids = parents[::beams] // beams
    return kept
