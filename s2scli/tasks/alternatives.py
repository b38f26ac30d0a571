"""Other continuations: the likeliest next tokens in one place, each carried on to the end."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from s2scli.data import Decoding, Hypothesis, Monitor, Piece, Result, Segment
from s2scli.errors import BadInputError, UsageError
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.decoding import ranking_engine
from s2scli.inference.model import Model
from s2scli.tasks.translate import is_parted, piece_of
from s2scli.text.oneline import one_line

__all__ = ["MOST", "alternatives", "asked"]

MOST = 100  # of one text
NOTE = "alternatives"
DIGITS = 6  # of a probability

_First = tuple[str, float]  # a token, and its natural log-probability


@dataclass(slots=True)
class _Place:
    """A segment whose alternatives are decoded.

    Attributes:
        begun: the text up to the place.
        firsts: the first token of each alternative, likeliest first.
        found: the alternatives that are there.
    """

    begun: str = ""
    firsts: list[_First] = field(default_factory=list)
    found: list[Hypothesis] = field(default_factory=list)


def asked(decoding: Decoding, count: int) -> Decoding:
    """The decoding for so many alternatives.

    Raises:
        UsageError: the number is out of range, or other outputs than the likeliest are asked for.
    """
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST:
        raise UsageError(f"The number of alternatives is {count!r}; it goes from 1 to {MOST}")
    if decoding.sample or decoding.n_best > 1:
        raise UsageError(
            "sample and n_best cannot be combined with alternatives", "Leave them out."
        )
    return replace(decoding, n_best=count)


def alternatives(
    blocks: Iterable[list[Segment]],
    model: Model,
    decoding: Decoding,
    options: FlowOptions,
    monitor: Monitor | None = None,
) -> Iterator[list[Result]]:
    """Translate segments in several ways, which part in one place: after the prefix.

    The first tokens are those that the model finds likeliest there, without those that the options
    forbid; each is carried on as the options say. The end of the text may be one of them.

    Args:
        blocks: lists of segments; one may have a prefix of its own.
        model: what translates them.
        decoding: how, as ``asked`` returns it.
        options: memory and time.
        monitor: told how far the run has come.

    Yields:
        Lists of results in the order of the segments. The note ``alternatives`` has the first
        token of each hypothesis and its probability.

    Raises:
        BadInputError: a segment is not translated as one piece, or its prefix leaves no room; all
            results before it have been yielded.
        UsageError: the engine does not tell what else a model could have written.
    """
    places: deque[_Place] = deque()
    pieces = _pieces(blocks, model, decoding, places)
    for run in stream(pieces, model, decoding, options, monitor):
        results = []
        for piece, hypotheses in run:
            place = places[0]
            if place.firsts:
                place.found.append(_alternative(piece, place, hypotheses))
            if piece.last:
                results.append(_result(piece.segment, places.popleft()))
        if monitor:
            monitor.finished(results)
        if results:
            yield results


def _alternative(piece: Piece, place: _Place, hypotheses: tuple[Hypothesis, ...]) -> Hypothesis:
    """A hypothesis whose first token counts in its score."""
    _, log_prob = place.firsts[len(place.found)]
    rest = hypotheses[0] if hypotheses else Hypothesis(place.begun, 0.0, 0)
    tokens = rest.tokens + 1
    text = f"{piece.lead}{one_line(rest.text)}{piece.tail}"
    return Hypothesis(text, (rest.score * rest.tokens + log_prob) / tokens, tokens, rest.truncated)


def _result(segment: Segment, place: _Place) -> Result:
    notes: list[dict[str, Any]] = [
        {"token": token, "probability": round(math.exp(log_prob), DIGITS)}
        for token, log_prob in place.firsts
    ]
    return Result(segment, tuple(place.found), {NOTE: notes})


def _pieces(
    blocks: Iterable[list[Segment]], model: Model, decoding: Decoding, places: deque[_Place]
) -> Iterator[list[Piece]]:
    for block in blocks:
        ready: list[Piece] = []
        try:
            for segment in block:
                ready += _of(segment, model, decoding, places)
        except BadInputError:
            yield ready
            raise
        yield ready


def _of(segment: Segment, model: Model, decoding: Decoding, places: deque[_Place]) -> list[Piece]:
    """A piece for each alternative; without tokens if nothing follows the first one."""
    text, line = segment.text, segment.index + 1
    tokens = [] if is_parted(text, model.budget) else model.encode([text])[0]
    if is_parted(text, model.budget) or len(tokens) > model.budget:
        raise BadInputError(
            f"Line {line} is translated in parts, and alternatives are of a whole line",
            "Shorten it, and leave out tabs.",
        )
    whole = piece_of(segment, 0, text, tokens, model, last=True)
    prefix = decoding.prefix if segment.prefix is None else model.prefix(segment.prefix)
    if len(prefix) + 2 >= decoding.max_length:
        raise BadInputError(
            f"The prefix of line {line} has {len(prefix)} tokens, and an output has at most "
            f"{decoding.max_length}",
            "Shorten it, or allow more with --max-length.",
        )
    if not whole.tokens:
        places.append(_Place())
        return [whole]
    firsts = _firsts(whole.tokens, prefix, model, decoding)
    (begun,) = model.tokenizer.decode([list(prefix)], "") if prefix else [""]
    places.append(_Place(begun, firsts))
    ends = _ends(model, decoding)
    own = replace(decoding, n_best=1)
    return [
        whole._replace(
            part=part,
            tokens=[] if token in ends else whole.tokens,
            last=part + 1 == len(firsts),
            decoding=replace(own, prefix=(*prefix, token)),
        )
        for part, (token, _) in enumerate(firsts)
    ]


def _firsts(
    source: list[str], prefix: tuple[str, ...], model: Model, decoding: Decoding
) -> list[_First]:
    """The likeliest tokens after a prefix that may come there, with their log-probabilities."""
    sized = decoding.sized(len(source))
    # A sequence forbids its last token where all the others stand before it.
    forbidden = {row[-1] for row in sized.suppress if (*prefix, row[-1])[-len(row) :] == row}
    if sized.no_unknown:
        forbidden.add(model.engine.unknown_token)
    if len(prefix) < sized.min_length:
        forbidden |= _ends(model, decoding)
    engine, frame = ranking_engine(model), model.frame
    count = sized.n_best + len(forbidden)
    given = (frame.target_prefix, frame.start_given)
    ((*_, place),) = engine.ranked([source], [list(prefix)], count, *given)
    return [one for one in place.best if one[0] not in forbidden][: sized.n_best]


def _ends(model: Model, decoding: Decoding) -> set[str]:
    return set(decoding.ends) or {model.manifest.tokenizer.end}
