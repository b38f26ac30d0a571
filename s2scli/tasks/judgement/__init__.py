"""Scoring what people said in an evaluation, and metrics by it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from s2scli.errors import MissingInputError, UsageError
from s2scli.judging.answers import Questions
from s2scli.judging.collection import collect
from s2scli.judging.design import read_design
from s2scli.judging.findings import judge
from s2scli.judging.folder import ANSWERS
from s2scli.judging.results import Draws, Findings
from s2scli.metrics.own import own_metrics
from s2scli.metrics.words import words
from s2scli.tasks.judgement.metrics import MetricCheck, check_metrics

__all__ = ["JudgementReport", "MetricChoice", "score_judgements"]


class JudgementReport(NamedTuple):
    """What people said, and how well metrics say the same.

    Attributes:
        name: of the evaluation's folder.
        files: how many files of answers there are.
        findings: what people said.
        metrics: how far each metric agrees, by each criterion.
        draws: how intervals and tests drew.
    """

    name: str
    files: int
    findings: Findings
    metrics: tuple[MetricCheck, ...]
    draws: Draws


class MetricChoice(NamedTuple):
    """Automatic metrics.

    Attributes:
        names: keys of ``METRICS``.
        files: classes of the user's in Python files: ``my.py:Metric``.
    """

    names: Sequence[str] = ()
    files: Sequence[str] = ()


def score_judgements(
    folder: Path,
    files: Sequence[Path],
    metrics: MetricChoice,
    draws: Draws,
    *,
    passing_only: bool,
) -> JudgementReport:
    """Score the systems of an evaluation.

    Args:
        folder: the evaluation's folder.
        files: files of answers; none for those in its folder of answers.
        metrics: automatic metrics to compare with what people said.
        draws: how intervals and tests draw.
        passing_only: whether annotators that fail the control items are left out.

    Raises:
        BadInputError: a file cannot be understood, two do not agree, or no answer is left.
        MissingInputError: a file cannot be read, or there is none.
        UnavailableError: a metric needs something that is not here.
        UsageError: there is no such metric, or the evaluation lacks references that it needs, or
            documents to draw.
    """
    design = read_design(folder)
    if draws.by_document and not any(each.document for each in design.segments):
        raise UsageError(
            "--by-document draws documents, and this evaluation has none",
            "Make it with 's2s judge make --documents FILE'.",
        )
    taken = list(files) or _answers(folder)
    collection = collect(Questions(design), taken)
    lengths = {each.id: len(words(each.source.lower(), "unicode")) for each in design.segments}
    findings = judge(collection, lengths, draws, passing_only=passing_only)
    checks = check_metrics(metrics.names, own_metrics(metrics.files), design, findings)
    return JudgementReport(folder.resolve().name, len(taken), findings, checks, draws)


def _answers(folder: Path) -> list[Path]:
    place = folder / ANSWERS
    try:
        found = sorted(path for path in place.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise MissingInputError(f"Cannot read {place}: {error.strerror}") from error
    if not found:
        raise MissingInputError(
            f"There are no answers in {place}",
            "Put the files there that annotators exported, or name them.",
        )
    return found
