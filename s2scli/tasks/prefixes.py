"""Targets that begin with a given text: for each segment its own, or the run's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from s2scli.data import Decoding, Piece, Segment
from s2scli.errors import BadInputError, UsageError
from s2scli.inference.model import Model
from s2scli.text.oneline import has_break
from s2scli.text.reading import checked

__all__ = ["asked", "segments_with", "with_prefix", "with_prefixes"]

T = TypeVar("T")


def asked(blocks: Iterable[list[Piece]], model: Model, decoding: Decoding) -> Iterator[list[Piece]]:
    """The same pieces, with decoding options of their own where their segments ask for something.

    The prefix is that of the first piece of a segment. Pieces of segments whose links are asked for
    are decoded with their alignment.

    Args:
        blocks: lists of pieces.
        model: what decodes them.
        decoding: the options of the run.

    Raises:
        BadInputError: a prefix leaves no room for an output; all pieces before have been yielded.
    """
    for block in blocks:
        ready: list[Piece] = []
        try:
            for piece in block:
                own = _own(piece, model, decoding)
                ready.append(piece if own is decoding else piece._replace(decoding=own))
        except BadInputError:
            yield ready
            raise
        yield ready


def _own(piece: Piece, model: Model, decoding: Decoding) -> Decoding:
    segment = piece.segment
    own = decoding
    if piece.part:
        own = replace(own, prefix=()) if own.prefix else own
    elif segment.prefix is not None:
        checked(segment.prefix, f"The prefix of line {segment.index + 1}")
        if has_break(segment.prefix.strip()):
            raise BadInputError(f"The prefix of line {segment.index + 1} has a line break")
        prefix = model.prefix(segment.prefix)
        if len(prefix) + 1 >= own.max_length:
            raise BadInputError(
                f"The prefix of line {segment.index + 1} has {len(prefix)} tokens, and an output "
                f"has at most {own.max_length}",
                "Shorten it, or allow more with --max-length.",
            )
        own = replace(own, prefix=prefix)
    return replace(own, alignment=True) if segment.aligned else own


def with_prefixes(
    blocks: Iterable[list[T]],
    prefixes: Iterable[str],
    name: str,
    put: Callable[[T, str], T],
) -> Iterator[list[T]]:
    """Inputs with the prefix of each.

    Args:
        blocks: lists of inputs.
        prefixes: as many texts; one of white space stands for no prefix.
        name: what they are called.
        put: gives an input its prefix.

    Raises:
        BadInputError: there are more or fewer of them; all inputs before have been yielded.
    """

    from s2scli.tasks.beside import beside  # most runs have no prefixes

    def problem(what: str) -> BadInputError:
        return BadInputError(
            f"The lines of {name} are {what}", "Give a prefix, or a blank line, each."
        )

    return beside(
        blocks,
        prefixes,
        put,
        lambda _, count: problem(f"{count}, and the input has more"),
        lambda count: problem(f"more than the input, which has {count}"),
    )


def segments_with(
    blocks: Iterable[list[Segment]], prefixes: Sequence[str] | None
) -> Iterable[list[Segment]]:
    """Segments, each with its prefix, if there are any.

    Raises:
        UsageError: there is one prefix, not one for each.
        BadInputError: there are more or fewer than segments.
    """
    if prefixes is None:
        return blocks
    if isinstance(prefixes, str):
        raise UsageError("prefixes must be a list; give one for all as prefix")
    return with_prefixes(blocks, prefixes, "prefixes", with_prefix)


def with_prefix(segment: Segment, prefix: str) -> Segment:
    """The same segment with its own prefix."""
    return replace(segment, prefix=prefix)
