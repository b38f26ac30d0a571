"""What stands in a paragraph of Markdown: text, links, emphasis, code.

markdown-it finds them; here they get their places in the text. What is not Markdown of its own but
is met in it (formulas, footnotes, tags of template languages) is found besides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_inline import (
    StateInline,
    backtick,
    emphasis,
    entity,
    escape,
    html_inline,
    image,
    link,
    newline,
    strikethrough,
)
from markdown_it.token import Token
from markdown_it.utils import EnvType

from s2scli.data import Span
from s2scli.documents.foreign import attribute_language, foreign
from s2scli.documents.languages import is_other
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, POINT, TEXT, MarkupPiece, is_index
from s2scli.documents.ruby import without_readings
from s2scli.markup.markdown.brackets import closable
from s2scli.markup.markdown.components import COMMENT, VUE, prefixed
from s2scli.markup.markdown.fields import IN_BRACKETS, IN_PARENTHESES
from s2scli.markup.markdown.formulas import formula, style, styled
from s2scli.markup.markdown.inner import Inner, attribute_texts, inner_texts, note
from s2scli.markup.markdown.jsx import inline_shadow
from s2scli.markup.markdown.marked import CRITIC, KEYS, MARKED, OBSIDIAN, install_marked
from s2scli.markup.markdown.tags import PROGRESS, SHORTCODE, coded
from s2scli.text.branches import branching

__all__ = [
    "DENSE",
    "EMPHASIS",
    "MOST_SPECIAL",
    "Inline",
    "has_too_much",
    "inline",
    "install",
]

Rule = Callable[[StateInline, bool], bool]

# What means emphasis, and the element of HTML that means the same.
EMPHASIS = {"*": "em", "_": "em", "**": "strong", "__": "strong", "~~": "del", **MARKED}
MOST_SPECIAL = 200_000  # places in a paragraph with markup or a line break; each takes a kilobyte
MOST_BRACKETS = 5_000  # in a paragraph with links: what they enclose is searched again and again
# What markup begins with, or code; an escaped sign is one.
_SPECIAL = re.compile(r"\\.?|[`*_~^\[<&{$\n]|==|\+\+|%%|::|:\w|://|www\.")
# Each of these looks no further than to where another of its kind begins: all is linear.
_POINTS = re.compile(
    PROGRESS
    + SHORTCODE
    + COMMENT
    + OBSIDIAN
    + r"\{::comment\}(?:(?!\{::comment\}|\{:/)[\s\S])*\{:/(?:comment)?\}|"
    r"\[\^[^\]\[\s]+\]|"  # a footnote's number
    r"\{%(?:(?!\{%|%\})[\s\S])*%\}|"  # Liquid, Jinja
    r"\{\{[<%](?:(?!\{\{|[>%]\}\})[\s\S])*[>%]\}\}|"  # Hugo
    r"\{(?:[#.:]|[ \t]+[#.]|[ \t]*[\w:-]+=(?!=))[^{}\n]*\}"  # {#id .class}, { width=30 }
)
_KEPT = re.compile(
    CRITIC + KEYS + IN_BRACKETS + r"<[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^<>\x00-\x20]*>|"  # <https://…>
    r"<[\w.!#$%&'*+/=?^`{|}~-]+@[a-zA-Z0-9.-]+>|"
    r"<(code|kbd|samp|var|tt)(?:\s[^<>]*)?>[^<]*</\1>|"
    r"\$\$(?!\$)[^$\\]*(?:\\.[^$\\]*)*\$\$|"  # formulas; but "from $5 to $10" is none
    r"\$(?![\s$])[^$\\]*(?:\\.[^$\\]*)*(?<![\s\\])\$(?![\d$])|"
    r"\{\{[^{}]*\}\}|<%(?:(?!<%|%>).)*%>|"  # Mustache, ERB
    r"!?\[\[[^\[\]\n]+\]\](?!\()|"  # wiki links, and what they embed; [[1]](a) is none
    r"\[-?@[^\[\]\n]+\]|"  # citations
    r"(?<![~^])([~^])[^\s~^]{1,20}\2(?![~^])|"  # H~2~O, x^2^
    r"(?<!=)==(?!=)|"  # around nothing that is marked
    r"(?<!\w):[+-]?[a-z0-9_]+:(?!\w)",  # :smile:
    re.DOTALL,
)
# At the beginning of a text: a box of a task, the kind of an alert.
_BEGIN = re.compile(r"\[[ xX]\](?=\s)|\[![\w-]+\][+-]?(?=\s|$)")
_ASIDE = r"\([^\s<>\"'`()\[\]]*\)"  # within an address: wiki/Bank_(river)
_URL = re.compile(
    rf"(?:https?://|(?<![\w.])www\.)(?:[^\s<>\"'`()\[\]]|{_ASIDE})*(?:[\w/#=&-]|{_ASIDE})|"
    + IN_PARENTHESES
)
_LINE_BREAK = re.compile(r"(?<![ \t])[ \t]*\n[ \t]*")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "wbr"))
# Scripts that have no spaces: a line break between two of their characters is none either.
DENSE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


class Inline(NamedTuple):
    """A paragraph's pieces, and the texts in its markup; places are in its own characters."""

    pieces: list[MarkupPiece]
    inner: list[Inner]


