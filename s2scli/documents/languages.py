"""The language that a document says its translations are in."""

from __future__ import annotations

from s2scli.errors import BadInputError, UsageError

__all__ = ["check_target"]


def check_target(name: str, said: str, wanted: str) -> None:
    """Refuse a document whose translations are to be in another language than they would be.

    Args:
        name: the document's name, for messages.
        said: what it says, a code or a name; nothing if it does not.
        wanted: the language that the texts will be in; nothing if that is not known.

    Raises:
        BadInputError: the two are known, and not the same.
    """
    if not said or not wanted:
        return
    from s2scli.models.languages import find_language, same_language

    try:
        is_same = same_language(find_language(said), wanted)
    except UsageError:
        return  # no language that we know
    if not is_same:
        raise BadInputError(
            f"{name} says that its translations are in {said}; the model writes {wanted}",
            "Choose a model for that language, or change what the file says.",
        )
