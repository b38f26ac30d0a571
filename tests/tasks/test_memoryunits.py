"""Entries of a memory that have markup, as the texts of documents."""

from __future__ import annotations

import pytest

from s2scli.memory.entries import TranslationUnit
from s2scli.tasks.memoryunits import with_markup


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        (
            "See <b>the car</b> here",
            "Hier <b>das Auto</b> sehen",
            [("See the car here", "Hier das Auto sehen", ((4, 11, 5, 13),))],
        ),
        ("**One** two", "Zwei **eins**", [("One two", "Zwei eins", ((0, 3, 5, 9),))]),
        (
            "<i>a car</i> or <i>a bus</i>",
            "<i>ein Auto</i> oder <i>ein Bus</i>",
            [("a car or a bus", "ein Auto oder ein Bus", ((0, 5, 0, 8), (9, 14, 14, 21)))],
        ),
        ("One<br>Two", "Eins<br>Zwei", [("One", "Eins", ()), ("Two", "Zwei", ())]),
        ("[b]One[/b] two", "Zwei [b]eins[/b]", [("One two", "Zwei eins", ((0, 3, 5, 9),))]),
        # The other side has other markup, or there is none.
        ("See <b>the car</b>", "Das Auto", []),
        ("See <b>the car</b>", "Das <i>Auto</i>", []),
        ("One<br>Two", "Eins und zwei", []),
        ("One {0} two", "Zwei {0} eins", []),
        ("One", "Eins", []),
    ],
)
def test_entries_with_markup_are_texts_of_documents(
    source: str, target: str, found: list[tuple[object, ...]]
) -> None:
    unit = TranslationUnit("en", "de", source, target)
    first, *others = with_markup([unit])
    assert first == unit
    assert [other[2:] for other in others] == found
