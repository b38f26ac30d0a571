"""Parallel text by domain: read, filtered, and mixed by shares.

A corpus directory holds ``DOMAIN.tsv.xz`` files, a pair per line, ``English<TAB>German``; Tatoeba's
sentences come from two parallel files, or from Tatoeba's own export.
"""

from __future__ import annotations

import gzip
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from training.augment import Pair

__all__ = ["Corpus", "Domain", "Rejects", "accept", "key", "read_domains", "read_lines"]

EVERYDAY, COPIES = "tatoeba", "copy"
# How much a pair of each file weighs against the others: what people translated and wrote
# themselves above what a machine did, everyday sentences and plain prose above the many manuals.
WEIGHTS: dict[str, float] = {
    "docs-ms": 1.0,
    "docs-other": 1.0,
    "docs-mdn-llm": 0.7,
    "docs-ms-mt": 0.3,
    "formal": 1.0,
    "general": 2.2,
    "ui": 1.7,
    EVERYDAY: 3.8,
    COPIES: 0.3,
}
TEMPERATURE = 2.0  # shares grow with the root of a domain's size (Arivazhagan et al. 2019)
WORD = re.compile(r"[^\W\d_]+")
MOST_CHARACTERS = 600
RATIO = 2.2  # of the longer side to the shorter, beyond RATIO_SLACK characters
RATIO_SLACK = 12
# Frequent words that are no words of the other language.
ENGLISH = frozenset(
    re.findall(
        r"\w+",
        "the of and is are to that this with for you your it from not be by or can",
    )
)
GERMAN = frozenset(
    re.findall(
        r"\w+",
        "der die das und ist sind zu dass dieser diese dieses mit für sie ihr ihre es von nicht "
        "werden wird durch ein eine einen oder kann können den dem des auf im",
    )
)


@dataclass(frozen=True, slots=True)
class Domain:
    """A file's pairs and their share of all pairs drawn."""

    name: str
    pairs: list[Pair]
    share: float


class Rejects(Counter[str]):
    """How many pairs of a domain were left out, by reason."""


def accept(pair: Pair, domain: str) -> str:
    """Why a pair should not be learned from; empty if it should.

    Args:
        pair: source and target.
        domain: pairs of the domain of copies may be equal.
    """
    source, target = pair
    if not source or not target:
        return "empty"
    if max(len(source), len(target)) > MOST_CHARACTERS:
        return "too long"
    shorter, longer = sorted((len(source), len(target)))
    if longer > RATIO * shorter + RATIO_SLACK:
        return "length ratio"
    words = WORD.findall(source.casefold())
    if domain == COPIES:
        return ""
    if source == target and len(words) > 3:
        return "copied"
    there = WORD.findall(target.casefold())
    if len(there) > 4 and _count(there, ENGLISH) > _count(there, GERMAN):
        return "not German"
    if len(words) > 4 and _count(words, GERMAN) > _count(words, ENGLISH):
        return "not English"
    return ""


def _count(words: Sequence[str], known: frozenset[str]) -> int:
    return sum(word in known for word in words)


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, compressed by gzip or xz or not at all."""
    openers = {".gz": gzip.decompress, ".xz": lzma.decompress}
    data = openers.get(path.suffix, bytes)(path.read_bytes())
    return [line.strip() for line in data.decode().removesuffix("\n").split("\n")]


def key(sentence: str) -> str:
    """What makes two sentences the same: their letters and digits."""
    return "".join(re.findall(r"\w", sentence.casefold()))


def _rows(path: Path) -> Iterator[Pair]:
    for line in read_lines(path):
        columns = line.split("\t")
        # Tatoeba's export has ids beside the texts (4 columns); other files have none.
        yield (columns[1], columns[3]) if columns[0].isdigit() else (columns[0], columns[1])


def read_domains(
    corpus: Path | None,
    everyday: Iterable[Pair],
    held_out: Sequence[Path],
    filtered: bool = True,
) -> tuple[list[Domain], dict[str, Rejects]]:
    """All pairs by domain, and what was left out of each.

    Args:
        corpus: the directory of ``DOMAIN.tsv.xz`` files; only those of `WEIGHTS` are read.
        everyday: Tatoeba's pairs.
        held_out: files whose lines (the first column, if they have several) are never sources.
        filtered: whether pairs that `accept` finds unfit are left out.
    """
    never = {key(line.split("\t")[0]) for path in held_out for line in read_lines(path)}
    raw: dict[str, Iterable[Pair]] = {EVERYDAY: everyday}
    for name in WEIGHTS:
        path = corpus / f"{name}.tsv.xz" if corpus else None
        if path and path.exists():
            raw[name] = _rows(path)
    kept: dict[str, list[Pair]] = {}
    rejects = {name: Rejects() for name in raw}
    for name, pairs in raw.items():
        kept[name] = []
        for pair in pairs:
            reason = "held out" if key(pair[0]) in never else accept(pair, name) if filtered else ""
            if reason:
                rejects[name][reason] += 1
            else:
                kept[name].append(pair)
    sizes = {n: WEIGHTS[n] * len(p) ** (1 / TEMPERATURE) for n, p in kept.items() if p}
    total = sum(sizes.values())
    return [Domain(n, kept[n], size / total) for n, size in sizes.items()], rejects


class Corpus:
    """Endless, reproducible chunks of pairs; each domain runs through its own epochs."""

    def __init__(self, domains: Sequence[Domain], chunk_pairs: int, seed: int) -> None:
        self.domains = domains
        self.seed = seed
        self.counts = [max(1, round(domain.share * chunk_pairs)) for domain in domains]
        self._order = lru_cache(maxsize=2 * len(domains))(self._shuffled)

    def _shuffled(self, domain: int, epoch: int) -> list[int]:
        order = list(range(len(self.domains[domain].pairs)))
        random.Random(f"{self.seed} {self.domains[domain].name} {epoch}").shuffle(order)
        return order

    def chunk(self, number: int) -> list[Pair]:
        """The pairs of a chunk, shuffled; each chunk has the same number of each domain."""
        drawn: list[Pair] = []
        for index, (domain, count) in enumerate(zip(self.domains, self.counts, strict=True)):
            for position in range(number * count, (number + 1) * count):
                epoch, place = divmod(position, len(domain.pairs))
                drawn.append(domain.pairs[self._order(index, epoch)[place]])
        random.Random(f"{self.seed} {number}").shuffle(drawn)
        return drawn

    def epochs(self, number: int) -> dict[str, float]:
        """How often each domain was seen before a chunk."""
        return {
            domain.name: number * count / len(domain.pairs)
            for domain, count in zip(self.domains, self.counts, strict=True)
        }
