"""What stands in plain text as a whole, and is another thing if one character of it changes.

Armoured keys, certificates and signatures (https://www.rfc-editor.org/rfc/rfc7468, OpenPGP),
changes of files, contacts and calendars (https://www.rfc-editor.org/rfc/rfc6350, rfc5545), what was
typed at a prompt, synopses of commands, files that uuencode has made text, code between fences of
Markdown, and of the headers of mails (https://www.rfc-editor.org/rfc/rfc5322) and of HTTP those
that programs read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span
from s2scli.text.patches import CHANGE_SIGNS, CHANGES, changes_end
from s2scli.text.sessions import PROMPT_SIGNS, PROMPTS

__all__ = ["has_cards", "is_signed", "outside", "verbatim"]

# Headers that no person writes or reads, and the lines that they go on with.
_HEADERS = (
    r"(?:MIME-Version|Content-(?:Type|Transfer-Encoding|Disposition|ID|Length|Encoding)|"
    r"DKIM-Signature|Authentication-Results|Received-SPF|ARC-[A-Z][\w-]*|User-Agent|"
    r"X-(?:Mailer|Priority|[A-Z][A-Za-z]*-[\w-]+)|Cache-Control|Set-Cookie|Transfer-Encoding|ETag):"
    r"[ \t]+[^\s,]|Received:[ \t]+(?:from|by|\()|(?:Message-ID|Return-Path|In-Reply-To|References|"
    r"Delivered-To|List-[A-Z][a-z]+):[ \t]+(?:<|\S+@)"
)
_SIGNS = re.compile(
    rf"-----BEGIN |^[ \t>]*(?:{CHANGE_SIGNS}|begin|BEGIN:V|(?:{_HEADERS}))|^(?:{PROMPT_SIGNS})|"
    r"```|~~~|[\w>.] \[(?:[A-Z][A-Z_]|--?[A-Za-z])",
    re.MULTILINE,
)
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_ARMOUR = (
    rf"{_SIGNED}[^\n]*\n(?:[ \t>]*Hash:[^\n]*\n)*|"
    r"-----BEGIN (?P<label>[A-Z\d][A-Za-z\d /.]{1,60})-----(?P<body>[^-]*(?:-(?!----)[^-]*)*)"
    r"-----END (?P=label)-----"
)
# Of code; a line of many such signs alone is one below a title, or above it.
_FENCE = r"^[ \t]*(?P<fence>`{3,4}(?!`)|(?:`{3,}|~{3,})(?=[ \t]*\w))(?=[^\n`]*\n)"
_PREFIX = r"[ \t>]*"  # of a text that is quoted, or moved in
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/uuencode.html
_CODED = (
    rf"^{_PREFIX}begin [0-7]{{3,4}} [^\n]+\n(?:[ -`]{{1,80}}\r?\n)+{_PREFIX}end[ \t\r]*$|"
    rf"^{_PREFIX}begin-base64 [0-7]{{3,4}} [^\n]+\n"
    rf"(?:{_PREFIX}[\w+/=]{{1,80}}\r?\n)+{_PREFIX}={{4}}"
)
_HEADER_LINES = rf"^(?P<quote>{_PREFIX})(?:{_HEADERS})[^\n]*(?:\n(?P=quote)[ \t]+[^\s>][^\n]*)*"
_CARD = (
    rf"^{_PREFIX}BEGIN:(?P<card>V[A-Z]{{3,20}})[ \t\r]*\n"
    rf"(?:(?!{_PREFIX}(?:BEGIN|END):(?P=card))[^\n]*\n)*{_PREFIX}END:(?P=card)[ \t\r]*$"
)
# A command and what it takes, some of which may be left out.
_TAKEN = r"[A-Z][A-Z_]+(?:\.{3})?|<[\w-]{1,40}>(?:\.{3})?|--?[A-Za-z][\w=-]{0,40}"
_LEFT_OUT = r"\[(?:[A-Z][A-Z_]+|--?[A-Za-z])[^\[\]\n]{0,60}\](?:\.{3})?"
_SYNOPSIS = (
    rf"(?:^[ \t]*|(?<=[Uu]sage: ))[a-z][\w./-]{{0,60}}(?: (?:{_TAKEN}|[a-z][\w-]{{1,30}}(?= \[)))"
    rf"{{0,5}} {_LEFT_OUT}(?: (?:{_TAKEN}|{_LEFT_OUT})){{0,9}}[ \t\r]*$"
)
_CARDS = re.compile(_CARD, re.MULTILINE)
_FOUND = re.compile(
    rf"{_ARMOUR}|{_CARD}|{_SYNOPSIS}|{_FENCE}|^{CHANGES}|^{PROMPTS}|{_CODED}|{_HEADER_LINES}",
    re.MULTILINE,
)
# A line of an armoured block that is a sentence, and no header of it.
_SENTENCE = re.compile(r"^(?!\s*[A-Z][\w-]*:)[^\n]*\w \w+ \w", re.MULTILINE)


def is_signed(text: str) -> bool:
    """Whether a part of a text is signed, so that another text has another signature."""
    return _SIGNED in text


def has_cards(text: str) -> bool:
    """Whether there are contacts (vCard) or calendars (iCalendar) in a text."""
    return "BEGIN:V" in text and _CARDS.search(text) is not None


def outside(text: str) -> Iterator[Span]:
    """The stretches between those that stay as a whole."""
    reached = 0
    for start, end in verbatim(text):
        if reached < start:
            yield reached, start
        reached = end
    if reached < len(text):
        yield reached, len(text)


def verbatim(text: str) -> Iterator[Span]:
    """Where what stays as a whole is in a text, in order."""
    if not _SIGNS.search(text):
        return
    reached = 0
    endless = set[str]()  # fences that close nowhere
    while found := _FOUND.search(text, reached):
        start, end = found.span()
        if found["prefix"] is not None:
            end = changes_end(text, start, found["prefix"])
        elif fence := found["fence"]:
            end = start if fence in endless else _fenced(text, end, fence)
            if end < start:
                endless.add(fence)
        elif found["body"] and _SENTENCE.search(found["body"]):
            end = found.start("body")
        if start < end:
            yield start, end
        else:
            end = text.find("\n", start) + 1 or len(text)
        reached = end


def _fenced(text: str, start: int, fence: str) -> int:
    """Where code is over after a fence; -1 for nowhere."""
    pattern = rf"^[ \t]*{fence}{fence[0]}*[ \t\r]*$"
    closes = re.compile(pattern, re.MULTILINE).search(text, text.find("\n", start))
    return closes.end() if closes else -1
