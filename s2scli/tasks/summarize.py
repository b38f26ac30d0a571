"""Summaries of texts of any length: documents → chunks → stream → a tree of summaries.

A document that fits the model is one chunk, and its summary what the model says of it. A longer
one is cut into chunks along its own borders; each is summarized, then the summaries together,
level by level, until one is left. Every sentence of the document is in some chunk.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING

from s2scli.data import Decoding, Hypothesis, Monitor, Piece, Result, Segment
from s2scli.errors import BadInputError
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.model import Model
from s2scli.tasks.guarding import UNGUARDED, Guarding
from s2scli.tasks.lengths import bounded, count_words, suffices
from s2scli.tasks.steps import GUARD
from s2scli.tasks.summary import Node, SourceText, Strategy, Summary
from s2scli.text.blocks import Border
from s2scli.text.budget import surely_over
from s2scli.text.packing import Chunk, PackedUnit, pack, units
from s2scli.text.segmenter import sentence_splitter

if TYPE_CHECKING:
    from s2scli.tasks.watching import Watch

__all__ = ["summarize"]

# Chunks are of like lengths, so that sorting many of them together gains nothing; and the sooner
# they come out, the sooner the next level can begin.
WINDOW_BATCHES = 16


@dataclass(slots=True)
class _Work:
    """A document on its way."""

    document: SourceText
    strategy: Strategy
    left_out: int = 0
    words: float = 0.0  # wanted of the whole summary; 0 for what the model was made for
    shorter: bool = False
    nodes: list[Node] = field(default_factory=list)  # of the highest level that is complete
    level: int = 0  # the level under way, and what there is of it
    fresh: list[Node] = field(default_factory=list)
    missing: int = 0
    finished: bool = False

    def begin_level(self, pieces: int) -> None:
        self.level += 1
        self.missing = pieces

    def take(self, node: Node | None) -> bool:
        """Take a node of the current level; return whether the level is complete."""
        if node is not None:
            self.fresh.append(node)
        self.missing -= 1
        if self.missing:
            return False
        # Where a model's summaries are as long as what it reads, there is nothing to gain.
        stuck = self.level > 1 and len(self.fresh) in (0, len(self.nodes))
        self.nodes, self.fresh = self.fresh or self.nodes, []
        self.finished = stuck or self._is_final
        return True

    def summary(self) -> Summary:
        return Summary(self.document, tuple(self.nodes), self.left_out, self.shorter)

    def share(self, parts: int) -> float:
        """Words per summary if there are several parts; 0 for the model's own length."""
        share = self.words / max(1, parts)
        return share if parts == 1 or suffices(share) else 0.0

    @property
    def _is_final(self) -> bool:
        """Whether no higher level is wanted."""
        if len(self.nodes) <= 1 or self.strategy.name != "hierarchical":
            return True
        return self.share(len(self.nodes)) > 0


def summarize(
    documents: Iterable[SourceText],
    model: Model,
    decoding: Decoding,
    options: FlowOptions,
    strategy: Strategy | None = None,
    monitor: Monitor | None = None,
    guarding: Guarding = UNGUARDED,
) -> Iterator[Summary]:
    """Summarize documents.

    All levels of all documents go through one stream: what a document's next level reads comes in
    among the chunks of those after it.

    Args:
        documents: as they become available.
        model: a model, ready for the job ``summarize``.
        decoding: how, as ``Model.decoding`` returns it.
        options: memory and time.
        strategy: what to do with long ones, and how long the summaries should be.
        monitor: told of every batch.
        guarding: what is done with summaries that seem wrong.

    Yields:
        A summary for each document, in order, as soon as its turn has come.

    Raises:
        BadInputError: what ``documents`` raised, after the summaries of all before it.
    """
    options = options.narrowed(WINDOW_BATCHES)
    run = _Run(model, decoding, strategy or Strategy())
    if guarding.is_on:
        from s2scli.tasks.watching import Watch

        run.watch = Watch(guarding, model, decoding, options)
    try:
        for results in stream(run.pieces(documents), model, decoding, options, monitor):
            for piece, hypotheses in results:
                run.collect(piece, hypotheses)
            for summary in run.finished():
                if monitor:
                    monitor.finished([summary.result])
                yield summary
    finally:
        run.close()


