"""The languages that a document says it is in, or its translations are in."""

from __future__ import annotations

from functools import lru_cache

from s2scli.errors import BadInputError, UsageError

__all__ = ["check_source", "check_target", "is_other", "is_same", "locale"]


def check_source(name: str, said: str, read: str) -> None:
    """Refuse a document whose texts are in another language than the model reads.

    Args:
        name: the document's name, for messages.
        said: what it says, a code or a name; nothing if it does not.
        read: the language that the model reads; nothing if that is not known.

    Raises:
        BadInputError: the two are known, and not the same.
    """
    if is_other(said, read):
        raise BadInputError(
            f"{name} says that its texts are in {said}; the model reads {read}",
            "Choose a model that reads that language, or change what the file says.",
        )


def check_target(name: str, said: str, wanted: str) -> None:
    """Refuse a document whose translations are to be in another language than they would be.

    Args:
        name: the document's name, for messages.
        said: what it says, a code or a name; nothing if it does not.
        wanted: the language that the texts will be in; nothing if that is not known.

    Raises:
        BadInputError: the two are known, and not the same.
    """
    if is_other(said, wanted, written=True):
        raise BadInputError(
            f"{name} says that its translations are in {said}; the model writes {wanted}",
            "Choose a model for that language, or change what the file says.",
        )


@lru_cache(maxsize=1024)
def is_other(said: str, language: str, *, written: bool = False) -> bool:
    """Whether two languages are known, and not the same.

    Args:
        said: what a document says, a code or a name; nothing if it does not.
        language: that of a model; nothing if that is not known.
        written: whether another script is another language.
    """
    if not said or not language:
        return False
    from s2scli.languages.codes import is_group, primary_code, same_language

    try:
        known = _known(said)
        if known in ("und", "mul", "zxx") or is_group(language):
            return False
        if not written and primary_code(known) == primary_code(language):
            return False
        return not same_language(known, language)
    except UsageError:
        return False  # no language that we know


@lru_cache(maxsize=1024)
def is_same(said: str, language: str) -> bool:
    """Whether a document says that it is in a language, in whatever region.

    Args:
        said: what the document says, a code or a name.
        language: the code of the language.
    """
    from s2scli.languages.codes import primary_code

    try:
        return primary_code(_known(said)) == primary_code(language)
    except UsageError:
        return False


def _known(said: str) -> str:
    """The code of a language by its code or name, also with more in brackets: ``German (de)``.

    Raises:
        UsageError: it is none that we know.
    """
    from s2scli.languages.codes import find_language

    try:
        return find_language(said.replace("_", "-"))
    except UsageError:
        name, bracket, _ = said.partition("(")
        if not bracket:
            raise
        return find_language(name.strip().replace("_", "-"))


def locale(language: str) -> str:
    """A language with the territory where most speak it: ``de`` → ``de_DE``."""
    from langcodes import Language

    found = Language.get(language).maximize()
    return f"{found.language}_{found.territory}" if found.territory else language
