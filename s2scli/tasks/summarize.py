"""Summaries of texts of any length: documents → chunks → stream → a tree of summaries.

A document that fits the model is one chunk, and its summary what the model says of it. A longer
one is cut into chunks along its own borders; each is summarized, then the summaries together,
level by level, until one is left. Every sentence of the document is in some chunk.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from s2scli.data import Decoding, Hypothesis, Monitor, Piece, Result, Segment
from s2scli.errors import BadInputError
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.model import Model
from s2scli.tasks.lengths import Length, bounded, count_words, suffices
from s2scli.text.blocks import Border
from s2scli.text.packing import Chunk, Unit, pack, units
from s2scli.text.segmenter import sentence_splitter

__all__ = ["STRATEGIES", "Document", "Node", "Strategy", "Summary", "summarize"]

STRATEGIES = {
    "hierarchical": "summarize the parts, then their summaries together, until one is left",
    "per-chunk": "summarize the parts and put their summaries one below the other",
    "lead": "summarize only what fits into the model from the beginning",
}
# A text with more characters than this for each token of the budget is not tokenized whole.
CHARACTERS_A_TOKEN = 8
# Higher levels are decoded when the documents that wait for them have so many characters.
WAITING_CHARACTERS = 1 << 17
MOST_WAITING = 256  # documents
MOST_LEVELS = 32


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be summarized.

    Attributes:
        index: its number among the documents, from 0.
        name: what a person calls it.
        text: the whole of it.
        ending: what stood behind it, if it was a line.
        fields: what else its record of JSON lines holds.
    """

    index: int
    name: str
    text: str
    ending: str = "\n"
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Strategy:
    """How a document is summarized.

    Attributes:
        name: a key of ``STRATEGIES``.
        length: how long the summary shall be; None for what the model was made for.
        overlap: how many sentences of a chunk the next one begins with again.
    """

    name: str = "hierarchical"
    length: Length | None = None
    overlap: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a document and its summary.

    Attributes:
        start, end: the part is ``document.text[start:end]``.
        fresh: up to here, the part repeats the one before it.
        level: 1 for a summary of the text itself, 2 for one of such summaries …
        text: the summary.
        score: mean natural-log-probability of a token of it, at most 0.
        tokens: how many it has, the end token counted.
        source_tokens: how many the model has read for it.
        truncated: whether the maximum length cut it off.
        children: the nodes whose summaries it summarizes.
    """

    start: int
    end: int
    fresh: int
    level: int
    text: str
    score: float
    tokens: int
    source_tokens: int
    truncated: bool
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a document: one for every document, always.

    Attributes:
        document: the document.
        nodes: what the summary is made of, in order; none if there was nothing to summarize.
        left_out: how many characters at the end were not read, with the strategy ``lead``.
        shorter: whether the document has fewer words than were asked for.
    """

    document: Document
    nodes: tuple[Node, ...]
    left_out: int = 0
    shorter: bool = False

    @property
    def text(self) -> str:
        """The summary."""
        return "\n".join(node.text for node in self.nodes)

    @property
    def result(self) -> Result:
        """The summary as the result of one segment."""
        document, nodes = self.document, self.nodes
        segment = Segment(document.index, document.text, document.ending)
        if not nodes:
            return Result(segment, (Hypothesis("", 0.0, 0),))
        tokens = sum(node.tokens for node in nodes)
        score = sum(node.score * node.tokens for node in nodes) / max(1, tokens)
        return Result(segment, (Hypothesis(self.text, score, tokens, self.truncated),))

    @property
    def all_nodes(self) -> list[Node]:
        """The whole tree."""
        return [node for root in self.nodes for node in root.walk()]

    @property
    def truncated(self) -> bool:
        """Whether a maximum length cut off the summary, or one that it is made from."""
        return any(node.truncated for node in self.all_nodes)

    @property
    def levels(self) -> int:
        """How many levels the tree has."""
        return max((node.level for node in self.nodes), default=0)

    @property
    def chunks(self) -> list[Node]:
        """The summaries of the text itself, in its order."""
        return [node for node in self.all_nodes if not node.children]


