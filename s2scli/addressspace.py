"""Address space where a process may have only so much (``ulimit -v``), asked for before it is used.

Some libraries end the process when they get none, in their own words or in none at all:
CTranslate2's threads, and OpenBLAS, which NumPy loads with itself and calls in each product.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import ModuleType

from s2scli.errors import memory_error

__all__ = ["NUMPY_THREAD", "guard_numpy", "require_room"]

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
