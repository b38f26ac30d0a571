"""What an evaluation found as an object of JSON."""

from __future__ import annotations

import math
from typing import Any

from s2scli.judging.conduct import Conduct
from s2scli.judging.results import CriterionResult, Estimate, PairResult, SystemResult
from s2scli.tasks.judgement import JudgementReport
from s2scli.tasks.judgement.metrics import MetricCheck

__all__ = ["record"]

SCHEMA = 1


def record(report: JudgementReport) -> dict[str, Any]:
    """All that was found; what is not known is null."""
    findings = report.findings
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "evaluation": report.name,
        "kind": findings.kind,
        "files": report.files,
        "segments": len(findings.segments),
        "draws": report.draws._asdict(),
        "criteria": [_criterion(result) for result in findings.criteria],
        "annotators": [
            {**_annotator(each), "left_out": each.annotator in findings.left_out}
            for each in findings.annotators
        ],
    }
    if findings.kind == "mqm":
        found["errors"] = [each._asdict() for each in findings.errors]
    if report.metrics:
        found["metrics"] = [_metric(check) for check in report.metrics]
    return found


def _criterion(result: CriterionResult) -> dict[str, Any]:
    agreement = result.agreement
    return {
        "criterion": result.criterion,
        "lower_is_better": result.lower_is_better,
        "systems": [_system(each) for each in result.systems],
        "pairs": [_pair(each) for each in result.pairs],
        "agreement": {
            **agreement._asdict(),
            "pairs": [pair._asdict() for pair in agreement.pairs],
        },
    }


def _system(result: SystemResult) -> dict[str, Any]:
    rank = result.rank
    return {
        "system": result.system,
        "judgements": result.judgements,
        "segments": result.segments,
        "cluster": rank.cluster if rank else None,
        "ranks": [rank.best, rank.worst] if rank else None,
        "measures": {
            name.replace(" ", "_"): _measure(each) for name, each in result.measures.items()
        },
    }


def _measure(measure: Estimate) -> dict[str, Any]:
    found: dict[str, Any] = {"value": _known(measure.value)}
    if measure.interval:
        found["interval"] = measure.interval._asdict()
    return found


def _pair(pair: PairResult) -> dict[str, Any]:
    return {**pair._asdict(), "difference": _known(pair.difference)}


def _annotator(conduct: Conduct) -> dict[str, Any]:
    controls = {
        name: None if value is None else value._asdict()
        for name, value in (
            ("damaged", conduct.damaged),
            ("references", conduct.references),
            ("repeats", conduct.repeats),
        )
    }
    return {**conduct._asdict(), **controls, "failures": conduct.failures()}


def _metric(check: MetricCheck) -> dict[str, Any]:
    return {
        **check._asdict(),
        "remarks": list(check.remarks),
        "systems": check.systems._asdict(),
        "outputs": check.outputs._asdict(),
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
