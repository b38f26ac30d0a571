"""Translation through a third language: what one model writes is what the next one reads.

Each text is translated by the first model as a whole, and what comes out by the second. Both work
at the same time: the second begins as soon as the first has written something, and no more waits
between them than the second one's window holds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from s2scli.data import Hypothesis, Monitor, Result, Segment
from s2scli.inference.model import Model

__all__ = ["VIA", "Counting", "relayed", "with_search"]

VIA = "via"  # the name of the note
# What is said of outputs, and not of what stands between: their number, their words.
OF_OUTPUTS = ("n_best", "prefix", "suppress_words", "replace_unknowns")

Translate = Callable[[Iterable[list[Segment]]], Iterator[list[Result]]]


def with_search(model: Model, given: Mapping[str, Any]) -> Model:
    """The same model, with the options of a search for the model before it too, if there is one.

    Args:
        model: the model.
        given: the options, by name; those of outputs do not count.

    Raises:
        UsageError: one is out of range.
    """
    if model.before is None:
        return model
    known = {name: value for name, value in given.items() if name not in OF_OUTPUTS}
    first = model.before.model
    decoding = first.decoding({name: value for name, value in known.items() if value is not None})
    return model.after(
        first, replace(decoding, min_length=min(decoding.min_length, decoding.max_length))
    )


class Counting:
    """A monitor for two models at once: it is told of one batch at a time.

    Args:
        monitor: the run's.
    """

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._lock = threading.Lock()

    def decoded(self, pieces: int, source_tokens: int, target_tokens: int) -> None:
        """A batch has been decoded."""
        with self._lock:
            self._monitor.decoded(pieces, source_tokens, target_tokens)

    def finished(self, results: Sequence[Result]) -> None:
        """The run itself tells of results."""


def relayed(
    blocks: Iterable[list[Segment]], first: Translate, second: Translate, language: str
) -> Iterator[list[Result]]:
    """Segments translated by two models, one after the other.

    Args:
        blocks: lists of segments.
        first: translates them.
        second: translates what comes out.
        language: the language between.

    Yields:
        Lists of results for the segments, in the order of the second: scores and tokens are those
        of the second model; links lead from the segments; the note ``via`` has the text between.
    """
    given: dict[int, Segment] = {}
    between: dict[int, Result] = {}

    def texts() -> Iterator[list[Segment]]:
        for block in blocks:
            given.update((segment.index, segment) for segment in block)
            # A prefix is for the last of all outputs.
            yield [replace(s, prefix=None) if s.prefix is not None else s for s in block]

    def relays() -> Iterator[list[Segment]]:
        for results in first(texts()):
            between.update((result.segment.index, result) for result in results)
            yield [
                replace(r.segment, text=r.text, prefix=given[r.segment.index].prefix)
                for r in results
            ]

    for results in second(relays()):
        yield [
            _whole(given.pop(number), between.pop(number), result, language)
            for result in results
            for number in [result.segment.index]
        ]


def _whole(segment: Segment, first: Result, second: Result, language: str) -> Result:
    """The result of a segment."""
    if not first.hypotheses:  # nothing to translate
        return Result(segment, notes=second.notes)
    best = first.hypotheses[0]
    note = {
        "language": language,
        "text": best.text,
        "score": round(best.score, 6),
        "tokens": best.tokens,
        "truncated": best.truncated,
    }
    # What the second has nothing to translate in stays as the first wrote it.
    last = second.hypotheses or (Hypothesis(second.segment.text, 0.0, 0),)
    hypotheses = tuple(_linked(best, hypothesis) for hypothesis in last)
    return Result(segment, hypotheses, {**second.notes, VIA: note})


def _linked(first: Hypothesis, second: Hypothesis) -> Hypothesis:
    """The last hypothesis with links to the first text, and cut off if either is."""
    links = None
    if first.links is not None and second.links is not None:
        from s2scli.text.composition import composed

        links = composed(first.links, second.links)
    return replace(second, links=links, truncated=first.truncated or second.truncated)
