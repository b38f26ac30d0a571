"""``s2scli.guard``: what each check finds, and what it lets pass."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from s2scli.guard.checks import CHECKS, find
from s2scli.guard.facts import Facts, Finding
from s2scli.guard.limits import USUAL, Limits

SENTENCE = "The committee will meet again next week to discuss the budget of the coming year."
TRANSLATION = "Der Ausschuss tritt in der nächsten Woche zusammen, um den Haushalt zu beraten."
SECOND = "Its members have asked for more time."
SECOND_TRANSLATION = "Seine Mitglieder haben um mehr Zeit gebeten."


def names(facts: Facts, limits: Limits = USUAL) -> list[str]:
    return [finding.check for finding in find(facts, limits)]


def details(check: str, source: str, target: str, languages: str = "en-de") -> list[str]:
    ours, _, theirs = languages.partition("-")
    return [detail for _, detail in find(Facts(source, target, ours, theirs), USUAL, [check])]


def test_a_good_translation_passes() -> None:
    assert find(Facts(SENTENCE, TRANSLATION, "en", "de", -0.3, 20, 18)) == []
    both = Facts(f"{SENTENCE} {SECOND}", f"{TRANSLATION} {SECOND_TRANSLATION}", "en", "de")
    assert find(both) == []


@pytest.mark.parametrize("source", ["", "   ", "---", "* * *", "…"])
def test_what_says_nothing_passes(source: str) -> None:
    assert find(Facts(source, "")) == []


def test_only_the_named_checks_run() -> None:
    facts = Facts(f"{SENTENCE} 25", "Nein", truncated=True)
    assert {finding.check for finding in find(facts, USUAL, ["numbers"])} == {"numbers"}
    assert set(names(facts)) >= {"numbers", "truncated", "length"}


def test_cut_off() -> None:
    found = find(Facts(SENTENCE, TRANSLATION, truncated=True))
    assert found == [Finding("truncated", "it was cut off at its maximum length")]


@pytest.mark.parametrize(
    ("source", "target", "is_found"),
    [
        (SENTENCE, "Der Ausschuss tritt in der nächsten Woche", True),
        (SENTENCE, "Der Ausschuss tritt in der nächsten Woche zusammen,", True),
        ('He said: "We have time today."', "Er sagte: „Wir haben", True),
        ('He said: "We have time today."', "Er sagte: „Wir haben heute Zeit.“", False),
        ("Attachment saved.", "Anhang gespeichert", False),
        ("委员会下周将再次开会。", "The committee will meet", True),
        ('"We have time," he said.', "„Wir haben Zeit“, sagte er.", False),
        ("Read **this text.**", "Lesen Sie **diesen Text.**", False),
        ("Save the file", "Speichern Sie die Datei", False),
        ("The following is what you need.", "Folgendes wird gebraucht:", False),
        ("What are we to do now?", "¿Y ahora qué?", False),
        ("We have time for this now.", "時間があります。", False),
        ("We have time for this now.", "เรามีเวลา", False),  # Thai has no full stops
    ],
)
def test_stops_within_a_sentence(source: str, target: str, is_found: bool) -> None:
    assert bool(details("truncated", source, target)) == is_found


@pytest.mark.parametrize("target", ["", " ", "...", "Nein.", TRANSLATION * 3])
def test_length(target: str) -> None:
    assert details("length", SENTENCE, target)


@pytest.mark.parametrize(
    ("source", "target", "languages"),
    [
        ("OK", "Einverstanden", "en-de"),
        ("Yes", "Jawohl", "en-de"),
        (SENTENCE, "委员会下周将再次开会讨论来年的预算。", "en-zh"),
        ("委员会下周将再次开会讨论来年的预算。", SENTENCE, "zh-en"),
    ],
)
def test_short_texts_and_dense_scripts_have_other_lengths(
    source: str, target: str, languages: str
) -> None:
    assert not details("length", source, target, languages)


def test_the_length_that_is_usual_is_the_models_own() -> None:
    facts = Facts(SENTENCE, TRANSLATION[: len(TRANSLATION) // 2])
    assert "length" in names(facts, Limits(ratio=1.05, spread=0.1, spread_of_short=0.5))
    assert "length" not in names(facts, Limits(ratio=0.5, spread=0.1, spread_of_short=0.5))


@pytest.mark.parametrize(
    ("source", "target", "detail"),
    [
        (f"{SENTENCE} {SECOND}", TRANSLATION, "1 of 2 sentences is missing"),
        (f"{SECOND} {SENTENCE} {SECOND}", SECOND_TRANSLATION, "2 of 3 sentences are missing"),
        (f"{SENTENCE} {SECOND}", f"{TRANSLATION[:-1]}, und {SECOND_TRANSLATION}", ""),
        ("I did it. Thank you.", "Ich habe es getan. Danke!", ""),
        (SENTENCE, f"{TRANSLATION} {SECOND_TRANSLATION}", ""),
        ("Dr. Smith came at 5 p.m. on Oct. 3.", "Dr. Smith kam am 3. Oktober um 17 Uhr.", ""),
    ],
)
def test_sentences(source: str, target: str, detail: str) -> None:
    assert details("sentences", source, target) == [detail] * bool(detail)


def test_ordinals_end_no_sentence() -> None:
    german = "Die Frist endet am Montag, 11. November, um 18 Uhr im 19. Jahrhundert."
    english = "It ends on Monday 11 November at 6 p.m. in the 19th century."
    assert not details("sentences", german, english, "de-en")


@pytest.mark.parametrize(
    ("target", "phrase"),
    [
        ("Der Ausschuss tritt zusammen, um um um um zu beraten.", "um"),
        ("Der Ausschuss tritt zusammen tritt zusammen tritt zusammen.", "tritt zusammen"),
        ("Er hat das Haus gesehen, er hat das Haus gesehen.", "er hat das haus gesehen"),
        ("我们有时间我们有时间我们有时间我们有时间", "我们有时间"),
    ],
)
def test_loops(target: str, phrase: str) -> None:
    (detail,) = details("repetition", SENTENCE, target)
    assert detail.startswith(f"“{phrase}” is repeated ")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (SENTENCE, TRANSLATION),
        ("It is very, very good.", "Es ist sehr, sehr gut."),
        ("No, no, no, no!", "Nein, nein, nein, nein!"),
        ("We have time. " * 6, "Wir haben Zeit. " * 6),
    ],
)
def test_what_the_source_repeats_may_be_repeated(source: str, target: str) -> None:
    assert not details("repetition", source, target)


def test_a_text_that_says_nearly_the_same_again_and_again_compresses_well() -> None:
    target = " ".join(f"Der Ausschuss tritt in der Woche {i} zusammen und," for i in range(9))
    (detail,) = details(
        "repetition", f"{SENTENCE} {SECOND} {SENTENCE.upper()} {SECOND.upper()}", target
    )
    assert detail.startswith("it repeats itself")


def test_confidence_is_checked_if_asked_for() -> None:
    facts = Facts(SENTENCE, TRANSLATION, score=math.log(0.25))
    assert names(facts) == []
    assert names(facts, Limits(confidence=0.2)) == []
    assert names(facts, Limits(confidence=0.3)) == ["confidence"]
    assert names(facts._replace(score=None), Limits(confidence=0.3)) == []


def test_limits_of_a_model() -> None:
    known = {"ratio": 1, "spread": 0.1, "unknown": 3, "deviations": "many", "confidence": math.nan}
    assert Limits.of(known) == Limits(ratio=1.0, spread=0.1)
    assert isinstance(Limits.of(known).ratio, float)


def test_every_check_has_a_description() -> None:
    assert all(what and not what.endswith(".") for _, what in CHECKS.values())


def test_a_usual_line_imports_nothing_large() -> None:
    """Neither what identifies languages nor what knows their scripts nor what splits sentences."""
    code = (
        "from s2scli.guard.checks import find\nfrom s2scli.guard.facts import Facts\n"
        f"assert not find(Facts({SENTENCE!r}, {TRANSLATION!r}, 'en', 'de'))\n"
        "import sys\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"langcodes", "numpy", "py3langid", "sentencex"}
