"""Glossaries that clients make: in memory, as long as the server runs."""

from __future__ import annotations

import csv
import io
import secrets
import threading
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any, NamedTuple

from s2scli.errors import BadInputError
from s2scli.server.limits import TooLargeError

__all__ = ["Glossaries", "StoredGlossary", "parse_entries"]

MOST = 1000  # glossaries


class StoredGlossary(NamedTuple):
    """A glossary of a client.

    Attributes:
        number: by which it is asked for.
        name: as its client calls it.
        source: language of the terms.
        target: language of their translations.
        entries: terms and their translations.
        created: when it was made.
    """

    number: str
    name: str
    source: str
    target: str
    entries: dict[str, str]
    created: datetime

    def facts(self) -> dict[str, Any]:
        """What its clients are told."""
        return {
            "glossary_id": self.number,
            "name": self.name,
            "ready": True,
            "source_lang": self.source,
            "target_lang": self.target,
            "creation_time": self.created.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "entry_count": len(self.entries),
        }


class Glossaries:
    """All of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[str, StoredGlossary] = {}

    def add(self, name: str, source: str, target: str, entries: dict[str, str]) -> StoredGlossary:
        """Keep a glossary.

        Raises:
            TooLargeError: there are too many.
        """
        now = datetime.now(timezone.utc)
        made = StoredGlossary(secrets.token_hex(16), name, source, target, entries, now)
        with self._lock:
            if len(self._all) >= MOST:
                raise TooLargeError(f"There are {MOST} glossaries", "Delete one.")
            self._all[made.number] = made
        return made

    def get(self, number: str) -> StoredGlossary | None:
        """The glossary of a number, if there is one."""
        with self._lock:
            return self._all.get(number)

    def all(self) -> list[StoredGlossary]:
        """All, in the order in which they came."""
        with self._lock:
            return [*self._all.values()]

    def drop(self, number: str) -> bool:
        """Forget one; whether it was there."""
        with self._lock:
            return self._all.pop(number, None) is not None


def parse_entries(text: str, form: str) -> dict[str, str]:
    """Entries of the form ``tsv`` or ``csv``: on each line a term and its translation.

    Raises:
        BadInputError: a line has something else, or a term comes twice.
    """
    if form not in ("tsv", "csv"):
        raise BadInputError(f"There is no entries_format {form!r}", "Known: tsv, csv.")
    if form == "csv":
        rows: Iterable[list[str]] = csv.reader(io.StringIO(text))
    else:
        rows = (line.split("\t") for line in text.splitlines())
    found: dict[str, str] = {}
    try:
        for number, row in enumerate(rows, 1):
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            # A table of DeepL's own page has the languages behind.
            if len(cells) not in (2, 4) or not all(cells[:2]):
                raise BadInputError(f"Entry {number} is not a term and its translation")
            if cells[0] in found:
                raise BadInputError(f"The term {cells[0]!r} comes twice")
            found[cells[0]] = cells[1]
    except csv.Error as error:
        raise BadInputError(f"The entries are not CSV: {error}") from error
    if not found:
        raise BadInputError("The glossary has no entries")
    return found
