"""Translation: segments → pieces → stream → steps → results. Every segment gets one, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import nlargest
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from s2scli.data import Decoding, Hypothesis, Link, Monitor, Piece, Result, Segment
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.model import Model
from s2scli.tasks.prefixes import asked
from s2scli.tasks.steps import Step, asking, decoding_for, through
from s2scli.tasks.wholeness import without_holes
from s2scli.text.budget import surely_over
from s2scli.text.oneline import one_line

if TYPE_CHECKING:
    from s2scli.text.sentences import Splitter

__all__ = ["Redecoder", "translate"]

PIECES_AT_ONCE = 64
# Tokenizers take zero-width characters and the byte order mark for white space too.
_LEAD = re.compile(r"[\s\ufeff\u200b\u2060]*")


def translate(
    blocks: Iterable[list[Segment]],
    model: Model,
    decoding: Decoding,
    options: FlowOptions,
    monitor: Monitor | None = None,
    *,
    steps: Sequence[Step] = (),
    by_sentence: bool = False,
) -> Iterator[list[Result]]:
    """Translate segments.

    A segment that is too long for the model is cut into pieces and put together again; white
    space around a segment is kept; a segment without any letter or digit comes out as it is.

    Args:
        blocks: lists of segments, as they become available.
        model: what translates them.
        decoding: how, as ``Model.decoding`` returns it.
        options: memory and time.
        monitor: told how far the run has come.
        steps: what happens to results before they go out.
        by_sentence: whether segments of several sentences are cut even if they fit.

    Yields:
        Lists of results in the order of the segments (unless the flow has another), as soon as
        their turn has come.
    """
    again = Redecoder(model, decoding, options)
    wanted = decoding_for(decoding, steps)
    segments = asking(blocks, steps) if steps else blocks
    results = _results(segments, model, wanted, options, monitor, by_sentence=by_sentence)
    for block in through(results, steps, again, decoding.n_best) if steps else results:
        if monitor:
            monitor.finished(block)
        yield block


class Redecoder:
    """Decodes texts again for steps (see ``s2scli.tasks.steps.Again``).

    Args:
        model: what decodes them.
        decoding: how the run decodes.
        options: memory and time.
    """

    def __init__(self, model: Model, decoding: Decoding, options: FlowOptions) -> None:
        self._model = model
        self._decoding = replace(decoding, n_best=1, prefix=())
        self._options = options

    @property
    def split(self) -> Splitter:
        """A function that finds the sentences of a text in the source language."""
        return _splitter(self._model)

    def __call__(
        self, texts: Sequence[str], *, aligned: bool = False, decoding: Decoding | None = None
    ) -> list[Result]:
        """Decode texts, each as a segment of its own."""
        block = [Segment(number, text, aligned=aligned) for number, text in enumerate(texts)]
        runs = _results([block], self._model, decoding or self._decoding, self._options)
        found = (result for results in runs for result in results)
        return sorted(found, key=lambda result: result.segment.index)


def _results(
    blocks: Iterable[list[Segment]],
    model: Model,
    decoding: Decoding,
    options: FlowOptions,
    monitor: Monitor | None = None,
    *,
    by_sentence: bool = False,
) -> Iterator[list[Result]]:
    """Segments decoded and put together, before all steps."""
    pieces = _cut_pieces(blocks, model) if by_sentence else _pieces(blocks, model)
    pieces = asked(pieces, model, decoding)
    open_: dict[int, _Parts] = {}  # by their segments' numbers
    for run in stream(pieces, model, decoding, options, monitor):
        results = []
        for part in run:
            number = part[0].segment.index
            parts = open_.setdefault(number, _Parts())
            if parts.add(part):
                whole = [without_holes(*one, model, decoding) for one in parts.in_order()]
                results.append(_result(whole, model, decoding))
                del open_[number]
        if results:
            yield results


class _Parts:
    """The decoded pieces of a segment, as they come."""

    def __init__(self) -> None:
        self._found: list[tuple[Piece, tuple[Hypothesis, ...]]] = []
        self._count = 0  # how many there are; 0 as long as that is not known

    def add(self, part: tuple[Piece, tuple[Hypothesis, ...]]) -> bool:
        """Add a piece; return whether all are there."""
        self._found.append(part)
        if part[0].last:
            self._count = part[0].part + 1
        return len(self._found) == self._count

    def in_order(self) -> list[tuple[Piece, tuple[Hypothesis, ...]]]:
        """The pieces in the order of the segment."""
        return sorted(self._found, key=lambda part: part[0].part)


def _pieces(blocks: Iterable[list[Segment]], model: Model) -> Iterator[list[Piece]]:
    for block in blocks:
        short = [segment.text for segment in block if not surely_over(segment.text, model.budget)]
        encoded = iter(model.encode(short))
        ready: list[Piece] = []
        for segment in block:
            tokens = None if surely_over(segment.text, model.budget) else next(encoded)
            if tokens is not None and len(tokens) <= model.budget:
                ready.append(_piece(segment, 0, segment.text, tokens, model, last=True))
                continue
            for piece in _cut(segment, model, _splitter(model)):
                ready.append(piece)
                if len(ready) >= PIECES_AT_ONCE:
                    yield ready
                    ready = []
        yield ready


def _cut_pieces(blocks: Iterable[list[Segment]], model: Model) -> Iterator[list[Piece]]:
    split = _splitter(model)
    for block in blocks:
        for segment in block:
            yield list(_cut(segment, model, split)) or [Piece(segment, 0, [])]


def _splitter(model: Model) -> Splitter:
    """What finds the sentences of the source; imported when the first long line comes."""
    from s2scli.text.segmenter import sentence_splitter

    return sentence_splitter(model.source_language)


def _cut(segment: Segment, model: Model, split: Splitter) -> Iterator[Piece]:
    """Sentence by sentence: of several at once, models that are trained on sentences lose some."""
    from s2scli.text.chunks import chunks

    text = segment.text
    for part, (start, end) in enumerate(chunks(text, model.tokenizer.encode, model.room, split)):
        tokens = model.encode([text[start:end]])[0]
        yield _piece(segment, part, text[start:end], tokens, model, last=end == len(text))


def _piece(
    segment: Segment, part: int, text: str, tokens: list[str], model: Model, *, last: bool
) -> Piece:
    """A piece with the white space around its text; what says nothing passes by the model."""
    lead = _LEAD.match(text)
    if not tokens or not any(map(str.isalnum, text)):
        return Piece(segment, part, [], text, last=last)
    return Piece(
        segment,
        part,
        model.source(tokens),
        text,
        lead=lead[0] if lead else "",
        tail=text[len(text.rstrip()) :],
        last=last,
    )


def _result(
    parts: list[tuple[Piece, tuple[Hypothesis, ...]]], model: Model, decoding: Decoding
) -> Result:
    """Put the parts of a segment together: the best combinations of their hypotheses."""
    segment = parts[0][0].segment
    if not any(hypotheses for _, hypotheses in parts):
        return Result(segment)
    pieces = [piece for piece, _ in parts]
    best = [_Chain(0.0, 0.0, None, Hypothesis("", 0.0, 0))]
    for piece, hypotheses in parts:
        choices = hypotheses or (Hypothesis(piece.text, 0.0, 0),)
        # A hypothesis counts as much less as the search itself ranked it below the best.
        ranks = [_rank(choice, decoding.length_penalty) for choice in choices]
        longer = [
            _Chain(
                chain.total + choice.score * choice.tokens,
                chain.rank + min(rank - ranks[0], 0.0),
                chain,
                choice,
            )
            for chain, (choice, rank) in product(best, zip(choices, ranks, strict=True))
        ]
        # Those of a single part stay in the order of the search.
        most = decoding.n_best
        best = longer if len(longer) <= most else nlargest(most, longer, key=_chain_rank)
    return Result(segment, tuple(_join(pieces, chain, model) for chain in best))


class _Chain(NamedTuple):
    """One hypothesis for each part so far.

    Attributes:
        total: their log-probability.
        rank: how far they are below the best ones, by what the search maximizes; at most 0.
        before: the chain without the last part.
        last: the last part's hypothesis.
    """

    total: float
    rank: float
    before: _Chain | None
    last: Hypothesis


def _rank(hypothesis: Hypothesis, length_penalty: float) -> float:
    """What the search maximizes: the log-probability by a power of the length."""
    total = hypothesis.score * hypothesis.tokens
    return total / float(max(1, hypothesis.tokens) ** length_penalty)


def _chain_rank(chain: _Chain) -> float:
    return chain.rank


def _join(pieces: list[Piece], chain: _Chain, model: Model) -> Hypothesis:
    hypotheses: list[Hypothesis] = []
    link: _Chain = chain
    while link.before is not None:
        hypotheses.append(link.last)
        link = link.before
    texts: list[str] = []
    links: list[Link] | None = None
    holes: list[int] = []
    source = target = 0  # where the piece begins, and its hypothesis
    for piece, hypothesis in zip(pieces, reversed(hypotheses), strict=True):
        text = one_line(hypothesis.text) if piece.tokens else hypothesis.text
        if texts and _run_together(texts[-1], piece.lead + text):
            texts.append(" ")
            target += 1
        target += len(piece.lead)
        if hypothesis.attention is not None:
            links = links or []
            links += [
                (source + first, source + last, target + start, target + end)
                for first, last, start, end in model.links(piece.text, hypothesis)
            ]
        holes += [target + place for place in hypothesis.holes]
        texts.append(f"{piece.lead}{text}{piece.tail}")
        source += len(piece.text)
        target += len(text) + len(piece.tail)
    tokens = sum(hypothesis.tokens for hypothesis in hypotheses)
    return Hypothesis(
        "".join(texts),
        chain.total / tokens if tokens else 0.0,
        tokens,
        any(hypothesis.truncated for hypothesis in hypotheses),
        None if links is None else tuple(links),
        holes=tuple(holes),
    )


def _run_together(left: str, right: str) -> bool:
    """Whether sentences of a script without spaces would meet in one with spaces."""
    return left[-1:] in (".", "!", "?", "…") and right[:1].isalnum() and right[:1].isascii()
