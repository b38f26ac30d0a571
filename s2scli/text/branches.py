"""Conditions and loops of templates in a text: what stands in a branch must stay there.

Jinja, Liquid, Twig and Django (``{% if a %}…{% else %}…{% endif %}``), Handlebars, Mustache and Go
(``{{#if a}}…{{/if}}``, ``{{if .A}}…{{end}}``), Hugo's shortcodes, ERB, EJS, JSP and PHP (by what
their code begins and ends with), FreeMarker, Svelte, Smarty, Blade (``@if (a)…@endif``) and Angular
(``@if (a) {…} @else {…}``), Velocity (``#if($a)…#end``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from s2scli.data import Span

__all__ = ["DEEPEST", "Branching", "BranchingText", "branching", "crosses", "is_within_word"]

DEEPEST = 20  # conditions in each other; a sentence with more stays
MOST_OPEN = 200  # tags that are open where the partner of one is looked for
BRACE = "}"  # what closes a block of Angular; others are around values and code
_SIGNS = re.compile(
    r"@[a-z]|#\{?(?:if|foreach|else|end)|\{[%{#/:]|<[%?#@]|\{(?:if|foreach|for|while|section)\s"
)
_REST = r"(?:(?!\{%|%\}).){0,1000}"  # of a tag; it may be on several lines
_TAG = re.compile(
    rf"\{{%[-+~]?\s*(?:(?:p|tr|tc|r)\s+)?(?P<statement>\w+){_REST}%\}}|"
    r"\{\{(?P<delimiter>[<%])-?\s*(?P<slash>/?)\s*(?P<shortcode>[\w./-]+)"
    r"(?:(?!\{\{|\}\}).){0,1000}(?<!/)-?[>%]\}\}|"
    r"\{\{(?P<trim>[-~]?)\s*(?P<sign>#[>*]?|\^|/)?\s*(?P<name>[\w.@-]*)(?P<rest>[^{}]*)\}\}|"
    r"<%(?![=#-]{0,2}#)[=-]?(?P<code>(?:(?!<%|%>).){0,1000}?)-?%>|"
    r"<\?(?:php\b)?(?![=x])(?P<php>(?:(?!<\?|\?>).){0,1000})\?>|"
    r"#(?:(?P<velocity>if|foreach|macro|define|elseif) ?"
    r"\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\)){0,500}\)|"
    r"\{(?P<braced>else|end)\}|(?P<bare>else|end)(?![\w-]))|"
    r"<(?P<ends>/?)(?P<directive>[#@][A-Za-z][\w.]*)(?:[^<>\n]*[^<>\n/])?>|"
    r"\{(?P<mark>[#/:])(?P<block>if|each|await|key|snippet|else|then|catch|for|foreach|while|section)"
    r"(?=[\s}])[^{}\n]*\}|"
    r"\{(?P<smarty>(?:if|foreach|for|while|section)(?=\s)|(?:else|elseif|foreachelse)\b)"
    r"[^{}\n]*\}|"
    r"(?P<brace>\}\s*)?(?<![\w.+-])@(?P<at>[a-z][A-Za-z]*(?: if)?)\b"
    r"(?P<given>[ \t]?\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\)){0,500}\))?"
    r"(?P<opens>\s?\{(?![{%#!]))?|"
    r"(?P<plain>[{}])",
    re.DOTALL,
)
# What begins branches even where its end is elsewhere, and what parts them.
_BEGINS = frozenset(
    [
        "if",
        "unless",
        "for",
        "while",
        "case",
        "switch",
        "ifequal",
        "ifchanged",
        "each",
        "range",
        "with",
    ]
)
_PARTS = frozenset(["else", "elif", "elsif", "elseif", "when", "#else", "#elseif", "foreachelse"])
_PARTS_WITHIN = _PARTS | frozenset(
    ["empty", "plural", "pluralize", "default", "then", "catch", "#case"]
)
_AT_BLOCKS = frozenset(
    ("if", "else", "for", "foreach", "switch", "case", "default", "empty", "defer", "placeholder",
     "loading", "error", "while")
)  # fmt: skip
_GO = frozenset(["if", "range", "with", "block", "define"])
_CODE_END = re.compile(r"end(?:if|foreach|for|while|switch)?\b\s*;?\s*\)?\Z|\}\s*\)?\s*;?\s*\Z")
_CODE_PARTS = re.compile(
    r"(?:else|elsif|elseif|when|case|default|rescue|ensure)\b|\}.*\{\s*\Z", re.S
)
_CODE_BEGINS = re.compile(
    r".*\{\s*(?:\|[^|]*\|)?\s*\Z|.*\bdo(?:\s*\|[^|]*\|)?\s*\Z|"
    r"(?:if|unless|case|for|foreach|while|until|begin|switch)\b(?!.*\bend\s*\Z).*",
    re.DOTALL,
)


class Branching(NamedTuple):
    """A condition or a loop.

    Attributes:
        start, end: where it is.
        branches: where what is in its branches is.
        depth: how many are in each other in it, itself included.
    """

    start: int
    end: int
    branches: tuple[Span, ...]
    depth: int = 1


class BranchingText(NamedTuple):
    """What of a text is in branches.

    Attributes:
        found: conditions and loops, in order; none is inside another.
        loose: tags outside of these whose partners are not in the text, in order.
        tags: all that open, part or close branches, in order.
    """

    found: tuple[Branching, ...] = ()
    loose: tuple[Span, ...] = ()
    tags: tuple[Span, ...] = ()


def is_within_word(text: str, place: Span, branches: Sequence[Span]) -> bool:
    """Whether a branch continues a word, as in ``file{% if many %}s{% endif %}``.

    Args:
        text: the text.
        place: where a condition is in it.
        branches: where its branches are.
    """
    before, behind = text[max(0, place[0] - 1) : place[0]], text[place[1] : place[1] + 1]
    ends = [(text[first], text[last - 1]) for first, last in branches if first < last]
    return (before.isalpha() and any(first.isalpha() for first, _ in ends)) or (
        behind.isalpha() and any(last.isalpha() for _, last in ends)
    )


def crosses(text: str, spans: Sequence[Span], start: int = 0, end: int | None = None) -> bool:
    """Whether one of some stretches of a text begins in a branch and ends outside it, or the other
    way round.

    Args:
        text: the text.
        spans: the stretches.
        start, end: where conditions are looked for.
    """
    found = branching(text, start, end).found
    starts, ends = [one.start for one in found], [one.end for one in found]
    inside: dict[Span, list[Span]] = {}
    for first, last in spans:
        # Of the conditions that a stretch touches only the first and the last can be cut by it.
        for number in {bisect_right(ends, first), bisect_left(starts, last) - 1}:
            one = found[number] if 0 <= number < len(found) else None
            if not one or one.depth > DEEPEST or first >= one.end or last <= one.start:
                continue
            if first <= one.start and one.end <= last:
                continue
            branch = next((b for b in one.branches if b[0] <= first and last <= b[1]), None)
            if branch is None:
                return True
            inside.setdefault(branch, []).append((first, last))
    return any(crosses(text, some, *branch) for branch, some in inside.items())


class _Tag(NamedTuple):
    """A tag: whose it is, what it opens or closes (``name``), and what it does."""

    start: int
    end: int
    family: str
    name: str
    does: str  # "opens", "parts" or "closes"
    is_sure: bool = True  # whether it does so if it has no partner


class _Pair(NamedTuple):
    opens: _Tag
    closes: _Tag
    parts: list[_Tag]


def branching(text: str, start: int = 0, end: int | None = None) -> BranchingText:
    """The conditions and loops in a stretch of a text."""
    end = len(text) if end is None else end
    if not _SIGNS.search(text, start, end):
        return BranchingText()
    tags = list(_tags(text, start, end))
    partners = _partners(tags)
    loose = {
        n for n, tag in enumerate(tags) if n not in partners and tag.is_sure and tag.does != "parts"
    }
    used = {*loose, *partners}
    found: list[Branching] = []
    around: list[_Pair] = []
    depth = 0
    for number, tag in enumerate(tags):
        if number in partners and tag.does == "opens":
            around.append(_Pair(tag, tags[partners[number]], []))
            depth = max(depth, len(around))
        elif tag.does == "parts":
            pair = next(
                (p for p in reversed(around[-MOST_OPEN:]) if p.opens.family == tag.family), None
            )
            if pair:
                pair.parts.append(tag)
                used.add(number)
            elif tag.is_sure:
                loose.add(number)
                used.add(number)
        elif number in partners:
            pair = around.pop()
            if not around:
                borders = [pair.opens, *pair.parts, pair.closes]
                branches = pairwise(borders)
                spans = tuple((one.end, other.start) for one, other in branches)
                found.append(Branching(pair.opens.start, tag.end, spans, depth))
                depth = 0
    places = [tags[number][:2] for number in sorted(loose)]
    starts = [one.start for one in found]
    around_it = ((place, bisect_right(starts, place[0]) - 1) for place in places)
    outside = (p for p, number in around_it if number < 0 or found[number].end <= p[0])
    every = (tags[number][:2] for number in sorted(used))
    return BranchingText(tuple(found), tuple(outside), tuple(every))


def _partners(tags: list[_Tag]) -> dict[int, int]:
    """For each tag that opens or closes the number of its partner, if it has one."""
    found: dict[int, int] = {}
    open_: list[int] = []
    for number, tag in enumerate(tags):
        if tag.does == "opens":
            open_.append(number)
        elif tag.does == "closes":
            for depth in reversed(range(max(0, len(open_) - MOST_OPEN), len(open_))):
                if _closes(tag, tags[open_[depth]]):
                    if tags[open_[depth]].name != BRACE or tags[open_[depth]].is_sure:
                        found |= {open_[depth]: number, number: open_[depth]}
                    del open_[depth:]
                    break
    return found


def _closes(tag: _Tag, opening: _Tag) -> bool:
    if tag.family != opening.family:
        return False
    is_any = tag.family == "statement" and not tag.name and opening.is_sure  # Tornado's
    return tag.name == opening.name or is_any


def _tags(text: str, start: int, end: int) -> Iterator[_Tag]:
    for match in _TAG.finditer(text, start, end):
        tag = _tag(match)
        if tag:
            yield tag


def _tag(match: re.Match[str]) -> _Tag | None:
    """A tag, if it is one that has to do with branches, or may have."""
    place, said = match.span(), match.groupdict()
    if name := said["statement"]:
        return _named(place, "statement", name.removeprefix("end"), name.startswith("end"))
    if said["shortcode"]:
        return _named(place, "shortcode", said["shortcode"], bool(said["slash"]), is_sure=False)
    if said["name"] is not None:
        return _mustache(place, said)
    if said["code"] is not None or said["php"] is not None:
        family = "code" if said["code"] is not None else "php"
        return _coded(place, family, said[family].strip())
    if said["directive"]:
        return _named(place, "directive", said["directive"], bool(said["ends"]))
    if name := said["velocity"] or said["braced"] or said["bare"]:
        does = "closes" if name == "end" else "parts" if "else" in name else "opens"
        return _Tag(*place, "velocity", "", does, does == "opens")
    if said["plain"]:
        does = "opens" if said["plain"] == "{" else "closes"
        return _Tag(*place, "at", BRACE, does, False)
    if said["at"]:
        return _at(place, said)
    if said["block"]:
        does = {"#": "opens", ":": "parts", "/": "closes"}[said["mark"]]
        return _Tag(*place, "block", "" if does == "parts" else said["block"], does)
    is_part = "else" in said["smarty"]
    does = "parts" if is_part else "opens"
    return _Tag(*place, "block", "" if is_part else said["smarty"], does, not is_part)


def _named(
    place: Span, family: str, name: str, closes: bool, *, is_sure: bool | None = None
) -> _Tag:
    """A tag whose name says what it does."""
    if closes:
        return _Tag(*place, family, name, "closes", is_sure is not False)
    if name in _PARTS_WITHIN:
        return _Tag(*place, family, "", "parts", name in _PARTS)
    is_sure = name.lstrip("#") in _BEGINS | {"list"} if is_sure is None else is_sure
    return _Tag(*place, family, name, "opens", is_sure)


def _mustache(place: Span, said: dict[str, str]) -> _Tag | None:
    """A tag of Handlebars, Mustache or Go."""
    sign, name, rest = said["sign"], said["name"], said["rest"].strip("-~ \t\r\n")
    if sign == "/":
        return _Tag(*place, "mustache", name, "closes") if name else None
    if name == "else" or (sign == "^" and not name):
        return _Tag(*place, "mustache", "", "parts")
    if sign and name:
        return _Tag(*place, "mustache", name, "opens")
    if name in _GO and rest:
        return _Tag(*place, "mustache", "", "opens", name in _BEGINS)
    if name == "end" and not rest:  # without a partner it may be a value
        return _Tag(*place, "mustache", "", "closes", said["trim"] == "-")
    return None


def _at(place: Span, said: dict[str, str]) -> _Tag | None:
    """A statement of Blade, or of Angular, which has braces."""
    name = said["at"].removesuffix(" if")
    if said["brace"] and said["opens"]:
        return _Tag(*place, "at", "", "parts")
    if said["opens"]:
        return _Tag(*place, "at", BRACE, "opens") if name in _AT_BLOCKS else None
    if name.startswith("end"):
        return _Tag(*place, "at", name.removeprefix("end"), "closes")
    if name in ("else", "elseif"):
        return _Tag(*place, "at", "", "parts")
    if name in ("case", "default", "empty") and not said["given"]:
        return _Tag(*place, "at", "", "parts", False)
    return _Tag(*place, "at", name, "opens", bool(said["given"]) and name in _BEGINS | {"foreach"})


def _coded(place: Span, family: str, code: str) -> _Tag | None:
    """A tag with code in it."""
    name = "}" if code.startswith("}") or (code.endswith(("{", "|")) and "{" in code) else ""
    if _CODE_END.match(code):
        return _Tag(*place, family, name, "closes")
    if _CODE_PARTS.match(code):
        return _Tag(*place, family, "", "parts")
    if _CODE_BEGINS.match(code):
        return _Tag(*place, family, name, "opens")
    return None
