"""Blanks and closing signs that a translation lost come back."""

from __future__ import annotations

import pytest

from s2scli.data import Translation
from s2scli.tasks.corrections import Wanted, accepted
from s2scli.text.layout import (
    closing,
    doubled_ands,
    numeros,
    opening,
    prices,
    signs_apart,
    wide_gaps,
)
from s2scli.text.rewriting import Rewriting
from s2scli.text.spans import Protection


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Total:  {0}", "Gesamt: {0}", "Gesamt:  {0}"),
        ("{0}  of all", "{0} von allen", "{0}  von allen"),
        ("Width: {w}  Height: {h}", "Breite: {w} Höhe: {h}", "Breite: {w}  Höhe: {h}"),
        ("Left:  5  right:  6", "Links: 5 rechts: 6", "Links:  5  rechts:  6"),
        ("Hello,  world", "Hallo, Welt", "Hallo,  Welt"),
        ("A:  b and c:  d", "A: b und c: d", "A:  b und c:  d"),
        ("Name:  %s", "Name:  %s", "Name:  %s"),
        # Nothing tells where these belong:
        ("two  words", "zwei Wörter", "zwei Wörter"),
        ("one:  b", "eins: drei: c", "eins: drei: c"),
        ("  Total: {0}  ", "Gesamt: {0}", "Gesamt: {0}"),
    ],
)
def test_several_blanks_stay_several(source: str, target: str, expected: str) -> None:
    assert Rewriting(target, wide_gaps(source, target)).text == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Please wait…", "Bitte warten.", "Bitte warten…"),
        ("Please wait...", "Bitte warten", "Bitte warten..."),
        ("Please wait ...", "Bitte warten", "Bitte warten ..."),
        ("Please wait...", "Bitte warten …", "Bitte warten …"),
        ("Save as…", "Als … speichern", "Als … speichern"),
        ("Name:", "Name", "Name:"),
        ("Write to:", "Schreiben an.", "Schreiben an:"),
        ("Name:", "名称：", "名称："),
        ("What?!", "Was?", "Was?!"),
        ("Really??", "Wirklich?", "Wirklich??"),
        ("Stop!!!", "Halt!", "Halt!!!"),
        ("Stop!", "Halt.", "Halt."),
        ("What?!", "什么？", "什么？"),
        ("It is 5.", "Es ist 5", "Es ist 5"),
        ("Did you know ...?", "Wusstest du ...", "Wusstest du...?"),
        ("I mean--", "Ich meine.", "Ich meine--"),
        ("I mean—", "Ich meine –", "Ich meine –"),
        ("Smile :)", "Lächeln", "Lächeln"),
        ("", "", ""),
        ("Wait…", "", ""),
    ],
)
def test_the_sign_at_the_end_stays(source: str, target: str, expected: str) -> None:
    assert Rewriting(target, closing(source, target, (), ())).text == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Tel. 555", "el. 555", "Tel. 555"),
        ("(Fax: 5)", "(ax: 5)", "(Fax: 5)"),
        ("In a house", "In einem Haus", "In einem Haus"),
        ("Tel. 555", "Tel. 555", "Tel. 555"),
        ("Kin of Kin", "in der Kin", "in der Kin"),
        ("I am", "bin", "bin"),
    ],
)
def test_the_first_letter_comes_back(source: str, target: str, expected: str) -> None:
    assert Rewriting(target, opening(source, target)).text == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("No. 4 of 5", "Nein. 4 von 5", "No. 4 von 5"),
        ("Nos. 4 and 5", "Nein 4 und 5", "Nos. 4 und 5"),
        ("Serial no.: 5", "Serien nein.: 5", "Serien no.: 5"),
        ("No. of guests: 5", "Nein. Gäste: 5", "No. Gäste: 5"),
        ("No. I am 5.", "Nein. Ich bin 5.", "Nein. Ich bin 5."),
        ("No, it is no. No. 4", "Nein, es ist Nein. 4", "Nein, es ist Nein. 4"),
    ],
)
def test_a_number_is_no_denial(source: str, target: str, expected: str) -> None:
    assert Rewriting(target, numeros(source, target)).text == expected


def test_what_is_protected_is_no_closing_sign() -> None:
    assert closing("Fine :tada:", "Gut", [(5, 11)], ()) == []
    assert closing("Open %s…", "Öffne v1.", (), [(6, 9)]) == [(9, 9, "…")]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("5 million+ users", "5 Millionen+Benutzer", "5 Millionen+ Benutzer"),
        ("a + b", "a+b", "a + b"),
        ("C++ code", "C++-Code", "C++-Code"),
        ("a+b", "a + b", "a + b"),
        ("a + b", "a und b", "a und b"),
    ],
)
def test_signs_that_join_words_keep_their_blanks(source: str, target: str, expected: str) -> None:
    assert Rewriting(target, signs_apart(source, target, (), ())).text == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("File && Folder", "Datei & Ordner", "Datei && Ordner"),
        ("File && Folder", "Datei & & Ordner", "Datei && Ordner"),
        ("File && Folder", "Datei und Ordner", "Datei und Ordner"),
        ("File & Folder", "Datei & Ordner", "Datei & Ordner"),
        ("a & b && c", "a & b && c", "a & b && c"),
    ],
)
def test_two_signs_for_and_stay_two(source: str, target: str, expected: str) -> None:
    assert Rewriting(target, doubled_ands(source, target)).text == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("{name}'s files", "{name} Dateien", "{name}'s Dateien"),
        ("%s’s message was deleted", "%s Nachricht ist weg", "%s’s Nachricht ist weg"),
        ("{name}'s files", "{name}s Dateien", "{name}s Dateien"),
        ("{name}'s files", "Dateien von {name} Mal", "Dateien von {name} Mal"),
        ("Take {name}'s file", "{name} die Datei nehmen", "{name} die Datei nehmen"),
        ("{name} files", "{name} Dateien", "{name} Dateien"),
    ],
)
def test_owners_keep_what_they_own(source: str, target: str, expected: str) -> None:
    whole = accepted(Wanted(source), Translation(target), Protection())
    assert whole is not None
    assert whole.text == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("€5 per user", "5 pro Benutzer und Monat €", "5\u00a0€ pro Benutzer und Monat"),
        ("$5 million for it", "5 Millionen für das $", "5 Millionen\u00a0$ für das"),
        ("5 € a month", "€ im Monat nur 5", "im Monat nur €5"),
        ("€5 a month", "5 € im Monat", "5 € im Monat"),
        ("$5 million", "5 Millionen $", "5 Millionen $"),
        ("€5 or €6", "5 oder 6 für alle €", "5 oder 6 für alle €"),
        ("€5 a month", "5 Euro im Monat", "5 Euro im Monat"),
    ],
)
def test_a_currency_stands_at_its_figures(source: str, target: str, expected: str) -> None:
    assert Rewriting(target, prices(source, target)).text == expected
