"""Translation: segments → pieces → stream → steps → results. Every segment gets one, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from s2scli.data import (
    Covered,
    Decoding,
    Detail,
    Hypothesis,
    Link,
    Monitor,
    Piece,
    Result,
    Segment,
    Span,
)
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.model import Model
from s2scli.tasks.chains import Chain, Part, best_chains, joined_samples
from s2scli.tasks.prefixes import asked
from s2scli.tasks.steps import Step, asking, decoding_for, through
from s2scli.tasks.wholeness import without_holes
from s2scli.text.alignment import covered
from s2scli.text.budget import surely_over
from s2scli.text.oneline import BREAKS, one_line

if TYPE_CHECKING:
    from s2scli.text.sentences import Splitter

__all__ = ["Redecoder", "is_parted", "piece_of", "translate"]

PIECES_AT_ONCE = 64
# Tokenizers take zero-width characters and the byte order mark for white space too.
_LEAD = re.compile(r"[\s\ufeff\u200b\u2060]*")
# What parts texts within a segment: models write none of these.
_BORDERS = rf"\t+|{BREAKS}"


def translate(
    blocks: Iterable[list[Segment]],
    model: Model,
    decoding: Decoding,
    options: FlowOptions,
    monitor: Monitor | None = None,
    *,
    steps: Sequence[Step] = (),
    noting: Callable[[Result], Result] | None = None,
    by_sentence: bool = False,
) -> Iterator[list[Result]]:
    """Translate segments.

    A segment that is too long for the model is cut into pieces and put together again; white
    space around a segment is kept, and so are tabs and line breaks within it (U+2028 and a lone
    carriage return, too); a segment without any letter or digit comes out as it is.

    Args:
        blocks: lists of segments, as they become available.
        model: what translates them.
        decoding: how, as ``Model.decoding`` returns it.
        options: memory and time.
        monitor: told how far the run has come.
        steps: what happens to results before they go out.
        noting: looks at results that have gone out, and gives them to the monitor with its notes;
            None if they need no other look.
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
        if noting:
            yield block
        if monitor:
            monitor.finished([noting(result) for result in block] if noting else block)
        if not noting:
            yield block


class Redecoder:
    """Decodes texts again for steps (see ``s2scli.tasks.steps.Again``).

    Args:
        model: what decodes them.
        decoding: how the run decodes.
        options: memory and time.
        exact: gives the model in float32, or None; None for the model's own way.
    """

    def __init__(
        self,
        model: Model,
        decoding: Decoding,
        options: FlowOptions,
        exact: Callable[[], Model | None] | None = None,
    ) -> None:
        self._model = model
        self._decoding = decoding
        self._options = options
        self._exact = exact or model.in_float32

    @cached_property
    def decoding(self) -> Decoding:
        """How it decodes: the run's way, for one hypothesis with no prefix."""
        return replace(self._decoding, n_best=1, prefix=())

    @property
    def split(self) -> Splitter:
        """A function that finds the sentences of a text in the source language."""
        return _splitter(self._model)

    @cached_property
    def in_float32(self) -> Redecoder | None:
        """The same with the model's arithmetic in float32; loaded when it is first asked for."""
        model = self._exact()
        return type(self)(model, self.decoding, self._options) if model else None

    def __call__(
        self,
        texts: Sequence[str],
        *,
        aligned: bool = False,
        decoding: Decoding | None = None,
        by_sentence: bool = False,
    ) -> list[Result]:
        """Decode texts, each as a segment of its own."""
        block = [Segment(number, text, aligned=aligned) for number, text in enumerate(texts)]
        runs = self._runs(block, decoding or self.decoding, by_sentence=by_sentence)
        found = (result for results in runs for result in results)
        return sorted(found, key=lambda result: result.segment.index)

    def _runs(
        self, block: list[Segment], decoding: Decoding, *, by_sentence: bool
    ) -> Iterator[list[Result]]:
        """The results of segments, in any order."""
        return _results([block], self._model, decoding, self._options, by_sentence=by_sentence)


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
    if model.before:
        yield from _through_both(blocks, model, decoding, options, monitor, by_sentence=by_sentence)
        return
    pieces = _cut_pieces(blocks, model) if by_sentence else _pieces(blocks, model)
    pieces = asked(pieces, model, decoding)
    if decoding.is_shortlisted:
        from s2scli.inference.shortlist import apart  # few runs need it

        pieces = apart(pieces, model, decoding)
    open_: dict[int, _Parts] = {}  # by their segments' numbers
    for run in stream(pieces, model, decoding, options, monitor):
        results = []
        for part in run:
            number = part[0].segment.index
            parts = open_.setdefault(number, _Parts())
            if parts.add(part):
                whole = [without_holes(*one, model, decoding) for one in parts.in_order()]
                if decoding.replace_unknowns:
                    from s2scli.tasks.copying import with_copies  # few runs need it

                    whole = [with_copies(*one, model, decoding) for one in whole]
                results.append(_result(whole, model, decoding))
                del open_[number]
        if results:
            yield results


