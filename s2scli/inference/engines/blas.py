"""The number of threads of NumPy's matrix products."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np

__all__ = ["limit_threads"]

# OpenBLAS in NumPy's own wheels, and the names of its function in their versions.
PLACES = ("../numpy.libs/*openblas*", ".dylibs/*openblas*")
NAMES = (
    "scipy_openblas_set_num_threads64_",
    "scipy_openblas_set_num_threads",
    "openblas_set_num_threads64_",
    "openblas_set_num_threads",
)


def limit_threads(count: int) -> None:
    """Set the number of threads per matrix product, for the whole process.

    By default OpenBLAS takes one per core for each thread that calls it. Builds of NumPy with
    another library are left as they are.
    """
    home = Path(np.__file__).parent
    for path in (found for pattern in PLACES for found in home.glob(pattern)):
        library = ctypes.CDLL(str(path))
        name = next((name for name in NAMES if hasattr(library, name)), None)
        if name:
            getattr(library, name)(ctypes.c_int(count))
