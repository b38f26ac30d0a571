"""Results as records of JSON; docs/reference/json-lines.md lists their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from s2scli.data import Hypothesis, Result

if TYPE_CHECKING:
    from s2scli.tasks.answer import Answer, Candidate
    from s2scli.tasks.summary import Summary

__all__ = ["answer_record", "line_record", "summary_record"]

SCHEMA = 1


def line_record(
    result: Result, more: Callable[[Result, Hypothesis], Mapping[str, object]] | None = None
) -> dict[str, object]:
    """The record of a line.

    Args:
        result: its result.
        more: gives what else is said of a hypothesis.
    """
    best = result.hypotheses[0] if result.hypotheses else None
    return {
        "schema": SCHEMA,
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
                **({"copied": list(hypothesis.copied)} if hypothesis.copied else {}),
                **(more(result, hypothesis) if more else {}),
            }
            for hypothesis in result.hypotheses
        ],
        **result.notes,
    }


def summary_record(summary: Summary) -> dict[str, Any]:
    """The record of a summary, without what it was made from."""
    best = summary.result.hypotheses[0]
    document = summary.document
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "index": document.index,
        "document": document.name,
        "target": summary.text,
        "score": round(best.score, 6) if summary.nodes else None,
        "tokens": best.tokens,
        "truncated": summary.truncated,
        "levels": summary.levels,
        "chunks": len(summary.chunks),
        "source_tokens": sum(node.source_tokens for node in summary.chunks),
        "left_out": summary.left_out,
    }
    if document.fields:
        found["fields"] = dict(document.fields)
    return {**found, **summary.notes}


def answer_record(answer: Answer) -> dict[str, Any]:
    """The record of an answer."""
    from s2scli.tasks.answer import RANKING

    question, best = answer.question, answer.best
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "index": question.index,
        "id": question.name or None,
        "question": question.text,
        "target": answer.text,
        "score": round(best.hypothesis.score, 6) if best else None,
        "truncated": answer.result.truncated,
        "passages": answer.passages,
        "ranking": RANKING if answer.passages > 1 else None,
        "candidates": [_candidate(answer, each) for each in answer.candidates],
    }
    if question.fields:
        found["fields"] = dict(question.fields)
    return found


def _candidate(answer: Answer, candidate: Candidate) -> dict[str, Any]:
    return {
        "text": candidate.hypothesis.text,
        "score": round(candidate.hypothesis.score, 6),
        "tokens": candidate.hypothesis.tokens,
        "rank": candidate.rank,
        "relevance": round(candidate.relevance, 6),
        "start": candidate.start,
        "end": candidate.end,
        "passage": answer.question.context[candidate.start : candidate.end],
    }
