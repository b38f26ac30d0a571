"""What is said of translations of lines: word alignments, attention, probabilities."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.options import LateFile, OptionGroup, group
from s2scli.cli.unused import Given, Rule

if TYPE_CHECKING:
    from s2scli.cli.looks import Look

__all__ = ["LOOK_RULES", "LookOptions", "look_options"]


class LookOptions(OptionGroup):
    """What is said of translations of lines."""

    alignments: bool
    alignments_file: Path | None
    token_level: bool
    attention: bool
    log_probs: str | None

    def look(self, format_: str, *, changed: bool) -> Look | None:
        """What is asked for and has a place; None for nothing. Settings that have none pass by.

        Args:
            format_: the output format.
            changed: whether steps change what the model wrote.
        """
        in_json = format_ == "jsonl" and not changed
        pairs = self.alignments and format_ != "text"
        attention, log_probs = self.attention and in_json, self.log_probs if in_json else None
        if not (pairs or self.alignments_file or attention or log_probs):
            return None
        from s2scli.cli.looks import Look

        return Look(
            pairs=pairs,
            file=self.alignments_file,
            by_token=self.token_level and not changed,
            attention=attention,
            log_probs=log_probs,
        )


def _format(given: Given) -> str:
    """The output format, which is that of the input unless the user says another."""
    if given.says("format") or given["format"] != "text":
        return str(given["format"])
    return "jsonl" if given["jsonl_field"] is not None else "tsv" if given["tsv_column"] else "text"


def _is_changed(given: Given) -> bool:
    """Whether something is put into what the model wrote, or instead of it."""
    demanded = given["protection"] or given["protect"] or given["glossary"]
    return bool(demanded or given["below"] not in (None, "fail"))


LOOK_RULES = (
    Rule(
        ("alignments",),
        lambda given: _format(given) != "text",
        "has no place in --format text, a translation per line",
        "Add --format jsonl, tsv or nbest; or --alignments-file FILE instead.",
    ),
    Rule(
        ("token_level",),
        lambda given: given["alignments"] or given["alignments_file"],
        "belongs to --alignments or --alignments-file",
    ),
    Rule(
        ("attention", "log_probs"),
        lambda given: _format(given) == "jsonl",
        "is for --format jsonl",
    ),
    Rule(
        ("token_level", "attention", "log_probs"),
        lambda given: not _is_changed(given),
        "tells what the model wrote, which --protection, --protect, --glossary and --below change",
    ),
)
look_options = group(
    "looks",
    LookOptions,
    click.option(
        "--alignments",
        is_flag=True,
        help="Add word alignments (0-0 1-2) to jsonl, tsv and nbest.",
    ),
    click.option(
        "--alignments-file",
        type=LateFile(),
        metavar="FILE",
        help="Write word alignments to this file, a line for each line.",
    ),
    click.option("--token-level", is_flag=True, help="Align the model's tokens instead of words."),
    click.option(
        "--attention",
        is_flag=True,
        help="Add to JSON lines how much each target token looked at each source token.",
    ),
    click.option(
        "--log-probs",
        type=click.Choice(["segment", "word", "token"]),
        help="Add to JSON lines the log-probability of each segment, word or token.",
    ),
)
