"""What dialects of Markdown mark with two signs, as ``==marked==``, ``^^new^^`` and ``++new++``.

They are pairs as those of emphasis are. Signs without a partner stay as they are, and so do those
within a word or number (``a==b``). The proposed changes of CriticMarkup stay as a whole, and so do
the names of keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

__all__ = ["CRITIC", "KEYS", "MARKED", "OBSIDIAN", "install_marked"]

# The signs, and the element of HTML that means the same.
MARKED = {"==": "mark", "^^": "ins", "++": "ins"}
# https://facelessuser.github.io/pymdown-extensions/extensions/keys/; a word that is no key's name
# is one that was put in (https://github.com/markdown-it/markdown-it-ins).
_KEY = (
    r"(?:alt|alt-gr|backslash|backspace|break|caps-lock|clear|cmd|comma|command|context-menu|control|"
    r"ctrl|del|delete|down|end|enter|equal|esc|escape|fn|function|help|home|ins|insert|left|menu|"
    r"meta|minus|opt|option|pause|period|pgdn|pgup|plus|power|print|prtsc|return|right|shift|slash|"
    r"space|spacebar|super|tab|up|win|windows|[a-zA-Z0-9]|[fF]\d{1,2}|num\w+|\w+(?:-\w+)+|"
    r"\"[^\"\n+]+\")"
)
_ANY_KEY = r"(?:[\w-]+|\"[^\"\n+]+\")"
KEYS = rf"(?<![\w+])\+\+(?:{_KEY}|{_ANY_KEY}(?:\+{_ANY_KEY})+)\+\+(?![\w+])|"
_KEYS = re.compile(KEYS.removesuffix("|"))
# https://fletcher.github.io/MultiMarkdown-6/syntax/critic.html; none holds another of its kind.
CRITIC = (
    r"\{\+\+(?:(?!\{\+\+|\+\+\}).)*\+\+\}|\{--(?:(?!\{--|--\}).)*--\}|"
    r"\{~~(?:(?!\{~~|~~\}).)*~~\}|\{==(?:(?!\{==|==\}).)*==\}|\{>>(?:(?!\{>>|<<\}).)*<<\}|"
)

# A comment, and the name of a block at its end (https://help.obsidian.md/syntax).
OBSIDIAN = r"(?<![\w%])%%(?!%)(?:(?!%%)[\s\S])+%%(?!%)|(?<=\s)\^[A-Za-z\d-]+(?=[ \t]*(?:\n|\Z))|"


def install_marked(parser: MarkdownIt) -> None:
    """Have a parser find pairs of such signs; call it when its rule ``verbatim`` is there."""
    parser.inline.ruler.before("verbatim", "marked", _delimiter)
    parser.inline.ruler2.after("balance_pairs", "marked", _pairs)


def _delimiter(state: StateInline, silent: bool) -> bool:
    start, end = state.pos, state.pos + 2
    signs = state.src[start:end]
    if silent or signs not in MARKED or end > state.posMax:
        return False
    before = state.src[start - 1 : start] if start else ""
    if before == signs[0] or _KEYS.match(state.src, start):
        return False  # within a run nothing is looked for, for that would take quadratic time
    run = state.scanDelims(start, True)
    around = before + state.src[end : end + 1]
    is_within = len(around) == 2 and around.isascii() and around.isalnum()
    if run.length != 2 or is_within:
        return False
    if not (run.can_open or run.can_close):
        return False
    token = state.push("text", "", 0)
    token.content, token.map = signs, [start, end]
    state.delimiters.append(
        Delimiter(ord(signs[0]), 0, len(state.tokens) - 1, -1, run.can_open, run.can_close)
    )
    state.pos = end
    return True


def _pairs(state: StateInline) -> None:
    _pair(state, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _pair(state, meta["delimiters"])


def _pair(state: StateInline, delimiters: Iterable[Delimiter]) -> None:
    found = list(delimiters)
    paired = set()
    for number, first in enumerate(found):
        opening = state.tokens[first.token]
        if opening.content not in MARKED or number in paired:
            continue
        if first.end < 0:
            opening.type = "kept"
            continue
        paired.add(first.end)
        closing = state.tokens[found[first.end].token]
        opening.type, opening.nesting, opening.markup = "marked_open", 1, opening.content
        closing.type, closing.nesting, closing.markup = "marked_close", -1, closing.content
