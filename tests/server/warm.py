"""A server that runs commands, and commands that it runs, as processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.conftest import command
from tests.forks import TIMEOUT

__all__ = ["LINES", "TEXT", "WarmServer", "warm_server"]

TEXT = "Where is the station?\n\n  The meeting starts on Monday.\nI like tea.\tAnd coffee.\n"
LINES = TEXT.encode() * 3


class WarmServer(NamedTuple):
    """A server.

    Attributes:
        process: it.
        path: where it listens.
        log: what it has said.
    """

    process: subprocess.Popen[bytes]
    path: Path
    log: Path

    @property
    def address(self) -> str:
        return f"unix:{self.path}"

    @property
    def environment(self) -> dict[str, str]:
        """That of commands which it runs."""
        return {**os.environ, "S2S_SERVER": self.address}

    def start(self, *arguments: object, **options: Any) -> subprocess.Popen[bytes]:
        """Start a command that it runs."""
        pipes: Mapping[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen(
            command(*arguments), **{**pipes, "env": self.environment, **options}
        )

    def run(
        self, *arguments: object, stdin: bytes = b"", **options: Any
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command there to its end."""
        given = {"env": self.environment, **options}
        return subprocess.run(
            command(*arguments),
            input=stdin,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
            **given,
        )


@contextmanager
def warm_server(folder: Path, *arguments: object) -> Iterator[WarmServer]:
    """A server with some models."""
    path, log = folder / "s.sock", folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command("serve", "--unix", path, *arguments), stderr=out)
    try:
        while not re.search(rb"listening on \S+", log.read_bytes()):
            assert process.poll() is None, log.read_text()
        yield WarmServer(process, path, log)
    finally:
        process.kill()
        process.wait()


assert sys.platform == "linux"
