"""What a run of text and markup is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from s2scli.documents.htmlnames import LINKS
from s2scli.documents.pieces import OPEN

__all__ = ["READING", "OpenElement", "RunItem"]

READING = "rt"


@dataclass(slots=True)
class RunItem:
    """A piece of a run of text and markup.

    Attributes:
        kind: ``TEXT``, ``POINT``, ``OPEN`` or ``CLOSE``.
        start, end: in the document's characters.
        text: what is shown of it.
        kept: whether the text must stay as it is.
        worded: whether there is something to translate.
        partner: the number of the item that closes or opens what this one opens or closes; -1
            for none.
        name: of the element that it opens or closes.
        apart: whether it stands between two texts.
        filler: whether its text is for a reader to write on, or leads on.
        raised: whether what has no letters in it is a note's mark or an exponent.
        condition: whether it opens what is shown at times, many times or elsewhere.
    """

    kind: int
    start: int
    end: int
    text: str = ""
    kept: bool = False
    worded: bool = False
    partner: int = -1
    name: str = ""
    apart: bool = False
    filler: bool = False
    raised: bool = False
    condition: bool = False

    @property
    def is_link(self) -> bool:
        """Whether it opens a link or a button."""
        return self.kind == OPEN and self.name in LINKS

    @property
    def is_border(self) -> bool:
        """Whether texts end there if what it opens is not closed in the run."""
        return self.condition or self.is_link

    @property
    def is_button(self) -> bool:
        """Whether it opens a button."""
        return self.kind == OPEN and self.name == "button"

    @property
    def is_blank(self) -> bool:
        """Whether a text may begin after it."""
        is_empty = not self.text or self.text.isspace()
        return self.partner < 0 and is_empty and self.name != READING


class OpenElement(NamedTuple):
    """An element that was opened in a run.

    Attributes:
        number: of the item; -1 if it is a point.
        texts: how many items have shown something before it.
    """

    number: int
    texts: int
