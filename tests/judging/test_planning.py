"""Designs are balanced, blind, and the same for the same seed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.errors import UsageError
from s2scli.judging.chance import Chance
from s2scli.judging.damage import damaged, words_replaced
from s2scli.judging.design import (
    CONTROLS,
    DAMAGED,
    REFERENCE,
    REPEAT,
    Design,
    JudgedSegment,
    JudgingTask,
    text_shown,
)
from s2scli.judging.kinds import KINDS, RELATIVE, SUMMARY
from s2scli.judging.planning import JudgingPlan, planned
from s2scli.text.pharaoh import words_of

NUMBERS = ["one", "two", "three", "four", "five", "six", "ten", "eleven", "twelve", "ninety"]


def segments(
    count: int, systems: int, *, reference: bool = True, document: int = 0
) -> list[JudgedSegment]:
    """Segments with different texts; ``document`` of them are one document, if not 0."""
    found = []
    for index in range(count):
        words = f"{NUMBERS[index % 10]} {NUMBERS[index // 10 % 10]} of segment number {index}"
        found.append(
            JudgedSegment(
                str(index + 1),
                f"source {index}",
                f"reference {words}" if reference else None,
                {f"sys-{name}": f"{name} says {words}" for name in "abcdef"[:systems]},
                f"doc{index // document}" if document else None,
            )
        )
    return found


def plain(design: Design, annotator: str) -> list[JudgingTask]:
    return [task for task in design.sheet(annotator) if not task.control]


plans: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    kind=st.sampled_from(sorted(KINDS)),
    annotators=st.integers(1, 5),
    overlap=st.integers(1, 5),
    items=st.integers(5, 20),
    seed=st.integers(0, 9),
)
sizes = st.tuples(st.integers(20, 30), st.integers(2, 4), st.sampled_from([0, 3]))
SHARES = dict.fromkeys(CONTROLS, 0.1)


def made(plan: dict[str, Any], size: tuple[int, int, int]) -> Design:
    """A design of such a plan, with an overlap that can be had."""
    plan = {**plan, "overlap": min(plan["overlap"], plan["annotators"])}
    if size[2]:
        plan["items"] = 20
    count, systems, document = size
    whole = JudgingPlan(**plan, controls=SHARES)
    return planned(whole, segments(count, systems, document=document))


@given(plans, sizes)
def test_every_item_is_seen_as_often_and_every_system_once_by_whoever_sees_it(
    plan: dict[str, Any], size: tuple[int, int, int]
) -> None:
    design = made(plan, size)
    overlap = min(plan["overlap"], plan["annotators"])
    seen: dict[str, set[str]] = defaultdict(set)
    for annotator in design.annotators:
        shown = Counter((task.segment, sides(task)) for task in plain(design, annotator))
        assert set(shown.values()) == {1}
        width = 2 if design.kind == RELATIVE else 1
        wanted = {frozenset(group) for group in combinations(design.systems, width)}
        own = {segment for segment, _ in shown}
        assert set(shown) == {(segment, group) for segment in own for group in wanted}
        for segment in own:
            seen[segment].add(annotator)
    assert seen.keys() == {segment.id for segment in design.segments}
    assert len(design.segments) == (20 if size[2] else plan["items"])
    assert {len(who) for who in seen.values()} == {overlap}


def sides(task: JudgingTask) -> frozenset[str | None]:
    return frozenset(shown.system for shown in task.shown)


@given(plans, sizes)
def test_annotators_have_as_much_to_do(plan: dict[str, Any], size: tuple[int, int, int]) -> None:
    design = made(plan, size)
    loads = [
        len({task.segment for task in plain(design, annotator)}) for annotator in design.annotators
    ]
    assert max(loads) - min(loads) <= max(size[2], 1)


@given(plans, sizes)
def test_a_design_follows_from_its_seed(plan: dict[str, Any], size: tuple[int, int, int]) -> None:
    design = made(plan, size)
    assert made(plan, size) == design
    other = made({**plan, "seed": plan["seed"] + 1}, size)
    assert not {task.id for task in other.tasks} & {task.id for task in design.tasks}
    assert other.id != design.id


@given(plans, sizes)
def test_names_of_tasks_say_nothing(plan: dict[str, Any], size: tuple[int, int, int]) -> None:
    design = made(plan, size)
    names = [task.id for task in design.tasks]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"t\d{9}", name) for name in names)


@given(plans, sizes)
def test_controls(plan: dict[str, Any], size: tuple[int, int, int]) -> None:
    """Each is what it says it is, and stands in the sheet of whoever saw the original."""
    design = made(plan, size)
    tasks, texts = design.tasks_by_id(), design.segments_by_id()
    for task in design.tasks:
        segment = texts[task.segment]
        shown = [text_shown(segment, each) for each in task.shown]
        if task.control in (REPEAT, DAMAGED):
            original = tasks[task.of]
            assert (original.annotator, original.segment) == (task.annotator, task.segment)
            assert not original.control
        else:
            assert not task.of
        if task.control == REPEAT:
            assert task.shown == original.shown[::-1]
            order = [each.id for each in design.sheet(task.annotator)]
            assert order.index(task.id) > order.index(task.of)
        if task.control == DAMAGED:
            (system,) = sides(task)
            assert system in sides(original)
            copy = next(each for each in task.shown if each.damaged is not None)
            assert copy.damaged not in segment.outputs.values()
            assert shown.count(segment.outputs[str(system)]) == len(shown) - 1
        if task.control == REFERENCE:
            assert shown.count(str(segment.reference)) == 1
        if not task.control:
            assert shown == [segment.outputs[str(each.system)] for each in task.shown]


def test_shares_of_controls() -> None:
    plan = JudgingPlan("direct", 2, overlap=2, controls={REFERENCE: 0.1, DAMAGED: 0.2, REPEAT: 0})
    design = planned(plan, segments(30, 2))
    for annotator in design.annotators:
        counts = Counter(task.control for task in design.sheet(annotator))
        assert counts == {"": 60, REFERENCE: 6, DAMAGED: 12}
        for control in (REFERENCE, DAMAGED):
            shown = Counter(
                sides(task) for task in design.sheet(annotator) if task.control == DAMAGED
            )
            assert set(shown.values()) == {6}, control


def test_controls_are_far_from_their_originals() -> None:
    plan = JudgingPlan("direct", controls=SHARES)
    design = planned(plan, segments(30, 3))
    order = {task.id: place for place, task in enumerate(design.tasks)}
    apart = [order[task.id] - order[task.of] for task in design.tasks if task.of]
    assert len(apart) == 18
    assert min(map(abs, apart)) >= 30


def test_without_references_or_other_texts_there_are_no_such_controls() -> None:
    plan = JudgingPlan("direct", controls=SHARES)
    controls = {task.control for task in planned(plan, segments(9, 1, reference=False)).tasks}
    assert controls == {"", DAMAGED, REPEAT}
    assert {task.control for task in planned(plan, segments(1, 2)).tasks} == {
        "",
        REFERENCE,
        REPEAT,
    }


@given(st.integers(6, 20), st.integers(2, 5), st.integers(0, 5))
def test_systems_are_balanced_over_the_sheet(count: int, systems: int, seed: int) -> None:
    """Each round shows each segment once and each system as often."""
    design = planned(JudgingPlan("direct", seed=seed), segments(count, systems))
    for start in range(0, count * systems, count):
        part = design.tasks[start : start + count]
        assert len({task.segment for task in part}) == count
        shown = Counter(task.shown[0].system for task in part)
        assert max(shown.values()) - min(shown[name] for name in design.systems) <= 1
    places: dict[str, list[int]] = defaultdict(list)
    for place, task in enumerate(design.tasks):
        places[task.segment].append(place)
    gaps = [b - a for row in places.values() for a, b in pairwise(row)]
    assert min(gaps) > count // 2


@given(st.integers(5, 20), st.integers(2, 4), st.integers(0, 5))
def test_sides_are_balanced(count: int, systems: int, seed: int) -> None:
    design = planned(JudgingPlan(RELATIVE, seed=seed), segments(count, systems))
    left: Counter[tuple[str | None, ...]] = Counter(
        tuple(shown.system for shown in task.shown) for task in design.tasks
    )
    for pair in combinations(design.systems, 2):
        assert left[pair] + left[pair[::-1]] == count
        assert abs(left[pair] - left[pair[::-1]]) <= 1


def test_summaries_of_a_text_follow_each_other_and_systems_take_turns() -> None:
    design = planned(JudgingPlan(SUMMARY), segments(12, 3))
    groups = [design.tasks[start : start + 3] for start in range(0, 36, 3)]
    assert all(len({task.segment for task in group}) == 1 for group in groups)
    firsts = Counter(group[0].shown[0].system for group in groups)
    assert set(firsts.values()) == {4}


def test_documents_stay_in_order_by_one_system() -> None:
    design = planned(JudgingPlan("mqm", items=10), segments(30, 2, document=4))
    sizes = Counter(segment.document for segment in design.segments)
    assert sorted(sizes.values()) == [2, 4, 4]
    documents = {segment.id: segment.document for segment in design.segments}
    runs: list[list[JudgingTask]] = []
    for task in design.tasks:
        key = documents[task.segment], task.shown
        last = runs[-1][-1] if runs else None
        if last and (documents[last.segment], last.shown) == key:
            runs[-1].append(task)
        else:
            runs.append([task])
    assert len(runs) == 6
    for run in runs:
        numbers = [int(task.segment) for task in run]
        assert numbers == list(range(numbers[0], numbers[0] + len(run)))
        assert (numbers[0] - 1) % 4 == 0


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (JudgingPlan("direct", items=11), "10 items to judge, and --items is 11"),
        (JudgingPlan("direct", 2, overlap=3), "3 annotators cannot see each item: there are 2"),
        (JudgingPlan("direct", 11), "10 items, each for 1 of 11 annotators, are too few"),
    ],
)
def test_plans_that_cannot_be(plan: JudgingPlan, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        planned(plan, segments(10, 2))


@given(st.text(), st.lists(st.text(), max_size=4), st.integers(0, 5))
def test_damage_replaces_words(text: str, others: list[str], seed: int) -> None:
    copy = damaged(text, others, Chance(str(seed)))
    assert copy != text
    if copy is not None:
        words = len(words_of(text))
        assert copy[0] == text[0] or words < words_replaced(words) + 2


def test_how_much_is_damaged() -> None:
    assert [words_replaced(n) for n in (1, 2, 5, 6, 9, 16, 21, 100)] == [1, 2, 2, 3, 4, 5, 5, 25]
    text = " ".join(f"w{n}" for n in range(12))
    copy = damaged(text, ["a b c d e"], Chance("1"))
    assert copy is not None
    words = copy.split()
    assert len(words) == 12
    assert (words[0], words[-1]) == ("w0", "w11")
    assert len([word for word in words if not word.startswith("w")]) == 4
    assert damaged("今日は良い天気です。", ["昨日は悪い天気でした。"], Chance("1")) is not None
    assert damaged("x", ["x", "X"], Chance("1")) is None
