"""What stands in a paragraph of reStructuredText: text, emphasis, links, roles, code."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from s2scli.data import Span
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, POINT, TEXT, MarkupPiece
from s2scli.markup.templates import TAG
from s2scli.text.wording import reads_like_text

__all__ = ["attribution", "left_texts", "pieces"]

_BEFORE = r"(?<![\w\\*`|])"
_BEHIND = r"(?![\w*`|])"
_ESCAPED = r"\\(?P<escaped>[\s\S])|"
_LITERAL = rf"(?P<literal>{_BEFORE}``(?=\S)[\s\S]+?(?<=\S)``(?!`))|"
_TAG = rf"(?P<tag>{TAG})|"
_ROLE = r"[\w.+:-]{1,99}"
_LITERAL_END = re.compile(r"(?<=\S)``(?!`)")
_OTHERS = (
    rf"{_BEFORE}(?P<link>(?::{_ROLE}:)?`)(?=\S)"
    r"(?P<shown>(?:[^`<\\]|\\\S)*(?:[^`<\s\\]|\\\S))"
    r"(?P<address>\s*<[^`<>]*[^`<>\\]>`_{0,2})|"
    rf"(?P<word>{_BEFORE}:(?:dfn|emphasis|index|strong|title|title-reference|t|"
    r"(?:su[bp]|(?:sub|super)script)(?=:`[^`<>]*\w\s+\w)):`!?"
    r"(?=[^\s!])(?P<worded>[^`<>]*[^`<>\s])`)|"
    rf"(?P<phrase>{_BEFORE}`)(?=\S)(?P<named>[^`<>]*[^`<>\s])`__?(?![\w:])|"
    rf"(?P<role>{_BEFORE}_?(?::{_ROLE}:)?`(?=[^\s`])[^`]*(?<=\S)`(?::[\w.+:-]+:|_{{0,2}}))|"
    rf"(?P<strong>{_BEFORE}\*\*(?=[^\s*])(?P<bold>(?:[^*\\]|\\.|\*(?!\*))+?)(?<=\S)\*\*{_BEHIND})|"
    rf"(?P<emphasis>{_BEFORE}\*(?=[^\s*])(?P<slanted>(?:[^*\\]|\\.)+?)(?<=\S)\*{_BEHIND})|"
    rf"(?P<substitution>{_BEFORE}\|(?=\S)[^|\n]+(?<=\S)\|_{{0,2}})|"
    rf"(?P<note>{_BEFORE}\[(?:[\w.-]+|#[\w.-]*|\*)\]_(?!\w))|"
    r"(?P<name>\b(?<!\w[-.+:])\w+(?:[-.+:]\w+)*(?<!_)__?(?![\w`]))"
)
_MARKUP = re.compile(_ESCAPED + _TAG + _LITERAL + _OTHERS)
_WITHIN = re.compile(_ESCAPED + _TAG.removesuffix("|"))
_WITHOUT_LITERALS = re.compile(_ESCAPED + _TAG + _OTHERS)
# https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#block-quotes
_ATTRIBUTION = re.compile(r"(?:---?|\u2014)(?!-)[ \t]*(?=\S)")
_FOLDED = re.compile(r"\s*\n\s*")  # blanks in code mean themselves


# Roles whose texts are code, names or keys.
_CODED = re.compile(
    r":(?:[\w.-]+:.+|attr|class|code|command|envvar|exc|file|func|math|meth|mod|option|program|raw|"
    r"regexp|samp|literal):"
)
_RAISED = re.compile(r":(?:su[bp]|(?:sub|super)script):")
SHORTEST_WORD = 3  # letters; shorter ones are variables and units


def pieces(text: str, named: Container[str] = ()) -> Iterator[MarkupPiece]:
    """The pieces of a paragraph; places are in its own characters.

    Args:
        text: its characters.
        named: the names that a document refers to, in small letters: a link with one keeps it.
    """
    reached = 0
    for found in _markup(text):
        start, end = found.span()
        if reached < start:
            yield MarkupPiece(TEXT, reached, start, text[reached:start])
        reached = end
        kind = found.lastgroup or ""
        if found["escaped"] is not None:
            shown = "" if found["escaped"].isspace() else found["escaped"]
            yield MarkupPiece(TEXT, start, end, shown)
        elif found["word"]:
            yield from _around(text, found, "worded", kind)
        elif found["link"] and not _gives_name(found, named):
            yield from _around(text, found, "shown", kind)
        elif found["phrase"]:
            yield from _around(text, found, "named", kind)
        elif found["strong"] or found["emphasis"]:
            yield from _around(text, found, "bold" if found["strong"] else "slanted", kind)
        elif found["note"]:
            yield MarkupPiece(POINT, start, end)
        else:
            yield MarkupPiece(KEPT, start, end, _FOLDED.sub(" ", found[0]))
    if reached < len(text):
        yield MarkupPiece(TEXT, reached, len(text), text[reached:])


def left_texts(text: str, named: Container[str]) -> Iterator[str]:
    """What reads like text in roles, links and targets, and stays."""
    for found in _markup(text) if "`" in text else ():
        role = found["role"]
        if role and _CODED.match(role) is None:
            said = role.strip("_").partition("`")[2].rpartition("`")[0]
        elif found["link"] and _gives_name(found, named):
            said = found["shown"]
        elif found["link"] == ":term:`":  # a glossary elsewhere may have it in another language
            said, role = found["address"], found["link"]
        else:
            continue
        # What is no part of a formula, and so a word.
        if role and _RAISED.match(role) and said.isalpha() and len(said) >= SHORTEST_WORD:
            yield " ".join(found[0].split())
            continue
        # What a glossary calls a term is translated there, so that one word matters too.
        if reads_like_text(said.replace("&", "")) or (role and role.startswith(":term:")):
            yield " ".join(found[0].split())


def attribution(text: str, lines: Sequence[Span]) -> str:
    """What a paragraph says that names who is quoted above it; nothing if it is none."""
    if not lines:
        return ""
    start, end = lines[0][0], lines[-1][1]
    is_indented = text[start - 1 : start] in (" ", "\t")
    found = _ATTRIBUTION.match(text, start, end) if is_indented else None
    return " ".join(text[found.end() : end].split()) if found else ""


def _gives_name(link: re.Match[str], named: Container[str]) -> bool:
    """Whether a document refers elsewhere to a link by its text."""
    is_target = link["link"] == "`" and not link["address"].endswith("__")
    return is_target and " ".join(link["shown"].split()).lower() in named


def _markup(text: str) -> Iterator[re.Match[str]]:
    """All markup. Literals are looked for as far as one ends: each start would look to the end."""
    last = max((end.start() for end in _LITERAL_END.finditer(text)), default=-1)
    reached = 0
    while found := (_MARKUP if reached < last else _WITHOUT_LITERALS).search(text, reached):
        yield found
        reached = found.end()


def _around(text: str, found: re.Match[str], group: str, name: str) -> Iterator[MarkupPiece]:
    """Markup around a text; what is escaped in it is shown."""
    first, last = found.span(group)
    yield MarkupPiece(OPEN, found.start(), first, name=name)
    reached = first
    for escape in _WITHIN.finditer(text, first, last):
        yield MarkupPiece(TEXT, reached, escape.start(), text[reached : escape.start()])
        if escape["tag"]:
            yield MarkupPiece(KEPT, *escape.span(), _FOLDED.sub(" ", escape[0]))
        else:
            shown = "" if escape["escaped"].isspace() else escape["escaped"]
            yield MarkupPiece(TEXT, *escape.span(), shown)
        reached = escape.end()
    if reached < last:
        yield MarkupPiece(TEXT, reached, last, text[reached:last])
    yield MarkupPiece(CLOSE, last, found.end(), name=name)
