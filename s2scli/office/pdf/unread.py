"""What of a PDF is not read as it is seen: pictures, fields, notes, unknown letters, columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from s2scli.documents.remarks import named

__all__ = ["LeftOut"]

# Operators that paint: pictures, and shapes (ISO 32000-1, table 51).
_PAINTING = frozenset(b"Do BI sh f F f* B B* b b* S s".split()) | {b"INLINE IMAGE"}
_WORDED = {"/Widget": "/V", "/FreeText": "/Contents", "/Text": "/Contents"}


class LeftOut:
    """What was met on the pages that is no text of them."""

    def __init__(self) -> None:
        self._pictures: list[int] = []
        self._lost: list[int] = []
        self._rows: list[int] = []
        self._fields = self._page = 0
        self._paints = False

    def next_page(self, page: Any) -> None:
        """A page begins; its fields and notes are looked at."""
        self._page += 1
        self._paints = False
        with suppress(Exception):  # what is damaged is none
            for entry in page.get("/Annots") or ():
                one = entry.get_object()
                said = one.get(_WORDED.get(str(one.get("/Subtype")), ""), "")
                self._fields += isinstance(said, str) and any(map(str.isalpha, said))

    def drawn(self, operator: bytes) -> None:
        """Something is drawn on the page."""
        self._paints |= operator in _PAINTING

    def page_done(self, *, has_text: bool, lost: int, rows: bool) -> None:
        """A page is read.

        Args:
            has_text: whether it has any.
            lost: how many of its characters mean nothing.
            rows: whether columns of it are read row by row.
        """
        if self._paints and not has_text:
            self._pictures.append(self._page)
        if lost:
            self._lost.append(self._page)
        if rows:
            self._rows.append(self._page)

    def remarks(self) -> Iterator[str]:
        """What is to be said of it."""
        if self._pictures:
            yield (
                f"Pages of pictures without text (OCR would read them): {named(self._pictures)}."
            )
        if self._lost:
            yield (
                "Pages with letters whose fonts do not say what they are, which are missing: "
                f"{named(self._lost)}."
            )
        if self._rows:
            yield (
                "Pages whose columns or tables are drawn row by row, and read so, across the "
                f"columns: {named(self._rows)}."
            )
        if self._fields:
            yield f"Texts of form fields and notes are left out: {self._fields}."
