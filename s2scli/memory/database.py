"""SQLite files that a crash leaves in order: how they are opened and asked.

What is committed is safe from a killed process; a power failure can take the last commits, but
damages nothing (https://sqlite.org/wal.html).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

__all__ = ["asked", "connect", "is_locked", "keep_log"]

BUSY_SECONDS = 30  # how long it is waited for another process that writes
RETRY_SECONDS = 0.01
ASKED_AT_ONCE = 500


def connect(path: Path) -> sqlite3.Connection:
    """Open a database, or create it; for use by any thread, one at a time.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    return sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)


def keep_log(database: sqlite3.Connection) -> None:
    """Write ahead of the database, so that readers and a writer do not wait for each other.

    Raises:
        sqlite3.Error: it is not a database.
    """
    end = time.monotonic() + BUSY_SECONDS
    while True:  # here SQLite does not wait on its own
        try:
            database.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            if not is_locked(error) or time.monotonic() > end:
                raise
            time.sleep(RETRY_SECONDS)
    database.execute("PRAGMA synchronous=NORMAL")


def asked(
    database: sqlite3.Connection, query: str, ids: Sequence[bytes], *values: Any
) -> Iterator[tuple[Any, ...]]:
    """The rows of a query about any number of things, asked in parts.

    Args:
        database: the database.
        query: it has ``{}`` after its ``IN``, after the places of all values.
        ids: what is asked about.
        values: the values of the query's other places.
    """
    for start in range(0, len(ids), ASKED_AT_ONCE):
        some = ids[start : start + ASKED_AT_ONCE]
        marks = ",".join("?" * len(some))
        yield from database.execute(query.format(f"({marks})"), (*values, *some))


def is_locked(error: sqlite3.Error) -> bool:
    """Whether another process held the database all the time that was waited for it."""
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
