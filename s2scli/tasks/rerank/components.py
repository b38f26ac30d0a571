"""What hypotheses are ranked by, as a person writes it.

``KIND:ARGUMENT=WEIGHT``: ``mbr:chrf``, ``reverse:de-en=0.5``, ``ensemble:M2,M3``,
``qe:wmt22-cometkiwi-da``, ``score=0.3``.
The total of a hypothesis is the sum of its components, each times its weight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from s2scli.errors import UsageError
from s2scli.metrics import METRICS
from s2scli.plugs import suggestion

__all__ = ["ENSEMBLE", "MBR", "QUALITY", "REVERSE", "SCORE", "UTILITIES", "Component", "parse"]

SCORE, MBR, REVERSE, ENSEMBLE, QUALITY = "score", "mbr", "reverse", "ensemble", "qe"
FORMS = "mbr:METRIC, reverse:MODEL, ensemble:MODEL,…, qe:MODEL or score=WEIGHT"
# Metrics that say how alike two sentences are: neither the rarity of words in a corpus nor lengths.
UTILITIES = tuple(name for name in METRICS if name not in ("cider", "length-ratio"))


class Component(NamedTuple):
    """A number that each hypothesis has.

    Attributes:
        kind: ``score``, ``mbr``, ``reverse``, ``ensemble`` or ``qe``.
        argument: the metric, or the model as a person names it; empty for the score.
        weight: what it is multiplied by.
    """

    kind: str
    argument: str
    weight: float

    @property
    def name(self) -> str:
        """What it is called in outputs and messages: ``mbr:chrf``."""
        return f"{self.kind}:{self.argument}" if self.argument else self.kind

    @property
    def forces(self) -> bool:
        """Whether another model computes it, by the probability that it gives to a text."""
        return self.kind in (REVERSE, ENSEMBLE)

    @property
    def asks_a_model(self) -> bool:
        """Whether another model computes it, which reads the source."""
        return self.forces or self.kind == QUALITY


def parse(specs: Sequence[str]) -> tuple[Component, ...]:
    """The components of a ranking; the hypotheses' own score is always the first.

    Its weight is 1 beside other models, whose log-probabilities are of its kind, and 0 where there
    is only ``mbr`` or ``qe``; ``score=WEIGHT`` sets it.

    Raises:
        UsageError: one is unknown, has a bad weight or one without effect, or stands twice; or
            there is none.
    """
    found: dict[str, Component] = {}
    for spec in specs:
        for component in _parsed(spec):
            if component.name in found:
                raise UsageError(f"--rerank {component.name} is given twice")
            found[component.name] = component
    if not found:
        raise UsageError("There is nothing to rank by", f"Give {FORMS}.")
    beside = any(component.forces for component in found.values())
    own = found.pop(SCORE, None)
    if own and not own.weight and not beside:  # as it is without being said
        raise _without_effect(f"{SCORE}=0")
    own = own or Component(SCORE, "", float(beside))
    return own, *found.values()


def _parsed(spec: str) -> list[Component]:
    given, _, number = spec.rpartition("=")
    weight = _weight(number, spec) if given else 1.0
    kind, _, argument = (given or spec).strip().partition(":")
    if kind == SCORE and not argument:
        return [Component(SCORE, "", weight)]
    if kind not in (MBR, REVERSE, ENSEMBLE, QUALITY) or not argument:
        raise UsageError(f"--rerank {spec!r} is nothing to rank by", f"Give {FORMS}.")
    if not weight:
        raise _without_effect(spec)
    if kind == MBR and argument not in UTILITIES:
        raise UsageError(
            f"--rerank {spec}: there is no such metric of sentences",
            suggestion(argument, UTILITIES),
        )
    names = argument.split(",") if kind == ENSEMBLE else [argument]
    if not all(names):
        raise UsageError(f"--rerank {spec}: the name of a model is empty")
    return [Component(kind, name, weight) for name in names]


def _without_effect(spec: str) -> UsageError:
    return UsageError(f"--rerank {spec} has no effect: its weight is 0", "Leave it out.")


def _weight(number: str, spec: str) -> float:
    """The weight of a component.

    Raises:
        UsageError: it is no finite number.
    """
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight):
        raise UsageError(
            f"--rerank {spec}: the weight {number!r} is not a number",
            "What follows the last = is the weight.",
        )
    return weight
