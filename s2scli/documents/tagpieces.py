"""Escaped tags beside real elements: ``<g id="1">the &lt;b&gt;red&lt;/b&gt; car</g>``.

Both are markup on the words. A pair counts where it stands within one element, so that what is
written is still well nested.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from s2scli.data import Span
from s2scli.documents.codetags import CODE
from s2scli.documents.inlinetags import tags
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, POINT, TEXT, MarkupPiece

__all__ = ["tagged"]

OWN = "&"  # begins their names, which are not those of elements


def tagged(
    text: str, pieces: Sequence[MarkupPiece], decoded: Callable[[str], str]
) -> list[MarkupPiece]:
    """Pieces in which such tags are pieces too.

    Args:
        text: the document's characters.
        pieces: text and elements.
        decoded: returns what characters of the document say; a text that says something else
            than this is not divided.
    """
    runs = list(_runs(pieces))
    found = [_tags(text, run, decoded) for run in runs]
    if not any(found):
        return list(pieces)
    paired = _paired(runs, found)
    parts: list[MarkupPiece] = []
    for run, some in zip(runs, found, strict=True):
        parts += _divided(text, run, [tag for tag in some if tag[1:3] in paired], decoded)
    parts = list(_with_code(parts))
    first = next((n for n, piece in enumerate(parts) if piece.kind in (TEXT, KEPT)), len(parts))
    return [piece._replace(text="") for piece in parts[:first]] + parts[first:]


def _with_code(pieces: Sequence[MarkupPiece]) -> Iterator[MarkupPiece]:
    """Pieces in which the text of code stays."""
    inside = 0
    for piece in pieces:
        if piece.name[: len(OWN)] == OWN and piece.name[len(OWN) :] in CODE:
            inside += (piece.kind == OPEN) - (piece.kind == CLOSE)
        yield piece._replace(kind=KEPT) if inside and piece.kind == TEXT else piece


def _runs(pieces: Sequence[MarkupPiece]) -> Iterator[list[MarkupPiece]]:
    """Texts that touch, and each of the other pieces."""
    run: list[MarkupPiece] = []
    for piece in pieces:
        touches = run and run[-1].kind == TEXT == piece.kind and run[-1].end == piece.start
        if run and not touches:
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _tags(
    text: str, run: Sequence[MarkupPiece], decoded: Callable[[str], str]
) -> list[MarkupPiece]:
    """The tags in texts that touch, but none that begins or ends within what is not divided."""
    start, end = run[0].start, run[-1].end
    if run[0].kind != TEXT or not ("<" in text[start:end] or "lt;" in text[start:end]):
        return []
    starts = [piece.start for piece in run]

    def is_whole(place: int) -> bool:
        piece = run[bisect_right(starts, place) - 1]
        return place in (piece.start, piece.end) or piece.text == decoded(
            text[piece.start : piece.end]
        )

    found = (tag for tag in tags(text, start, end) if is_whole(tag.start) and is_whole(tag.end))
    return [
        tag._replace(name=OWN + tag.name, text=tag.text if _is_between(text, tag) else "")
        for tag in found
    ]


def _is_between(text: str, tag: MarkupPiece) -> bool:
    """Whether a tag stands between two words."""
    before, behind = text[tag.start - 1 : tag.start], text[tag.end : tag.end + 1]
    return behind.isalnum() and (before.isalnum() or before in tuple(".,:!?)>"))


def _paired(
    runs: Sequence[Sequence[MarkupPiece]], found: Sequence[Sequence[MarkupPiece]]
) -> set[Span]:
    """Where the tags are that stand for themselves, or have a partner in the same element."""
    paired: set[Span] = set()
    scopes: list[list[MarkupPiece]] = [[]]  # of each open element, the tags that are open in it
    for run, some in zip(runs, found, strict=True):
        if run[0].kind == OPEN:
            scopes.append([])
        elif run[0].kind == CLOSE:
            scopes = scopes[:-1] or [[]]
        for tag in some:
            open_ = scopes[-1]
            names = [each.name for each in open_]
            if tag.kind == OPEN:
                open_.append(tag)
            elif tag.kind == POINT:
                paired.add(tag[1:3])
            elif tag.name in names:
                place = len(names) - 1 - names[::-1].index(tag.name)
                paired |= {open_[place][1:3], tag[1:3]}
                del open_[place:]
    return paired


def _divided(
    text: str,
    run: Sequence[MarkupPiece],
    some: Sequence[MarkupPiece],
    decoded: Callable[[str], str],
) -> Iterator[MarkupPiece]:
    """A run with some tags as pieces."""
    waiting = list(some[::-1])
    for piece in run:
        reached = piece.start
        while waiting and waiting[-1].start < piece.end:
            tag = waiting[-1]
            if reached < tag.start:
                yield MarkupPiece(TEXT, reached, tag.start, decoded(text[reached : tag.start]))
            if tag.start >= piece.start:
                yield tag
            reached = min(tag.end, piece.end)
            if tag.end > piece.end:
                break
            waiting.pop()
        if reached == piece.start:
            yield piece
        elif reached < piece.end:
            yield MarkupPiece(TEXT, reached, piece.end, decoded(text[reached : piece.end]))
