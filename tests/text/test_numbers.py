"""Numbers in a text and in its translation: equal values in any form, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.text.numbers import differences, numbers

# With a sign that a translation must have, or a word for it.
SIGNED = (
    "#12345", "# 12345", "§ 5", "§5", "№ 7", "± 5", "±5", "~ 40", "~40", "≈ 40", "< 5", "p<5",
    "> 5", "≥ 3", "≤ 3", "<= 3", "5 %", "5%", "5 ‰", "20 °C", "20°", "70 °F", "$5", "$ 5", "5 $",
    "€5", "5 €", "£5", "5 £", "¥500", "500 ¥", "₹500",
)  # fmt: skip
SAME = [
    *((each, each) for each in SIGNED),
    ("#5", "Nr. 5"), ("#5", "Nummer 5"), ("№ 7", "#7"), ("§ 5", "Absatz 5"), ("§ 5", "Paragraf 5"),
    ("± 5", "plus/minus 5"), ("~ 40", "etwa 40"), ("~40", "ca. 40"), ("≈ 40", "circa 40"),
    ("< 5", "weniger als 5"), ("> 5", "über 5"), ("≥ 3", "mindestens 3"), ("≤ 3", "höchstens 3"),
    ("<= 3", "≤ 3"), ("20 °C", "20 Grad Celsius"), ("20°", "20 degrés"), ("¥500", "500 Yen"),
    ("$5", "5 US-Dollar"), ("$5 to $10", "5 bis 10 Dollar"), ("$5–$10", "5–10 $"), ("5 €", "EUR 5"),
    ("5%, 6%, and 7%", "5, 6 und 7 Prozent"), ("#5 and #6", "Nr. 5 und 6"), ("$2", "zwei Dollar"),
    ("$5 USD", "$5 USD"),
    ("$5 million", "5 Millionen Dollar"), ("C# 5", "C 5"), ("3~5", "3–5"), ("<b>5</b>", "5"),
    ("->5", "5"), ("&#5;", "5"), ("5 %s", "5"),
    ("1,234.56", "1.234,56"), ("1,234.56", "1 234,56"), ("3.5%", "3,5 %"), ("$19.99", "19,99 $"),
    ("2.1.2", "2.1.2"), ("1,234", "1234"), ("1,000,000", "1.000.000"), ("1,00,000", "100 000"),
    ("10/20/2013", "20. Oktober 2013"), ("10/20/2013", "20.10.2013"), ("2013-10-20", "20.10.2013"),
    ("at 8:15 p.m.", "um 20.15 Uhr"), ("at 5 pm", "um 17 Uhr"), ("10:00", "10 Uhr"),
    ("at 11.00 a.m.", "um 11 Uhr"), ("2.00 p.m.", "14 Uhr"),
    ("8:15", "8 h 15"), ("12 a.m.", "0 Uhr"), ("3 million", "300万"), ("$1.5 million", "150万美元"),
    ("20,000", "2万"), ("3 million", "3 Millionen"), ("2 cats", "zwei Katzen"), ("2nd", "zweite"),
    ("35th", "35."), ("20th century", "XXe siècle"), ("3 books", "三本书"), ("25", "二十五"),
    ("the 1990s", "die 1990er"), ("192.168.0.1", "192.168.0.1"), ("٣ كتب", "3 books"),
    ("−5 °C", "-5 °C"), ("5-10", "5–10"), ("mp3, A4", "mp3, A4"), ("10kg", "10 kg"),
    ("2:30", "halb drei"), ("at 12:30 p.m.", "um halb eins"), ("2:15", "Viertel nach zwei"),
    ("3:00", "drei Uhr"), ("3:45", "viertel vor vier"), ("2:30", "half drie"),
    ("2:30", "um zwei Uhr dreißig"), ("2:30", "half past two"), ("2h30", "half past two"),
    ("2:30", "at two thirty"), ("2:30", "deux heures et demie"), ("2:30", "las dos y media"),
    ("3:15", "viertel nach drei"), ("3:15", "Quarter past three"), ("2:45", "a quarter to three"),
    ("2:45", "Viertel vor drei"), ("2:45", "trois heures moins le quart"),
    ("2:20", "2 Uhr zwanzig"), ("8:00", "acht"),
    ("11:55", "fünf vor zwölf"), ("11:55", "5 vor 12"), ("11:55", "five to twelve"),
    ("11:55 p.m.", "fünf vor zwölf"), ("2:25", "fünf vor halb drei"), ("2:35", "fünf nach halb 3"),
    ("12:45", "Viertel vor eins"), ("0:30", "halb eins"), ("14:30", "vierzehn Uhr dreißig"),
    ("2:20", "zwanzig nach zwei"), ("2:50", "zehn vor drei"), ("2:07", "sieben nach zwei"),
    ("14:30", "halb drei"), ("2 Katzen", "two cats"), ("two", "2"), ("2", "zweimal"),
    ("$19.99", "19,99 Dollar"), ("3.5%", "3,5 Prozent"),
    ("52.52,13.4", "52.52,13.4"), ("$5 and €6", "5 $ und 6 €"), ("$5 and €6", "$5 und 6 €"),
    ("007", "7"), ("In 2014 100 people", "100 Leute, 2014"),
]  # fmt: skip
OTHERS = [
    ("3.5%", "35%"), ("2.1.2", "2.1"), ("2.1.2", "212"), ("1,234.56", "1234"), ("5 and 5", "5"),
    ("100", "1000"), ("-5 °C", "5 °C"), ("0.5", "5"), ("12.5", "125"), ("1.50", "1.5"),
    ("35th", "zweite"), ("$19.99", "19 $"), ("10/20/2013", "20. Oktober"), ("8:15", "8.50 Uhr"),
    ("3 million", "3 000"), ("1,234", "12,34"), ("7", "Haus"), ("4912", "Haus"),
    ("3 dogs", "dreißig"), ("4", "vierzehn"), ("2:30", "halb zwei"),
    ("2:30", "drei Uhr"), ("2:15", "halb drei"), ("2:20", "zwanzig nach drei"),
    ("3.00", "3 drei"), ("2:00", "halb drei"), ("2.30", "halb drei"),
    ("2:30", "half past three"), ("2:30", "zwei Uhr"), ("2:30", "drei Uhr dreißig"),
    ("3:15", "Viertel vor drei"), ("2:45", "a quarter to two"), ("11:55", "fünf vor elf"),
    ("2:25", "fünf nach halb drei"), ("14:30", "dreizehn Uhr dreißig"), ("2:30", "dreißig"),
    ("$19.99", "19,99"), ("3.5%", "3,5"),
    ("€5", "5 Dollar"),
    *((each, each.strip("#§№±~≈p<>≤≥%‰°CF$€£¥₹ ")) for each in SIGNED),
    ("$5 or $10", "5 oder $10"),
    ("ten dollars ($10.00)", "zehn Dollar (10,00)"),
    ("[1-3,7]", "[1-3.7]"), ("Li^1,2", "Li^1.2"), ("7.30 p.m.", "7,30 Uhr"),
    ("3rd, 4th & 5th April", "3. April"),
    ("room 2.04", "Raum 2,04"),
    ("5% ... and a lot of 10%", "5 und ganz viele 10 %"), ("< 5", "> 5"), ("≤ 5", "< 5"),
    ("20 °C to 30 °C", "20 und dann auf 30 °C"), ("#5 and then #6", "5 und dann #6"),
    ("$5, $10 or $20", "5, $10 oder $20 $"), ("the $5 bill", "die Rechnung $5 $"),
    ("$5", "$5 Dollar"), ("€9, ¥10 and 3 EUR", "9, ¥10 und 3 EUR"),
    ("1,2,3,4", "1.2.3.4"), ("1,3,5 and 7,9", "1,3,5 und 7.9"), ("0.5,0.25", "0.5.0.25"),
    ("52.52,13.4", "52,52.13,4"), ("$5 and €6", "5 und €6 $"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target"), SAME)
def test_the_same_value(source: str, target: str) -> None:
    assert differences(f"It is {source} here.", f"Hier {target} ist es.")[0] == []


@pytest.mark.parametrize(("source", "target"), OTHERS)
def test_another_value(source: str, target: str) -> None:
    lost, _ = differences(f"It is {source} here.", f"Hier {target} ist es.")
    assert lost


@pytest.mark.parametrize(
    ("source", "target", "language", "is_lost"),
    [
        ("(0,0)", "(0.0)", "de", True),
        ("(0,0)", "(0,0)", "de", False),
        ("12,34", "12.34", "de", True),
        ("12,34", "12.34", "en", False),
        ("1,234", "1.234", "de", False),
        ("1.5", "1,5", "de", False),
        ("1.5", "1.5", "de", False),
    ],
)
def test_commas_in_languages_that_have_them_in_decimals(
    source: str, target: str, language: str, is_lost: bool
) -> None:
    assert bool(differences(source, target, language)[0]) == is_lost


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_any_number_in_the_forms_of_other_countries(value: object) -> None:
    english = f"{value:,}"
    german = english.translate(str.maketrans(",.", ".,"))
    for other in (german, english, str(value), german.replace(".", "\u202f")):
        assert differences(english, other) == ([], [])
        assert differences(other, english) == ([], [])


@given(st.text(st.sampled_from("0123456789.,:/-' %$#§~<>=°Cah日"), max_size=20))
def test_any_text(text: str) -> None:
    found = list(numbers(text))
    assert differences(text, text) == ([], [])
    digits = [place for place, sign in enumerate(text) if sign.isdecimal()]
    covered = [place for n in found for place in range(n.start, n.end) if text[place].isdecimal()]
    assert covered == digits
    assert all(n.whole[0] <= n.start < n.end <= n.whole[1] for n in found)
