"""PDF, of which only the text is read, with pypdf (https://pypdf.readthedocs.io/)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from io import BytesIO
from time import monotonic
from typing import Any

from s2scli.documents.base import Source
from s2scli.documents.plain import PlainText
from s2scli.errors import BadInputError, UnavailableError, memory_error
from s2scli.office.pdf.lines import Line, PageLines, paragraphs
from s2scli.office.pdf.rows import SideBySide
from s2scli.office.pdf.unread import LeftOut

__all__ = ["Pdf"]

# Seconds for a page that draws a lot, for the average one, and for all of them.
LONGEST_PAGE, AVERAGE_PAGE, LONGEST = 30.0, 1.0, 600.0
MOST_CHARACTERS = 100_000_000

# What pypdf says of slips in a file is for nobody but who asks for it.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


class Pdf(PlainText):
    """A PDF as plain text: its paragraphs, an empty line between any two."""

    def source(self, name: str, data: bytes) -> Source:
        """The text of a document.

        Raises:
            BadInputError: it is invalid or damaged, is locked, has no text, or takes too long.
            UnavailableError: what reads it is not installed.
        """
        unread = LeftOut()
        pages = list(_pages(name, data, unread))
        text = "\n\n".join(paragraphs(pages))
        if not any(map(str.isalpha, text)):
            raise BadInputError(
                f"{name} has no text; it needs OCR", "Tools such as ocrmypdf add the text."
            )
        self.remarks += unread.remarks()
        return Source(name, text + "\n")


def _pages(name: str, data: bytes, unread: LeftOut) -> Iterator[list[Line]]:
    """The lines of each page.

    Args:
        name: of the document.
        data: its bytes.
        unread: notes what else is on the pages.

    Raises:
        BadInputError: the document cannot be read.
        UnavailableError: what reads it is not installed.
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError
    except ImportError as error:
        raise memory_error(error) or UnavailableError(
            f"{name} is a PDF, which needs an extra package",
            "Install it with: pip install 's2scli[pdf]'",
        ) from error
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadInputError(f"{name} is protected by a password", "Save it without one.")
        clock = _Clock(name)

        rows = SideBySide()

        def drawn(operator: bytes, _: Any, cm: Sequence[float], tm: Sequence[float]) -> None:
            clock.check()
            unread.drawn(operator)
            rows.drawn(operator, cm, tm)

        for page in reader.pages:
            lines, rows = PageLines(), SideBySide()
            clock.next_page()
            unread.next_page(page)
            page.extract_text(visitor_operand_before=drawn, visitor_text=lines.add)
            clock.count(lines.size)
            found = lines.found()
            rows.end()
            unread.page_done(has_text=bool(found), lost=lines.lost, rows=rows.are_aligned)
            yield found
    except BadInputError:
        raise
    except DependencyError as error:
        raise UnavailableError(
            f"{name} is encrypted, which needs an extra package: {error}",
            "Install it with: pip install cryptography",
        ) from error
    except Exception as error:  # of any kind: files may be damaged in every way
        kind = type(error).__name__
        raise BadInputError(f"{name} is not a PDF, or is damaged ({kind}: {error})") from error


class _Clock:
    """Ends the reading of what takes too long, or has more text than any book."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._begun = monotonic()
        self._pages = self._characters = 0

    def next_page(self) -> None:
        """A page begins.

        Raises:
            BadInputError: it is too late.
        """
        self._pages += 1
        self.check()

    def count(self, characters: int) -> None:
        """A page had so much text.

        Raises:
            BadInputError: it is too much.
        """
        self._characters += characters
        if self._characters > MOST_CHARACTERS:
            raise BadInputError(f"{self._name} has more than {MOST_CHARACTERS:,} characters")

    def check(self) -> None:
        """Something is drawn.

        Raises:
            BadInputError: it is too late.
        """
        allowed = min(LONGEST_PAGE + AVERAGE_PAGE * self._pages, LONGEST)
        if monotonic() - self._begun > allowed:
            raise BadInputError(f"{self._name}, page {self._pages} takes too long to read")
