"""Folders of documents from Python: as the command line runs them, and resumed by either."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import s2scli
from s2scli.api import TextModel
from s2scli.documents.base import FormatOptions
from s2scli.errors import BadInputError, LockedError, MissingInputError, UsageError
from tests.conftest import Run

FAST: dict[str, Any] = {"beam_size": 1, "max_length": 20}


@pytest.fixture(scope="module")
def english_german() -> TextModel:
    return s2scli.load("en-de", threads=1)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    root = tmp_path / "docs"
    (root / "sub").mkdir(parents=True)
    (root / "a.txt").write_text("The house is old.\n\n- Where is the station?\n")
    (root / "sub" / "t.csv").write_text('id,text\r\n1,"Good morning, my friend."\r\n')
    (root / "sub" / "pic.png").write_bytes(b"\x89PNG")
    (root / "broken.json").write_text("{")
    return root


def contents(root: Path) -> dict[str, bytes]:
    """All files below a folder but the journal's."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(".s2s-")
    }


def test_three_lines(docs: Path, tmp_path: Path) -> None:
    """What the documentation shows."""
    found = []
    with s2scli.load("en-de", threads=1) as model:
        for outcome in s2scli.translate_folder(model, docs, tmp_path / "out"):
            found.append((outcome.status, outcome.job.name, bool(outcome.reason)))
    assert sorted(found) == [
        ("done", "a.txt", False), ("done", "sub/t.csv", False), ("failed", "broken.json", True)
    ]  # fmt: skip
    assert contents(tmp_path / "out")["a.txt"] == b"Das Haus ist alt.\n\n- Wo ist der Bahnhof?\n"


def test_either_goes_on_where_the_other_was(
    english_german: TextModel, docs: Path, tmp_path: Path, s2s: Run
) -> None:
    out, report = tmp_path / "out", tmp_path / "run.json"
    run = s2scli.translate_folder(english_german, docs, out, **FAST)
    assert not out.exists()  # nothing happens before the first is asked for
    next(run)
    with pytest.raises(LockedError):
        next(s2scli.translate_folder(english_german, docs, out, **FAST))
    list(run)
    arguments = ("--beam", 1, "--max-length", 20, "--threads", 1, "--report", report)
    assert s2s("translate", docs, "-o", out, *arguments).returncode == 3
    facts = json.loads(report.read_text())
    assert (facts["done"], facts["skipped"], facts["failed"]) == (0, 2, 1)
    again = s2scli.translate_folder(english_german, [str(docs)], str(out), **FAST)
    assert sorted(outcome.status for outcome in again) == ["failed", "skipped", "skipped"]
    other = s2scli.translate_folder(english_german, docs, out, beam_size=2, max_length=20)
    assert "skipped" not in {outcome.status for outcome in other}


def test_what_is_no_document_is_named(
    english_german: TextModel, docs: Path, tmp_path: Path
) -> None:
    (docs / "data.xyz").write_text("Hello!\n")
    (docs / "nowhere.txt").symlink_to("none")
    run = s2scli.translate_folder(english_german, docs, tmp_path / "out", **FAST)
    expected = [docs / "data.xyz", docs / "nowhere.txt", docs / "sub" / "pic.png"]
    assert sorted(run.left_out) == sorted(expected)
    run.close()
    for run in (
        s2scli.translate_folder(english_german, docs / "a.txt", tmp_path / "b.txt", **FAST),
        s2scli.summarize_folder(english_german, docs, tmp_path / "out", include="a.*"),
    ):
        assert run.left_out == ()
        run.close()
    with pytest.raises(UsageError, match="include is 5; it must be a text or an iterable"):
        s2scli.translate_folder(english_german, docs, tmp_path / "out", include=5)


def test_a_run_that_nobody_looks_at_is_said(
    english_german: TextModel, docs: Path, tmp_path: Path
) -> None:
    with pytest.warns(RuntimeWarning, match="translate_folder did nothing: go through"):
        s2scli.translate_folder(english_german, docs, tmp_path / "out", **FAST)
    assert not (tmp_path / "out").exists()


def test_a_run_that_is_given_up_is_resumed(
    english_german: TextModel, docs: Path, tmp_path: Path
) -> None:
    for number in range(40):
        (docs / f"{number}.txt").write_text(f"Tom has {number} cats.\n")
    run = s2scli.translate_folder(english_german, docs, tmp_path / "out", include=["*.txt"], **FAST)
    first = next(run)
    run.close()
    again = {
        outcome.job.name: outcome
        for outcome in s2scli.translate_folder(
            english_german, docs, tmp_path / "out", selection=s2scli.Selection(("*.txt",)), **FAST
        )
    }
    assert again[first.job.name].status == "skipped"
    (docs / ".hidden.txt").write_text("Hidden.\n")
    both = s2scli.Selection(("*.txt", "*.csv"), hidden=True)
    names = s2scli.translate_folder(
        english_german, docs, tmp_path / "all", selection=both, exclude="[0-9]*.txt", **FAST
    )
    assert {outcome.job.name for outcome in names} == {".hidden.txt", "a.txt", "sub/t.csv"}
    assert len(again) == 41
    assert len(contents(tmp_path / "out")) == 41


