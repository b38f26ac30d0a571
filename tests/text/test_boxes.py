"""Boxes to tick part the texts of a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from s2scli.text.boxes import parting_boxes
from tests.documents.runs import translated
from tests.text.test_fillers import BOLD, run, word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("☐ I agree ☐ I do not", ["☐", "☐"]),
        ("[ ] a [x] b", ["[ ]", "[x]"]),
        ("Do you? ( ) yes (x) no", ["( )", "(x)"]),
        ("Yes ○ No ●", ["○", "●"]),
        ("☐ I agree", ["☐"]),
        ("Send it ☐ by post ☑ by train", ["☐", "☑"]),
        # In mid-sentence, and what is none.
        ("Press ● for one and ○ for the other", []),
        ("Tick the ☐ below", []),
        ("[ ] a", []),
        ("[] and [], f( ) and a[ ]", []),
        ("●●● ○○○", []),
    ],
)
def test_which_boxes_part_texts(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in parting_boxes(text)] == expected


BOXES = "☐ a b ☐ c d, [ ] a b [x] c d, ( ) a b ( ) c d, one ( ) two"


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.txt", "{}"),
        ("a.md", "{}"),
        ("a.html", "<p>{}</p>"),
        ("a.csv", "text\n{}"),
        ("a.json", '["{}"]'),
        ("a.po", 'msgid "{}"\nmsgstr ""'),
        ("a.ftl", "a = {}"),
    ],
)
def test_boxes_stay_between_texts(name: str, form: str, tmp_path: Path) -> None:
    """A model that turns the words of a text around moves none across a box."""
    lines = [line for line in BOXES.split(", ") if name != "a.md" or line[0] != "["]
    for line, expected in zip(lines, (line.upper() for line in lines), strict=True):
        new = translated(name, form.format(line) + "\n", tmp_path, backwards=True)
        turned = {"A B": "B A", "C D": "D C", "ONE ( ) TWO": "TWO ( ) ONE", "[X]": "[x]"}
        for before, after in turned.items():
            expected = expected.replace(before, after)
        assert expected in new


@pytest.mark.parametrize(
    "text",
    [
        "<input type=checkbox> {} <input type=checkbox> {}",
        "<input type='Radio'>{}<br><b>&#9744; &#9745; {}</b>",
        "&#9744; {} &#x2611; {}",
        "1 <input type=radio> {} <input type=radio> {}",
        "<span>☐</span> {} <span>☐</span> {}",
        "<label>{} <input type=radio></label> <label>{} <input type=radio></label>",
    ],
)
def test_boxes_of_pages(text: str, tmp_path: Path) -> None:
    page = "<p>" + text.format("a b", "c d") + "</p>"
    new = translated("a.html", page, tmp_path, backwards=True)
    assert new == "<p>" + text.format("B A", "D C") + "</p>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (run("☐ a b ☐ c d"), ["a b", "c d"]),
        (run("☐", BOLD) + run(" a b ") + run("☐", BOLD) + run(" c d"), ["a b", "c d"]),
        (f"<w:hyperlink>{run('☐')}</w:hyperlink>" + run(" a ☐ b"), ["a", "b"]),
        (run("Tick ☐ if so"), ["Tick ☐ if so"]),
    ],
)
def test_boxes_of_office_documents(body: str, expected: list[str]) -> None:
    assert [slot.text for slot in word(body)] == expected
