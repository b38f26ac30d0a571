"""How ``s2s judge score`` shows what it found."""

from __future__ import annotations

import sys

from s2scli.cli.console import Console
from s2scli.cli.jsontext import json_text
from s2scli.cli.tables import print_table
from s2scli.tasks.judgement import JudgementReport
from s2scli.tasks.judgement.record import record
from s2scli.tasks.judgement.sections import sections

__all__ = ["print_report", "warn_of_annotators", "warn_of_metrics"]


def warn_of_annotators(report: JudgementReport, *, quiet: bool) -> None:
    """Name on stderr those who fail the control items, those who are left out and those who said
    nothing."""
    console = Console(quiet=quiet)
    findings = report.findings
    for each in findings.annotators:
        if not each.answers:
            console.warn(f"there are no answers of {each.annotator}")
        if failures := each.failures():
            out = each.annotator in findings.left_out
            done = "; left out" if out else "; --passing-only leaves such annotators out"
            console.warn(f"{each.annotator} {' and '.join(failures)}{done}")


def warn_of_metrics(report: JudgementReport, *, quiet: bool) -> None:
    """Say on stderr what is to be known of the scores of metrics."""
    console = Console(quiet=quiet)
    for check in {each.metric: each for each in report.metrics}.values():
        for remark in check.remarks:
            console.warn(f"{check.metric}: {remark}")
        if check.splits_at_spaces:
            console.warn(
                f"{check.metric} splits at spaces, and the references are in a script without "
                "spaces between words. Take chrf."
            )
        if check.left_out:
            console.warn(
                f"{check.metric}: {check.left_out} judged segments have no reference, and are left "
                "out"
            )


def print_report(report: JudgementReport, *, as_json: bool) -> None:
    """Print tables for people, or JSON."""
    if as_json:
        sys.stdout.write(json_text(record(report), indent=2) + "\n")
        return
    for number, section in enumerate(sections(report)):
        note = f" ({section.note})" if section.note else ""
        gap = "\n" if number else ""
        sys.stdout.write(f"{gap}{section.title}{note}\n")
        print_table(section.columns, section.rows, right=section.right)
