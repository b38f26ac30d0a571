"""What is summarized, how, and what comes of it: a tree of summaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from s2scli.data import Hypothesis, Result, Segment
from s2scli.errors import UsageError
from s2scli.plugs import suggestion
from s2scli.tasks import STRATEGIES
from s2scli.tasks.lengths import Length
from s2scli.tasks.steps import GUARD

__all__ = ["Node", "SourceText", "Strategy", "Summary"]


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text to be summarized.

    Attributes:
        index: its number among the documents, from 0.
        name: what a person calls it.
        text: the whole of it.
        ending: what stood after it, if it was a line.
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
        name: a key of ``s2scli.tasks.STRATEGIES``.
        length: how long the summary should be; None for what the model was made for.
        overlap: how many sentences of a chunk the next one begins with again.
    """

    name: str = "hierarchical"
    length: Length | None = None
    overlap: int = 0

    def __post_init__(self) -> None:
        """Refuse what means nothing."""
        if self.name not in STRATEGIES:
            raise UsageError(
                f"There is no strategy {self.name!r}", suggestion(self.name, STRATEGIES)
            )
        if self.overlap < 0:
            raise UsageError("overlap must be at least 0")


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
        findings: what the guard has found, as in the notes of a result.
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
    findings: tuple[Mapping[str, Any], ...] = ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of a document: one for every document, always.

    Attributes:
        document: the document.
        nodes: what the summary is made of, in order; none if there was nothing to summarize.
        left_out: how many characters at the end were not read, with the strategy ``lead``.
        shorter: whether the document has fewer words than were asked for.
    """

    document: SourceText
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
        best = Hypothesis(self.text, score, tokens, self.truncated)
        return Result(segment, (best,), self.notes)

    @property
    def notes(self) -> dict[str, Any]:
        """What the guard has found, as in the notes of a result.

        Where the summary was made of others, each finding has the characters of the document that
        it is about: ``start`` and ``end``.
        """
        nodes = self.all_nodes
        rows = [
            {**row, "start": node.start, "end": node.end} if len(nodes) > 1 else dict(row)
            for node in nodes
            for row in node.findings
        ]
        return {GUARD: rows} if rows else {}

    @property
    def all_nodes(self) -> list[Node]:
        """The whole tree."""
        return [node for root in self.nodes for node in root.walk()]

    @property
    def truncated(self) -> bool:
        """Whether the summary, or one that it is made from, was cut off at the maximum length."""
        return any(node.truncated for node in self.all_nodes)

    @property
    def levels(self) -> int:
        """The number of levels of the tree."""
        return max((node.level for node in self.nodes), default=0)

    @property
    def chunks(self) -> list[Node]:
        """The summaries of the text itself, in its order."""
        return [node for node in self.all_nodes if not node.children]
