"""Hypotheses of which the model wrote some bytes of a character only: mended, or others taken.

A letter of the source that got lost this way is put back, and so is one that the model spelt with
the bytes of another. If a word has a hole that nothing of the source fits, the next hypothesis of
the beam takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from s2scli.data import Attended, Decoder, Decoding, Hypothesis, Piece
from s2scli.text.holes import fillings
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
    whole = tuple(_whole(piece.text, hypotheses))
    if not whole:
        asked = piece.decoding or decoding
        beam = max(BEAM, asked.beam_size)
        wider = replace(asked, beam_size=beam, n_best=beam)
        whole = tuple(_whole(piece.text, decoder.submit([piece.tokens], wider).result()[0]))[:1]
    return piece, whole or hypotheses


def _whole(source: str, hypotheses: Iterable[Hypothesis]) -> Iterable[Hypothesis]:
    """Those hypotheses that have no holes, or none any more."""
    for hypothesis in hypotheses:
        edits = fillings(source, hypothesis.text, hypothesis.holes, hypothesis.spelt)
        if edits is None:
            continue
        new = Rewriting(hypothesis.text, edits)
        words = hypothesis.attention
        if words is not None and edits:  # what is put at the border of a word is a part of it
            words = tuple(Attended(new.end(w.start), new.start(w.end), w.weights) for w in words)
        yield replace(hypothesis, text=new.text, attention=words, holes=())
