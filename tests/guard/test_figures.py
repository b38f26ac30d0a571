"""Numbers, measures and dates."""

from __future__ import annotations

import pytest

from tests.guard.test_checks import details


@pytest.mark.parametrize(
    ("source", "target", "detail"),
    [
        ("It costs 25 euros.", "Es kostet 35 Euro.", "“25” has become “35”"),
        ("It costs 25 euros.", "Es kostet Euro.", "the number “25” is missing"),
        ("It costs euros.", "Es kostet 25 Euro.", "the number “25” is not in the source"),
        ("From 250 to 300.", "Von bis.", "the numbers “250”, “300” are missing"),
        ("In 2014", "Im Jahr 2015", "“2014” has become “2015”"),
        ("50 ft high", "25 Meter hoch", "“50” has become “25”"),
    ],
)
def test_numbers_that_differ(source: str, target: str, detail: str) -> None:
    assert details("numbers", source, target) == [detail] * bool(detail)


@pytest.mark.parametrize(
    ("source", "target", "lost"),
    [
        ("Chapter XIV, MMXXIV", "Kapitel XIV, MMXIV", "“MMXXIV” is missing"),
        ("Louis XIV and Henry VIII", "Ludwig und Heinrich", "“XIV”, “VIII” are missing"),
        ("Chapter I: The House", "Kapitel Ich: Das Haus", "“I” is missing"),
        ("Chapter I of Part I", "Kapitel I von Teil I", ""),
        ("CHAPTER I", "KAPITEL ICH", "“I” is missing"),
        ("Workshop I", "Workshop Ich", "“I” is missing"),
        ("AM I IN?", "BIN ICH DA?", ""),
        ("So am I", "Ich auch", ""),
        ("World War I", "der Erste Weltkrieg", ""),
        ("Part I like: the end", "Der Teil, den ich mag: das Ende", ""),
        ("World War II", "der Zweite Weltkrieg", ""),
        ("Louis XIV", "Ludwig der 14.", ""),
        ("Appendix IX", "Anhang IX", ""),
        (
            "a MIX of CDs, an XL shirt, a DVI cable, MD",
            "eine Mischung, ein großes Hemd, ein Kabel",
            "",
        ),
        ("THE XX VISIONS", "DIE VISIONEN", ""),
        ("I. V. Ivanov", "Iwanow", ""),
        ("the XX-Y model", "alles", ""),
        ("", "XIV", ""),
    ],
)
def test_roman_numerals(source: str, target: str, lost: str) -> None:
    assert details("numbers", source, target) == [lost] * bool(lost)


def test_words_of_other_languages_are_no_numbers() -> None:
    """Ten is "on" in Turkish, two is "due" in Italian."""
    assert details("numbers", "ab 10 Uhr geöffnet", "open on Sundays", "de-en")
    assert not details("numbers", "open at 10", "saat on", "en-tr")
    assert details("numbers", "2 Bücher", "books that are due", "de-en")
    assert not details("numbers", "2 books", "due libri", "en-it")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("1,234.56 euros", "1.234,56 Euro"),
        ("at 8:15 p.m.", "um 20.15 Uhr"),
        ("from 11.00 a.m.", "ab 11 Uhr"),
        ("on 3/14/2024", "am 14.3.2024"),
        ("the 2 sisters", "die zwei Schwestern"),
        ("the four sisters", "die 4 Schwestern"),
        ("phase one", "Phase 1"),
        ("twenty-five years", "25 Jahre"),
        ("25 years", "fünfundzwanzig Jahre"),
        ("in the 1970s", "in den siebziger Jahren"),
        ("carbon tax", "CO2-Steuer"),
        ("50ft up", "15 Meter hoch"),
        ("at 130mph", "mit 210 km/h"),
        ("542 million pounds of pumpkin", "245 Millionen Kilogramm Kürbis"),
        ("a waist of 39.7 inches", "ein Umfang von 100,8 cm"),
    ],
)
def test_numbers_that_are_the_same(source: str, target: str) -> None:
    assert not details("numbers", source, target)
    assert not details("numbers", target, source, "de-en")


