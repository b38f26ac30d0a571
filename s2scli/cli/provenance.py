"""Where settings come from: the settings file and the environment, option by option."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import click

from s2scli.cli.defaults import defaults
from s2scli.cli.group import LazyGroup, long_name
from s2scli.cli.unused import OWN, PREFIX
from s2scli.errors import S2SError
from s2scli.plugs import suggestion
from s2scli.settings import config_path
from s2scli.tasks.health.diagnosis import BROKEN, Diagnosis

__all__ = ["settings_found"]


def settings_found(root: click.Context) -> Iterator[Diagnosis]:
    """The settings file, each of its values, and each variable ``S2S_…``.

    Args:
        root: the context of ``s2s`` itself.
    """
    group = root.command
    assert isinstance(group, LazyGroup)
    path = config_path()
    yield Diagnosis("file", f"{path}{'' if path.exists() else ' (there is none)'}")
    try:
        for name, options in defaults(root, group).items():
            yield from _of_file(root, group, (name,), options)
    except S2SError as error:
        yield Diagnosis("file", error.message, BROKEN, error.advice)
    yield from _tuned()
    options = _variables(root, group)
    for name in sorted(each for each in os.environ if each.startswith(PREFIX)):
        yield _of_environment(name, options)


def _tuned() -> Iterator[Diagnosis]:
    """What ``s2s bench --tune`` found for models."""
    from s2scli.tuned import all_tuned

    try:
        for each in all_tuned():
            yield Diagnosis(
                f"tuned {each.model}",
                f"threads {each.threads or 'one per core'}, batch tokens {each.batch_tokens}, "
                f"compute type {each.compute_type}, on {each.device} with {each.cores} cores",
            )
    except S2SError as error:
        yield Diagnosis("tuned", error.message, BROKEN, error.advice)


def _of_file(
    ctx: click.Context, group: LazyGroup, path: tuple[str, ...], options: dict[str, Any]
) -> Iterator[Diagnosis]:
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
) -> Diagnosis:
    try:
        param.type_cast_value(ctx, value)
    except click.UsageError as error:
        return Diagnosis(
            title, f"{shown}: {error.format_message()}", BROKEN, "Correct or remove it."
        )
    return Diagnosis(title, shown)


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
) -> Diagnosis:
    """What a variable of the environment does."""
    value = os.environ[name]
    if name in OWN:
        return Diagnosis(name, f"{value} ({OWN[name]})")
    if name not in options:
        advice = suggestion(name, [*OWN, *options], "No option has that name.")
        return Diagnosis(name, f"{value}, which commands refuse", BROKEN, advice)
    command, param = options[name]
    ctx = click.Context(command)
    return _judged(name, value, param, param.value_from_envvar(ctx), ctx)
