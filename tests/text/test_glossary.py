"""Terms come out as the glossary says, or are reported."""

from __future__ import annotations

import re
from typing import Any

import pytest

from s2scli.data import Translation
from s2scli.errors import BadInputError, UsageError
from s2scli.text.glossary import Glossary, Term

BANK = Term("bank", "Ufer")
GLOSSARY = Glossary(
    [BANK, Term("Bank of England", "Bank of England"), Term("river bank", "Flussufer")]
)


def linked(source: str, target: str, pairs: str) -> Translation:
    words = [[word.span() for word in re.finditer(r"\S+", text)] for text in (source, target)]
    numbers = [pair.split("-") for pair in pairs.split()]
    return Translation(target, tuple((*words[0][int(s)], *words[1][int(t)]) for s, t in numbers))


def test_terms_are_found() -> None:
    text = "Bank, the river bank, Bank of England, banks"
    assert [term.source for _, term in GLOSSARY.found(text)] == [
        "bank",
        "river bank",
        "Bank of England",
    ]
    assert not Glossary()
    assert list(Glossary().found(text)) == []


def test_terms_are_put_where_the_links_say() -> None:
    source = "The bank is green, {x}."
    made = linked(source, "Die Bank ist grün, {x}.", "0-0 1-1 2-2 3-3 4-4")
    verdict = GLOSSARY.enforced(source, made, lambda text: "{x}" in text)
    assert verdict.translation.text == "Die Ufer ist grün, {x}."
    assert verdict.met == (BANK,)
    assert (4, 8, 4, 8) in (verdict.translation.links or ())
    # As it is there already, with an ending; with nothing linked; where a placeholder would go.
    fine = Translation("Die Ufers")
    assert GLOSSARY.enforced("bank", fine, lambda _: True).translation is fine
    assert GLOSSARY.enforced("The bank", Translation("x"), lambda _: True).missed == (BANK,)
    lost = GLOSSARY.enforced(source, made, lambda _: False)
    assert lost == (made, (), (BANK,))


def test_terms_as_often_as_in_the_source() -> None:
    source = "Bank and bank"
    verdict = GLOSSARY.enforced(
        source, linked(source, "Ufer und Bank", "0-0 1-1 2-2"), lambda _: True
    )
    assert verdict.translation.text == "Ufer und Ufer"
    assert verdict.met == (BANK, BANK)
    first = GLOSSARY.enforced("bank", linked("bank", "Kasse", "0-0"), lambda _: True)
    assert first.translation.text == "Ufer"


@pytest.mark.parametrize(
    ("target", "made", "pairs", "expected"),
    [
        ("A", "Der Bahnhof", "0-0 1-1", "Der A"),  # a letter of another word is no term
        ("Rat", "Die Beratung", "0-0 1-1", "Die Rat"),
        ("Rat", "Der Rat", "0-0 1-1", "Der Rat"),
        ("Rat", "Im Stadtrat", "0-0 1-1", "Im Stadtrat"),  # what the model made of it
        ("Rat", "Ein Rattenfang", "0-1 1-0", "Rat Rattenfang"),
        ("Haus", "Des Hauses", "", "Des Hauses"),
        ("Haus", "Ein Baumhaus", "", "Ein Baumhaus"),
        ("Haus", "Zuhause", "", None),
        ("站", "那个车站在哪", "", "那个车站在哪"),
        ("C++", "In C++", "", "In C++"),
    ],
)
def test_what_counts_as_a_term(target: str, made: str, pairs: str, expected: str | None) -> None:
    verdict = Glossary([Term("word", target)]).enforced(
        "The word", linked("The word", made, pairs), lambda _: True
    )
    assert (verdict.translation.text if verdict.met else None) == expected


def test_files() -> None:
    glossary = Glossary.parse("g", "# a comment\n\nbank\tUfer\tn.\r\n Bank \t Kasse\n")
    assert [term for _, term in glossary.found("bank Bank")] == [BANK, Term("Bank", "Kasse")]
    with pytest.raises(BadInputError, match="g, line 2 is not a term"):
        Glossary.parse("g", "a\tb\nbank Ufer\n")
    for line_break, sign in (("\r", "U+000D"), ("\u2028", "U+2028"), ("\x85", "U+0085")):
        complaint = f"g, line 1 has a line break within .{re.escape(sign)}"
        with pytest.raises(BadInputError, match=complaint):
            Glossary.parse("g", f"bank\tUfer{line_break}house\tHaus\n")
    assert Glossary.parse("g", "bank\tUfer\nbank\tUfer\r\nBank\tKasse\n")
    with pytest.raises(BadInputError, match="g, line 3: 'bank' has another target in line 1"):
        Glossary.parse("g", "bank\tUfer\n\nbank\tKasse\n")


@pytest.mark.parametrize(
    "terms",
    ["terms.tsv", [("a", "b")], {"": "b"}, {"a": " "}, {"a": None}, {"a": "b\nc"}, {1: "b"}],
)
def test_what_is_no_glossary(terms: Any) -> None:
    with pytest.raises(UsageError, match=r"is (?:not a term|a mapping)"):
        Glossary.of(terms)
