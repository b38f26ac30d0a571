"""Mnemonics: the sign before the letter of a menu or button that its key shall be.

Qt, Windows and wxWidgets write ``&Open`` or ``E&xit``, GTK writes ``_Open``, LibreOffice ``~Open``,
VS Code ``&&Open``.
The sign belongs to a word, whatever that is in the other language; a sign that stands for itself
is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.documents.pieces import CLOSE, OPEN, MarkupPiece

__all__ = ["has_mnemonic", "is_shortcut", "mnemonics"]

LONGEST = 100  # characters of a label
FEW = 3  # words of a label with a sign within a word
_AMPERSAND = re.compile(r"(?<![&\w])&&?(?=[^\W_])(?!\w+;)|(?<=[^\W\d_])&(?=[a-z])(?!\w+;)")
# Before a word, or within one: E_xit, but not my_file, nor a reference of AsciiDoc (<<_a>>).
_LINE = re.compile(
    r"(?<![\w_])(?<!<<)_(?=[^\W\d_])|(?<=\b[A-Z])_(?=[a-z]+\b)|(?<=[a-z])_(?=[a-z]+\b)"
)
_BEGUN = re.compile(r"(?:\A|\s)[A-Z][a-z]{0,8}\Z")
_TILDE = re.compile(r"(?<![\w~/.])~(?=[^\W\d_])|(?<=[^\W\d_])~(?=[a-z])")
_PATTERNS = {"&": _AMPERSAND, "_": _LINE, "~": _TILDE}
_DOUBLED = re.compile(r"&&(?!\w)")  # the sign itself
_END = re.compile(r"[\w'’-]*\w|\w")
_KEYS = re.compile(
    r"(?:(?:Ctrl|Control|Alt|AltGr|Shift|Cmd|Command|Meta|Win|Super|Option|CommandOrControl)[+-])+"
    r"(?:[A-Za-z0-9]{1,12}|[^\w\s])",
    re.IGNORECASE,
)
_OTHER = re.compile(r"[=/?]|&#?\w+;")


def has_mnemonic(text: str, signs: str) -> bool:
    """Whether a text is a label with one mnemonic.

    Args:
        text: the text.
        signs: what stands before the letter in such texts.
    """
    return next(mnemonics(text, 0, len(text), signs), None) is not None


def is_shortcut(text: str) -> bool:
    """Whether a text is nothing but keys that are pressed together, as programs read them."""
    return _KEYS.fullmatch(text.strip()) is not None


def mnemonics(text: str, start: int, end: int, signs: str) -> Iterator[MarkupPiece]:
    """The mnemonic of a label, as markup on its word.

    Args:
        text: the characters.
        start, end: where the label stands.
        signs: what stands before the letter in such texts.
    """
    for sign in signs if end - start <= LONGEST else "":
        if sign not in text[start:end]:
            continue
        label = _DOUBLED.sub("  ", text[start:end])
        found = list(_PATTERNS[sign].finditer(label))
        if len(found) != 1 or label.count(sign) != len(found[0][0]):
            continue
        first, last = found[0].span()
        within = first > 0 and label[first - 1].isalnum()
        if _OTHER.search(label) or (within and len(label.split()) > FEW):
            continue
        if within and sign == "_" and not _BEGUN.search(label[:first]):
            continue
        first, last = start + first, start + last
        word = _END.match(text, last, end)
        stop = word.end() if word else end
        yield MarkupPiece(OPEN, first, last, name=sign)
        yield MarkupPiece(CLOSE, stop, stop, name=sign)
        return
