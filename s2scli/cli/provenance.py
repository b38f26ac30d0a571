"""Where settings come from: the settings file and the environment, option by option."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import click

from s2scli.cli.defaults import defaults
from s2scli.cli.group import LazyGroup, long_name
from s2scli.errors import S2SError
from s2scli.plugs import suggestion
from s2scli.settings import config_path
from s2scli.tasks.health.finding import BROKEN, NOTE, Finding

__all__ = ["settings_found"]

PREFIX = "S2S_"
# Variables that belong to no option.
OWN = {"S2S_CONFIG": "the settings file", "S2S_HOME": "the store of models"}


def settings_found(root: click.Context) -> Iterator[Finding]:
    """The settings file, each of its values, and each variable ``S2S_…``.

    Args:
        root: the context of ``s2s`` itself.
    """
    group = root.command
    assert isinstance(group, LazyGroup)
    path = config_path()
    yield Finding("file", f"{path}{'' if path.exists() else ' (there is none)'}")
    try:
        for name, options in defaults(root, group).items():
            yield from _of_file(root, group, (name,), options)
    except S2SError as error:
        yield Finding("file", error.message, BROKEN, error.advice)
    options = _variables(root, group)
    for name in sorted(each for each in os.environ if each.startswith(PREFIX)):
        yield _of_environment(name, options)


def _of_file(
    ctx: click.Context, group: LazyGroup, path: tuple[str, ...], options: dict[str, Any]
) -> Iterator[Finding]:
    command = group.get_command(ctx, path[-1])
    if isinstance(command, LazyGroup):
        for name, inner in options.items():
            yield from _of_file(ctx, command, (*path, name), inner)
        return
    by_name = {param.name: param for param in command.params} if command else {}
    for name, value in options.items():
        shown = ", ".join(value) if isinstance(value, list) else str(value)
        title = f"{' '.join(path)} --{long_name(by_name[name])}"
        yield _judged(title, f"{shown} (settings file)", by_name[name], value, ctx)


def _judged(
    title: str, shown: str, param: click.Parameter, value: Any, ctx: click.Context
) -> Finding:
    try:
        param.type_cast_value(ctx, value)
    except click.UsageError as error:
        return Finding(title, f"{shown}: {error.format_message()}", BROKEN, "Correct or remove it.")
    return Finding(title, shown)


def _variables(
    ctx: click.Context, group: LazyGroup
) -> dict[str, tuple[click.Command, click.Parameter]]:
    """Variable → the command and the option that it sets."""
    found: dict[str, tuple[click.Command, click.Parameter]] = {}
    for name in group.table:
        command = group.get_command(ctx, name)
        if isinstance(command, LazyGroup):
            found.update(_variables(ctx, command))
        elif command is not None:
            found.update(
                (str(param.envvar), (command, param)) for param in command.params if param.envvar
            )
    return found


def _of_environment(
    name: str, options: Mapping[str, tuple[click.Command, click.Parameter]]
) -> Finding:
    """What a variable of the environment does."""
    value = os.environ[name]
    if name in OWN:
        return Finding(name, f"{value} ({OWN[name]})")
    if name not in options:
        advice = suggestion(name, [*OWN, *options], "No option has that name.")
        refused = any(name.startswith(_prefix(param)) for _, param in options.values())
        what = "which its command refuses" if refused else "which nothing reads"
        return Finding(name, f"{value}, {what}", BROKEN if refused else NOTE, advice)
    command, param = options[name]
    ctx = click.Context(command)
    return _judged(name, value, param, param.value_from_envvar(ctx), ctx)


def _prefix(param: click.Parameter) -> str:
    """What the variables of a command begin with, by one of its options."""
    return str(param.envvar)[: -len(long_name(param))]
