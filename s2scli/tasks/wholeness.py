"""Hypotheses of which the model wrote some bytes of a character only: mended, or others taken.

A letter of the source that got lost this way is put back, and so is one that the model spelt with
the bytes of another. If a word has a hole that nothing of the source fits, the next hypothesis of
the beam, or the next sample, takes its place; if all have one, the other holes are filled all the
same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from s2scli.data import Attended, Decoder, Decoding, Hypothesis, Piece
from s2scli.text.rewriting import Rewriting

__all__ = ["without_holes"]

BEAM = 4  # hypotheses that are asked for at least


def without_holes(
    piece: Piece, hypotheses: tuple[Hypothesis, ...], decoder: Decoder, decoding: Decoding
) -> tuple[Piece, tuple[Hypothesis, ...]]:
    """A piece with those of its hypotheses that have no holes; with all if every one has.

    Args:
        piece: the piece.
        hypotheses: what was decoded of it.
        decoder: decodes it again if need be.
        decoding: how it was decoded, if not as the piece says.
    """
    if not any(hypothesis.holes or hypothesis.spelt for hypothesis in hypotheses):
        return piece, hypotheses
    mended = tuple(_mended(piece.text, hypotheses))
    whole = _whole(mended)
    if not whole:
        asked = (piece.decoding or decoding).sized(len(piece.tokens))
        beam = max(BEAM, asked.n_best if asked.sample else asked.beam_size)
        wider = replace(asked, beam_size=1 if asked.sample else beam, n_best=beam)
        others = decoder.submit([piece.tokens], wider).result()[0]
        whole = _whole(_mended(piece.text, others))[:1]
    return piece, whole or mended


def _whole(hypotheses: Iterable[Hypothesis]) -> tuple[Hypothesis, ...]:
    return tuple(hypothesis for hypothesis in hypotheses if not hypothesis.holes)


def _mended(source: str, hypotheses: Iterable[Hypothesis]) -> Iterator[Hypothesis]:
    """Hypotheses with those holes only that nothing fits."""
    from s2scli.text.holes import fillings  # few texts need it

    for hypothesis in hypotheses:
        edits, unfit = fillings(source, hypothesis.text, hypothesis.holes, hypothesis.spelt)
        new = Rewriting(hypothesis.text, edits)
        words = hypothesis.attention
        if words is not None and edits:  # what is put at the border of a word is a part of it
            words = tuple(Attended(new.end(w.start), new.start(w.end), w.weights) for w in words)
        holes = tuple(new.start(place) for place in unfit) if edits else tuple(unfit)
        yield replace(hypothesis, text=new.text, attention=words, holes=holes)
