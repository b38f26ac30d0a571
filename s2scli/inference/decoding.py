"""Decoding options by name, as people give them in Python."""

from __future__ import annotations

import math
import sys
import warnings
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from s2scli.data import Decoding
from s2scli.errors import UsageError
from s2scli.inference.engines.contract import RankingEngine
from s2scli.inference.model import Model
from s2scli.plugs import suggestion
from s2scli.text.oneline import has_break
from s2scli.text.reading import checked

__all__ = [
    "check_attention",
    "check_room",
    "copying",
    "lengths_at_odds",
    "named_decoding",
    "ranking_engine",
]

# No search options: the one task that has them uses separate arguments.
OF_TRANSLATIONS = ("alignment", "detail", "replace_unknowns")
# What other libraries call some options.
ELSEWHERE = {
    "num_beams": "beam_size",
    "num_hypotheses": "n_best",
    "num_return_sequences": "n_best",
    "max_new_tokens": "max_length",
    "max_decoding_length": "max_length",
    "min_new_tokens": "min_length",
    "min_decoding_length": "min_length",
}
MOST_DECIDED = 256


class Decided(NamedTuple):
    """The decoding options for what was given, and what must be said of them."""

    decoding: Decoding
    notes: tuple[str, ...]


Key = frozenset[tuple[str, type, float]]
# To check the options takes longer than all else that a server does for a short text.
_DECIDED: WeakKeyDictionary[Model, dict[Key, Decided]] = WeakKeyDictionary()


def named_decoding(model: Model, given: dict[str, Any]) -> Decoding:
    """The decoding options of a model for options by name; None means not given.

    Args:
        model: a model, ready for its job.
        given: fields of ``Decoding`` by name.

    Raises:
        UsageError: an option is unknown, out of range or contradicts another.
        BadInputError: a text in one contains NUL or an unpaired surrogate.
    """
    # 0 and False are values: they turn off what the model sets.
    given = {name: value for name, value in given.items() if value is not None}
    decided = _DECIDED.setdefault(model, {})
    key = _key(given)
    if key is None or (found := decided.get(key)) is None:
        found = _decide(model, given)
        if key is not None and len(decided) < MOST_DECIDED:
            decided[key] = found
    for note in found.notes:
        warnings.warn(note, stacklevel=_callers_level())
    return found.decoding


def _callers_level() -> int:
    """How many frames above its caller the first one outside this package is, from 1."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back and frame.f_globals["__name__"].startswith("s2scli."):
        level, frame = level + 1, frame.f_back
    return level


def _key(given: Mapping[str, Any]) -> Key | None:
    """What options are remembered by; None for those that are texts, lists, or read from files."""
    if not all(isinstance(value, int | float) for value in given.values()) or "shortlist" in given:
        return None
    return frozenset((name, type(value), value) for name, value in given.items())


def _decide(model: Model, given: dict[str, Any]) -> Decided:
    """The decoding options for those that were given, and what must be said of them."""
    known = [entry.name for entry in fields(Decoding) if entry.name not in OF_TRANSLATIONS]
    known.append("suppress_words")
    for name in given:
        if name not in known:
            raise UsageError(
                f"There is no decoding option {name!r}",
                suggestion(ELSEWHERE.get(name, name), known),
            )
        for text in _texts(given[name]):
            checked(text, name)
    prefix = given.get("prefix")
    if isinstance(prefix, list):  # tokens are a tuple
        raise UsageError("prefix must be one text, which all outputs begin with, not a list")
    if isinstance(prefix, str) and has_break(prefix.strip()):
        raise UsageError("The prefix has a line break; it must be one line")
    decoding = model.decoding(given)
    notes: list[str] = []
    most = given.get("max_length")
    if isinstance(most, int) and decoding.max_length < most:
        notes.append(
            f"max_length is {most}, more than {model.manifest.name} can write; "
            f"it is {decoding.max_length}"
        )
    check_room(decoding)
    if note := lengths_at_odds(decoding, given, model.manifest.max_source_tokens):
        notes.append(note)
    several = not decoding.sample and {"n_best", "beam_size"} <= given.keys()
    _check_bound(decoding, "n_best", "beam_size", several)
    if decoding.max_ratio:
        _check_bound(decoding, "min_ratio", "max_ratio", wanted=True)
    _check_bound(decoding, "min_length", "max_length", isinstance(given.get("min_length"), int))
    # The user's value wins; the model's own is adapted to it.
    adapted = replace(
        decoding,
        beam_size=1 if decoding.sample else max(decoding.beam_size, decoding.n_best),
        min_length=min(decoding.min_length, decoding.max_length),
    )
    return Decided(adapted, tuple(notes))


def _texts(value: object) -> Iterator[str]:
    """The texts in the value of an option: itself, or those of its lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def check_room(decoding: Decoding) -> None:
    """Refuse a prefix that leaves no room for an output.

    Args:
        decoding: the options.

    Raises:
        UsageError: it does.
    """
    if decoding.prefix and len(decoding.prefix) + 1 >= decoding.max_length:
        raise UsageError(
            f"The prefix has {len(decoding.prefix)} tokens, and an output has at most "
            f"{decoding.max_length}"
        )


