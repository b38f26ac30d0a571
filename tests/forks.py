"""``s2s`` as a process that is forked from one in which its packages are loaded already.

The tests run some thousand commands, and most of their time would go into loading NumPy, the
engine and click. The process is a real one: it has its own memory, standard streams, environment
and directory, and it ends as the command ends.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import selectors
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NoReturn, Protocol, TextIO

import s2scli
from s2scli import load as load_model
from s2scli.guard.checks import find
from s2scli.guard.facts import Facts
from s2scli.inference.tokenizers import keep_tokenizer
from s2scli.languages.detection import detect
from s2scli.models.integrity import remember_checked
from s2scli.models.manifest import Manifest
from s2scli.models.registry import package_rows
from s2scli.models.store import DEFAULT_MODEL, bundled_directory

__all__ = ["TIMEOUT", "Forks"]

ROOT = Path(__file__).parents[1]
CLIENT = Path(__file__).with_name("forkclient.py")
TIMEOUT = 300  # seconds per command
# What commands load when they run. Not huggingface_hub: it reads the environment when it is loaded.
LATER = ("difflib", "email", "http.client", "langcodes", "lxml.etree", "markdown_it",
         "py3langid.langid", "rich._emoji_codes", "rich.console", "rich.table", "sacrebleu",
         "sentencepiece", "sqlite3", "tokenizers", "yaml")  # fmt: skip
# What huggingface_hub loads: httpx2, httpx before its version 2, requests before its version 1.
FOR_THE_HUB = ("anyio.streams.tls", "httpcore2", "httpx", "httpx2", "requests", "tqdm.auto")
# Needs packages that few commands do.
SERVER = "s2scli.server"
# What Python and the engine read when they start.
READ_AT_START = ("PYTHON", "LC_", "LANG", "OMP_", "CT2_")


class Closable(Protocol):
    """Something open."""

    def close(self) -> None:
        """Close it."""


class Forks:
    """A process that forks itself for each command.

    Attributes:
        program: what runs ``s2s`` by it in a shell, followed by the arguments.
    """

    def __init__(self, folder: Path) -> None:
        self._environment = _read_at_start(os.environ)
        self._channel, theirs = socket.socketpair()
        self._channel.settimeout(TIMEOUT)
        with theirs, socket.socket(socket.AF_UNIX) as listener:
            address = str(folder / "s")
            listener.bind(address)
            listener.listen()
            given = [theirs.fileno(), listener.fileno()]
            arguments = [sys.executable, "-m", __name__, *map(str, given)]
            self._server = subprocess.Popen(arguments, pass_fds=given, cwd=ROOT)
        self._answers = self._channel.makefile("r")
        self.program = shlex.join([sys.executable, "-IS", str(CLIENT), address])

    def close(self) -> None:
        """End the process."""
        self._answers.close()
        self._channel.close()
        self._server.wait()

    def can_run(self, environment: Mapping[str, str]) -> bool:
        """Whether a process that has started already can take this environment."""
        return _read_at_start(environment) == self._environment

    def run(
        self, arguments: Sequence[str], stdin: bytes, environment: Mapping[str, str], folder: Path
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the command to its end.

        Raises:
            TimeoutError: it takes more than ``TIMEOUT`` seconds.
        """
        request = {"arguments": arguments, "env": dict(environment), "folder": str(folder)}
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            read, write = os.pipe()
            # A command that reads no input may end before all of it is written, or flushed.
            with contextlib.suppress(BrokenPipeError), open(write, "wb") as ours:
                with open(read, "rb") as theirs:
                    streams = [stream.fileno() for stream in (theirs, out, errors)]
                    socket.send_fds(self._channel, [b"."], streams)
                    self._channel.sendall(json.dumps(request).encode() + b"\n")
                    assert self._answers.readline() == "started\n"
                ours.write(stdin)
            code = int(self._answers.readline())
            out.seek(0)
            errors.seek(0)
            return subprocess.CompletedProcess([*arguments], code, out.read(), errors.read())


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment[name] for name in environment if name.startswith(READ_AT_START)}


