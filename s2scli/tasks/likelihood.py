"""Teacher forcing: how likely a model finds given targets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from s2scli.errors import BadInputError
from s2scli.inference.model import Model

__all__ = ["Likelihood", "likelihoods", "total"]

PAIRS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The probability of a target under a model.

    Attributes:
        tokens: the target's tokens, the end token last.
        log_probabilities: of each, natural; at most 0.
    """

    tokens: Sequence[str]
    log_probabilities: Sequence[float]

    @property
    def log_probability(self) -> float:
        """Log-probability of the whole target."""
        return math.fsum(self.log_probabilities)

    @property
    def cross_entropy(self) -> float:
        """Mean negative log-probability per token, in nats: the training loss."""
        return -self.log_probability / len(self.log_probabilities)

    @property
    def perplexity(self) -> float:
        """The exponential of the cross-entropy."""
        return math.exp(self.cross_entropy)


def likelihoods(
    sources: Sequence[str], targets: Sequence[str], model: Model
) -> Iterator[Likelihood]:
    """Score given targets.

    Args:
        sources: source texts.
        targets: a target text for each.
        model: the model.

    Yields:
        One for each pair, in order.

    Raises:
        BadInputError: a text is longer than the model can take; nothing is ever cut.
    """
    for start in range(0, len(sources), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        encoded = model.encode(sources[part])
        wanted = model.encode_targets(targets[part])
        for number, (source, target) in enumerate(zip(encoded, wanted, strict=True), start + 1):
            _check(number, "source", len(source), model.budget)
            _check(number, "target", len(target), model.manifest.max_target_tokens - 2)
        found = model.score([model.source(tokens) for tokens in encoded], wanted)
        end = model.manifest.tokenizer.end
        for target, log_probabilities in zip(wanted, found, strict=True):
            yield Likelihood([*target, end], log_probabilities)


def _check(number: int, side: str, tokens: int, most: int) -> None:
    if tokens > most:
        raise BadInputError(
            f"The {side} of segment {number} has {tokens} tokens; the model takes {most}",
            "Split it, on both sides.",
        )


def total(found: Sequence[Likelihood]) -> Likelihood:
    """All targets as if they were one."""
    return Likelihood(
        [token for each in found for token in each.tokens],
        [number for each in found for number in each.log_probabilities],
    )
