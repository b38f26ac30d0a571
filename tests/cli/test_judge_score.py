"""``s2s judge score``: tables, JSON, a page; errors name the place and end with the code."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from handbook.records import RECORDS

from tests.browser import CHROMIUM, browser
from tests.conftest import Run
from tests.tasks.test_judgement import with_texts, written

FEW = ("--resamples", 100, "--trials", 200)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "evaluation", with_texts("direct"))


def test_tables(s2s: Run, folder: Path) -> None:
    done = s2s("judge", "score", folder, "--metric", "chrf", *FEW)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    text = done.stdout.decode()
    for title in (
        "Systems by adequacy",
        "Pairs by fluency",
        "Annotators",
        "Metrics against people",
    ):
        assert title in text
    assert "permutation" in text
    assert done.stdout == s2s("judge", "score", folder, "--metric", "chrf", *FEW).stdout
    other = s2s("judge", "score", folder, "--metric", "chrf", *FEW, "--seed", 7)
    assert done.stdout != other.stdout


def test_json_has_the_documented_keys(s2s: Run, tmp_path: Path) -> None:
    folder = written(tmp_path / "mqm", with_texts("mqm"))
    done = s2s("judge", "score", folder, "--metric", "ter", "--format", "json", *FEW)
    found = json.loads(done.stdout)
    result = found["criteria"][0]
    for heading, row in (
        ("Judgements", found),
        ("A criterion of judgements", result),
        ("A system that was judged", result["systems"][0]),
        ("An annotator", found["annotators"][0]),
        ("A metric beside people", found["metrics"][0]),
    ):
        assert set(row) == set(RECORDS[heading][1]), heading
    assert [*result["systems"][0]["measures"]] == ["penalty", "per_100_words"]
    assert [each["system"] for each in result["systems"]] == ["system0", "system1", "system2"]


def test_some_files_are_named(s2s: Run, folder: Path) -> None:
    path = folder / "answers" / "annotator1.json"
    done = s2s("judge", "score", folder, path, *FEW)
    assert done.returncode == 0
    assert b"warning: there are no answers of annotator0\n" in done.stderr
    assert s2s("judge", "score", folder, path, "-q", *FEW).stderr == b""


def test_a_metric_of_the_users_own(s2s: Run, folder: Path, tmp_path: Path) -> None:
    """How many words an output has, which is what makes the systems of this evaluation better."""
    own = tmp_path / "own.py"
    own.write_text(
        "class Words:\n"
        "    def scores(self, hypotheses, references, sources):\n"
        "        return [len(text.split()) for text in hypotheses]\n"
    )
    done = s2s("judge", "score", folder, "--metric-file", f"{own}:Words", "--format", "json", *FEW)
    assert done.returncode == 0, done.stderr
    check = json.loads(done.stdout)["metrics"][0]
    assert check["metric"].casefold() == "words"
    assert check["systems"]["accuracy"] == 1.0
    assert check["outputs"]["pearson"] > 0.4


def test_a_page(s2s: Run, folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = s2s("judge", "score", folder, "--html", page, *FEW)
    assert done.returncode == 0
    assert b"Systems by adequacy" in done.stdout
    text = page.read_text("utf-8")
    assert "%%" not in text
    assert "Systems by fluency" in text
    done = s2s("judge", "score", folder, "--html", "-")
    assert done.returncode == 2
    done = s2s("judge", "score", folder, folder / "none.json", "--html", tmp_path / "other.html")
    assert done.returncode == 66
    assert not (tmp_path / "other.html").exists()


def test_what_is_wrong_is_said(s2s: Run, folder: Path, tmp_path: Path) -> None:
    path = folder / "answers" / "annotator0.json"
    content = json.loads(path.read_text())
    first = content["answers"][0]
    cases: list[tuple[list[object], bytes]] = [
        ([{**first, "task": "t999"}], b"there is no task 't999'"),
        ([first, first], b"was answered before"),
        ([{**first, "ratings": {"adequacy": 101}}], b"adequacy is 101"),
    ]
    for answers, said in cases:
        bad = tmp_path / "bad.json"
        bad.write_text(json.dumps({**content, "answers": answers}))
        done = s2s("judge", "score", folder, bad)
        assert done.returncode == 65
        assert b"bad.json: answers[" in done.stderr
        assert said in done.stderr
        assert done.stderr.count(b"\n") == 1
    remarks = tmp_path / "remarks.json"
    answers = [{**each, "ratings": {}, "comment": "odd"} for each in content["answers"]]
    remarks.write_text(json.dumps({**content, "answers": answers}))
    for arguments, code, said in (
        ((folder, remarks), 65, b"No answer says anything of a system"),
        ((tmp_path / "none",), 66, b"design.json"),
        ((folder, "--metric", "blue"), 2, b"no metric 'blue'"),
        ((folder, "--resamples", 1), 2, b"40"),
    ):
        done = s2s("judge", "score", *arguments)
        assert done.returncode == code
        assert said in done.stderr
        assert done.stdout == b""


def test_sheets_that_were_made_here_are_scored(s2s: Run, tmp_path: Path) -> None:
    """From outputs over a sheet of each form to scores: JSON of one annotator, CSV of another."""
    lines = [f"{first} {second} is here today." for first in "ABCDEFGH" for second in "KLMNO"]
    texts = {
        "source": lines,
        "good": lines,
        "bad": [line.replace("is here", "") for line in lines],
        "reference": lines,
    }
    for name, rows in texts.items():
        (tmp_path / f"{name}.txt").write_text("".join(f"{row}\n" for row in rows))
    *files, reference = [tmp_path / f"{name}.txt" for name in texts]
    folder = tmp_path / "evaluation"
    options = (
        "--annotators",
        2,
        "--overlap",
        2,
        "--reference",
        reference,
        "--control",
        "damaged=20",
    )
    made = s2s("judge", "make", *files, *options, "-o", folder)
    assert made.returncode == 0, made.stderr
    design = json.loads((folder / "design.json").read_text())
    answers: dict[str, list[dict[str, Any]]] = {name: [] for name in design["annotators"]}
    for number, task in enumerate(design["tasks"]):
        (shown,) = task["shown"]
        value = {"good": 80, "bad": 50, None: 90}[shown["system"]] - 45 * bool(shown["damaged"])
        ratings = {"adequacy": value + number % 3, "fluency": value}
        answers[task["annotator"]].append({"task": task["id"], "ratings": ratings})
    first, second = answers
    content = {"schema": 1, "design": design["id"], "annotator": first, "answers": answers[first]}
    (folder / "answers" / "first.json").write_text(json.dumps(content))
    given = {row["task"]: row["ratings"] for row in answers[second]}
    sheet = (folder / "sheets" / f"{second}.csv").read_text("utf-8-sig")
    filled = io.StringIO()
    writer = csv.writer(filled)
    columns: list[str] = []
    for row in csv.reader(io.StringIO(sheet)):
        if columns and row[0] in given:
            for name, rating in given[row[0]].items():
                row[columns.index(name)] = str(rating)
        elif "adequacy" in row:
            columns = row
        writer.writerow(row)
    (folder / "answers" / "second.csv").write_text(filled.getvalue(), "utf-8-sig")
    done = s2s("judge", "score", folder, "--metric", "chrf", "--format", "json", *FEW)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["files"] == 2
    for result in found["criteria"]:
        assert [each["system"] for each in result["systems"]] == ["good", "bad"]
        assert [each["cluster"] for each in result["systems"]] == [1, 2]
        assert [each["judgements"] for each in result["systems"]] == [80, 80]
        assert result["agreement"]["alpha"] > 0.9
    for each in found["annotators"]:
        assert each["answers"] == each["tasks"]
        assert each["damaged"]["p"] < 0.05
        assert each["references"]["difference"] > 20
        assert each["repeats"]["difference"] <= 2
        assert not each["failures"]
    assert found["metrics"][0]["systems"]["accuracy"] == 1


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_the_page_in_a_browser(s2s: Run, folder: Path, tmp_path: Path) -> None:
    """Wide tables scroll by themselves in a narrow window; bars and dots stay in their tracks."""
    page = tmp_path / "page.html"
    s2s("judge", "score", folder, "--html", page, "--metric", "chrf", *FEW)
    inside = """[...document.querySelectorAll('.track')].every(track => {
        const frame = track.getBoundingClientRect();
        return [...track.children].every(mark => {
            const box = mark.getBoundingClientRect();
            return box.left >= frame.left - 6 && box.right <= frame.right + 6; }); })"""
    with browser() as opened:
        for dark, width in ((False, 1000), (True, 320)):
            opened.open(page.as_uri(), width, dark=dark)
            assert opened.evaluate("document.title") == "s2s judge: evaluation"
            assert opened.evaluate("document.documentElement.scrollWidth") <= width
            assert opened.evaluate("document.querySelectorAll('.dot').length") == 6
            assert opened.evaluate(inside)
        assert not opened.faults
