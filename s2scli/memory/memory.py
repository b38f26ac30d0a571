"""A translation memory: what models and people have translated, for all runs that come.

A SQLite file that any number of processes use at once: each takes its turn to write, for a moment.
A text is looked up by its languages and by all that its translation depends on (the model, the
options). What people have translated holds for every model, and comes before what models have.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from s2scli.data import Link, Translation
from s2scli.disk.hashes import digest
from s2scli.errors import (
    BadInputError,
    CannotCreateError,
    InputOutputError,
    LockedError,
    MissingInputError,
)
from s2scli.languages.codes import written_code
from s2scli.memory.database import asked, connect, is_locked, keep_log
from s2scli.memory.links import packed, unpacked

__all__ = ["UNKNOWN", "Memory", "Origin", "memory_file", "text_hash", "writing"]

UNKNOWN = "und"  # a language that nobody named (ISO 639-2)
IMPORT = "import:"
IMPORTED = (".tmx", ".tsv")  # files with translations of people
APPLICATION = 0x73327374  # "s2st": tells these files from other databases
VERSION = 1
SCHEMA = """
CREATE TABLE origins (
    id INTEGER PRIMARY KEY,
    source_language TEXT NOT NULL,
    target_language TEXT NOT NULL,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    UNIQUE (source_language, target_language, name, key)
);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    origin INTEGER NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    links TEXT,
    created REAL NOT NULL,
    used REAL NOT NULL,
    uses INTEGER NOT NULL,
    UNIQUE (hash, origin)
);
"""
# What comes later in this order counts: people before models, the new before the old. What people
# have translated has links for its markup at most, which is as good as it gets.
RECALL = """
SELECT hash, entries.id, target, CASE key WHEN '' THEN coalesce(links, '') ELSE links END
FROM entries CROSS JOIN origins ON origins.id = origin
WHERE source_language = ? AND target_language = ? AND key IN (?, '') AND hash IN {}
ORDER BY key = '', created, entries.id
"""
PEOPLE = """
SELECT count(*), max(created), max(entries.id)
FROM entries CROSS JOIN origins ON origins.id = origin
WHERE source_language = ? AND target_language = ? AND key = ''
"""
REMEMBER = """
INSERT INTO entries (hash, origin, source, target, links, created, used, uses)
VALUES (?, ?, ?, ?, ?, ?, ?, 0)
ON CONFLICT DO UPDATE SET
    target = excluded.target, links = excluded.links, created = excluded.created
"""
WRITE_SECONDS = 0.2  # what a crash can cost, beside what is being decoded


class Origin(NamedTuple):
    """Where translations come from.

    Attributes:
        source_language, target_language: as ``written_code`` writes them; ``und`` if not known.
        name: of the model; of what people have translated, ``import:`` and a name.
        key: hash of all that a translation depends on beside its text; empty if people made it.
    """

    source_language: str
    target_language: str
    name: str
    key: str

    @classmethod
    def of_model(cls, source: str, target: str, name: str, key: str) -> Origin:
        """A model with its options.

        Args:
            source: its source language, by any code; empty if not known.
            target: its target language.
            name: what it is called.
            key: hash of the model and the options.
        """
        known = (written_code(code) if code else "" for code in (source, target))
        source, target = (code or UNKNOWN for code in known)
        return cls(source, target, name, key)

    @classmethod
    def of_people(cls, source: str, target: str, name: str) -> Origin:
        """What people have translated, from a file of that name; codes of ``written_code``."""
        return cls(source, target, IMPORT + name, "")


class Memory:
    """The memory as a run uses it, from any of its threads.

    Args:
        path: the file; it is created if there is none.
        origin: what this run translates with.

    Raises:
        BadInputError: the file is not a translation memory, or of a newer s2s.
        CannotCreateError: it cannot be created.
        LockedError: other processes write to it all the time.
    """

    def __init__(self, path: Path, origin: Origin) -> None:
        self._path = path
        self._origin = origin
        self._turn = threading.Lock()
        self._fresh: dict[str, Translation] = {}
        self._used: Counter[int] = Counter()  # numbers of entries
        self._written = time.monotonic()
        with _failures(path):
            self._writer = _opened(path, create=True)
            self._reader = connect(path)

    def people(self) -> tuple[float, ...]:
        """What people have translated between these languages, as numbers that change with it."""
        with _failures(self._path):
            found = self._reader.execute(PEOPLE, self._origin[:2]).fetchone()
        return tuple(found) if found[0] else ()

    def recall(self, texts: Sequence[str]) -> dict[str, Translation]:
        """What is known of some texts, by text; one thread at a time."""
        by_hash = {text_hash(text): text for text in texts}
        found: dict[str, tuple[int, Translation]] = {}
        origin = self._origin
        values = (origin.source_language, origin.target_language, origin.key)
        with _failures(self._path):
            for hash_, number, text, links in asked(self._reader, RECALL, list(by_hash), *values):
                found[by_hash[hash_]] = number, Translation(text, _links(links))
        with self._turn:
            self._used.update(number for number, _ in found.values())
            self._write_in_time()
        return {text: translation for text, (_, translation) in found.items()}

    def remember(self, translations: Mapping[str, Translation]) -> None:
        """Translations by text; in the file within a moment."""
        with self._turn:
            self._fresh.update(translations)
            self._write_in_time()

    def close(self) -> None:
        """Write what is left, and close the file."""
        try:
            with self._turn:
                self._write()
        finally:
            self._reader.close()
            self._writer.close()

    def _write_in_time(self) -> None:
        if time.monotonic() - self._written > WRITE_SECONDS:
            self._write()

    def _write(self) -> None:
        if self._fresh or self._used:
            now = time.time()
            with _failures(self._path), writing(self._writer) as database:
                origin = _number(database, self._origin)
                database.executemany(
                    REMEMBER,
                    [
                        (text_hash(source), origin, source, text, packed(links), now, now)
                        for source, (text, links, *_) in self._fresh.items()
                    ],
                )
                database.executemany(
                    "UPDATE entries SET uses = uses + ?, used = ? WHERE id = ?",
                    [(count, now, number) for number, count in self._used.items()],
                )
        self._fresh, self._used = {}, Counter()
        self._written = time.monotonic()


@contextmanager
def memory_file(path: Path, *, create: bool = False) -> Iterator[sqlite3.Connection]:
    """A memory as a database, to look after it.

    Args:
        path: the file.
        create: whether to create it if there is none.

    Raises:
        MissingInputError: there is no such file.
        BadInputError: it is not a translation memory, damaged, or of a newer s2s.
        CannotCreateError: it cannot be created.
        LockedError: other processes write to it all the time.
        InputOutputError: the disk is full, or the like.
    """
    with _failures(path):
        database = _opened(path, create=create)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A turn to write: all of it is done, or nothing."""
    with database:
        database.execute("BEGIN IMMEDIATE")
        yield database


