"""What requests ask for runs in threads: so many at once, so many in the queue, for so long."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from s2scli.errors import S2SError
from s2scli.flow.cancel import Cancel

__all__ = ["BusyError", "Gone", "LateError", "Workers"]

T = TypeVar("T")
END = object()


class BusyError(S2SError):
    """The queue is full.

    Attributes:
        seconds: when to come again.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__("The server is busy", f"Try again in {seconds} s.")
        self.seconds = seconds


class LateError(S2SError):
    """A request took longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The request took longer than {seconds:g} s", "Send less at once.")


class Gone(Exception):
    """The client has hung up: nobody reads the answer."""


class Workers:
    """Runs jobs in threads.

    Args:
        running: how many at once.
        waiting: how many more may wait.
        seconds: how long a job may take, its wait included.
    """

    def __init__(self, running: int, waiting: int, seconds: float) -> None:
        self._running = running
        self._most = running + waiting
        self.seconds = seconds
        self._threads: CapacityLimiter | None = None  # belongs to the loop that runs
        self.active = 0  # jobs that run or wait

    @property
    def waiting(self) -> int:
        """How many of them wait for a thread."""
        return self._threads.statistics().tasks_waiting if self._threads else 0

    async def run(self, request: Request, job: Callable[[Cancel], T]) -> T:
        """Run a job; it is cancelled if the client hangs up.

        Args:
            request: whose job it is; its body has been read.
            job: looks at the switch that it is given.

        Raises:
            BusyError: the queue is full.
            LateError: it took too long.
            Gone: the client has hung up.
        """
        cancel = Cancel()
        with self._admitted():
            work = asyncio.ensure_future(self._in_thread(partial(job, cancel)))
            gone = asyncio.ensure_future(_hung_up(request))
            try:
                await asyncio.wait(
                    {work, gone}, timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED
                )
                if work.done():
                    return work.result()
                work.add_done_callback(_ignore)
                raise Gone if gone.done() else LateError(self.seconds)
            finally:
                cancel.set()
                gone.cancel()

    async def stream(self, job: Callable[[Cancel], Iterator[T]]) -> AsyncIterator[T]:
        """The items of a job as they come; closing the iterator cancels it.

        Raises:
            BusyError: the queue is full.
            LateError: it took too long.
        """
        cancel, end = Cancel(), monotonic() + self.seconds
        with self._admitted():
            try:
                items = await self._in_thread(partial(job, cancel))
                while True:
                    left = end - monotonic()
                    turn = self._in_thread(partial(next, items, END))
                    item = await asyncio.wait_for(turn, max(left, 0))
                    if item is END:
                        return
                    yield item
            except asyncio.TimeoutError as error:
                raise LateError(self.seconds) from error
            finally:
                cancel.set()

    @contextmanager
    def _admitted(self) -> Iterator[None]:
        if self.active >= self._most:
            raise BusyError(max(1, math.ceil(self.active / self._running)))
        self.active += 1
        try:
            yield
        finally:
            self.active -= 1

    async def _in_thread(self, job: Callable[[], T]) -> T:
        if self._threads is None:
            self._threads = CapacityLimiter(self._running)
        return await to_thread.run_sync(job, limiter=self._threads, abandon_on_cancel=True)


async def _hung_up(request: Request) -> None:
    """Wait until the client hangs up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _ignore(work: asyncio.Future[Any]) -> None:
    """Nobody waits for this job any more; whatever it ends with is no news."""
    with suppress(BaseException):
        work.result()
