"""Forms of plurals that a file of YAML lacks, written as the last one there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields

from s2scli.catalogues.yaml.scalars import BLOCKS, Scalar
from s2scli.documents.pluralkeys import Gap

__all__ = ["Form", "forms"]

_LINE_REST = re.compile(r"[ \t]*(?:[ \t]#[^\r\n]*)?(?=[\r\n]|\Z)")
_LINE_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Form(Scalar):
    """A form that is put in.

    Attributes:
        before: what is written before it.
        first, last: where the form stands that it is made of.
    """

    before: str = ""
    first: int = 0
    last: int = 0

    @property
    def is_joined(self) -> bool:
        """Whether it is put in: always."""
        return True


def forms(text: str, scalar: Scalar, gap: Gap) -> Iterator[Form]:
    """The forms that a plural lacks; none if its last one stands in no usual way.

    Args:
        text: the document's characters.
        scalar: its last form.
        gap: what is missing.
    """
    begin = max(text.rfind(sign, 0, scalar.start) for sign in "\r\n{,") + 1
    key = re.compile(
        rf"(?P<blank>[ \t]*)(?P<sign>[\"']?){re.escape(gap.key)}(?P=sign)[ \t]*:[ \t]+"
    )
    found = key.fullmatch(text, begin, scalar.start)
    if not found:
        return
    said = {field.name: getattr(scalar, field.name) for field in fields(Scalar)}
    if scalar.flow:
        place, newline = scalar.end, ", "
    else:
        rest = _LINE_REST.match(text, scalar.end)
        if not rest or not (begin == 0 or text[begin - 1] in "\r\n"):
            return
        line_break = _LINE_BREAK.search(text)
        place = scalar.end if scalar.style in BLOCKS else rest.end()
        newline = (line_break[0] if line_break else "\n") + found["blank"]
    head = found[0][len(found["blank"]) :]
    for name in gap.missing:
        before = newline + head.replace(gap.key, name, 1)
        said |= {"start": place, "end": place}
        yield Form(**said, before=before, first=scalar.start, last=scalar.end)
