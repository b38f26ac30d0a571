"""What stands in a paragraph of AsciiDoc: text, formatting, macros, references, passthroughs.

Processors replace one kind of formatting after the other in the whole paragraph
(https://docs.asciidoctor.org/asciidoc/latest/subs/). So it is done here, on a copy in which all
that was found is covered, each character in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, POINT, TEXT, MarkupPiece
from s2scli.markup.asciidoc.attributes import attributes, banned, label_spans, texts
from s2scli.markup.asciidoc.quotes import Quote, quotes
from s2scli.markup.templates import TAG

__all__ = ["INTRINSIC", "AsciiDocInline", "AsciiDocInner", "inline"]

SHORT = 200  # characters of a text that is kept as it was read
COVER, REFERENCE = "\1", ";"  # like a tag, like the end of a character reference
_FOLDED = re.compile(r"\s*\n\s*")  # blanks in code mean themselves
_WHITE = re.compile(r"\s+")
INTRINSIC = {
    "empty": "", "sp": " ", "nbsp": "\u00a0", "zwsp": "\u200b", "wj": "\u2060", "apos": "'",
    "quot": '"', "lsquo": "\u2018", "rsquo": "\u2019", "ldquo": "\u201c", "rdquo": "\u201d",
    "deg": "\u00b0", "plus": "+", "brvbar": "\u00a6", "vbar": "|", "amp": "&", "lt": "<", "gt": ">",
    "startsb": "[", "endsb": "]", "caret": "^", "asterisk": "*", "tilde": "~", "backslash": "\\",
    "backtick": "`", "two-colons": "::", "two-semicolons": ";;", "cpp": "C++",
}  # fmt: skip
_BREAK = re.compile(r"[ \t]+\+[ \t]*(?:\n|\Z)")
_BRACKET = re.compile(r"(?<!\\)\]")
_TAG = re.compile(TAG)
_PASS = re.compile(
    r"\\{0,2}(?:\[[^\[\]\n]{1,200}\])?(?P<sign>\+\+\+?|\$\$)[\s\S]*?(?P=sign)|"
    r"(?:(?<![\w;:\\`])|(?<=\\))\+(?=\S)(?:[^+\n]*[^+\s])?(?<=\S)\+(?![\w`])|"
    r"(?<![\w;:\"'`}])`\+(?=\S)[\s\S]*?(?<=\S)\+`(?!\w)"
)
_IN_BRACKETS = r"(?P<inside>(?:[^\]\\]|\\[\s\S])*)\]"
# In the order in which they are replaced: some may stand within the brackets of those after them.
_MACROS = [
    re.compile(rf"\\?(?P<name>{names}):(?![:\s])(?P<target>[^\s\[\]]{{0,2000}})\[{_IN_BRACKETS}")
    for names in (
        "image|icon|kbd|btn|menu|stem|latexmath|asciimath|counter2?",
        # Links begin within words too.
        "link|mailto|xref|(?<!\\w)(?!footnote|\\w{0,30}(?:link|mailto|xref):)[a-zA-Z][\\w-]{0,30}",
        "footnote(?:ref)?",
    )
]
# An address that begins with a reference to an attribute.
_ADDRESS = re.compile(
    rf"(?<!\\)(?P<name>\{{(?!(?:{'|'.join(INTRINSIC)})\}})\w[\w-]*\}})"
    rf"(?P<target>[^\s\[\]]{{0,2000}})\[{_IN_BRACKETS}"
)
_XREF = re.compile(
    r"\\?<<(?P<id>(?:[^<>,]|<(?!<))+)(?P<comma>,\s*(?P<text>(?:[^<>]|>(?!>)|<(?!<))*))?>>"
)
_ATOMS = re.compile(
    r"(?P<reference>&(?:[a-zA-Z][a-zA-Z]{1,20}\d{0,2}|#\d{2,6}|#x[\da-fA-F]{2,5});)|"
    # What follows a reference to an attribute is the rest of an address, unless it is for a sign.
    rf"\\?\{{(?P<attribute>(?P<intrinsic>(?:{'|'.join(INTRINSIC)})(?=\}}))|\w[\w-]*)\}}"
    r"(?(intrinsic)|(?:/[^\s\[\]{}<>]*[^\s\[\]{}<>.,;:!?)'\"*_`#])?)|"
    r"(?P<kept>\\?\{(?:set|counter2?):[^{}\n]*\}|"
    r"\\(?:--|->|=>|<-|<=|\.\.\.|\([CR]\)|\(TM\)|\[\[[^\[\]]*\]\]|\(\([^()]*\)\)))|"
    r"\\(?P<quote>')|"
    r"(?P<anchor>\[\[\[?[\w:][^\[\]\n]*\]\]\]?)|"
    r"(?P<index>\(\(\((?:[^()]|\((?!\()|\)(?!\)))*\)\)\))|"
    r"\(\((?P<term>(?:[^()]|\((?!\()|\)(?!\)))+)\)\)"
)
_URL = re.compile(
    rf"\\?(?:<(?=\w+://[^\s<>]*>))?\b(?:https?|ftp|irc|file)://[^\s\[\]<>{COVER}]*"
    rf"[^\s\[\]<>{COVER}.,;:!?)'\"]>?|"
    r"\\?(?<![\w.%+-])[\w.%+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
)
_CLOSED_MACROS = frozenset(
    ("kbd", "btn", "menu", "stem", "latexmath", "asciimath", "pass", "counter", "counter2", "icon")
)
_LINKS = frozenset(("link", "mailto", "xref", "http", "https", "ftp", "irc", "file"))
_CURLY = {"double": "\u201c\u201d", "single": "\u2018\u2019"}


# Without any of these all is text.
_SPECIAL = re.compile(r"[\\+$:\[\]<>&{}()'\"*`_#^~@\n]")


class AsciiDocInner(NamedTuple):
    """A text within markup.

    Attributes:
        start, end: where it is.
        always: characters that must not be in it as they are.
    """

    start: int
    end: int
    always: str


class AsciiDocInline(NamedTuple):
    """A paragraph.

    Attributes:
        pieces: its pieces, in order; places are in its own characters.
        inner: texts that stand within its points, in order.
    """

    pieces: Sequence[MarkupPiece]
    inner: Sequence[AsciiDocInner]


def inline(text: str, *, verse: bool = False, banned: str = "") -> AsciiDocInline:
    """Read a paragraph.

    Args:
        text: its characters, without what is before its lines.
        verse: whether each line break is one.
        banned: characters that stand for themselves after a backslash only; two quotes of the
            kind that tables of values have are one.
    """
    if not _SPECIAL.search(text):
        return AsciiDocInline([MarkupPiece(TEXT, 0, len(text), text)] if text else [], [])
    return (_again if len(text) <= SHORT else _inline)(text, verse, banned)


def _inline(text: str, verse: bool, banned: str) -> AsciiDocInline:
    reader = _Reader(text)
    if banned:
        reader.escapes(banned)
    reader.passthroughs()
    reader.line_breaks(verse=verse)
    reader.macros()
    for kind in quotes():
        reader.quotes(kind)
    reader.addresses()
    return AsciiDocInline(list(reader.pieces()), sorted(reader.inner))


_again = lru_cache(maxsize=256)(_inline)  # what is short often comes again


class _Reader:
    def __init__(self, text: str) -> None:
        self.inner: list[AsciiDocInner] = []
        self._text = text
        # After these a constrained delimiter is none.
        self._left = re.sub("[<>&]", REFERENCE, text)
        self._found: list[MarkupPiece] = []
        self._hidden: list[Span] = []  # not yet covered

    def escapes(self, banned: str) -> None:
        """Characters that would end the text."""
        pattern = '""' if banned == '""' else rf"\\[{re.escape(banned)}]"
        for match in re.finditer(pattern, self._text):
            self._found.append(MarkupPiece(TEXT, *match.span(), match[0][1]))

    def passthroughs(self) -> None:
        """What no other markup is looked for in."""

        def cover(match: re.Match[str]) -> str:
            self._keep(*match.span())
            return COVER * len(match[0])

        for tag in _TAG.finditer(self._text):
            self._keep(*tag.span())
            self._hide(*tag.span())
        self._cover()
        self._left = _PASS.sub(cover, self._left)

    def line_breaks(self, *, verse: bool) -> None:
        """The ends of lines that are ends of lines in what is made of it."""
        for match in _BREAK.finditer(self._left):
            self._found.append(MarkupPiece(POINT, *match.span(), "\n" if "\n" in match[0] else ""))
            self._hide(*match.span())
        for match in re.finditer("\n", self._left) if verse else ():
            self._found.append(MarkupPiece(POINT, *match.span(), "\n"))
        self._cover()

    def macros(self) -> None:
        """Macros, references to attributes, characters and places, terms of the index."""
        for match in _ATOMS.finditer(self._text):
            if self._is_free(match):
                self._atom(match)
        self._cover()
        bracket = max((m.end() for m in _BRACKET.finditer(self._left)), default=0)
        for pattern in (*_MACROS[:2], _ADDRESS, *_MACROS[2:]):
            for match in pattern.finditer(self._left, 0, bracket):
                self._macro(match)
            self._cover()
        for match in _XREF.finditer(self._text):
            if COVER not in (self._left[match.start()], self._left[match.end() - 1]):
                self._reference(match)
        self._cover()

    def quotes(self, kind: Quote) -> None:
        """Formatting of one kind."""
        if kind.delimiter not in self._left:
            return
        if kind.closing is None:
            self._substitute(kind.opening, kind.name, kind.delimiter)
        else:
            self._delimited(kind.opening, kind.closing, kind.name)

    def addresses(self) -> None:
        """Addresses without brackets after them."""
        for match in _URL.finditer(self._text):
            if COVER not in self._left[slice(*match.span())]:
                self._keep(*match.span())
        for match in re.finditer("`'", self._left):
            self._found.append(MarkupPiece(TEXT, *match.span(), "\u2019"))

    def pieces(self) -> Iterator[MarkupPiece]:
        """All that was found, and the text between."""
        reached = 0
        for piece in sorted(self._found, key=_order):
            if piece.start < reached:
                continue
            if reached < piece.start:
                yield MarkupPiece(TEXT, reached, piece.start, self._text[reached : piece.start])
            yield piece
            reached = max(reached, piece.end)
        if reached < len(self._text):
            yield MarkupPiece(TEXT, reached, len(self._text), self._text[reached:])

    def _hide(self, start: int, end: int) -> None:
        self._hidden.append((start, end))

    def _cover(self) -> None:
        """Cover what was hidden since it was done last."""
        if not self._hidden:
            return
        parts, reached = list[str](), 0
        for start, end in sorted(self._hidden):
            start, end = max(start, reached), max(end, reached)
            parts += [self._left[reached:start], COVER * (end - start)]
            reached = end
        self._left = "".join(parts) + self._left[reached:]
        self._hidden.clear()

    def _keep(self, start: int, end: int) -> None:
        self._found.append(MarkupPiece(KEPT, start, end, _FOLDED.sub(" ", self._text[start:end])))

    def _is_free(self, match: re.Match[str]) -> bool:
        return COVER not in self._left[slice(*match.span())]

    def _atom(self, match: re.Match[str]) -> None:
        start, end = match.span()
        if match["reference"]:
            shown = unescape(match[0])
            is_known = shown != match[0] and (shown.isprintable() or shown == "\u00a0")
            self._found.append(MarkupPiece(TEXT if is_known else KEPT, start, end, shown))
        elif match["quote"]:
            self._found.append(MarkupPiece(TEXT, start, end, "'"))
        elif match["attribute"] and match["attribute"] in INTRINSIC and match[0][0] == "{":
            self._found.append(MarkupPiece(TEXT, start, end, INTRINSIC[match["attribute"]]))
            return
        elif match["attribute"] or match["kept"]:
            self._keep(start, end)
            return
        elif match["term"]:
            self._found.append(MarkupPiece(OPEN, start, start + 2, name="index"))
            self._found.append(MarkupPiece(CLOSE, end - 2, end, name="index"))
            self._hide(start, start + 2)
            self._hide(end - 2, end)
            return
        else:
            self._found.append(MarkupPiece(POINT, start, end))
            if match["index"]:
                self.inner += self._terms(start + 3, end - 3, ")")
            for first, last in label_spans(self._text, start, end):
                self.inner.append(AsciiDocInner(first, last, "]"))
        if not match["reference"]:
            self._hide(start, end)

    def _macro(self, match: re.Match[str]) -> None:
        start, end = match.span()
        first, last = match.span("inside")
        name, is_address = match["name"], match["target"].startswith("//")
        if match[0][0] == "\\":
            self._keep(start, end)
        elif name == "anchor" and first < last:
            self._found.append(MarkupPiece(POINT, start, end))
            self.inner.append(AsciiDocInner(first, last, "]"))
        elif name in ("image", "footnote", "footnoteref"):
            self._found.append(MarkupPiece(POINT, start, end))
            self.inner += self._texts_inside(name, first, last)
        elif name[0] == "{" or (
            name in _LINKS and (is_address or name in ("link", "mailto", "xref"))
        ):
            if first == last:
                self._keep(start, end)
            else:
                self._link(start, first, last)
                return
        elif name == "indexterm2":
            self._around(start, first, last, end, "index")
            return
        elif name == "indexterm":
            self._found.append(MarkupPiece(POINT, start, end))
            self.inner += self._terms(first, last, "]")
        elif name in _CLOSED_MACROS or match["target"] or name.islower():
            self._keep(start, end)
        else:
            return
        self._hide(start + (self._text[start].isalnum()), end)

    def _texts_inside(self, name: str, first: int, last: int) -> Iterator[AsciiDocInner]:
        if name == "image":
            for one in texts(self._text, first, last, is_image=True):
                yield AsciiDocInner(one.start, one.end, banned(one))
            return
        if name == "footnoteref":
            comma = self._text.find(",", first, last)
            first = comma + 1 if comma >= 0 else last
        if first < last:
            yield AsciiDocInner(first, last, "]")

    def _terms(self, first: int, last: int, closing: str) -> Iterator[AsciiDocInner]:
        """The terms of an index entry, which does not show, and those that it refers to."""
        for one in attributes(self._text, first, last):
            if (one.name.isdigit() or one.name in ("see", "see-also")) and one.start < one.end:
                banned = one.quote or ",=\"'"
                yield AsciiDocInner(one.start, one.end, banned + closing)

    def _link(self, start: int, first: int, last: int) -> None:
        """A link with a text, after which attributes may stand."""
        begin, end = first, last
        if "=" in self._text[first:last]:
            one = next(attributes(self._text, first, last))
            if one.name != "1" or one.start == one.end:
                self._found.append(MarkupPiece(KEPT, start, last + 1, self._text[start : last + 1]))
                self._hide(first, last + 1)
                return
            begin, end = one.start, one.end
        if self._text[begin:end].endswith("^"):
            end -= 1
        self._around(start, begin, end, last + 1, "a")

    def _around(self, start: int, first: int, last: int, end: int, name: str) -> None:
        self._found.append(MarkupPiece(OPEN, start, first, name=name))
        self._found.append(MarkupPiece(CLOSE, last, end, name=name))
        self._hide(start + (self._text[start].isalnum()), first)
        self._hide(last, end)

    def _reference(self, match: re.Match[str]) -> None:
        start, end = match.span()
        if match[0][0] == "\\" or not (match["text"] or "").strip():
            self._keep(start, end)
            self._hide(start, end)
        else:
            self._around(start, match.start("text"), match.end("text"), end, "a")

    def _substitute(self, pattern: re.Pattern[str], name: str, delimiter: str) -> None:
        def cover(match: re.Match[str]) -> str:
            first = match.start() + match[0].index(delimiter) + 1
            return self._formatted(match.start(), first, match.end() - 1, match.end(), name)

        self._left = pattern.sub(cover, self._left)

    def _delimited(self, opening: re.Pattern[str], closing: re.Pattern[str], name: str) -> None:
        """Formatting from an opening delimiter to the next closing one."""
        left, parts, reached = self._left, list[str](), 0
        while opened := opening.search(left, reached):
            closed = closing.search(left, opened.end() + 1)
            if not closed:
                break
            parts.append(left[reached : opened.start()])
            start = opened.start()
            if start > reached and left[start - 1] == "\\":  # a constrained one
                start -= 1
                parts[-1] = parts[-1][:-1]
            parts.append(self._formatted(start, opened.end(), closed.start(), closed.end(), name))
            reached = closed.end()
        self._left = "".join(parts) + left[reached:]

    def _formatted(self, start: int, first: int, last: int, end: int, name: str) -> str:
        """What covers it; escaped, it is text but for the backslash."""
        left = self._left
        if left[start] == "\\":
            self._found.append(MarkupPiece(TEXT, start, start + 1, ""))
            return COVER + left[start + 1 : end]
        if name == "code":
            self._keep(start, end)
        elif name in _CURLY:
            self._found.append(MarkupPiece(TEXT, start, first, _CURLY[name][0]))
            self._found.append(MarkupPiece(TEXT, last, end, _CURLY[name][1]))
        else:
            self._found.append(MarkupPiece(OPEN, start, first, name=name))
            self._found.append(MarkupPiece(CLOSE, last, end, name=name))
        opens = (REFERENCE if name in _CURLY else COVER) * (first - start)
        return opens + left[first:last] + COVER * (end - last)


def _order(piece: MarkupPiece) -> tuple[int, int]:
    return piece.start, -piece.end