class _Run:
    """The documents under way. The reader thread makes pieces, the main loop takes results.

    A document whose level is complete goes back to the reader by a queue.

    Attributes:
        watch: what looks at each summary, if the guard is on.
    """

    def __init__(self, model: Model, decoding: Decoding, strategy: Strategy) -> None:
        self._model = model
        self._decoding = decoding
        self._strategy = strategy
        self._split = sentence_splitter(model.source_language)
        self._room = model.room
        self._order: deque[_Work] = deque()
        # For each piece its document, and what it covers: a chunk, or the nodes that it sums up.
        self._covered: deque[tuple[_Work, Chunk, tuple[Node, ...]]] = deque()
        self._rising: SimpleQueue[_Work | None] = SimpleQueue()
        self._lock = Lock()
        self._unfinished = 0
        self._exhausted = False
        self.watch: Watch | None = None

    # --- in the reader thread ---

    def pieces(self, documents: Iterable[SourceText]) -> Iterator[list[Piece]]:
        """The pieces that the model reads."""
        error: BadInputError | None = None
        try:
            for document in documents:
                yield from self._leaves(document)
                while not self._rising.empty():
                    yield from self._next_level(self._rising.get())
        except BadInputError as problem:  # what came before it is good
            error = problem
        with self._lock:
            self._exhausted = True
            waiting = self._unfinished > 0
        while waiting and (work := self._rising.get()) is not None:
            yield from self._next_level(work)
        if error:
            raise error

    def _leaves(self, document: SourceText) -> Iterator[list[Piece]]:
        work = _Work(document, self._strategy)
        whole = self._whole(document.text)
        spans = [Chunk(0, 0, len(document.text))] if whole else self._chunks(document.text)
        if self._strategy.name == "lead" and len(spans) > 1:
            work.left_out = len(document.text) - spans[0].end
            spans = spans[:1]
        self._measure(work)
        with self._lock:
            self._unfinished += 1
        self._order.append(work)
        work.begin_level(len(spans) or 1)
        if not spans:
            yield [self._nothing(work)]
        for chunk in spans:
            self._covered.append((work, chunk, ()))
            text = document.text[chunk.start : chunk.end].strip()
            yield [self._piece(work, text, len(spans), whole)]

    def _next_level(self, work: _Work | None) -> Iterator[list[Piece]]:
        if work is None:
            return
        groups = self._group(work.nodes)
        work.begin_level(len(groups) or 1)
        if not groups:
            yield [self._nothing(work)]
        for nodes in groups:
            chunk = Chunk(nodes[0].start, nodes[0].fresh, nodes[-1].end)
            self._covered.append((work, chunk, tuple(nodes)))
            text = " ".join(node.text for node in nodes)
            yield [self._piece(work, text, len(groups))]

    def _nothing(self, work: _Work) -> Piece:
        """A piece that passes by the model: there is nothing to read."""
        self._covered.append((work, Chunk(0, 0, 0), ()))
        return Piece(Segment(work.document.index, ""), 0, [])

    def _measure(self, work: _Work) -> None:
        """How many words are wanted."""
        if self._strategy.length:
            words = count_words(work.document.text)
            work.words = self._strategy.length.of(words)
            if work.words >= words:
                work.words, work.shorter = 0.0, True

    def _whole(self, text: str) -> list[str]:
        """The tokens of a text with its prompt, if they fit the model."""
        model = self._model
        if surely_over(text, model.budget) or not text or text.isspace():
            return []
        tokens = model.encode([text.strip()])[0]
        return tokens if len(tokens) <= model.budget else []

    def _chunks(self, text: str) -> list[Chunk]:
        """The spans that the model reads one by one."""
        if not text or text.isspace():
            return []
        encode, room = self._model.tokenizer.encode, self._room
        found = pack(text, units(text, self._split), encode, room, self._strategy.overlap)
        return [chunk for chunk in found if not text[chunk.start : chunk.end].isspace()]

    def _piece(self, work: _Work, text: str, parts: int, tokens: list[str] | None = None) -> Piece:
        model = self._model
        tokens = tokens or model.encode([text])[0]
        decoding = self._decoding
        if parts > 1 and work.strategy.name == "hierarchical":
            # Two summaries at least must fit into one text of the next level.
            most = max(2, self._room // 2 - 1)
            decoding = replace(
                decoding,
                max_length=min(decoding.max_length, most),
                min_length=min(decoding.min_length, most - 1),
            )
        if share := work.share(parts):
            limit = model.manifest.max_target_tokens
            wanted = bounded(decoding, share, text, len(tokens))
            most = min(limit, wanted.max_length)
            decoding = replace(
                wanted, max_length=most, min_length=min(wanted.min_length, max(1, most - 1))
            )
        return Piece(
            Segment(work.document.index, text),
            0,
            model.source(tokens),
            decoding=decoding if decoding != self._decoding else None,
        )

    def _group(self, nodes: Sequence[Node]) -> list[list[Node]]:
        """Neighbours whose summaries fit into one text; none if one is too long on its own."""
        encode = self._model.tokenizer.encode
        if any(len(tokens) > self._room for tokens in encode([node.text for node in nodes])):
            return []
        parts, text = [], ""
        for node in nodes:
            parts.append(PackedUnit(len(text), len(text) + len(node.text) + 1, Border.PARAGRAPH))
            text += node.text + " "
        ends = [chunk.end for chunk in pack(text, parts, encode, self._room)]
        groups: list[list[Node]] = [[] for _ in ends]
        for node, part in zip(nodes, parts, strict=True):
            groups[bisect_left(ends, part.end)].append(node)
        return groups

    # --- in the main loop ---

    def collect(self, piece: Piece, hypotheses: Sequence[Hypothesis]) -> None:
        """The result of the next piece."""
        work, chunk, children = self._covered.popleft()
        node = None
        if hypotheses:
            found = Result(piece.segment, tuple(hypotheses))
            if self.watch:
                found = self.watch.seen(piece, hypotheses[0])
            node = _node(chunk, work.level, piece, found, children)
        if not work.take(node):
            return
        if not work.finished:
            self._rising.put(work)
            return
        with self._lock:
            self._unfinished -= 1
            if self._exhausted and not self._unfinished:
                self._rising.put(None)

    def close(self) -> None:
        """Release the reader, which may be waiting for a level that is never completed."""
        self._rising.put(None)

    def finished(self) -> Iterator[Summary]:
        """The summaries that are next in order."""
        while self._order and self._order[0].finished:
            yield self._order.popleft().summary()


def _node(
    chunk: Chunk, level: int, piece: Piece, found: Result, children: tuple[Node, ...]
) -> Node:
    best = found.hypotheses[0]
    return Node(
        chunk.start,
        chunk.end,
        chunk.fresh,
        level,
        best.text,
        best.score,
        best.tokens,
        len(piece.tokens),
        best.truncated,
        children,
        tuple(found.notes.get(GUARD, ())),
    )