def _through_both(
    blocks: Iterable[list[Segment]],
    model: Model,
    decoding: Decoding,
    options: FlowOptions,
    monitor: Monitor | None,
    *,
    by_sentence: bool,
) -> Iterator[list[Result]]:
    """The same with a model that reads what another one writes."""
    from s2scli.tasks.pivot import Counting, relayed  # few runs need it

    counting = Counting(monitor) if monitor else None

    def hop(model: Model, decoding: Decoding) -> Callable[..., Iterator[list[Result]]]:
        return lambda given: _results(
            given, model, decoding, options, counting, by_sentence=by_sentence
        )

    assert model.before
    first, how = model.before
    how = replace(how, alignment=decoding.alignment)
    second = hop(model.after(None), decoding)
    yield from relayed(blocks, hop(first, how), second, first.target_language)


class _Parts:
    """The decoded pieces of a segment, as they come."""

    def __init__(self) -> None:
        self._found: list[Part] = []
        self._count = 0  # how many there are; 0 as long as that is not known

    def add(self, part: Part) -> bool:
        """Add a piece; return whether all are there."""
        self._found.append(part)
        if part[0].last:
            self._count = part[0].part + 1
        return len(self._found) == self._count

    def in_order(self) -> list[Part]:
        """The pieces in the order of the segment."""
        return sorted(self._found, key=lambda part: part[0].part)


def _pieces(blocks: Iterable[list[Segment]], model: Model) -> Iterator[list[Piece]]:
    for block in blocks:
        whole = [not is_parted(segment.text, model.budget) for segment in block]
        short = [each.text for each, one in zip(block, whole, strict=True) if one]
        encoded = iter(model.encode(short))
        ready: list[Piece] = []
        for segment, one in zip(block, whole, strict=True):
            tokens = next(encoded) if one else None
            if tokens is not None and len(tokens) <= model.budget:
                ready.append(piece_of(segment, 0, segment.text, tokens, model, last=True))
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

    def by_stretch(text: str, start: int, end: int) -> Iterator[Span]:
        for stretch in _stretches(text, start, end):
            yield from split(text, *stretch)

    text = segment.text
    found = chunks(text, model.tokenizer.encode, model.room, by_stretch)
    for part, (start, end) in enumerate(found):
        tokens = model.encode([text[start:end]])[0]
        yield piece_of(segment, part, text[start:end], tokens, model, last=end == len(text))


def is_parted(text: str, budget: int) -> bool:
    """Whether a text cannot be one piece, to judge by its characters alone."""
    if surely_over(text, budget):
        return True
    return not text.isprintable() and re.search(_BORDERS, text.strip()) is not None


def _stretches(text: str, start: int, end: int) -> Iterator[Span]:
    """A part of a text up to each tab and end of a line within it, that included."""
    for found in re.compile(_BORDERS).finditer(text, start, end):
        yield start, found.end()
        start = found.end()
    if start < end:
        yield start, end


def piece_of(
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


def _result(parts: list[Part], model: Model, decoding: Decoding) -> Result:
    """Put the parts of a segment together."""
    segment = parts[0][0].segment
    if not any(hypotheses for _, hypotheses in parts):
        return Result(segment)
    pieces = [piece for piece, _ in parts]
    chains = joined_samples(parts) if decoding.sample else best_chains(parts, decoding)
    return Result(segment, tuple(_join(pieces, chain, model) for chain in chains))


def _join(pieces: list[Piece], chain: Chain, model: Model) -> Hypothesis:
    hypotheses = chain.hypotheses()
    texts: list[str] = []
    links: list[Link] | None = None
    coverage: list[Covered] | None = None
    holes: list[int] = []
    details: list[Detail] = []
    source = target = 0  # where the piece begins, and its hypothesis
    for piece, hypothesis in zip(pieces, hypotheses, strict=True):
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
        if hypothesis.attention:
            coverage = coverage or []
            coverage += [
                (source + start, source + end, attention)
                for start, end, attention in covered(
                    model.source_spans(piece.text), hypothesis.attention
                )
            ]
        holes += [target + place for place in hypothesis.holes]
        details += [detail.shifted(target) for detail in hypothesis.details]
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
        details=tuple(details),
        copied=tuple(word for each in hypotheses for word in each.copied),
        coverage=None if coverage is None else tuple(coverage),
    )


def _run_together(left: str, right: str) -> bool:
    """Whether sentences of a script without spaces would meet in one with spaces."""
    return left[-1:] in (".", "!", "?", "…") and right[:1].isalnum() and right[:1].isascii()
