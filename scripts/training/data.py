"""Parallel text: read, kept apart from held-out sentences, tokenized, put into batches."""

from __future__ import annotations

import argparse
import gzip
import io
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import sentencepiece
import torch
from torch import Tensor

from training.augment import Pair, augment

__all__ = [
    "EOS",
    "Example",
    "Vocabulary",
    "chunk_batches",
    "cut",
    "epoch_chunks",
    "log",
    "pad",
    "read_lines",
    "read_pairs",
    "train_tokenizer",
]

Example = tuple[list[int], list[int]]

EOS, UNK = 0, 1
CHUNK_PAIRS = 20_000
LONGEST = 160  # tokens of a training example
SHARE_SAMPLED = 0.1  # of the sources, tokenized at random (Kudo 2018) for robustness
SEGMENTATIONS = 32


def read_pairs(arguments: argparse.Namespace) -> list[Pair]:
    """The training pairs, without those whose source is held out."""
    if arguments.tatoeba:
        rows = [line.split("\t") for line in read_lines(arguments.tatoeba)]
        # Tatoeba's export has ids beside the texts (4 columns), manythings.org's has none (3).
        pairs = [(row[1], row[3]) if row[0].isdigit() else (row[0], row[1]) for row in rows]
    else:
        sources, targets = read_lines(arguments.source), read_lines(arguments.target)
        pairs = list(zip(sources, targets, strict=True))
    held_out = {key(line) for path in arguments.held_out for line in read_lines(path)}
    kept = [pair for pair in pairs if key(pair[0]) not in held_out and all(pair)]
    log(f"{len(kept)} pairs, {len(pairs) - len(kept)} held out or empty")
    return kept


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, gzipped or not."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [line.strip() for line in data.decode().removesuffix("\n").split("\n")]


def key(sentence: str) -> str:
    """What makes two sentences the same: their letters and digits."""
    return "".join(re.findall(r"\w", sentence.casefold()))


def train_tokenizer(pairs: Sequence[Pair], size: int, seed: int, path: Path) -> None:
    """One unigram vocabulary for both languages; bytes stand for what it does not know."""
    lines = (text for i, pair in enumerate(pairs) for text in augment([pair], seed, -1, i))
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=lines,
        model_writer=model,
        model_type="unigram",
        vocab_size=size,
        character_coverage=0.9999,
        required_chars="ÄÖÜäöüßẞ„“”‚‘’–—…«»€£°%&@#*+=_<>[]{}|~^\\/",
        byte_fallback=True,
        split_digits=True,
        unk_id=0,
        bos_id=-1,
        eos_id=1,
        pad_id=-1,
        num_threads=2,
        minloglevel=2,
    )
    path.write_bytes(model.getvalue())


class Vocabulary:
    """Token ids as a Marian checkpoint has them: ``</s>``, ``<unk>``, pieces, ``<pad>``."""

    def __init__(self, path: Path) -> None:
        self.processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        size = self.processor.get_piece_size()
        pieces = [self.processor.id_to_piece(number) for number in range(2, size)]
        self.ids = {token: i for i, token in enumerate(["</s>", "<unk>", *pieces, "<pad>"])}
        self.pad = self.ids["<pad>"]

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text, with the end token."""
        return [self.marian(ids) for ids in self.processor.encode(list(texts), out_type=int)]

    def sample(self, text: str, generator: random.Random) -> list[int]:
        """The ids of one of the likeliest segmentations (Kudo 2018, https://arxiv.org/abs/1804.10959).

        SentencePiece's own sampling cannot be seeded across processes.
        """
        return self.marian(
            generator.choice(self.processor.nbest_encode_as_ids(text, SEGMENTATIONS))
        )

    def marian(self, ids: list[int]) -> list[int]:
        """SentencePiece's ids as Marian's, with the end token: <unk> is 0 there and </s> 1."""
        return [UNK if number == 0 else number for number in ids] + [EOS]


def epoch_chunks(pairs: Sequence[Pair], epoch: int, seed: int) -> list[list[int]]:
    """The pairs' numbers in the epoch's own order, in chunks."""
    order = list(range(len(pairs)))
    random.Random(f"{seed} {epoch}").shuffle(order)
    return [order[i : i + CHUNK_PAIRS] for i in range(0, len(order), CHUNK_PAIRS)]


def chunk_batches(
    pairs: Sequence[Pair],
    chunk: list[int],
    vocabulary: Vocabulary,
    options: argparse.Namespace,
    epoch: int,
) -> list[list[Example]]:
    """Augmented, tokenized and sorted by length, in batches of similar length, shuffled."""
    texts = [
        augment([pairs[j] for j in chunk[i : i + 4]], options.seed, epoch, chunk[i])
        for i in range(len(chunk))
    ]
    sources = vocabulary.encode([source for source, _ in texts])
    generator = random.Random(f"{options.seed} {epoch} {chunk[0]}")
    for i in range(len(texts)):
        if generator.random() < SHARE_SAMPLED:
            sources[i] = vocabulary.sample(texts[i][0], generator)
    targets = vocabulary.encode([target for _, target in texts])
    examples = [e for e in zip(sources, targets, strict=True) if max(map(len, e)) <= LONGEST]
    batches = list(cut(examples, options.batch_tokens))
    generator.shuffle(batches)
    return batches


def cut(examples: list[Example], batch_tokens: int) -> Iterator[list[Example]]:
    """Batches of at most ``batch_tokens`` padded tokens on either side."""
    batch: list[Example] = []
    longest = 0
    for example in sorted(examples, key=lambda e: (len(e[1]), len(e[0]))):
        longest = max(longest, *map(len, example))
        if batch and longest * (len(batch) + 1) > batch_tokens:
            yield batch
            batch, longest = [], max(map(len, example))
        batch.append(example)
    if batch:
        yield batch


def pad(rows: Sequence[list[int]], filler: int) -> Tensor:
    """Rows of ids as one tensor, (rows, longest)."""
    longest = max(map(len, rows))
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


def log(message: str) -> None:
    """A line on stderr."""
    print(time.strftime("%H:%M:%S"), message, file=sys.stderr, flush=True)
