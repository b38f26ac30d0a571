"""Arguments of messages that hold texts, in ICU's form and others: plurals and choices.

``{count, plural, one {# cat} other {# cats}}``: of each branch the text is one of its own
(https://unicode-org.github.io/icu/userguide/format_parse/messages/). Java's
``{0,choice,0#no files|1#one file|1<{0} files}`` is older and has bounds instead of names
(https://docs.oracle.com/javase/8/docs/api/java/text/ChoiceFormat.html). MediaWiki has its own:
``{{PLURAL:$1|one cat|$1 cats}}``, ``{{GENDER:$1|he|she|they}}``
(https://www.mediawiki.org/wiki/Help:Magic_words#Localization), and so has SmartFormat of .NET:
``{0:plural:one cat|{} cats}``, ``{gender:choose(1|2):he|she}``, ``{n:a cat|cats}``
(https://github.com/axuno/SmartFormat/wiki).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from s2scli.data import Span

__all__ = ["Argument", "arguments", "ordinal_remarks"]

_HEAD = re.compile(
    r"\{\s{0,9}\w+\s{0,9},\s{0,9}(plural|select|selectordinal|choice)\s{0,9},|"
    r"(?P<wiki>\{\{\s{0,9}(?i:plural|gender)\s{0,9}:[^{}|\n]{0,99}\|)|"
    # A name, and how its forms are chosen; neither a route nor an expression.
    r"(?P<smart>(?<![\w{/$%#@])\{[A-Za-z\d_][\w.]{0,60}:"
    r"(?:(?:plural|p|cond|conditional|choose|c)(?:\([^(){}\n]{0,200}\))?:)?(?=[^\n|]{0,500}\|))"
)
_ORDINAL = re.compile(r"selectordinal\s{0,9},[^\n]{0,500}?#(?:st|nd|rd|th)\b")
_FORM = re.compile(r"\s*(?:(\d+)=)?")
_WIKI_SIGN = re.compile(r"\[\[[^\[\]\n]*\]\]|\{\{|\}\}|\|")
_BRANCH = re.compile(r"\s*(?:offset:\s*\d+\s*)?(=\d+|\w+)\s*\{")
_BOUND = re.compile(r"\|?\s*(-?(?:[\d.]+|\u221e))\s*[#<\u2264]")
_END = re.compile(r"\s*\}")
_BRACE = re.compile(r"'(?:[{}][^']*'|')|[{}]")  # what is in quotes is not a brace
_BAR = re.compile(rf"{_BRACE.pattern}|\|")
MOST_READ = 1_000_000  # characters that may be read in vain


class Argument(NamedTuple):
    """An argument.

    Attributes:
        start, end: where it is.
        branches: where the texts of its branches are.
        names: where the names of these are.
        is_plural: whether the names are categories of numbers of things.
    """

    start: int
    end: int
    branches: tuple[Span, ...]
    names: tuple[Span, ...]
    is_plural: bool


def arguments(text: str, start: int, end: int) -> Iterator[Argument]:
    """The arguments with branches in a stretch of a text, in order; none is inside another."""
    position, wasted = start, 0
    while wasted < MOST_READ and (head := _HEAD.search(text, position, end)):
        if not head[1]:
            found = _forms(text, head, end) if head["wiki"] else _smart(text, head, end)
            yield from found
            wasted += 0 if found else end - head.end() + 1
            position = found[-1].end if found else head.end()
            continue
        branches: list[Span] = []
        names: list[Span] = []
        reached = head.end()
        is_choice = head[1] == "choice"
        while branch := (_BOUND if is_choice else _BRANCH).match(text, reached, end):
            closing = _closing(text, branch.end(), end, _BAR if is_choice else _BRACE)
            if closing < 0:
                reached = end
                break
            branches.append((branch.end(), closing - 1))
            reached = closing - is_choice
            names.append(branch.span(1))
        last = _END.match(text, reached, end)
        if last and branches:
            is_plural = head[1] == "plural"
            yield Argument(head.start(), last.end(), tuple(branches), tuple(names), is_plural)
            position = last.end()
        else:
            wasted += reached - head.end() + 1
            position = head.end()


def _forms(text: str, head: re.Match[str], end: int) -> list[Argument]:
    """The argument of MediaWiki that begins with a head; none if it has no end."""
    branches: list[Span] = []
    names: list[Span] = []
    depth, form = 1, _FORM.match(text, head.end(), end)
    for sign in _WIKI_SIGN.finditer(text, head.end(), end):
        if form and depth == 1 and sign[0] in ("|", "}}"):
            branches.append((form.end(), sign.start()))
            names.append(form.span(1) if form[1] else (form.end(), form.end()))
            form = _FORM.match(text, sign.end(), end)
        depth += {"{{": 1, "}}": -1}.get(sign[0], 0)
        if not depth:
            return [Argument(head.start(), sign.end(), tuple(branches), tuple(names), False)]
    return []


def _smart(text: str, head: re.Match[str], end: int) -> list[Argument]:
    """The argument of SmartFormat that begins with a head; none if it has one form, or no words."""
    branches: list[Span] = []
    reached = head.end()
    while (closing := _closing(text, reached, end, _BAR)) > 0:
        branches.append((reached, closing - 1))
        reached = closing
        if text[closing - 1] == "}":
            break
    else:
        return []
    has_words = any(map(str.isalpha, text[head.end() : reached]))
    if len(branches) < 2 or not has_words:
        return []
    names = tuple((start, start) for start, _ in branches)
    return [Argument(head.start(), reached, tuple(branches), names, False)]


def ordinal_remarks(text: str, language: str) -> list[str]:
    """What is to be said of a message whose ordinals have English endings, in another language."""
    if "selectordinal" not in text or language.partition("-")[0] in ("", "en"):
        return []
    found = _ORDINAL.search(text)
    return (
        [f"Endings of ordinals stay as in English (#st, #nd, #rd, #th); {language} has its own."]
        if found
        else []
    )


def _closing(text: str, start: int, end: int, signs: re.Pattern[str]) -> int:
    """After the sign that ends the branch that begins at a place; -1 if none does."""
    depth = 1
    for sign in signs.finditer(text, start, end):
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if not depth or (sign[0] == "|" and depth == 1):
            return sign.end()
    return -1
