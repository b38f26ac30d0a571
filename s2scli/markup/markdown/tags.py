"""Texts in tags of template languages (Hugo, Liquid), in lists of attributes, and in wiki links.

Values whose names say that they are text are translated. Other strings may be anything, and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span
from s2scli.markup.markdown.fields import FIELDS_IN_TEXT

__all__ = [
    "CODED",
    "PROGRESS",
    "SHORTCODE",
    "coded",
    "has_words",
    "label",
    "liquid_shadow",
    "said",
    "values",
]

_VALUE = re.compile(
    r"(?<=[\s{:])(?:(?:fig|tbl|lst)-(?:alt|cap)|title|label|alt|placeholder|aria-label|description|caption|summary|subtitle|"
    r"heading|tooltip|button_text|(?:text|content)(?==[\"']\S+[ \t]))="
    r"(?:\"(?P<double>[^\"\\{}\n]*)\"|'(?P<single>[^'\\{}\n]*)')"
)
_STRING = re.compile(r"\"([^\"\\{}\n]*)\"|'([^'\\{}\n]*)'")
_WORDS = re.compile(r"[^\W\d_]{2,},? +[^\W\d_]{2,}")
_LABEL = re.compile(r"\[\[[^\[\]|\n]*\|([^\[\]\n]*[^\W\d_][^\[\]\n]*)\]\]")
_ROLE = re.compile(r"\}`([^`<\n]*[^\W\d_][^`<\n]*?)[ ]*<[^`\n]*>`")  # of MyST
_ABBREVIATION = re.compile(r"\}`[^`<()\n]+ \(([^`()\n]*)\)`")  # and what it says in full
# What CriticMarkup has around texts.
_CRITIC = re.compile(r"\{(?:\+\+|--|~~|==|>>)([\s\S]*?)(?:\+\+|--|~~|==|<<)\}")
# Shortcodes of Hugo around what is no text.
CODED = "highlight|code|math|katex|latex|chem|mermaid|plantuml|rawhtml"
_CODED = re.compile(
    rf"\{{\{{[<%]-?[ \t]*({CODED})\b(?:(?!\{{\{{)[\s\S])*"
    r"\{\{[<%]-?[ \t]*/[ \t]*\1[ \t]*-?[>%]\}\}"
)
_CITED = re.compile(r"-?@[\w:.#$%&+?<>~/-]+[;,]?")  # by Pandoc
_TAG = re.compile(r"\{[{%:.#\s]|\{\w+=|\[[A-Za-z][\w-]*\s")
_LIQUID_ADDRESS = re.compile(r"(\]\()(\{[%{][^{}()\n]*[%}]\}[^\s()]*)")
# Of WordPress, also around text; what may be the text of a link is none
# (https://codex.wordpress.org/Shortcode).
SHORTCODE = (
    r"\[[a-z][\w-]*(?:[ \t]+[\w-]+="
    r"(?:\"[^\"\[\]\n]*\"|'[^'\[\]\n]*'|[\w.%#-]+))+[ \t]*/?\](?![(:\[])|"
)
# A bar with its label (https://facelessuser.github.io/pymdown-extensions/extensions/progressbar/).
PROGRESS = r"\[={1,2}[ \t]*\d[\d.]*(?:%|/\d[\d.]*)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*\]|"


def coded(text: str) -> Iterator[Span]:
    """Where shortcodes stand with what is no text between two of them."""
    if "{{" in text:
        yield from (found.span() for found in _CODED.finditer(text))


def values(text: str, start: int, end: int) -> Iterator[Span]:
    """Where a tag has texts in its values, without their quotes."""
    for found in _VALUE.finditer(text, start, end):
        yield found.span(found.lastgroup or 0)


def liquid_shadow(content: str) -> str:
    """A paragraph in which addresses have no spaces, as they may where they are tags of Liquid."""
    return _LIQUID_ADDRESS.sub(lambda match: match[1] + "x" * len(match[2]), content)


def label(text: str, start: int, end: int) -> Iterator[Span]:
    """Where a bar of progress has its label, without its quotes."""
    if text.startswith("[=", start):
        for found in _STRING.finditer(text, start, end):
            yield found.span(found.lastindex or 0)


def has_words(text: str) -> bool:
    """Whether a text has two words."""
    return _WORDS.search(text) is not None


def said(markup: str) -> Iterator[str]:
    """What in a tag or a wiki link looks like text, and stays."""
    if label := _LABEL.search(markup) or _ROLE.match(markup):
        yield label[1]
    elif (meaning := _ABBREVIATION.match(markup)) and has_words(meaning[1]):
        yield meaning[1]
    elif proposed := _CRITIC.fullmatch(markup.removeprefix("}")):
        if any(map(str.isalpha, proposed[1])):
            yield " ".join(proposed[1].split())
    elif markup.startswith(("[@", "[-@")):
        words = " ".join(_CITED.sub(" ", markup[1:-1]).split())
        if has_words(words):
            yield words
    elif FIELDS_IN_TEXT.match(markup):
        if any(map(str.isalpha, markup.partition("::")[2])):
            yield markup
    elif _TAG.match(markup):
        spans = set(values(markup, 0, len(markup)))
        for found in _STRING.finditer(markup):
            is_value = {found.span(1), found.span(2)} & spans
            if not is_value and has_words(found[0]):
                yield found[1] or found[2]
