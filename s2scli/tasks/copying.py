"""Hypotheses with words of their source instead of unknown tokens (``--replace-unknowns``)."""

from __future__ import annotations

from dataclasses import replace

from s2scli.data import Attended, Decoding, Detail, Hypothesis, Piece
from s2scli.inference.model import Model
from s2scli.text.alignment import STAND_IN
from s2scli.text.copying import copies
from s2scli.text.rewriting import Rewriting

__all__ = ["with_copies"]


def with_copies(
    piece: Piece, hypotheses: tuple[Hypothesis, ...], model: Model, decoding: Decoding
) -> tuple[Piece, tuple[Hypothesis, ...]]:
    """A piece with hypotheses in which nothing stands for unknown tokens any more.

    Args:
        piece: the piece.
        hypotheses: what was decoded of it with ``replace_unknowns``.
        model: what decoded it.
        decoding: how, if not as the piece says.
    """
    if not any(STAND_IN in hypothesis.text for hypothesis in hypotheses):
        return piece, hypotheses
    aligned = (piece.decoding or decoding).alignment
    changed = (_with_copies(piece.text, each, model) for each in hypotheses)
    return piece, tuple(each if aligned else replace(each, attention=None) for each in changed)


def _with_copies(source: str, hypothesis: Hypothesis, model: Model) -> Hypothesis:
    if STAND_IN not in hypothesis.text:
        return hypothesis
    (shown,) = model.tokenizer.decode([[model.engine.unknown_token]])
    words = hypothesis.attention or ()
    edits, copied = copies(source, model.source_spans(source), hypothesis.text, words, shown)
    new = Rewriting(hypothesis.text, edits)
    return replace(
        hypothesis,
        text=new.text,
        attention=tuple(Attended(new.start(w.start), new.end(w.end), w.weights) for w in words),
        holes=tuple(map(new.start, hypothesis.holes)),
        details=tuple(_moved(detail, new) for detail in hypothesis.details),
        copied=tuple(copied),
    )


def _moved(detail: Detail, new: Rewriting) -> Detail:
    """The tokens of a text that was written again, each where it stands now."""
    spans = ((new.start(start), new.end(end)) for start, end in detail.spans)
    return detail._replace(spans=tuple((start, max(start, end)) for start, end in spans))
