"""``s2s doctor``: what works here, what does not, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.jsontext import json_text
from s2scli.cli.options import complete_model
from s2scli.cli.sections import Command
from s2scli.errors import S2SError

if TYPE_CHECKING:
    from s2scli.tasks.health.diagnosis import Diagnosis

__all__ = ["command"]


@click.command("doctor", cls=Command, examines=True)
@click.option(
    "-m",
    "--model",
    "models",
    multiple=True,
    metavar="MODEL",
    shell_complete=complete_model,
    help="Load this model too, and decode with it; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_context
def command(ctx: click.Context, models: tuple[str, ...], as_json: bool) -> None:
    """Check what s2s needs: packages, processor, GPUs, settings, models.

    Nothing is changed and nothing is downloaded. The exit code is 1 if something needed is broken.

    \b
    Examples:
      s2s doctor
      s2s doctor -m opus-mt-en-fr --json
    """
    from s2scli.cli.provenance import settings_found
    from s2scli.tasks.health import examine
    from s2scli.tasks.health.diagnosis import BROKEN
    from s2scli.tasks.health.models import trial

    found = [
        *examine(),
        *(("models", trial(name)) for name in models),
        *(("settings", finding) for finding in settings_found(ctx.find_root())),
    ]
    broken = [finding for _, finding in found if finding.state == BROKEN]
    if as_json:
        click.echo(json_text([_facts(part, finding) for part, finding in found], indent=2))
    else:
        _print(found)
    if broken:
        names = ", ".join(finding.name for finding in broken)
        raise S2SError(f"{len(broken)} of {len(found)} findings are broken: {names}")


def _facts(part: str, finding: Diagnosis) -> dict[str, Any]:
    return {
        "part": part,
        "name": finding.name,
        "value": finding.value,
        "state": finding.state,
        "advice": finding.advice,
    }


def _print(found: Sequence[tuple[str, Diagnosis]]) -> None:
    from s2scli.cli.tables import print_table

    print_table(("PART", "STATE", "WHAT", "FOUND"), list(_rows(found)))


def _rows(found: Iterable[tuple[str, Diagnosis]]) -> Iterable[tuple[str, ...]]:
    before = ""
    for part, finding in found:
        text = f"{finding.value}\n{finding.advice}" if finding.advice else finding.value
        yield "" if part == before else part, finding.state, finding.name, text
        before = part
