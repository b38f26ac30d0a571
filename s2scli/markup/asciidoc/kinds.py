"""What the texts of a document of AsciiDoc are."""

from __future__ import annotations

from typing import NamedTuple

from s2scli.data import Span

__all__ = [
    "ATTRIBUTION",
    "HEADING",
    "LABEL",
    "PARAGRAPH",
    "UNDERLINED",
    "VERSE",
    "AsciiDocBlock",
]

# A paragraph; lines that stay lines; a title of its own line; a heading; one that is underlined;
# who and what is quoted.
PARAGRAPH, VERSE, LABEL, HEADING, UNDERLINED, ATTRIBUTION = range(6)


class AsciiDocBlock(NamedTuple):
    """A text.

    Attributes:
        kind: what kind of text.
        lines: where its lines stand, without what is before them.
        always: characters that must not be in it as they are.
        end: of a heading that is underlined, where its line of punctuation ends.
        has_id: whether a heading has a name of its own.
    """

    kind: int
    lines: tuple[Span, ...]
    always: str = ""
    end: int = 0
    has_id: bool = False
