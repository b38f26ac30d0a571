"""The types that travel between the layers: plain, frozen, and of the standard library only."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

__all__ = [
    "CAPTION",
    "SCORE",
    "SCORED_TASKS",
    "TASKS",
    "Attended",
    "Covered",
    "Decoder",
    "Decoding",
    "Detail",
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

CAPTION = "caption"
SCORE = "score"  # of models that write nothing


class Task(NamedTuple):
    """A task of a model; its command has the same name.

    Attributes:
        unit: what its reports count, such as lines.
        prompt: default template if neither the user nor the manifest has one; every other
            template must have its slots.
        metrics: default metrics for its outputs; none if there is no reference to compare with.
        compared: those shown in a table of several models.
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
    SCORE: Task("segments"),
    CAPTION: Task(
        "images",
        prompt="",
        metrics=("cider", "bleu", "meteor", "rougeL"),
        compared=("cider", "bleu", "meteor"),
    ),
}
SCORED_TASKS = tuple(name for name, task in TASKS.items() if task.metrics)

# Start and end of a stretch of text, in characters; the end is the first that is not of it.
Span = tuple[int, int]

# A source word and a target word that comes from it: start and end of both, in characters of the
# source text and of the target text.
Link = tuple[int, int, int, int]

# A token of a source text: start and end in characters, and the attention that it got from all
# words of a target text.
Covered = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Segment:
    """One unit of the user's text: a line.

    Attributes:
        index: position in the input, from 0.
        text: the text without its line ending.
        ending: ``"\\n"``, ``"\\r\\n"`` or ``""`` (the last line may have none).
        aligned: whether its word alignment is requested.
        literals: stretches that must be kept unchanged, such as code.
        prefix: what its target begins with; None for what all targets of the run begin with.
    """

    index: int
    text: str
    ending: str = "\n"
    aligned: bool = False
    literals: tuple[str, ...] = ()
    prefix: str | None = None


