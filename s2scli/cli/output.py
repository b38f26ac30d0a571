"""Output formats: how one result is written. ``FORMATS`` is the plug point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from s2scli.cli.jsontext import json_text
from s2scli.data import Hypothesis, Result
from s2scli.errors import UsageError

__all__ = ["FORMATS", "Writer", "choose_format", "escape"]

Writer = Callable[[Sequence[Result]], str]
JSONL_SCHEMA = 1


def _text(scores: bool) -> Writer:
    """The target text with its line's own ending; with scores, the score and a tab in front."""
    if not scores:
        return lambda results: "".join([one.text + one.segment.ending for one in results])
    return lambda results: "".join(
        [f"{_best_score(one)}\t{one.text}{one.segment.ending}" for one in results]
    )


def _tsv(scores: bool) -> Writer:
    """Source, target and, if asked for, score: a row for each hypothesis."""
    return lambda results: "".join([row for one in results for row in _rows(one, scores)])


def _rows(result: Result, scores: bool) -> Iterator[str]:
    columns = result.notes.get("columns")  # of the row of a table that the text stands in
    ending = (columns and result.segment.ending) or "\n"
    if columns == [""]:
        yield ending  # a blank line
        return
    source = "\t".join(columns) if columns else escape(result.segment.text)
    for hypothesis in result.hypotheses or (None,):
        target = escape(hypothesis.text if hypothesis else result.text)
        score = f"\t{_score(hypothesis)}" if scores else ""
        yield f"{source}\t{target}{score}{ending}"


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
    "text": _text,
    "jsonl": lambda _scores: _jsonl,
    "tsv": _tsv,
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
