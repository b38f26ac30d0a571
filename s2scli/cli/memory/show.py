"""``s2s memory show`` and ``prune``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console
from s2scli.cli.jsontext import json_text
from s2scli.cli.memory.options import Choice, choice_options, file_argument
from s2scli.cli.memory.rows import facts, moment, origin_facts
from s2scli.cli.numbers import Real, Whole
from s2scli.cli.options import quiet_option
from s2scli.cli.sections import Command
from s2scli.cli.unused import Rule
from s2scli.errors import UsageError

if TYPE_CHECKING:
    from s2scli.memory.entries import Entry, Holding

__all__ = ["prune", "show"]


SHOW_RULES = (Rule(("limit",), lambda given: given["search"] is not None, "belongs to --search"),)
PRUNE_RULES = (
    Rule(
        ("quiet",),
        lambda given: not given["dry_run"],
        "has no effect with --dry-run, which prints only the number of entries",
    ),
)


@click.command("show", cls=Command, rules=SHOW_RULES)
@file_argument
@choice_options
@click.option("--search", metavar="TEXT", help="List entries with this text in source or target.")
@click.option(
    "--limit",
    type=Whole(1, 1_000_000),
    default=20,
    show_default=True,
    help="Maximum entries to list, with --search.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@quiet_option
def show(
    file: Path, choice: Choice, search: str | None, limit: int, as_json: bool, quiet: bool
) -> None:
    """Show what a memory holds, by languages and origin, or search it.

    \b
    Examples:
      s2s memory show acme.memory
      s2s memory show acme.memory --search "fire door" --to de
    """
    from s2scli.memory.entries import count, entries, holdings, size_bytes
    from s2scli.memory.memory import memory_file

    selection = choice.selection(text=search or "")
    with memory_file(file) as database:
        number = count(database, selection)
        if search:
            found = list(entries(database, selection, limit))
            _print_entries(found, as_json)
            if len(found) < number:
                Console(quiet=quiet).say(f"{len(found)} of {number:,} shown; more with --limit")
            return
        _print_holdings(holdings(database, selection), as_json)
        size = size_bytes(database)
    Console(quiet=quiet).say(f"entries: {number:,}; MB in the file: {size / 1e6:,.1f}")


def _print_entries(found: Sequence[Entry], as_json: bool) -> None:
    if as_json:
        _print_json([facts(entry) for entry in found])
    elif found:
        from s2scli.cli.tables import print_table
        from s2scli.memory.entries import label

        rows = [
            (
                entry.source,
                entry.target,
                f"{entry.origin.source_language}-{entry.origin.target_language}",
                label(entry.origin),
                f"{entry.uses:,}",
                _day(entry.used),
            )
            for entry in found
        ]
        columns = ("SOURCE", "TARGET", "LANGUAGES", "ORIGIN", "USES", "USED")
        print_table(columns, rows, right=("USES",))


def _print_holdings(found: Sequence[Holding], as_json: bool) -> None:
    if as_json:
        _print_json(
            [
                {
                    **origin_facts(holding.origin),
                    "entries": holding.entries,
                    "uses": holding.uses,
                    "characters": holding.characters,
                    "created": moment(holding.created),
                    "used": moment(holding.used),
                }
                for holding in found
            ]
        )
    elif found:
        from s2scli.cli.tables import print_table
        from s2scli.memory.entries import label

        rows = [
            (
                holding.origin.source_language,
                holding.origin.target_language,
                label(holding.origin),
                f"{holding.entries:,}",
                f"{holding.uses:,}",
                f"{holding.characters:,}",
                _day(holding.created),
                _day(holding.used),
            )
            for holding in found
        ]
        columns = ("FROM", "TO", "ORIGIN", "ENTRIES", "USES", "CHARACTERS", "CREATED", "USED")
        print_table(columns, rows, right=("ENTRIES", "USES", "CHARACTERS"))


def _print_json(found: Sequence[object]) -> None:
    click.echo(json_text(found, indent=2))


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


@click.command("prune", cls=Command, rules=PRUNE_RULES)
@file_argument
@choice_options
@click.option(
    "--older-than",
    "days",
    type=Real(0, 100_000),
    metavar="DAYS",
    help="Remove entries neither added nor used for this many days.",
)
@click.option("--unused", is_flag=True, help="Remove entries that were never used.")
@click.option("--dry-run", is_flag=True, help="Only print how many entries would be removed.")
@quiet_option
def prune(
    file: Path, choice: Choice, days: float | None, unused: bool, dry_run: bool, quiet: bool
) -> None:
    """Remove entries that match all given conditions, and shrink the file.

    \b
    Examples:
      s2s memory prune acme.memory --older-than 365 --dry-run
      s2s memory prune acme.memory --origin import:old-project
    """
    from s2scli.memory.entries import EntrySelection, count
    from s2scli.memory.entries import prune as remove
    from s2scli.memory.memory import memory_file

    selection = choice.selection(days=days, unused=unused)
    if selection == EntrySelection():
        raise UsageError(
            "Nothing selected for removal",
            "Give --older-than, --unused, --origin, --from or --to.",
        )
    with memory_file(file) as database:
        number = count(database, selection) if dry_run else remove(database, selection)
        left = count(database, EntrySelection()) - (number if dry_run else 0)
    would = "would be " if dry_run else ""
    Console(quiet=quiet).say(f"entries {would}removed: {number:,}, {would}left: {left:,}")
