"""The languages in which an office document says that its texts are, for those who check spelling.

What is said to be in the source language is then in the target language; another language stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from s2scli.data import Span
from s2scli.documents.base import Edit, Format, FormatOptions, Slot, Source
from s2scli.documents.languages import is_same, locale
from s2scli.documents.xmltokens import attribute, escaped

__all__ = ["DRAWING", "WORD", "SlideDefaults", "WordStyles", "language_edits", "odf_edits"]

WORD = re.compile(r"<(?:[\w.-]+:)?lang\s[^<>]*>")
DRAWING = re.compile(r"<(?:[\w.-]+:)?(?:rPr|endParaRPr|defRPr)\s[^<>]*>")
_ODF = re.compile(r"<(?:[\w.-]+:)?text-properties\s[^<>]*>")
_ODF_LANGUAGE = re.compile(r"<dc:language>\s*([^<>\s]+)\s*</dc:language>")
# Languages whose characters have an attribute of their own, in Word and in OpenDocument.
_EAST_ASIAN = ("ja", "ko", "yue", "zh")
_FROM_RIGHT = ("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi")


def language_edits(
    source: Source, options: FormatOptions, tags: re.Pattern[str], key: str
) -> Iterator[Edit]:
    """The languages of runs and of styles.

    Args:
        source: a part.
        options: with the two languages; without them, nothing changes.
        tags: those that say a language.
        key: the attribute in which.
    """
    if not (options.source_language and options.target_language):
        return
    new = escaped(locale(options.target_language).replace("_", "-"), quoted=True)
    keys = (key, *_beside(options.target_language, {"eastAsia": _EAST_ASIAN, "bidi": _FROM_RIGHT}))
    for tag in tags.finditer(source.text):
        place = attribute(source.text, tag.span(), key)
        if place and is_same(source.text[slice(*place)], options.source_language):
            places = (attribute(source.text, tag.span(), one) for one in keys)
            yield from (Edit(*found, new) for found in sorted(filter(None, places)))


def odf_edits(source: Source, options: FormatOptions) -> Iterator[Edit]:
    """The languages of styles and of the whole document in OpenDocument.

    Args:
        source: a part.
        options: with the two languages; without them, nothing changes.
    """
    if not (options.source_language and options.target_language):
        return
    new, _, territory = locale(options.target_language).partition("_")
    endings = {"-asian": _EAST_ASIAN, "-complex": _FROM_RIGHT}
    for tag in _ODF.finditer(source.text):
        language = attribute(source.text, tag.span(), "language")
        if language and is_same(source.text[slice(*language)], options.source_language):
            for ending in ("", *_beside(options.target_language, endings)):
                yield from _named(source.text, tag.span(), ending, (new, territory or "none"))
    for said in _ODF_LANGUAGE.finditer(source.text):
        if is_same(said[1], options.source_language):
            yield Edit(*said.span(1), locale(options.target_language).replace("_", "-"))


def _named(text: str, tag: Span, ending: str, new: tuple[str, str]) -> Iterator[Edit]:
    keys = (f"language{ending}", f"country{ending}")
    found = [(attribute(text, tag, key), says) for key, says in zip(keys, new, strict=True)]
    yield from (Edit(*place, escaped(says, quoted=True)) for place, says in found if place)


def _beside(language: str, kinds: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The attributes for the characters of a language that are not those of most."""
    return [key for key, codes in kinds.items() if any(is_same(language, code) for code in codes)]


class _Languages(Format):
    """A part with no text of which only the language changes."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """None."""
        return iter(())

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """Never asked for."""
        return text

    def has_text(self, source: Source) -> bool:
        """Never."""
        return False


class WordStyles(_Languages):
    """The styles of a document of Word."""

    def edits(self, source: Source) -> Iterator[Edit]:
        """The languages that it says."""
        yield from language_edits(source, self.options, WORD, "val")


class SlideDefaults(_Languages):
    """What holds for all slides."""

    def edits(self, source: Source) -> Iterator[Edit]:
        """The languages that it says."""
        yield from language_edits(source, self.options, DRAWING, "lang")
