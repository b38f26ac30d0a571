"""The contract of all engines: batches of source tokens in, hypotheses of target tokens out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, runtime_checkable

from s2scli.data import Decoding
from s2scli.errors import S2SError, memory_error

__all__ = [
    "Engine",
    "PendingTokens",
    "RankedToken",
    "RankingEngine",
    "TokenHypothesis",
    "engine_errors",
]


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


class RankedToken(NamedTuple):
    """A given token among all that the model could have written in its place.

    Attributes:
        log_prob: its natural log-probability.
        rank: its place, 1 for the most likely one.
        best: the most likely tokens, each with its natural log-probability.
    """

    log_prob: float
    rank: int
    best: list[tuple[str, float]]


class PendingTokens(Protocol):
    """A batch that is being decoded."""

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch; the hypotheses of each source, best first, samples as drawn.

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

    @property
    def seven_bits(self) -> bool:
        """Whether int8 weights have 7 bits, for a processor that could not add their products."""

    @property
    def attends(self) -> bool:
        """Whether hypotheses can come with their attention."""

    @property
    def unknown_token(self) -> str:
        """The token for all that the target vocabulary does not have."""

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


@runtime_checkable
class RankingEngine(Engine, Protocol):
    """An engine that tells what else a model could have written."""

    def ranked(
        self,
        sources: Sequence[Any],
        targets: Sequence[list[str]],
        count: int,
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
    ) -> list[list[RankedToken]]:
        """Given target tokens among all others, the end token last.

        Args:
            sources: as for ``submit``.
            targets: the target tokens of each source, without prefix and end.
            count: how many of the most likely tokens are wanted in each place.
            target_prefix: as for ``submit``; its places are left out.
            start_given: as for ``submit``.
        """


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turn the errors of what computes into ours.

    Raises:
        S2SError: there was one.
    """
    try:
        yield
    except (RuntimeError, ValueError, IndexError, MemoryError) as error:
        raise memory_error(error) or S2SError(f"The engine failed: {error}") from error
