"""Messages on sockets: a length and so many bytes; lists of bytes within them. Data, nothing else.

Lengths are 32 bits, most significant byte first.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class Stream(Protocol):
        """What bytes come from."""

        def recv(self, size: int, /) -> bytes:
            """Up to so many bytes; none at the end."""


__all__ = [
    "MOST_BYTES",
    "ROOM",
    "framed",
    "length_of",
    "packed",
    "read_body",
    "read_frame",
    "unpacked",
]

ROOM = 4  # bytes of a length
MOST_BYTES = 256 << 20  # of a message


def packed(items: Iterable[bytes]) -> bytes:
    """Some items as one."""
    return b"".join(len(item).to_bytes(ROOM, "big") + item for item in items)


def unpacked(data: bytes) -> list[bytes]:
    """The items of ``packed``.

    Raises:
        ValueError: it is something else.
    """
    items, place = [], 0
    while place < len(data):
        start = place + ROOM
        place = start + int.from_bytes(data[place:start], "big")
        if place > len(data) or start > len(data):
            raise ValueError("a message is cut off")
        items.append(data[start:place])
    return items


def framed(items: Iterable[bytes]) -> bytes:
    """A message of some items."""
    return packed([packed(items)])


def length_of(head: bytes) -> int:
    """How many bytes a message has after its length.

    Raises:
        ValueError: more than any has.
    """
    if (length := int.from_bytes(head, "big")) > MOST_BYTES:
        raise ValueError("a message is too long")
    return length


def read_frame(stream: Stream) -> list[bytes] | None:
    """Wait for a message; its items, or None at the end of the stream.

    Raises:
        ValueError: it is none.
    """
    return read_body(stream, _read(stream, ROOM))


def read_body(stream: Stream, head: bytes) -> list[bytes] | None:
    """The items of a message whose length has been read; None at the end of the stream.

    Raises:
        ValueError: it is none.
    """
    if len(head) < ROOM:
        return None
    length = length_of(head)
    data = _read(stream, length)
    return unpacked(data) if len(data) == length else None


def _read(stream: Stream, size: int) -> bytes:
    parts = []
    while size and (part := stream.recv(min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
