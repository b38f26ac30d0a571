"""A server that runs commands as well: where, and what they find loaded."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from s2scli.cli.console import Console
from s2scli.cli.detaching import Started
from s2scli.cli.main import main, run
from s2scli.errors import CannotCreateError, write_error
from s2scli.handover import State
from s2scli.handover.addresses import usual_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from s2scli.server.commands import Commands
    from s2scli.server.service import Service

__all__ = ["own_place", "report", "serve_commands"]

# What commands load when they run. Not huggingface_hub: it reads the environment when it is loaded.
LOADED = (
    *("s2scli.cli.translate", "s2scli.cli.summarize", "s2scli.cli.answer", "s2scli.cli.generate"),
)


def own_place() -> Path:
    """Where a server of this user listens; its folder is made if it is not there.

    Raises:
        CannotCreateError: it cannot be made, or others may enter it.
    """
    path = Path(usual_path())
    folder = path.parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError as error:
        raise write_error(f"Cannot make the folder {folder}", error) from error
    if status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise CannotCreateError(
            f"Others may enter the folder {folder}",
            "Take their permission (chmod 700), or choose a place with --unix.",
        )
    return path


def serve_commands(path: Path, service: Service) -> Commands:
    """Let a server run commands; its process must have no thread yet.

    Raises:
        CannotCreateError: another server is there, or the path may not be used.
    """
    from s2scli.server.commands import CommandLine, Commands

    commands = Commands(path, service.pool.models, CommandLine(_load, _rehearse, _run))
    service.endings.append(commands.close)
    return commands


def _load() -> None:
    """Load what commands need. The guard's checks, and the patterns in them, are loaded by use."""
    for name in LOADED:
        import_module(name)
    _look()


def _look() -> None:
    """Let the guard look at something."""
    from s2scli.guard.checks import find
    from s2scli.guard.facts import Facts

    find(Facts('See page 5: "Yes." No?', 'Siehe Seite 5: "Ja." Nein?', "en", "de", -1.0, 9))


def _rehearse() -> None:
    State.arguments = None
    run(["translate", "--quiet"])
    _look()


def _run(end: Callable[[int], NoReturn]) -> None:
    State.arguments = None
    main(end=end)


def report(started: Started, path: Path, console: Console) -> int:
    """Tell what became of a server that was sent to the background; the exit code."""
    if started.address:
        import click

        console.say(f"listening on {started.address}, process {started.process}, log {path}.log")
        click.echo(f"unix:{path}")
    return started.code
