"""Plurals among keys: ``day_one`` and ``day_other`` (i18next), ``one:`` and ``other:`` (Rails).

A language may have more forms than the one that a file is in. They are put in where it is certain
that the keys are such: where a file names its count as these libraries do. Elsewhere it is said.
https://www.i18next.com/translation-function/plurals, https://guides.rubyonrails.org/i18n.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s2scli.documents.fields import Path
from s2scli.languages.plurals import CATEGORIES, OTHER, added

__all__ = ["Gap", "PluralKeys"]

SUFFIXED, NESTED = "{{count", "%{count}"  # how a message names its count
ORDINAL = "_ordinal"  # numbers of places have other categories
OLD = "_plural"  # what i18next had before these categories


class Gap(NamedTuple):
    """Forms that a plural lacks.

    Attributes:
        start, end: where the value of its last form stands.
        key: the key of that.
        missing: the keys to be put in.
    """

    start: int
    end: int
    key: str
    missing: tuple[str, ...]


class PluralKeys:
    """The keys of a file, as they are read.

    Args:
        text: the document's characters.
        source, target: the codes of its languages; empty if they are not known.

    Attributes:
        is_certain: whether mappings of nothing but categories are plurals.
        wanted: the categories that only the target language has.
    """

    def __init__(self, text: str, source: str, target: str) -> None:
        self.wanted = added(source, target)
        self._target = target
        self._suffixed = SUFFIXED in text
        self.is_certain = NESTED in text
        self._groups: dict[tuple[Path, str], dict[str, tuple[int, int]]] = {}
        self._mixed: set[Path] = set()  # mappings of categories and other keys
        self._last: Path | None = None  # the mapping that was read last, if it has other keys
        self._has_old = False

    def add(self, path: Path, start: int, end: int) -> None:
        """A string: the keys on the way to it, and where it stands."""
        if not self.wanted or not path:
            return
        *outer, key = path
        around = tuple(outer)
        stem, _, category = key.rpartition("_")
        if category in CATEGORIES and (stem or key in CATEGORIES):
            if not stem and around == self._last:
                self._mixed.add(around)
            self._groups.setdefault((around, stem), {})[category] = start, end
            return
        self._last = around
        self._has_old = self._has_old or key.endswith(OLD)
        if (around, "") in self._groups:
            self._mixed.add(around)

    def gaps(self) -> Iterator[Gap]:
        """What is to be put in, in no order."""
        for (_, stem), forms, missing in self._plurals():
            if self.is_certain if not stem else self._suffixed:
                before = f"{stem}_" if stem else ""
                keys = tuple(f"{before}{category}" for category in missing)
                yield Gap(*forms[OTHER], f"{before}{OTHER}", keys)

    def remarks(self) -> Iterator[str]:
        """What is to be said about what is not put in."""
        doubtful = [
            ".".join((*around, f"{stem}_{OTHER}" if stem else OTHER))
            for (around, stem), _, _ in self._plurals()
            if not (self.is_certain if not stem else self._suffixed)
        ]
        if doubtful:
            from s2scli.documents.remarks import named

            yield (
                f"Keys that may be of plurals have no forms that only {self._target} has "
                f"({', '.join(self.wanted)}): {named(doubtful)}."
            )
        if self._has_old and self._suffixed:
            yield (
                f"Keys that end with {OLD} are plurals of an older i18next: forms that only "
                f"{self._target} has are not made."
            )

    def _plurals(
        self,
    ) -> Iterator[tuple[tuple[Path, str], dict[str, tuple[int, int]], Sequence[str]]]:
        for place, forms in self._groups.items():
            around, stem = place
            is_plural = OTHER in forms and len(forms) > 1 and not stem.endswith(ORDINAL)
            if is_plural and (stem or around not in self._mixed):
                missing = [category for category in self.wanted if category not in forms]
                if missing:
                    yield place, forms, missing
