"""Steps between decoding and output: for lines as for documents, in order and with bounds."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s2scli.api import load
from s2scli.data import Decoding, Hypothesis, Result, Segment, Translation
from s2scli.flow.stream import FlowOptions
from s2scli.inference.model import Model
from s2scli.tasks.demands import Demands
from s2scli.tasks.protection import CHOSEN, KEPT, MENDED
from s2scli.tasks.steps import Again, Step
from s2scli.tasks.translate import translate
from s2scli.text.spans import Protection
from tests.doubles import WordModel
from tests.tasks.test_protected import segments

OPTIONS = FlowOptions(batch_tokens=64, window_batches=4, first_window_batches=1)
PROTECTION = Protection()
TEXTS = segments(60)


def blocks(lines: Sequence[str], size: int = 1) -> Iterator[list[Segment]]:
    rows = [Segment(number, line) for number, line in enumerate(lines)]
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def run(
    lines: Sequence[str],
    model: Model,
    steps: Sequence[Step],
    decoding: Decoding | None = None,
    size: int = 7,
) -> list[Result]:
    runs = translate(blocks(lines, size), model, decoding or Decoding(), OPTIONS, steps=steps)
    return [result for results in runs for result in results]


@dataclass
class Holding:
    """Holds back the lines with a word, and has them decoded again in upper case."""

    word: str
    n_best: int = 1
    signature: str = "test"
    seen: list[int] = field(default_factory=list)

    def needs_links(self, segment: Segment) -> bool:
        return False

    def take(self, result: Result) -> Result | None:
        self.seen.append(len(result.hypotheses))
        return None if self.word in result.segment.text else result

    def settle(self, results: Sequence[Result], again: Again) -> list[Result]:
        found = again([result.segment.text.upper() for result in results])
        return [
            replace(old, hypotheses=new.hypotheses) for old, new in zip(results, found, strict=True)
        ]


@given(st.lists(st.sampled_from(["a b", "hold", "", "c", "hold on"])), st.integers(1, 9))
@settings(deadline=None, max_examples=30)
def test_results_leave_as_they_came(lines: list[str], size: int) -> None:
    steps = [Holding("hold"), Holding("on")]
    found = run(lines, WordModel().as_model(), steps, size=size)
    assert [result.segment.text for result in found] == lines
    assert [r.text for r in found] == [x.upper() if "hold" in x else x for x in lines]


def test_what_is_ready_does_not_wait_for_what_takes_longer() -> None:
    asked = threading.Event()

    class Slow(Holding):
        def settle(self, results: Sequence[Result], again: Again) -> list[Result]:
            asked.set()
            return super().settle(results, again)

    runs = translate(
        blocks(["a", "b", "hold", "c"], 4), WordModel().as_model(), Decoding(), OPTIONS,
        steps=[Slow("hold")],
    )  # fmt: skip
    assert [r.text for r in next(runs)] == ["a", "b"]
    assert not asked.is_set()
    assert [r.text for r in next(runs)] == ["HOLD", "c"]


def test_a_slow_line_is_answered_before_the_next_comes() -> None:
    answered = threading.Event()

    def slow() -> Iterator[list[Segment]]:
        for number in range(3):
            yield [Segment(number, "hold this")]
            assert answered.wait(30), f"line {number} was not answered"
            answered.clear()

    count = 0
    model = WordModel().as_model()
    for results in translate(slow(), model, Decoding(), OPTIONS, steps=[Holding("hold")]):
        count += len(results)
        answered.set()
    assert count == 3


def test_the_reader_does_not_run_ahead_of_a_step() -> None:
    read = 0

    def endless() -> Iterator[list[Segment]]:
        nonlocal read
        while True:
            yield [Segment(read, f"hold {read}")]
            read += 1

    model, out = WordModel().as_model(), 0
    runs = translate(endless(), model, Decoding(), OPTIONS, steps=[Holding("hold")])
    while out < 500:
        out += len(next(runs))
        assert (read - out) * 4 <= 4 * OPTIONS.window_batches * OPTIONS.batch_tokens


def test_a_step_sees_as_many_hypotheses_as_it_wants(model: Model) -> None:
    step = Holding("?", n_best=3)
    decoding = model.decoding({"beam_size": 2, "n_best": 2})
    lines = ["I am hungry.", "Where is the station?"]
    found = run(lines, model, [step], decoding)
    assert step.seen == [3, 3]
    assert [len(result.hypotheses) for result in found] == [2, 1]


def test_a_text_is_decoded_again_under_other_options(model: Model) -> None:
    decoding = model.decoding({"beam_size": 1})
    short = replace(decoding, max_length=3, forced_end=False)

    class Short(Holding):
        def settle(self, results: Sequence[Result], again: Again) -> list[Result]:
            return again([result.segment.text for result in results], decoding=short)

    (found,) = run(["The weather is very nice today."], model, [Short("nice")], decoding)
    assert found.truncated
    assert found.hypotheses[0].tokens == 3


# --- protection ---------------------------------------------------------------------------------


def drops(word: str) -> str:
    """Marks in the place of placeholders are lost too."""
    return word.upper() if word.strip(".").isalpha() else ""


@pytest.mark.parametrize("n_best", [1, 3])
def test_lines_keep_what_is_protected(n_best: int) -> None:
    steps = Demands.of().steps(protect=True)
    found = run(TEXTS, WordModel(drops).as_model(), steps, Decoding(n_best=n_best))
    assert [result.segment.text for result in found] == TEXTS
    for result in found:
        source = result.segment.text
        assert PROTECTION.counts(source) == PROTECTION.counts(result.text), source
        assert PROTECTION.is_intact(source, result.text), source
    hows = {result.notes["protection"]["how"] for result in found}
    assert {KEPT, "fragments"} <= hows


def test_the_bundled_model_keeps_what_is_protected_in_lines(model: Model) -> None:
    steps = Demands.of([r"ACME-\d"]).steps(protect=True)
    lines = [f"{text} See ACME-{number % 10}." for number, text in enumerate(TEXTS[:12])]
    decoding = model.decoding({"beam_size": 2, "n_best": 2})
    found = run(lines, model, steps, decoding)
    own = Protection([r"ACME-\d"])
    for line, result in zip(lines, found, strict=True):
        assert result.hypotheses
        for hypothesis in result.hypotheses:
            assert own.is_intact(line, hypothesis.text), line
            assert hypothesis.score < 0 < hypothesis.tokens, result.notes
    assert any(result.notes["protection"]["how"] != KEPT for result in found)


def test_what_was_not_lost_is_as_it_was(model: Model) -> None:
    lines = ["Where is the station?", "", "  ", "***", "I am hungry."]
    decoding = model.decoding({"n_best": 2})
    plain = run(lines, model, [], decoding)
    kept = run(lines, model, Demands.of().steps(protect=True), decoding)
    assert [replace(result, notes={}) for result in kept] == plain
    assert all(r.notes["protection"] == {"how": KEPT, "left_out": 0} for r in kept)


def test_hypotheses_that_lost_something_are_left_out() -> None:
    (step,) = Demands.of().steps(protect=True)
    texts = ["Hallo 1.", "Hallo {name}.", "Hallo {name} .", "Hallo {Name}."]
    hypotheses = tuple(Hypothesis(text, -number - 1.0, 4) for number, text in enumerate(texts))
    source = Segment(0, "Hello {name}.")
    found = step.take(Result(source, hypotheses))
    assert found is not None
    assert found.hypotheses == hypotheses[1:3]
    assert found.notes == {"protection": {"how": CHOSEN, "left_out": 2}}
    assert step.take(Result(source, hypotheses[:1])) is None
    mended = step.take(Result(Segment(0, "It costs 1,234.56."), (Hypothesis("1.234.56.", -1, 9),)))
    assert mended is not None
    assert mended.notes["protection"]["how"] == MENDED
    assert mended.hypotheses[0].score == -1


def test_the_score_of_a_repair_is_that_of_what_was_decoded() -> None:
    lines = ["the {name} is old. we wait"]
    model = WordModel(lambda word: word if word.strip(".").isalpha() else "")
    (found,) = run(lines, model.as_model(), Demands.of().steps(protect=True))
    assert found.notes["protection"] == {"how": "fragments", "left_out": 1}
    assert found.text == lines[0]
    (best,) = found.hypotheses
    # "the", "is old." and "we wait" with the white space between words, each token at -0.5.
    assert (best.score, best.tokens) == (-0.5, 7)


# --- glossary -----------------------------------------------------------------------------------


def test_terms_in_lines(model: Model) -> None:
    terms = {"station": "Haltestelle", "zebra": "Streifenpferd"}
    lines = ["Where is the station?", "I am hungry.", "", "The STATION is old."]
    steps = Demands.of(terms=terms).steps(protect=False)
    found = run(lines, model, steps, model.decoding({"n_best": 2}))
    plain = run(lines, model, [], model.decoding({"n_best": 2}))
    assert [r.text for r in found][1:3] == [r.text for r in plain][1:3]
    for number in (0, 3):
        assert all("Haltestelle" in h.text for h in found[number].hypotheses)
        scores = [(h.score, h.tokens) for h in plain[number].hypotheses]
        assert [(h.score, h.tokens) for h in found[number].hypotheses] == scores
    assert found[0].notes["terms"] == {
        "met": [{"source": "station", "target": "Haltestelle"}],
        "missed": [],
    }
    assert found[1].notes["terms"] == {"met": [], "missed": []}


def test_a_term_breaks_nothing_that_is_protected() -> None:
    demands = Demands.of(terms={"old": "alt"})
    translation = Translation("{name} ist", ((0, 3, 0, 6),))  # linked to what must stay
    verdict = demands.terms.enforced(Segment(0, "old {name}"), translation)
    assert verdict.translation == translation
    assert verdict.missed


def test_from_python() -> None:
    model = load("en-de")
    found = model.translate(
        ["Where is the station, %(name)s?", "Open ACME-7 at 12:30."],
        protect=r"ACME-\d",
        glossary={"station": "Haltestelle"},
    )
    assert "%(name)s" in found[0].text
    assert "Haltestelle" in found[0].text
    assert "ACME-7" in found[1].text
    assert model.translate("Hi", protect=True).notes["protection"]["how"] == KEPT
    assert model.translate("Hi").notes == {}
