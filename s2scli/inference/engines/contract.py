"""The contract of all engines: batches of source tokens in, hypotheses of target tokens out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from s2scli.data import Decoding

__all__ = ["Engine", "PendingTokens", "TokenHypothesis"]


class TokenHypothesis(NamedTuple):
    """A hypothesis before it is text.

    Attributes:
        tokens: target tokens without the end token.
        score: mean natural log-probability per token, the end token included.
        length: number of target tokens, the end token included.
        truncated: whether the end token is missing.
        attention: target tokens × source tokens, the attention weights; None if not asked for.
    """

    tokens: list[str]
    score: float
    length: int
    truncated: bool
    attention: list[list[float]] | None = None


class PendingTokens(Protocol):
    """A batch that is being decoded."""

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch; the hypotheses of each source, best first.

        Raises:
            S2SError: the engine failed.
        """


class Engine(Protocol):
    """A loaded model: on this machine, or on the nodes of a cluster.

    A factory (see ``s2scli.inference.engines.ENGINES``) opens a model directory. It raises
    ``InvalidModelError`` if it cannot read the model, and ``UnavailableError`` if the device does
    not support the compute type or a package is not installed.
    """

    @property
    def workers(self) -> int:
        """The number of batches decoded at the same time."""

    @property
    def compute_type(self) -> str:
        """The compute type in use, such as ``int8``."""

    def submit(
        self,
        sources: Sequence[Any],
        decoding: Decoding,
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
    ) -> PendingTokens:
        """Submit a batch for decoding.

        Args:
            sources: the tokens of each source (``list[str]``); for a model that reads images, the
                pixels of each (float32, from its image processor).
            decoding: the decoding options.
            target_prefix: tokens that every target begins with; left out of the hypotheses.
            start_given: how many of these, the first ones, stand instead of the model's start
                token; they do not count in lengths.
        """

    def score(
        self,
        sources: Sequence[Any],
        targets: Sequence[list[str]],
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
        batch_tokens: int = 1024,
    ) -> list[list[float]]:
        """Natural log-probabilities of given target tokens, the end token last.

        Args:
            sources: as for ``submit``.
            targets: the target tokens of each source, without prefix and end.
            target_prefix: as for ``submit``; its probabilities are left out.
            start_given: as for ``submit``.
            batch_tokens: maximum tokens per batch.
        """

    def close(self) -> None:
        """Free the model's memory. The engine cannot be used afterwards."""
