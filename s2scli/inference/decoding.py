"""Decoding options by name, as people give them in Python."""

from __future__ import annotations

import warnings
from dataclasses import fields, replace
from typing import Any

from s2scli.data import Decoding
from s2scli.errors import UsageError
from s2scli.inference.model import Model
from s2scli.plugs import suggestion

__all__ = ["check_room", "named_decoding"]


def named_decoding(model: Model, given: dict[str, Any]) -> Decoding:
    """The decoding options of a model for options by name; None means not given.

    Args:
        model: a model, ready for its job.
        given: fields of ``Decoding`` by name.

    Raises:
        UsageError: an option is unknown, out of range or contradicts another.
    """
    # Alignment is not a search option: the one task that has it uses a separate argument.
    known = [entry.name for entry in fields(Decoding) if entry.name != "alignment"]
    known.append("suppress_words")
    # 0 and False are values: they turn off what the model sets.
    given = {name: value for name, value in given.items() if value is not None}
    for name in given:
        if name not in known:
            raise UsageError(f"There is no decoding option {name!r}", suggestion(name, known))
    decoding = model.decoding(given)
    most = given.get("max_length")
    if isinstance(most, int) and decoding.max_length < most:
        warnings.warn(
            f"max_length is {most}, more than {model.manifest.name} can write; "
            f"it is {decoding.max_length}",
            stacklevel=3,
        )
    check_room(decoding)
    _check_bound(decoding, "n_best", "beam_size", {"n_best", "beam_size"} <= given.keys())
    if decoding.max_ratio:
        _check_bound(decoding, "min_ratio", "max_ratio", wanted=True)
    _check_bound(decoding, "min_length", "max_length", isinstance(given.get("min_length"), int))
    # The user's value wins; the model's own is adapted to it.
    return replace(
        decoding,
        beam_size=max(decoding.beam_size, decoding.n_best),
        min_length=min(decoding.min_length, decoding.max_length),
    )


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


def _check_bound(decoding: Decoding, least: str, most: str, wanted: bool) -> None:
    """Refuse a number above its bound if the user gave it.

    Raises:
        UsageError: it is.
    """
    low, high = getattr(decoding, least), getattr(decoding, most)
    if wanted and low > high:
        raise UsageError(f"{least} is {low}, more than {most}, which is {high}")
