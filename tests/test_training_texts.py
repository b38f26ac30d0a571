"""What the training script of the bundled model makes of its text: variations and the filter."""

from __future__ import annotations

import lzma
import random
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GOLDEN
from tests.sanity import faults

SCRIPTS = Path(__file__).parents[1] / "scripts"
PAIRS = [
    ("Tom lives in Boston.", "Tom wohnt in Boston."),
    ("I have 5 cats.", "Ich habe 5 Katzen."),
    ("Call `open()` twice!", "Rufen Sie `open()` zweimal auf!"),
]


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import a module of the training scripts by name."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return lambda name: import_module(f"training.{name}")


def test_made_sentences_keep_their_own_rules(training: Any) -> None:
    sentence, generator = training("sentences").sentence, random.Random(1)
    pairs = [sentence(generator) for _ in range(5000)]
    assert [(pair, faults(*pair)) for pair in pairs if faults(*pair)] == []
    assert not any(set("{}") & set(side) for pair in pairs for side in pair)


def test_no_test_sentence_is_made(training: Any) -> None:
    rows = (GOLDEN / "bundled-sentences.tsv").read_text(encoding="utf-8").splitlines()
    slot = training("sentences").SLOT
    shapes = {slot.sub("", english) for english, _ in training("sentences").templates()}
    tested = [row.split("\t")[1] for row in rows]
    sentence, generator = training("sentences").sentence, random.Random(2)
    assert not shapes & set(tested)
    assert not {sentence(generator)[0] for _ in range(20_000)} & set(tested)


def test_every_template_has_the_same_slots_on_both_sides(training: Any) -> None:
    module = training("sentences")
    for english, german in module.templates():
        slots = [sorted(match[0] for match in module.SLOT.finditer(t)) for t in (english, german)]
        assert slots[0] == slots[1], english
        assert all(match[1] in module.SLOTS for match in module.SLOT.finditer(english)), english


def test_dates_are_written_as_each_language_does(training: Any) -> None:
    module = training("quantities")
    drawn = {}
    for maker in (module.day, module.span, module.date, module.price):
        generator = random.Random(3)
        drawn[maker] = {maker(generator) for _ in range(60_000)}
    assert {
        ("3 June", "3. Juni"),
        ("June 3", "3. Juni"),
        ("June 3rd", "3. Juni"),
        ("21st March", "21. März"),
        ("12th May", "12. Mai"),
    } <= drawn[module.day]
    # Any day and month, of which there are many: only the shape is looked for.
    shapes = {tuple(re.sub(r"\d+", "1", side) for side in pair) for pair in drawn[module.span]}
    assert {
        ("from 1 to 1 June", "vom 1. bis 1. Juni"),
        ("from June 1 to 1, 1", "vom 1. bis zum 1. Juni 1"),
        ("from May 1 through June 1", "vom 1. Mai bis zum 1. Juni"),
    } <= shapes
    assert ("$50", "50 $") in drawn[module.price]
    for english, german in drawn[module.date]:
        assert german.split()[0].rstrip(".") in english
        assert german.split()[-1] == english.split()[-1]


def test_times_are_of_24_hours(training: Any) -> None:
    clock, generator = training("quantities").clock, random.Random(4)
    pairs = {clock(generator) for _ in range(5000)}
    assert {("12:05 p.m.", "12:05 Uhr"), ("2:30 PM", "14:30 Uhr"), ("9 am", "9 Uhr")} <= pairs
    for english, german in pairs:
        assert german.endswith(" Uhr")
        assert faults(f"at {english}", f"um {german}") == []


@pytest.mark.parametrize(
    ("source", "target", "shouted"),
    [
        ("It costs $50.", "Es kostet 50 $.", "IT COSTS $50."),
        ("Save 5% today!", "Sparen Sie heute 5 %!", "SAVE 5% TODAY!"),
        ("Closed at 2 p.m.", "Um 14 Uhr geschlossen.", "CLOSED AT 2 P.M."),
        ("Delete $name.", "$name löschen.", "Delete $name."),
        ("Delete %s.", "%s löschen.", "Delete %s."),
        ("See www.example.org.", "Siehe www.example.org.", "See www.example.org."),
    ],
)
def test_prices_are_shouted_and_names_of_programs_are_not(
    training: Any, source: str, target: str, shouted: str
) -> None:
    pair = training("augment").capitals((source, target), random.Random(1))
    assert pair == (shouted, target.upper() if shouted != source else target)


def test_augmented_pairs_lose_nothing(training: Any) -> None:
    augment = training("augment").augment
    for index in range(4000):
        order = PAIRS[index % 3 :] + PAIRS[: index % 3]
        pair = augment(order, 1, 1, index)
        assert pair[0] == pair[1] or faults(*pair) == [], pair
        assert pair == augment(order, 1, 1, index)


def test_the_filter_and_its_absence(training: Any, tmp_path: Path) -> None:
    rows = [
        "The house is old.\tDas Haus ist alt.",
        "A short one.\t" + "Das ist viel zu lang. " * 5,
        "This is not the German text.\tThis is not the German text.",
        "We held this out.\tDies ist zurückgehalten.",
    ]
    (tmp_path / "ui.tsv.xz").write_bytes(lzma.compress("\n".join(rows).encode()))
    held_out = tmp_path / "held-out.en"
    held_out.write_text("We held this out!", encoding="utf-8")
    read = training("corpus").read_domains
    domains, rejects = read(tmp_path, [], [held_out])
    assert [len(domain.pairs) for domain in domains] == [1]
    assert rejects["ui"] == {"length ratio": 1, "copied": 1, "held out": 1}
    domains, rejects = read(tmp_path, [], [held_out], filtered=False)
    assert [len(domain.pairs) for domain in domains] == [3]
    assert rejects["ui"] == {"held out": 1}
