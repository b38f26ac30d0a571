"""Words of plain text between signs that stress them."""

from __future__ import annotations

from pathlib import Path

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Source, Target
from s2scli.documents.emphasis import emphases
from s2scli.documents.filling import filled
from tests.documents.runs import translated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He *must* pay, and (_can_) go.", ["*must*", "_can_"]),
        ('**Now**: "*very old*", ***not*** b.', ["**Now**", "*very old*", "***not***"]),
        ("It is /by all means/ so; /by, or /usr/lib.", ["/by all means/"]),
        ("*I* know—*never*—so.", ["*I*", "*never*"]),
        ("_Note_: it is _so very_ old_.", ["_Note_", "_so very_"]),
        (
            "Open <the folder> of <your own\nname>, not <folder>, <b>, a <b c> d.",
            ["<the folder>", "<your own\nname>", "<b c>"],
        ),
        # Names, folders, files, code, figures and notes.
        ("__init__, _name_, _my_name_, a_b_c, _NAME_ and _x1_", ["_name_"]),
        ("/usr/, /window/, /usr/bin/ and/or/not, 1/2 or 3/4", []),
        ("*.txt, src/*/a, **kwargs, *args, char *a, int *b, 2 * 3 * 4, 2*3*4", []),
        ("Price* and tax*, `a *b* c` and https://example.org/ *b", []),
        ("*** a ***, ____ and ****", []),
    ],
)
def test_what_is_emphasis(text: str, expected: list[str]) -> None:
    found = [text[slice(*one.outer)] for one in emphases(text)]
    assert found == expected


def test_signs_stay_around_words(tmp_path: Path) -> None:
    text = (
        "He said that he *must* pay, and that it _never\nends_ with **one** of the house_a.\n\n"
        "> It is what he has always said to all of us,\n> but *so* it is.\n"
    )
    assert translated("a.txt", text, tmp_path) == text.upper().replace("HOUSE_A", "house_a")
    new = translated("a.txt", "He *must* pay _now_.\n", tmp_path, backwards=True)
    assert new.split() == ["_NOW_.", "PAY", "*MUST*", "HE"]


def test_words_between_slashes_are_said() -> None:
    form = open_format("text", FormatOptions())
    list(form.slots(Source("f", "Open the /window/, or /usr/, and/or /a/b/ and 1/2/3 in /etc/.")))
    assert form.remarks == ["Words between slashes stay, for they may be folders: /window/."]


def test_signs_do_not_stand_before_a_comma() -> None:
    form, text = open_format("text", FormatOptions()), "He came *before* us."
    source = Source("f", text)
    (slot,) = form.slots(source)
    target = Target("Er kam, bevor wir da waren.", ((6, 13),))
    assert "".join(filled(form, source, [slot], [target])) == "Er kam, *bevor* wir da waren."
