"""Packages made by hand in the styles of the programs that people use, from ``sources``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from corpus.packages import book, opendocument, presentation, spreadsheet, wordprocessing
from corpus.tools import SOURCES, save

__all__ = ["handmade"]

PIXEL = SOURCES / "pixel.png"


def parts(path: Path) -> list[tuple[str, str]]:
    """The parts of a source, each after a line "=== name", as (name, content)."""
    found = re.split(r"^=== (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return list(zip(found[1::2], map(str.strip, found[2::2]), strict=True))


def docx(path: Path) -> bytes:
    """A text of Word."""
    stories = dict(parts(path))
    return wordprocessing(stories.pop("body"), links=stories.pop("link", ""), stories=stories)


def pptx(path: Path) -> bytes:
    """Slides, in their order; "notes 4" are those of the fifth slide."""
    found = parts(path)
    notes = {int(name.split()[1]): text for name, text in found if name.startswith("notes")}
    slides = [text for name, text in found if name == "slide"]
    return presentation(slides, notes, dict(found).get("link", "https://example.org/"))


def xlsx(path: Path) -> bytes:
    """A workbook; "sheet NAME" is a sheet, "strings" and "names" are of all."""
    found = dict(parts(path))
    sheets = {name[6:]: found.pop(name) for name in list(found) if name.startswith("sheet ")}
    strings, names = found.pop("strings", ""), found.pop("names", "")
    return spreadsheet(sheets, strings, names, found)


def odt(path: Path) -> bytes:
    """A text in OpenDocument."""
    return opendocument(**dict(parts(path)))


def odp(path: Path) -> bytes:
    """Slides in OpenDocument."""
    return opendocument(**dict(parts(path)), kind="presentation")


def ods(path: Path) -> bytes:
    """A workbook in OpenDocument."""
    return opendocument(**dict(parts(path)), kind="spreadsheet")


def epub(path: Path) -> bytes:
    """A book; "* name" is a file that is not in the order of reading."""
    files = dict(parts(path))
    options = {name: files.pop(name) for name in ("title", "version", "folder") if name in files}
    extra: dict[str, str | bytes] = {
        name[2:]: text for name, text in files.items() if name.startswith("* ")
    }
    if any("dot.png" in text for text in files.values()):
        extra["dot.png"] = PIXEL.read_bytes()
    pages = {name: text for name, text in files.items() if not name.startswith("* ")}
    return book(pages, extra=extra, **options)


KINDS: dict[str, Callable[[Path], bytes]] = {
    "docx": docx,
    "pptx": pptx,
    "xlsx": xlsx,
    "odt": odt,
    "odp": odp,
    "ods": ods,
    "epub": epub,
}


def handmade() -> None:
    """Every source of parts, packed."""
    for extension, packed in KINDS.items():
        for path in sorted((SOURCES / extension).glob("*.parts")):
            save(f"hand-{path.stem}.{extension}", packed(path))
