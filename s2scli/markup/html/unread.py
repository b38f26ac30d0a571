"""Texts that stay: generated content, event handlers, mail to write, data of unknown use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from s2scli.documents.htmlnames import ATTRIBUTES, name_set
from s2scli.markup.html.text import exact
from s2scli.markup.html.tokens import Token, tokens
from s2scli.text.wording import reads_like_text

__all__ = ["HANDLERS", "texts_in_markup", "texts_in_styles", "texts_in_tag"]

# https://html.spec.whatwg.org/#event-handler-idl-attributes: those in which pages speak to people.
HANDLERS = name_set(
    "onabort onbeforeunload onblur onchange onclick oncontextmenu oncopy ondblclick ondrop "
    "onerror onfocus oninput oninvalid onkeydown onkeypress onkeyup onload onmousedown "
    "onmouseout onmouseover onmouseup onpaste onreset onselect onsubmit ontoggle ontouchstart "
    "onunload"
)
_STRING = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\$]|\\.)*)`")
_ESCAPE = re.compile(r"\\(?:[0-9a-fA-F]{1,6}\s?|.)", re.DOTALL)
_CONTENT = re.compile(r"(?<![\w-])content\s*:((?:[^;{}\"']|\"[^\"\n]*\"|'[^'\n]*')*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MAIL = re.compile(r"\s*(?:mailto|sms):[^?]*\?(.*)", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"(?<=[(<])(?:mailto|sms):[^\s()<>]*")  # of Markdown
# An attribute whose value may be a sentence, and those that are texts already, or never are.
_SENTENCE = re.compile(
    r"\s([a-zA-Z][\w-]*)\s*=\s*([\"'])([^\"'<>{}\s]+(?:\s+[^\"'<>{}\s]+){2,200})\s*\2"
)
_KNOWN = (
    ATTRIBUTES.keys()
    | HANDLERS
    | name_set(
        "accept accept-charset allow class content d data download headers href id itemprop "
        "itemtype keywords media name pattern points ping rel role sandbox sizes src srcdoc srcset "
        "style target transform type value viewbox"
    )
)
_TEMPLATE = re.compile(
    r"\{\{[^{}]{1,500}\}\}|\{%[^%]{1,500}%\}|<%[^%]{1,500}%>|<\?[^?]{1,500}\?>|"
    r"(?<!\w)@[a-z]\w*\([^()\n]{1,500}\)"
)
_LOOKED_UP = re.compile(
    r"\{%-?\s*(?:trans|translate|blocktrans|blocktranslate|url|static|load|extends)\b|@lang\b|"
    r"(?<!\w)(?:__?|_[enx]|t|tr|trans|\$t|i18n\w*|[a-z]*gettext|esc_html\w*|esc_attr\w*)\(|"
    r"\|\s*(?:trans|translate|t)\b"
)
_CODE = re.compile(r"[{}<>=;|\\]|://|\w:\w")
_WORD = re.compile(
    r"[\"'(]*(?:[^\W_]+(?:['\u2019.-][^\W_]+)*|[-\u2013\u2014&])[\"')]*[.,:!?\u2026]*"
)
_SCRIPT = re.compile(r"\s*javascript:(.*)", re.IGNORECASE | re.DOTALL)
_MAILED = frozenset(("subject", "body"))


def texts_in_styles(css: str) -> Iterator[str]:
    """What a style sheet puts in front of elements or behind them."""
    for content in _CONTENT.finditer(_COMMENT.sub("", css)):
        for text in _strings(content[1]):
            if reads_like_text(text):
                yield text


def texts_in_tag(text: str, token: Token) -> Iterator[str]:
    """What the event handlers, the data and the addresses of a tag say.

    Args:
        text: the page's characters.
        token: a start tag.
    """
    for name, value in token.values.items():
        if name in HANDLERS:
            yield from _said(exact(text[value.start : value.end]))
        elif name == "href":
            address = exact(text[value.start : value.end])
            if script := _SCRIPT.fullmatch(address):
                yield from _said(script[1])
            else:
                yield from _mailed(address)
    for found in _SENTENCE.finditer(text, token.start, token.end):
        name, says = found[1].lower(), exact(found[3])
        if name not in _KNOWN and _is_sentence(says):
            yield " ".join(says.split())


def texts_in_templates(text: str, start: int, end: int) -> Iterator[str]:
    """What tags of templates in a stretch of a page have as strings, but for keys of catalogues."""
    for tag in _TEMPLATE.finditer(text, start, end):
        if not _LOOKED_UP.search(tag[0]):
            yield from _said(tag[0])


def texts_in_markup(raw: str) -> Iterator[str]:
    """The same of a tag or of an address among Markdown."""
    is_tag = raw.startswith("<")
    known = any(sign in raw for sign in ("mailto:", "sms:", " on", "data-"))
    if not known and not (is_tag and _SENTENCE.search(raw)):
        return
    if is_tag:
        for token in tokens(raw, HANDLERS | {"href"}):
            yield from texts_in_tag(raw, token)
    if address := _ADDRESS.search(raw):
        yield from _mailed(address[0])


def _mailed(address: str) -> Iterator[str]:
    """What a mail that is to be written says."""
    mail = _MAIL.fullmatch(address)
    for key, says in parse_qsl(mail[1]) if mail else ():
        if key.lower() in _MAILED and any(map(str.isalpha, says)):
            yield " ".join(says.split())


def _is_sentence(text: str) -> bool:
    """Whether a value is three words or more, and no code, styles or classes."""
    words = text.split()
    if len(words) < 3 or _CODE.search(text) or not all(map(_WORD.fullmatch, words)):
        return False
    return words[0][0].isupper() or words[-1][-1] in ".!?\u2026"


def _said(script: str) -> Iterator[str]:
    """Strings of a script that have two words; one may be a name for the program."""
    return (text for text in _strings(script) if len(text.split()) > 1 and reads_like_text(text))


def _strings(code: str) -> Iterator[str]:
    for string in _STRING.finditer(code):
        yield " ".join(_ESCAPE.sub(" ", next(filter(None, string.groups()), "")).split())
