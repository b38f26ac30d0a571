"""The ``s2s`` command: its subcommands, and the one place where errors become exit codes."""

from __future__ import annotations

import gc
import io
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import click

from s2scli._version import __version__
from s2scli.addressspace import guard_numpy
from s2scli.cli import COMMANDS
from s2scli.cli.group import LazyGroup
from s2scli.errors import InputOutputError, S2SError, memory_error
from s2scli.signals import Interrupted, die_by, handle_signals

__all__ = ["cli", "main", "run"]

# How many objects more than were freed are made between two looks for cycles.
GARBAGE = 50_000
# The command that looks at settings which may be broken.
EXAMINER = "doctor"
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
    if ctx.invoked_subcommand != EXAMINER:
        ctx.default_map = _defaults(ctx)


def _defaults(ctx: click.Context) -> dict[str, Any]:
    """The settings file in click's form; what reads one is imported only where there is one.

    Raises:
        ConfigurationError: the file names a command or an option that does not exist.
    """
    from s2scli.settings import has_settings

    if not has_settings():
        return {}
    from s2scli.cli.defaults import defaults

    return defaults(ctx, cli)


def main(arguments: Sequence[str] | None = None, end: Callable[[int], NoReturn] = os._exit) -> None:
    """Run ``s2s`` and end the process with its exit code.

    Args:
        arguments: those after the program's name; None for those of the process.
        end: ends the process. The engine's threads and a reader that waits for input need no
            farewell.
    """
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
        end(code)


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
        where = f"{error.filename}: " if isinstance(error.filename, str) else ""
        failure = InputOutputError(f"Input or output failed: {where}{error.strerror or error}")
        return _complain(str(failure), failure.exit_code)
    except S2SError as error:
        return _complain(str(error), error.exit_code)
    except (MemoryError, ImportError, RuntimeError) as error:
        if not (short := memory_error(error)):
            raise
        return _complain(str(short), short.exit_code)


def _usage(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "s2s"
    # click lists choices on lines of their own.
    message = re.sub(r"\s*\n\s*", " ", error.format_message())
    end = "" if message.endswith((".", "?", "!", ")")) else "."
    return f"{message}{end} Try '{path} --help'."


def _complain(message: str, code: int) -> int:
    from s2scli.cli.console import Console

    with suppress(OSError):  # what went wrong first is said
        _flush()
    Console().fail(message)
    return code


def _flush() -> None:
    """Write out what was printed (help, versions, tables) while its errors can still be reported:
    the process ends without Python's farewell, which would do so."""
    if sys.stdout is not None:
        sys.stdout.flush()