def load() -> None:
    """Load what many commands need and what is the same for all of them: modules, the registry of
    the package, the bundled model's tokenizer, the model that tells languages, patterns."""
    client = (name for name in FOR_THE_HUB if importlib.util.find_spec(name.partition(".")[0]))
    for name in (*LATER, *client, *modules(s2scli)):
        importlib.import_module(name)
    assert "huggingface_hub" not in sys.modules
    package_rows()
    manifest = Manifest.load(directory := bundled_directory(DEFAULT_MODEL))
    keep_tokenizer(directory, manifest)
    remember_checked(directory, manifest)
    language = detect("Where is the station?").language
    before = threads()
    find(Facts('See page 5: "Yes." No?', 'Siehe Seite 5: "Ja." Nein?', language, "de", -1.0, 9))
    # With the thread end those that the engine's libraries have started for it: a fork lacks them.
    rehearsal = threading.Thread(target=rehearse)
    rehearsal.start()
    rehearsal.join()
    end = time.monotonic() + 5
    while threads() > before and time.monotonic() < end:
        time.sleep(0.001)


def threads() -> int:
    """How many threads this process has, Python's or not."""
    return len(os.listdir("/proc/self/task")) if sys.platform == "linux" else 1


def rehearse() -> None:
    """Translate once: the engine's libraries make code for this processor as they are first used,
    which takes half of the time of a command with few lines."""
    with load_model(DEFAULT_MODEL, threads=1) as model:
        model.translate(["Where is the station?"])


def modules(package: ModuleType) -> Iterator[str]:
    """The names of all modules in a package."""
    for _, name, is_package in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if name == SERVER or name.endswith("__main__"):
            continue
        yield name
        if is_package:
            yield from modules(importlib.import_module(name))


def serve(channel: socket.socket, listener: socket.socket) -> None:
    """Fork for each request, and answer with the exit code.

    Args:
        channel: the tests send one request after another.
        listener: programs that shells run at once connect.
    """
    load()
    gc.freeze()
    channel.set_inheritable(False)
    listener.set_inheritable(False)
    lines = channel.makefile("r")
    with selectors.DefaultSelector() as selector:
        selector.register(channel, selectors.EVENT_READ)
        selector.register(listener, selectors.EVENT_READ)
        while True:
            ready = [key.fileobj for key, _ in selector.select()]
            if listener in ready:
                attend(listener, [selector, lines, channel])
            if channel not in ready:
                continue
            if not (streams := socket.recv_fds(channel, 1, 3)[1]):
                return
            request = json.loads(lines.readline())
            child = start(request, streams, [selector, lines, channel, listener])
            channel.sendall(b"started\n")
            _, status = os.waitpid(child, 0)
            channel.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def attend(listener: socket.socket, ours: Sequence[Closable]) -> None:
    """Let a process of its own run the command of a program that connects, and be orphaned."""
    client, _ = listener.accept()
    with client:
        if child := os.fork():
            os.waitpid(child, 0)
            return
        try:
            if not os.fork():
                run_for(client, [*ours, listener])
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)


def run_for(client: socket.socket, ours: Sequence[Closable]) -> None:
    """Run the command of a program that has connected, and answer with the exit code."""
    streams = socket.recv_fds(client, 1, 3)[1]
    with client.makefile("r") as lines:
        command = start(json.loads(lines.readline()), streams, [*ours, client])
    _, status = os.waitpid(command, 0)
    with contextlib.suppress(BrokenPipeError):
        client.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def start(request: dict[str, Any], streams: list[int], ours: Sequence[Closable]) -> int:
    """Fork a process that becomes a command; which one it is.

    Args:
        request: the command.
        streams: its standard ones; they are closed here.
        ours: what it must not have.
    """
    if not (child := os.fork()):
        for each in ours:
            each.close()
        become_command(request, streams)
    for stream in streams:
        os.close(stream)
    return child


def standard(number: int, mode: Literal["r", "w"]) -> TextIO:
    """A standard stream as Python opens it. (One that is there already has asked what it is, such
    as whether it can be sought in; and that may have become another.)"""
    lines = 1 if number == 2 or os.isatty(number) else -1
    errors = "backslashreplace" if number == 2 else "strict"
    return open(number, mode, lines, errors=errors, newline="\n", closefd=False)


def become_command(request: dict[str, Any], streams: list[int]) -> NoReturn:
    """Run the command in this process, and end the process."""
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        sys.stdin, sys.stdout, sys.stderr = standard(0, "r"), standard(1, "w"), standard(2, "w")
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["folder"])
        sys.argv[1:] = request["arguments"]
        from s2scli.cli.main import main

        main()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    serve(*(socket.socket(fileno=int(number)) for number in sys.argv[1:3]))
