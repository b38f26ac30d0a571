"""A group of commands from a table, each imported only when it is run or asked for its help."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import click

from s2scli.errors import BadInputError
from s2scli.plugs import load, suggestion

__all__ = ["TEXT", "LazyGroup", "Table", "long_name", "options_by_name"]

# Name → ("module:command", the one-line help).
Table = Mapping[str, tuple[str, str]]


class _Text(click.types.StringParamType):
    """An argument that is text, unlike names of files, which may be any bytes.

    Of an option that can be repeated, a variable has one a line, for a text may have blanks.
    """

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """The lines of a variable that are not blank."""
        return [line for line in rv.split("\n") if line.strip()]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text."""
        text = super().convert(value, param, ctx)
        if not text.isprintable():
            from s2scli.text.reading import checked

            try:
                checked(text, repr(text))
            except BadInputError as error:
                self.fail(f"{error.message}; it must be UTF-8.", param, ctx)
        return text


TEXT = _Text()


class LazyGroup(click.Group):
    """A group that costs no import of its commands.

    Args:
        table: the commands.
        variable: what the environment variables of their options begin with.
    """

    def __init__(self, *args: Any, table: Table, variable: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self._variable = variable
        self._loaded: dict[str, click.Command] = {}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; where there are none, show the help, and end as wrong usage does."""
        if not args and not ctx.resilient_parsing:
            from s2scli.cli.console import Console

            Console().help(ctx.get_help())
            ctx.exit(click.UsageError.exit_code)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.table:
            return None
        if cmd_name not in self._loaded:
            self._loaded[cmd_name] = self._load(cmd_name)
        command = self._loaded[cmd_name]
        for param in command.params:
            if isinstance(param.type, click.Path) and isinstance(param.envvar, str):
                _expand(param.envvar)
        return command

    def _load(self, name: str) -> click.Command:
        command: click.Command = load(self.table[name][0])
        for param in command.params:
            if param.type is click.STRING:
                param.type = TEXT
            if isinstance(param, click.Option) and not isinstance(command, click.Group):
                variable = f"{self._variable}_{name}_{long_name(param)}"
                param.envvar = variable.upper().replace("-", "_")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of ``args``, or say which is near."""
        if args and args[0] not in self.table and not args[0].startswith("-"):
            ctx.fail(f"There is no command {args[0]!r}. {suggestion(args[0], self.table)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.table.items()])


def _expand(variable: str) -> None:
    """Let ``~`` in a variable mean the user's home, as a shell would have; files of a service or a
    container are read by none."""
    value = os.environ.get(variable, "")
    if "~" in value:
        paths = map(os.path.expanduser, value.split(os.pathsep))
        os.environ[variable] = os.pathsep.join(paths)


def long_name(option: click.Parameter) -> str:
    """The long name of an option, without its dashes."""
    return next((name for name in option.opts if name.startswith("--")), "--")[2:]


def options_by_name(command: click.Command) -> dict[str, str]:
    """The parameter of each long option, without its dashes."""
    return {
        option[2:]: str(param.name)
        for param in command.params
        for option in param.opts
        if option.startswith("--")
    }
