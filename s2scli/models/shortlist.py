"""A model's lexical shortlist: the target tokens that each source token may yield.

Most of a step of a small model's search goes into the scores of the whole vocabulary. With a
shortlist only those tokens are scored that the batch's sources may yield, as in Jean et al. 2015,
https://arxiv.org/abs/1412.2007, section 3.3, and in Marian (Junczys-Dowmunt et al. 2018,
https://arxiv.org/abs/1805.12096).

It stands in the model directory as ``vmap.txt``, a vocabulary map of CTranslate2
(``src/vocabulary_map.cc``): a line has a source token, a tab, and target tokens between spaces; the
tokens of the line without a source are always candidates, and so are those of a prefix, and the
unknown, start and end tokens. The engine reads it as it loads the model.

A source token without a line is one that the list does not know: what it yields was seen too
seldom. A source with such a token is decoded with the whole vocabulary, and so is one that is
longer than what the list was checked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from s2scli.disk.atomic import write_whole
from s2scli.errors import InvalidModelError, write_error
from s2scli.models.manifest import FILE_NAME, SHORTLIST_FILE, Manifest, ShortlistRecord

__all__ = ["Reach", "Shortlist", "remove_shortlist", "save_shortlist", "stored_reach"]

# What parts tokens and lines of the file.
BORDERS = frozenset(" \t\n\r")


class Reach(NamedTuple):
    """Which sources a shortlist is used for.

    Attributes:
        tokens: the source tokens that it knows.
        longest: how many tokens a source has at most, the model's own included; 0 for any number.
    """

    tokens: frozenset[str]
    longest: int = 0

    def serves(self, source: Sequence[str]) -> bool:
        """Whether it is used for the tokens of a source."""
        fits = not self.longest or len(source) <= self.longest
        return fits and self.tokens.issuperset(source)


class Shortlist(NamedTuple):
    """The candidates for target tokens.

    Attributes:
        always: those of every source.
        by_token: those of each source token that it knows.
    """

    always: frozenset[str]
    by_token: Mapping[str, Collection[str]]

    def candidates(self, tokens: Iterable[str]) -> frozenset[str]:
        """The candidates of a source."""
        return self.always.union(*(self.by_token.get(token, ()) for token in tokens))

    def reach(self, longest: int = 0) -> Reach:
        """Which sources it is used for, if they have so many tokens at most."""
        return Reach(frozenset(self.by_token), longest)

    def encoded(self) -> bytes:
        """What its file holds; tokens that it cannot hold are left out."""
        tokens = sorted(filter(_is_writable, self.by_token))
        rows = [("", self.always), *((token, self.by_token[token]) for token in tokens)]
        return "".join(
            f"{source}\t{' '.join(sorted(filter(_is_writable, targets)))}\n"
            for source, targets in rows
        ).encode()


def _is_writable(token: str) -> bool:
    return bool(token) and BORDERS.isdisjoint(token)


@lru_cache(maxsize=4)  # the engine asks, and then the run
def stored_reach(directory: Path, record: ShortlistRecord | None) -> Reach:
    """Which sources the shortlist of a model directory is used for; none if it has none.

    Args:
        directory: the model directory.
        record: what its manifest says of the shortlist.

    Raises:
        InvalidModelError: its file cannot be read.
    """
    path = directory / SHORTLIST_FILE
    try:
        if not path.exists():
            return Reach(frozenset())
        with path.open("rb") as file:
            tokens = frozenset(line.partition(b"\t")[0].decode() for line in file) - {""}
    except (OSError, ValueError) as error:
        raise InvalidModelError(f"Cannot read {path}: {error}") from error
    return Reach(tokens, record.longest if record else 0)


def save_shortlist(
    directory: Path, manifest: Manifest, data: bytes, record: ShortlistRecord
) -> None:
    """Store a shortlist that was checked; a process that is killed leaves the model as good as new.

    Args:
        directory: the model directory.
        manifest: its manifest.
        data: ``Shortlist.encoded``.
        record: how it was made.

    Raises:
        CannotCreateError: the directory may not be written to.
        InputOutputError: the disk fails.
    """
    if manifest.shortlist:  # its hash must not meet another file
        write_whole(directory / FILE_NAME, manifest._replace(shortlist=None).encoded())
    write_whole(directory / SHORTLIST_FILE, data)
    write_whole(directory / FILE_NAME, manifest._replace(shortlist=record).encoded())


def remove_shortlist(directory: Path, manifest: Manifest) -> None:
    """Delete a model's shortlist.

    Args:
        directory: the model directory.
        manifest: its manifest.

    Raises:
        CannotCreateError: the directory may not be written to.
        InputOutputError: the disk fails.
    """
    write_whole(directory / FILE_NAME, manifest._replace(shortlist=None).encoded())
    path = directory / SHORTLIST_FILE
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise write_error(f"Cannot remove {path}", error) from error
