"""What source tokens yield: counted on a model's own translations.

Each step of a greedy search is credited to the source token that got most of the cross-attention,
and to the second one if that got a good part too: the model itself is the aligner. What counts is
not only the token that was written, but each that could have been, by its probability. So a line
tells several times as much, and the candidates are those of a beam search too.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from s2scli.data import Decoding
from s2scli.flow.batches import plan
from s2scli.flow.options import FlowOptions
from s2scli.inference.engines.contract import PendingTokens, TokenHypothesis
from s2scli.inference.engines.ctranslate2 import CTranslate2Engine
from s2scli.inference.engines.recomputing import Greedy, GreedyPlan
from s2scli.inference.model import Model

__all__ = ["PARTS", "Tell", "Yields", "count", "decoded"]

WINDOW = 4096  # sources that are sorted by length together
SECOND = 0.1  # of the attention: from here on the second source token counts
MOST = 16  # tokens that count at a step
PARTS = 1000  # of an occurrence: what is counted; less than two of them do not count
LEAST = 2
BATCH = 32  # sources
LONGER, MORE = 2, 10  # a search that counts has at most twice as many steps as tokens, and ten
MOST_BYTES = 256 << 20  # of logits together
Tell = Callable[[str, float, float], None]  # stage, what is done, the whole


class Yields:
    """How often source tokens yield target tokens, in expectation.

    Attributes:
        lines: how many sources were translated.
        frequency: of each target token, in thousandths.
        by_token: of each source token, its targets, the same.
        seen: of how many steps each source token was credited.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.frequency: Counter[str] = Counter()
        self.by_token: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.seen: Counter[str] = Counter()

    def add(self, source: Sequence[str], found: Greedy, vocabulary: Sequence[str]) -> None:
        """Count a translation.

        Args:
            source: the tokens of the text, without the frame's.
            found: its search, with attention to these alone.
            vocabulary: the target tokens by their numbers.
        """
        self.lines += 1
        steps = zip(
            found.tokens.tolist(), found.shares.tolist(), found.attention.tolist(), strict=True
        )
        for numbers, shares, row in steps:
            parts = zip(numbers, (round(PARTS * share) for share in shares), strict=True)
            likely = {vocabulary[number]: part for number, part in parts if part >= LEAST}
            self.frequency.update(likely)
            for place in _looked_at(row):
                self.by_token[source[place]].update(likely)
                self.seen[source[place]] += 1


def _looked_at(row: Sequence[float]) -> Iterator[int]:
    """The place with most attention, and the second one if it has a good part."""
    first = max(range(len(row)), key=row.__getitem__, default=None)
    if first is None:
        return
    yield first
    others = (place for place in range(len(row)) if place != first)
    second = max(others, key=row.__getitem__, default=first)
    if second != first and row[second] > SECOND:
        yield second


def count(
    model: Model, engine: CTranslate2Engine, sources: Sequence[list[str]], tell: Tell
) -> Yields:
    """Translate sources greedily, and count what their tokens yield.

    Args:
        model: the model, ready for its job.
        engine: its engine.
        sources: tokens of ``Model.encode``, none of them empty.
        tell: told how far it is.
    """
    found, frame = Yields(), model.frame
    vocabulary, first = engine.stepper.tokens, len(frame.prefix)
    given = (frame.target_prefix, frame.start_given)
    for rows in _batches_for_logits(sources, len(vocabulary), model.workers):
        batch = [model.source(row) for row in rows]
        longest = min(_longest(rows[0]), frame.longest(model.manifest))
        several = engine.stepper.greedy(batch, *given, GreedyPlan(longest, MOST, BATCH))
        for row, one in zip(rows, several, strict=True):
            attention = one.attention[:, first : first + len(row)]
            found.add(row, one._replace(attention=attention), vocabulary)
        tell("translating", found.lines, len(sources))
    return found


def _batches_for_logits(
    sources: Sequence[list[str]], vocabulary: int, workers: int
) -> Iterator[list[list[str]]]:
    """Sources of about one length, longest first, as many as logits have room for."""
    for start in range(0, len(sources), WINDOW):
        rest = sorted(sources[start : start + WINDOW], key=len, reverse=True)
        while rest:
            room = MOST_BYTES // (4 * vocabulary * _longest(rest[0]))
            size = max(1, min(room, BATCH * workers))
            yield rest[:size]
            del rest[:size]


def _longest(source: Sequence[str]) -> int:
    """How many steps a search takes at most."""
    return LONGER * len(source) + MORE


def decoded(
    model: Model, sources: Sequence[list[str]], decoding: Decoding, *, alone: bool = False
) -> Iterator[tuple[int, list[TokenHypothesis]]]:
    """Decode sources in batches.

    Args:
        model: the model, ready for its job.
        sources: tokens of ``Model.encode``, none of them empty.
        decoding: how.
        alone: whether each source has a batch of its own.

    Yields:
        The place of each source, and its hypotheses.
    """
    under_way: deque[tuple[list[list[int]], PendingTokens]] = deque()
    batches = _batches(model, sources, 1 if alone else FlowOptions.on(model.device).batch_tokens)
    while True:
        for rows, places in islice(batches, model.workers + 2 - len(under_way)):
            frame = model.frame
            tokens = [model.source(row) for row in rows]
            pending = model.engine.submit(tokens, decoding, frame.target_prefix, frame.start_given)
            under_way.append((places, pending))
        if not under_way:
            return
        places, pending = under_way.popleft()
        for several, hypotheses in zip(places, pending.result(), strict=True):
            for place in several:
                yield place, hypotheses


def _batches(
    model: Model, sources: Sequence[list[str]], size: int
) -> Iterator[tuple[list[list[str]], list[list[int]]]]:
    for start in range(0, len(sources), WINDOW):
        for batch in plan(sources[start : start + WINDOW], size, model.workers):
            places = [[start + place for place in several] for several in batch.places]
            yield batch.sources, places
