"""Ending a caller's work from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from s2scli.errors import S2SError

__all__ = ["Cancel", "CancelledError"]


class CancelledError(S2SError):
    """Nobody waits for the results any more."""

    def __init__(self) -> None:
        super().__init__("The work was cancelled")


class Cancel:
    """A switch: once it is set, what the caller has in a flow leaves the queue.

    What the engine has begun is finished, and thrown away.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._is_set = False

    @property
    def is_set(self) -> bool:
        """Whether it has been set."""
        return self._is_set

    def check(self) -> None:
        """Stop here if it is set.

        Raises:
            CancelledError: it is.
        """
        if self._is_set:
            raise CancelledError

    def set(self) -> None:
        """Cancel."""
        with self._lock:
            self._is_set = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have a function called when it is set, or now if it is; return how to undo that."""
        with self._lock:
            if not self._is_set:
                self._callbacks.append(callback)
                return lambda: self._forget(callback)
        callback()
        return lambda: None

    def _forget(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if callback in self._callbacks:
                self._callbacks.remove(callback)
