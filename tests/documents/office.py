"""Office documents for tests: made by hand, changed, and read again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from s2scli.documents import open_format
from s2scli.documents.base import Format, FormatOptions, Slot, Source, Target
from s2scli.documents.filling import filled
from s2scli.documents.reading import read_document

__all__ = ["changed", "package", "reversed_target", "rewritten", "slots", "stretches", "upper"]

Change = Callable[[Slot], Target]


def upper(slot: Slot) -> Target:
    """The text in upper case, the marks where they were."""
    return Target(slot.text.upper(), tuple((mark.start, mark.end) for mark in slot.marks))


def reversed_target(slot: Slot) -> Target:
    """The text back to front, and so the marks."""
    size = len(slot.text)
    return Target(
        slot.text[::-1], tuple((size - mark.end, size - mark.start) for mark in slot.marks)
    )


def slots(form: Format, text: str) -> list[Slot]:
    """What of a part is text."""
    return list(form.slots(Source("f", text)))


def changed(form: Format, text: str, change: Change) -> str:
    """A part with every text changed."""
    source = Source("f", text)
    found = list(form.slots(source))
    return "".join(filled(form, source, found, [change(slot) for slot in found]))


def stretches(slot: Slot) -> list[str]:
    """What each mark of a slot is on."""
    return [slot.text[mark.start : mark.end] for mark in slot.marks]


def package(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive; what is called mimetype is not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(name, data, method)
    return buffer.getvalue()


def rewritten(kind: str, data: bytes, change: Change) -> tuple[list[Slot], bytes]:
    """The texts of a whole document, and its bytes with every one changed."""
    document = read_document(open_format(kind, FormatOptions()), "f", data)
    return list(document.slots), b"".join(
        document.written([change(slot) for slot in document.slots])
    )
