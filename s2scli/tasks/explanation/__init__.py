"""Why a model wrote what it wrote: attention, probabilities and what it could have written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from s2scli.data import Decoding, Detail, Hypothesis, Segment
from s2scli.flow.options import FlowOptions
from s2scli.inference.decoding import ranking_engine
from s2scli.inference.engines.contract import RankedToken
from s2scli.inference.model import Model
from s2scli.tasks.translate import translate

__all__ = ["ExplainedPart", "ExplainedToken", "Explanation", "explain"]

SCHEMA = 1
DIGITS = 6
WEIGHT_DIGITS = 4


class ExplainedToken(NamedTuple):
    """A token of a target.

    Attributes:
        token: the token.
        log_prob: its natural log-probability, by the model alone.
        rank: its place among all tokens by that, from 1.
        alternatives: the most likely tokens in its place, each with its log-probability; it is
            among them if its rank is.
        attention: its weights for the source tokens; empty for an end token, and where the engine
            gives none.
    """

    token: str
    log_prob: float
    rank: int
    alternatives: tuple[tuple[str, float], ...]
    attention: tuple[float, ...] = ()


class ExplainedPart(NamedTuple):
    """What was decoded at once: a whole text, or a part of a long one.

    Attributes:
        source: the tokens that the model read.
        target: those that it wrote, the end token last.
    """

    source: tuple[str, ...]
    target: tuple[ExplainedToken, ...]


class Explanation(NamedTuple):
    """What a model did with a text.

    Attributes:
        source: the text.
        model: the model's name.
        signature: the signature of the run.
        hypotheses: what the search found, best first; empty if there was nothing to decode.
        parts: the parts of the best hypothesis.
    """

    source: str
    model: str
    signature: str
    hypotheses: tuple[Hypothesis, ...]
    parts: tuple[ExplainedPart, ...]

    @property
    def target(self) -> str:
        """The best hypothesis; the text itself if there was nothing to decode."""
        return self.hypotheses[0].text if self.hypotheses else self.source

    def record(self) -> dict[str, Any]:
        """All of it for JSON; docs/reference/json-lines.md lists the keys."""
        return {
            "schema": SCHEMA,
            "source": self.source,
            "target": self.target,
            "model": self.model,
            "signature": self.signature,
            "hypotheses": [
                {
                    "text": hypothesis.text,
                    "score": round(hypothesis.score, DIGITS),
                    "tokens": hypothesis.tokens,
                    "truncated": hypothesis.truncated,
                }
                for hypothesis in self.hypotheses
            ],
            "parts": [
                {"source": part.source, "target": [_token_record(token) for token in part.target]}
                for part in self.parts
            ],
        }


def _token_record(token: ExplainedToken) -> dict[str, Any]:
    return {
        "token": token.token,
        "log_prob": round(token.log_prob, DIGITS),
        "rank": token.rank,
        "alternatives": [[name, round(value, DIGITS)] for name, value in token.alternatives],
        "attention": [round(weight, WEIGHT_DIGITS) for weight in token.attention],
    }


def explain(
    text: str, model: Model, decoding: Decoding, flow: FlowOptions, top: int, signature: str = ""
) -> Explanation:
    """Translate a text, and look at how it was done.

    Args:
        text: the text.
        model: what translates it.
        decoding: how; all hypotheses of the beam are kept.
        flow: memory and time.
        top: how many of the most likely tokens are wanted for each token of the target.
        signature: the signature of the run.

    Raises:
        UsageError: the engine does not tell what a model could have written.
    """
    several = max(decoding.n_best, decoding.beam_size)
    wanted = replace(decoding, n_best=several, detail=True, alignment=model.engine.attends)
    found = [one for block in translate([[Segment(0, text)]], model, wanted, flow) for one in block]
    hypotheses = found[0].hypotheses
    details = hypotheses[0].details if hypotheses else ()
    parts = tuple(_parts(details, model, top))
    return Explanation(text, model.manifest.name, signature, hypotheses, parts)


def _parts(details: Sequence[Detail], model: Model, top: int) -> Iterator[ExplainedPart]:
    engine, frame = ranking_engine(model), model.frame
    for detail in details:
        sources, targets = [list(detail.source)], [[*detail.given, *detail.target]]
        start = (frame.target_prefix, frame.start_given)
        (ranked,) = engine.ranked(sources, targets, top, *start)
        yield ExplainedPart(detail.source, tuple(_tokens(detail, ranked[len(detail.given) :])))


def _tokens(detail: Detail, ranked: Sequence[RankedToken]) -> Iterator[ExplainedToken]:
    names = [*detail.target, *[detail.end] * bool(detail.end)]
    rows = list(detail.attention or ())
    for number, (name, place) in enumerate(zip(names, ranked, strict=False)):
        looked = tuple(rows[number]) if number < len(rows) else ()
        value = min(0.0, place.log_prob)
        yield ExplainedToken(name, value, place.rank, tuple(place.best), looked)
