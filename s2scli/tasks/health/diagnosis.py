"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BROKEN", "NOTE", "OK", "Diagnosis"]

OK = "ok"
NOTE = "note"
BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at.

    Attributes:
        name: what it is.
        value: what was found, as text.
        state: ``ok``; ``note`` for something that a person may want to change; ``broken`` for
            something needed that does not work.
        advice: what to do, as a sentence; empty if there is nothing to do.
    """

    name: str
    value: str
    state: str = OK
    advice: str = ""
