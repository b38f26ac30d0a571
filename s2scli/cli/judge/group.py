"""The group ``s2s judge``."""

from __future__ import annotations

import click

from s2scli.cli.group import LazyGroup
from s2scli.cli.judge import COMMANDS

__all__ = ["command"]


@click.group("judge", cls=LazyGroup, table=COMMANDS, variable="S2S_JUDGE")
def command() -> None:
    """Let people judge outputs.

    \b
    Examples:
      s2s judge make test.en a.de b.de --annotators 3 -o evaluation
      s2s judge score evaluation
    """
