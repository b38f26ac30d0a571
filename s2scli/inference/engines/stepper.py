"""The contract between our own search and a model that scores next tokens.

A stepper encodes a batch of sources, and then gives, step by step, the logits of every row's next
token. Rows are the hypotheses decoded side by side: ``beams`` per source, those of a source
adjacent (row ``source * beams + beam``). For each row the search names its parent: the row of the
step before that it continues, so that caches are put into that order. A stepper knows nothing else
of the search.

A stepper has no state except its weights: several threads decode batches with it at the same time,
each with the state that ``start`` returned.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

__all__ = [
    "AttendingStepper",
    "Floats",
    "ForcingStepper",
    "Ids",
    "PaddingStepper",
    "RestrictedStepper",
    "Source",
    "Stepper",
    "VocabularyStepper",
    "kept_sources",
]

Floats: TypeAlias = npt.NDArray[np.float32]
Ids: TypeAlias = npt.NDArray[np.int64]
# The tokens of a text, or the pixels of an image (float32, channels × height × width).
Source: TypeAlias = Sequence[str] | Floats


class Stepper(Protocol):
    """A model, one step at a time.

    Attributes:
        tokens: the target tokens by id, V of them.
        start_token: the id for the first step, unless the caller gives another start. An id below 0
            is not a token: its meaning is the stepper's own (such as a vector of zeros).
        unknown: the id of the unknown token; below 0 if there is none.
    """

    tokens: Sequence[str]
    start_token: int
    unknown: int

    def start(self, sources: Sequence[Source], beams: int) -> Any:
        """Encode a batch; return the state that ``step`` takes.

        Args:
            sources: the sources, none of them empty.
            beams: number of rows per source.

        Raises:
            UsageError, BadInputError: the model cannot process a source.
        """

    def step(self, state: Any, tokens: Ids, parents: Ids) -> Floats:
        """The logits, or log-probabilities, of every row's next token.

        Args:
            state: the state from ``start``; changed in place.
            tokens: the id of the last token of each row; on the first step ``start_token``, or
                the start that the caller asks for. Ids of V and above belong to this state
                (see ``token``).
            parents: for each row, the row of the step before that it continues (on the first
                step, the rows that ``start`` made). Rows of finished sources are left out: then
                there are fewer rows than before, but always ``beams`` per source, in the order
                of the sources (see ``kept_sources``).

        Returns:
            Rows × V or more numbers: columns beyond V are tokens of this batch only, such as copied
            words of the source. The caller may change the array.
        """

    def token(self, state: Any, row: int, number: int) -> str:
        """The token of an id of V or above, in a row of the last step."""

    def number(self, state: Any, row: int, token: str) -> int:
        """The id of a token that is not among ``tokens``: that of the unknown token, or one of V
        or above if it is a token of this row's own."""


@runtime_checkable
class AttendingStepper(Stepper, Protocol):
    """A model that tells where it looks."""

    def attention(self, state: Any) -> Floats:
        """The attention weights of the last step.

        Returns:
            Rows × tokens of the longest source; 0 beyond the end of a shorter source.
        """


@runtime_checkable
class ForcingStepper(Stepper, Protocol):
    """A model that takes a given target at once, more quickly than step by step."""

    def forced(self, source: Source, tokens: Sequence[int]) -> Floats:
        """The logits in each place of a target.

        Args:
            source: a source.
            tokens: the ids of the target, the start first; each of the vocabulary.

        Returns:
            Tokens × V: the logits after each of them.
        """


@runtime_checkable
class RestrictedStepper(Stepper, Protocol):
    """A model that can score a part of its vocabulary alone."""

    def restricted(self, sources: Sequence[Source]) -> Stepper:
        """The same model, whose vocabulary is what its lexical shortlist has for some sources.

        It is the model itself if that has no such list.

        Args:
            sources: all that the result will decode.
        """


@runtime_checkable
class PaddingStepper(Stepper, Protocol):
    """A model that fills up the sources of a batch to one shape, which changes last digits."""

    def shape(self, source: Source) -> Hashable:
        """What sources share that need no filling up beside each other."""


class VocabularyStepper:
    """Defaults for steppers: one vocabulary for all sources.

    Args:
        tokens: the target tokens by id.
        unknown: the id of the unknown token.
        start_token: the id for the first step.
    """

    def __init__(self, tokens: Sequence[str], unknown: int, start_token: int) -> None:
        self.tokens = tokens
        self.unknown = unknown
        self.start_token = start_token

    def token(self, _state: Any, _row: int, number: int) -> str:
        """The token of an id of the vocabulary."""
        return self.tokens[number]

    def number(self, _state: Any, _row: int, _token: str) -> int:
        """The unknown token's id."""
        return self.unknown


def kept_sources(parents: Ids, beams: int, before: int) -> Ids | None:
    """The sources that are still decoded.

    Args:
        parents: as in ``step``.
        beams: number of rows per source.
        before: number of sources in the step before.

    Returns:
        Their indices in the step before, ascending; None if no source has finished.
    """
    if len(parents) == before * beams:
        return None
    kept: Ids = parents[::beams] // beams
    return kept
