"""How ``s2s bench`` shows what it measured: a table, or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from s2scli.cli.jsontext import json_text

if TYPE_CHECKING:
    from s2scli.tasks.bench import Measured, Measurements, Setting, Workload

__all__ = ["described", "print_measured"]

SCHEMA = 1
COLUMNS = (
    *("", "TYPE", "BEAM", "BATCH", "THREADS", "LINES/s", "SOURCE TOK/s", "TARGET TOK/s"),
    *("p50 ms", "p95 ms", "p99 ms", "ROUNDS", "LOAD s", "MB"),
)


def described(setting: Setting) -> str:
    """A setting as a person would write it on the command line; what is the default is left out."""
    given = (
        ("--compute-type", setting.compute_type),
        ("--beam", setting.beam),
        ("--batch-tokens", setting.batch_tokens),
        ("--threads", setting.threads),
    )
    return " ".join(f"{option} {value}" for option, value in given if value)


def print_measured(
    found: Measurements,
    work: Workload,
    *,
    as_json: bool,
    best: Setting | None = None,
) -> None:
    """A row for each setting.

    Args:
        found: what was measured.
        work: the texts.
        as_json: whether scripts read it.
        best: the fastest setting, if that was wanted.
    """
    if as_json:
        rows = [
            {
                **setting._asdict(),
                **_median(numbers)._asdict(),
                "rounds": len(numbers),
                "fastest": setting == best,
            }
            for setting, numbers in found.items()
        ]
        facts = {"schema": SCHEMA, "texts": len(work.texts), "task": work.task, "settings": rows}
        click.echo(json_text(facts, indent=2))
        return
    from s2scli.cli.tables import print_table

    rows_ = [_row(setting, numbers, setting == best) for setting, numbers in found.items()]
    print_table(COLUMNS, rows_, right=COLUMNS[2:])


def _median(numbers: Sequence[Measured]) -> Measured:
    return numbers[0].median(numbers)


def _row(setting: Setting, rounds: Sequence[Measured], is_best: bool) -> tuple[str, ...]:
    numbers = _median(rounds)
    return (
        "→" if is_best else "",
        numbers.compute_type,
        str(setting.beam or "model's"),
        str(setting.batch_tokens),
        str(setting.threads or ""),
        f"{numbers.lines_per_second:,.1f}",
        f"{numbers.source_tokens_per_second:,.0f}",
        f"{numbers.target_tokens_per_second:,.0f}",
        f"{numbers.latency_p50:,.1f}",
        f"{numbers.latency_p95:,.1f}",
        f"{numbers.latency_p99:,.1f}",
        str(len(rounds)),
        f"{numbers.load_seconds:.2f}",
        f"{numbers.peak_memory_bytes / 1e6:,.0f}",
    )
