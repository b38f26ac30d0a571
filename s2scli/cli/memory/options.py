"""What the commands of ``s2s memory`` have in common: the file, and which of its entries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.options import OptionGroup, group
from s2scli.errors import UsageError

if TYPE_CHECKING:
    from s2scli.memory.entries import EntrySelection

__all__ = [
    "Choice",
    "choice_options",
    "file_argument",
    "language",
    "language_options",
]

file_argument = click.argument("file", type=click.Path(path_type=Path))
language_options = (
    click.option(
        "--from", "source_language", metavar="LANG", help="Only entries from this language."
    ),
    click.option("--to", "target_language", metavar="LANG", help="Only entries to this language."),
)


class Choice(OptionGroup):
    """Which entries."""

    source_language: str | None
    target_language: str | None
    origin: str | None

    def selection(
        self, *, text: str = "", days: float | None = None, unused: bool = False
    ) -> EntrySelection:
        """These entries, and of them those that have a text, or are old or unused.

        Raises:
            UsageError: the language is unknown.
        """
        from s2scli.memory.entries import EntrySelection

        pair = language(self.source_language), language(self.target_language)
        return EntrySelection(*pair, self.origin or "", text, days, unused)


choice_options = group(
    "choice",
    Choice,
    *language_options,
    click.option(
        "--origin",
        metavar="NAME",
        help="Only entries of this model, of its options (MODEL#…) or of this import (import:…).",
    ),
)


def language(name: str | None) -> str:
    """The code of a language as a memory has it; empty if none is named.

    Raises:
        UsageError: the language is unknown.
    """
    from s2scli.languages.codes import written_code
    from s2scli.memory.memory import UNKNOWN

    if not name or name == UNKNOWN:
        return name or ""
    code = written_code(name)
    if not code:
        raise UsageError(
            f"There is no language {name!r}", "Write a code (de, deu, pt-BR) or an English name."
        )
    return code
