"""The process of a server that forks itself for each command. It has one thread, and no model.

It stands between the processes that users started and those that do the work: it forks, passes
signals on, and tells how a command ended. It ends after its server, and after the commands that
run.
"""

from __future__ import annotations

import ctypes
import gc
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import NamedTuple, NoReturn

from s2scli.handover.client import EXITED, KILLED, REFUSED, STARTED, is_ours
from s2scli.handover.request import RUN, STATUS, STOP, CommandRequest
from s2scli.handover.surroundings import differing, surroundings
from s2scli.handover.taking import close_others, default_signals, take_over
from s2scli.handover.wire import ROOM, framed, length_of, read_body, unpacked

__all__ = ["LINK", "ForkServer", "Handed"]

# What the server gets with a descriptor: the other end of a command's link, or a client that asks
# for something that only the server knows.
LINK = b"L"
TOPICS = {STATUS: b"S", STOP: b"X"}
MOST_DESCRIPTORS = 253
PART = 1 << 16
PDEATHSIG = 1  # PR_SET_PDEATHSIG of prctl(2)


class Handed(NamedTuple):
    """What a forked process is to do.

    Attributes:
        link: a descriptor: a socket to the server.
        is_auto: whether the command may do without the server.
        end: ends the process with an exit code, after all is written.
    """

    link: int
    is_auto: bool
    end: Callable[[int], NoReturn]


class _Worker:
    """A forked process.

    Attributes:
        process: its number.
        channel: a socket to it, where it gets its command, and tells its exit code.
    """

    def __init__(self, process: int, channel: socket.socket) -> None:
        self.process = process
        self.channel = channel

    def give(self, request: bytes, descriptors: Sequence[int]) -> None:
        """Give it a command.

        Raises:
            OSError: it has gone.
        """
        sent = socket.send_fds(self.channel, [request], descriptors)
        if sent < len(request):  # or it may have closed the channel already
            self.channel.sendall(request[sent:])

    def end(self) -> None:
        """Kill it."""
        self.channel.close()
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


