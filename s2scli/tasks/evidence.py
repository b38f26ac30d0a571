"""Where the sentences of a summary come from: the chunk, and the source sentences nearest to each.

Nearness is ROUGE-L on the words of any script: a summary need not say what its source says, so
evidence is where to look, not proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s2scli.data import Span
from s2scli.metrics.base import MetricOptions, load_metric
from s2scli.tasks.summary import Node, Summary
from s2scli.text.packing import units
from s2scli.text.sentences import Splitter

__all__ = ["METHOD", "Evidence", "SentenceOrigin", "trace"]

METHOD = "rougeL"
F_SCORE, PRECISION = 0, 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of the document, ``text[start:end]``, and its ROUGE-L with the summary's."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class SentenceOrigin:
    """The evidence for a sentence of a summary.

    Attributes:
        sentence: the sentence.
        chunk: number of the chunk among ``Summary.chunks``, from 0.
        evidence: the nearest sentences of that chunk, nearest first; may be none.
    """

    sentence: str
    chunk: int
    evidence: tuple[Evidence, ...]


def trace(summary: Summary, split: Splitter, nearest: int = 2) -> list[SentenceOrigin]:
    """The origin of each sentence of a summary.

    From the top of the tree down, the child is taken whose summary shares the longest common
    subsequence of words with the sentence.

    Args:
        summary: the summary.
        split: finds sentences.
        nearest: the most sentences of evidence for each.
    """
    numbers = {id(node): number for number, node in enumerate(summary.chunks)}
    origins = []
    for root in summary.nodes:
        for start, end in split(root.text, 0, len(root.text)):
            sentence = root.text[start:end].strip()
            if sentence:
                leaf = _leaf(sentence, root)
                found = _nearest(sentence, summary.document.text, leaf, split)[:nearest]
                origins.append(SentenceOrigin(sentence, numbers[id(leaf)], tuple(found)))
    return origins


def _leaf(sentence: str, node: Node) -> Node:
    while node.children:
        shared = _scores(sentence, [child.text for child in node.children], PRECISION)
        node = node.children[shared.index(max(shared))]
    return node


def _nearest(sentence: str, text: str, leaf: Node, split: Splitter) -> list[Evidence]:
    part = text[leaf.start : leaf.end]
    spans = [_bare(part, (unit.start, unit.end)) for unit in units(part, split)]
    scores = _scores(sentence, [part[start:end] for start, end in spans], F_SCORE)
    ranked = sorted(zip(scores, spans, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return [
        Evidence(leaf.start + start, leaf.start + end, score)
        for score, (start, end) in ranked
        if score > 0
    ]


def _bare(text: str, span: Span) -> Span:
    """A span without the white space around it."""
    inside = text[slice(*span)]
    start = span[0] + len(inside) - len(inside.lstrip())
    return start, max(start, span[1] - len(inside) + len(inside.rstrip()))


def _scores(sentence: str, candidates: Sequence[str], column: int) -> list[float]:
    metric = load_metric(METHOD, MetricOptions(rouge_words="unicode"))
    rows = metric.statistics([sentence] * len(candidates), [[text] for text in candidates])
    return [row[column] for row in rows]
