"""The group ``s2s server``."""

from __future__ import annotations

import click

from s2scli.cli.group import LazyGroup
from s2scli.cli.server import COMMANDS

__all__ = ["command"]


@click.group("server", cls=LazyGroup, table=COMMANDS, variable="S2S_SERVER")
def command() -> None:
    """Show or end the server whose loaded models commands use.

    \b
    Examples:
      s2s serve --detach
      s2s server status
      s2s server stop
    """
