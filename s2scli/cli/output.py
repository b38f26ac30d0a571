"""Output formats: how one result is written. ``FORMATS`` is the plug point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from s2scli.cli.jsontext import json_text
from s2scli.data import Hypothesis, Result
from s2scli.errors import UsageError

if TYPE_CHECKING:
    from s2scli.cli.looks import Look

__all__ = ["FORMATS", "Writer", "choose_format", "escape"]

Writer = Callable[[Sequence[Result]], str]


def _text(scores: bool, _look: Look | None = None) -> Writer:
    """The target text with its line's own ending; with scores, the score and a tab in front."""
    if not scores:
        return lambda results: "".join([one.text + one.segment.ending for one in results])
    return lambda results: "".join(
        [f"{_best_score(one)}\t{one.text}{one.segment.ending}" for one in results]
    )


def _tsv(scores: bool, look: Look | None = None) -> Writer:
    """Source, target and, if asked for, score and alignment: a row for each hypothesis."""
    return lambda results: "".join([row for one in results for row in _rows(one, scores, look)])


def _rows(result: Result, scores: bool, look: Look | None) -> Iterator[str]:
    columns = result.notes.get("columns")  # of the row of a table that the text stands in
    ending = (columns and result.segment.ending) or "\n"
    if columns == [""]:
        yield ending  # a blank line
        return
    source = "\t".join(columns) if columns else escape(result.segment.text)
    firsts = result.notes.get("alternatives")
    for number, hypothesis in enumerate(result.hypotheses or (None,)):
        target = escape(hypothesis.text if hypothesis else result.text)
        first = f"\t{firsts[number]['probability']:.4f}" if firsts else "\t" * (firsts == [])
        score = f"\t{_score(hypothesis)}" if scores else ""
        links = f"\t{look.alignment(result, hypothesis)}" if look and look.pairs else ""
        yield f"{source}\t{target}{first}{score}{links}{ending}"


def _jsonl(_scores: bool, look: Look | None = None) -> Writer:
    """An object for each segment; docs/reference/json-lines.md lists the keys."""
    from s2scli.tasks.records import line_record

    more = look.keys if look else None
    return lambda results: "".join([json_text(line_record(one, more)) + "\n" for one in results])


def _nbest(_scores: bool, look: Look | None = None) -> Writer:
    """Moses' n-best lists: index, hypothesis, its log-probability and length, the score; and the
    alignment, if asked for."""
    return lambda results: _ranked(results, look if look and look.pairs else None)


def _ranked(results: Sequence[Result], look: Look | None) -> str:
    lines = []
    for result in results:
        firsts = result.notes.get("alternatives") or ()
        hypotheses = result.hypotheses or (Hypothesis(result.text, 0.0, 0),)
        for number, hypothesis in enumerate(hypotheses):
            total = hypothesis.score * hypothesis.tokens
            score = f"{hypothesis.score:.6f}"
            links = f" ||| {look.alignment(result, hypothesis)}" if look else ""
            first = f" First= {firsts[number]['probability']:.6f}" if firsts else ""
            lines.append(
                f"{result.segment.index} ||| {hypothesis.text} ||| "
                f"LogProb= {total:.6f} Length= {hypothesis.tokens}{first} ||| {score}{links}\n"
            )
    return "".join(lines)


# Name → a function that makes the writer from whether scores were asked for, and what else was.
FORMATS: dict[str, Callable[[bool, Look | None], Writer]] = {
    "text": _text,
    "jsonl": _jsonl,
    "tsv": _tsv,
    "nbest": _nbest,
}


def choose_format(name: str, *, scores: bool, n_best: int, look: Look | None = None) -> Writer:
    """The writer of a format.

    Args:
        name: a key of ``FORMATS``.
        scores: whether scores are written.
        n_best: how many hypotheses of each segment are.
        look: what else is said of them; None for nothing.

    Raises:
        UsageError: the format has no place for several hypotheses.
    """
    if name == "text" and n_best > 1:
        raise UsageError(
            "--format text writes one line per input line",
            "For --n-best and --alternatives, add --format nbest, jsonl or tsv.",
        )
    return FORMATS[name](scores, look)


def _best_score(result: Result) -> str:
    return _score(result.hypotheses[0] if result.hypotheses else None)


def _score(hypothesis: Hypothesis | None) -> str:
    return f"{hypothesis.score:.4f}" if hypothesis else ""


def escape(text: str) -> str:
    """Keep a field on its line and in its column (the convention of 'Linear TSV')."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
