"""Commands that a server runs: their socket, the process that forks for each, and their models."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from s2scli._version import __version__
from s2scli.errors import S2SError
from s2scli.handover.addresses import commands_path
from s2scli.handover.forking import LINK, TOPICS, ForkServer, Handed
from s2scli.handover.request import STATUS
from s2scli.handover.wire import framed
from s2scli.inference.device import Placement
from s2scli.inference.engines import LENDERS
from s2scli.inference.lent import LentEngine, Link, Loan, borrower
from s2scli.inference.tokenizers import keep_tokenizer
from s2scli.models.integrity import remember_checked
from s2scli.models.manifest import Manifest
from s2scli.models.store import Installed
from s2scli.server.lending import lend
from s2scli.server.metrics import Metrics
from s2scli.server.pool import Pool
from s2scli.server.sockets import listen_at

__all__ = ["CommandLine", "Commands"]

MOST_DESCRIPTORS = 1
PATIENCE = 30.0  # seconds for running commands
CLEANING = 10.0  # more for what they do when they are told to end
WAIT = 0.05  # seconds between two looks at whether a process has ended


class CommandLine(NamedTuple):
    """What commands are to a server, which knows only this of them.

    Attributes:
        load: loads what they need beside models.
        rehearse: runs one that has no input.
        run: runs the one that this process is; is given what ends the process with an exit code.
    """

    load: Callable[[], object]
    rehearse: Callable[[], object]
    run: Callable[[Callable[[int], NoReturn]], object]


class Commands:
    """A server's commands. Make it before the process has threads: it is forked.

    Args:
        path: the server's; commands come to the socket beside it.
        models: those that it serves; what their texts need is loaded once for all commands.
        command_line: what commands are.

    Raises:
        CannotCreateError: another server listens there, or the path may not be used.
    """

    def __init__(
        self,
        path: Path,
        models: Sequence[Installed],
        command_line: CommandLine,
    ) -> None:
        self._path = Path(commands_path(str(path)))
        self._started = time.time()
        self._listener = listen_at(self._path)
        assert threading.active_count() == 1, "a thread would be missing in what is forked"
        self._channel, theirs = socket.socketpair()
        self._child = os.fork()
        if not self._child:
            self._channel.close()
            _fork_commands(self._listener, theirs, models, command_line)
        theirs.close()
        self._listener.close()

    def serve(self, pool: Pool, metrics: Metrics, addresses: list[str]) -> None:
        """Lend models to commands from now on, in threads.

        Args:
            pool: the models.
            metrics: counts what is decoded.
            addresses: where the server listens, for who asks.
        """
        threading.Thread(target=self._serve, args=(pool, metrics, addresses), daemon=True).start()

    def _serve(self, pool: Pool, metrics: Metrics, addresses: list[str]) -> None:
        while True:
            try:
                what, found, _, _ = socket.recv_fds(self._channel, 1, MOST_DESCRIPTORS)
            except OSError:
                return
            if not what:
                break
            for descriptor in found:
                connection = socket.socket(fileno=descriptor)
                arguments: tuple[Any, ...] = (pool, metrics, connection)
                target: Callable[..., None] = lend
                if what != LINK:
                    target = self._tell
                    arguments = (pool, connection, what == TOPICS[STATUS], addresses)
                threading.Thread(target=target, args=arguments, daemon=True).start()
        self._unlink()  # the process that forks has gone

    def _tell(
        self, pool: Pool, connection: socket.socket, only_status: bool, addresses: list[str]
    ) -> None:
        """Say what this server is; end it if that was asked for. Whoever asks sees its end by that
        of the connection, which stays open until then."""
        facts = {
            "addresses": addresses,
            "pid": os.getpid(),
            "version": __version__,
            "seconds": round(time.time() - self._started, 1),
            "models": [model.manifest.name for model in pool.models],
            "loaded": pool.loaded(),
        }
        with suppress(OSError):
            connection.sendall(framed([json.dumps(facts).encode()]))
        if only_status:
            connection.close()
            return
        connection.detach()
        os.kill(os.getpid(), signal.SIGTERM)

    def close(self) -> None:
        """Take no more commands; those that run have half a minute to end."""
        self._unlink()
        with suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        with suppress(ChildProcessError):
            if not self._ends_within(PATIENCE):
                os.kill(self._child, signal.SIGTERM)  # which it passes on
                if not self._ends_within(CLEANING):
                    os.kill(self._child, signal.SIGKILL)
                    os.waitpid(self._child, 0)
        self._channel.close()

    def _ends_within(self, seconds: float) -> bool:
        """Whether the process that forks ends in time."""
        end = time.monotonic() + seconds
        while not os.waitpid(self._child, os.WNOHANG)[0]:
            if time.monotonic() > end:
                return False
            time.sleep(WAIT)
        return True

    def _unlink(self) -> None:
        with suppress(FileNotFoundError):
            self._path.unlink()


def _fork_commands(
    listener: socket.socket,
    server: socket.socket,
    models: Sequence[Installed],
    command_line: CommandLine,
) -> NoReturn:
    """Be the process that forks."""
    # The server's terminal is none of the commands', and a signal from it none for them.
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    command_line.load()
    for model in models:
        with suppress(S2SError):  # which is said to who needs the model
            remember_checked(model.directory, model.manifest)
            keep_tokenizer(model.directory, model.manifest)

    def work(task: Handed) -> None:
        LENDERS[:] = [borrower(Link(task.link), is_auto=task.is_auto)]
        command_line.run(task.end)

    ForkServer(listener, server, lambda: _rehearse(command_line), work).run()


def _rehearse(command_line: CommandLine) -> None:
    """Run a command that decodes nothing, with no streams."""
    link = Link(socket.socket().detach())

    def lend_none(_: Path, manifest: Manifest, where: Placement, *__: object) -> LentEngine:
        loan = Loan(0, manifest.quantization, attends=True, seven_bits=False)
        return LentEngine(link, loan, where.workers, None)

    LENDERS[:] = [lend_none]
    nothing = os.open(os.devnull, os.O_RDWR)
    log = os.dup(2)
    for number in range(3):
        os.dup2(nothing, number)
    command_line.rehearse()
    os.dup2(log, 2)
    for each in (log, nothing):
        os.close(each)
    link.close()
