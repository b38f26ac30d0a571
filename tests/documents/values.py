"""Formats of values behind keys: what of a file is text, and the same file with other text."""

from __future__ import annotations

from collections.abc import Sequence

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Slot, Source, Target
from s2scli.documents.filling import filled

__all__ = ["Values"]


class Values:
    """A format without markup.

    Args:
        kind: its name.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def slots(self, text: str, *fields: str) -> list[Slot]:
        """What of a file is text, of all fields or of some."""
        format_ = open_format(self.kind, FormatOptions(fields=fields))
        return list(format_.slots(Source("f", text)))

    def changed(self, text: str, change: str) -> str:
        """The file with every text changed; ``{}`` stands for what it was."""
        found = self.slots(text)
        targets = [Target(change.format(slot.text)) for slot in found]
        format_ = open_format(self.kind, FormatOptions())
        return "".join(filled(format_, Source("f", text), found, targets))

    def check(self, text: str, expected: Sequence[str], newlines: Sequence[str] = ("\n",)) -> None:
        """Make sure that these are the texts, that all else stays, and that others are read back.

        Args:
            text: a file.
            expected: its texts.
            newlines: what its lines may end with.
        """
        for newline in newlines:
            old = text.replace("\n", newline)
            assert [slot.text for slot in self.slots(old)] == list(expected)
            assert self.changed(old, "{}") == old
            new = self.changed(old, "{} more")
            assert [slot.text for slot in self.slots(new)] == [f"{one} more" for one in expected]
