"""Generative question answering: a question and a context in, an answer out.

A context that does not fit the model is divided into passages, which are ranked by BM25; the best
are read, each on its own, and the answer that the model itself finds likeliest is taken.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from s2scli.data import Decoding, Hypothesis, Monitor, Piece, Result, Segment, Span
from s2scli.errors import BadInputError, UsageError
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.model import Model
from s2scli.text.bm25 import rank
from s2scli.text.budget import surely_over
from s2scli.text.packing import pack, units
from s2scli.text.segmenter import sentence_splitter

__all__ = [
    "RANKING",
    "Answer",
    "Answering",
    "Candidate",
    "Question",
    "answer",
]

RANKING = "bm25"
ROOM_STEP = 16  # tokens; so that questions of like lengths share the passages of a context
BESIDE = 2  # tokens that a text may have more beside a prompt than on its own


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a text.

    Attributes:
        index: its number, from 0.
        text: the question.
        context: what it is about.
        name: its identifier, if it has one.
        references: right answers, if they are known; for evaluation.
        fields: what else its record of JSON lines holds.
    """

    index: int
    text: str
    context: str
    name: str = ""
    references: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answering:
    """How questions are answered.

    Attributes:
        passages: how many passages of a long context are read.
        overlap: how many sentences of a passage the next one begins with again.
        threshold: an answer with a lower score (mean log-probability of a token) is none.
    """

    PASSAGES: ClassVar[int] = 4
    OVERLAP: ClassVar[int] = 1

    passages: int = PASSAGES
    overlap: int = OVERLAP
    threshold: float | None = None

    def __post_init__(self) -> None:
        """Refuse what means nothing."""
        if self.passages < 1 or self.overlap < 0:
            raise UsageError("passages must be at least 1, and overlap at least 0")
        if self.threshold is not None and math.isnan(self.threshold):
            raise UsageError("threshold is not a number")


