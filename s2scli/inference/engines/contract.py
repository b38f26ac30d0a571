"""The contract of all engines: batches of source tokens in, hypotheses of target tokens out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from s2scli.data import Decoding

__all__ = ["Engine", "PendingTokens", "TokenHypothesis"]


@dataclass(frozen=True, slots=True)
class TokenHypothesis:
    """A hypothesis before it is text.

    Attributes:
        tokens: target tokens without the end token.
        score: mean log-probability of a token, the end token counted.
        length: number of target tokens, the end token counted.
        truncated: whether the end token is missing.
        attention: for each of its tokens, how much the model looked at each token of the source as
            it wrote it; None if that was not asked.
    """

    tokens: list[str]
    score: float
    length: int
    truncated: bool
    attention: list[list[float]] | None = None


class PendingTokens(Protocol):
    """A batch that is being decoded."""

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch: for each source its hypotheses, best first.

        Raises:
            S2SError: the engine failed.
        """


class Engine(Protocol):
    """A loaded model: on this machine, or on the nodes of a cluster.

    A factory (see ``s2scli.inference.engines.ENGINES``) makes it of a model directory, and raises
    ``InvalidModelError`` if it cannot read the model, ``UnavailableError`` if the device cannot
    compute in the type that is asked for, or if a package is not installed.
    """

    @property
    def workers(self) -> int:
        """How many batches are decoded at the same time."""

    @property
    def compute_type(self) -> str:
        """The type that the engine computes in."""

    def submit(
        self,
        sources: Sequence[Any],
        decoding: Decoding,
        target_prefix: Sequence[str] = (),
        start_given: bool = False,
    ) -> PendingTokens:
        """Begin to decode one batch.

        Args:
            sources: for each source its tokens (``list[str]``); to a model that looks at images,
                each is one image's pixels (float32, as its image processor gives them).
            decoding: how.
            target_prefix: what every target begins with; left out of the hypotheses.
            start_given: whether its first token takes the place of the model's start token.
        """

    def score(
        self,
        sources: Sequence[Any],
        targets: Sequence[list[str]],
        target_prefix: Sequence[str] = (),
        start_given: bool = False,
        batch_tokens: int = 1024,
    ) -> list[list[float]]:
        """Natural-log-probabilities of given target tokens, the end token last.

        Args:
            sources: as for ``submit``.
            targets: for each its target's tokens, without prefix and end.
            target_prefix: as for ``submit``; its own probabilities are left out.
            start_given: as for ``submit``.
            batch_tokens: most tokens in a batch.
        """

    def close(self) -> None:
        """Free the model's memory; nothing can be decoded any more."""
