"""What was last written to each place, whichever run wrote it, with a journal of its own or not.

A SQLite file in the user's cache. It only helps to see what somebody has changed and what is a
translation already: where it cannot be used, runs go on without it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import NamedTuple

from s2scli.disk.hashes import digest
from s2scli.memory.database import connect

__all__ = ["LastOutput", "Outputs", "mark"]

FILE = "outputs.sqlite"
# Many machines may share the file, which rules out a log beside it; what a power failure damages
# is begun again.
SCHEMA = """
PRAGMA synchronous=OFF;
CREATE TABLE IF NOT EXISTS outputs (
    place BLOB PRIMARY KEY, target TEXT, language TEXT, marks BLOB
) WITHOUT ROWID;
"""
MARK_BYTES = 8


class LastOutput(NamedTuple):
    """What was written to a place.

    Attributes:
        target: its hash.
        language: the language that it was translated to; empty if it was not.
        marks: those of its texts, if it took the place of its source.
    """

    target: str
    language: str = ""
    marks: frozenset[bytes] = frozenset()


class Outputs:
    """What was last written to each place.

    Args:
        folder: where it is kept; None to keep nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._turn = threading.Lock()
        self._database: sqlite3.Connection | None = None
        if folder is None:
            return
        self._path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._database = connect(self._path)
            self._database.isolation_level = None  # each row at once: nobody waits for another run
            self._database.executescript(SCHEMA)
        except OSError:
            return
        except sqlite3.Error as error:
            self._give_up(error)

    def of(self, path: Path) -> LastOutput | None:
        """What was last written to a place; None if that is not known."""
        query = "SELECT target, language, marks FROM outputs WHERE place = ?"
        found = self._ask(query, _place(path))
        if not found:
            return None
        target, language, marks = found[0]
        steps = range(0, len(marks), MARK_BYTES)
        return LastOutput(target, language, frozenset(marks[at : at + MARK_BYTES] for at in steps))

    def wrote(self, path: Path, output: LastOutput) -> None:
        """Something was written to a place."""
        marks = b"".join(sorted(output.marks))
        query = "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?)"
        self._ask(query, _place(path), output.target, output.language, marks)

    def close(self) -> None:
        """Give it back."""
        if self._database:
            self._database.close()

    def _ask(self, query: str, *values: str | bytes) -> list[tuple[str, str, bytes]]:
        with self._turn:
            if not self._database:
                return []
            try:
                return self._database.execute(query, values).fetchall()
            except sqlite3.Error as error:
                self._give_up(error)
                return []

    def _give_up(self, error: sqlite3.Error) -> None:
        self.close()
        self._database = None
        if not isinstance(error, sqlite3.OperationalError):  # it is damaged, not only locked
            self._path.unlink(missing_ok=True)


def mark(text: str) -> bytes:
    """What stands for a text."""
    return bytes.fromhex(digest(text))[:MARK_BYTES]


def _place(path: Path) -> bytes:
    return bytes.fromhex(digest(os.fsencode(os.path.realpath(path))))[:16]
