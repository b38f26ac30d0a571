"""``s2s server status`` and ``stop``."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import click

from s2scli.cli.console import Console
from s2scli.cli.jsontext import json_text
from s2scli.cli.options import quiet_option
from s2scli.cli.sections import Command
from s2scli.handover import VARIABLE
from s2scli.handover.addresses import AUTO, path_of, require_linux

__all__ = ["status", "stop"]

address_option = click.option(
    "--server",
    "address",
    metavar="ADDRESS",
    help="Server: unix:PATH.  [default: S2S_SERVER, else where s2s serve --detach listens]",
)


def _path(address: str | None) -> str:
    require_linux()
    return path_of(address or os.environ.get(VARIABLE) or AUTO)


@click.command("status", cls=Command)
@address_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def status(address: str | None, as_json: bool) -> None:
    """Show whether a server runs, where it listens and which models it has loaded.

    \b
    Example:
      s2s server status --json
    """
    from s2scli.handover.asking import ask_status

    facts = ask_status(_path(address))
    click.echo(json_text(facts, indent=2) if as_json else "\n".join(_lines(facts)))


def _lines(facts: dict[str, Any]) -> list[str]:
    """The facts for a person."""
    loaded = facts["loaded"]
    models = [
        f"{name} (loaded, about {loaded[name] >> 20:,} MB)" if name in loaded else name
        for name in facts["models"]
    ]
    return [
        f"listens on  {', '.join(facts['addresses'])}",
        f"process     {facts['pid']}",
        f"version     {facts['version']}",
        f"runs for    {timedelta(seconds=int(facts['seconds']))}",
        f"models      {', '.join(models)}",
    ]


@click.command("stop", cls=Command)
@address_option
@quiet_option
def stop(address: str | None, quiet: bool) -> None:
    """End a server; what it is doing has half a minute to finish.

    \b
    Example:
      s2s server stop
    """
    from s2scli.handover.asking import ask_to_stop

    facts = ask_to_stop(_path(address))
    Console(quiet=quiet).say(f"the server of process {facts['pid']} has ended")
