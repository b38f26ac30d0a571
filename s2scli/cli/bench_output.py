"""How ``s2s bench`` shows what it measured: a table, or JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.jsontext import json_text

if TYPE_CHECKING:
    from s2scli.tasks.bench import Measured, Measurements, Setting, Speed, Workload
    from s2scli.tasks.bench.race import Race

__all__ = ["described", "print_measured", "print_race"]

SCHEMA = 2
SETTING = ("TYPE", "BEAM", "BATCH", "THREADS", "LINES/s")
COLUMNS = (
    *SETTING,
    *("SOURCE TOK/s", "TARGET TOK/s", "p50 ms", "p95 ms", "p99 ms", "ROUNDS", "LOAD s", "MB"),
)
RACE = ("", *SETTING, "LINES/PROCESSOR s", "SPEED", "ROUNDS")


def described(setting: Setting) -> str:
    """A setting as a person would write it on the command line; what is the default is left out."""
    given = (
        ("--compute-type", setting.compute_type),
        ("--beam", setting.beam),
        ("--batch-tokens", setting.batch_tokens),
        ("--threads", setting.threads),
    )
    return " ".join(f"{option} {value}" for option, value in given if value)


def print_measured(found: Measurements, work: Workload, *, as_json: bool) -> None:
    """A row for each setting.

    Args:
        found: what was measured.
        work: the texts.
        as_json: whether scripts read it.
    """
    rows = {setting: (rounds[0].median(rounds), len(rounds)) for setting, rounds in found.items()}
    if as_json:
        objects = [
            {**setting._asdict(), **_flat(numbers), "rounds": rounds}
            for setting, (numbers, rounds) in rows.items()
        ]
        _print_json(work, objects)
        return
    from s2scli.cli.tables import print_table

    lines = [
        (
            *_setting_cells(setting, numbers.speed),
            f"{numbers.speed.source_tokens_per_second:,.0f}",
            f"{numbers.speed.target_tokens_per_second:,.0f}",
            f"{numbers.latency_p50:,.1f}",
            f"{numbers.latency_p95:,.1f}",
            f"{numbers.latency_p99:,.1f}",
            str(rounds),
            f"{numbers.load_seconds:.2f}",
            f"{numbers.peak_memory_bytes / 1e6:,.0f}",
        )
        for setting, (numbers, rounds) in rows.items()
    ]
    print_table(COLUMNS, lines, right=COLUMNS[1:])


def print_race(race: Race, kept: Setting, work: Workload, *, as_json: bool) -> None:
    """A row for each setting of ``--tune``.

    Args:
        race: how the race ended.
        kept: the setting that is used from now on.
        work: the texts.
        as_json: whether scripts read it.
    """
    rows = {setting: speeds[0].median(speeds) for setting, speeds in race.speeds.items()}
    if as_json:
        objects = [
            {
                **setting._asdict(),
                **speed._asdict(),
                "rounds": len(race.speeds[setting]),
                "gain": race.gains[setting],
                "kept": setting == kept,
            }
            for setting, speed in rows.items()
        ]
        _print_json(work, objects)
        return
    from s2scli.cli.tables import print_table

    lines = [
        (
            "→" if setting == kept else "",
            *_setting_cells(setting, speed),
            f"{speed.lines_per_processor_second:,.1f}",
            f"{race.gains[setting]:.3f}",
            str(len(race.speeds[setting])),
        )
        for setting, speed in rows.items()
    ]
    print_table(RACE, lines, right=RACE[2:])


def _print_json(work: Workload, settings: Sequence[Mapping[str, Any]]) -> None:
    facts = {"schema": SCHEMA, "texts": len(work.texts), "task": work.task, "settings": settings}
    click.echo(json_text(facts, indent=2))


def _flat(found: Measured) -> dict[str, Any]:
    numbers = found._asdict()
    return {**numbers.pop("speed")._asdict(), **numbers}


def _setting_cells(setting: Setting, speed: Speed) -> tuple[str, ...]:
    return (
        speed.compute_type,
        str(setting.beam or "model's"),
        str(setting.batch_tokens),
        str(setting.threads or ""),
        f"{speed.lines_per_second:,.1f}",
    )
