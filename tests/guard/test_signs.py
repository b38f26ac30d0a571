"""Addresses, placeholders, brackets and quotation marks."""

from __future__ import annotations

import pytest

from tests.guard.test_checks import details


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("See https://example.org/a.", "Siehe https://example.org/a.", []),
        ("See https://example.org/a.", "Siehe hier.", ["“https://example.org/a” is missing"]),
        (
            "See https://example.org/a.",
            "Siehe https://example.org/b.",
            [
                "“https://example.org/a” is missing",
                "“https://example.org/b” is not in the source",
            ],
        ),
        ("Write to me@example.org!", "Schreiben Sie an me@example.org!", []),
        ("Write to me@example.org!", "Schreiben Sie!", ["“me@example.org” is missing"]),
        ("Write!", "Schreiben Sie an me@example.org!",
         ["“me@example.org” is not in the source"]),
        ("(www.example.org)", "(www.example.org)", []),
        ("Meet @ noon", "Treffen am Mittag", []),
        ("Use AKIAIOSFODNN7EXAMPLE.", "AKIAIOSFODNN7EXAMPLE nehmen.", []),
        ("Use AKIAIOSFODNN7EXAMPLE.", "AKIAIOSFODN7EXAMPLE nehmen.",
         ["“AKIAIOSFODNN7EXAMPLE” is missing"]),
        ("Commit 9fceb02 is bad.", "Commit 9fceb2 ist schlecht.", ["“9fceb02” is missing"]),
        ("See /usr/lib/x.so now.", "Siehe jetzt /usr/lib.", ["“/usr/lib/x.so” is missing"]),
        ("Either/or, 24/7, 3D.", "Entweder oder, rund um die Uhr, räumlich.", []),
    ],
)  # fmt: skip
def test_addresses(source: str, target: str, found: list[str]) -> None:
    assert details("addresses", source, target) == found


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("Hello {name}!", "Hallo {name}!", []),
        ("Hello {name}!", "Hallo!", ["“{name}” is missing"]),
        ("Hello {name}!", "Hallo {name}, {name}!", ["“{name}” comes too often"]),
        ("Hello!", "Hallo {name}!", ["“{name}” is not in the source"]),
        ("%d of %s", "%d von", ["“%s” is missing"]),
        ("a <b>word</b>", "ein <b>Wort</b>", []),
        ("a <b>word</b>", "ein <b>Wort", ["“</b>” is missing"]),
        ("100% of them", "100 % davon", []),
        ("It costs $5.", "Es kostet 5 Dollar.", []),
        ("Ben & Jerry", "Ben und Jerry", []),
    ],
)
def test_placeholders(source: str, target: str, found: list[str]) -> None:
    assert details("placeholders", source, target) == found


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("He (the mayor) came.", "Er (der Bürgermeister) kam.", []),
        ("He (the mayor) came.", "Er (der Bürgermeister kam.", ["“(” has no “)”"]),
        ("He [the mayor] came.", "Er der Bürgermeister] kam.", ["“]” has no “[”"]),
        ("He (the mayor) came.", "Er, der Bürgermeister, kam.", []),
        ("a) first", "a) erstens", []),
        ('"We have time," he said.', "„Wir haben Zeit“, sagte er.", []),
        ('"We have time," he said.', "„Wir haben Zeit, sagte er.",
         ["a quotation mark has no partner"]),
        ('Sold "as is" now', "Jetzt verkauft",
         ["“\"as is\"” is missing, or has no quotation marks"]),
        ('Sold "as is" now', "Jetzt ‚so‘ verkauft", []),
        ('Say "AGPL" now', "Sag jetzt AGPL", []),
        ('A 5" and a 6" pipe', "Zwei Rohre", []),
        ('a 5" pipe', 'ein 5"-Rohr', []),
        ("the boys' room", "das Zimmer der Jungen", []),
    ],
)  # fmt: skip
def test_brackets(source: str, target: str, found: list[str]) -> None:
    assert details("brackets", source, target) == found
