"""Small designs, written by hand."""

from __future__ import annotations

from s2scli.judging.design import DAMAGED, REFERENCE, REPEAT, Design, JudgedSegment, JudgingTask
from s2scli.judging.design import Shown as S
from s2scli.judging.kinds import RELATIVE, criteria_of

__all__ = ["small_design"]


def small_design(kind: str) -> Design:
    """A design with two systems, two segments, two annotators and a control of each sort."""
    segments = (
        JudgedSegment("1", "Guten Tag 😀!", "Good day!", {"a": "Good 😀 day.", "b": "Hi."}, "d"),
        JudgedSegment("2", "Ja.", None, {"a": "Yes.", "b": ""}),
    )
    a, b, damaged, reference = S("a"), S("b"), S("a", "Good x day."), S(None)
    texts: list[tuple[S, ...]]
    if kind == RELATIVE:
        texts = [(a, b), (b, a), (a, damaged), (reference, b), (b, a)]
    else:
        texts = [(a,), (b,), (damaged,), (reference,), (b,)]
    tasks = (
        JudgingTask("t1", "ann", "1", texts[0]),
        JudgingTask("t2", "ann", "2", texts[1]),
        JudgingTask("t3", "bob", "1", texts[0]),
        JudgingTask("t4", "bob", "1", texts[2], DAMAGED, "t3"),
        JudgingTask("t5", "ann", "1", texts[3], REFERENCE),
        JudgingTask("t6", "ann", "1", texts[4], REPEAT, "t1"),
    )
    return Design("id1", kind, criteria_of(kind), 7, ("a", "b"), ("ann", "bob"), segments, tasks)
