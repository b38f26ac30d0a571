"""What MDX (https://mdxjs.com/docs/what-is-mdx/) has beside Markdown: code in JavaScript, and JSX.

Imports, exports, expressions in braces and tags stay as they are. A reader of Markdown is shown
blanks instead of what stands for itself, and within a paragraph markup that it knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span
from s2scli.text.wording import reads_like_text

__all__ = [
    "attribute_texts",
    "flow_shadow",
    "flow_tags",
    "inline_shadow",
    "left_texts",
    "tag_texts",
]

MOST_READ = 100_000  # characters that may be read in vain
_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})")
_MODULE = re.compile(
    r"import(?:[ \t]*[\"'{*]|[ \t]+\w[^\n;]*?(?:[ \t]from\b|,[ \t]*\{)|[ \t]+\w+[ \t]*$)|"
    r"export[ \t]+(?:const|let|var|function|class|default|async|\{|\*)|export[ \t]*[{*]",
    re.MULTILINE,
)
_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n|\Z)")
_BLANK = re.compile(r"[ \t]*")
_FLOW = re.compile(r"[ \t]*(?=</?[A-Za-z>]|\{)")
# Strings, comments and braces of JavaScript. An apostrophe in a text of JSX begins no string.
_SCRIPT = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|/\*|(?<!:)//[^\n]*|[{}]"
)
_TAG = re.compile(r"</?(?:([A-Za-z][\w.:-]*)(?=[\s/>{])|(?=>))")
_IN_TAG = re.compile(r"\"[^\"]*\"|'[^']*'|[{}<>]|[^\"'{}<>]+")
_VERBATIM = re.compile(r"<(pre|style|script)\b", re.IGNORECASE)
# In a paragraph: what is escaped, code, and what begins something.
_TOKEN = re.compile(r"\\.|(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|[<{]", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{[#.][^{}\n]*\}")  # {#id .class}, which is not an expression
# Attributes of components whose strings are text.
_WORDED = re.compile(
    r"(?<=\s)(?:title|label|alt|placeholder|aria-label|description|caption|summary)\s*=\s*"
    r"(\"[^\"{}]*\"|'[^'{}]*')"
)
_COMMENT = re.compile(r"\{\s*/\*")
_COMMENTS = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
# Strings, each with the attribute or key before it, and what is between tags.
_SAID = re.compile(
    r"(?:(?<![\w-])([\w:-]+)\s*[=:]\s*)?"
    r"(?:\"([^\"\n]*)\"|(?<!\w)'([^'\n]*)'(?!\w)|`([^`]*)`)|>([^<>{}=;]+)[<{]"
)
# Names of strings that no reader sees.
_TECHNICAL = frozenset((
    "class", "className", "style", "id", "href", "src", "srcSet", "sizes", "key", "type", "lang",
    "rel", "target", "media", "points", "path", "d", "viewBox", "transform", "from", "to", "as",
    "allow", "xmlns",
))  # fmt: skip


class _Reader:
    """What finds where JavaScript and tags end.

    Args:
        text: the characters of a document or a paragraph.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._wasted = 0
        self._open_comment = len(text)  # from here on no comment ends
        self._unclosed: dict[str, int] = {}  # from where on no such element ends

    def expression_end(self, start: int) -> int:
        """After the brace that closes the one at a place; -1 if none does."""
        depth, at = 0, start
        while self._wasted <= MOST_READ and (token := _SCRIPT.search(self._text, at)):
            at = token.end()
            depth += (token[0] == "{") - (token[0] == "}")
            if token[0] == "/*":
                at = self._comment_end(at)
            elif not depth:
                return at
        self._wasted += len(self._text) - start
        return -1

    def _comment_end(self, start: int) -> int:
        """After the end of a comment; its beginning if it has none."""
        end = self._text.find("*/", start) if start < self._open_comment else -1
        if end < 0:
            self._open_comment = min(self._open_comment, start)
            return start
        return end + 2

    def element_end(self, name: str, start: int) -> int:
        """After the element that a tag before a place opens; the place if none closes it."""
        if start >= self._unclosed.get(name, len(self._text)):
            return start
        closing = re.compile(rf"</{name}\s{{0,99}}>", re.IGNORECASE).search(self._text, start)
        if not closing:
            self._unclosed[name] = start
        return closing.end() if closing else start

    def tag_end(self, start: int) -> int:
        """After the tag at a place; -1 if there is none."""
        name = _TAG.match(self._text, start)
        at = name.end() if name else -1
        while at >= 0 and (token := _IN_TAG.match(self._text, at)):
            if token[0] == ">":
                return token.end()
            if token[0] in "<}":
                return -1
            at = self.expression_end(at) if token[0] == "{" else token.end()
        return -1


def flow_shadow(text: str) -> str:
    """A document with blanks instead of code, and of tags and expressions for themselves."""
    parts, reached = [], 0
    for start, end in _flow(text):
        parts += [text[reached:start], re.sub(r"[^\n]", " ", text[start:end])]
        reached = end
    return "".join([*parts, text[reached:]])


def flow_tags(text: str) -> Iterator[Span]:
    """Where tags are that have their lines for themselves."""
    reader = _Reader(text)
    for first, last in _flow(text):
        at = first + len(text[first:last]) - len(text[first:last].lstrip())
        while at < last and text[at] in "<{":
            is_tag = text[at] == "<"
            end = reader.tag_end(at) if is_tag else reader.expression_end(at)
            if end < 0:
                break
            if is_tag:
                yield at, end
            at = end + len(text[end:last]) - len(text[end:last].lstrip())