class _Client:
    """A process that a user started.

    Attributes:
        socket: the connection.
        received: of its request so far, its first length included.
        descriptors: its open files.
        worker: the process that does its work; None before its request is whole.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.received = bytearray()
        self.descriptors: list[int] = []
        self.worker: _Worker | None = None

    def request(self) -> bytes | None:
        """The message of its request, once it is whole; what came after it stays.

        Raises:
            ValueError: it is none.
        """
        if len(self.received) < ROOM:
            return None
        end = ROOM + length_of(bytes(self.received[:ROOM]))
        if len(self.received) < end:
            return None
        data = bytes(self.received[:end])
        del self.received[:end]
        return data


class ForkServer:
    """Forks for each command.

    Args:
        listener: where commands arrive.
        server: a socket to the server; its end means the server's.
        rehearse: does without effect what most commands do. A process that has done so is quicker:
            memory that it shares with this one is copied when it is first used. One such process
            waits for its command.
        work: does a command in a forked process, and ends the process.
    """

    def __init__(
        self,
        listener: socket.socket,
        server: socket.socket,
        rehearse: Callable[[], object],
        work: Callable[[Handed], object],
    ) -> None:
        self._rehearse = rehearse
        self._spare: _Worker | None = None
        self._listener = listener
        self._server = server
        self._work = work
        self._clients: dict[int, _Client] = {}  # by the numbers of their sockets
        self._leaving: list[int] = []  # processes that have told their exit codes
        self._is_ending = False
        self._ours = surroundings()
        self._selector = selectors.DefaultSelector()

    def run(self) -> NoReturn:
        """Serve until the server has ended."""
        woken, waker = socket.socketpair()
        for end in (woken, waker, self._listener):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # so that the socket is written to
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._end_commands)
        for each, act in (
            (self._listener, self._accept),
            (self._server, self._close),
            (woken, lambda: self._reap(woken)),
        ):
            self._selector.register(each, selectors.EVENT_READ, act)
        gc.collect()
        gc.freeze()  # or all of it would be copied for every process
        while self._listener.fileno() >= 0 or self._clients:
            if self._spare is None and self._listener.fileno() >= 0:
                self._spare = self._fork()
            for key, _ in self._selector.select():
                key.data()
        os._exit(0)

    def _close(self) -> None:
        """The server has ended, or ends: no more commands."""
        if self._listener.fileno() < 0:
            return
        self._selector.unregister(self._server)
        self._selector.unregister(self._listener)
        self._listener.close()
        if self._spare:
            self._spare.end()
            self._spare = None
        for client in list(self._clients.values()):
            if client.worker is None:
                self._drop(client)

    def _end_commands(self, number: int, _frame: FrameType | None) -> None:
        """The server waits no longer: commands end, and remove what they have not finished. To
        their clients the server has ended."""
        self._is_ending = True
        for client in list(self._clients.values()):
            if client.worker is not None:
                for each in (number, signal.SIGCONT):
                    with suppress(ProcessLookupError):
                        os.kill(client.worker.process, each)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        if not is_ours(connection):
            connection.close()
            return
        connection.setblocking(False)
        client = self._clients[connection.fileno()] = _Client(connection)
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._read(client))

    def _read(self, client: _Client) -> None:
        """More of a request, or signals for its command."""
        if client.socket.fileno() < 0:  # dropped since select looked
            return
        try:
            data, found, _, _ = socket.recv_fds(client.socket, PART, MOST_DESCRIPTORS)
        except BlockingIOError:
            return
        except OSError:
            data, found = b"", []
        client.descriptors += found
        if not data:
            self._drop(client)
            return
        client.received += data
        if client.worker is None:
            try:
                if request := client.request():
                    self._answer(client, request, CommandRequest(unpacked(request[ROOM:])))
            except (ValueError, KeyError, OSError):
                self._drop(client)
                return
        if client.worker is not None:
            for number in client.received:
                with suppress(ProcessLookupError):
                    os.kill(client.worker.process, number)
            client.received.clear()

    def _drop(self, client: _Client) -> None:
        """The client has gone; so does the command, as if it had been killed itself."""
        self._forget(client)
        if client.worker is not None:
            os.kill(client.worker.process, signal.SIGKILL)
            os.waitpid(client.worker.process, 0)

    def _forget(self, client: _Client) -> None:
        del self._clients[client.socket.fileno()]
        for end in (client.socket, client.worker and client.worker.channel):
            if end and end.fileno() >= 0:
                self._selector.unregister(end)
                end.close()
        for each in client.descriptors:
            os.close(each)
        client.descriptors.clear()

    def _answer(self, client: _Client, request: bytes, asked: CommandRequest) -> None:
        if asked.kind != RUN:
            socket.send_fds(self._server, [TOPICS[asked.kind]], [client.socket.fileno()])
            self._drop(client)
        elif names := differing(self._ours, asked.surroundings):
            client.socket.sendall(framed([REFUSED, *(name.encode() for name in names)]))
            self._drop(client)
        else:
            worker = client.worker = self._begin(request, client.descriptors)
            act = partial(self._hear, client, worker.channel)
            self._selector.register(worker.channel, selectors.EVENT_READ, act)
            for each in client.descriptors:
                os.close(each)
            client.descriptors.clear()
            client.socket.sendall(framed([STARTED]))

    def _begin(self, request: bytes, descriptors: Sequence[int]) -> _Worker:
        """Let the spare process do a command."""
        worker, self._spare = self._spare or self._fork(), None
        try:
            worker.give(request, descriptors)
        except OSError:  # it was killed
            worker.end()
            worker = self._fork()
            worker.give(request, descriptors)
        return worker

    def _fork(self) -> _Worker:
        ours, channel = socket.socketpair()
        here, link = socket.socketpair()
        with link, here:
            socket.send_fds(self._server, [LINK], [here.fileno()])
            parent = os.getpid()
            process = os.fork()
            if not process:
                ours.close()
                self._become(channel, link.fileno(), parent)
        channel.close()
        return _Worker(process, ours)

    def _become(self, channel: socket.socket, link: int, parent: int) -> NoReturn:
        """Do a command in this process, which was forked for it."""
        try:
            signal.set_wakeup_fd(-1)
            die_with(parent)
            self._rehearse()
            default_signals()
            head, descriptors, _, _ = socket.recv_fds(channel, ROOM, MOST_DESCRIPTORS)
            if not head:  # the server has ended
                os._exit(0)
            asked = CommandRequest(read_body(channel, head) or ())
            is_auto = asked.numbers("auto") == [1]
            link, told = take_over(asked, descriptors, (link, channel.fileno()))
            self._work(Handed(link, is_auto, partial(_end, told)))
        except BaseException:
            with suppress(Exception):
                traceback.print_exc()
                sys.stderr.flush()
        os._exit(1)

    def _reap(self, woken: socket.socket) -> None:
        """Tell clients whose commands have ended."""
        with suppress(BlockingIOError):
            while woken.recv(PART):
                pass
        if self._is_ending:
            self._close()
        self._leaving = [each for each in self._leaving if not os.waitpid(each, os.WNOHANG)[0]]
        for client in list(self._clients.values()):
            if client.worker is None:
                continue
            child, status = os.waitpid(client.worker.process, os.WNOHANG)
            if child:
                code = os.waitstatus_to_exitcode(status)
                if code < 0 and self._is_ending:
                    self._forget(client)
                else:
                    self._tell(client, EXITED if code >= 0 else KILLED, str(abs(code)).encode())

    def _hear(self, client: _Client, channel: socket.socket) -> None:
        """A command has done all that it does, and tells its exit code. The process ends a while
        later: all of its memory is to be freed, for which no client waits."""
        if channel.fileno() < 0:  # it has ended since select looked
            return
        try:
            code = channel.recv(PART)
        except OSError:
            code = b""
        if code and client.worker:
            self._leaving.append(client.worker.process)
            self._tell(client, EXITED, code)
        else:  # it ends otherwise, and is waited for
            self._selector.unregister(channel)
            channel.close()

    def _tell(self, client: _Client, how: bytes, code: bytes) -> None:
        with suppress(OSError):
            client.socket.sendall(framed([how, code]))
        self._forget(client)


def _end(channel: int, code: int) -> NoReturn:
    """End a command's process: let go of what it has open, tell its exit code, free its memory."""
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    close_others({channel})
    with suppress(OSError):
        os.write(channel, str(code).encode())
    os._exit(code)


def die_with(parent: int) -> None:
    """Let this process be killed when the one that forked it ends: nobody would tell its client.

    See PR_SET_PDEATHSIG in prctl(2).
    """
    ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
