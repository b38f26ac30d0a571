"""The types that travel between the layers: plain, frozen, and of the standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

__all__ = [
    "LIMITS",
    "SCORED_TASKS",
    "TASKS",
    "Attended",
    "Decoder",
    "Decoding",
    "Hypothesis",
    "Link",
    "Monitor",
    "PendingBatch",
    "Piece",
    "Result",
    "Segment",
    "Span",
    "Task",
    "Translation",
]


@dataclass(frozen=True, slots=True)
class Task:
    """What a model can be asked for; the command that asks has the same name.

    Attributes:
        unit: what its reports count.
        prompt: what a model reads for which neither the user nor the manifest says so; its slots
            are those that every other prompt must have.
        metrics: what outputs are scored by unless somebody says otherwise; none where they are
            like nothing that could be right.
        compared: those of them that a table of several models has room for.
    """

    unit: str
    prompt: str = "{text}"
    metrics: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()


TASKS = {
    "translate": Task(
        "lines",
        metrics=("bleu", "chrf", "ter", "length-ratio"),
        compared=("bleu", "chrf"),
    ),
    "summarize": Task(
        "documents",
        metrics=("rouge1", "rouge2", "rougeL", "rougeLsum", "length-ratio"),
        compared=("rouge1", "rouge2", "rougeLsum"),
    ),
    "answer": Task(
        "questions",
        prompt="question: {question} context: {context}",
        metrics=("exact-match", "token-f1"),
        compared=("exact-match", "token-f1"),
    ),
    "generate": Task("lines"),
}
SCORED_TASKS = tuple(name for name, task in TASKS.items() if task.metrics)

# Start and end of a stretch of text, in characters; the end is the first that is not of it.
Span = tuple[int, int]

# A source word and a target word that comes from it: start and end of both, in characters of the
# source text and of the target text.
Link = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """One unit of text as the user has it: here, a line.

    Attributes:
        index: position in the input, from 0.
        text: the text without its line ending.
        ending: ``"\\n"``, ``"\\r\\n"`` or ``""`` (the last line may have none).
        aligned: whether it is wanted which target words come from which of its words.
        literals: stretches of it that must come out as they are, such as its code.
    """

    index: int
    text: str
    ending: str = "\n"
    aligned: bool = False
    literals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """What the flow moves and the engine takes: a segment, or a part of a long one.

    The pieces of a segment follow each other; ``lead``, the piece's own text and ``tail``, put
    together in order, are the segment's text.

    Attributes:
        segment: the segment that it is a piece of.
        part: position in the segment, from 0.
        tokens: source tokens with the model's own prefix and suffix; empty for a piece with
            nothing to decode, which passes by the model.
        text: the piece with the white space around it, which stands for it in the output if there
            is nothing to decode; a piece whose links are not asked may leave it out.
        lead: white space before the piece, to be kept.
        tail: white space after the piece, to be kept.
        last: whether it is the last piece of its segment.
        decoding: how to decode it, if not as the others.
    """

    segment: Segment
    part: int
    tokens: list[str]
    text: str = ""
    lead: str = ""
    tail: str = ""
    last: bool = True
    decoding: Decoding | None = None


@dataclass(frozen=True, slots=True)
class Decoding:
    """Every option of one decode; hashable.

    Attributes:
        beam_size: hypotheses kept at each step; 1 is greedy search.
        n_best: hypotheses returned for each piece, at most ``beam_size``.
        length_penalty: exponent of the length by which a hypothesis' log-probability is divided
            (above 1 favours longer ones).
        max_length: limit of target tokens a piece, the end token counted; an output that
            reaches it is marked as truncated.
        min_length: least number of target tokens a piece.
        patience: a search ends when ``beam_size * patience`` hypotheses are finished
            (Kasai et al. 2022, https://arxiv.org/abs/2204.05424).
        repetition_penalty: above 1, makes tokens that were generated before less likely.
        no_repeat_ngram_size: no n-gram of this size comes twice; 0 is off.
        suppress: sequences of tokens that are never generated; most are of one token.
        ends: the tokens that end a target, if not the model's own end token.
        forced_end: whether a target that reaches ``max_length`` ends there, which takes the place
            of its last token.
        alignment: whether hypotheses come with links to the words of their source.
    """

    beam_size: int = 4
    n_best: int = 1
    length_penalty: float = 1.0
    max_length: int = 256
    min_length: int = 1
    patience: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    suppress: tuple[tuple[str, ...], ...] = ()
    ends: tuple[str, ...] = ()
    forced_end: bool = False
    alignment: bool = False


# The least and the largest value of each number in a ``Decoding`` with which the engine can work:
# beyond them it runs out of memory, or its 32-bit numbers out of range.
LIMITS: Mapping[str, tuple[float, float]] = {
    "beam_size": (1, 1000),
    "n_best": (1, 1000),
    "length_penalty": (-10.0, 10.0),
    "max_length": (1, 1_000_000),
    "min_length": (0, 1_000_000),
    "patience": (1.0, 100.0),
    "repetition_penalty": (0.01, 100.0),
    "no_repeat_ngram_size": (0, 1000),
}


class Attended(NamedTuple):
    """A target word, and how much the model looked at each source token as it wrote it.

    Attributes:
        start: where the word begins in the target text.
        end: where it ends.
        weights: for each token of the source, prefix and suffix counted, at least 0.
    """

    start: int
    end: int
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One target text for a piece or a segment.

    Attributes:
        text: the detokenized text.
        score: mean natural-log-probability of a target token, the end token counted; at most 0.
        tokens: number of target tokens, the end token counted.
        truncated: whether the maximum length cut it off.
        links: which of its words come from which of the source; None if that was not asked.
        attention: what links are found from, in a decoder's hypotheses if that was asked.
        holes: where in the text a character is missing of which the model wrote some bytes only.
        spelt: the characters that the model wrote byte by byte; empty if that is not known.
    """

    text: str
    score: float
    tokens: int
    truncated: bool = False
    links: tuple[Link, ...] | None = None
    attention: tuple[Attended, ...] | None = None
    holes: tuple[int, ...] = ()
    spelt: str = ""


class Translation(NamedTuple):
    """A target text, and which of its words come from which of the source.

    Attributes:
        text: the target text.
        links: from word to word; None if they are not known.
        total: natural-log-probability of all that was decoded for it.
        tokens: how many target tokens that are, the end tokens counted; 0 if it is not known.
        truncated: whether the maximum length cut off some of it.
    """

    text: str
    links: tuple[Link, ...] | None = None
    total: float = 0.0
    tokens: int = 0
    truncated: bool = False

    @classmethod
    def of(cls, hypothesis: Hypothesis) -> Translation:
        """What a hypothesis says."""
        total = hypothesis.score * hypothesis.tokens
        return cls(
            hypothesis.text, hypothesis.links, total, hypothesis.tokens, hypothesis.truncated
        )

    def hypothesis(self) -> Hypothesis:
        """The same as a hypothesis."""
        score = self.total / self.tokens if self.tokens else 0.0
        return Hypothesis(self.text, score, self.tokens, self.truncated, self.links)


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a segment: one for every segment, always.

    Attributes:
        segment: the segment.
        hypotheses: best first; empty if the segment had nothing to decode.
        notes: what the steps after the decoding have to say of it, each by a name of its own;
            only what JSON can hold.
    """

    segment: Segment
    hypotheses: tuple[Hypothesis, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        """The best target text; the segment's own text where nothing was decoded."""
        return self.hypotheses[0].text if self.hypotheses else self.segment.text

    @property
    def translation(self) -> Translation:
        """The best target text with its links; the segment's own text where nothing was decoded."""
        return Translation.of(self.hypotheses[0]) if self.hypotheses else Translation(self.text)

    @property
    def truncated(self) -> bool:
        """Whether the best hypothesis was cut off at the maximum length."""
        return bool(self.hypotheses) and self.hypotheses[0].truncated


class PendingBatch(Protocol):
    """A batch on its way through a decoder."""

    def result(self) -> list[tuple[Hypothesis, ...]]:
        """Wait for the batch: for each source, its hypotheses, best first.

        Raises:
            S2SError: the batch could not be decoded.
        """


class Decoder(Protocol):
    """Whatever turns source tokens into hypotheses: the engine, a pool of them, a test double."""

    @property
    def workers(self) -> int:
        """How many batches it decodes at the same time."""

    def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> PendingBatch:
        """Begin to decode a batch of source token lists, none of them empty."""


class Monitor(Protocol):
    """Receives the progress of a run. May raise to end the run."""

    def decoded(self, pieces: int, source_tokens: int, target_tokens: int) -> None:
        """A batch has been decoded."""

    def finished(self, results: Sequence[Result]) -> None:
        """The turn of these results has come."""
