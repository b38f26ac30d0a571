"""What the process of a command shares with that of its server, or is not run by it.

It cannot be handed over, and results could be others.
"""

from __future__ import annotations

import os
import sys

from s2scli._version import __version__

__all__ = ["PACKAGE", "VERSION", "differing", "surroundings"]

VERSION = "version"
PACKAGE = "package"
# Of the environment: what Python, the engines and the C library read when they start.
READ_AT_START = (
    *("PYTHON", "LD_", "OMP_", "KMP_", "MKL_", "OPENBLAS_", "CT2_", "CUDA_", "NVIDIA_", "ORT_"),
    *("MALLOC_", "GLIBC_TUNABLES", "TOKENIZERS_PARALLELISM", "RAYON_", "RAY_"),
)
# Processes in other ones see other files, networks and users.
NAMESPACES = ("mnt", "net", "user")


def surroundings() -> dict[str, str]:
    """Each thing by its name, in a person's words."""
    variables = sorted(
        f"{name}={value}" for name, value in os.environ.items() if name.startswith(READ_AT_START)
    )
    root = os.stat("/")
    return {
        VERSION: __version__,
        PACKAGE: os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
        "interpreter": f"{sys.prefix} {sys.version}",
        "options of Python": f"{_flags()} {sys.warnoptions} {sys._xoptions}",
        "encoding of file names": sys.getfilesystemencoding(),
        "variables for Python and the engine": "\n".join(variables),
        "user and groups": f"{os.geteuid()} {os.getegid()} {sorted(os.getgroups())}",
        "file system": f"{root.st_dev} {root.st_ino}",
        "namespaces": " ".join(map(_namespace, NAMESPACES)),
    }


def _flags() -> str:
    """All flags but that of the UTF-8 mode, which depends on the locale: what it decides on that is
    not handed over is the encoding of file names."""
    return str(sys.flags).replace(f"utf8_mode={sys.flags.utf8_mode}", "")


def _namespace(kind: str) -> str:
    try:
        return os.readlink(f"/proc/self/ns/{kind}")
    except OSError:
        return ""


def differing(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    """The names of what is not the same."""
    return [name for name in ours if ours[name] != theirs.get(name)]
