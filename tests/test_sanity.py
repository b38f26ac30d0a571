"""The rules that no translation may break, on outputs that were made up, and on good ones."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import GOLDEN
from tests.numerals import unmatched
from tests.sanity import faults, repetition

SENTENCES = [
    line.split("\t")
    for line in (GOLDEN / "bundled-sentences.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("It costs $1,234.50.", "Es kostet 1.234,50 $."),
        ("It costs $1,234.50.", "Es kostet 1234,5 $."),
        ("It costs $1,234.50.", "Es kostet 1,234.50 $."),
        ("It costs $1,234.50.", "Es kostet 1 234,50 $."),
        ("It costs $1,234.50.", "Es kostet 1\u202f234,50 $."),
        ("Open ports 80 and 443.", "Öffnen Sie die Ports 80 443."),
        ("It takes 3.5 hours.", "Es dauert 3,5 Stunden."),
        ("It takes 1.5 hours.", "Es dauert anderthalb Stunden."),
        ("Only 2.0 works.", "Nur 2.0 geht."),
        ("It grew by 12.5%.", "Es wuchs um 12,5 %."),
        ("I have 3 sons.", "Ich habe drei Söhne."),
        ("I have 21 sons.", "Ich habe einundzwanzig Söhne."),
        ("I have three sons.", "Ich habe 3 Söhne."),
        ("I have twenty-one sons.", "Ich habe 21 Söhne."),
        ("the 1st, the 2nd and the 3rd", "der erste, der zweite und der dritte"),
        ("the 1st, the 2nd and the 3rd", "der 1., der 2. und der 3."),
        ("He is 40 years old.", "Er ist vierzigjährig."),
        ("I called 3 times.", "Ich habe dreimal angerufen."),
        ("on the twentieth floor", "im 20. Stock"),
        ("It was March 5, 2024.", "Es war der 5. März 2024."),
        ("It was March 5, 2024.", "Es war der 05.03.2024."),
        ("It was 2024-03-05.", "Es war der 5.3.2024."),
        ("It was 2024-03-05.", "Es war der 5. März 2024."),
        ("It was 3/5/2024.", "Es war der 5.3.2024."),
        ("It was 5/5/2024.", "Es war der 05.05.2024."),
        ("It was 05.05.2024.", "Es war der 5. Mai 2024."),
        ("at 2:30 p.m.", "um 14:30 Uhr"),
        ("At 11 p.m. it took 11 months.", "Um 23 Uhr dauerte es 11 Monate."),
        ("Write to c4bn@app.org.", "Schreiben Sie an c4bn@app.org."),
        ("See www.app.org/?a=85bn2.", "Siehe unter www.app.org/?a=85bn2 nach."),
        ("at 2:30 PM", "um 14.30 Uhr"),
        ("at 2:30 pm", "nachmittags um 2:30 Uhr"),
        ("at 2 p.m.", "um 14 Uhr"),
        ("at 2 p.m.", "um 14:00 Uhr"),
        ("at 12 a.m.", "um 0 Uhr"),
        ("at 12 a.m.", "um Mitternacht"),
        ("at 10:30", "um halb elf"),
        ("at half past ten", "um 10:30 Uhr"),
        ("at a quarter to one", "um 12:45 Uhr"),
        ("at 10:15", "um Viertel nach zehn"),
        ("at 1:00", "um ein Uhr"),
        ("2.5 million people", "2,5 Millionen Menschen"),
        ("2.5 million people", "2.500.000 Menschen"),
        ("3 billion euros", "3 Milliarden Euro"),
        ("3 billion euros", "drei Milliarden Euro"),
        ("$5bn, £2m and 5 m", "5 Milliarden Dollar, 2 Millionen Pfund und 5 m"),
        ("from $4.1 billion to $4.2 billion", "von 4,1 auf 4,2 Milliarden Dollar"),
        ("600 people and 3,000 cars", "sechshundert Menschen und dreitausend Autos"),
        ("in the 1970s", "in den siebziger Jahren"),
        ("in the eighties", "in den 1980er-Jahren"),
        ("1 million times", "eine Million Mal"),
        ("a hundred times", "100-mal"),
        ("It was -12 degrees.", "Es waren minus 12 Grad."),
        ("It was −12 degrees.", "Es waren -12 Grad."),
        ("from 1990-2000", "von 1990–2000"),
        ("She won 6-3.", "Sie gewann 6:3."),
        ("Mix 1/2 cup.", "Mischen Sie ½ Tasse."),
        ("Mix 1/2 cup.", "Eine halbe Tasse mischen."),
        ("Mix 1/2 cup.", "0,5 Tassen mischen."),
        ("two dozen eggs", "zwei Dutzend Eier"),
        ("12 eggs", "ein Dutzend Eier"),
        ("Use version 1.14.2.", "Verwenden Sie Version 1.14.2."),
        ("Ping 10.10.10.10 now.", "Pingen Sie jetzt 10.10.10.10 an."),
        ("Call +44 20 7946 0958.", "Rufen Sie +44 20 7946 0958 an."),
        ("Ask 12 000 people.", "Fragen Sie 12 000 Menschen."),
        ("Ask 12,000 people.", "Fragen Sie 12 000 Menschen."),
        ("The 737 800 people saw", "Die 737, die 800 Menschen sahen"),
        ("MP3 and H2O", "MP3 und H2O"),
        ("It is very, very, very good.", "Es ist sehr, sehr, sehr gut."),
        ("I know that that is good.", "Ich weiß, dass das das ist, was gut ist."),
    ],
)
def test_good_translations_have_no_faults(source: str, target: str) -> None:
    assert faults(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "lost", "invented"),
    [
        ("It takes 3.5 hours.", "Es dauert 35 Stunden.", ["3.5"], ["35"]),
        ("It takes 3.5 hours.", "Es dauert 3.500 Stunden.", ["3.5"], ["3.500"]),
        ("It grew by 3.5%.", "Es wuchs um 5 %.", ["3.5"], ["5"]),
        ("There were 1,280.", "Es gab 1,28.", ["1,280"], ["1,28"]),
        ("There were 1280.", "Es gab einige.", ["1280"], []),
        ("There were some.", "Es gab 7.", [], ["7"]),
        ("There were three.", "Es gab 7.", [], ["7"]),
        ("We sold 40 and 40.", "Wir verkauften 40.", ["40"], []),
        ("We sold 40.", "Wir verkauften 40 und 40.", [], ["40"]),
        ("We sold 3 and 3.", "Wir verkauften drei.", ["3"], []),
        ("I have 3 sons.", "Ich habe dreizehn Söhne.", ["3"], []),
        ("I have 8 sons.", "Achtung, Söhne.", ["8"], []),
        ("It was -12 degrees.", "Es waren 12 Grad.", ["-12"], ["12"]),
        ("2 million people", "2 Milliarden Menschen", ["2 million"], ["2 Milliarden"]),
        ("2.5 million people", "2,5 Menschen", ["2.5 million"], ["2,5"]),
        ("at 2:30 p.m.", "um 15:30 Uhr", ["2:30"], ["15:30"]),
        ("at 2:30 a.m.", "um 14:30 Uhr", ["2:30"], ["14:30"]),
        ("at 10:30", "um halb zehn", ["10:30"], []),
        ("It was March 5, 2024.", "Es war der 5. März 2023.", ["2024"], ["2023"]),
        ("It was March 5, 2024.", "Es war der 05.04.2024.", ["5", "2024"], ["05.04.2024"]),
        ("Use version 1.14.2.", "Verwenden Sie Version 1.14.", ["1.14.2"], ["1.14"]),
        ("Call 0958.", "Rufen Sie 958 an.", ["0958"], ["958"]),
        ("See page 7.", "Siehe Seite ٧.", [], []),
    ],
)
def test_numbers_that_are_lost_or_made_up(
    source: str, target: str, lost: list[str], invented: list[str]
) -> None:
    assert unmatched(source, target) == (lost, invented)


@given(st.text("0123456789.,:/’ -−½()", max_size=40))
def test_a_copy_loses_nothing(text: str) -> None:
    assert unmatched(text, text) == ([], [])


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ("Das Haus Haus Haus ist alt.", "haus"),
        ("Die, die, Die!", "die"),
        ("in der Welt, in der Welt, in der Welt", "in der welt"),
        ("Ein Haus-Haus-Haus", "haus"),
        ("Haus Haus", None),
        ("die Welt der Welt die Welt", None),
        ("", None),
    ],
)
def test_words_three_times_in_a_row(text: str, repeated: str | None) -> None:
    assert repetition(text) == repeated
    assert (faults("A text.", f"Text: {text}") == []) is (repeated is None)


@pytest.mark.parametrize("target", ["", " ", "…", "Stra\ufffde", "Ein\nText", "Ein\u2028Text"])
def test_texts_that_are_none(target: str) -> None:
    assert len(faults("A text.", target)) == 1


def test_the_sentences_and_their_references() -> None:
    assert len(SENTENCES) == 200
    for domain, source, target in SENTENCES:
        assert domain.isalpha()
        for text in (source, target):
            assert text == unicodedata.normalize("NFC", text).strip()
        assert faults(source, target) == [], source
    for column in (1, 2):
        keys = Counter("".join(filter(str.isalnum, row[column].casefold())) for row in SENTENCES)
        assert keys.most_common(1)[0][1] == 1
