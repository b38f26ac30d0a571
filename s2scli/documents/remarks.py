"""How remarks name what they speak of: the first of it, and how much more there is."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["lines_named", "named", "renew", "terms_renamed"]

NAMED = 5  # that are named


def named(things: Iterable[object]) -> str:
    """Things by name, each once: ``1, 2 and 3 more``."""
    found = list(dict.fromkeys(map(str, things)))
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return ", ".join(found[:NAMED]) + more


def lines_named(text: str, places: Iterable[int]) -> str:
    """The lines that places of a text are in, by their numbers.

    Args:
        text: characters whose lines end with a line feed.
        places: in their order.
    """
    lines, number, reached = [], 1, 0
    for place in places:
        number += text.count("\n", reached, place)
        reached = place
        lines.append(number)
    return f"{'lines' if len(set(lines)) > 1 else 'line'} {named(lines)}"


def renew(remarks: list[str], what: str, things: Iterable[object]) -> None:
    """Put a remark in, or in the place of the one that said less of the same.

    Args:
        remarks: those that there are.
        what: how it begins.
        things: what it names.
    """
    remarks[:] = [one for one in remarks if not one.startswith(f"{what}: ")]
    if found := named(things):
        remarks.append(f"{what}: {found}.")


def terms_renamed(terms: Iterable[str]) -> str:
    """That a glossary's terms become others, which roles in other documents do not know."""
    return (
        "Terms of a glossary are translated; roles in other documents must name the new ones: "
        f"{named(map(repr, terms))}."
    )