@dataclass(slots=True)
class _Work:
    """A document on its way."""

    document: Document
    strategy: Strategy
    spans: Sequence[Chunk] = ()
    left_out: int = 0
    words: float = 0.0  # wanted of the whole summary; 0 for what the model was made for
    shorter: bool = False
    nodes: list[Node] = field(default_factory=list)
    finished: bool = False

    def summary(self) -> Summary:
        return Summary(self.document, tuple(self.nodes), self.left_out, self.shorter)

    def share(self, parts: int) -> float:
        """How many words each of so many summaries shall have; 0 for the model's own length."""
        share = self.words / max(1, parts)
        return share if parts == 1 or suffices(share) else 0.0

    @property
    def is_final(self) -> bool:
        """Whether no higher level is wanted."""
        if len(self.nodes) <= 1 or self.strategy.name != "hierarchical":
            return True
        return self.share(len(self.nodes)) > 0


def summarize(
    documents: Iterable[Document],
    model: Model,
    decoding: Decoding,
    options: FlowOptions,
    strategy: Strategy | None = None,
    monitor: Monitor | None = None,
) -> Iterator[Summary]:
    """Summarize documents.

    Args:
        documents: as they become available.
        model: a model, ready for the job ``summarize``.
        decoding: how, as ``Model.decoding`` gives it.
        options: memory and time.
        strategy: what to do with long ones, and how long the summaries shall be.
        monitor: told of every batch.

    Yields:
        A summary for each document, in order, as soon as its turn has come.

    Raises:
        BadInputError: what ``documents`` raised, after the summaries of all before it.
    """
    tasks = _Summarizer(model, decoding, options, strategy or Strategy(), monitor)
    waiting: list[_Work] = []
    try:
        for work in tasks.leaves(documents):
            waiting.append(work)
            weight = sum(map(_weight, waiting))
            enough = weight >= WAITING_CHARACTERS or len(waiting) >= MOST_WAITING
            if enough or waiting[0].is_final:
                ready, waiting = waiting, []
                yield from tasks.finish(ready)
    except BadInputError:  # what came before it is good
        yield from tasks.finish(waiting)
        raise
    yield from tasks.finish(waiting)


def _weight(work: _Work) -> int:
    return 0 if work.is_final else sum(len(node.text) for node in work.nodes)


