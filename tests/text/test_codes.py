"""Words of figures and letters."""

from __future__ import annotations

import pytest

from s2scli.text.codes import codes, lost_codes


@pytest.mark.parametrize(
    ("source", "target", "lost"),
    [
        ("London SW1A 1AA.", "London SW1A 1AAA.", ["1AA"]),
        ("London SW1A 1AA.", "London SW1 1AA.", ["SW1A"]),
        ("at 221B Baker Street", "in der Baker Street 221 B", []),
        ("the IPV4 space", "der IPv4-Bereich", []),
        ("Flight BA2490", "Flug BA-2490", []),
        ("in 1h 20min", "in 1. 20min", ["1h"]),
        ("in 1h 20min", "in 1 Stunde 20 Minuten", []),
        ("for 1h", "für 1.", ["1h"]),
        ("at 10PM, 5GB, the 2ND, Q12019, 25K", "um 22 Uhr, 5 GB, der Zweite", []),
        ("5kg, 2nd, 1990s, CO2, H2O", "", []),
        ("GATE B12 IS OPEN", "Das Gate ist offen", []),
        ('The screen has 15.6".', "Der Bildschirm hat 15,6.", ['15.6"']),
        ('The screen has 15.6".', "Der Bildschirm hat 15,6 Zoll.", []),
        ('A 27" monitor, 24" wide', "Ein 27“ Monitor, 24-Zoll", []),
        ("He is 6'2\" tall and 5' wide.", "Er ist 6'2\" groß und 5.", ["5'"]),
        ("It is 5' long.", "Es ist 5 Fuß lang.", []),
        ('"There are 15" he said', "„Es sind 15“, sagte er", []),
        ("the '90s and class of '05", "die 90er und 05", []),
        ("house_A12, a.B12, /A12B, A12B.txt", "", []),
    ],
)
def test_lost_codes(source: str, target: str, lost: list[str]) -> None:
    assert lost_codes(source, target) == lost


def test_where_codes_are() -> None:
    text = "Gate B12, SW1A 1AA: 2h 45min"
    assert [text[start:end] for start, end in codes(text)] == ["B12", "SW1A", "1AA", "2h", "45min"]
