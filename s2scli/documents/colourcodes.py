"""Codes of games for how what follows looks: ``&cRed&r``, ``§lbold§r``, ``|cff00ff00so|r``.

Signs that prose has too (``R&D``, ``§ 5``, ``a|b``, ``x^2``) are such codes where a text has one
that is sure, for the program takes all of them for codes then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from s2scli.data import Span
from s2scli.documents.pieces import CLOSE, OPEN, POINT, Finder, MarkupPiece

__all__ = ["has_looks", "looks_of"]

_CODE = "[0-9a-fk-or]"  # of Minecraft (https://minecraft.wiki/w/Formatting_codes)
_HEX = "[0-9a-fA-F]"
_MAIL = r"(?:Books?|Mails?|Commerce|Learning|Sports?|Reader|Shop)\b"
_ENTITY = r"(?!&(?:[A-Za-z]\w{1,30}|#\w{1,8});)"


def _minecraft(sign: str) -> str:
    """One code or several behind a sign; one that takes looks back is alone."""
    one = rf"{sign}(?:x(?:{sign}{_HEX}){{6}}|#{_HEX}{{6}}|{_CODE})"
    return rf"(?:{_ENTITY}{sign}r|(?:{_ENTITY}(?!{sign}r){one})+)"


class _Codes:
    """The codes of a game.

    Args:
        sign: the character that each of them has.
        sure: what is one in any text.
        code: what is one where there is a sure one.
        close: what ends what another began.
    """

    def __init__(self, sign: str, sure: str, code: str, close: str) -> None:
        self.sign = sign
        self.sure, self.code, self.close = map(re.compile, (sure, code, close))


_AFTER = " \n.,:;!?)]}>»”’'\""  # what stands behind a word

_BRACKETED = re.compile(rf"(?P<open>\[c/{_HEX}{{6}}:)[^\[\]\n]{{1,500}}(?P<close>\])")  # Terraria
_GAMES = (
    # What stands before a figure alone is a section.
    _Codes("§", r"§(?:[a-fk-or](?=\S)|x§|\d(?=[^\W\d_]|§))", _minecraft("§"), "§r"),
    _Codes(
        "&",
        rf"(?<![\w&]){_ENTITY}&(?:#{_HEX}{{6}}|x&|{_CODE}&{_CODE}|\d(?=[^\W\d_]|[\[({{<%])|"
        rf"[a-fk-or](?=[^\w\s=.,;:&)]|[^\W\d_a-z])(?!(?<=e){_MAIL})|"
        r"[a-fk-o](?=[a-z])[^&\n]{1,200}&r(?!\w))",
        _minecraft("&"),
        "&r",
    ),
    _Codes(
        "|",
        rf"\|c{_HEX}{{8}}|\|cn[A-Z_]+:|\|H[a-z]\w*:[^|\n]*\|h",
        rf"\|(?:c(?:{_HEX}{{8}}|n[A-Z_]+:)|H[a-z]\w*:[^|\n]*\|h|[rh])",
        r"\|[rh]",
    ),
    _Codes("^", r"(?<![\w)\]}.,*^])\^\d(?=[^\W\d_])", r"\^\d(?!\^)", r"(?!)"),
)


def has_looks(text: str) -> bool:
    """Whether there are such codes in a text."""
    return _BRACKETED.search(text) is not None or _game(text) is not None


def looks_of(text: str) -> Finder | None:
    """What finds the codes of a text; None if it has none."""
    if "[c/" in text:
        return _coloured
    game = _game(text)
    return partial(_codes, game) if game else None


def _game(text: str) -> _Codes | None:
    """Whose codes are in a text."""
    return next((g for g in _GAMES if g.sign in text and g.sure.search(text)), None)


def _coloured(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    for coloured in _BRACKETED.finditer(text, start, end):
        yield MarkupPiece(OPEN, *coloured.span("open"), name="[c")
        yield MarkupPiece(CLOSE, *coloured.span("close"), name="[c")


def _codes(game: _Codes, text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    found = game.code.finditer(text, start, end)
    codes = [code for code in found if not _is_apart(text, code)]
    if codes:
        yield from (_closed if game.sign == "|" else _switched)(game, text, codes, (start, end))


def _is_apart(text: str, code: re.Match[str]) -> bool:
    """Whether there is white space on both sides of a code: it is on no word."""
    first, last = code.span()
    return text[max(0, first - 1) : first].isspace() and text[last : last + 1].isspace()


def _closed(
    game: _Codes, text: str, codes: list[re.Match[str]], place: Span
) -> Iterator[MarkupPiece]:
    """Codes of which some end what others began."""
    for code in codes:
        name = "|H" if code[0][:2] in ("|H", "|h") else game.sign
        kind = CLOSE if game.close.fullmatch(code[0]) else OPEN
        yield MarkupPiece(kind, *code.span(), name=name)


def _switched(
    game: _Codes, text: str, codes: list[re.Match[str]], place: Span
) -> Iterator[MarkupPiece]:
    """Codes that hold until the next one: they are on the words up to there."""
    starts = [code.start() for code in codes]
    ends = [_ends(game, text, code, place) for code in codes]
    is_begun, reached = False, place[0]  # whether there was text before
    for code, stop, is_end, next_ends in zip(
        codes, [*starts[1:], place[1]], ends, [*ends[1:], False], strict=True
    ):
        is_begun = is_begun or bool(text[reached : code.start()].strip())
        reached = code.end()
        stop = reached + len(text[reached:stop].rstrip())
        if is_end:
            yield MarkupPiece(CLOSE, *code.span(), name=game.sign)
        elif next_ends:
            yield MarkupPiece(OPEN, *code.span(), name=game.sign)
        elif is_begun and any(map(str.isalnum, text[reached:stop])):
            yield MarkupPiece(OPEN, *code.span(), name=game.sign)
            yield MarkupPiece(CLOSE, stop, stop, name=game.sign)
        else:
            yield MarkupPiece(POINT, *code.span())


def _ends(game: _Codes, text: str, code: re.Match[str], place: Span) -> bool:
    """Whether a code ends what another began, for it stands behind a word."""
    before, behind = text[place[0] : code.start()][-1:], text[code.end() : place[1]][:1]
    is_behind = bool(before.strip()) and before not in "([{<"
    return bool(game.close.fullmatch(code[0])) or (is_behind and (not behind or behind in _AFTER))
