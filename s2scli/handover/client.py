"""The process that a user started, while a server's process does its work: it passes signals on,
and ends as that one ends."""

from __future__ import annotations

import _socket
import os
import sys

from s2scli.errors import UnavailableError
from s2scli.handover import State
from s2scli.handover.addresses import AUTO, commands_path, path_of
from s2scli.handover.request import asked_by_this_process, open_descriptors
from s2scli.handover.surroundings import PACKAGE, VERSION
from s2scli.handover.wire import framed, read_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Sequence
    from types import FrameType
else:
    import _signal as signal  # the same without enum, whose import takes a third of a start

__all__ = ["EXITED", "KILLED", "REFUSED", "STARTED", "connect", "hand_over", "is_ours"]

# What the server answers.
STARTED, REFUSED, EXITED, KILLED = b"started", b"refused", b"exited", b"killed"
# Signals that end a command, and those that stop it and let it go on.
ENDING = (
    *(signal.SIGINT, signal.SIGTERM, signal.SIGHUP),
    *(signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2),
)
# A command takes these even where whoever started it ignores them.
TAKEN = (signal.SIGINT, signal.SIGTERM)
CREDENTIALS = 12  # bytes of struct ucred
MOST_DESCRIPTORS = 250  # SCM_MAX_FD is 253


def hand_over(address: str, arguments: Sequence[str]) -> None:
    """Let a server run a command, and end this process as it ends.

    Returns only if this process is to run it by itself; ``State.reasons`` has why.

    Args:
        address: ``unix:PATH``, or ``auto`` for the server at the usual place, if there is one.
        arguments: the command line, the name of the program first.

    Raises:
        UsageError: the address is none.
        UnavailableError: there is no such server, or it ended.
    """
    State.arguments = None
    path = path_of(address)
    descriptors = open_descriptors()
    try:
        server = connect(path)
    except UnavailableError as error:
        if address != AUTO:
            raise
        State.reasons.append(error.message)
        return
    errand = _Errand(server, f"unix:{path}", is_auto=address == AUTO)
    errand.send(arguments, descriptors)
    errand.wait()


def connect(path: str) -> _socket.socket:
    """A connection to the commands of the server at a path.

    Raises:
        UnavailableError: there is none, or it is another user's.
    """
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        server.connect(commands_path(path))
        if not is_ours(server):
            raise UnavailableError(f"The server at unix:{path} is another user's")
    except OSError as error:
        server.close()
        raise _unreachable(path, error) from error
    except UnavailableError:
        server.close()
        raise
    return server


def _unreachable(path: str, error: OSError) -> UnavailableError:
    """Why nobody takes commands at a path."""
    if process := _serving(path):
        return UnavailableError(
            f"The server at unix:{path} takes no commands: {commands_path(path)} was removed",
            f"End it with: kill {process}. Then start it again.",
        )
    return UnavailableError(
        f"There is no server at unix:{path} ({error.strerror or error})",
        "s2s serve --detach starts one; with --server auto commands run without one too.",
    )


def _serving(path: str) -> int:
    """The process of this user's server that takes requests at a path; 0 if there is none."""
    peer = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        peer.connect(path)
        found = peer.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, CREDENTIALS)
        process = int.from_bytes(found[:4], sys.byteorder)
        with open(
            f"/proc/{process}/cmdline", "rb"
        ) as file:  # or it is systemd, which listens first
            return process if is_ours(peer) and b"serve" in file.read().split(b"\0") else 0
    except OSError:
        return 0
    finally:
        peer.close()


def is_ours(peer: _socket.socket) -> bool:
    """Whether who is at the other end of a socket is this user."""
    found = peer.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, CREDENTIALS)
    return int.from_bytes(found[4:8], sys.byteorder) == os.geteuid()


class _Errand:
    """A command at a server.

    Args:
        server: the connection.
        address: of the server, for messages.
        is_auto: whether this process may run the command by itself.
    """

    def __init__(self, server: _socket.socket, address: str, *, is_auto: bool) -> None:
        self._server = server
        self._address = address
        self._is_auto = is_auto
        self._is_sent = False
        self._early: list[int] = []  # signals that came before all was sent
        self._before = {
            number: signal.getsignal(number)
            for number in ENDING
            if number in TAKEN or signal.getsignal(number) != signal.SIG_IGN
        }
        for number in self._before:
            signal.signal(number, self._pass_on)
        if signal.getsignal(signal.SIGTSTP) != signal.SIG_IGN:
            signal.signal(signal.SIGTSTP, self._stop)
        signal.signal(signal.SIGCONT, self._pass_on)

    def send(self, arguments: Sequence[str], descriptors: Sequence[int]) -> None:
        """Send the command.

        Raises:
            UnavailableError: the server has gone.
        """
        directory = os.open(".", getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY)
        sent = descriptors[:MOST_DESCRIPTORS]
        data = framed(asked_by_this_process(arguments, sent, is_auto=self._is_auto))
        rights = b"".join(each.to_bytes(4, sys.byteorder) for each in (*sent, directory))
        try:
            place = self._server.sendmsg([data], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
            if place < len(data):
                self._server.sendall(data[place:])
        except OSError:  # the answer, or its end, says more
            return
        finally:
            os.close(directory)
        self._is_sent = True
        for number in self._early:
            self._tell(number)

    def wait(self) -> None:
        """End this process as the command ends; returns if it is to be run here.

        Raises:
            UnavailableError: the server has gone, or is of another version.
        """
        answer = self._answer()
        if answer and answer[0] == REFUSED:
            names = [name.decode() for name in answer[1:]]
            self._refused(names)
            return
        if answer is None and self._is_auto:
            self._here(f"the server at {self._address} has gone")
            return
        if answer is not None:
            answer = self._answer()
        if answer is None:
            raise UnavailableError(
                f"The server at {self._address} ended before the command did",
                "Start it again: s2s serve --detach.",
            )
        if answer[0] == EXITED:
            os._exit(int(answer[1]))
        number = int(answer[1])
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        os._exit(128 + number)  # the signal is blocked

    def _refused(self, names: Sequence[str]) -> None:
        """This process differs from the server's.

        Raises:
            UnavailableError: the server is that of another installation, and was named.
        """
        if not self._is_auto and {VERSION, PACKAGE}.intersection(names):
            raise UnavailableError(
                f"The server at {self._address} is that of another version of s2s",
                "Start it again: s2s server stop, then s2s serve --detach.",
            )
        what = ", ".join(names)
        self._here(f"the server at {self._address} runs with other settings of: {what}")

    def _here(self, reason: str) -> None:
        """Let this process run the command."""
        State.reasons.append(reason)
        self._server.close()
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.signal(signal.SIGCONT, signal.SIG_DFL)

    def _answer(self) -> list[bytes] | None:
        try:
            return read_frame(self._server)
        except (OSError, ValueError):
            return None

    def _tell(self, number: int) -> None:
        try:
            self._server.send(bytes([number]))
        except OSError:  # the server has gone, which whoever reads finds out
            return

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        if self._is_sent:
            self._tell(number)
        else:
            self._early.append(number)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Stop the command, and this process after it; both go on together.

        The kernel does not stop a process of whose group no shell knows (POSIX: an orphaned
        process group); then the command is not to stay stopped either.
        """
        self._pass_on(signal.SIGSTOP, frame)
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
        signal.signal(number, self._stop)
        self._pass_on(signal.SIGCONT, frame)
