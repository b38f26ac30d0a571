"""What an evaluation found as one page of HTML that needs no network and no script."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from s2scli.judging.kinds import KINDS
from s2scli.judging.results import CriterionResult, Estimate
from s2scli.tasks.judgement import JudgementReport
from s2scli.tasks.judgement.sections import Section, sections

__all__ = ["render"]

TEMPLATE = Path(__file__).with_name("page.html")
PADDING = 0.05  # of a plot's width, left and right of what is farthest out


def render(report: JudgementReport) -> str:
    """The page; all that comes from texts is escaped."""
    findings = report.findings
    parts = {
        "TITLE": html.escape(report.name),
        "SUBTITLE": _subtitle(report),
        "PLOTS": "".join(map(_plot, findings.criteria)),
        "SECTIONS": "".join(map(_section, sections(report))),
        "SAMPLING": (
            f"{report.draws.samples:,} resamples, {report.draws.trials:,} trials, "
            f"seed {report.draws.seed}{', by document' * report.draws.by_document}"
        ),
    }
    template = TEMPLATE.read_text(encoding="utf-8")
    return re.sub(r"%%([A-Z]+)%%", lambda match: parts[match[1]], template)


def _subtitle(report: JudgementReport) -> str:
    findings = report.findings
    answers = [each.answers for each in findings.annotators if each.answers]
    facts = [
        f"{findings.kind}: {KINDS[findings.kind][0]}",
        f"{len(findings.systems)} systems",
        f"{len(findings.segments):,} segments",
        f"{len(answers)} annotators",
        f"{sum(answers):,} answers",
    ]
    if findings.left_out:
        names = ", ".join(findings.left_out)
        facts.append(f"left out, since they fail the control items: {names}")
    return html.escape(" · ".join(facts))


def _plot(result: CriterionResult) -> str:
    """The first measure of each system with its interval, cluster by cluster."""
    measures = {each.system: next(iter(each.measures.values())) for each in result.systems}
    ends = [end for each in measures.values() for end in _ends(each)]
    if not ends:
        return ""
    name = next(iter(result.systems[0].measures))
    low, high = min(ends), max(ends)
    room = (high - low) * PADDING or 1.0
    low, high = low - room, high + room
    clusters = groupby(result.systems, lambda each: each.rank.cluster if each.rank else None)
    bodies = "".join(
        f"<tbody>{''.join(_bar(s.system, measures[s.system], low, high) for s in systems)}</tbody>"
        for _, systems in clusters
    )
    lower = ", lower is better" if result.lower_is_better else ""
    return (
        f"<figure><figcaption>{html.escape(result.criterion)}: {name}{lower}</figcaption>"
        f'<table class="forest">{bodies}<tfoot><tr><td></td><td><span class="scale">'
        f"<span>{low:.3g}</span><span>{high:.3g}</span></span></td><td></td></tr></tfoot>"
        "</table></figure>"
    )


def _ends(measure: Estimate) -> Sequence[float]:
    ends = [measure.value, *(measure.interval or ())]
    return [end for end in ends if not math.isnan(end)]


def _bar(system: str, measure: Estimate, low: float, high: float) -> str:
    def across(value: float) -> float:
        return 100 * (value - low) / (high - low)

    marks = shown = "–"
    if not math.isnan(measure.value):
        lower, upper = measure.interval or (measure.value, measure.value)
        shown = f"{measure.value:.3f}"
        marks = (
            f'<span class="track"><span class="range" style="left:{across(lower):.2f}%;'
            f'width:{across(upper) - across(lower):.2f}%"></span>'
            f'<span class="dot" style="left:{across(measure.value):.2f}%"></span></span>'
        )
    name = f"<bdi>{html.escape(system)}</bdi>"
    return f'<tr><th scope="row">{name}</th><td>{marks}</td><td class="number">{shown}</td></tr>'


def _section(section: Section) -> str:
    kinds = ["number" if column in section.right else "" for column in section.columns]
    head = "".join(
        f'<th scope="col" class="{kind}">{html.escape(column)}</th>'
        for column, kind in zip(section.columns, kinds, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{kind}"><bdi>{html.escape(cell)}</bdi></td>'
            for cell, kind in zip(row, kinds, strict=True)
        )
        + "</tr>"
        for row in section.rows
    )
    note = f'<p class="sub">{html.escape(section.note)}</p>' if section.note else ""
    return (
        f"<section><h2>{html.escape(section.title)}</h2>{note}"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(section.title)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )
