"""Teacher forcing: how likely a model finds given targets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from s2scli.errors import BadInputError, UsageError
from s2scli.inference.model import Model

__all__ = ["Likelihood", "TooLong", "forced", "likelihoods", "total"]

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


class TooLong(NamedTuple):
    """A pair that is longer than the model can take.

    Attributes:
        side: ``source`` or ``target``.
        tokens: how many it has.
        most: how many the model takes.
    """

    side: str
    tokens: int
    most: int


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
        UsageError: the model reads what another one writes.
    """
    if model.before:
        raise UsageError("Two models, one after the other, give targets no probabilities")
    for number, found in enumerate(forced(sources, targets, model), 1):
        if isinstance(found, TooLong):
            raise BadInputError(
                f"The {found.side} of segment {number} has {found.tokens} tokens; the model takes "
                f"{found.most}",
                "Split it, on both sides.",
            )
        yield found


def forced(
    sources: Sequence[str], targets: Sequence[str], model: Model
) -> Iterator[Likelihood | TooLong]:
    """Score given targets, except those that are too long; nothing is ever cut.

    Args:
        sources: source texts.
        targets: a target text for each.
        model: the model.

    Yields:
        One for each pair, in order.
    """
    end = model.manifest.tokenizer.end
    for start in range(0, len(sources), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        encoded = model.encode(sources[part])
        wanted = model.encode_targets(targets[part])
        long = [_too_long(*pair, model) for pair in zip(encoded, wanted, strict=True)]
        given = [model.source(one) for one, bad in zip(encoded, long, strict=True) if not bad]
        fit = [one for one, bad in zip(wanted, long, strict=True) if not bad]
        found = zip(fit, model.score(given, fit), strict=True) if fit else iter(())
        for bad in long:
            if bad:
                yield bad
            else:
                tokens, log_probabilities = next(found)
                yield Likelihood([*tokens, end], log_probabilities)


def _too_long(source: Sequence[str], target: Sequence[str], model: Model) -> TooLong | None:
    limits = (
        TooLong("source", len(source), model.budget),
        TooLong("target", len(target), model.manifest.max_target_tokens - 2),
    )
    return next((one for one in limits if one.tokens > one.most), None)


def total(found: Sequence[Likelihood]) -> Likelihood:
    """All targets as if they were one."""
    return Likelihood(
        [token for each in found for token in each.tokens],
        [number for each in found for number in each.log_probabilities],
    )
