"""Addresses of servers: ``unix:PATH``, or ``auto`` for the one at the usual place, if there is one.

Commands reach the server at the path with ``.run`` after it, requests of HTTP at the path itself.
"""

from __future__ import annotations

import os
import sys

from s2scli.errors import UnavailableError, UsageError

__all__ = ["AUTO", "commands_path", "path_of", "require_linux", "usual_path"]

AUTO = "auto"
SCHEME = "unix:"
COMMANDS = ".run"


def require_linux() -> None:
    """Make sure that commands can be handed over on this system.

    Raises:
        UnavailableError: they cannot.
    """
    if sys.platform != "linux":
        raise UnavailableError("Servers run commands on Linux only", "Use s2s without a server.")


def usual_path() -> str:
    """Where a server listens if nothing else is said: in a folder that only its user may enter."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not os.path.isabs(runtime):
        runtime = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(runtime):
            runtime = os.path.expanduser("~/.cache")
    return os.path.join(runtime, "s2s", "server", "socket")


def path_of(address: str) -> str:
    """The path in an address.

    Raises:
        UsageError: it is not one.
    """
    if address == AUTO:
        return usual_path()
    path = address.removeprefix(SCHEME)
    if not path or path == address:
        raise UsageError(f"{address!r} is no address of a server", "Give unix:PATH, or auto.")
    return os.path.expanduser(path)


def commands_path(path: str) -> str:
    """The socket for commands of the server at a path."""
    return path + COMMANDS
