"""Documents read: most formats are of one part, some of several (packages, notebooks)."""

from __future__ import annotations

from abc import ABC, abstractmethod

from s2scli.documents.base import Format
from s2scli.documents.filling import Document

__all__ = ["Compound", "read_document"]


class Compound(ABC):
    """A format whose documents have several parts, each with a form of its own."""

    @abstractmethod
    def opened(self, name: str, data: bytes) -> Document:
        """Read a document.

        Args:
            name: what it is called, for messages.
            data: its bytes.

        Raises:
            BadInputError: it is not a document of this kind.
        """


def read_document(format_: Format, name: str, data: bytes) -> Document:
    """Read a document.

    Args:
        format_: its format.
        name: what it is called, for messages.
        data: its bytes.

    Raises:
        BadInputError: it is not a document of this format.
        UnavailableError: what reads this format is not installed.
    """
    if isinstance(format_, Compound):
        return format_.opened(name, data)
    return Document.of(format_, format_.source(name, data))
