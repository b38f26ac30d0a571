"""What whoever uses a translated string must know of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from s2scli.documents.bracketed import bracket_remarks
from s2scli.documents.icu import arguments, ordinal_remarks
from s2scli.documents.inlinemacros import link_names

__all__ = ["string_remarks"]


def string_remarks(text: str, wanted: Sequence[str], target: str) -> Iterator[str]:
    """The remarks on a string.

    Args:
        text: the string.
        wanted: the categories of plurals that only the target language has.
        target: the code of that language; empty if not known.
    """
    if wanted and _has_nested(text):
        forms = ", ".join(wanted)
        yield f"Plurals with choices within have no forms that only {target} has ({forms})."
    yield from ordinal_remarks(text, target)
    if names := link_names(text):
        yield names
    yield from bracket_remarks(text)


def _has_nested(text: str) -> bool:
    """Whether there are plurals with branches within their branches."""
    return any(
        argument.is_plural and next(arguments(text, *branch), None)
        for argument in arguments(text, 0, len(text))
        for branch in argument.branches
    )