class _Summarizer:
    """What is the same for all documents of a run."""

    def __init__(
        self,
        model: Model,
        decoding: Decoding,
        options: FlowOptions,
        strategy: Strategy,
        monitor: Monitor | None,
    ) -> None:
        self._model = model
        self._decoding = decoding
        self._options = options
        self._strategy = strategy
        self._monitor = monitor
        self._split = sentence_splitter(model.source_language)
        self._room = model.room

    def leaves(self, documents: Iterable[Document]) -> Iterator[_Work]:
        """Documents with the summaries of their chunks."""
        begun: deque[_Work] = deque()
        pieces = self._leaf_pieces(documents, begun)
        for run in stream(pieces, self._model, self._decoding, self._options, self._monitor):
            for piece, hypotheses in run:
                work = begun[0]
                if hypotheses:
                    chunk = work.spans[piece.part]
                    work.nodes.append(_node(chunk, 1, piece, hypotheses[0]))
                if piece.last:
                    yield begun.popleft()

    def finish(self, works: Sequence[_Work]) -> Iterator[Summary]:
        """Climb to the level that is wanted."""
        for level in range(2, MOST_LEVELS):
            rising = [work for work in works if not work.finished and not work.is_final]
            if not rising:
                break
            self._climb(rising, level)
        for work in works:
            summary = work.summary()
            if self._monitor:
                self._monitor.finished([summary.result])
            yield summary

    def _leaf_pieces(
        self, documents: Iterable[Document], begun: deque[_Work]
    ) -> Iterator[list[Piece]]:
        """What the model reads of each document; the reader thread runs this."""
        for document in documents:
            work = _Work(document, self._strategy)
            work.spans = self._chunks(work)
            if self._strategy.name == "lead" and len(work.spans) > 1:
                work.left_out = len(document.text) - work.spans[0].end
                work.spans = work.spans[:1]
            self._measure(work)
            begun.append(work)
            if not work.spans:
                yield [Piece(Segment(document.index, ""), 0, [])]
            for part, chunk in enumerate(work.spans):
                text = document.text[chunk.start : chunk.end].strip()
                yield [self._piece(work, text, part, len(work.spans))]

    def _measure(self, work: _Work) -> None:
        """How many words are wanted."""
        if self._strategy.length:
            words = count_words(work.document.text)
            work.words = self._strategy.length.of(words)
            if work.words >= words:
                work.words, work.shorter = 0.0, True

    def _chunks(self, work: _Work) -> list[Chunk]:
        """The spans that the model reads one by one."""
        text = work.document.text
        if not text.strip():
            return []
        encode, room = self._model.tokenizer.encode, self._room
        if len(text) <= room * CHARACTERS_A_TOKEN and len(encode([text.strip()])[0]) <= room:
            return [Chunk(0, 0, len(text))]
        found = pack(text, units(text, self._split), encode, room, self._strategy.overlap)
        return [chunk for chunk in found if not text[chunk.start : chunk.end].isspace()]

    def _piece(self, work: _Work, text: str, part: int, parts: int) -> Piece:
        model = self._model
        tokens = model.encode([text])[0]
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
            part,
            model.source(tokens),
            last=part == parts - 1,  # heeded among the leaves only
            decoding=decoding if decoding != self._decoding else None,
        )

    def _climb(self, works: Sequence[_Work], level: int) -> None:
        """Put a level on each of some documents."""
        places = [(work, nodes) for work in works for nodes in self._group(work.nodes)]
        parts = Counter(id(work) for work, _ in places)

        def pieces() -> Iterator[list[Piece]]:
            for number, (work, nodes) in enumerate(places):
                yield [self._piece(work, _joined(nodes), number, parts[id(work)])]

        higher: dict[int, list[Node]] = {id(work): [] for work in works}
        for run in stream(pieces(), self._model, self._decoding, self._options, self._monitor):
            for piece, hypotheses in run:
                work, nodes = places[piece.part]
                chunk = Chunk(nodes[0].start, nodes[0].fresh, nodes[-1].end)
                node = _node(chunk, level, piece, hypotheses[0])
                higher[id(work)].append(replace(node, children=tuple(nodes)))
        for work in works:
            found = higher[id(work)]
            # Where a model's summaries are as long as what it reads, there is nothing to gain.
            work.finished = len(found) in (0, len(work.nodes))
            work.nodes = found or work.nodes

    def _group(self, nodes: Sequence[Node]) -> list[list[Node]]:
        """Neighbours whose summaries fit into one text; none if one is too long by itself."""
        encode = self._model.tokenizer.encode
        if any(len(tokens) > self._room for tokens in encode([node.text for node in nodes])):
            return []
        parts, text = [], ""
        for node in nodes:
            parts.append(Unit(len(text), len(text) + len(node.text) + 1, Border.PARAGRAPH))
            text += node.text + " "
        ends = [chunk.end for chunk in pack(text, parts, encode, self._room)]
        groups: list[list[Node]] = [[] for _ in ends]
        for node, part in zip(nodes, parts, strict=True):
            groups[bisect_left(ends, part.end)].append(node)
        return groups


def _joined(nodes: Sequence[Node]) -> str:
    return " ".join(node.text for node in nodes)


def _node(chunk: Chunk, level: int, piece: Piece, best: Hypothesis) -> Node:
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
    )
