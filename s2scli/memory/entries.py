"""What a translation memory holds, as a whole: listed, chosen, removed, added to."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from s2scli.data import Link
from s2scli.memory.links import packed
from s2scli.memory.memory import Origin, text_hash, writing

__all__ = [
    "Added",
    "Entry",
    "EntrySelection",
    "Holding",
    "TranslationUnit",
    "add",
    "count",
    "entries",
    "holdings",
    "label",
    "prune",
    "size_bytes",
    "with_lines",
]

DAY_SECONDS = 86_400
# How much of a key tells the options of a model apart.
KEY_DIGITS = 8
LABEL = f"(name || CASE key WHEN '' THEN '' ELSE '#' || substr(key, 1, {KEY_DIGITS}) END)"
ORIGIN = "source_language, target_language, name, key"
FROM = "FROM entries JOIN origins ON origins.id = entries.origin"
# What people have translated and then correct comes in again.
ADD = """
INSERT INTO entries (hash, origin, source, target, links, created, used, uses)
SELECT incoming.hash, origins.id, incoming.source, incoming.target, incoming.links, ?, ?, 0
FROM temp.incoming CROSS JOIN origins USING (source_language, target_language, name, key)
WHERE true ORDER BY incoming.id
ON CONFLICT DO UPDATE SET
    target = excluded.target, links = excluded.links, created = excluded.created
