"""What a model did for a hypothesis: which tokens belong together, and how likely each was."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from s2scli.data import Decoding, Detail, Hypothesis, Result, Span
from s2scli.errors import UsageError
from s2scli.inference.model import Model
from s2scli.text.pharaoh import Pairs, pairs_of_words, words_of

__all__ = [
    "LogProb",
    "aligned_tokens",
    "aligned_words",
    "detailed",
    "log_probs_of_tokens",
    "log_probs_of_words",
    "with_log_probs",
]


class LogProb(NamedTuple):
    """A part of a hypothesis and its natural log-probability."""

    text: str
    log_prob: float


def detailed(model: Model, decoding: Decoding, *, given: bool) -> Decoding:
    """The decoding whose hypotheses come with their tokens, and with attention if there is any.

    Args:
        model: what decodes.
        decoding: how.
        given: whether something is put into what the model writes, as terms or placeholders are.

    Raises:
        UsageError: they are.
    """
    if given:
        raise UsageError(
            "details tell what the model wrote, which protect, glossary and below change"
        )
    return replace(decoding, detail=True, alignment=model.engine.attends)


def with_log_probs(blocks: Iterable[list[Result]], model: Model) -> Iterator[list[Result]]:
    """Results whose hypotheses know how likely each of their tokens was, by teacher forcing.

    Args:
        blocks: results that were decoded with ``detail``.
        model: what decoded them.
    """
    for block in blocks:
        details = [d for one in block for h in one.hypotheses for d in h.details]
        scored = iter(_scored(details, model))
        yield [
            replace(
                one,
                hypotheses=tuple(
                    replace(h, details=tuple(next(scored) for _ in h.details))
                    for h in one.hypotheses
                ),
            )
            for one in block
        ]


def _scored(details: Sequence[Detail], model: Model) -> Iterator[Detail]:
    """The same with log-probabilities."""
    sources = [list(detail.source) for detail in details]
    targets = [[*detail.given, *detail.target] for detail in details]
    rows = model.score(sources, targets) if details else []
    for detail, row in zip(details, rows, strict=True):
        first = len(detail.given)
        last = first + len(detail.target) + bool(detail.end)
        yield detail._replace(log_probs=tuple(min(0.0, value) for value in row[first:last]))


def aligned_words(result: Result, hypothesis: Hypothesis) -> Pairs:
    """The words of a line and of its hypothesis that belong together (``text.pharaoh``)."""
    return pairs_of_words(result.segment.text, hypothesis.text, hypothesis.links or ())


def aligned_tokens(hypothesis: Hypothesis) -> Pairs:
    """Each target token with the source token that it belongs to.

    That is the token of the text which got the largest share of all its attention from there, as
    for words (``s2scli.text.alignment``). Positions are those among all tokens that the model read,
    its prefix and suffix counted, and among those that it wrote; of a line that was decoded in
    parts, one part after the other.
    """
    found: Pairs = []
    before = written = 0
    for detail in hypothesis.details:
        found += [
            (before + source, written + target)
            for target, source in enumerate(_most_attended(detail))
        ]
        before += len(detail.source)
        written += len(detail.target)
    return found


def _most_attended(detail: Detail) -> list[int]:
    columns = range(*detail.own)
    if not detail.attention or not columns:
        return []
    totals = [sum(row[column] for row in detail.attention) or 1.0 for column in columns]
    return [
        max(columns, key=lambda column: row[column] / totals[column - columns.start])
        for row in detail.attention
    ]


def log_probs_of_tokens(hypothesis: Hypothesis) -> list[LogProb]:
    """The target tokens, end tokens included, each with its log-probability."""
    return [
        LogProb(token, value)
        for detail in hypothesis.details
        for token, value in zip((*detail.target, detail.end), detail.log_probs, strict=False)
    ]


def log_probs_of_words(hypothesis: Hypothesis) -> list[LogProb]:
    """The words of a hypothesis, each with the log-probability of its tokens, and end tokens.

    Words are what white space separates; a token of several is counted to all of them together.
    """
    found: list[LogProb] = []
    borders = words_of(hypothesis.text)
    for detail in hypothesis.details:
        found += _words(hypothesis.text, borders, detail)
        if detail.end and detail.log_probs:
            found.append(LogProb(detail.end, detail.log_probs[-1]))
    return found


def _words(text: str, borders: Sequence[Span], detail: Detail) -> Iterator[LogProb]:
    """The words of a part, and what its tokens give them."""
    numbers = {place: n for n, word in enumerate(borders) for place in range(*word)}
    groups: list[tuple[int, int, list[float]]] = []  # characters, and log-probabilities
    before: list[float] = []  # of tokens that write nothing: they are counted to the next word
    for (start, end), value in zip(detail.spans, detail.log_probs, strict=False):
        inner = re.search(r"\S", text[start:end])
        if inner is None:
            before.append(value)
            continue
        start += inner.start()
        if groups and numbers[start] == numbers.get(groups[-1][1] - 1):
            first, _, values = groups.pop()
            groups.append((first, end, [*values, *before, value]))
        else:
            groups.append((start, end, [*before, value]))
        before = []
    if groups:
        groups[-1][2].extend(before)
    for start, end, values in groups:
        yield LogProb(text[start:end].strip(), math.fsum(values))
