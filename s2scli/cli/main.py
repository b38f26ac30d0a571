"""The ``s2s`` command: its subcommands, and the one place where errors become exit codes."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from s2scli._version import __version__
from s2scli.addressspace import guard_numpy
from s2scli.cli import COMMANDS
from s2scli.cli.group import LazyGroup, options_by_name
from s2scli.cli.signals import Interrupted, die_by, handle_signals
from s2scli.errors import ConfigurationError, InputOutputError, S2SError, memory_error
from s2scli.plugs import suggestion

if TYPE_CHECKING:  # help and versions need no files
    from pathlib import Path

__all__ = ["cli", "main", "run"]

# How many objects more than were freed are made between two looks for cycles.
GARBAGE = 50_000
CONTEXT = {"help_option_names": ["-h", "--help"]}


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from s2scli.inference.engines import ENGINES, engine_versions, package_version

    found = [each for engine in ENGINES for each in engine_versions(engine).items()]
    found.append(("sentencepiece", package_version("sentencepiece")))
    click.echo(f"s2s {__version__} ({', '.join(f'{name} {v}' for name, v in found if v)})")
    ctx.exit()


@click.group(cls=LazyGroup, table=COMMANDS, variable="S2S", context_settings=CONTEXT)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the versions of s2s and its engines.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Neural translation in the shell, on your own machine.

    \b
    echo "Where is the station?" | s2s translate
    """
    ctx.default_map = _defaults(ctx)


def _defaults(ctx: click.Context) -> dict[str, Any]:
    """The settings file in click's form: command → parameter → value.

    Raises:
        ConfigurationError: the file names a command or an option that does not exist.
    """
    from s2scli.settings import config_path, load_settings

    path = config_path()
    return {name: _section(path, ctx, cli, name, o) for name, o in load_settings(path).items()}


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
    from s2scli.cli.numbers import Numbers

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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``s2s`` and end the process with its exit code."""
    try:
        # Nearly all objects of a run stay (modules, documents) or go without cycles: to look for
        # cycles as often as Python does by itself takes 5% of a start.
        gc.set_threshold(GARBAGE)
        handle_signals()
        guard_numpy()
        if isinstance(sys.stdout, io.TextIOWrapper):
            # Names of files that are not UTF-8 have halves of characters.
            sys.stdout.reconfigure(errors="backslashreplace")
        code = run(arguments)
    except (Interrupted, KeyboardInterrupt) as interrupt:
        die_by(getattr(interrupt, "signum", signal.SIGINT))
    except BrokenPipeError:
        die_by(signal.SIGPIPE)
    else:
        # The engine's threads and a reader that waits for input need no farewell.
        os._exit(code)


def run(arguments: Sequence[str] | None) -> int:
    """Run ``s2s``; its exit code. What went wrong is said in a line on stderr."""
    try:
        code = cli.main(arguments, prog_name="s2s", standalone_mode=False) or 0
        _flush()
        return int(code)
    except click.UsageError as error:
        return _complain(_usage(error), error.exit_code)
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        return _complain(error.format_message(), error.exit_code)
    except BrokenPipeError:
        raise
    except SystemExit:  # click's own answer to a closed pipe
        raise BrokenPipeError from None
    except OSError as error:
        failure = InputOutputError(f"Input or output failed: {error.strerror or error}")
        return _complain(str(failure), failure.exit_code)
    except S2SError as error:
        return _complain(str(error), error.exit_code)
    except (MemoryError, ImportError, RuntimeError) as error:
        if not (short := memory_error(error)):
            raise
        return _complain(str(short), short.exit_code)


def _usage(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "s2s"
    return f"{error.format_message()} Try '{path} --help'."


def _complain(message: str, code: int) -> int:
    from s2scli.cli.console import Console

    Console().fail(message)
    return code


def _flush() -> None:
    """Write out what click printed (help, versions) while its errors can still be reported."""
    if sys.stdout is not None:
        sys.stdout.flush()
