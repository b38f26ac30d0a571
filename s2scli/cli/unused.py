"""Options that would do nothing are refused: a rule says when some options of a command count."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import click
from click.core import ParameterSource

from s2scli.errors import ConfigurationError, UsageError
from s2scli.plugs import nearest, suggestion

__all__ = ["OWN", "PREFIX", "Given", "Rule", "RuledCommand", "refuse_useless"]

PREFIX = "S2S_"  # what all variables begin with
# Variables that belong to no option.
OWN = {
    "S2S_CONFIG": "the settings file",
    "S2S_HOME": "the store of models",
    "S2S_SERVER": "the server of commands",
}
# The parameters whose files are written; a memory is read too.
WRITTEN = ("output", "report", "html", "alignments_file", "memory")
ANYWHERE = (
    ParameterSource.COMMANDLINE,
    ParameterSource.ENVIRONMENT,
    ParameterSource.DEFAULT_MAP,
)


class Given(Mapping[str, Any]):
    """The values of a command by parameter, wherever they come from.

    Args:
        ctx: the command's context.
    """

    def __init__(self, ctx: click.Context) -> None:
        self._ctx = ctx

    def __getitem__(self, name: str) -> Any:
        return self._ctx.params[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ctx.params)

    def __len__(self) -> int:
        return len(self._ctx.params)

    def option(self, name: str) -> str:
        """What an option is called where it is given."""
        option = next(param for param in self._ctx.command.params if param.name == name)
        source = self._ctx.get_parameter_source(name)
        called = max(option.opts, key=len)
        if self[name] is False and option.secondary_opts:
            called = max(option.secondary_opts, key=len)
        if source is ParameterSource.ENVIRONMENT:
            return f"{called} (from {option.envvar})"
        if source is ParameterSource.DEFAULT_MAP:
            return f"{called} (from the settings file)"
        return called

    def says(self, *names: str) -> bool:
        """Whether one of some options stands on the command line."""
        return any(
            self._ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in names
        )


class Rule(NamedTuple):
    """When some options of a command count.

    Attributes:
        options: the names of their parameters.
        counts: whether they do.
        reason: why they do not otherwise; it follows the option's name.
        advice: what to do instead.
        gate: whether somebody relies on them to stop what is bad, so that they are refused from
            the settings file and the environment too. Other settings hold for many runs, and those
            that they do not fit pass them by.
    """

    options: tuple[str, ...]
    counts: Callable[[Given], object]
    reason: str
    advice: str = ""
    gate: bool = False


class RuledCommand(click.Command):
    """A command that refuses options without effect, and empty values.

    Args:
        rules: when its options count; those without a rule always do.
        examines: whether it says itself what is wrong with variables.
    """

    def __init__(
        self, *args: Any, rules: Sequence[Rule] = (), examines: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rules = tuple(rules)
        self._examines = examines

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; an empty one is most often a variable of the shell that is not set.

        Raises:
            UsageError: an option or argument on the command line is empty.
        """
        # Only then can a value be empty; to read all arguments twice takes time.
        if any(arg == "" or arg.endswith("=") for arg in args):
            self._refuse_empty(ctx, args)
        return super().parse_args(ctx, args)

    def _refuse_empty(self, ctx: click.Context, args: list[str]) -> None:
        found, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        for param in self.params:
            value = found.get(str(param.name))
            if "" in (value if isinstance(value, list | tuple) else [value]):
                what = (
                    max(param.opts, key=len) if isinstance(param, click.Option) else "An argument"
                )
                raise UsageError(f"{what} is empty", "Give it a value, or leave it out.")

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, if all that is given counts and no file is lost."""
        refuse_useless(ctx, self.rules)
        if any(ctx.params.get(name) for name in WRITTEN):
            from s2scli.cli.clashes import refuse_clashes

            refuse_clashes(ctx, WRITTEN)
        if not self._examines:
            _refuse_unknown_variables(ctx)
        return super().invoke(ctx)


def refuse_useless(ctx: click.Context, rules: Sequence[Rule]) -> None:
    """Refuse options that would do nothing.

    Raises:
        UsageError: one would.
    """
    given = Given(ctx)
    for rule in rules:
        places = ANYWHERE if rule.gate else ANYWHERE[:1]
        found = [name for name in rule.options if ctx.get_parameter_source(name) in places]
        if found and not rule.counts(given):
            raise UsageError(f"{given.option(found[0])} {rule.reason}", rule.advice)


def _refuse_unknown_variables(ctx: click.Context) -> None:
    """Refuse variables of the environment that look like options of the command, or of none.

    Raises:
        ConfigurationError: there is one.
    """
    prefix = _prefix(ctx)
    known = [str(param.envvar) for param in ctx.command.params if param.envvar]
    for name in os.environ:
        if not name.startswith(PREFIX) or name in known or name in OWN:
            continue
        otherwise = f"See '{ctx.command_path} --help', or unset it."
        if name.startswith(prefix):
            whose, advice = f"of '{ctx.command_path}'", suggestion(name, known, otherwise)
        elif stray := _stray(name, ctx):
            rests = {each.removeprefix(PREFIX): each for each in OWN}
            rests.update((each.removeprefix(prefix), each) for each in known)
            near = nearest(stray, rests)
            whose = "of any command"
            advice = f"Did you mean {rests[near[0]]}?" if near else otherwise
        else:
            continue
        raise ConfigurationError(f"The variable {name} names no option {whose}", advice)


def _prefix(ctx: click.Context) -> str:
    """What the variables of a command, or of those in a group, begin with."""
    return f"{ctx.command_path}_".upper().replace(" ", "_").replace("-", "_")


def _stray(name: str, ctx: click.Context) -> str:
    """What a variable says after the group's name if none of the group's commands follows."""
    while ctx.parent:
        ctx = ctx.parent
        prefix = _prefix(ctx)
        commands = ctx.command.list_commands(ctx) if isinstance(ctx.command, click.Group) else ()
        if name.startswith(prefix) and not any(
            name.startswith(f"{prefix}{each}_".upper()) for each in commands
        ):
            return name.removeprefix(prefix)
    return ""
