"""Lines on stderr, with the time."""

from __future__ import annotations

import sys
import time

__all__ = ["log"]


def log(message: str) -> None:
    """A line on stderr."""
    print(time.strftime("%H:%M:%S"), message, file=sys.stderr, flush=True)
