"""The settings file as click's defaults, checked against the options that there are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from s2scli.cli.group import LazyGroup, options_by_name
from s2scli.cli.numbers import Numbers
from s2scli.errors import ConfigurationError, S2SError
from s2scli.plugs import suggestion
from s2scli.settings import config_path, load_settings

__all__ = ["defaults"]


def defaults(ctx: click.Context, group: LazyGroup) -> dict[str, Any]:
    """The settings file in click's form: command → parameter → value.

    Args:
        ctx: the context of ``s2s`` itself.
        group: its commands.

    Raises:
        ConfigurationError: the file names a command or an option that does not exist.
    """
    path = config_path()
    return {name: _section(path, ctx, group, name, o) for name, o in load_settings(path).items()}


def _section(
    path: Path, ctx: click.Context, group: LazyGroup, name: str, options: Any
) -> dict[str, Any]:
    """The values of one command, or of each command of a group."""
    command = group.get_command(ctx, name)
    if command is None:
        raise _unknown(f"{path}: there is no command", name, group.table)
    if not isinstance(options, dict):
        raise ConfigurationError(f"{path}: {name!r} does not map options to values")
    if isinstance(command, LazyGroup):
        return {
            inner: _section(path, ctx, command, inner, found)
            for inner, found in options.items()
            if found is not None
        }
    known = options_by_name(command)
    for option in options:
        if option not in known:
            raise _unknown(f"{path}: {name} has no option", option, known)
    by_name = {param.name: param for param in command.params}
    return {
        known[option]: _value(f"{path}: {name}: {option}", by_name[known[option]], value)
        for option, value in options.items()
        if value is not None
    }


def _value(place: str, option: click.Parameter, value: Any) -> Any:
    """The value of a setting, in click's form.

    Raises:
        ConfigurationError: it is not a value, or several where there can be but one.
    """
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in values):
        raise ConfigurationError(f"{place} must be a value, or a list of values")
    if isinstance(option.type, click.Path):  # in a file no shell has done that
        values = [os.path.expanduser(each) for each in values]
    if option.multiple:
        return values
    if isinstance(option.type, Numbers):
        return ",".join(values)
    if isinstance(value, list):
        raise ConfigurationError(f"{place} takes one value, not {len(values)}")
    return values[0]


def _unknown(message: str, name: str, known: Any) -> S2SError:
    return ConfigurationError(f"{message} {name!r}", suggestion(name, known))
