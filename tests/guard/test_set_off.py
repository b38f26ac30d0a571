"""Words beside signs and codes that are not translated, and signs of labels that are lost."""

from __future__ import annotations

import pytest

from tests.guard.test_checks import details


@pytest.mark.parametrize(
    ("source", "target", "detail"),
    [
        ("He *must* pay", "Er *must* zahlen", "“*must*” is not translated"),
        ("He *must* pay", "Er *must*zahl", "“*must*” is not translated"),
        ("You _really_ go", "Du gehst _really_", "“_really_” is not translated"),
        ("He **must** pay", "Er **must** zahlen", "“**must**” is not translated"),
        ("He *must* pay", "Er *muss* zahlen", ""),
        ("See *Berlin* now", "Sieh *Berlin* jetzt", ""),  # a name
        ("&cYou must wait", "&cYou muss warten", "“&cYou” is not translated"),
        ("§aWelcome to us", "§aWelcome bei uns", "“§aWelcome” is not translated"),
        ("^1Red team wins", "^1Red Team gewinnt", "“^1Red” is not translated"),
        ("^1Red team wins", "^1Rotes Team gewinnt", ""),
        ("a &copy; here", "hier &copy; a", ""),
        ("x?a=b&color=1 is it", "x?a=b&color=1 ist es", ""),
    ],
)
def test_words_beside_signs(source: str, target: str, detail: str) -> None:
    assert details("copied", source, target) == [detail] * bool(detail)


@pytest.mark.parametrize(
    ("source", "target", "detail"),
    [
        ("Please wait…", "Bitte warten Sie.", "“…” is missing"),
        ("Please wait...", "Bitte warten Sie", "“...” is missing"),
        ("Please wait...", "Bitte warten …", ""),
        ("What?!", "Was?", "“?!” is missing"),
        ("Enter your name:", "Geben Sie Ihren Namen ein", "“:” is missing"),
        ("Enter your name:", "入力してください：", ""),
        ("Good :smile:", "Gut :smile:", ""),
        ("File && Folder", "Datei & Ordner", "“&&” is missing"),
        ("File && Folder", "Datei und Ordner", ""),
        ("Open ~the door~ now", "Öffnen Sie die Tür ~", "“~” is missing"),
        ("Open *the door* now", "Öffnen Sie *die Tür*", ""),
        ("see a_b_c and d", "siehe a_b_c und d", ""),
    ],
)
def test_signs_of_labels(source: str, target: str, detail: str) -> None:
    assert details("symbols", source, target) == [detail] * bool(detail)
