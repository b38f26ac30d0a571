"""ROUGE's words: which are taken, and what is said where they say nothing of a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console
from s2scli.metrics.words import KINDS

if TYPE_CHECKING:
    from s2scli.tasks.score import Scorer

__all__ = ["rouge_words_option", "warn_of_words"]

rouge_words_option = click.option(
    "--rouge-words",
    type=click.Choice(list(KINDS)),
    default="ascii",
    metavar="KIND",
    show_default=True,
    help="Words of ROUGE: ascii (a-z and 0-9, as in rouge-score), unicode (letters of any "
    "script) or auto (by the references).",
)


def warn_of_words(scorer: Scorer, asked: str, hypotheses: Sequence[str], console: Console) -> None:
    """Say on stderr what ``auto`` took, and which texts metrics do not read or do not split."""
    kind = scorer.options.rouge_words
    if asked != kind and any(name.startswith("rouge") for name in scorer.metrics):
        console.say(f"note: --rouge-words {asked} took {kind}")
    if unread := scorer.unread(hypotheses):
        advice = " Try --rouge-words auto." if kind == "ascii" else ""
        console.warn(
            f"texts of which ROUGE finds no word, or less than half: {unread} "
            f"(--rouge-words {kind}).{advice}"
        )
    if undivided := scorer.undivided():
        console.warn(
            "the references are in a script without spaces between words, and "
            f"{', '.join(undivided)} split at spaces. Take chrf, or 's2s score --metric bleu' "
            "with --tokenize zh, ja-mecab, char or flores200."
        )


def warn_of_remarks(scorer: Scorer, console: Console) -> None:
    """Say on stderr what metrics found in the texts that they have read."""
    for metric in scorer.metrics.values():
        for remark in metric.remarks:
            console.warn(remark)