def has_too_much(content: str) -> bool:
    """Whether a paragraph has more markup than the memory limit allows."""
    return any(True for _ in islice(_SPECIAL.finditer(content), MOST_SPECIAL, None))


def inline(content: str, parser: MarkdownIt, env: EnvType) -> Inline:
    """Find the markup of a paragraph.

    Args:
        content: its lines, without what is before each.
        parser: one with ``install`` done.
        env: the link definitions of the document; ``language``, the code of the one that it is
            in; and ``shadow``, which makes of a text one as long, with markup of Markdown instead
            of what it does not know.
    """
    if not _SPECIAL.search(content):
        return Inline([MarkupPiece(TEXT, 0, len(content), content)], [])
    env["links"] = content.count("[") <= MOST_BRACKETS
    env["closable"] = closable(content)
    env["whole"] = dict(branching(content).tags)
    env["whole"].update(foreign(content, 0, len(content), env["language"]))
    env["whole"].update(coded(content))
    env["prefixed"] = prefixed(content)
    env["styled"] = styled(content)
    state = StateInline(env["shadow"](content), parser, env, [])
    parser.inline.tokenize(state)
    for rule in parser.inline.ruler2.getRules(""):
        rule(state)
    found = Inline([], [])
    reached = 0
    around = [-1]  # where what is open begins: tags of HTML pair within the same only
    tokens = [token for token in state.tokens if token.map and token.type != "text"]
    tokens = sorted(tokens, key=lambda token: _span(token)[0])
    for token in _with_spans(content, tokens, env["language"]):
        start, end = _span(token)
        gap = content[reached:start]
        if token.type == "hardbreak":
            start -= len(gap) - len(gap.rstrip(" "))
        found.pieces.extend(_texts(content, reached, start))
        if token.nesting < 0:
            around.pop()
        found.pieces.append(_piece(content, token, (start, end), around[-1]))
        if token.nesting > 0:
            around.append(start)
        found.inner.extend(inner_texts(content, token, parser))
        if token.type == "html_inline":
            found.inner.extend(attribute_texts(content, start, end, env["shadow"] is inline_shadow))
        reached = end
    found.pieces.extend(_texts(content, reached, len(content)))
    return Inline(list(without_readings(found.pieces, content)), found.inner)


