"""Lines, byte for byte: bytes in, segments out. Endings are kept, a byte order mark is dropped.

Only ``\\n`` ends a line. U+2028, U+0085, ``\\v``, ``\\f`` and a lone ``\\r`` are ordinary
characters; a ``\\r`` before ``\\n`` belongs to the ending.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s2scli.data import Segment
from s2scli.errors import BadInputError
from s2scli.text.reading import Read, Replaced, decode, opened

__all__ = ["read_segments"]


def read_segments(
    sources: Iterable[tuple[str, Read]],
    errors: str = "strict",
    replaced: Replaced | None = None,
) -> Iterator[list[Segment]]:
    """Read the lines of several inputs one after the other, in blocks of what is available.

    Args:
        sources: for each, its name and a function that gives the next bytes as soon as there are
            any, and none at the end.
        errors: ``strict``, or ``replace`` for U+FFFD instead of what is not UTF-8.
        replaced: told of each line, as "name: line N, byte N", in which something was replaced.

    Yields:
        Lists of segments, numbered through all sources. A source that does not end in a line
        break is given one if another follows, so that no two lines run together.

    Raises:
        BadInputError: a line is not UTF-8, or a source not text; all lines before it have been
            yielded.
    """
    index = 0
    held: Segment | None = None  # the last line of a source, if it has no ending
    for name, read in sources:
        number = 0
        for lines in _split(opened(name, read), strict=errors == "strict"):
            block = []
            if held is not None:
                block.append(Segment(held.index, held.text, "\n"))
                held = None
            try:
                for line in lines:
                    number += 1
                    block.append(_segment(line, index, name, number, errors, replaced))
                    index += 1
            except BadInputError:
                yield block
                raise
            if block and not block[-1].ending:
                held = block.pop()
            if block:
                yield block
    if held is not None:
        yield [held]


def _split(read: Read, *, strict: bool) -> Iterator[list[bytes]]:
    """Blocks of whole lines with their endings; the last line may have none.

    Args:
        read: gives the bytes.
        strict: whether a line with NUL is refused: the rest of one that has no end would be held.
    """
    rest: list[bytes] = []  # fragments of one line, joined only once, since a line may be very long
    while data := read():
        head, newline, tail = data.rpartition(b"\n")
        if newline:
            lines = (b"".join(rest) + head).split(b"\n")
            rest = [tail] if tail else []
            yield [line + b"\n" for line in lines]
        else:
            rest.append(data)
            if strict and 0 in data:
                break
    if rest:
        yield [b"".join(rest)]


def _segment(
    line: bytes,
    index: int,
    name: str,
    number: int,
    errors: str,
    replaced: Replaced | None,
) -> Segment:
    ending = ""
    if line.endswith(b"\n"):
        ending = "\r\n" if line.endswith(b"\r\n") else "\n"
    body = line[: len(line) - len(ending)]

    def place(offset: int) -> str:
        return f"{name}: line {number}, byte {offset + 1}"

    return Segment(index, decode(body, name, place, errors, replaced), ending)
