"""No-break spaces in translations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.text.unbroken import SIGNS, unbroken

TEXTS = st.text(st.sampled_from(f"ab1 .{SIGNS}"))


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("It is 10_km long", "Es ist 10 km lang", "Es ist 10_km lang"),
        ("1,234.5_km, 5_m", "1.234,5 km, 5 m", "1.234,5_km, 5_m"),
        ("page_5 of 10", "Seite 5 von 10", "Seite_5 von 10"),
        ("5 m and 5_m", "5 m und 5 m", "5 m und 5_m"),
        ("{n}_km of %d_m", "{n} km von %d m", "{n}_km von %d_m"),
        ("Dr._Smith", "Dr. Smith", "Dr._Smith"),
        ("Mr._Smith", "Herr Smith", "Herr_Smith"),
        ("Good_day", "Guten Tag", "Guten Tag"),
        ("50_% of all", "50% von allen", "50% von allen"),
        ("10 km", "10 km", "10 km"),
    ],
)
@pytest.mark.parametrize("sign", SIGNS)
def test_where_they_stand(source: str, target: str, expected: str, sign: str) -> None:
    source, expected = (text.replace("_", sign) for text in (source, expected))
    assert unbroken(source, target) == expected


@given(TEXTS, TEXTS)
def test_nothing_else_changes(source: str, target: str) -> None:
    new = unbroken(source, target)
    assert len(new) == len(target)
    for before, after in zip(target, new, strict=True):
        assert before == after or (before == " " and after in SIGNS)
    assert unbroken(source, source) == source
