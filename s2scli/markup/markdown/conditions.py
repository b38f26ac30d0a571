"""Elements in a paragraph that are shown at times or elsewhere: no word goes in or out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from s2scli.data import Span
from s2scli.documents.borders import BLOCK
from s2scli.documents.htmlnames import VOID
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, POINT, MarkupPiece, element
from s2scli.markup.html.conditions import CONDITIONS, STRUCK, is_condition
from s2scli.markup.html.tokens import END, START, tokens
from s2scli.text.branches import DEEPEST, branching, crosses, is_within_word

__all__ = ["conditions_apart"]

_READ = CONDITIONS | {"class"}


def conditions_apart(content: str, pieces: Sequence[MarkupPiece]) -> list[list[MarkupPiece]] | None:
    """What is in each conditional element, and what is around them, where each is a point.

    None if one continues a word, if too many are in each other, or if other markup begins in a
    branch of a template and ends outside it.

    Args:
        content: the paragraph.
        pieces: its paired pieces.
    """
    if _is_crossed(content, pieces):
        return None
    parts: list[list[MarkupPiece]] = [[]]
    found: list[list[MarkupPiece]] = []
    opened: list[MarkupPiece | None] = []  # None is an element that is always shown
    cutting = set(_cutting(content, pieces))
    for number, piece in enumerate(pieces):
        if piece.kind == OPEN:
            is_one = number not in cutting and _is_conditional(content, piece)
            opened.append(piece if is_one else None)
            if is_one:
                parts.append([])
                if len(parts) > DEEPEST + 1:
                    return None
                continue
        elif piece.kind == CLOSE and (begin := opened.pop()):
            place, inside = (begin.start, piece.end), (begin.end, piece.start)
            if is_within_word(content, place, [inside]):
                return None
            found.append(parts.pop())
            before = parts[-1][-1] if parts[-1] else None
            if before and before.kind == POINT and before.end == begin.start:
                parts[-1].pop()  # those that touch stay beside each other
                place = before.start, piece.end
            piece = MarkupPiece(POINT, *place)
        elif piece.kind == POINT and _is_conditional(content, piece):
            piece = piece._replace(name=BLOCK)  # its partner is elsewhere
        parts[-1].append(piece)
    return [*found, *parts]


def _cutting(content: str, pieces: Sequence[MarkupPiece]) -> Iterator[int]:
    """The numbers of the pieces that begin what is struck out of a word."""
    opened: list[tuple[int, MarkupPiece]] = []
    for number, piece in enumerate(pieces):
        if piece.kind == OPEN:
            opened.append((number, piece))
        elif piece.kind == CLOSE:
            first, begin = opened.pop()
            place, inside = (begin.start, piece.end), (begin.end, piece.start)
            if element(begin) in STRUCK and is_within_word(content, place, [inside]):
                yield first


def _is_crossed(content: str, pieces: Sequence[MarkupPiece]) -> bool:
    """Whether markup is on a part of a branch of a template and on what is around it."""
    tags = set(branching(content).tags)
    if not tags:
        return False
    opened: list[int] = []
    spans: list[Span] = []
    shown, reached = list[str](), 0  # without code, whose tags are none
    for piece in pieces:
        if piece.kind == OPEN:
            opened.append(piece.start)
        elif piece.kind == CLOSE:
            spans.append((opened.pop(), piece.end))
        elif piece.kind == KEPT and (piece.start, piece.end) not in tags:
            shown += [content[reached : piece.start], "x" * (piece.end - piece.start)]
            reached = piece.end
    return crosses("".join([*shown, content[reached:]]), spans)


def _is_conditional(content: str, piece: MarkupPiece) -> bool:
    """Whether a piece is one tag of such an element that has content."""
    if content[piece.start : piece.start + 1] != "<":
        return piece.name in STRUCK
    raw = content[piece.start : piece.end]
    tag, *more = [*tokens(raw, _READ, CONDITIONS)]
    if more or tag.kind not in (START, END) or tag.empty or tag.name in VOID:
        return False
    return is_condition(raw, tag.name, tag)