@dataclass(frozen=True, slots=True)
class Candidate:
    """The model's answer from one passage.

    Attributes:
        hypothesis: the answer and its score.
        start, end: the passage is ``context[start:end]``.
        rank: the passage's rank, from 1; 0 if the whole context was read.
        relevance: its BM25 score; 0 if the whole context was read.
    """

    hypothesis: Hypothesis
    start: int
    end: int
    rank: int = 0
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a question: one for every question, always.

    Attributes:
        question: the question.
        candidates: one for each passage that was read, likeliest first.
        passages: how many passages the context has; 1 if it was read as a whole.
        text: the answer; empty if there is none.
    """

    question: Question
    candidates: tuple[Candidate, ...]
    passages: int
    text: str

    @property
    def best(self) -> Candidate | None:
        """The candidate that the answer is taken from."""
        return self.candidates[0] if self.candidates else None

    @property
    def result(self) -> Result:
        """The answer as the result of one segment."""
        segment = Segment(self.question.index, self.question.text)
        best = self.best
        if best is None:
            return Result(segment, (Hypothesis("", 0.0, 0),))
        hypothesis = best.hypothesis
        return Result(
            segment,
            (Hypothesis(self.text, hypothesis.score, hypothesis.tokens, hypothesis.truncated),),
        )


@dataclass(slots=True)
class _Asked:
    """A question on its way."""

    question: Question
    places: list[tuple[int, int, int, float]]  # start, end, rank, relevance
    passages: int
    candidates: list[Candidate] = field(default_factory=list)


def answer(
    questions: Iterable[Question],
    model: Model,
    decoding: Decoding,
    options: FlowOptions,
    how: Answering | None = None,
    monitor: Monitor | None = None,
) -> Iterator[Answer]:
    """Answer questions.

    Args:
        questions: as they become available.
        model: a model, ready for the job ``answer``.
        decoding: how, as ``Model.decoding`` returns it.
        options: memory and time.
        how: what to do with long contexts, and which answers count.
        monitor: told how far the run has come.

    Yields:
        An answer to each question, in order; to a blank question or about a blank context, none.

    Raises:
        BadInputError: a question leaves no room for a context.
    """
    how = how or Answering()
    asked: deque[_Asked] = deque()
    pieces = _pieces(questions, model, how, asked)
    for run in stream(pieces, model, decoding, options, monitor):
        for piece, hypotheses in run:
            current = asked[0]
            if hypotheses:
                candidate = Candidate(hypotheses[0], *current.places[piece.part])
                current.candidates.append(candidate)
            if piece.last:
                found = _answer(asked.popleft(), how)
                if monitor:
                    monitor.finished([found.result])
                yield found


def _answer(asked: _Asked, how: Answering) -> Answer:
    ranked = sorted(asked.candidates, key=lambda c: (-c.hypothesis.score, c.rank))
    # A passage that says nothing of the question is no reason to give no answer.
    ranked.sort(key=lambda candidate: not candidate.hypothesis.text)
    best = ranked[0].hypothesis if ranked else None
    below = best is not None and how.threshold is not None and best.score < how.threshold
    text = best.text if best and not below else ""
    return Answer(asked.question, tuple(ranked), asked.passages, text)


def _pieces(
    questions: Iterable[Question], model: Model, how: Answering, asked: deque[_Asked]
) -> Iterator[list[Piece]]:
    passages = _Passages(model, how.overlap)
    for question in questions:
        segment = Segment(question.index, question.text)
        if not question.text.strip() or not question.context.strip():
            asked.append(_Asked(question, [], 0))
            yield [Piece(segment, 0, [])]
            continue
        spans = passages.of(question)
        places = _best(question, spans, how.passages)
        asked.append(_Asked(question, places, len(spans)))
        texts = [question.context[start:end].strip() for start, end, _, _ in places]
        records = [{"question": question.text.strip(), "context": text} for text in texts]
        encoded = model.encode_fields(records)
        yield [
            Piece(segment, part, model.source(tokens), last=part + 1 == len(places))
            for part, tokens in enumerate(encoded)
        ]


def _best(
    question: Question, spans: Sequence[Span], most: int
) -> list[tuple[int, int, int, float]]:
    """The passages to be read, best first."""
    if len(spans) == 1:
        return [(*spans[0], 0, 0.0)]
    ranked = rank(question.text, [question.context[start:end] for start, end in spans])
    return [
        (*spans[position], place, relevance)
        for place, (position, relevance) in enumerate(ranked[:most], 1)
    ]


class _Passages:
    """Divides contexts; many questions in a row may have the same."""

    def __init__(self, model: Model, overlap: int) -> None:
        self._model = model
        self._overlap = overlap
        self._split = sentence_splitter(model.source_language)
        self._last: tuple[str, int] = ("", 0)
        self._spans: list[Span] = []

    def of(self, question: Question) -> list[Span]:
        """The spans of the context that fit into the model together with the question.

        Raises:
            BadInputError: nothing would fit beside it.
        """
        model = self._model
        bare = model.encode_fields([{"question": question.text.strip(), "context": ""}])[0]
        room = (model.budget - len(bare)) // ROOM_STEP * ROOM_STEP
        if room < ROOM_STEP:
            raise BadInputError(
                f"Question {question.name or question.index + 1} has {len(bare)} tokens with the "
                f"prompt; the model takes {model.budget}, including the context",
                "Ask in fewer words.",
            )
        if (question.context, room) != self._last:
            self._last = (question.context, room)
            self._spans = self._divided(question.context, room - BESIDE)
        return self._spans

    def _divided(self, context: str, room: int) -> list[Span]:
        encode = self._model.tokenizer.encode
        if not surely_over(context, room) and len(encode([context.strip()])[0]) <= room:
            return [(0, len(context))]
        chunks = pack(context, units(context, self._split), encode, room, self._overlap)
        spans = [(chunk.start, chunk.end) for chunk in chunks]
        return [(start, end) for start, end in spans if not context[start:end].isspace()]
