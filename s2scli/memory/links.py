"""Links between words as a database keeps them."""

from __future__ import annotations

from s2scli.data import Link

__all__ = ["packed", "unpacked"]


def packed(links: tuple[Link, ...] | None) -> str | None:
    """Links as text: four numbers each, such as ``0-3:0-5``; None if they are not known."""
    if links is None:
        return None
    return " ".join(f"{start}-{end}:{first}-{last}" for start, end, first, last in links)


def unpacked(text: str | None) -> tuple[Link, ...] | None:
    """The links again."""
    if text is None:
        return None
    numbers = [tuple(map(int, link.replace(":", "-").split("-"))) for link in text.split()]
    return tuple((start, end, first, last) for start, end, first, last in numbers)
