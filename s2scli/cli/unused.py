"""Options that would do nothing beside others are refused: a rule says when some of them count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click
from click.core import ParameterSource

from s2scli.errors import UsageError

__all__ = ["Rule", "given", "refuse_useless"]


@dataclass(frozen=True, slots=True)
class Rule:
    """When some options of a command count.

    Attributes:
        options: the names of their parameters.
        counts: whether they do, from all values of the command.
        reason: why they do not otherwise; it follows the option's name.
    """

    options: tuple[str, ...]
    counts: Callable[[Mapping[str, Any]], object]
    reason: str


def refuse_useless(ctx: click.Context, rules: Sequence[Rule]) -> None:
    """Refuse options on the command line that would do nothing.

    Raises:
        UsageError: one would.
    """
    for rule in rules:
        if not rule.counts(ctx.params):
            for option in given(ctx, rule.options):
                raise UsageError(f"{option} {rule.reason}")


def given(ctx: click.Context, names: Sequence[str]) -> Iterator[str]:
    """Those of some options that stand on the command line."""
    for parameter in ctx.command.params:
        source = ctx.get_parameter_source(str(parameter.name))
        if parameter.name in names and source is ParameterSource.COMMANDLINE:
            yield max(parameter.opts, key=len)
