"""What annotators can be asked, and on which scales they answer."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "DIRECT",
    "KINDS",
    "MQM",
    "PREFERENCES",
    "RELATIVE",
    "SUMMARY",
    "Criterion",
    "criteria_of",
]

DIRECT, RELATIVE, MQM, SUMMARY = "direct", "relative", "mqm", "summary"

# Kind → what is asked, and the criteria that are rated on a scale.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    DIRECT: ("rate each translation", ("adequacy", "fluency")),
    RELATIVE: ("choose the better one of two", ()),
    MQM: ("mark the errors of each translation", ()),
    SUMMARY: ("rate each summary", ("relevance", "consistency", "fluency", "coherence")),
}
# Which side is better; ``tie`` if neither is.
PREFERENCES = ("left", "right", "tie")
# The scale of direct assessment (Graham et al. 2017, https://doi.org/10.1017/S1351324915000339).
PERCENT = 100
SUMMARY_POINTS = 5


class Criterion(NamedTuple):
    """What is rated, and the numbers that are allowed.

    Attributes:
        name: such as ``adequacy``.
        least: the worst rating.
        most: the best rating.
    """

    name: str
    least: int
    most: int


def criteria_of(kind: str, points: int = PERCENT) -> tuple[Criterion, ...]:
    """The criteria of a kind; none if nothing is rated on a scale.

    Args:
        kind: a key of ``KINDS``.
        points: the best rating of direct assessment: 100 for a scale from 0, else one from 1.
            Summaries are always rated from 1 to 5, as in SummEval (Fabbri et al. 2021,
            https://doi.org/10.1162/tacl_a_00373).
    """
    most = SUMMARY_POINTS if kind == SUMMARY else points
    least = 0 if most == PERCENT else 1
    return tuple(Criterion(name, least, most) for name in KINDS[kind][1])
