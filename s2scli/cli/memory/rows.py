"""Entries of a translation memory as rows: tab-separated values and JSON lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from s2scli.cli.jsontext import json_text
from s2scli.cli.memory.options import language
from s2scli.cli.output import escape
from s2scli.errors import BadInputError

if TYPE_CHECKING:
    from s2scli.data import Segment
    from s2scli.memory.entries import Entry, TranslationUnit
    from s2scli.memory.memory import Origin

__all__ = ["facts", "json_rows", "moment", "origin_facts", "tsv_rows", "tsv_units"]

ESCAPED = re.compile(r"\\([\\tnr])")
CHARACTERS = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}


def origin_facts(origin: Origin) -> dict[str, object]:
    """An origin as JSON has it."""
    return {
        "source_language": origin.source_language,
        "target_language": origin.target_language,
        "origin": origin.name,
        "key": origin.key,
    }


def facts(entry: Entry) -> dict[str, object]:
    """An entry as JSON has it."""
    return {
        "source": entry.source,
        "target": entry.target,
        **origin_facts(entry.origin),
        "created": moment(entry.created),
        "used": moment(entry.used),
        "uses": entry.uses,
    }


def moment(seconds: float) -> str:
    """A time as ISO 8601 writes it."""
    return datetime.fromtimestamp(int(seconds), timezone.utc).isoformat()


def json_rows(entries: Iterable[Entry]) -> Iterator[str]:
    """An object for each entry."""
    for entry in entries:
        yield json_text(facts(entry)) + "\n"


def tsv_rows(entries: Iterable[Entry]) -> Iterator[str]:
    """Source, target and their languages for each entry."""
    for origin, source, target, *_ in entries:
        pair = f"{origin.source_language}\t{origin.target_language}"
        yield f"{escape(source)}\t{escape(target)}\t{pair}\n"


def tsv_units(
    name: str, blocks: Iterable[Iterable[Segment]], source: str, target: str, left_out: Counter[str]
) -> Iterator[TranslationUnit]:
    """The units of rows: source and target, and their languages if the columns are four.

    Args:
        name: the file's name, for messages.
        blocks: its lines.
        source: the source language; of four columns, the only one wanted.
        target: the target language; the same.
        left_out: counts the rows that gave nothing, by reason.

    Raises:
        BadInputError: a row has not two columns or four, or its languages are not known.
    """
    from s2scli.memory.entries import TranslationUnit

    for segment in (segment for block in blocks for segment in block):
        if not segment.text:
            continue
        texts = [ESCAPED.sub(_character, text) for text in segment.text.split("\t")]
        place = f"{name}, line {segment.index + 1}"
        if len(texts) == 2 and source and target:
            pair = source, target
        elif len(texts) == 4:
            pair = language(texts[2]), language(texts[3])
        else:
            raise BadInputError(
                f"{place} has {len(texts)} columns; expected 2 (with --from and --to) or 4",
                "Give --from and --to, or add the two languages as columns after the texts.",
            )
        if not (texts[0].strip() and texts[1].strip()):
            left_out["texts that are empty"] += 1
        elif source in ("", pair[0]) and target in ("", pair[1]):
            yield TranslationUnit(*pair, texts[0], texts[1])


def _character(match: re.Match[str]) -> str:
    return CHARACTERS[match[1]]
