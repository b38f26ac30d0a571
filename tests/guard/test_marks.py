"""Signs that mean themselves, names with figures, and amounts."""

from __future__ import annotations

import pytest

from tests.guard.test_checks import details


@pytest.mark.parametrize(
    ("source", "target", "detail"),
    [
        ("The area is 50 m².", "Die Fläche ist 50 m.", "“²” is missing"),
        ("It covers 12 km².", "Es sind 12 km.", "“²” is missing"),
        ("If x² + y² = z², go.", "Wenn x² + y² = z ist, geh.", "“²” is missing"),
        ("The area is 50 m².", "Die Fläche ist 50 Quadratmeter.", ""),
        ("The area is 50 m².", "Die Fläche ist 50 m^2.", ""),
        ("1.5×10⁻³ m", "1,5×10⁻ m", "“³” is missing"),
        ("Water is H₂O.", "Wasser ist H2O.", ""),
        ("Water is H₂O.", "Wasser ist HO.", "“₂” is missing"),
        ("½ cup of milk", "Tasse Milch", "“½” is missing"),
        ("½ cup of milk", "eine halbe Tasse Milch", ""),
        ("1½ cups of milk", "1,5 Tassen Milch", ""),
        ("¾ of them", "3/4 von ihnen", ""),
        ("Chapter Ⅳ ends.", "Das Kapitel endet.", "“Ⅳ” is missing"),
        ("Chapter Ⅳ ends.", "Kapitel IV endet.", ""),
        ("Step ① comes first.", "Schritt 1 kommt zuerst.", ""),
        ("Step ① comes first.", "Der Schritt kommt zuerst.", "“①” is missing"),
    ],
)
def test_figures_of_one_sign(source: str, target: str, detail: str) -> None:
    assert details("numbers", source, target) == [detail] * bool(detail)


@pytest.mark.parametrize(
    ("source", "target", "detail"),
    [
        ("The flight leaves from gate B12.", "Der Flug geht.", "the number “12” is missing"),
        ("The flight leaves from gate B12.", "Der Flug geht vom B12-Steig.", ""),
        ("Version v1.2.3 is out.", "Version v1.2 ist da.", "the number “1.2.3” is missing"),
        ("Take A4 paper.", "Nimm Papier.", "the number “4” is missing"),
        ("See value1.", "Siehe Wert1.", ""),
        ("London SW1A 1AA", "London SW1A 1AAA", "“1AA” is missing"),
        ("The CO2 tax", "Die Steuer auf Kohlendioxid", ""),
        ("Drink H2O.", "Trink Wasser.", ""),
        ("A COVID-19 test", "Ein Covid19-Test", ""),
    ],
)
def test_figures_in_names(source: str, target: str, detail: str) -> None:
    assert details("numbers", source, target) == [detail] * bool(detail)


@pytest.mark.parametrize(
    ("source", "target", "languages", "detail"),
    [
        ("3 million people", "3 Milliarden Menschen", "en-de",
         "“3 million” has become “3 Milliarden”"),
        ("3 billion people", "3 Billionen Menschen", "en-de",
         "“3 billion” has become “3 Billionen”"),
        ("3 billion people", "3 Milliarden Menschen", "en-de", ""),
        ("3 Billionen Menschen", "3 trillion people", "de-en", ""),
        ("3 Billionen Menschen", "3 billion people", "de-en",
         "“3 Billionen” has become “3 billion”"),
        ("0.5 billion people", "500 Millionen Menschen", "en-de", ""),
        ("5 to 6 million people", "5 bis 6 Millionen Menschen", "en-de", ""),
        ("The weight is 1,500 kg.", "Das Gewicht ist 1.500 g.", "en-de",
         "“1,500 kg” has become “1.500 g”"),
        ("It is 5km away.", "Es ist 5 m entfernt.", "en-de", "“5km” has become “5 m”"),
        ("It is 5km away.", "Es ist 5 Kilometer entfernt.", "en-de", ""),
        ("5 pounds of it", "5 Pfund davon", "en-de", ""),
        ("5 l or 5 m", "5 m oder 5 l", "en-de", ""),
        ("50 ft high", "50 Meter hoch", "en-de", "“50 ft” has become “50 Meter”"),
        ("5 million people", "5 Menschen", "en-de", "“5 million” has become “5 Menschen”"),
        ("It cost 5 million.", "Es kostete 5.", "en-de", "“5 million” has become “5”"),
        ("5 million people", "5 Mio. Menschen", "en-de", ""),
        ("5 million people", "5.000.000 Menschen", "en-de", ""),
        ("5 million people in 5 towns", "5.000.000 Menschen in 5 Orten", "en-de", ""),
        ("A town of 5 million", "Eine 5-Millionen-Stadt", "en-de", ""),
        ("2.5 billion dollars", "2,5 Mia. Dollar", "en-de", ""),
        ("5 million people", "5 juta orang", "en-id", ""),
    ],
)  # fmt: skip
def test_amounts(source: str, target: str, languages: str, detail: str) -> None:
    assert details("amounts", source, target, languages) == [detail] * bool(detail)


