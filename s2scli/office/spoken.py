"""Texts that an office document says are in another language than the model reads.

People and programs set the language of the spelling check wrongly so often that texts do not stay
for it; but whoever uses the result must know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.documents.base import FormatOptions, Source
from s2scli.documents.languages import is_other
from s2scli.documents.remarks import named
from s2scli.documents.xmltokens import attribute_text, characters

__all__ = ["odf_remarks", "run_remarks"]

MOST = 40  # tags of properties between a run's language and its text
# The text of the run that a tag is in the properties of.
_TEXT = re.compile(
    rf"(?:\s*<(?!/?(?:[\w.-]+:)?(?:r|p|t)[\s>])[^<>]*>){{0,{MOST}}}\s*"
    r"<(?:[\w.-]+:)?t(?:\s[^<>]*)?>([^<]*)"
)
_STYLE = re.compile(
    r"<(?:[\w.-]+:)?style\s[^<>]*>(?:\s*<(?!/?(?:[\w.-]+:)?style[\s>])[^<>]*>)*?"
    r"\s*(<(?:[\w.-]+:)?text-properties\s[^<>]*>)"
)
_STYLED = re.compile(r"<(?:[\w.-]+:)?(?:p|h|span)\s[^<>]*>([^<]+)")


def run_remarks(
    source: Source, options: FormatOptions, tags: re.Pattern[str], key: str
) -> list[str]:
    """What is to be said of runs of Word's and PowerPoint's documents.

    Args:
        source: a part.
        options: with the language that is read.
        tags: those that say a language.
        key: the attribute in which.
    """
    return _said(_runs(source, options, tags, key))


def odf_remarks(source: Source, options: FormatOptions) -> list[str]:
    """What is to be said of paragraphs and spans of OpenDocument, whose styles say a language."""
    return _said(_styled(source.text, options))


def _said(found: Iterator[tuple[str, str]]) -> list[str]:
    texts = [f"{text.strip()!r} ({said})" for text, said in found if any(map(str.isalpha, text))]
    if not texts:
        return []
    what = "Texts that are said to be in another language are translated as the others are"
    return [f"{what}: {named(texts)}."]


def _runs(
    source: Source, options: FormatOptions, tags: re.Pattern[str], key: str
) -> Iterator[tuple[str, str]]:
    text = source.text
    for tag in tags.finditer(text) if options.source_language else ():
        said = attribute_text(text, tag.span(), key)
        if is_other(said, options.source_language) and (found := _TEXT.match(text, tag.end())):
            yield characters(found[1]), said


def _styled(text: str, options: FormatOptions) -> Iterator[tuple[str, str]]:
    languages: dict[str, str] = {}
    for style in _STYLE.finditer(text) if options.source_language else ():
        said = attribute_text(text, style.span(1), "language")
        if is_other(said, options.source_language):
            tag = (style.start(), text.index(">", style.start()) + 1)
            languages[attribute_text(text, tag, "name")] = said
    for found in _STYLED.finditer(text) if languages else ():
        tag = (found.start(), found.start(1))
        called = attribute_text(text, tag, "style-name")
        if called in languages:
            yield characters(found[1]), languages[called]