def lengths_at_odds(decoding: Decoding, given: Mapping[str, Any], longest: int) -> str:
    """What must be said of a minimum and a maximum of which one is a multiple of the source's.

    Args:
        decoding: the options.
        given: what the user gave, by name.
        longest: the most tokens of a source.

    Returns:
        A sentence without a full stop if the minimum is above the maximum for some sources: for
        these the maximum counts. Otherwise nothing.

    Raises:
        UsageError: it is for all sources.
    """
    least, most = given.get("min_length"), given.get("max_length")
    if least is None or most is None or isinstance(least, str) == isinstance(most, str):
        return ""
    sizes = range(1, longest + 1)
    first, last = _gives_way(decoding, sizes[0]), _gives_way(decoding, sizes[-1])
    what = f"the minimum length of {least} is not below the maximum of {most}"
    if first and last:
        raise UsageError(f"For every source {what}")
    if first == last:
        return ""
    border = sizes[bisect_left(sizes, True, key=lambda size: _gives_way(decoding, size) == last)]
    which = f"fewer than {border}" if first else f"{border} or more"
    return f"for sources of {which} tokens {what}; there the maximum counts"


def _gives_way(decoding: Decoding, tokens: int) -> bool:
    """Whether the minimum is lower for a source of so many tokens, because the maximum is."""
    wanted = max(decoding.min_length, math.floor(round(decoding.min_ratio * tokens, 6)))
    return wanted > decoding.sized(tokens).min_length


def copying(model: Model, decoding: Decoding) -> Decoding:
    """The decoding with words of the source instead of unknown tokens.

    Raises:
        UsageError: the model's engine gives no attention.
    """
    check_attention(model, "replace_unknowns")
    return replace(decoding, replace_unknowns=True)


def check_attention(model: Model, what: str) -> None:
    """Refuse what needs attention for a model whose engine gives none.

    Args:
        model: the model.
        what: the option that needs it.

    Raises:
        UsageError: its engine gives none.
    """
    for one in (model.before.model, model) if model.before else (model,):
        if not one.engine.attends:
            raise UsageError(
                f"{what} needs attention, and the engine of {one.manifest.name} gives none",
                "Leave it out, or take another model: those that CTranslate2 runs give it.",
            )


def ranking_engine(model: Model) -> RankingEngine:
    """The engine of a model, which tells what else the model could have written.

    Raises:
        UsageError: it does not.
    """
    if isinstance(model.engine, RankingEngine):
        return model.engine
    raise UsageError(
        "The workers of a cluster do not tell what a model could have written instead",
        "Run the model on this machine.",
    )


def _check_bound(decoding: Decoding, least: str, most: str, wanted: bool) -> None:
    """Refuse a number above its bound if the user gave it.

    Raises:
        UsageError: it is.
    """
    low, high = getattr(decoding, least), getattr(decoding, most)
    if wanted and low > high:
        raise UsageError(f"{least} is {low}, more than {most}, which is {high}")