def text_hash(text: str) -> bytes:
    """What a text is looked up by."""
    return bytes.fromhex(digest(text))[:16]


def _opened(path: Path, *, create: bool) -> sqlite3.Connection:
    if not path.exists():
        if not create:
            raise MissingInputError(f"There is no translation memory {path}")
        if not path.parent.is_dir():
            raise CannotCreateError(f"Cannot create {path}: there is no folder {path.parent}")
    elif not path.is_file():
        raise BadInputError(f"{path} is a folder or a device, not a translation memory")
    database = connect(path)
    try:
        with database:
            database.execute("BEGIN")  # what is looked at is of one moment
            ours = _is_ours(database, path)
        if not ours:
            with writing(database):
                if not _is_ours(database, path):  # others may have had the same in mind
                    _create(database)
        keep_log(database)
    except BaseException:
        database.close()
        raise
    return database


def _is_ours(database: sqlite3.Connection, path: Path) -> bool:
    """Whether a database is a memory; else it is empty.

    Raises:
        BadInputError: it is something else, or of another version.
    """
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if application == APPLICATION and version != VERSION:
        raise BadInputError(
            f"{path} was written by another version of s2s ({version}, not {VERSION})",
            "Use the s2s that wrote it to export it as TMX.",
        )
    if application == APPLICATION:
        return True
    if application or version or database.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise BadInputError(f"{path} is another program's database, not a translation memory")
    return False


def _create(database: sqlite3.Connection) -> None:
    for statement in SCHEMA.split(";"):
        database.execute(statement)
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.execute(f"PRAGMA user_version = {VERSION}")


def _number(database: sqlite3.Connection, origin: Origin) -> int:
    """The number of an origin, which is a new one if it must be."""
    number: int
    database.execute(
        "INSERT OR IGNORE INTO origins (source_language, target_language, name, key) "
        "VALUES (?, ?, ?, ?)",
        origin,
    )
    (number,) = database.execute(
        "SELECT id FROM origins WHERE (source_language, target_language, name, key) = (?, ?, ?, ?)",
        origin,
    ).fetchone()
    return number


def _links(text: str | None) -> tuple[Link, ...] | None:
    try:
        return unpacked(text)
    except ValueError:
        raise sqlite3.DatabaseError("invalid links between words") from None


@contextmanager
def _failures(path: Path) -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.InterfaceError) as error:
        if is_locked(error):
            raise LockedError(
                f"{path} is locked by another process", "Wait until it has ended."
            ) from error
        raise InputOutputError(
            f"The translation memory {path} cannot be used: {error}",
            "Is the disk full, or are the file or its folder write-protected?",
        ) from error
    except sqlite3.DatabaseError as error:
        advice = "Restore a backup, or move it away to start a new one."
        if path.suffix.lower() in IMPORTED:
            advice = f"Import it into one: s2s memory import {path.with_suffix('.memory')} {path}"
        raise BadInputError(
            f"{path} is not a translation memory, or is damaged: {error}", advice
        ) from error