def install(parser: MarkdownIt) -> None:
    """Have a parser note where what it finds stands."""
    for signs, name, rule, wrapper in _RULES:
        parser.inline.ruler.at(name, partial(wrapper, signs, rule))
    parser.inline.ruler.at("autolink", lambda state, silent: False)
    parser.inline.ruler.before("strikethrough", "verbatim", _verbatim)
    parser.inline.ruler.before("escape", "formula", formula)
    parser.inline.ruler.before("formula", "style", style)
    install_marked(parser)
    # An image's description is read as a text of its own.
    parser.inline.parse = _nothing  # type: ignore[method-assign]


def _nothing(src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
    return tokens


# Most rules are in most places: each is asked only where one of its signs stands. A function for
# that alone would be one more call at each level of nested links, and Python limits their number.
def _noted(signs: str, rule: Rule, state: StateInline, silent: bool) -> bool:
    """A rule that makes one token at most."""
    if state.src[state.pos] not in signs:
        return False
    start, before = state.pos, len(state.tokens)
    found = rule(state, silent)
    if found and not silent and len(state.tokens) > before:
        state.tokens[-1].map = [start, state.pos]
    return found


def _labelled(signs: str, rule: Rule, state: StateInline, silent: bool) -> bool:
    """A rule for links or images."""
    if state.src[state.pos] not in signs:
        return False
    start, before = state.pos, len(state.tokens)
    known = state.env["closable"]
    opens = known is None or start + (state.src[start] == "!") in known
    found = opens and bool(state.env["links"]) and rule(state, silent)
    if not found or silent:
        return found
    label = state.src.index("[", start) + 1
    end = state.md.helpers.parseLinkLabel(state, label - 1, False)
    last = state.tokens[-1]
    last.meta = {"label": (label, end)}
    if last.type == "image":
        last.map = [start, state.pos]
        return True
    last.map = [end, state.pos]
    for token in state.tokens[before : before + 2]:
        if token.type == "link_open" and not token.map:
            token.map = [start, label]
    return True


def _delimited(signs: str, rule: Rule, state: StateInline, silent: bool) -> bool:
    """A rule that makes tokens of a run of delimiters."""
    if state.src[state.pos] not in signs:
        return False
    start = state.pos
    found = rule(state, silent)
    position = state.pos
    for token in reversed(state.tokens if found and not silent else ()):
        if position <= start:
            break
        token.map = [position - len(token.content), position]
        position -= len(token.content)
    return found


# The signs that a rule begins with, its name, the rule, and what notes where it found something.
_RULES: tuple[tuple[str, str, Rule, Callable[[str, Rule, StateInline, bool], bool]], ...] = (
    ("\n", "newline", newline, _noted),
    ("\\", "escape", escape, _noted),
    ("`", "backticks", backtick, _noted),
    ("<", "html_inline", html_inline, _noted),
    ("&", "entity", entity, _noted),
    ("[", "link", link, _labelled),
    ("!", "image", image, _labelled),
    ("*_", "emphasis", emphasis.tokenize, _delimited),
    ("~", "strikethrough", strikethrough.tokenize, _delimited),
)


def _verbatim(state: StateInline, silent: bool) -> bool:
    """What is not Markdown of its own."""
    if state.src[state.pos] not in "[!{$<:~^=+%":
        return False
    if note(state, silent):
        return True
    whole = state.env["whole"].get(state.pos, 0)
    kind, match = "point", None if whole else _POINTS.match(state.src, state.pos, state.posMax)
    if not match and not whole and not state.pos:
        match = _BEGIN.match(state.src)
    if not match and not whole:
        match = VUE.match(state.src, state.pos, state.posMax)
        whole = 0 if match else state.env["prefixed"].get(state.pos, 0)
        kind = "html_inline" if match or whole else kind
    if not match and kind != "html_inline":
        kind, match = "kept", _KEPT.match(state.src, state.pos, state.posMax)
    end = whole or (match.end() if match else 0)
    if not state.pos < end <= state.posMax:
        return False
    if not silent:
        token = state.push(kind, "", 0)
        token.map, token.content = [state.pos, end], state.src[state.pos : end]
    state.pos = end
    return True


def _with_spans(content: str, tokens: list[Token], language: str) -> Iterator[Token]:
    """Tokens in order, and those of brackets before a list of attributes: ``[text]{.class}``.

    Those that say that they are in another language are kept as a whole.

    https://pandoc.org/MANUAL.html#extension-bracketed_spans
    """
    if "]{" not in content:
        yield from tokens
        return
    opened, found, reached = [-1], {}, 0
    for token in tokens:
        start, end = _span(token)
        for bracket in re.finditer(r"[\[\]]", content[reached:start]):
            if bracket[0] == "[":
                opened.append(reached + bracket.start())
            elif opened[-1] >= 0:
                begin = opened.pop()
                if reached + bracket.end() == start and content.startswith("{", start):
                    found[id(token)] = begin, end
        if token.nesting > 0:
            opened.append(-1)
        elif token.nesting < 0:
            while len(opened) > 1 and opened.pop() >= 0:
                pass
        reached = end
    begins = [Token("span_open", "", 1, map=[begin, begin + 1]) for begin, _ in found.values()]
    kept = []
    for token in tokens:
        if pair := found.get(id(token)):
            if is_other(attribute_language(content[_span(token)[0] : pair[1]]), language):
                kept.append(Token("kept", "", 0, map=[*pair]))
            token.type, token.nesting = "span_close", -1
            token.map = [_span(token)[0] - 1, pair[1]]
    reached = 0
    for token in sorted([*kept, *tokens, *begins], key=lambda token: _span(token)[0]):
        if _span(token)[0] >= reached:
            yield token
            reached = token.map[1] if token.type == "kept" and token.map else reached


def _span(token: Token) -> Span:
    start, end = token.map or (0, 0)
    if token.type == "strong_open":  # the second of two tokens
        return start - 1, end
    return start, end + (token.type == "strong_close")


def _piece(content: str, token: Token, span: Span, around: int) -> MarkupPiece:
    kind, (start, end) = token.type, span
    if kind == "text_special":
        return MarkupPiece(TEXT, start, end, token.content)
    if kind == "softbreak":
        dense = DENSE.match(content, start - 1) and DENSE.match(content, end)
        return MarkupPiece(TEXT, start, end, "" if dense else " ")
    if kind == "hardbreak":
        return MarkupPiece(POINT, start, end, "\n")
    is_raised = kind == "kept" and content[start] in "^~"
    if is_raised and is_index("sup", content[start - 1 : start], content[start + 1 : end - 1]):
        return MarkupPiece(POINT, start, end)
    if kind in ("code_inline", "kept"):
        return MarkupPiece(KEPT, start, end, _LINE_BREAK.sub(" ", content[start:end]))
    if kind == "html_inline":
        tag = _TAG.match(token.content)
        # A name in both cases is of a component: <Link> is none of HTML's elements.
        name = tag[2].lower() if tag and (tag[2].islower() or tag[2].isupper()) else ""
        name = name or (tag[2] if tag else "")
        if not tag or name in _VOID or token.content.endswith("/>"):
            return MarkupPiece(POINT, start, end, " " if name == "br" else "")
        return MarkupPiece(CLOSE if tag[1] else OPEN, start, end, name=f"<{name}@{around}")
    if token.nesting:
        return MarkupPiece(
            OPEN if token.nesting > 0 else CLOSE, start, end, name=token.markup or "["
        )
    return MarkupPiece(POINT, start, end)


def _texts(content: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """Plain text; the addresses in it stay."""
    reached = start
    for url in _URL.finditer(content, start, end):
        if reached < url.start():
            yield MarkupPiece(TEXT, reached, url.start(), content[reached : url.start()])
        yield MarkupPiece(KEPT, *url.span(), url[0])
        reached = url.end()
    if reached < end:
        yield MarkupPiece(TEXT, reached, end, content[reached:end])
