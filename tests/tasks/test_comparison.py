"""Gates and comparisons as a program would ask for them, on real metrics."""

from __future__ import annotations

import pytest

from s2scli.errors import BadInputError, UsageError
from s2scli.metrics.base import MetricOptions
from s2scli.tasks.comparison import Gates, PairedTests, other_systems
from s2scli.tasks.score import Gate, Scorer
from s2scli.tasks.score_inputs import InputOptions

REFERENCES = [[f"The cat number {n} sat on the mat in the hall."] for n in range(30)]
GOOD = [row[0] for row in REFERENCES]
BAD = [text.replace("sat on the mat", "was there") for text in GOOD]
FILES = {
    "good": "\n".join(GOOD).encode(),
    "bad": "\n".join(BAD).encode(),
    "mixed": "\n".join([*GOOD[:16], *BAD[16:]]).encode(),
    "short": b"The cat.\n",
}
TESTS = PairedTests(resamples=100, trials=100, seed=1)


@pytest.fixture
def scorer() -> Scorer:
    return Scorer(["bleu", "ter"], REFERENCES, MetricOptions())


def complaints(scorer: Scorer, gates: Gates, texts: list[str]) -> list[str]:
    ours = scorer.statistics(texts)
    names = [gates.baseline] if gates.baseline else []
    others = other_systems(names, scorer, InputOptions(), FILES.__getitem__)
    return gates.complaints(scorer, scorer.scores(ours), ours, others, TESTS)


def test_bounds(scorer: Scorer) -> None:
    gates = Gates([Gate("bleu", 90), Gate("ter", 5)])
    assert complaints(scorer, gates, GOOD) == []
    below, above = complaints(scorer, gates, BAD)
    assert "below the gate of 90" in below
    assert "above the gate of 5" in above


@pytest.mark.parametrize("significant", [False, True])
def test_a_baseline(scorer: Scorer, significant: bool) -> None:
    worse = Gates(baseline="good", significant=significant)
    found = complaints(scorer, worse, BAD)
    assert [text.split()[0] for text in found] == ["bleu", "ter"]
    assert all(("(p = 0.0" in text) == significant for text in found)
    assert complaints(scorer, worse, GOOD) == []
    assert complaints(scorer, Gates(baseline="bad", significant=significant), GOOD) == []
    assert complaints(scorer, Gates(baseline="good", by=100), BAD) == []
    # Worse in sixteen segments and better in fourteen: that may be chance.
    mixed = [*BAD[:16], *GOOD[16:]]
    found = complaints(scorer, Gates(baseline="mixed", significant=significant), mixed)
    assert len(found) == (0 if significant else 2)


def test_what_makes_no_sense(scorer: Scorer) -> None:
    with pytest.raises(UsageError, match="outside the range of bleu"):
        Gates([Gate("bleu", 101)]).check(scorer)
    with pytest.raises(UsageError, match="outside the range of bleu"):
        Gates(baseline="good", by=101).check(scorer)
    Gates(by=101).check(scorer)
    with pytest.raises(BadInputError, match="short has 1 segments"):
        other_systems(["good", "short"], scorer, InputOptions(), FILES.__getitem__)
