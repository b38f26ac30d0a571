"""The checks of summaries: what may be left out, and what must not be new."""

from __future__ import annotations

import pytest

from s2scli.guard.checks import CHECKS, find, holding
from s2scli.guard.facts import Facts

SOURCE = (
    "On Monday, 5 May 2014, the Convolutional Neural Network group at Stanford, led by Anna "
    "Keller, showed 25 models to visitors from America. They see www.example.org for the "
    "data. Nobody else had tried so many of them before, she said."
)


@pytest.mark.parametrize(
    ("summary", "checks"),
    [
        # What a summary may do: leave out, take over, shorten, go on with a name.
        ("Stanford showed 25 models.", []),
        ("They see www.example.org for the data.", []),
        (SOURCE, []),
        ("Keller's group has shown CNNs to American visitors", []),
        ("It was in May, on a Monday. Visitors saw the models of Stanford.", []),
        ("Neural Network Models Shown by Stanford Group to Visitors From Europe", []),
        # What it must not.
        ("Stanford showed 250 models.", ["numbers"]),
        ("On Friday the group showed 25 models.", ["dates"]),
        ("The group showed 25 models in June 2014.", ["dates"]),
        ("The group at Harvard showed 25 models.", ["names"]),
        ("The models were shown by IBM, Stanford and others.", ["names"]),
        ("For the data see www.example.com please.", ["addresses"]),
        ("The group showed the group showed the group showed the models.", ["repetition"]),
        ("...", ["length"]),
        (
            "Die Gruppe hat den Besuchern viele Modelle gezeigt und auch Daten.",
            ["names", "language"],
        ),
    ],
)
def test_what_is_found(summary: str, checks: list[str]) -> None:
    facts = Facts(SOURCE, summary, "en", "en", summary=True)
    assert [finding.check for finding in find(facts)] == checks


def test_that_it_was_cut_off() -> None:
    (finding,) = find(Facts(SOURCE, "The group", "en", "en", truncated=True, summary=True))
    assert finding.check == "truncated"
    assert not find(Facts(SOURCE, "The group", "en", "en", summary=True))  # headlines end so


def test_capitals_say_nothing_where_all_nouns_have_them() -> None:
    source = "In der Stadt steht seit langer Zeit ein Haus mit einem Garten."
    facts = Facts(source, "Es gibt dort ein Gebäude mit Garten.", "de", "de", summary=True)
    assert not find(facts)
    assert find(facts._replace(source_language="en"), names=["names"])
    assert not find(facts._replace(source_language=""), names=["names"])


def test_which_checks_hold() -> None:
    assert set(holding(summary=False)) | set(holding(summary=True)) == set(CHECKS)
    assert "names" not in holding(summary=False)
    assert "copied" not in holding(summary=True)
