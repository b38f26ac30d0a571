"""Signals: a run ends between lines, cleans up, and dies by the signal as a shell expects."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Interrupted", "die_by", "handle_signals", "held"]

AGAIN = 0.01
"""Seconds after which a signal is sent again."""


class Interrupted(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived.

    Args:
        signum: its number.
    """

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


class _State:
    """Whether a signal has to wait, which one is waiting, and the thread that signals come to."""

    main = 0
    holding = False
    waiting = 0


def handle_signals() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP raise ``Interrupted``, except while they are held.

    SIGHUP, which a terminal sends that is closed, stays ignored where it is (``nohup``).
    """
    _State.main = _thread.get_ident()
    signal.signal(signal.SIGINT, _on_signal)
    signal.signal(signal.SIGTERM, _on_signal)
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _on_signal)
    sys.unraisablehook = _on_unraisable


@contextmanager
def held() -> Iterator[None]:
    """Let a signal wait until the end of the block; a second one does not wait.

    In other threads than that of ``handle_signals``, to which no signal comes, it does nothing.
    """
    if _thread.get_ident() != _State.main:
        yield
        return
    _State.holding = True
    try:
        yield
    finally:
        _State.holding = False
        if signum := _State.waiting:
            _State.waiting = 0
            raise Interrupted(signum)


def die_by(signum: int) -> None:
    """End this process by a signal, so that the parent sees why (a shell shows 128 + signum)."""
    signal.signal(signum, signal.SIG_DFL)
    os.kill(os.getpid(), signum)


def _on_signal(signum: int, _frame: FrameType | None) -> None:
    if _State.holding and not _State.waiting:
        _State.waiting = signum
        return
    raise Interrupted(signum)


def _on_unraisable(lost: sys.UnraisableHookArgs) -> None:
    """Send a signal again that came where Python drops exceptions.

    Those are finalizers, callbacks of weak references and the like: the import system has some, and
    a run that is interrupted within one would go on to its end.
    """
    if isinstance(lost.exc_value, Interrupted):
        _thread.start_new_thread(_send_again, (lost.exc_value.signum,))
    else:
        sys.__unraisablehook__(lost)


def _send_again(signum: int) -> None:
    time.sleep(AGAIN)  # by then the finalizer has ended; if not, the signal is sent once more
    if sys.platform == "win32":
        signal.raise_signal(signum)
    else:
        os.kill(os.getpid(), signum)
