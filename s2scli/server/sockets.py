"""Sockets that a server listens on."""

from __future__ import annotations

import errno
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

from s2scli.errors import CannotCreateError

__all__ = ["BACKLOG", "listen_at", "listen_on"]

BACKLOG = 2048


def listen_on(host: str, port: int) -> socket.socket:
    """A socket at an address.

    Raises:
        CannotCreateError: the address is taken, or may not be used.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        raise CannotCreateError(
            f"Cannot listen on {host}, port {port}: {error.strerror or error}",
            "Choose another with --port, or end the program that has it.",
        ) from error
    return listener


def listen_at(path: Path) -> socket.socket:
    """A socket at a path; one that a dead server has left there is removed.

    Only this user may connect until the owner of the folder decides otherwise.

    Raises:
        CannotCreateError: the path is taken, or may not be used.
    """
    import fcntl  # where there are such sockets

    listener = socket.socket(socket.AF_UNIX)
    try:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)  # who looks at the same time waits
            with suppress(FileNotFoundError):
                if stat.S_ISSOCK(path.lstat().st_mode) and not _answers(path):
                    path.unlink()
            mask = os.umask(0o177)
            try:
                listener.bind(os.fspath(path))
            finally:
                os.umask(mask)
            listener.listen(BACKLOG)
        finally:
            os.close(folder)
    except OSError as error:
        listener.close()
        advice = "Is a server there already? See: s2s server status. End it with: s2s server stop."
        raise CannotCreateError(
            f"Cannot listen at {path}: {error.strerror or error}",
            advice if error.errno == errno.EADDRINUSE else "",
        ) from error
    return listener


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        return probe.connect_ex(os.fspath(path)) == 0
