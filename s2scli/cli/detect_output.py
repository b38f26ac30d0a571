"""How ``s2s detect`` writes what it has found: a line for each text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from s2scli.cli.jsontext import json_text
from s2scli.cli.output import escape
from s2scli.cli.printable import printable

if TYPE_CHECKING:
    from s2scli.languages.detection import Detected

__all__ = ["FORMATS", "DetectedText"]

JSONL_SCHEMA = 1


class DetectedText(NamedTuple):
    """What a text is in.

    Attributes:
        number: of the text, from 0.
        name: what it is called; a line as it reads.
        detected: its language.
        is_line: whether it is a line.
    """

    number: int
    name: str
    detected: Detected
    is_line: bool


def _text(found: DetectedText, top: int) -> str:
    detected = found.detected
    others = ", ".join(f"{code} {share:.2f}" for code, share in detected.candidates[:top])
    shown = f"{others}  " if top > 1 else ""
    name = printable(found.name) if not found.is_line else found.name
    return f"{detected.language:<3} {detected.confidence:.2f}  {shown}{name}\n"


def _tsv(found: DetectedText, top: int) -> str:
    detected = found.detected
    others = " ".join(f"{code}:{share:.4f}" for code, share in detected.candidates[:top])
    columns = [escape(found.name), detected.language, f"{detected.confidence:.4f}"]
    return "\t".join([*columns, others] if top > 1 else columns) + "\n"


def _jsonl(found: DetectedText, top: int) -> str:
    detected = found.detected
    record = {
        "schema": JSONL_SCHEMA,
        "index": found.number,
        "source" if found.is_line else "document": found.name,
        "language": detected.language,
        "confidence": round(detected.confidence, 6),
        "candidates": [
            {"language": code, "confidence": round(share, 6)}
            for code, share in detected.candidates[:top]
        ],
    }
    return json_text(record) + "\n"


# Name → what writes a text's record, with so many of the likeliest languages.
FORMATS: Mapping[str, Callable[[DetectedText, int], str]] = {
    "text": _text,
    "tsv": _tsv,
    "jsonl": _jsonl,
}
