"""Decoding options by name, as people give them in Python."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from s2scli.data import Decoding
from s2scli.errors import UsageError
from s2scli.inference.model import Model
from s2scli.plugs import suggestion

__all__ = ["named_decoding"]


def named_decoding(model: Model, given: dict[str, Any]) -> Decoding:
    """The decode of a model that options ask for; None and False are not given.

    Args:
        model: a model, ready for its job.
        given: fields of ``Decoding`` by name.

    Raises:
        UsageError: an option is unknown, out of range or contradicts another.
    """
    # Alignment is no search: the one task that can have it asks by an argument of its own.
    known = [entry.name for entry in fields(Decoding) if entry.name != "alignment"]
    # 0 is a value: it turns an option off that the model may set.
    given = {n: value for n, value in given.items() if value is not None and value is not False}
    for name in given:
        if name not in known:
            raise UsageError(f"There is no decoding option {name!r}", suggestion(name, known))
    decoding = model.decoding(given)
    for least, most in (("n_best", "beam_size"), ("min_length", "max_length")):
        low, high = getattr(decoding, least), getattr(decoding, most)
        if low > high and {least, most} <= given.keys():
            raise UsageError(f"{least} is {low}, more than {most}, which is {high}")
    # What the user says counts; the model's own value gives way.
    return replace(
        decoding,
        beam_size=max(decoding.beam_size, decoding.n_best),
        min_length=min(decoding.min_length, decoding.max_length),
    )
