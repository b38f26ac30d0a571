"""The server's process: its socket, its log, its end."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn

from s2scli.server.app import LOG, application
from s2scli.server.files import remove_left_over
from s2scli.server.protocol import TimedProtocol
from s2scli.server.service import Service
from s2scli.server.sockets import listen_at, listen_on

__all__ = ["PROTOCOL", "serve"]

FIRST_GIVEN = 3  # the number of the first socket that systemd passes on
SHUTDOWN = 30  # seconds that running requests have to finish
# What a connection speaks, whatever else is installed.
PROTOCOL: dict[str, Any] = {"http": TimedProtocol, "ws": "none", "server_header": False}


def serve(
    service: Service,
    host: str,
    port: int,
    unix: Path | None,
    origins: tuple[str, ...],
    listening: Callable[[str], None],
    *,
    log: bool,
) -> None:
    """Answer until a signal ends the process.

    Args:
        service: the models and limits.
        host: the address to listen on, unless systemd has passed on a socket.
        port: the port; 0 for any that is free.
        unix: the path of a Unix socket instead.
        origins: origins whose pages may ask.
        listening: told of the address, before the first request is answered.
        log: whether each request is logged on stderr.

    Raises:
        CannotCreateError: the address or the path is taken, or may not be used.
    """
    if log:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        LOG.addHandler(handler)
        LOG.setLevel(logging.INFO)
        LOG.propagate = False
    # What clients send wrong is in the answers; it must not fill the log.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    remove_left_over()
    given = _activated()
    listener = given or (listen_at(unix) if unix else listen_on(host, port))
    try:
        config = uvicorn.Config(
            application(service, origins),
            log_config=None,
            log_level=logging.ERROR,
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=SHUTDOWN,
            **PROTOCOL,
        )
        listening(_address(listener))
        _end_with_the_terminal()
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        listener.close()
        if unix and not given:
            with suppress(FileNotFoundError):
                unix.unlink()


def _end_with_the_terminal() -> None:
    """Let SIGHUP end the server as SIGTERM does, unless it is ignored (``nohup``)."""
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def _activated() -> socket.socket | None:
    """The socket that systemd has opened for this process, if it has; see sd_listen_fds(3)."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or not os.environ.get("LISTEN_FDS"):
        return None
    return socket.socket(fileno=FIRST_GIVEN)


def _address(listener: socket.socket) -> str:
    name = listener.getsockname()
    if isinstance(name, str):
        return f"unix:{name}"
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"http://{host}:{name[1]}"
