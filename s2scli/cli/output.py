"""Output formats: how one result is written. ``FORMATS`` is the plug point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from s2scli.cli.jsontext import json_text
from s2scli.data import Hypothesis, Result
from s2scli.errors import UsageError

__all__ = ["FORMATS", "Writer", "choose_format", "escape"]

Writer = Callable[[Sequence[Result]], str]
JSONL_SCHEMA = 1


@dataclass(slots=True)
class _Text:
    """The target text with its line's own ending; with scores, the score and a tab in front."""

    scores: bool

    def __call__(self, results: Sequence[Result]) -> str:
        if not self.scores:
            return "".join([result.text + result.segment.ending for result in results])
        return "".join(
            [f"{_best_score(result)}\t{result.text}{result.segment.ending}" for result in results]
        )


@dataclass(slots=True)
class _Tsv:
    """Source, target and, if asked for, score: a row for each hypothesis."""

    scores: bool

    def __call__(self, results: Sequence[Result]) -> str:
        return "".join(map(self._rows, results))

    def _rows(self, result: Result) -> str:
        source = escape(result.segment.text)
        rows = []
        for hypothesis in result.hypotheses or (None,):
            target = escape(hypothesis.text if hypothesis else result.text)
            score = f"\t{_score(hypothesis)}" if self.scores else ""
            rows.append(f"{source}\t{target}{score}\n")
        return "".join(rows)


def _jsonl(results: Sequence[Result]) -> str:
    """An object for each segment; docs/reference/json-lines.md lists the keys."""
    return "".join([json_text(_json_object(result)) + "\n" for result in results])


def _json_object(result: Result) -> dict[str, object]:
    best = result.hypotheses[0] if result.hypotheses else None
    return {
        "schema": JSONL_SCHEMA,
        "index": result.segment.index,
        "source": result.segment.text,
        "target": result.text,
        "score": round(best.score, 6) if best else None,
        "tokens": best.tokens if best else 0,
        "truncated": result.truncated,
        "hypotheses": [
            {
                "text": hypothesis.text,
                "score": round(hypothesis.score, 6),
                "tokens": hypothesis.tokens,
                "truncated": hypothesis.truncated,
            }
            for hypothesis in result.hypotheses
        ],
        **result.notes,
    }


def _nbest(results: Sequence[Result]) -> str:
    """Moses' n-best lists: index, hypothesis, its log-probability and length, the score."""
    lines = []
    for result in results:
        for hypothesis in result.hypotheses or (Hypothesis(result.text, 0.0, 0),):
            total = hypothesis.score * hypothesis.tokens
            lines.append(
                f"{result.segment.index} ||| {hypothesis.text} ||| "
                f"LogProb= {total:.6f} Length= {hypothesis.tokens} ||| {hypothesis.score:.6f}\n"
            )
    return "".join(lines)


# Name → a function that makes the writer from whether scores were asked for.
FORMATS: dict[str, Callable[[bool], Writer]] = {
    "text": _Text,
    "jsonl": lambda _scores: _jsonl,
    "tsv": _Tsv,
    "nbest": lambda _scores: _nbest,
}


def choose_format(name: str, *, scores: bool, n_best: int) -> Writer:
    """The writer of a format.

    Raises:
        UsageError: the format has no place for several hypotheses.
    """
    if name == "text" and n_best > 1:
        raise UsageError(
            "--format text writes one line per input line",
            "For --n-best, add --format nbest, jsonl or tsv.",
        )
    return FORMATS[name](scores)


def _best_score(result: Result) -> str:
    return _score(result.hypotheses[0] if result.hypotheses else None)


def _score(hypothesis: Hypothesis | None) -> str:
    return f"{hypothesis.score:.4f}" if hypothesis else ""


def escape(text: str) -> str:
    """Keep a field on its line and in its column (the convention of 'Linear TSV')."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
