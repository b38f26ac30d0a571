"""Embeddings and projection: which of a checkpoint's tables stands where, tied or not.

A checkpoint can store one table under up to four names. Whether these are one by their nature says
``tie_word_embeddings`` of ``config.json``, with another meaning since transformers 5: until then it
rules, and a tied table that was stored as well is overwritten; since then a stored table that
differs is used, whatever the key says. A copy is passed over only if its numbers are those of the
table that is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from s2scli.errors import InvalidModelError
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.tensor import Tensor, same_numbers
from s2scli.models.convert.weights import Weights

__all__ = ["UNTIE", "Tables", "embedding_tables", "is_tied"]

HEAD = "lm_head.weight"
UNTIE = "If it was trained separately, set tie_word_embeddings to false in config.json."


class Tables(NamedTuple):
    """The tables of a model; one object where they are one table."""

    encoder: Tensor
    decoder: Tensor
    projection: Tensor


def is_tied(checkpoint: Checkpoint, *, default: bool = True) -> bool:
    """Whether ``config.json`` makes the output's table that of the decoder's embeddings.

    Args:
        checkpoint: the checkpoint.
        default: what it means if it says nothing.
    """
    return checkpoint.flag("tie_word_embeddings", default=default)


def embedding_tables(
    checkpoint: Checkpoint,
    weights: Weights,
    sizes: tuple[int, int, int],
    *,
    root: str = "model.",
    tied: bool,
    shared: bool = True,
    fixed: bool = True,
) -> Tables:
    """Take the tables of a checkpoint.

    Args:
        checkpoint: the checkpoint.
        weights: its weights.
        sizes: tokens of the source, tokens of the target, numbers a token.
        root: what the names of the embeddings begin with.
        tied: whether the configuration ties the output's table to the embeddings.
        shared: whether source and target share their vocabulary and its embeddings.
        fixed: whether they share them by construction, even if the configuration ties nothing.

    Raises:
        InvalidModelError: a table is missing or misshapen, or one that the configuration ties to
            another differs from it.
    """
    source, target, width = sizes
    common, encoder, decoder = (
        f"{root}{name}"
        for name in ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight")
    )
    names = _Names(weights, (common,) if shared else ())
    if checkpoint.since_version_5:
        others = (decoder, encoder) if shared else (decoder,)
        return Tables(
            names.own(encoder, (source, width), (decoder, HEAD) if shared else ()),
            names.own(decoder, (target, width), (HEAD, encoder) if shared else (HEAD,)),
            names.own(HEAD, (target, width), others if tied else (), shared=tied),
        )
    if not shared:
        head = (decoder, HEAD) if tied else (decoder,)
        table = names.one(head, (target, width))
        output = table if tied else names.one((HEAD,), (target, width))
        return Tables(names.one((encoder,), (source, width)), table, output)
    if tied:
        table = names.one((common, encoder, decoder, HEAD), (target, width))
        return Tables(table, table, table)
    output = names.one((HEAD,), (target, width))
    if fixed:
        table = names.one((common, encoder, decoder), (target, width))
        return Tables(table, table, output)
    size = (target, width)
    return Tables(names.own(encoder, size, ()), names.own(decoder, size, ()), output)


class _Names:
    """The tables of some weights by their names.

    Args:
        weights: the weights.
        common: the name of the table that both sides share; may be none.
    """

    def __init__(self, weights: Weights, common: tuple[str, ...]) -> None:
        self._weights = weights
        self._common = common
        self._taken: list[Tensor] = []
        # Where each side has a table of its own, the shared one has no part in the model.
        weights.pass_over(common)

    def one(self, names: Sequence[str], shape: tuple[int, int]) -> Tensor:
        """The table that is stored under some of these names, all with the same numbers."""
        stored = [name for name in names if name in self._weights]
        if not stored:
            raise InvalidModelError(f"The checkpoint has no tensor {names[0]}")
        table = self._weights.take(stored[0], *shape)
        for name in stored[1:]:
            if not same_numbers(table, self._weights.look(name, *shape)):
                raise InvalidModelError(
                    f"The tensor {name} contradicts config.json: it ties it to {stored[0]}, "
                    "whose numbers are others",
                    UNTIE,
                )
        self._weights.pass_over(stored[1:])
        return table

    def own(
        self, name: str, shape: tuple[int, int], others: Sequence[str], *, shared: bool = True
    ) -> Tensor:
        """The table of this name; else the shared one; else the first of others."""
        candidates = (name, *(self._common if shared else ()), *others)
        stored = [candidate for candidate in candidates if candidate in self._weights]
        if not stored:
            raise InvalidModelError(f"The checkpoint has no tensor {name}")
        table = self._weights.look(stored[0], *shape)
        for known in self._taken:
            if known is table or same_numbers(known, table):
                self._weights.pass_over(stored[:1])
                return known
        self._taken.append(self._weights.take(stored[0], *shape))
        return self._taken[-1]
