"""A process that goes on in the background, and the one that waits until it is ready."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from s2scli.cli.console import Console
from s2scli.errors import write_error

__all__ = ["Background", "detach"]


class Background:
    """The process that goes on.

    Args:
        ready: a pipe to the one that waits.
    """

    def __init__(self, ready: int) -> None:
        self._ready = ready

    def tell(self, address: str) -> None:
        """Say that it is ready: the other process ends."""
        with suppress(BrokenPipeError):
            os.write(self._ready, f"{address}\n".encode(errors="surrogateescape"))
        os.close(self._ready)


class Started:
    """What became of a process that was sent to the background.

    Attributes:
        process: its number.
        address: where it listens; empty if it has ended.
        code: its exit code; 0 if it runs.
    """

    def __init__(self, process: int, address: str, code: int) -> None:
        self.process = process
        self.address = address
        self.code = code


def detach(log: Path) -> Background | Started:
    """Fork: one process goes on in the background, in a session of its own and with a log instead
    of a terminal; the other one waits until that is ready.

    Args:
        log: the file that gets what it says; made for this user alone, and never cut.

    Raises:
        CannotCreateError: the log cannot be created.
    """
    try:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise write_error(f"Cannot write the log {log}", error) from error
    start = os.fstat(output).st_size
    ready, told = os.pipe()
    child = os.fork()
    if child:
        os.close(told)
        os.close(output)
        return _waited(child, ready, log, start)
    os.close(ready)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(old, new)
    for each in (nothing, output):
        if each > 2:
            os.close(each)
    return Background(told)


def _waited(child: int, ready: int, log: Path, start: int) -> Started:
    """Wait until a process is ready; if it ends instead, show what it has said."""
    with open(ready, errors="surrogateescape") as lines:
        address = lines.readline().rstrip("\n")
    if address:
        return Started(child, address, 0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    with open(log, "rb") as file:
        file.seek(start)
        for line in file.read().decode(errors="replace").splitlines():
            Console().fail(line.removeprefix("s2s: "))
    return Started(child, "", code if code > 0 else 128 - code)
