"""Words of prose in square brackets: they are text, and the brackets stay around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from s2scli.documents.base import Mark, Slot, Target
from s2scli.documents.wordbrackets import bracketed, without_word_brackets
from tests.documents.runs import translated


def copies(word: str) -> str:
    """As models do."""
    return word if "[" in word else word.upper()


PROSE = [
    ("See [here] or [two-fold]", "[TWO-FOLD] OR [HERE] SEE"),
    ("**One [owner] of it** [sees](a) [red] it", "IT [RED] [SEES](a) **IT OF [OWNER] ONE**"),
    ("The **one** [red] *big* [blue] house", "HOUSE [BLUE] *BIG* [RED] **ONE** THE"),
]


@pytest.mark.parametrize(("text", "wanted"), PROSE)
def test_in_markdown(text: str, wanted: str, tmp_path: Path) -> None:
    assert translated("a.md", text, tmp_path, copies, backwards=True) == wanted


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.adoc", "a.rst", "a.html"])
def test_in_prose(name: str, tmp_path: Path) -> None:
    text, wanted = "See [here] or [two-fold] one", "ONE [TWO-FOLD] OR [HERE] SEE"
    around = "<p>{}</p>" if name == "a.html" else "{}"
    new = translated(name, around.format(text), tmp_path, copies, backwards=True)
    assert new == around.format(wanted)


@pytest.mark.parametrize(
    "text",
    ["So [sic] it", "See [FILE] it", "usage: one [red] [--a]", "One [options] two",
     "See `[here]` it", "[section]", "See a[here] it", "See [x] it", "See it. [Smith]",
     "See [a1] it"],
)  # fmt: skip
def test_what_is_no_such_word(text: str) -> None:
    slot = Slot(0, len(text), text, kept=((4, 12),) if "`" in text else ())
    assert without_word_brackets(slot) is slot


def test_not_in_strings(tmp_path: Path) -> None:
    new = translated("a.json", '{"a": "See [name] it"}', tmp_path, copies, backwards=True)
    assert new == '{"a": "IT [name] SEE"}'


def test_a_word_that_is_lost_stays_in_its_brackets() -> None:
    slot = Slot(0, 12, "Go [here] on", marks=(Mark(10, 12, (0, 0), (0, 0)),))
    bare = without_word_brackets(slot)
    assert (bare.text, bare.kept) == ("Go here on", ())
    assert [(mark.start, mark.end) for mark in bare.marks] == [(3, 7), (8, 10)]
    assert bracketed(slot, Target("WEITER", ((0, 0), (0, 6)))) == Target(
        "[here] WEITER", ((7, 13),)
    )
