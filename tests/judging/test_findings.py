"""What is found of simulated annotators, whose truth is known, and of answers written by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from measuring.annotators import Crowd, simulated

from s2scli.errors import BadInputError
from s2scli.judging.answers import Judgement
from s2scli.judging.collection import Collection
from s2scli.judging.conduct import Repeats
from s2scli.judging.design import (
    DAMAGED,
    REFERENCE,
    REPEAT,
    Design,
    JudgedSegment,
    JudgingTask,
    Shown,
)
from s2scli.judging.findings import judge
from s2scli.judging.kinds import criteria_of
from s2scli.judging.lots import Lots
from s2scli.judging.results import Draws, Findings
from s2scli.judging.standing import stand_by_table

QUICK = Draws(200, 1000, 5)
LOTS = Lots(np.arange(100), QUICK)
# The third and the fourth are alike.
CROWD = Crowd(qualities=(80, 65, 50, 50), segments=200)
MEASURES = {
    "direct": ["z", "mean"],
    "summary": ["z", "mean"],
    "mqm": ["penalty", "per 100 words"],
    "relative": ["expected wins", "strength", "won", "tied", "lost"],
}


def found(collection: Collection, *, passing_only: bool = False) -> Findings:
    words = {each.id: len(each.source.split()) for each in collection.design.segments}
    return judge(collection, words, QUICK, passing_only=passing_only)


def told(findings: Findings) -> list[object]:
    """What is said of systems and of agreement."""
    return [(each.systems, each.pairs, each.agreement) for each in findings.criteria]


@pytest.mark.parametrize("kind", MEASURES)
def test_the_truth_is_found(kind: str) -> None:
    collection = simulated(kind, CROWD, 3)
    findings = found(collection)
    names = [criterion.name for criterion in criteria_of(kind)]
    assert [each.criterion for each in findings.criteria] == names or len(findings.criteria) == 1
    for result in findings.criteria:
        assert [each.system for each in result.systems][:2] == ["system0", "system1"]
        ranks = [each.rank for each in result.systems]
        assert [(r.best, r.worst, r.cluster) for r in ranks if r] == [
            (1, 1, 1), (2, 2, 2), (3, 4, 3), (3, 4, 3),
        ]  # fmt: skip
        assert len(result.pairs) == 6
        assert [pair.p is not None and pair.p < 0.05 for pair in result.pairs] == [True] * 5 + [
            False
        ]
        first = next(iter(result.systems[0].measures.values()))
        assert first.interval is not None
        assert first.interval.lower < first.value < first.interval.upper
        assert list(result.systems[0].measures) == MEASURES[kind]
        assert result.agreement.alpha is not None
        assert 0.1 < result.agreement.alpha < 0.8
        assert len(result.agreement.pairs) == 3
    assert told(findings) == told(found(collection))


def test_unfinished_sheets_are_used() -> None:
    """A system that nobody judged stands last, without a rank; segments without answers count
    nowhere."""
    collection = simulated("direct", CROWD, 3)
    tasks = {task.id: task for task in collection.design.tasks}
    kept = {
        key: answer
        for key, answer in collection.answers.items()
        if tasks[key].shown[0].system != "system1" and int(tasks[key].segment) <= 30
    }
    findings = found(collection._replace(answers=kept))
    assert len(findings.segments) == 30
    for result in findings.criteria:
        last = result.systems[-1]
        assert (last.system, last.rank, last.judgements, last.segments) == ("system1", None, 0, 0)
        assert np.isnan(last.measures["z"].value)
        assert last.measures["z"].interval is None
        assert [each.rank and each.rank.worst for each in result.systems] == [1, 3, 3, None]
        assert len(result.pairs) == 3
    with pytest.raises(BadInputError, match="No answer says anything"):
        found(collection._replace(answers={}))


def test_a_rating_that_is_missing_counts_for_no_criterion() -> None:
    collection = simulated("direct", CROWD, 3)
    partly = {
        key: answer._replace(ratings={"adequacy": answer.ratings["adequacy"]})
        for key, answer in collection.answers.items()
        if answer.annotator != "annotator0"
    }
    mixed = {**collection.answers, **partly}
    adequacy, fluency = found(collection._replace(answers=mixed)).criteria
    assert adequacy.systems[0].judgements == 400
    assert 0 < fluency.systems[0].judgements < 200
    assert not fluency.agreement.units


def test_systems_on_other_segments_are_tested_as_wmt_does() -> None:
    draw = np.random.default_rng(2)
    table = np.full((100, 2), np.nan)
    table[:60, 0] = draw.normal(1, 1, 60)
    table[50:, 1] = draw.normal(0, 1, 50)
    (pair,) = stand_by_table(("a", "b"), np.nanmean(table, axis=0), table, LOTS).pairs
    assert (pair.test, pair.segments) == ("rank-sum", 10)
    assert pair.p is not None
    assert pair.p < 0.001
    assert pair.difference == pytest.approx(np.nanmean(table[:, 0]) - np.nanmean(table[:, 1]))
    table[:60, 1] = table[:60, 0] - 0.5
    (pair,) = stand_by_table(("a", "b"), np.nanmean(table, axis=0), table, LOTS).pairs
    assert (pair.test, pair.segments) == ("permutation", 60)
    assert pair.difference == pytest.approx(0.5)


def test_documents_are_drawn_whole() -> None:
    """Ten copies of a segment in a document say no more than one."""
    collection = simulated("direct", CROWD._replace(segments=20), 3)
    tasks, answers, segments = [], {}, []
    for segment in collection.design.segments:
        for copy in range(10):
            name = f"{segment.id}-{copy}"
            segments.append(segment._replace(id=name, document=segment.id))
    for task in collection.design.tasks:
        for copy in range(10):
            again = task._replace(id=f"{task.id}-{copy}", segment=f"{task.segment}-{copy}")
            tasks.append(again)
            answers[again.id] = collection.answers[task.id]._replace(task=again.id)
    design = collection.design._replace(segments=tuple(segments), tasks=tuple(tasks))
    copied = Collection(design, answers)
    words = {each.id: 5 for each in (*segments, *collection.design.segments)}
    single = judge(collection, words, QUICK, passing_only=False).criteria[0]
    alone = judge(copied, words, QUICK, passing_only=False).criteria[0]
    whole = QUICK._replace(by_document=True)
    together = judge(copied, words, whole, passing_only=False).criteria[0]
    # Deviations of a sample differ a little.
    assert [pair.p for pair in together.pairs] == pytest.approx(
        [pair.p for pair in single.pairs], abs=0.003
    )
    assert sum(pair.p or 0 for pair in alone.pairs) < 0.5 * sum(
        pair.p or 0 for pair in single.pairs
    )
    assert [pair.segments for pair in together.pairs] == [200] * 6
    for one, many, docs in zip(single.systems, alone.systems, together.systems, strict=True):
        bounds = [each.measures["mean"].interval for each in (one, many, docs)]
        assert bounds[0] == pytest.approx(bounds[2])
        assert bounds[0] is not None
        assert bounds[1] is not None
        assert bounds[1].upper - bounds[1].lower < 0.5 * (bounds[0].upper - bounds[0].lower)


Rating = Callable[[int, str], float]


def controlled(rate: Rating, *, kind: str = "direct", controls: int = 8) -> Collection:
    """One annotator, ten segments, and controls of each sort of the first ones.

    Args:
        rate: from the number of a segment and a sort of control to a rating; of comparisons, a
            number above 0 is for the left side.
        kind: what is asked.
        controls: how many there are of each sort.
    """
    criteria = criteria_of(kind)
    segments = tuple(
        JudgedSegment(str(number), "Source.", "Reference.", {"a": "One.", "b": "Two."})
        for number in range(10)
    )
    tasks, answers = [], {}
    for number, segment in enumerate(segments):
        sorts = ["", DAMAGED, REFERENCE, REPEAT] if number < controls else [""]
        for sort in sorts:
            of = f"{number}" if sort in (DAMAGED, REPEAT) else ""
            shown = {
                DAMAGED: [Shown("a", "Bad."), Shown("a")],
                REFERENCE: [Shown(None), Shown("a")],
                REPEAT: [Shown("b"), Shown("a")] if kind == "relative" else [Shown("a")],
                "": [Shown("a"), Shown("b")],
            }[sort]
            texts = tuple(shown if kind == "relative" else shown[:1])
            task = JudgingTask(f"{number}{sort}", "ann", segment.id, texts, sort, of)
            tasks.append(task)
            value = rate(number, sort)
            if kind == "relative":
                side = "tie" if not value else "left" if value > 0 else "right"
                answers[task.id] = Judgement("ann", task.id, preference=side, seconds=number)
            else:
                ratings = {each.name: value for each in criteria}
                answers[task.id] = Judgement("ann", task.id, ratings, seconds=number)
    design = Design("x", kind, criteria, 1, ("a", "b"), ("ann",), segments, tuple(tasks))
    return Collection(design, answers)


def test_a_careful_annotator() -> None:
    def rate(number: int, sort: str) -> float:
        return {"": 40.0, DAMAGED: 10.0, REFERENCE: 90.0, REPEAT: 42.0}[sort] + 5 * number

    (each,) = found(controlled(rate)).annotators
    assert each.failures() == []
    assert (each.tasks, each.answers, each.partial, each.seconds) == (34, 34, 0, 4.0)
    assert each.damaged == (8, 30.0, 1 / 256)
    assert each.references == (8, 90 + 17.5 - (40 + 22.5))
    assert each.repeats is not None
    assert each.repeats[:2] == (8, 2.0)
    assert each.repeats.chance == pytest.approx(
        np.mean([abs(5 * (i - j) + 2) for i in range(8) for j in range(8) if i != j])
    )
    assert not each.repeats.look_random()


def test_an_annotator_who_does_not_look() -> None:
    collection = controlled(lambda number, sort: 10.0 * ((number * 7 + 5 * bool(sort)) % 10))
    (each,) = found(collection).annotators
    assert each.failures() == ["does not rate damaged copies worse"]
    assert each.repeats is not None
    assert each.repeats.look_random()
    with pytest.raises(BadInputError, match="without ann, who fail"):
        found(collection, passing_only=True)


def test_little_is_not_held_against_anyone() -> None:
    collection = controlled(lambda number, sort: 10.0 * number, controls=4)
    (each,) = found(collection).annotators
    assert each.damaged == (4, 0.0, 1.0)
    assert each.failures() == []


def test_comparisons_by_position() -> None:
    """Always left: damaged copies win, and no repeat agrees, since its sides are exchanged."""
    (each,) = found(controlled(lambda number, sort: 1, kind="relative")).annotators
    assert each.damaged == (8, -1.0, 1.0)
    assert each.references == (8, 1.0)
    assert each.repeats == Repeats(8, 1.0, 1.0)
    assert each.repeats.look_random()
    assert len(each.failures()) == 1


def test_careful_comparisons() -> None:
    def rate(number: int, sort: str) -> float:
        better = 1 if number % 2 else -1
        return {"": better, DAMAGED: -1, REFERENCE: 0, REPEAT: -better}[sort]

    (each,) = found(controlled(rate, kind="relative")).annotators
    assert each.damaged == (8, 1.0, 1 / 256)
    assert each.repeats == Repeats(8, 0.0, 4 / 7)
    assert each.failures() == []


def test_who_fails_is_left_out_on_request_only() -> None:
    collection = simulated("direct", CROWD, 3)
    tasks, answers = list(collection.design.tasks), dict(collection.answers)
    for who in collection.design.annotators:
        own = [task for task in collection.design.tasks if task.annotator == who][:9]
        for task in own:
            shown = (Shown(task.shown[0].system, "damaged"),)
            copy = JudgingTask(f"{task.id}d", who, task.segment, shown, DAMAGED, task.id)
            less = 0 if who == "annotator1" else 20
            before = answers[task.id]
            ratings = {name: max(0, value - less) for name, value in before.ratings.items()}
            tasks.append(copy)
            answers[copy.id] = Judgement(who, copy.id, ratings)
    whole = Collection(collection.design._replace(tasks=tuple(tasks)), answers)
    kept, strict = found(whole), found(whole, passing_only=True)
    failing = [each.annotator for each in kept.annotators if each.failures()]
    assert failing == ["annotator1"]
    assert (kept.left_out, strict.left_out) == ((), ("annotator1",))
    assert told(kept) == told(found(collection))
    assert told(strict) == told(found(collection.without(["annotator1"])))
