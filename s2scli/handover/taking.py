"""A forked process takes over what another one hands it, and is the command from then on."""

from __future__ import annotations

import fcntl
import io
import locale
import os
import resource
import signal
import sys
import time
from collections.abc import Collection, Sequence
from contextlib import suppress

from s2scli.handover.request import LIMITS, LIST, CommandRequest

__all__ = ["close_others", "default_signals", "take_over"]

NAMES = ("stdin", "stdout", "stderr")


def take_over(
    asked: CommandRequest, descriptors: Sequence[int], kept: Sequence[int]
) -> Sequence[int]:
    """Become the process that asked, as far as a process can.

    Args:
        asked: what it said of itself.
        descriptors: its open files, and its directory last.
        kept: descriptors that stay as well.

    Returns:
        The numbers that these have now.

    Raises:
        ValueError: the request is wrong.
        OSError: something cannot be taken over.
    """
    numbers = asked.numbers("descriptors")
    os.fchdir(descriptors[-1])
    moved = _place(descriptors[:-1], numbers, kept)
    _take_environment(asked)
    (mask,) = asked.numbers("umask")
    os.umask(mask)
    _take_limits(asked)
    encodings = asked.texts("streams")
    for number, name in enumerate(NAMES):
        stream = _stream(number, *encodings[2 * number : 2 * number + 2])
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv[:] = asked.texts("arguments")
    return moved


def default_signals() -> None:
    """Let all signals do what they do in a process that Python starts."""
    for each in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        if each not in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores these
            signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def close_others(kept: Collection[int]) -> None:
    """Close all descriptors but some."""
    for number in [int(name) for name in os.listdir(LIST)]:
        if number not in kept:
            with suppress(OSError):  # that of the listing
                os.close(number)


def _place(
    descriptors: Sequence[int], numbers: Sequence[int], kept: Sequence[int]
) -> Sequence[int]:
    """Give descriptors their numbers, and close all others but some; the numbers of these."""
    above = max((*numbers, 2)) + 1
    high = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, above) for each in (*descriptors, *kept)]
    count = len(descriptors)
    for number, each in zip(numbers, high[:count], strict=True):
        os.dup2(each, number)
    moved = high[count:]
    close_others({*numbers, *moved})
    return moved


def _take_environment(asked: CommandRequest) -> None:
    items = asked.texts("environment")
    os.environ.clear()
    os.environ.update(zip(items[::2], items[1::2], strict=True))
    time.tzset()
    with suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "")


def _take_limits(asked: CommandRequest) -> None:
    """Limits, processors and priority: as far as this process may have them."""
    for name, soft in zip(LIMITS, asked.numbers("limits"), strict=True):
        which = getattr(resource, f"RLIMIT_{name}")
        now, hard = resource.getrlimit(which)
        if soft != now:
            with suppress(OSError, ValueError):
                resource.setrlimit(which, (_least(soft, hard), hard))
    with suppress(OSError):
        if (wanted := {*asked.numbers("processors")}) != os.sched_getaffinity(0):
            os.sched_setaffinity(0, wanted)
    (nice,) = asked.numbers("nice")
    if nice != os.getpriority(os.PRIO_PROCESS, 0):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, nice)


def _least(soft: int, hard: int) -> int:
    unlimited = resource.RLIM_INFINITY
    if hard == unlimited:
        return soft
    return hard if soft == unlimited else min(soft, hard)


def _stream(number: int, encoding: str, errors: str) -> io.TextIOWrapper | None:
    """A standard stream as Python makes it when it starts."""
    if not encoding:
        return None
    try:
        raw = io.FileIO(number, "r" if number == 0 else "w", closefd=False)
    except OSError:
        return None
    raw.name = f"<{NAMES[number]}>"
    buffer = io.BufferedReader(raw) if number == 0 else io.BufferedWriter(raw)
    return io.TextIOWrapper(
        buffer, encoding, errors, newline="\n", line_buffering=number == 2 or raw.isatty()
    )
