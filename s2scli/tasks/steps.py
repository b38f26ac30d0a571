"""Steps between decoding and output: what is checked, mended or chosen before a result goes out.

A step says what it needs of the decoding, looks at each result as it comes, and may hold some of
them back to have their texts decoded again. Results leave in the order in which they came, and
none waits for what comes after its own block, so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from s2scli.data import Decoding, Result, Segment

if TYPE_CHECKING:
    from s2scli.text.sentences import Splitter

__all__ = [
    "GUARD",
    "PROTECTION",
    "RERANKED",
    "TERMS",
    "Again",
    "Step",
    "asking",
    "decoding_for",
    "through",
]

# The names of notes on results.
PROTECTION, TERMS, RERANKED, GUARD = "protection", "terms", "rerank", "guard"


class Again(Protocol):
    """Decodes more texts for a step."""

    @property
    def split(self) -> Splitter:
        """A function that finds the sentences of a text in the source language."""

    @property
    def decoding(self) -> Decoding:
        """How the run decodes, with one hypothesis for each text and without a prefix."""

    @property
    def in_float32(self) -> Again | None:
        """The same with the model's arithmetic in float32; None if it is that, or cannot be."""

    def __call__(
        self,
        texts: Sequence[str],
        *,
        aligned: bool = False,
        decoding: Decoding | None = None,
        by_sentence: bool = False,
    ) -> list[Result]:
        """Decode texts, each as a segment of its own.

        Args:
            texts: the texts.
            aligned: whether it is wanted which words come from which.
            decoding: how; None for ``decoding``.
            by_sentence: whether each sentence is decoded alone.
        """


class Step(Protocol):
    """What happens to results between decoding and output; the same for lines and documents."""

    @property
    def signature(self) -> str:
        """Its name, and a hash of all that its results depend on, for the run's signature."""

    @property
    def n_best(self) -> int:
        """How many hypotheses of a segment it needs, at least."""

    def needs_links(self, segment: Segment) -> bool:
        """Whether it needs the word alignment of a segment."""

    def take(self, result: Result) -> Result | None:
        """The changed result; None if it needs another decode, by ``settle``."""

    def settle(self, results: Sequence[Result], again: Again) -> Sequence[Result]:
        """The changed results that ``take`` held back, one for each and in order."""


def asking(blocks: Iterable[list[Segment]], steps: Sequence[Step]) -> Iterator[list[Segment]]:
    """Segments that say which of them need links, as their steps require."""
    for block in blocks:
        yield [
            replace(segment, aligned=True)
            if not segment.aligned and any(step.needs_links(segment) for step in steps)
            else segment
            for segment in block
        ]


def decoding_for(decoding: Decoding, steps: Sequence[Step]) -> Decoding:
    """The decoding with as many hypotheses as the steps need."""
    most = max((step.n_best for step in steps), default=1)
    if most <= decoding.n_best:
        return decoding
    beam = 1 if decoding.sample else max(decoding.beam_size, most)
    return replace(decoding, n_best=most, beam_size=beam)


def through(
    blocks: Iterator[list[Result]], steps: Sequence[Step], again: Again, n_best: int
) -> Iterator[list[Result]]:
    """Results after all steps, in order.

    Args:
        blocks: lists of results, as they are decoded.
        steps: what happens to them, one after the other.
        again: decodes texts again.
        n_best: how many hypotheses of each are wanted in the end.
    """
    for step in steps:
        blocks = _through(step, blocks, again)
    for results in blocks:
        yield [
            replace(result, hypotheses=result.hypotheses[:n_best])
            if len(result.hypotheses) > n_best
            else result
            for result in results
        ]


def _through(step: Step, blocks: Iterator[list[Result]], again: Again) -> Iterator[list[Result]]:
    """Results after one step; those before the first that takes longer continue at once."""
    for results in blocks:
        taken = [step.take(result) for result in results]
        ready = taken.index(None) if None in taken else len(taken)
        if ready:
            yield [result for result in taken[:ready] if result]
        if ready < len(taken):
            yield _settled(step, results[ready:], taken[ready:], again)


def _settled(
    step: Step, results: Sequence[Result], taken: Sequence[Result | None], again: Again
) -> list[Result]:
    """The results that a step has taken, and those that it has held back, once they are settled."""
    held = [result for result, one in zip(results, taken, strict=True) if one is None]
    others = iter(step.settle(held, again))
    return [next(others) if one is None else one for one in taken]