"""
INCOMING = """
CREATE TEMP TABLE incoming (
    id INTEGER PRIMARY KEY,
    hash BLOB, source_language TEXT, target_language TEXT, name TEXT, key TEXT,
    source TEXT, target TEXT, links TEXT
)
"""


class TranslationUnit(NamedTuple):
    """A text and its translation, from a file.

    Attributes:
        source_language, target_language: as ``written_code`` writes them.
        source: the text.
        target: its translation.
        links: which stretches of both have the same markup.
    """

    source_language: str
    target_language: str
    source: str
    target: str
    links: tuple[Link, ...] = ()


class Entry(NamedTuple):
    """A translation in the memory.

    Attributes:
        origin: where it comes from.
        source: the text.
        target: its translation.
        created: when it came into the memory, in seconds since 1970.
        used: when it was recalled last, else ``created``.
        uses: how often it was recalled.
    """

    origin: Origin
    source: str
    target: str
    created: float
    used: float
    uses: int


class Holding(NamedTuple):
    """All entries of an origin: how many, how often used, how large, and of what time.

    Attributes:
        origin: where they come from.
        entries: how many they are.
        uses: how often they were recalled.
        characters: of their texts.
        created: when the first came.
        used: when one was recalled last, else when the last came.
    """

    origin: Origin
    entries: int
    uses: int
    characters: int
    created: float
    used: float


@dataclass(frozen=True, slots=True)
class EntrySelection:
    """Which entries: those of which all holds that is given.

    Attributes:
        source_language, target_language: as ``written_code`` writes them.
        origin: the origin's name or label.
        text: the source or the target has it, in upper or lower case.
        days: neither made nor used for so long.
        unused: never recalled.
    """

    source_language: str = ""
    target_language: str = ""
    origin: str = ""
    text: str = ""
    days: float | None = None
    unused: bool = False

    def clause(self) -> tuple[str, list[object]]:
        """The condition in SQL, and its values."""
        found: list[tuple[str, list[object]]] = []
        if self.source_language:
            found.append(("source_language = ?", [self.source_language]))
        if self.target_language:
            found.append(("target_language = ?", [self.target_language]))
        if self.origin:
            found.append((f"? IN (name, {LABEL})", [self.origin]))
        if self.text:
            found.append(("has(source, ?) + has(target, ?)", [self.text.casefold()] * 2))
        if self.days is not None:
            found.append(("used < ?", [time.time() - self.days * DAY_SECONDS]))
        if self.unused:
            found.append(("uses = 0", []))
        conditions = " AND ".join(condition for condition, _ in found)
        return f"WHERE {conditions or 'true'}", [value for _, values in found for value in values]


def label(origin: Origin) -> str:
    """What an origin is called: its name, and of a model what tells its options apart."""
    return f"{origin.name}#{origin.key[:KEY_DIGITS]}" if origin.key else origin.name


def holdings(database: sqlite3.Connection, selection: EntrySelection) -> list[Holding]:
    """The entries summed up, by language pair and origin."""
    rows = _asked(
        database,
        f"{ORIGIN}, count(*), sum(uses), sum(length(source) + length(target)), min(created), "
        "max(used)",
        selection,
        "GROUP BY origins.id ORDER BY 1, 2, 3, 4",
    )
    return [Holding(Origin(*row[:4]), *row[4:]) for row in rows]


def entries(
    database: sqlite3.Connection, selection: EntrySelection, limit: int = -1
) -> Iterator[Entry]:
    """The entries, in the order in which they came.

    Args:
        database: the memory.
        selection: which.
        limit: how many at most; -1 for all.
    """
    columns = f"{ORIGIN}, source, target, created, used, uses"
    for row in _asked(database, columns, selection, f"ORDER BY entries.id LIMIT {limit}"):
        yield Entry(Origin(*row[:4]), *row[4:])


def count(database: sqlite3.Connection, selection: EntrySelection) -> int:
    """How many entries there are."""
    number: int
    (number,) = _asked(database, "count(*)", selection).fetchone()
    return number


def size_bytes(database: sqlite3.Connection) -> int:
    """How large the file is."""
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    (page,) = database.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(page)


def prune(database: sqlite3.Connection, selection: EntrySelection) -> int:
    """Remove entries; how many there were. The file shrinks."""
    where, values = _where(database, selection)
    with writing(database):
        removed = database.execute(
            f"DELETE FROM entries WHERE id IN (SELECT entries.id {FROM} {where})", values
        ).rowcount
        database.execute("DELETE FROM origins WHERE id NOT IN (SELECT origin FROM entries)")
    database.execute("VACUUM")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return removed


class Added(NamedTuple):
    """What came of units that were added.

    Attributes:
        taken: how many there were.
        new: how many texts are new.
        replaced: how many translations are not kept, for a later unit has another of the same text.
    """

    taken: int
    new: int
    replaced: int


def with_lines(units: Iterable[TranslationUnit]) -> Iterator[TranslationUnit]:
    """Units, and after each of several lines its lines, if both texts have as many.

    The texts of messages are looked for line by line.
    """
    for unit in units:
        yield unit
        if "\n" in unit.source:
            lines, others = unit.source.splitlines(), unit.target.splitlines()
            if [bool(line.strip()) for line in lines] == [bool(each.strip()) for each in others]:
                for line, other in zip(lines, others, strict=True):
                    if line.strip():
                        yield unit._replace(source=line.strip(), target=other.strip(), links=())


def add(database: sqlite3.Connection, name: str, units: Iterable[TranslationUnit]) -> Added:
    """Add what people have translated: all of it, or nothing if reading it fails.

    Others write meanwhile, but for a moment at the end.

    Args:
        database: the memory.
        name: what the units are from; what came from there before is replaced, text by text.
        units: any number.

    Returns:
        How many they are.
    """
    database.execute(INCOMING)
    database.executemany(
        f"INSERT INTO incoming (hash, {ORIGIN}, source, target, links) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                text_hash(unit.source),
                *Origin.of_people(*unit[:2], name),
                *(unit.source, unit.target, packed(unit.links)),
            )
            for unit in units
        ),
    )
    database.commit()
    (taken,) = database.execute("SELECT count(*) FROM temp.incoming").fetchone()
    texts, variants = (
        database.execute(
            f"SELECT count(*) FROM (SELECT DISTINCT hash, {columns} FROM temp.incoming)"
        ).fetchone()[0]
        for columns in (ORIGIN, f"{ORIGIN}, target")
    )
    now = time.time()
    with writing(database):
        before = count(database, EntrySelection())
        database.execute(
            f"INSERT OR IGNORE INTO origins ({ORIGIN}) SELECT DISTINCT {ORIGIN} FROM temp.incoming"
        )
        database.execute(ADD, (now, now))
        added = count(database, EntrySelection()) - before
    database.execute("DROP TABLE temp.incoming")
    return Added(taken, added, variants - texts)


def _asked(
    database: sqlite3.Connection, columns: str, selection: EntrySelection, rest: str = ""
) -> sqlite3.Cursor:
    where, values = _where(database, selection)
    return database.execute(f"SELECT {columns} {FROM} {where} {rest}", values)


def _where(database: sqlite3.Connection, selection: EntrySelection) -> tuple[str, list[object]]:
    database.create_function("has", 2, _has, deterministic=True)
    return selection.clause()


def _has(text: str, part: str) -> bool:
    return part in text.casefold()
