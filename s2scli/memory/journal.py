"""What a folder's run has done: documents, and the segments of those under way.

A SQLite database in the output folder (https://sqlite.org/wal.html). A segment is looked up by its
text and by all that its translation depends on (the model, the options), so that a run that was
ended at any moment continues where it was, within a document too.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from s2scli.data import Translation
from s2scli.disk.hashes import digest
from s2scli.errors import InputOutputError, LockedError, write_error
from s2scli.memory.database import asked, connect, keep_log
from s2scli.memory.links import packed, unpacked

__all__ = ["Journal"]

FILE, LOCK = ".s2s-journal{}.sqlite", ".s2s-journal{}.lock"
SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    name TEXT PRIMARY KEY, source TEXT, key TEXT, target TEXT, finished REAL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS targets ON documents (target);
CREATE TABLE IF NOT EXISTS findings (name TEXT PRIMARY KEY, found TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS translations (
    id BLOB PRIMARY KEY, text TEXT, links TEXT
) WITHOUT ROWID;
"""
COMMIT_SECONDS = 0.2  # what a crash can cost, beside what is being decoded


class Journal:
    """The journal of an output folder; only one run holds it.

    Args:
        folder: the output folder, which must exist.
        key: hash of all that a translation depends on beside its text.
        part: what a run of several on one folder is called; each has a journal of its own.

    Raises:
        LockedError: another run holds it.
        CannotCreateError: it cannot be created.
    """

    def __init__(self, folder: Path, key: str, part: str = "") -> None:
        self._key = key
        lock = folder / LOCK.format(part)
        self._lock = FileLock(lock)
        try:
            self._lock.acquire(timeout=0)
            lock.write_text(f"{_me()}\n", encoding="utf-8")
        except Timeout:
            raise LockedError(
                f"Another run ({_holder(lock)}) writes to {folder}", "Wait until it has ended."
            ) from None
        except OSError as error:
            raise write_error(f"Cannot write to {folder}", error) from error
        self._path = folder / FILE.format(part)
        self._written = time.monotonic()
        self._turn = threading.Lock()
        with _errors(self._path):
            self._database = connect(self._path)
            keep_log(self._database)
            self._database.executescript(SCHEMA)
            self._reader = connect(self._path)
            # What this run adds, it does not ask for.
            self._has_documents = self._any("documents")
            self._has_segments = self._any("translations")

    def _any(self, table: str) -> bool:
        return self._reader.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None

    def is_done(self, name: str, source: str) -> str | None:
        """The hash of the target if the document was translated as it is, by the same means."""
        if not self._has_documents:
            return None
        row = self._reader.execute(
            "SELECT target FROM documents WHERE name = ? AND source = ? AND key = ?",
            (name, source, self._key),
        ).fetchone()
        return row[0] if row else None

    def target_of(self, name: str) -> str | None:
        """The hash of what was last written for a document; None if nothing was."""
        if not self._has_documents:
            return None
        found = self._reader.execute("SELECT target FROM documents WHERE name = ?", (name,))
        row = found.fetchone()
        return row[0] if row else None

    def is_target(self, target: str) -> bool:
        """Whether something with this hash is what was written for some document."""
        found = self._reader.execute("SELECT 1 FROM documents WHERE target = ?", (target,))
        return found.fetchone() is not None

    def findings(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """What seemed wrong with a document that is done."""
        query = "SELECT found FROM findings WHERE name = ?"
        row = self._reader.execute(query, (name,)).fetchone()
        return tuple(json.loads(row[0])) if row else ()

    def done(
        self,
        name: str,
        source: str,
        target: str,
        findings: Sequence[Mapping[str, Any]] = (),
        *,
        at_once: bool = False,
    ) -> None:
        """A document has been written; in the database within a moment.

        Args:
            name: what it is called.
            source: its hash.
            target: hash of what was written.
            findings: what seems wrong with that; JSON values only.
            at_once: whether it must be on the disk before this returns.
        """
        with _errors(self._path), self._turn:
            self._database.execute(
                "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)",
                (name, source, self._key, target, time.time()),
            )
            self._database.execute("DELETE FROM findings WHERE name = ?", (name,))
            if findings:
                row = name, json.dumps(list(findings), ensure_ascii=False)
                self._database.execute("INSERT INTO findings VALUES (?, ?)", row)
            if at_once:
                self._commit()
                self._database.execute("PRAGMA wal_checkpoint(FULL)")
            else:
                self._commit_in_time()

    def recall(self, texts: Sequence[str]) -> dict[str, Translation]:
        """The translations that earlier runs have left, by text."""
        if not self._has_segments:
            return {}
        by_id = {self._id(text): text for text in texts}
        query = "SELECT id, text, links FROM translations WHERE id IN {}"
        with _errors(self._path):
            return {
                by_id[id_]: Translation(text, unpacked(links))
                for id_, text, links in asked(self._reader, query, list(by_id))
            }

    def remember(self, translations: Mapping[str, Translation]) -> None:
        """Translations by text; in the database within a moment."""
        with _errors(self._path), self._turn:
            self._database.executemany(
                "INSERT OR REPLACE INTO translations VALUES (?, ?, ?)",
                [
                    (self._id(source), text, packed(links))
                    for source, (text, links, *_) in translations.items()
                ],
            )
            self._commit_in_time()

    def close(self) -> None:
        """Give it back."""
        with _errors(self._path):
            self._commit()
            self._database.close()
            self._reader.close()
        self._lock.release()

    def _commit_in_time(self) -> None:
        if time.monotonic() - self._written > COMMIT_SECONDS:
            self._commit()

    def _commit(self) -> None:
        self._database.commit()
        self._written = time.monotonic()

    def _id(self, text: str) -> bytes:
        return bytes.fromhex(digest(self._key, text))[:16]


def _me() -> str:
    import os
    import socket

    return f"process {os.getpid()} on {socket.gethostname()}"


def _holder(lock: Path) -> str:
    try:
        return lock.read_text(encoding="utf-8").strip() or "unknown"
    except OSError:
        return "unknown"


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise InputOutputError(
            f"The journal {path} cannot be used: {error}",
            "Free some space; if it is damaged, remove it: what was written stays as it is.",
        ) from error
