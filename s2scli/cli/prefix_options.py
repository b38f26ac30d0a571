"""Options for what outputs begin with."""

from __future__ import annotations

import click

from s2scli.cli.options import OptionGroup, group
from s2scli.cli.unused import Rule
from s2scli.text.oneline import has_break

__all__ = ["PREFIX_RULE", "PrefixOptions", "prefix_options"]


def _one_line(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value and has_break(value.strip()):
        raise click.BadParameter("it must be one line.", ctx, param)
    return value


class PrefixOptions(OptionGroup):
    """What outputs begin with."""

    prefix: str | None
    prefix_file: str | None


prefix_options = group(
    "prefixes",
    PrefixOptions,
    click.option(
        "--prefix",
        metavar="TEXT",
        callback=_one_line,
        help="Text that each output begins with.",
    ),
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
