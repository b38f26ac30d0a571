"""HTTP/1.1 as uvicorn speaks it, for clients that must not keep the server waiting.

Without these limits, some hundred connections that send a byte now and then, or read nothing, would
keep all others out (see https://owasp.org/www-community/attacks/Slow_Http_attack).
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["TimedProtocol"]

HEAD_SECONDS = 10.0  # for the head of a request, and for what is left of one that was refused
WRITE_SECONDS = 60.0  # until a client takes more of its answer


class TimedProtocol(H11Protocol):
    """A connection; it ends when its client keeps the server waiting."""

    _head: asyncio.TimerHandle | None = None
    _write: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A client has come."""
        super().connection_made(transport)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        super().connection_lost(exc)
        for timer in (self._head, self._write):
            _stop(timer)

    def data_received(self, data: bytes) -> None:
        """It has sent something."""
        super().data_received(data)
        self._watch_head()

    def pause_writing(self) -> None:
        """It takes less than it is sent."""
        super().pause_writing()
        self._write = self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It takes more again."""
        super().resume_writing()
        _stop(self._write)

    def _watch_head(self) -> None:
        """Start to count the time when a head is awaited, stop when it is there."""
        if self.cycle is not None and not self.cycle.response_complete:
            _stop(self._head)
            self._head = None
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _too_slow(self) -> None:
        has_begun = bool(self.conn.trailing_data[0])
        if has_begun and self.conn.our_state is h11.IDLE and not self.transport.is_closing():
            head = [(b"content-length", b"0"), (b"connection", b"close")]
            answer = h11.Response(status_code=408, headers=head, reason=b"Request Timeout")
            self.transport.write(self.conn.send(answer) or b"")
        self.transport.close()


def _stop(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