def test_what_translations_must_have(english_german: TextModel, docs: Path, tmp_path: Path) -> None:
    out, memory = tmp_path / "out", tmp_path / "memory.sqlite"
    (outcome,) = s2scli.translate_folder(
        english_german,
        docs / "a.txt",
        out / "b.txt",
        include="*.txt",
        protect=r"[Ss]tation",
        options=FormatOptions(unit="line"),
        glossary={"house": "Gebäude"},
        memory=memory,
        **FAST,
    )
    assert (outcome.status, outcome.terms) == ("done", 1)
    text = (out / "b.txt").read_text("utf-8")
    assert "Gebäude" in text
    assert "station" in text
    (again,) = s2scli.translate_folder(
        english_german, docs / "a.txt", suffix=".de", memory=str(memory), **FAST
    )
    assert again.segments == 2
    assert (docs / "a.de.txt").exists()


def test_what_makes_no_sense(english_german: TextModel, docs: Path, tmp_path: Path) -> None:
    """It is said at once, not when the first outcome is asked for."""
    with pytest.raises(UsageError, match="need an output"):
        s2scli.translate_folder(english_german, docs)
    with pytest.raises(UsageError, match="and only one"):
        s2scli.translate_folder(english_german, docs, tmp_path / "out", in_place=True)
    with pytest.raises(UsageError, match="beam_sise"):
        s2scli.translate_folder(english_german, docs, tmp_path / "out", beam_sise=2)
    with pytest.raises(UsageError, match="takes the best output"):
        s2scli.translate_folder(english_german, docs, tmp_path / "out", n_best=2, beam_size=2)
    with pytest.raises(UsageError, match="another format"):
        s2scli.translate_folder(english_german, docs / "a.txt", tmp_path / "a.csv")
    with pytest.raises(UsageError, match="parts are numbered from 1"):
        s2scli.translate_folder(english_german, docs, tmp_path / "out", shard=(0, 2))
    with pytest.raises(MissingInputError, match="There is no file"):
        s2scli.translate_folder(english_german, docs / "none", tmp_path / "out")
    with pytest.raises(BadInputError, match="an unknown document format"):
        s2scli.translate_folder(english_german, docs / "sub" / "pic.png", tmp_path / "out")


def test_summaries(small_models: dict[str, Path], docs: Path, tmp_path: Path) -> None:
    options: dict[str, Any] = {"beam_size": 1, "max_length": 10, "min_length": 1}
    out = tmp_path / "out"
    with s2scli.load(small_models["bart"], "summarize", threads=1) as model:
        found = list(s2scli.summarize_folder(model, docs, out, **options))
        text = model.summarize((docs / "a.txt").read_text(), **options).text
        again = list(s2scli.summarize_folder(model, docs, out, **options))
        other = list(s2scli.summarize_folder(model, docs, out, strategy="lead", **options))
    assert [outcome.status for outcome in found] == ["done", "failed", "done"]
    assert [outcome.status for outcome in again] == ["skipped", "failed", "skipped"]
    assert [outcome.status for outcome in other] == ["done", "failed", "done"]
    assert list(contents(out)) == ["a.txt", "sub/t.csv.txt"]
    assert contents(out)["a.txt"].decode() == f"{text}\n"


def test_the_guard_looks_at_documents(english_german: TextModel, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("Good morning!\n\nsupercalifragilistic zxqv brrr\n")
    places = english_german, tmp_path / "docs", tmp_path / "out"
    given: Any = {"guard": "warn", "min_confidence": 0.8, "below": "keep-source"}
    (outcome,) = s2scli.translate_folder(*places, **given)
    assert [(row["text"], row["action"]) for row in outcome.findings] == [(2, "keep-source")]
    written = (tmp_path / "out" / "a.txt").read_text()
    assert written == "Guten Morgen!\n\nsupercalifragilistic zxqv brrr\n"
    with pytest.raises(UsageError, match="below"):
        s2scli.translate_folder(*places, below="mark")


@pytest.mark.parametrize("function", [s2scli.translate_folder, s2scli.summarize_folder])
def test_the_model_comes_first(function: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="must be a "):
        function(tmp_path, tmp_path, tmp_path / "out")


def test_a_name_that_is_too_long_fails_alone(english_german: TextModel, tmp_path: Path) -> None:
    for name in ("a", "z" * 251):
        (tmp_path / f"{name}.txt").write_text("The house is old.\n")
    found = s2scli.translate_folder(english_german, tmp_path, suffix=".de", **FAST)
    assert sorted((each.status, each.reason[-18:]) for each in found) == [
        ("done", ""), ("failed", "File name too long")
    ]  # fmt: skip


def test_no_document_takes_the_place_of_a_pipe(english_german: TextModel, docs: Path) -> None:
    pipe = docs.parent / "pipe.txt"
    os.mkfifo(pipe)
    with pytest.raises(UsageError, match="is a pipe or a device"):
        s2scli.translate_folder(english_german, docs / "a.txt", pipe)
    assert pipe.is_fifo()
