"""The ``s2s`` command: its subcommands, and the one place where errors become exit codes."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from s2scli.cli import COMMANDS
from s2scli.cli.signals import Interrupted, die_by, handle_signals
from s2scli.errors import InputOutputError, S2SError
from s2scli.settings import config_path, load_settings

__all__ = ["cli", "main"]

CONTEXT = {"help_option_names": ["-h", "--help"]}


class LazyGroup(click.Group):
    """A group that imports a command only to run it or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        for param in command.params:
            if isinstance(param, click.Option):
                param.envvar = _variable(cmd_name, param)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of ``args``, or say which is near."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(COMMANDS)}."
            ctx.fail(f"There is no command {args[0]!r}. {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _variable(command: str, option: click.Option) -> str:
    """The environment variable of an option, after its long name: S2S_TRANSLATE_BEAM."""
    long = next(name for name in option.opts if name.startswith("--"))
    return f"S2S_{command}_{long[2:]}".upper().replace("-", "_")


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    from s2scli import __version__

    click.echo(
        f"s2s {__version__} (ctranslate2 {version('ctranslate2')}, "
        f"sentencepiece {version('sentencepiece')})"
    )
    ctx.exit()


@click.group(cls=LazyGroup, context_settings=CONTEXT)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the versions of s2s and its engine.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Neural translation in the shell, on your own machine.

    \b
    echo "Where is the station?" | s2s translate
    """
    ctx.default_map = _defaults(ctx)


def _defaults(ctx: click.Context) -> dict[str, Any]:
    """The settings file as click wants it: command → parameter → value.

    Raises:
        click.UsageError: the file names a command or an option that does not exist.
    """
    path = config_path()
    defaults: dict[str, Any] = {}
    for command_name, options in load_settings(path).items():
        command = cli.get_command(ctx, command_name)
        if command is None:
            raise _unknown(f"{path}: there is no command", command_name, COMMANDS)
        known = {
            opt.lstrip("-"): str(param.name)
            for param in command.params
            for opt in param.opts
            if opt.startswith("--")
        }
        for option in options:
            if option not in known:
                raise _unknown(f"{path}: {command_name} has no option", option, known)
        defaults[command_name] = {known[option]: value for option, value in options.items()}
    return defaults


def _unknown(message: str, name: str, known: Any) -> S2SError:
    from s2scli.errors import ConfigurationError

    near = get_close_matches(name, known, n=1)
    return ConfigurationError(f"{message} {name!r}", f"Did you mean {near[0]!r}?" if near else "")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``s2s`` and end the process with its exit code."""
    try:
        handle_signals()
        code = _run(arguments)
    except (Interrupted, KeyboardInterrupt) as interrupt:
        die_by(getattr(interrupt, "signum", signal.SIGINT))
    except BrokenPipeError:
        die_by(signal.SIGPIPE)
    else:
        # The engine's threads and a reader that waits for input need no farewell.
        os._exit(code)


def _run(arguments: Sequence[str] | None) -> int:
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


def _usage(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "s2s"
    return f"{error.format_message()} Try '{path} --help'."


def _complain(message: str, code: int) -> int:
    """One line on stderr; characters that could steer a terminal are shown as they are written."""
    line = "".join(
        character if character.isprintable() else ascii(character)[1:-1]
        for character in " ".join(message.splitlines())
    )
    try:
        sys.stderr.write(f"s2s: {line}\n")
        sys.stderr.flush()
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise BrokenPipeError from error
    return code


def _flush() -> None:
    """Write out what click printed (help, versions) while its errors can still be reported."""
    if sys.stdout is not None:
        sys.stdout.flush()
