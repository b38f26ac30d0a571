"""Drawn tables of reStructuredText: they are drawn again around other texts, and mean the same."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from s2scli.data import Span
from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Source, Target, parents
from s2scli.documents.filling import Document
from s2scli.text.fillers import has_fillers
from s2scli.text.projection import project
from tests.sizes import TENTHS

GRID = """\
+------------+------------+-----------+
| Header 1   | Header two | Header 3  |
+============+============+===========+
| body row 1 | column 2   | column 3  |
+------------+------------+-----------+
| body row 2 | Cells may span columns.|
+------------+------------+-----------+
| body row 3 | Cells may  | - Table   |
+------------+ span rows. | - contain |
| body row 4 | They *do*. | - blocks. |
+------------+------------+-----------+
"""
SIMPLE = """\
=====  =====  ======
   Inputs     Output
------------  ------
  A      B    A or B
=====  =====  ======
False  False  nothing
True   False  One or
              the other

              and more
True   True   ``code``
=====  =====  ======
"""
TABLES = {
    "grid": GRID,
    "simple": SIMPLE,
    "indented": "* An item\n\n" + "".join(f"  {line}\n" for line in GRID.splitlines()),
    "in a note": ".. note::\n\n" + "".join(f"   {line}\n" for line in SIMPLE.splitlines()),
    "behind a marker": "* +-----+\n  | one |\n  +-----+\n",
    "wide": "+------+-----+\n| 蜂蜜 | bee |\n+------+-----+\n| é    | one |\n+------+-----+\n",
    "wide and simple": "====  ===\n蜂蜜  bee\n====  ===\n",
    "windows": GRID.replace("\n", "\r\n"),
    "tight": "+---+---+\n|one|two|\n+---+---+\n",
    "empty cells": "+-----+---+\n| one |   |\n+-----+---+\n|     |   |\n+-----+---+\n",
    "code": "+---------+\n| One::   |\n|         |\n|   no    |\n+---------+\n",
    "no head": "===  ===\none  two\n\nsix\n     ten\n===  ===\n",
    "high": "+-----+-----+\n| one | two |\n|     +-----+\n|     | six |\n+-----+-----+\n",
    "with a title": ".. table:: Title\n   :name: x\n\n   ===  ===\n   one  two\n   ===  ===\n",
}


def read(text: str) -> Document:
    return Document.of(open_format("rst", FormatOptions()), Source("f", text))


def texts(text: str) -> list[str]:
    return [slot.text for slot in read(text).slots]


def changed(text: str, change: Callable[[str], str]) -> str:
    document = read(text)
    targets = []
    for slot in document.slots:
        new = change(slot.text)
        spans: Sequence[Span] = [(mark.start, mark.end) for mark in slot.marks]
        if new != slot.text:
            spans = project(slot.text, new, spans, parents(slot.marks), ())
        targets.append(Target(new, tuple(spans)))
    return b"".join(document.written(targets)).decode()


@lru_cache  # most are asked for their shape again and again
def shape(text: str) -> list[tuple[str, Any, Any, str]]:
    """The elements of a document, the spans of its cells, and the faults that were found."""
    core = pytest.importorskip("docutils.core")
    tree = core.publish_doctree(text, settings_overrides={"report_level": 5})
    return [
        (node.tagname, node.get("morecols"), node.get("morerows"), node.get("type", ""))
        for node in tree.findall()
        if node.tagname != "#text"
    ]


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize(
    "change",
    [
        str.swapcase,
        lambda text: f"much longer {text}",
        lambda text: f"{text} 蜂蜜 é",
        lambda _: "x",
    ],
    ids=["as long", "longer", "wider", "shorter"],
)
def test_a_table_around_other_texts(text: str, change: Callable[[str], str]) -> None:
    assert changed(text, str) == text
    new = changed(text, change)
    assert [one.replace("\\", "") for one in texts(new)] == [change(one) for one in texts(text)]
    assert shape(new) == shape(text)
    if "\r" in text:
        assert "\n" not in new.replace("\r\n", "")


def test_what_is_text() -> None:
    assert texts(SIMPLE) == [
        *("Inputs", "Output", "A", "B", "A or B", "False", "False", "nothing"),
        *("True", "False", "One or the other", "and more", "True", "True"),
    ]
    assert texts(TABLES["code"]) == ["One"]


def test_how_it_is_drawn() -> None:
    new = changed(GRID, lambda text: {"column 2": "a longer cell"}.get(text, text))
    assert new.splitlines()[2:6] == [
        "+============+===============+===========+",
        "| body row 1 | a longer cell | column 3  |",
        "+------------+---------------+-----------+",
        "| body row 2 | Cells may span columns.   |",
    ]
    new = changed(TABLES["wide"], lambda text: {"bee": "蜜蜂蜜"}.get(text, text))
    assert new.splitlines()[:4] == [
        "+------+--------+",
        "| 蜂蜜 | 蜜蜂蜜 |",
        "+------+--------+",
        "| é    | one    |",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "+-----+\n| one |\n+----+\n",
        "+-----+-----+\n| one | two |\n+-----+\n",
        "+-----+\n| one\n+-----+\n",
        "===  ===\none two\n===  ===\n",
        "===  ===\none  two\n====  ==\n",
        "===  ===\none  two\n",
        "+-----+\n| a\tb |\n+-----+\n",
    ],
)
def test_what_is_no_table_stays(text: str) -> None:
    assert changed(text, str) == text
    assert changed(text, str.upper) == text


def test_tables_of_values() -> None:
    text = (
        '.. csv-table:: One\n   :header: "Two", three\n   :widths: 1, 2\n\n'
        '   "Four, and", *five*\n   six,"seven\n   eight"\n   ,"with ""quotes"" in *""it""*"\n'
    )
    others = ["One", "Two", "three", "Four, and", "five", "six", "seven eight"]
    assert texts(text) == [*others, 'with "quotes" in "it"']
    assert changed(text, str) == text
    for change in (str.upper, lambda text: f'{text}, a "b"'):
        new = changed(text, change)
        assert shape(new) == shape(text)
    elsewhere = ".. csv-table:: One\n   :file: a.csv\n\nTwo\n"
    assert texts(elsewhere) == ["One", "Two"]


@settings(deadline=None)
@example(["a__"])
@given(st.lists(st.text(st.sampled_from("ab+-|=*`_:\\ .蜂"), max_size=9), min_size=1, max_size=6))
def test_any_texts_are_drawn(words: list[str]) -> None:
    assume(not any(has_fillers(" ".join(f"x {word} x".split())) for word in words))
    for table in (GRID, SIMPLE):
        reached = iter(range(99))

        def change(_: str, reached: Any = reached) -> str:
            return " ".join(f"x {words[next(reached) % len(words)]} x".split())

        new = changed(table, change)
        assert shape(new) == shape(table)
        if new != table:
            assert len(texts(new)) == len(texts(table))


@pytest.mark.parametrize("cell", ["+-", "|", "+\n|", "=  ", "+-+\n| a |\n"])
@pytest.mark.parametrize("n", TENTHS)
def test_large_ones(cell: str, n: int) -> None:
    text = "+--+\n" + cell * 500 * n + "\n"
    assert changed(text, str) == text
    text = "==  ==\n" + cell * 500 * n + "\n==  ==\n"
    assert changed(text, str) == text


@pytest.mark.parametrize(
    ("options", "rows", "expected", "left"),
    [
        ("", '''a "b" c, "d ""e"""''', ['a "b" c', 'd "e"'], ""),
        ("", """"a" b, c\n"d, e""", [], "lines 3, 4"),
        (":quote: '", """'a, b', "c "d, 'it''s'""", ["a, b", '"c "d', "it's"], ""),
        (":delim: ;", '''a, b; "c; d"''', ["a, b", "c; d"], ""),
        (":delim: tab", 'a, b\t"c\td"\te', ["a, b", "c d", "e"], ""),
        (":delim: 0x7c", "a | b", ["a", "b"], ""),
        (":escape: \\", """"a", b "c", "d \\"e\\"", f \\, g""", ["a", 'b "c"'], "line 4"),
        (":escape: ^", """"a, b", c""", ["a, b", "c"], ""),
        (":keepspace:", '"a, b",c, d', ["a, b", "c"], "line 4"),
    ],
)
def test_how_values_are_written(options: str, rows: str, expected: list[str], left: str) -> None:
    head = f".. csv-table::\n   {options}\n\n" if options else ".. csv-table::\n\n"
    text = head + "".join(f"   {row}\n" for row in rows.splitlines())
    form = open_format("rst", FormatOptions())
    assert [slot.text for slot in form.slots(Source("f", text))] == expected
    assert form.left == (4 if not expected else 2 if "\\" in options else bool(left))
    assert not left or form.remarks[0].endswith(f"{left}.")
    assert changed(text, str) == text
    for word in ("x", 'y, "z"', "it's;\t|"):
        twice = f"{word} {word}"
        new = changed(text, {}.fromkeys(expected, twice).__getitem__)
        assert cells(new) == cells(text) or not expected
        if ":escape" not in options:
            said = [" ".join(one.split()) for one in texts(new)]
            assert said == [" ".join(twice.split())] * len(expected)


def cells(text: str) -> list[int]:
    """How many values each row of a table has, as another reader finds."""
    said = dict(re.findall(r":(\w+): ?(.*)", text))
    separator = said.get("delim", ",").replace("tab", "\t").replace("0x7c", "|")
    rows = csv.reader(
        [line.removeprefix("   ") for line in text.partition("\n\n")[2].splitlines()],
        delimiter=separator,
        quotechar=said.get("quote", '"'),
        doublequote="escape" not in said,
        escapechar=said.get("escape"),
        skipinitialspace="keepspace" not in said,
    )
    return [len(row) for row in rows]
