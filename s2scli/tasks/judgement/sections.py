"""What an evaluation found as tables of text, for a terminal and for a page alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s2scli.judging.bootstrap import Bounds
from s2scli.judging.conduct import ENOUGH, LEVEL, Conduct, Repeats
from s2scli.judging.results import CriterionResult, Findings, PairResult, SystemResult
from s2scli.tasks.judgement import JudgementReport
from s2scli.tasks.judgement.metrics import Likeness, MetricCheck

__all__ = ["Section", "sections"]

NONE = "–"
MOST_PAIRS = 10  # of systems; of more, only those are shown that do not differ
# Estimate → its decimal places, and whether it is a share, shown in percent.
DIGITS = {"z": 3, "mean": 2, "penalty": 3, "per 100 words": 2, "strength": 3}
SHARES = ("expected wins", "won", "tied", "lost")


class Section(NamedTuple):
    """A table under a title.

    Attributes:
        title: what it is about.
        columns: the headings.
        rows: a cell for each column.
        right: columns of numbers.
        note: what a reader must know; may be empty.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[str]
    note: str = ""


def sections(report: JudgementReport) -> list[Section]:
    """The tables: systems and their pairs by each criterion, errors, agreement, annotators, and
    metrics."""
    findings = report.findings
    found = []
    for result in findings.criteria:
        found += [_systems(result), *_pairs(result)]
    if findings.kind == "mqm":
        found.append(_errors(findings))
    found += [*_agreement(findings), _annotators(findings)]
    return [*found, _metrics(report.metrics)] if report.metrics else found


def _systems(result: CriterionResult) -> Section:
    names = list(result.systems[0].measures)
    columns = ["SYSTEM", "CLUSTER", "RANKS"]
    with_intervals = [
        name for name in names if any(each.measures[name].interval for each in result.systems)
    ]
    for name in names:
        columns += [name.upper(), "95% INTERVAL"] if name in with_intervals else [name.upper()]
    rows = [
        [
            each.system,
            *_place(each),
            *_measures(each, with_intervals),
            str(each.segments),
            str(each.judgements),
        ]
        for each in result.systems
    ]
    columns += ["SEGMENTS", "JUDGEMENTS"]
    note = "lower is better" if result.lower_is_better else ""
    return Section(f"Systems by {result.criterion}", columns, rows, columns[2:], note)


def _place(system: SystemResult) -> tuple[str, str]:
    if system.rank is None:
        return NONE, NONE
    best, worst = system.rank.best, system.rank.worst
    return str(system.rank.cluster), str(best) if best == worst else f"{best}–{worst}"


def _measures(system: SystemResult, with_intervals: Sequence[str]) -> Iterator[str]:
    for name, measure in system.measures.items():
        yield _shown(name, measure.value)
        if name in with_intervals:
            yield _between(name, measure.interval)


def _shown(name: str, value: float) -> str:
    if math.isnan(value):
        return NONE
    return f"{100 * value:.1f}%" if name in SHARES else f"{value:.{DIGITS[name]}f}"


def _between(name: str, bounds: Bounds | None) -> str:
    if bounds is None:
        return NONE
    return f"{_shown(name, bounds.lower)} to {_shown(name, bounds.upper)}"


def _pairs(result: CriterionResult) -> Iterator[Section]:
    if not result.pairs:
        return
    shown: Sequence[PairResult] = result.pairs
    note = f"two-sided tests; they differ if p < {LEVEL}"
    if len(shown) > MOST_PAIRS:
        shown = [pair for pair in shown if pair.p is None or pair.p >= LEVEL]
        different = len(result.pairs) - len(shown)
        note += f"; the {different} other pairs differ, and stand in the JSON"
    columns = ["SYSTEM", "AGAINST", "DIFFERENCE", "p", "TEST", "SEGMENTS"]
    rows = [
        [
            pair.first,
            pair.second,
            NONE if math.isnan(pair.difference) else f"{pair.difference:+.3f}",
            NONE if pair.p is None else f"{pair.p:.4f}",
            pair.test,
            str(pair.segments),
        ]
        for pair in shown
    ]
    yield Section(
        f"Pairs by {result.criterion}", columns, rows, ("DIFFERENCE", "p", "SEGMENTS"), note
    )


