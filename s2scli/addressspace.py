"""What a process needs before it loads libraries, address space above all; and what it has held.

A limit (``ulimit -v``) is asked for before memory is used.

Some libraries end the process when they get none, in their own words or in none at all:
CTranslate2's threads, and OpenBLAS, which NumPy loads with itself and calls in each product.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import ModuleType

from s2scli.errors import MissingInputError, memory_error

__all__ = [
    "NUMPY_THREAD",
    "guard_numpy",
    "keep_freed_memory",
    "peak_memory_bytes",
    "require_folder",
    "require_room",
]

# What NumPy takes with itself and for the products of one thread, and for those of another thread.
NUMPY, NUMPY_THREAD = 160 << 20, 40 << 20
THREADS = "OPENBLAS_NUM_THREADS"


def _is_limited() -> bool:
    try:
        import resource
    except ModuleNotFoundError:  # such as on Windows
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def require_room(size: int, who: str) -> None:
    """Make sure that a process which has a limit can have so much address space more.

    Args:
        size: bytes.
        who: what needs it, for messages.

    Raises:
        UnavailableError: it cannot.
    """
    if not _is_limited():
        return
    try:
        import mmap

        mmap.mmap(-1, size).close()
    except (OSError, ImportError) as error:
        reason = MemoryError(f"{who} needs {size >> 20} MB of address space")
        raise memory_error(reason) or reason from error


def require_folder() -> None:
    """Make sure that a process is in a folder before it loads CTranslate2: MKL ends it otherwise.

    Raises:
        MissingInputError: the folder has been removed.
    """
    try:
        os.getcwd()
    except OSError as error:
        raise MissingInputError(
            "The working directory has been removed", "Change to one that is there (cd)."
        ) from error


class _Guard:
    """A finder of modules that asks for NumPy's room when it is imported; finds nothing itself."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> None:
        """See ``require_room``."""
        if name == "numpy":
            require_room(NUMPY, "NumPy")


def guard_numpy() -> None:
    """Let a process with a limit import NumPy only if there is room for it.

    OpenBLAS would take stacks and buffers for each core at once; engines say themselves how many
    threads it is to have.
    """
    if _is_limited():
        os.environ.setdefault(THREADS, "1")
        sys.meta_path.insert(0, _Guard())


def peak_memory_bytes() -> int:
    """The most memory that this program has held.

    Linux counts for a process what the one that started it had held, but for ``VmHWM`` (proc(5)).
    """
    import resource
    from contextlib import suppress

    with suppress(OSError, StopIteration, ValueError), open("/proc/self/status") as lines:
        held = next(line for line in lines if line.startswith("VmHWM:"))
        return int(held.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024)


def keep_freed_memory() -> None:
    """Let the C library keep freed memory, for engines that allocate it again at once.

    Returning large blocks to the system and faulting them in again, page by page, costs 5% of the
    time. See ``mallopt(3)``; C libraries other than glibc have no such function.
    """
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        m_trim_threshold, m_top_pad, m_mmap_threshold = -1, -2, -3
        mallopt(m_mmap_threshold, 1 << 30)
        mallopt(m_trim_threshold, 1 << 30)
        mallopt(m_top_pad, 1 << 24)
