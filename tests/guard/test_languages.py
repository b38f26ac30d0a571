"""One text in many languages: each is a good translation of each other one."""

from __future__ import annotations

import pytest

from s2scli.guard.checks import find
from s2scli.guard.facts import Facts
from s2scli.guard.frequent import are_one
from s2scli.guard.limits import USUAL
from tests.guard.declaration import TEXTS


@pytest.mark.parametrize("target", TEXTS)
def test_good_translations_pass(target: str) -> None:
    found = {
        source: findings
        for source, text in TEXTS.items()
        if source != target
        and (findings := find(Facts(text, TEXTS[target], source, target)))
        # The Spanish one makes one sentence of two.
        and not (target == "es" and [finding.check for finding in findings] == ["sentences"])
    }
    assert found == {}


@pytest.mark.parametrize("wanted", TEXTS)
def test_each_other_language_is_told(wanted: str) -> None:
    """But for those that are near to the one that is wanted."""
    missed = [
        code
        for code, text in TEXTS.items()
        if not are_one(code, wanted)
        and not find(Facts("1", text, "xx", wanted), USUAL, ["language"])
    ]
    assert missed == []


@pytest.mark.parametrize("target", TEXTS)
def test_copies_are_found(target: str) -> None:
    source = "en" if target != "en" else "de"
    copy = Facts(TEXTS[source], TEXTS[source], source, target)
    assert {"copied", "language"} & {finding.check for finding in find(copy)}