@pytest.mark.parametrize(
    ("source", "target", "detail"),
    [
        ("👍 Good 🎉 news", "Gute Nachricht", "“👍”, “🎉” are missing"),
        ("👍 Good news", "Gute Nachricht 👍", ""),
        ("Good news", "Gute Nachricht 👍", "“👍” is not in the source"),
        ("A family: 👩‍👩‍👧‍👦", "Eine Familie: 👩‍👩‍👧", "“👦” is missing"),
        ("Press ⌘V.", "Drücken Sie V.", "“⌘” is missing"),
        ("The \ue000 key", "Die Taste", "“\ue000” is missing"),
        ("File → Save", "Datei -> Speichern", ""),
        ("File → Save", "Datei speichern", "“→” is missing"),
        ("• A house™", "- Ein Haus", ""),
        ("ii. two things", "Ich bin. Zwei Dinge", "“ii.” is missing"),
        ("(iv) two things", "(iv) zwei Dinge", ""),
        ("Dogs · Cats", "Hunde Katzen", "“·” is missing"),
        ("Next »", 'Weiter "', "“»” is missing"),
        ("Le « mot » est", "Das „Wort“ ist", ""),
        ("The col·lega", "Die Kollegin", ""),
        ("Run `make -j`.", "Führe `make -j` aus.", ""),
        ("See `a' and `b' here.", "Siehe „a“ und „b“.", ""),
        ("Run `f('a', 'b')`.", "Führe `f('a' 'b')` aus.", "“f('a', 'b')” is missing"),
        ("Run `make -j`.", "Führe `mache -j` aus.", "“make -j” is missing"),
        ("The word привет is old.", "Das Wort привет ist alt.", ""),
        ("The word привет is old.", "Das Wort ривет ist alt.", "“привет” is missing"),
        ("The word 한국어 is old.", "Das Wort ist alt.", "“한국어” is missing"),
        ("β-carotene, 5 µm", "Beta-Carotin, 5 μm", ""),
        ("Press 1\ufe0f\u20e3.", "Drücken Sie 1.", "“\u20e3” is missing"),
        ("the ``quoted'' words", "die „zitierten“ Wörter", ""),
        ("== Title ==", "== Titel ==", ""),
        ("My #garden", "Mein #Garten", ""),
        ("My #garden", "Mein Garten", "“#garden” is missing"),
        ("Pull request #12, C# and &#5;", "Pull-Request Nr. 12, C-Sharp", ""),
    ],
)
def test_symbols(source: str, target: str, detail: str) -> None:
    assert details("symbols", source, target) == [detail] * bool(detail)


@pytest.mark.parametrize(
    ("source", "target", "detail"),
    [
        ("=== Title ===", "== Titel ===", "“===” is missing"),
        ("*** Good night ***", "*** Gute Nacht ****", "“***” is missing"),
        (">> Next", "> Weiter", "“>>” is missing"),
        ("== Title ==", "==Titel==", ""),
        ("<<First", "<Erste", "“<<” is missing"),
        ("a -- b", "a – b", ""),
        ("--- Title ---", "- - Titel ----", "“---” is missing"),
        ("/// Title ///", "// Titel ///", "“///” is missing"),
        ("--- Title ---", " --- Titel ---", ""),
    ],
)
def test_runs_of_a_sign(source: str, target: str, detail: str) -> None:
    assert details("symbols", source, target) == [detail] * bool(detail)
