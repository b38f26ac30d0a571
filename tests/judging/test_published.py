"""Numbers that others published for the same judgements.

Google's MQM ratings of the TED talks of WMT 2021, English to German, first ten segments of two
systems, and the score of each segment beside them (Freitag et al. 2021,
https://aclanthology.org/2021.wmt-1.73).
"""

from __future__ import annotations

import numpy as np
import pytest

from s2scli.judging.answers import Judgement, MarkedError
from s2scli.judging.collection import Collection
from s2scli.judging.design import Design, JudgedSegment, JudgingTask, Shown
from s2scli.judging.findings import judge
from s2scli.judging.mqm import penalty
from s2scli.judging.results import Draws

TERM, AWKWARD = "terminology/inappropriate", "style/awkward"
# System → for each segment its errors and its published score.
PUBLISHED: dict[str, list[tuple[list[tuple[str, str]], float]]] = {
    "Facebook-AI": [
        ([(TERM, "minor")], -1.0),
        ([], 0.0),
        ([], 0.0),
        ([], 0.0),
        ([(AWKWARD, "minor"), (TERM, "minor")], -2.0),
        ([(TERM, "minor")], -1.0),
        ([], 0.0),
        ([(TERM, "minor"), (TERM, "minor")], -2.0),
        ([("fluency/inconsistency", "minor"), (AWKWARD, "minor")], -2.0),
        ([(AWKWARD, "minor")], -1.0),
    ],
    "HuaweiTSC": [
        ([("fluency/register", "major")], -5.0),
        *[([], 0.0)] * 6,
        ([(TERM, "minor")], -1.0),
        ([("accuracy/mistranslation", "major"), (TERM, "major")], -10.0),
        ([], 0.0),
    ],
}


def test_penalties_are_those_that_wmt_published() -> None:
    names = tuple(PUBLISHED)
    segments = tuple(
        JudgedSegment(str(number), "A source of five words.", None, dict.fromkeys(names, "output"))
        for number in range(10)
    )
    tasks, answers = [], {}
    for system, rows in PUBLISHED.items():
        for segment, (errors, _) in zip(segments, rows, strict=True):
            task = JudgingTask(f"{system}{segment.id}", "rater", segment.id, (Shown(system),))
            marked = tuple(MarkedError(0, 6, *error) for error in errors)
            tasks.append(task)
            answers[task.id] = Judgement("rater", task.id, errors=marked)
    design = Design("ted", "mqm", (), 1, names, ("rater",), segments, tuple(tasks))
    words = {segment.id: 5 for segment in segments}
    found = judge(Collection(design, answers), words, Draws(100, 100), passing_only=False)
    (result,) = found.criteria
    scores = {system: [score for _, score in rows] for system, rows in PUBLISHED.items()}
    assert np.allclose(result.human.T, [*scores.values()])
    measures = {each.system: each.measures for each in result.systems}
    assert [*measures] == ["Facebook-AI", "HuaweiTSC"]
    for system, published in scores.items():
        assert measures[system]["penalty"].value == pytest.approx(-sum(published) / 10)
        assert measures[system]["per 100 words"].value == pytest.approx(-sum(published) * 2)
        parts = [each.penalty for each in found.errors if each.system == system]
        assert sum(parts) == pytest.approx(-sum(published) / 10)


@pytest.mark.parametrize(
    ("category", "severity", "weight"),
    [
        ("fluency/punctuation", "minor", 0.1),
        ("fluency/punctuation", "major", 5),
        ("non-translation", "major", 25),
        ("accuracy/omission", "neutral", 0),
    ],
)
def test_the_weights_of_the_exceptions(category: str, severity: str, weight: float) -> None:
    assert penalty(category, severity) == weight
