"""Options for what outputs begin with."""

from __future__ import annotations

import click

from s2scli.cli.options import OptionGroup, group
from s2scli.cli.unused import Rule

__all__ = ["PREFIX_RULE", "PrefixOptions", "prefix_options"]


class PrefixOptions(OptionGroup):
    """What outputs begin with."""

    prefix: str | None
    prefix_file: str | None


prefix_options = group(
    "prefixes",
    PrefixOptions,
    click.option("--prefix", metavar="TEXT", help="Text that each output begins with."),
    click.option(
        "--prefix-file",
        type=click.Path(),
        metavar="FILE",
        help="What outputs begin with: one line per input line.",
    ),
)
PREFIX_RULE = Rule(
    ("prefix_file",), lambda given: not given.says("prefix"), "cannot be combined with --prefix"
)
