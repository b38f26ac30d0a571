"""Sheets in a real browser: each kind is filled in by the keyboard, and its file is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from s2scli.judging.answers import Judgement, MarkedError, Questions, read_answers
from s2scli.judging.design import Design, JudgedSegment, JudgingTask, text_shown
from s2scli.judging.folder import write_folder
from s2scli.judging.kinds import KINDS, MQM, RELATIVE, SUMMARY
from s2scli.judging.planning import JudgingPlan, planned
from tests.browser import CHROMIUM, Browser, browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
]
HOSTILE = "=1+1 </script><img src=x onerror='document.title=1'> 😀😀 end"
SEGMENTS = [
    JudgedSegment(
        "1", "Good 😀 day, my friend.", None, {"a": "Guten Tag.", "b": "😀 Guten Abend."}
    ),
    JudgedSegment("2", HOSTILE, None, {"a": f"Ja: {HOSTILE}", "b": ""}),
    JudgedSegment("3", "שלום עולם, מה שלומך?", None, {"a": "Hallo Welt.", "b": "שלום לך עולם"}),
]
ARROWS = {"ArrowLeft": 37, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35}
CTRL, SHIFT = 2, 8
FOCUS = "document.activeElement.id"


@pytest.fixture(scope="module")
def page() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


class Sheet:
    """A sheet that is open in a browser.

    Args:
        page: the browser.
        folder: an empty folder.
        kind: the kind of the sheet.
        points: the best rating of direct assessment.
    """

    made = 0

    def __init__(self, page: Browser, folder: Path, kind: str, *, points: int = 100) -> None:
        self.page = page
        self.folder = folder
        Sheet.made += 1  # the browser keeps answers to the same design
        plan = JudgingPlan(kind, points=points, seed=Sheet.made)
        self.design: Design = planned(plan, SEGMENTS)
        write_folder(folder / "new", self.design)
        self.file = folder / "new" / "sheets" / "annotator-1.html"
        self.tasks = self.design.tasks
        page.open(self.file.as_uri())

    def press(self, *keys: str, modifiers: int = 0) -> None:
        """Press keys one after the other."""
        for key in keys:
            code = f"Digit{key}" if key.isdigit() else {" ": "Space"}.get(key, key)
            numbers = {**ARROWS, "Enter": 13, "Tab": 9, " ": 32}
            number = ord(key) if key.isdigit() else numbers[key]
            self.page.press(key, code, number, modifiers)

    def text(self, name: str) -> str:
        """What stands in an element."""
        return str(self.page.evaluate(f"document.getElementById({name!r}).textContent"))

    def saved(self) -> list[Judgement]:
        """The answers in the file that the page writes."""
        target = self.folder / "annotator-1.json"
        target.unlink(missing_ok=True)
        self.page.download_to(self.folder)
        self.page.evaluate("document.getElementById('save').focus()")
        self.press("Enter")
        self.page.wait_for_download()
        assert not self.page.faults
        return read_answers(target, Questions(self.design))

    def shown(self, task: JudgingTask) -> str:
        """The text that is judged."""
        return text_shown(self.design.segments_by_id()[task.segment], task.shown[0])


def test_ratings_of_a_hundred(page: Browser, tmp_path: Path) -> None:
    """A number, Enter, a number, Enter: the next task."""
    sheet = Sheet(page, tmp_path, "direct")
    for number, task in enumerate(sheet.tasks):
        assert sheet.text("where") == f"Task {number + 1} of 6"
        assert sheet.text("text-target") == sheet.shown(task)
        assert page.evaluate(FOCUS) == "adequacy"
        page.type(str(10 * number))
        sheet.press("Enter")
        assert page.evaluate(FOCUS) == "fluency"
        sheet.press("Enter")
        assert sheet.text("said") == "Not answered yet: fluency"
        page.type("100")
        sheet.press("Enter")
    assert sheet.text("said") == "All is answered: save your answers as a file"
    assert page.evaluate(FOCUS) == "save"
    found = sheet.saved()
    assert [answer.task for answer in found] == [task.id for task in sheet.tasks]
    assert [answer.ratings["adequacy"] for answer in found] == [0, 10, 20, 30, 40, 50]
    assert {answer.ratings["fluency"] for answer in found} == {100}
    assert all(answer.seconds is not None and answer.seconds < 60 for answer in found)


def test_ratings_that_cannot_be(page: Browser, tmp_path: Path) -> None:
    sheet = Sheet(page, tmp_path, "direct")
    page.type("101")
    assert sheet.text("said") == "adequacy must be a whole number from 0 to 100"
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    assert sheet.saved() == []


@pytest.mark.parametrize("kind", ["direct", SUMMARY])
def test_ratings_of_a_few_points(kind: str, page: Browser, tmp_path: Path) -> None:
    sheet = Sheet(page, tmp_path, kind, points=5)
    names = [criterion.name for criterion in sheet.design.criteria]
    for _ in sheet.tasks:
        for number in range(len(names)):
            sheet.press(str(number + 2), "Enter")
    for answer in sheet.saved():
        assert answer.ratings == {name: number + 2 for number, name in enumerate(names)}


def test_preferences(page: Browser, tmp_path: Path) -> None:
    sheet = Sheet(page, tmp_path, RELATIVE)
    for key in ("1", "3", "2"):
        sheet.press(key, "Enter")
    assert [answer.preference for answer in sheet.saved()] == ["left", "right", "tie"]


def choose(sheet: Sheet, name: str, begin: str) -> None:
    """Choose in a list by the first letters."""
    assert sheet.page.evaluate(FOCUS) == name
    for letter in begin:
        sheet.page.call("Input.dispatchKeyEvent", type="char", text=letter)


def test_errors(page: Browser, tmp_path: Path) -> None:
    """Words are chosen with arrows; places count characters, also beyond the first plane."""
    sheet = Sheet(page, tmp_path, MQM)
    wanted: dict[str, tuple[MarkedError, ...]] = {}
    for task in sheet.tasks:
        assert page.evaluate(FOCUS) == "text-target"
        text = sheet.shown(task)
        wanted[task.id] = ()
        if text == "😀 Guten Abend.":
            sheet.press("Home", "ArrowRight")
            sheet.press("ArrowRight", modifiers=SHIFT)
            assert sheet.text("chosen") == "Guten Abend"
            sheet.press("Enter")
            choose(sheet, "category", "accuracy/m")
            sheet.press("Enter")
            assert sheet.text("said") == "Choose a severity"
            choose(sheet, "severity", "ma")
            sheet.press("Enter")
            assert page.evaluate(FOCUS) == "text-target"
            page.evaluate("document.getElementById('text-source').focus()")
            sheet.press("ArrowRight", "ArrowRight", "Enter")
            choose(sheet, "category", "accuracy/o")
            page.evaluate("document.getElementById('severity').focus()")
            choose(sheet, "severity", "c")
            sheet.press("Enter")
            wanted[task.id] = (
                MarkedError(2, 13, "accuracy/mistranslation", "major", "target"),
                MarkedError(5, 6, "accuracy/omission", "critical", "source"),
            )
        if text == "שלום לך עולם":
            sheet.press("Home", "ArrowLeft", "Enter")  # from right to left
            choose(sheet, "category", "other")
            page.evaluate("document.getElementById('severity').focus()")
            choose(sheet, "severity", "n")
            sheet.press("Enter")
            wanted[task.id] = (MarkedError(5, 7, "other", "neutral", "target"),)
        page.evaluate("document.getElementById('done').focus()")
        sheet.press(" ", "Enter")
    assert {answer.task: answer.errors for answer in sheet.saved()} == wanted


def test_errors_by_the_mouse(page: Browser, tmp_path: Path) -> None:
    sheet = Sheet(page, tmp_path, MQM)
    number = next(n for n, task in enumerate(sheet.tasks) if sheet.shown(task).startswith("Ja: "))
    page.evaluate(f"go({number})")
    place = """(() => {
      const text = document.getElementById('text-target').firstChild;
      const range = document.createRange();
      const start = text.data.indexOf('end');
      range.setStart(text, start); range.setEnd(text, start + 3);
      const {left, right, top, bottom} = range.getBoundingClientRect();
      return [left + 1, right - 1, (top + bottom) / 2];
    })()"""
    left, right, y = page.evaluate(place)
    for kind, x in (("mousePressed", left), ("mouseMoved", right), ("mouseReleased", right)):
        page.call(
            "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1
        )
    assert page.wait("document.getElementById('chosen').textContent !== 'nothing'")
    words = sheet.text("chosen")
    assert words in "end"
    page.evaluate("document.getElementById('category').focus()")
    choose(sheet, "category", "style")
    page.evaluate("document.getElementById('severity').focus()")
    choose(sheet, "severity", "mi")
    sheet.press("Enter")
    assert page.evaluate("document.querySelector('#text-target mark.minor').textContent") == words
    assert sheet.saved() == []  # for not all errors are marked yet
    page.evaluate("document.getElementById('done').click()")
    (answer,) = sheet.saved()
    assert answer.errors is not None
    (error,) = answer.errors
    text = sheet.shown(sheet.tasks[number])
    assert text[error.start : error.end] == words
    assert error.start >= text.index("end")
    page.evaluate("document.querySelector('#errors button').click()")
    (answer,) = sheet.saved()
    assert answer.errors == ()


def test_answers_stay_and_are_taken_back(page: Browser, tmp_path: Path) -> None:
    sheet = Sheet(page, tmp_path, "direct")
    page.type("7")
    sheet.press("Enter")
    page.type("8")
    sheet.press("Enter")
    page.evaluate("document.getElementById('comment').focus()")
    page.type("über 😀")
    before = sheet.saved()
    assert [(answer.ratings, answer.comment) for answer in before] == [
        ({"adequacy": 7, "fluency": 8}, ""),
        ({}, "über 😀"),
    ]
    page.open(sheet.file.as_uri())
    assert sheet.text("where") == "Task 2 of 6"
    assert page.evaluate("document.getElementById('comment').value") == "über 😀"
    assert sheet.text("count") == "annotator-1: 1 of 6 answered"
    page.evaluate("localStorage.clear(); answers = {}; place = 0")
    page.open(sheet.file.as_uri())
    assert sheet.text("count") == "annotator-1: 0 of 6 answered"
    file = tmp_path / "annotator-1.json"
    page.choose_file("#load", file)
    page.wait("document.getElementById('said').textContent.includes('2 answers were taken')")
    assert sheet.text("count") == "annotator-1: 1 of 6 answered"
    content = json.loads(file.read_text("utf-8"))
    content["answers"][0]["ratings"]["adequacy"] = "7"
    file.write_text(json.dumps(content))
    page.choose_file("#load", file)
    page.wait("document.getElementById('said').textContent.includes('it has a wrong answer')")
    file.write_text(json.dumps({**content, "design": "x"}))
    page.choose_file("#load", file)
    page.wait("document.getElementById('said').textContent.includes('another sheet')")
    assert [answer._replace(place="", seconds=None) for answer in sheet.saved()] == [
        answer._replace(place="", seconds=None) for answer in before
    ]


def test_moving_among_tasks(page: Browser, tmp_path: Path) -> None:
    sheet = Sheet(page, tmp_path, RELATIVE)
    sheet.press("Enter", modifiers=CTRL)
    sheet.press("Enter", modifiers=CTRL)
    sheet.press("2", "Enter")
    assert sheet.text("said") == "This was the last task; 2 have no answer yet"
    assert page.evaluate(FOCUS) == "open"
    sheet.press("Enter")
    assert sheet.text("where") == "Task 1 of 3"
    sheet.press("2", "Enter")
    sheet.press("Enter", modifiers=CTRL + SHIFT)
    assert sheet.text("where") == "Task 1 of 3"


@pytest.mark.parametrize("agreed", [True, False])
def test_other_answers_are_replaced_if_the_annotator_agrees(
    agreed: bool, page: Browser, tmp_path: Path
) -> None:
    sheet = Sheet(page, tmp_path, RELATIVE)
    sheet.press("1")
    sheet.saved()
    page.evaluate("document.getElementById('preference-left').focus()")
    sheet.press("3")
    page.choose_file("#load", tmp_path / "annotator-1.json")
    page.answer_dialog(agreed)
    assert page.wait("document.getElementById('load').value === ''")
    (answer,) = sheet.saved()
    assert answer.preference == ("left" if agreed else "right")


def test_a_browser_that_keeps_nothing_is_reported(page: Browser, tmp_path: Path) -> None:
    sheet = Sheet(page, tmp_path, RELATIVE)
    page.evaluate("Storage.prototype.setItem = () => { throw new Error('full'); }; 0")
    sheet.press("1")
    assert "This browser keeps no answers" in sheet.text("count")
    (answer,) = sheet.saved()
    assert answer.preference == "left"


@pytest.mark.parametrize("kind", KINDS)
def test_pages_at_two_widths(kind: str, page: Browser, tmp_path: Path) -> None:
    """Nothing needs to be moved sideways, nothing is loaded, and each field has a name."""
    sheet = Sheet(page, tmp_path, kind)
    for width, dark in ((320, True), (1200, False)):
        page.open(sheet.file.as_uri(), width, dark=dark)
        for number in range(len(sheet.tasks)):
            page.evaluate(f"go({number})")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not page.faults
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert page.evaluate("document.querySelectorAll('img').length") == 0
    nameless = """[...document.querySelectorAll('input, select, textarea, button')].filter(each =>
      each.getAttribute('aria-hidden') !== 'true' && !each.ariaLabel && !each.textContent.trim() &&
      !(each.labels && each.labels.length)).map(each => each.outerHTML)"""
    assert page.evaluate(nameless) == []