class Piece(NamedTuple):
    """The unit of decoding: a segment, or a part of a long one.

    The pieces of a segment follow each other; ``lead``, the piece's own text and ``tail``, put
    together in order, are the segment's text.

    Attributes:
        segment: the segment that it is a piece of.
        part: position in the segment, from 0.
        tokens: source tokens with the model's own prefix and suffix; empty for a piece with
            nothing to decode, which skips the model.
        text: the piece with the white space around it, copied to the output if there is nothing to
            decode; may be empty if links are not requested.
        lead: white space before the piece, to be kept.
        tail: white space after the piece, to be kept.
        last: whether it is the last piece of its segment.
        decoding: its own decoding options; None for those of the run.
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
    """The options of decoding; hashable.

    Attributes:
        beam_size: hypotheses kept at each step; 1 means greedy search.
        n_best: hypotheses returned per piece, at most ``beam_size`` unless they are samples.
        length_penalty: exponent of the length by which a hypothesis' log-probability is divided
            (above 1 favours longer ones).
        max_length: maximum target tokens per piece, including the end token; an output that
            reaches it is marked as truncated.
        min_length: minimum target tokens per piece.
        patience: a search ends when ``beam_size * patience`` hypotheses are finished
            (Kasai et al. 2022, https://arxiv.org/abs/2204.05424).
        repetition_penalty: above 1, makes tokens that were generated before less likely.
        no_repeat_ngram_size: n-grams of this size are never repeated; 0 turns it off.
        coverage_penalty: weight of a penalty for source tokens that got little attention (Wu et
            al. 2016, https://arxiv.org/abs/1609.08144, formula 14); 0 turns it off.
        min_ratio: minimum target tokens per source token, as the model reads it; 0 for none.
        max_ratio: maximum target tokens per source token; 0 for none.
        no_unknown: whether the unknown token is never generated.
        prefix: tokens that the target begins with, after the model's own.
        suppress: sequences of tokens that are never generated; most are of one token.
        ends: the tokens that end a target, if not the model's own end token.
        forced_end: whether the last token of a target that reaches ``max_length`` is forced to be
            the end token.
        alignment: whether hypotheses come with links to the words of their source.
        detail: whether hypotheses come with their tokens.
        replace_unknowns: whether an unknown token of an output is replaced by the word of the
            source that got most attention (Luong et al. 2015, https://arxiv.org/abs/1410.8206).
        sample: whether ``n_best`` outputs are drawn token by token, instead of a search for the
            best; ``beam_size`` then says nothing. How they are is said by the fields after it
            (see ``s2scli.inference.warpers``); 0 of ``top_k`` and 1 of ``top_p`` keep all tokens.
        search: ``engine`` for the engine's own, or ``reference`` for ours, which searches as
            transformers does and is slower where the engine has another.
        shortlist: what names the lexical shortlist that tokens are chosen from (see
            ``s2scli.models.shortlist``); empty for the whole vocabulary.
    """

    beam_size: int = 4
    n_best: int = 1
    length_penalty: float = 1.0
    max_length: int = 256
    min_length: int = 1
    patience: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    coverage_penalty: float = 0.0
    min_ratio: float = 0.0
    max_ratio: float = 0.0
    no_unknown: bool = False
    prefix: tuple[str, ...] = ()
    suppress: tuple[tuple[str, ...], ...] = ()
    ends: tuple[str, ...] = ()
    forced_end: bool = False
    alignment: bool = False
    detail: bool = False
    replace_unknowns: bool = False
    sample: bool = False
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0
    search: str = "engine"
    shortlist: str = ""

    @property
    def is_shortlisted(self) -> bool:
        """Whether tokens are chosen from a shortlist.

        It is made for the best output of the engine's own search. Other hypotheses, samples, and
        what follows a given beginning have tokens that it does not foresee.
        """
        searches = not (self.sample or self.search != "engine" or self.coverage_penalty)
        return bool(self.shortlist) and searches and self.n_best == 1 and not self.prefix

    def sized(self, tokens: int) -> Decoding:
        """The same with lengths in tokens instead of ratios, for a source of so many tokens."""
        if not (self.min_ratio or self.max_ratio):
            return self
        most, least = self.max_length, self.min_length
        # Rounded: 1.1 × 10 is a little more than 11 in binary numbers.
        if self.max_ratio:
            most = min(most, max(1, math.ceil(round(self.max_ratio * tokens, 6))))
        if self.min_ratio:
            least = max(least, math.floor(round(self.min_ratio * tokens, 6)))
        least = min(least, most - 1)  # the end token counts in the maximum only
        return replace(self, min_ratio=0.0, max_ratio=0.0, min_length=least, max_length=most)


class Attended(NamedTuple):
    """A target word, and the attention to each source token when it was generated.

    Attributes:
        start: where the word begins in the target text.
        end: where it ends.
        weights: for each token of the source, prefix and suffix counted, at least 0.
    """

    start: int
    end: int
    weights: Sequence[float]


class Detail(NamedTuple):
    """How a model wrote a hypothesis, token by token.

    Attributes:
        source: the tokens that it read, prefix and suffix counted.
        own: which of these are not prefix and suffix: the first, and the one after the last.
        target: the tokens that it wrote, without the end token.
        spans: for each of these, its characters in the text of the hypothesis.
        end: the end token; empty if the hypothesis has none of its own.
        given: the tokens of a prefix that the target began with.
        attention: target tokens × source tokens, the attention weights; None if not asked for.
        log_probs: of each target token, and of the end token if there is one, the natural
            log-probability by the model alone, without penalties; empty if not asked for.
    """

    source: tuple[str, ...]
    own: Span
    target: tuple[str, ...]
    spans: tuple[Span, ...]
    end: str = ""
    given: tuple[str, ...] = ()
    attention: Sequence[Sequence[float]] | None = None
    log_probs: tuple[float, ...] = ()

    def shifted(self, by: int) -> Detail:
        """The same in a text that begins with so many more characters."""
        return self._replace(spans=tuple((start + by, end + by) for start, end in self.spans))


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One target text for a piece or a segment.

    Attributes:
        text: the detokenized text.
        score: mean natural-log-probability per target token, including the end token; at most 0.
        tokens: number of target tokens, including the end token.
        truncated: whether the maximum length cut it off.
        links: its word alignment to the source; None if not requested.
        attention: what links are computed from, if requested.
        holes: positions of characters of which the model generated only some bytes.
        spelt: the characters that the model generated byte by byte; empty if not known.
        tagged: the text with the special tokens that mark fields in it, of models that write such
            tokens; empty for others.
        details: its tokens, part by part as it was decoded; empty if not asked for.
        copied: the words of the source that stand in it instead of unknown tokens.
        coverage: the tokens of the source with their attention, if links are requested.
    """

    text: str
    score: float
    tokens: int
    truncated: bool = False
    links: tuple[Link, ...] | None = None
    attention: tuple[Attended, ...] | None = None
    holes: tuple[int, ...] = ()
    spelt: str = ""
    tagged: str = ""
    details: tuple[Detail, ...] = ()
    copied: tuple[str, ...] = ()
    coverage: tuple[Covered, ...] | None = None


class Translation(NamedTuple):
    """A target text with its word alignment.

    Attributes:
        text: the target text.
        links: from word to word; None if they are not known.
        total: natural-log-probability of everything decoded for it.
        tokens: number of target tokens, including end tokens; 0 if not known.
        truncated: whether any of it was cut off at the maximum length.
    """

    text: str
    links: tuple[Link, ...] | None = None
    total: float = 0.0
    tokens: int = 0
    truncated: bool = False

    @classmethod
    def of(cls, hypothesis: Hypothesis) -> Translation:
        """The translation of a hypothesis."""
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
        hypotheses: best first, samples as drawn; empty if the segment had nothing to decode.
        notes: remarks of the steps after decoding, by the step's name; JSON values only.
    """

    segment: Segment
    hypotheses: tuple[Hypothesis, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        """The best target text; the segment's text if nothing was decoded."""
        return self.hypotheses[0].text if self.hypotheses else self.segment.text

    @property
    def translation(self) -> Translation:
        """The best target text with its links; the segment's text if nothing was decoded."""
        return Translation.of(self.hypotheses[0]) if self.hypotheses else Translation(self.text)

    @property
    def truncated(self) -> bool:
        """Whether the best hypothesis was cut off at the maximum length."""
        return bool(self.hypotheses) and self.hypotheses[0].truncated


class PendingBatch(Protocol):
    """A batch that a decoder is working on."""

    def result(self) -> list[tuple[Hypothesis, ...]]:
        """Wait, as several threads may: for each source, its hypotheses, best first.

        Raises:
            S2SError: the batch could not be decoded.
        """


class Decoder(Protocol):
    """Turns source tokens into hypotheses: an engine, a pool of them, a test double."""

    @property
    def workers(self) -> int:
        """Number of batches that it decodes in parallel."""

    def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> PendingBatch:
        """Start decoding a batch of source token lists, none of them empty."""


class Monitor(Protocol):
    """Receives the progress of a run. May raise to end the run."""

    def decoded(self, pieces: int, source_tokens: int, target_tokens: int) -> None:
        """A batch has been decoded."""

    def finished(self, results: Sequence[Result]) -> None:
        """These results are the next in order."""
