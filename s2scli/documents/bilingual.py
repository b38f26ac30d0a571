"""Tables with texts and their translations side by side: which column is filled, and from which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from s2scli.documents.columns import KINDS, PAIRED, TARGETS
from s2scli.documents.languages import is_other, is_same
from s2scli.documents.remarks import named

__all__ = ["Pairing"]


class Pairing(NamedTuple):
    """Two columns of a table, by number: that of the texts, and that of their translations."""

    source: int
    target: int

    @classmethod
    def of(cls, header: Sequence[str], source: str, target: str) -> Pairing | None:
        """Find them by what the columns are called; None if it is not a table of this kind.

        Args:
            header: what the columns are called.
            source: the code of the language that the texts are in; empty if not known.
            target: that of the language of the output; empty if not known.
        """
        if not source or not target or is_same(source, target):
            return None
        own = _called(header, source, PAIRED)
        other = _called(header, target, TARGETS)
        return None if own is None or other is None else cls(own, other)

    def remarks(self, header: Sequence[str], filled: int, others: Iterable[int]) -> list[str]:
        """What whoever uses the result must know.

        Args:
            header: what the columns are called.
            filled: how many translations were there already, and stay.
            others: the columns that stay and read like text, by number.
        """
        source, target = header[self.source], header[self.target]
        beside = named(repr(header[number]) for number in sorted(others))
        said = [
            f"Translations of {source!r} are put into the empty cells of {target!r}; all other "
            f"cells stay{f', also in the columns {beside}' if beside else ''} "
            "(--column translates cells in their place)."
        ]
        if filled:
            said.append(f"Cells of {target!r} that say something stay (--overwrite): {filled}.")
        return said


def _called(header: Sequence[str], language: str, word: re.Pattern[str]) -> int | None:
    """The column that is called by a language, or else by a word and by no other language."""
    for kind in KINDS:
        found = [
            n for n, said in enumerate(header) if kind.fullmatch(said) and is_same(said, language)
        ]
        if found:  # of several, the one that has its very code
            exact = (
                n for n in found if header[n].replace("_", "-").casefold() == language.casefold()
            )
            return next(exact, found[0])
    for number, said in enumerate(header):
        if word.fullmatch(said) and not said.casefold().endswith("language"):
            inside = said.partition("(")[2].rstrip(") ")
            if not is_other(inside, language):
                return number
    return None
