"""The group ``s2s memory``."""

from __future__ import annotations

import click

from s2scli.cli.group import LazyGroup
from s2scli.cli.memory import COMMANDS

__all__ = ["command"]


@click.group("memory", cls=LazyGroup, table=COMMANDS, variable="S2S_MEMORY")
def command() -> None:
    """Manage a translation memory.

    A memory is the FILE of 's2s translate --memory FILE'. Texts that a model has translated with
    the same options are not translated again; imported translations come first.

    \b
    Examples:
      s2s memory import acme.memory old-project.tmx
      s2s memory show acme.memory
      s2s memory prune acme.memory --older-than 365
      s2s memory export acme.memory --to de -o acme-de.tmx
    """