def attribute_texts(text: str) -> Iterator[Span]:
    """Where such tags have text in attributes; with its quotes."""
    reader = _Reader(text)
    for start, end in flow_tags(text):
        yield from _worded(text, start, end, reader)


def left_texts(text: str) -> Iterator[str]:
    """What reads like a text of several words in code, expressions and attributes, and stays."""
    flow = list(_flow(text))
    inline = _inline(flow_shadow(text), _Reader(flow_shadow(text)))
    for start, end in sorted([*flow, *inline]):
        if text.startswith("import", start):
            continue
        code = _COMMENTS.sub("", text[start:end])
        worded = {code[first + 1 : last - 1] for first, last in tag_texts(code, 0, len(code))}
        for found in _SAID.finditer(code):
            says = next(filter(None, found.groups()[1:]), "").strip()
            is_said = found[1] in _TECHNICAL or says in worded
            if len(says.split()) > 1 and not is_said and reads_like_text(says):
                yield " ".join(says.split())


def tag_texts(text: str, start: int, end: int) -> Iterator[Span]:
    """Where a tag in a paragraph has text in attributes; with its quotes."""
    tag = text[start:end]
    for first, last in _worded(tag, 0, len(tag), _Reader(tag)):
        yield start + first, start + last


def _worded(text: str, start: int, end: int, reader: _Reader) -> Iterator[Span]:
    """Where a tag has text in attributes, but for those in its expressions."""
    while 0 <= start < end:
        brace = text.find("{", start, end)
        last = brace if brace >= 0 else end
        yield from (found.span(1) for found in _WORDED.finditer(text, start, last))
        start = reader.expression_end(brace) if brace >= 0 else end


def _flow(text: str) -> Iterator[Span]:
    """Where code, tags and expressions stand that have their lines for themselves."""
    reader = _Reader(text)
    at, fence, is_begin, is_apart = 0, "", True, False
    while at < len(text):
        line = _LINE.match(text, at)
        end = line.end() if line else len(text)
        mark = _FENCE.match(text, at, end)
        if fence:
            closes = mark and mark[1].startswith(fence) and not text[mark.end() : end].strip()
            fence = "" if closes else fence
        elif mark:
            fence = mark[1]
        elif is_begin and _MODULE.match(text, at, end):
            end, is_apart = _module_end(text, at, reader), True
            yield at, end
        elif (found := _flow_end(text, at, reader)) > at:
            yield at, found
            end, is_apart = found, True
        is_begin = not text[at:end].strip() or is_apart
        at, is_apart = end, False


def _module_end(text: str, start: int, reader: _Reader) -> int:
    """The empty line after code in which no brace is open."""
    at = start
    while True:
        blank = _BLANK_LINE.search(text, at)
        end = blank.start() + 1 if blank else len(text)
        brace = text.find("{", at, end)
        closing = reader.expression_end(brace) if brace >= 0 else -1
        if closing < 0:
            return end
        at = closing


def _flow_end(text: str, start: int, reader: _Reader) -> int:
    """Behind tags and expressions, if there is nothing else on their lines; -1 if there is."""
    at = start
    while flow := _FLOW.match(text, at):
        first = flow.end()
        is_tag = text[first] == "<"
        at = reader.tag_end(first) if is_tag else reader.expression_end(first)
        if at < 0:
            return -1
        verbatim = _VERBATIM.match(text, first) if is_tag else None
        if verbatim and text[at - 2] != "/":
            at = reader.element_end(verbatim[1].lower(), at)
    blank = _BLANK.match(text, at)
    at = blank.end() if blank else at
    if at >= len(text) or at == start:
        return at if at > start else -1
    return at + 1 if text[at] == "\n" else -1


def inline_shadow(text: str) -> str:
    """A paragraph in which tags have no expressions, and those in the text are code."""
    reader = _Reader(text)
    parts, reached = [], 0
    for start, end in _inline(text, reader):
        parts += [text[reached:start], _shadow(text[start:end], reader, start)]
        reached = end
    return "".join([*parts, text[reached:]])


def _inline(text: str, reader: _Reader) -> Iterator[Span]:
    """Where tags and expressions stand in a paragraph."""
    at = 0
    while token := _TOKEN.search(text, at):
        at = token.end()
        start = token.start()
        end = -1
        if token[0] == "<":
            end = reader.tag_end(start)
        elif token[0] == "{" and not _ATTRIBUTES.match(text, start):
            end = reader.expression_end(start)
        if end > 0:
            yield start, end
            at = end


def _shadow(raw: str, reader: _Reader, place: int) -> str:
    """What a reader of Markdown knows, as long as a tag or an expression."""
    if raw[0] == "{":
        if _COMMENT.match(raw):
            return f"[^{'x' * (len(raw) - 3)}]"  # what no text is
        return f"`{'x' * (len(raw) - 2)}`"
    parts, reached = [], 0
    at = raw.find("{")
    while at >= 0:
        end = reader.expression_end(place + at) - place
        length = end - at
        is_value = raw[at - 1] == "="
        parts += [raw[reached:at], f'"{"x" * (length - 2)}"' if is_value else "x" * length]
        reached = end
        at = raw.find("{", end)
    tag = "".join([*parts, raw[reached:]])
    name = _TAG.match(tag)
    if not name or not name[1]:
        return f"`{'x' * (len(raw) - 2)}`" if len(raw) > 2 else raw
    return tag[: name.start(1)] + re.sub(r"[.:_]", "x", name[1]) + tag[name.end(1) :]
