"""What can be asked of a server beside the run of a command."""

from __future__ import annotations

import json
from typing import Any

from s2scli.errors import S2SError, UnavailableError
from s2scli.handover.client import connect
from s2scli.handover.request import STATUS, STOP, question
from s2scli.handover.wire import framed, read_frame

__all__ = ["ask_status", "ask_to_stop"]

PATIENCE = 80.0  # seconds: requests and commands have 30 each, and commands 10 to clean up


def ask_status(path: str) -> dict[str, Any]:
    """What the server at a path is.

    Raises:
        UnavailableError: there is none.
    """
    return _asked(path, STATUS)


def ask_to_stop(path: str) -> dict[str, Any]:
    """The same, once the server has ended.

    Raises:
        UnavailableError: there is none.
        S2SError: it does not end.
    """
    return _asked(path, STOP)


def _asked(path: str, kind: bytes) -> dict[str, Any]:
    server = connect(path)
    server.settimeout(PATIENCE)
    facts: dict[str, Any] = {}
    try:
        server.sendall(framed(question(kind)))
        while (items := read_frame(server)) is not None:
            facts = json.loads(items[0])
    except TimeoutError as error:
        process = f" of process {facts['pid']}" if facts else ""
        raise S2SError(f"The server{process} at unix:{path} does not end") from error
    except (OSError, ValueError):
        pass  # it has ended
    finally:
        server.close()
    if not facts:
        raise UnavailableError(f"The server at unix:{path} has ended")
    return facts
