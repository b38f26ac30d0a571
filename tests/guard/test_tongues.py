"""Copies of the source, and other languages."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.guard.test_checks import SENTENCE, TRANSLATION, details

FRENCH = "Le comité se réunira de nouveau la semaine prochaine pour discuter du budget."
RUSSIAN = "Комитет вновь соберётся на следующей неделе, чтобы обсудить бюджет."


@pytest.mark.parametrize(
    ("source", "target", "languages", "is_found"),
    [
        (SENTENCE, SENTENCE, "en-de", True),
        (SENTENCE, SENTENCE.replace("budget", "Haushalt"), "en-de", True),
        (SENTENCE, TRANSLATION, "en-de", False),
        (SENTENCE, SENTENCE, "en-en", False),
        ("Open the <b>settings</b>.", "Öffnen Sie die <b>settings</b>.", "en-de", True),
        ("Read <a href='/a'>our terms</a>.", "Lies <a href='/a'>our terms</a>.", "en-de", True),
        ("Open the <b>settings</b>.", "Öffnen Sie die <b>Einstellungen</b>.", "en-de", False),
        ("The <code>name</code> is old.", "Der <code>name</code> ist alt.", "en-de", False),
        ("Press <b>Enter</b> now.", "Drücken Sie jetzt <b>Enter</b>.", "en-de", False),
        ("BBC News", "BBC News", "en-de", False),
        ("[DOOR SLAMS]", "[DOOR SLAMS]", "en-de", True),
        ("PRICE LIST", "PREISLISTE", "en-de", False),
        ("NATO", "NATO", "en-de", False),
        ("Barack Obama, Angela Merkel", "Barack Obama, Angela Merkel", "en-de", False),
        ("Radio in Berlin", "Radio in Berlin", "en-de", False),
        (RUSSIAN, RUSSIAN, "ru-en", True),
        (
            "委员会下周将再次开会讨论来年的预算。",
            "委员会下周将再次开会讨论来年的预算。",
            "zh-en",
            True,
        ),
        ("Han kjøper en ny bil i dag.", "Han køber en ny bil i dag.", "no-da", False),
    ],
)
def test_copied(source: str, target: str, languages: str, is_found: bool) -> None:
    assert bool(details("copied", source, target, languages)) == is_found


def test_a_part_that_is_copied() -> None:
    target = f"{TRANSLATION} Danach will meet again next week to discuss the Haushalt."
    (detail,) = details("copied", f"{SENTENCE} {SENTENCE}", target)
    assert detail == "“will meet again next week to” is not translated"


@pytest.mark.parametrize(
    ("target", "languages", "detail"),
    [
        (TRANSLATION, "en-de", ""),
        (FRENCH, "en-de", "it seems to be in French, not German"),
        ("They have been here for the whole of the week.", "en-de",
         "it seems to be in English, not German"),
        (RUSSIAN, "en-de", "it is in another script than its language"),
        (TRANSLATION, "en-ru", "it is in another script than its language"),
        (RUSSIAN, "en-ru", ""),
        ("委员会下周将再次开会。", "en-zh", ""),
        ("委员会下周将再次开会。", "en-ko", "it is in another script than its language"),
        ("大韓民國", "en-ko", ""),
        ("Sastanak je u ponedeljak ujutru u devet.", "en-sr", ""),
        ("Sastanak je u ponedeljak ujutru u devet.", "en-sr-Cyrl",
         "it is in another script than its language"),
        ("委员会下周将再次开会。", "en-de", "it is in another script than its language"),
        ("来週また会議を開きます。", "en-ja", ""),
        ("Barack Obama, Angela Merkel, Emmanuel Macron", "en-de", ""),
        ("NASA", "en-ru", ""),
        ("Danke!", "en-de", ""),
        (FRENCH, "en-", ""),
        (FRENCH, "en-xx", ""),
        (TRANSLATION, "en-gsw", ""),
        ("Każdy człowiek ma prawo do życia, wolności i bezpieczeństwa.", "de-en",
         "it seems to be in Polish, not English"),
        ("Han kjøper en ny bil i dag, men den er ikke så stor.", "en-da", ""),
    ],
)  # fmt: skip
def test_language(target: str, languages: str, detail: str) -> None:
    assert details("language", f"NASA: {SENTENCE}", target, languages) == [detail] * bool(detail)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (
            "Three suspects were arrested, and eight tons of marijuana were seized.",
            "Drei Verdächtige wurden demnach festgenommen, acht Tonnen Marihuana sowie Kokain.",
        ),
        (
            "Microsoft Azure PowerShell does not collect any private or personal data.",
            "Microsoft Azure PowerShell sammelt keine privaten oder personenbezogenen Daten.",
        ),
    ],
)
def test_good_german_of_few_small_words_needs_no_detection(source: str, target: str) -> None:
    """Detection takes most of a second when it is first needed."""
    code = (
        "import sys; from s2scli.guard.checks import find; from s2scli.guard.facts import Facts; "
        "from s2scli.guard.limits import USUAL; "
        "assert not find(Facts(*sys.argv[1:], 'en', 'de'), USUAL, ['language']); "
        "sys.exit('s2scli.languages.detection' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, source, target], check=False).returncode == 0


@pytest.mark.parametrize(
    ("source", "languages", "is_found"),
    [
        (TRANSLATION, "en-de", True),
        ("Ich habe heute keine Zeit, um zu arbeiten.", "en-de", True),
        (SENTENCE, "en-de", False),
        ("He said that the film Das Leben der Anderen is good.", "en-de", False),
        (TRANSLATION, "de-de", False),
        (FRENCH, "en-fr", True),
        ("Han kjøper en ny bil i dag og vil ha det.", "no-da", False),
    ],
)
def test_sources_that_are_done(source: str, languages: str, is_found: bool) -> None:
    target = FRENCH if languages == "en-fr" else TRANSLATION
    found = any("already" in detail for detail in details("language", source, target, languages))
    assert found == is_found


@pytest.mark.parametrize(
    ("source", "languages", "detail"),
    [
        (FRENCH, "en-de", "its source seems to be in French, not English"),
        (FRENCH, "fr-de", ""),
        ("Me gustaría reservar una habitación para dos personas.", "en-de",
         "its source seems to be in Spanish, not English"),
        ("Это русский текст для проверки.", "en-de",
         "its source is in another script than its language"),
        ("The word привет means hello in Russian.", "en-de", ""),
        ("She said: c'est la vie, and left the house.", "en-de", ""),
        ("Jeg har en bil og et hus i byen.", "no-de", ""),
        ("Jeg har en bil og et hus i byen.", "da-de", ""),
    ],
)  # fmt: skip
def test_sources_in_another_language(source: str, languages: str, detail: str) -> None:
    found = details("language", source, TRANSLATION, languages)
    assert found == [detail] * bool(detail)
