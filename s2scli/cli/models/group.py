"""The group ``s2s models``."""

from __future__ import annotations

import click

from s2scli.cli.group import LazyGroup
from s2scli.cli.models import COMMANDS

__all__ = ["command"]


@click.group("models", cls=LazyGroup, table=COMMANDS, variable="S2S_MODELS")
def command() -> None:
    """List, download, show and remove models.

    \b
    Examples:
      s2s models list --from en --to fr
      s2s models pull opus-mt-en-fr
      s2s models default opus-mt-en-fr --from en --to fr
    """
