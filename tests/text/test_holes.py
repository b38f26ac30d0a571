"""Letters that a translation lacks are those of its source."""

from __future__ import annotations

import pytest

from s2scli.text.holes import fillings
from s2scli.text.rewriting import Rewriting

HOLE = "_"


def filled(source: str, text: str) -> str | None:
    """A translation, its holes written as signs, with what is missing."""
    parts = text.split(HOLE)
    places = [len("".join(parts[:count])) for count in range(1, len(parts))]
    edits, unfit = fillings(source, "".join(parts), places)
    return None if unfit else Rewriting("".join(parts), edits).text


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("Søren is here.", "S_ren ist hier.", "Søren ist hier."),
        ("Søren's house", "S_rens Haus", "Sørens Haus"),
        ("SØREN", "S_ren", "SØren"),
        ("the house of Søren Kjærsgård", "S_ren Kj_rsg_rds Haus", "Søren Kjærsgårds Haus"),
        ("Østfold", "_stfold", "Østfold"),
        ("to Malmö", "nach Malm_", "nach Malmö"),
        ("He saw Łódź.", "Er sah _dź.", "Er sah Łódź."),
        ("Łódź", "_ód_", "Łódź"),
        ("In 北京 it rains", "In _京 regnet es", "In 北京 regnet es"),
        ("In 北京 it rains", "In _ regnet es", "In 北京 regnet es"),
        ("The fox 🦊 and 🐻", "Der Fuchs 🦊 und _", "Der Fuchs 🦊 und 🐻"),
        ("🦊🐻", "🦊 _", "🦊 🐻"),
        ("Hi 👩\u200d💻!", "Hallo _!", "Hallo 👩\u200d💻!"),
        ("Zoë went. Chloë too.", "Zo_ ging. Chlo_ auch.", "Zoë ging. Chloë auch."),
        ("Μαρία said", "Μαρ_α sagte", "Μαρία sagte"),
        ("It rains.", "Es regnet _.", "Es regnet ."),  # nothing of the source is missing
        ("the street", "die Stra_e", None),
        ("a café in the street", "die Stra_e", None),
        ("Ærø and Bø", "Aar_", None),
    ],
)
def test_fillings(source: str, text: str, expected: str | None) -> None:
    assert filled(source, text) == expected


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("Kjærsgård", "Kjãrsgård", "Kjærsgård"),
        ("Çelik and Şahin work.", "Çelik und ŉahin arbeiten.", "Çelik und Şahin arbeiten."),
        ("The 🦊 jumps", "Der \U0001fdca springt", "Der 🦊 springt"),
        ("the night", "die Nãcht", "die Nãcht"),  # nothing fits
        ("Zürich and Åbo", "Zürich und Åbo", "Zürich und Åbo"),
    ],
)
def test_doubtful_letters(source: str, text: str, expected: str) -> None:
    edits, unfit = fillings(source, text, (), "ãŉü\U0001fdca")
    assert not unfit
    assert Rewriting(text, edits).text == expected