def _errors(findings: Findings) -> Section:
    columns = ["SYSTEM", "CATEGORY", "SEVERITY", "ERRORS", "PENALTY"]
    order = {each.system: place for place, each in enumerate(findings.criteria[0].systems)}
    shares = sorted(findings.errors, key=lambda each: (order[each.system], -each.penalty))
    rows = [
        [each.system, each.category, each.severity, str(each.marked), f"{each.penalty:.3f}"]
        for each in shares
    ]
    note = "the penalties of a system add up to its mean penalty"
    return Section("Errors", columns, rows, ("ERRORS", "PENALTY"), note)


def _agreement(findings: Findings) -> Iterator[Section]:
    columns = ["CRITERION", "ALPHA", "LEVEL", "JUDGED BY SEVERAL"]
    rows = [
        [
            result.criterion,
            _number(result.agreement.alpha),
            result.agreement.level,
            str(result.agreement.units),
        ]
        for result in findings.criteria
    ]
    yield Section("Agreement, Krippendorff's alpha", columns, rows, ("ALPHA", "JUDGED BY SEVERAL"))
    pairs = {
        (pair.first, pair.second): pair.units
        for result in findings.criteria
        for pair in result.agreement.pairs
    }
    if pairs:
        kappas = {
            (result.criterion, pair.first, pair.second): pair.kappa
            for result in findings.criteria
            for pair in result.agreement.pairs
        }
        names = [result.criterion for result in findings.criteria]
        rows = [
            [*both, str(units), *(_number(kappas.get((name, *both))) for name in names)]
            for both, units in pairs.items()
        ]
        columns = ["ANNOTATOR", "AND", "JUDGED BY BOTH", *map(str.upper, names)]
        weighted = "weighted by squares" if findings.kind != "relative" else "unweighted"
        yield Section(f"Agreement, Cohen's kappa, {weighted}", columns, rows, columns[2:])


def _annotators(findings: Findings) -> Section:
    columns = [
        "ANNOTATOR", "ANSWERED", "SECONDS", "DAMAGED", "p", "REFERENCES", "REPEATS", "CHANCE",
        "CONTROLS",
    ]  # fmt: skip
    rows = [
        [
            each.annotator,
            f"{each.answers} of {each.tasks}" + (f", {each.partial} partly" * bool(each.partial)),
            NONE if each.seconds is None else f"{each.seconds:.1f}",
            f"{0 - each.damaged.difference:+.2f} ({each.damaged.pairs})" if each.damaged else NONE,
            f"{each.damaged.p:.4f}" if each.damaged else NONE,
            f"{each.references.difference:+.2f} ({each.references.judged})"
            if each.references
            else NONE,
            f"{each.repeats.difference:.2f} ({each.repeats.pairs})" if each.repeats else NONE,
            _chance(each.repeats),
            _verdict(each, findings),
        ]
        for each in findings.annotators
    ]
    note = (
        "damaged copies less originals, and references less outputs, as they were rated; repeats: "
        "how far two answers to one task are apart, by chance: answers to two tasks; (how many)"
    )
    return Section("Annotators", columns, rows, columns[2:-1], note)


def _chance(repeats: Repeats | None) -> str:
    return NONE if repeats is None or repeats.chance is None else f"{repeats.chance:.2f}"


def _verdict(annotator: Conduct, findings: Findings) -> str:
    repeats = annotator.repeats
    more = "; repeats as by chance" if repeats and repeats.look_random() else ""
    if failures := annotator.failures():
        out = "; left out" if annotator.annotator in findings.left_out else ""
        return f"fails: {', '.join(failures)}{out}{more}"
    if not annotator.damaged or annotator.damaged.pairs < ENOUGH:
        return f"fewer than {ENOUGH} damaged copies: not known{more}"
    return f"passes{more}"


def _metrics(checks: Sequence[MetricCheck]) -> Section:
    columns = [
        "METRIC", "CRITERION", "LEVEL", "COMPARED", "PEARSON", "KENDALL", "PAIRS", "ACCURACY",
        "TIES UP TO",
    ]  # fmt: skip
    rows = [
        [check.metric, check.criterion, level, *_likeness(likeness)]
        for check in checks
        for level, likeness in (("systems", check.systems), ("outputs", check.outputs))
    ]
    note = "accuracy: pairs that people and the metric order alike"
    return Section("Metrics against people", columns, rows, columns[3:], note)


def _likeness(likeness: Likeness) -> list[str]:
    accuracy, epsilon = likeness.accuracy, likeness.epsilon
    return [
        str(likeness.units),
        _number(likeness.pearson),
        _number(likeness.kendall),
        str(likeness.pairs),
        NONE if accuracy is None else f"{100 * accuracy:.1f}%",
        NONE if epsilon is None else f"{epsilon:.3g}",
    ]


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"
