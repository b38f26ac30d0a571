"""The two models of a translation through a third language."""

from __future__ import annotations

from pathlib import Path

from s2scli.errors import UsageError
from s2scli.languages.codes import same_language
from s2scli.models.store import Wish

__all__ = ["two_wishes"]


def two_wishes(wish: Wish, via: str) -> tuple[Wish, Wish]:
    """What is asked of the first model, and of the second.

    Args:
        wish: what is asked of both; its name is that of one model for both, or ``FIRST,SECOND``.
        via: the language between, by any name or code.

    Raises:
        UsageError: the language between is one of the two others or none, languages are missing,
            or there are more than two names.
    """
    source, target = wish.source_language, wish.target_language
    for language, what in ((source, "input"), (target, "output")):
        if language and same_language(via, language):
            raise UsageError(
                f"The language between cannot be {via!r}, which is that of the {what}",
                "Leave out --via (via= in Python).",
            )
    if wish.name is None and not (source and target):
        raise UsageError(
            "Translation through another language needs --from and --to, or two models",
            "Give --from LANG --to LANG, or -m FIRST,SECOND.",
        )
    first, second = _names(wish.name)
    return (
        wish._replace(name=first, target_language=via),
        wish._replace(name=second, source_language=via),
    )


def _names(name: str | None) -> tuple[str | None, str | None]:
    if name is None or "," not in name or Path(name).exists():
        return name, name
    names = [part.strip() for part in name.split(",")]
    if len(names) != 2 or not all(names):
        raise UsageError(
            f"{name!r} does not name two models", "Write -m FIRST,SECOND: one for each step."
        )
    return names[0], names[1]
