"""Translations that seem wrong are decoded again in other ways, until one passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from s2scli.data import Decoding, Hypothesis, Link, Result
from s2scli.tasks.demands import Demands
from s2scli.tasks.guard import guarded
from s2scli.tasks.guarding import Guarding
from s2scli.tasks.steps import Step
from s2scli.text.glossary import Glossary
from s2scli.text.spans import Protection
from tests.conftest import Run
from tests.doubles import WordModel
from tests.tasks.test_steps import run

REPAIR = Guarding.of("repair")
LOOP = " ".join(["ho hum"] * 20)


class FaultyModel(WordModel):
    """A model that writes words backwards, and has a fault that a rung of the ladder mends."""

    def __init__(self, fault: str) -> None:
        super().__init__(backward)
        self.fault = fault
        self.is_exact = False
        self.asked: list[Decoding] = []

    def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> Any:
        self.asked.append(decoding)
        pending = super().submit(sources, decoding)
        rows = [
            self._spoilt("".join(tokens), found[0], decoding)
            for tokens, found in zip(sources, pending.result(), strict=True)
        ]
        return type(pending)(rows)

    def _spoilt(self, source: str, good: Hypothesis, decoding: Decoding) -> tuple[Hypothesis, ...]:
        bad = replace(good, text=LOOP)
        if "fine" in source or self._is_mended(source, decoding):
            return (good,)
        if self.fault == "beam" and decoding.beam_size >= 8:
            return (bad, good)[: decoding.n_best]
        if self.fault == "second":
            return (bad, good)[: decoding.n_best]
        return (bad,)

    def _is_mended(self, source: str, decoding: Decoding) -> bool:
        return {
            "sentences": source.count(".") < 2,
            "repeats": decoding.no_repeat_ngram_size == 3,
            "int8": self.is_exact,
            "capitals": not source.isupper(),
        }.get(self.fault, False)

    def links(self, text: str, hypothesis: Hypothesis) -> tuple[Link, ...]:
        return () if hypothesis.text == LOOP else super().links(text, hypothesis)

    def in_float32(self) -> Any:
        if self.fault != "int8":
            return None
        exact = FaultyModel(self.fault)
        exact.is_exact = True
        return exact


TEXT = "All is well here. Nobody is at home now."
FINE = "This one is fine as it stands here."


def repaired(
    fault: str, text: str = TEXT, steps: Sequence[Step] = (), n_best: int = 1
) -> tuple[Result, FaultyModel]:
    faulty = FaultyModel(fault)
    model = faulty.as_model()
    after = guarded(steps, REPAIR, model)
    decoding = Decoding(beam_size=4, n_best=n_best)
    fine, found = run([FINE, text], model, after, decoding)
    assert (fine.text, "guard" in fine.notes) == (backwards(FINE), False)
    return found, faulty


def backward(word: str) -> str:
    """A word from its end on; a full stop and what is in braces stay."""
    return word if "{" in word else word.rstrip(".")[::-1] + "." * word.endswith(".")


def backwards(text: str) -> str:
    return " ".join(map(backward, text.split()))


@pytest.mark.parametrize(
    ("fault", "how"),
    [
        ("sentences", "by sentence"),
        ("repeats", "without repeated n-grams"),
        ("beam", "by a wider beam"),
        ("int8", "in float32"),
    ],
)
def test_the_first_rung_that_helps_is_taken(fault: str, how: str) -> None:
    found, faulty = repaired(fault)
    assert found.text == backwards(TEXT)
    assert {row["repaired"] for row in found.notes["guard"]} == {how}
    assert "repetition" in {row["check"] for row in found.notes["guard"]}
    tried = ("sentences", "repeats", "beam", "int8").index(fault)
    assert (faulty.asked[-1].beam_size == 8) == (tried >= 2)


def test_capitals_are_read_as_small_letters() -> None:
    text = "NOBODY IS IN THE STRAẞE NOW"
    found, _ = repaired("capitals", text)
    assert found.text == "YDOBON SI NI EHT EẞARTS WON"
    assert {row["repaired"] for row in found.notes["guard"]} == {"in small letters"}


def test_what_no_rung_mends_is_noted() -> None:
    found, faulty = repaired("all")
    assert "ho hum" in found.text
    assert {row["check"] for row in found.notes["guard"]} >= {"length", "repetition"}
    assert all("repaired" not in row for row in found.notes["guard"])
    assert faulty.asked[-1].n_best == 8


def test_another_hypothesis_is_taken_before_anything_is_decoded() -> None:
    found, faulty = repaired("second", n_best=2)
    assert [one.text for one in found.hypotheses] == [backwards(TEXT), LOOP]
    assert {row["repaired"] for row in found.notes["guard"]} == {"by another hypothesis"}
    assert len(faulty.asked) == 2  # two batches of the run itself


def test_a_repair_keeps_what_translations_must_have() -> None:
    demands = Demands(Protection(), Glossary.parse("terms", "home\thaus\n"))
    text = "All {name} is well here. Nobody is at home now."
    found, _ = repaired("sentences", text, demands.steps(protect=True))
    assert "{name}" in found.text
    assert "haus" in found.text


# --- the command ------------------------------------------------------------------------------

SOURCE = "I have received your letter and I will answer it, but there is too much to do now."


def test_the_command_counts_repairs(s2s: Run, tmp_path: Path) -> None:
    """A maximum length cuts the text off; each of its sentences alone is short enough."""
    text = b"I am hungry. I am tired. Where is the station? It is raining.\n"
    plain = s2s("translate", "--max-length", 12, stdin=text)
    done = s2s("translate", "--max-length", 12, "--guard", "repair", "-v", stdin=text)
    assert done.returncode == 0
    said = done.stderr.decode()
    assert "cut off" in plain.stderr.decode()
    assert "outputs that reached the maximum length" not in said
    assert "s2s: warning: guard: lines repaired: 1 (1 by sentence)" in said
    assert "(repaired by sentence)" in said
    assert len(done.stdout) > len(plain.stdout)


def test_documents_are_repaired_and_resume_the_same(s2s: Run, tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    (docs / "a.md").write_text(f"# Good morning!\n\n{SOURCE}\n")
    command = ("translate", docs, "-o", out, "--min-confidence", 0.9, "--guard", "repair")
    first = s2s(*command)
    assert first.returncode == 0
    written = (out / "a.md").read_text()
    (out / "a.md").unlink()
    again = s2s(*command)
    assert (out / "a.md").read_text() == written
    told = [line for line in first.stderr.decode().splitlines() if "guard" in line]
    assert told == [line for line in again.stderr.decode().splitlines() if "guard" in line]
    assert told
