"""Decoding options by name, as people give them in Python."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from s2scli.data import Decoding
from s2scli.errors import UsageError
from s2scli.inference.model import Model

__all__ = ["named_decoding"]


def named_decoding(model: Model, given: dict[str, Any]) -> Decoding:
    """The decode of a model that options ask for; None and False are not given.

    Args:
        model: a model, ready for its job.
        given: fields of ``Decoding`` by name.

    Raises:
        UsageError: an option is unknown.
    """
    # Alignment is no search: the one task that can have it asks by an argument of its own.
    known = [entry.name for entry in fields(Decoding) if entry.name != "alignment"]
    # 0 is a value: it turns an option off that the model may set.
    given = {n: value for n, value in given.items() if value is not None and value is not False}
    for name in given:
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, n=1)
            raise UsageError(
                f"There is no decoding option {name!r}",
                f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}.",
            )
    return model.decoding(given)
