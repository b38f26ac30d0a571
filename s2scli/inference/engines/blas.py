"""How many threads NumPy's matrix products take."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np

__all__ = ["limit_threads"]

# Where NumPy's own packages keep OpenBLAS, and what its function is called in their versions.
PLACES = ("../numpy.libs/*openblas*", ".dylibs/*openblas*")
NAMES = (
    "scipy_openblas_set_num_threads64_",
    "scipy_openblas_set_num_threads",
    "openblas_set_num_threads64_",
    "openblas_set_num_threads",
)


def limit_threads(count: int) -> None:
    """Let each matrix product take so many threads, in the whole process.

    By itself OpenBLAS takes one for each core, for each of the threads that call it. Other builds
    of NumPy, which have another library, are left as they are.
    """
    home = Path(np.__file__).parent
    for path in (found for pattern in PLACES for found in home.glob(pattern)):
        library = ctypes.CDLL(str(path))
        name = next((name for name in NAMES if hasattr(library, name)), None)
        if name:
            getattr(library, name)(ctypes.c_int(count))
