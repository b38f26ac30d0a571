"""Chunks of pairs as batches of padded token ids, made ahead by other processes if wanted."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

import torch
from torch import Tensor

from training.augment import Pair, augment
from training.corpus import Corpus
from training.vocabulary import Vocabulary

__all__ = ["Batch", "Batches", "Example", "collate", "cut"]

Example = tuple[list[int], list[int]]
Batch = list[Example]

LONGEST = 96  # tokens per side of a training example
SHARE_SAMPLED = 0.1  # of the sources, tokenized at random (Kudo 2018) for robustness
LENGTHS = 8  # lengths are padded to multiples of it: few shapes, each prepared once
GROUP = 4  # pairs that may be joined to a line


class Place(NamedTuple):
    """Where in the endless sequence of batches a run is."""

    chunk: int = 0
    batch: int = 0


class Batches:
    """The batches of a corpus, in an order that only the seed decides."""

    def __init__(
        self, corpus: Corpus, vocabulary: Vocabulary, batch_tokens: int, workers: int = 0
    ) -> None:
        self.corpus, self.vocabulary = corpus, vocabulary
        self.batch_tokens, self.workers = batch_tokens, workers

    def chunk(self, number: int) -> list[Batch]:
        """A chunk augmented, tokenized, in batches of similar lengths, shuffled."""
        seed = self.corpus.seed
        pairs = self.corpus.chunk(number)
        texts = [augment(_group(pairs, i), seed, number, i) for i in range(len(pairs))]
        generator = random.Random(f"{seed} batches {number}")
        sources = self.vocabulary.encode([source for source, _ in texts])
        for i, (source, _) in enumerate(texts):
            if generator.random() < SHARE_SAMPLED:
                sources[i] = self.vocabulary.sample(source, generator)
        targets = self.vocabulary.encode([target for _, target in texts])
        examples = [e for e in zip(sources, targets, strict=True) if max(map(len, e)) <= LONGEST]
        batches = list(cut(examples, self.batch_tokens))
        generator.shuffle(batches)
        return batches

    def after(self, place: Place) -> Iterator[tuple[Place, Batch]]:
        """Batches without end from a place on, each with the place that follows it."""
        number, skip = place
        for batches in self._chunks(number):
            for i in range(skip, len(batches)):
                yield Place(number, i + 1), batches[i]
            number, skip = number + 1, 0

    def _chunks(self, number: int) -> Iterator[list[Batch]]:
        if not self.workers:
            while True:
                yield self.chunk(number)
                number += 1
        # Forked, the workers share the pairs: nothing is sent to them but a number.
        forked = ProcessPoolExecutor(self.workers, get_context("fork"), _lend, (self,))
        with forked as pool:
            ahead: deque[Future[list[Batch]]] = deque()
            while True:
                while len(ahead) < 2 * self.workers:
                    ahead.append(pool.submit(_lent_chunk, number))
                    number += 1
                yield ahead.popleft().result()


_lent: list[Batches] = []


def _lend(batches: Batches) -> None:
    _lent.append(batches)


def _lent_chunk(number: int) -> list[Batch]:
    return _lent[0].chunk(number)


def _group(pairs: Sequence[Pair], first: int) -> list[Pair]:
    return [pairs[(first + i) % len(pairs)] for i in range(GROUP)]


def cut(examples: list[Example], batch_tokens: int) -> Iterator[Batch]:
    """Batches of at most ``batch_tokens`` padded tokens on either side."""
    batch: Batch = []
    longest = 0
    for example in sorted(examples, key=lambda e: tuple(map(_padded, reversed(e)))):
        longest = max(longest, *map(_padded, example))
        if batch and longest * (len(batch) + 1) > batch_tokens:
            yield batch
            batch, longest = [], max(map(_padded, example))
        batch.append(example)
    if batch:
        yield batch


def _padded(ids: Sequence[int]) -> int:
    return -(-len(ids) // LENGTHS) * LENGTHS


def collate(batch: Batch, filler: int) -> tuple[Tensor, Tensor]:
    """Sources and targets as (rows, padded length) tensors."""
    source, target = (_pad([example[side] for example in batch], filler) for side in (0, 1))
    return source, target


def _pad(rows: Sequence[list[int]], filler: int) -> Tensor:
    longest = max(map(_padded, rows))
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])