@pytest.mark.parametrize(
    ("source", "target", "detail"),
    [
        ("on 5 May 2014", "am 5. Juni 2014", "the month “May” has become “Juni”"),
        ("on May 5th", "am 5. des Monats", "the month “May” is missing"),
        ("on 5/3/2014", "am 5. April 2014", ""),
        ("We meet on Monday.", "Wir treffen uns am Dienstag.",
         "the day of the week “Monday” has become “Dienstag”"),
        ("In March we met.", "Im April trafen wir uns.", "the month “March” has become “April”"),
        ("on 5 May 2014", "am 5. Mai 2014", ""),
        ("on May 5, 2014", "am 5.5.2014", ""),
        ("on 5/6/2014", "am 5. Juni 2014", ""),
        ("You may go.", "Du darfst im Juni gehen.", ""),
        ("on Monday evening", "am Montagabend", ""),
        ("on Saturday", "am Sonnabend", ""),
        ("on Monday", "gestern", ""),
        ("on Monday at 5", "um 5", "the day of the week “Monday” is missing"),
        ("Black Friday: 5", "Black Friday: 5", ""),
    ],
)  # fmt: skip
def test_dates(source: str, target: str, detail: str) -> None:
    assert details("dates", source, target) == [detail] * bool(detail)


@pytest.mark.parametrize(
    ("source", "target", "languages", "is_found"),
    [
        ("le 5 mai 2014", "5 мая 2014 г.", "fr-ru", False),
        ("le 5 mai 2014", "5 июня 2014 г.", "fr-ru", True),
        ("el 3 de octubre de 2014", "3 października 2014", "es-pl", False),
        ("el 3 de octubre de 2014", "3 listopada 2014", "es-pl", True),
        ("le 5 mai 2014", "2014年5月5日", "fr-ja", False),
        ("on 5 May", "5 Bealtaine", "en-ga", False),
    ],
)
def test_dates_of_other_languages(source: str, target: str, languages: str, is_found: bool) -> None:
    assert bool(details("dates", source, target, languages)) == is_found


@pytest.mark.parametrize(
    ("source", "target", "languages", "detail"),
    [
        ("It closes at 10 p.m.", "Es schließt um 10 Uhr.", "en-de", "“10 p.m.” has become “10”"),
        ("Open from 9 AM to 5:30PM", "Offen von 9 bis 5:30 Uhr", "en-de",
         "“5:30PM” has become “5”"),
        ("It ends at 12:05 AM.", "Es endet um 12:05 Uhr.", "en-de", "“12:05 AM” has become “12”"),
        ("It closes at 10 p.m.", "Il ferme à 10 h.", "en-fr", "“10 p.m.” has become “10”"),
        ("It closes at 10 p.m.", "Es schließt um 22 Uhr.", "en-de", ""),
        ("8 a.m.–5 p.m.", "8 a.m.–5 Uhr", "en-de", "“5 p.m.” has become “5”"),
        ("8 a.m.–5 p.m.", "8 a.m.–5 p.m.", "en-de", ""),
        ("It closes at 10 p.m.", "Es schließt um 10 Uhr abends.", "en-de", ""),
        ("It ends at 12:05 AM.", "Es endet um 00:05 Uhr.", "en-de", ""),
        ("It ends at 12 a.m.", "Es endet um 24 Uhr.", "en-de", ""),
        ("It ends at 12 p.m.", "Es endet um 12 Uhr.", "en-de", ""),
        ("It opens at 9 a.m.", "Es öffnet um 9 Uhr.", "en-de", ""),
        ("It ends at 12:00 AM.", "Es endet um 12:00AM.", "en-de", ""),
        ("It closes at 10 p.m.", "Es schließt.", "en-de", ""),
        ("It closes at 10 p.m.", "Se închide la ora 10.", "en-ro", ""),
        ("10 pm of dust", "10 Uhr", "en-ja", ""),
    ],
)  # fmt: skip
def test_halves_of_the_day(source: str, target: str, languages: str, detail: str) -> None:
    assert details("amounts", source, target, languages) == [detail] * bool(detail)
