"""The guard of summaries: notes on what a model makes of a document, and repairs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import s2scli
from s2scli.api import TextModel, load
from s2scli.errors import UsageError
from tests.conftest import Run
from tests.tasks.test_summarize import SENTENCE

# Longer than the model reads: its summaries are summarized, and it stammers.
LONG = SENTENCE * 12
HOW: Any = {"beam_size": 1, "max_length": 40}


@pytest.fixture(scope="module")
def model(small_models: dict[str, Path]) -> TextModel:
    return load(small_models["bart"], "summarize", threads=1)


def test_findings_say_what_they_are_about(model: TextModel) -> None:
    plain = model.summarize(LONG, **HOW)
    assert (plain.notes, "guard" in plain.result.notes) == ({}, False)
    found = model.summarize(LONG, guard="warn", **HOW)
    assert found.text == plain.text
    rows = found.result.notes["guard"]
    assert {"check", "detail", "start", "end"} == rows[0].keys()
    assert "repetition" in {row["check"] for row in rows}
    parts = {(node.start, node.end) for node in found.all_nodes}
    assert len(parts) > 1
    assert {(row["start"], row["end"]) for row in rows} <= parts


def test_what_stammers_is_repaired(model: TextModel) -> None:
    before = model.summarize(LONG, guard="warn", **HOW)
    after = model.summarize(LONG, guard="repair", **HOW)
    assert after.text != before.text
    rows = after.notes.get("guard", [])
    left = [row["check"] for row in rows if "repaired" not in row]
    assert "repetition" not in left
    assert len(left) < len(before.notes["guard"])


def test_a_low_confidence(model: TextModel) -> None:
    found = model.summarize("Tom has a dog.", guard="warn", min_confidence=0.999, **HOW)
    (row,) = (row for row in found.notes["guard"] if row["check"] == "confidence")
    assert row.keys() == {"check", "detail"}  # a text in one piece


def test_what_is_for_translations_is_refused(model: TextModel) -> None:
    with pytest.raises(UsageError, match="below is for translations, not for summaries"):
        model.summarize("Tom.", guard="warn", min_confidence=0.5, below="mark")
    with pytest.raises(UsageError, match="min_confidence has no effect without the guard"):
        model.summarize("Tom.", min_confidence=0.5)


def test_records_counts_and_reports(
    s2s: Run, small_models: dict[str, Path], tmp_path: Path
) -> None:
    arguments = ("summarize", "-m", small_models["bart"], "--beam", 1, "--max-length", 40)
    report = tmp_path / "run.json"
    lines = f"Tom.\n{LONG}\n".encode()
    rest = ("--lines", "--format", "jsonl", "--report", report)
    done = s2s(*arguments, *rest, stdin=lines)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert "repetition" in {row["check"] for row in rows[1]["guard"]}
    facts = json.loads(report.read_bytes())["guard"]
    assert facts["findings"][-1]["document"] == 2
    assert facts["flagged"] == sum("guard" in row for row in rows)
    assert b"documents look wrong" in done.stderr
    off = s2s(*arguments, *rest, "--guard", "off", stdin=lines)
    assert b"guard" not in off.stdout + off.stderr
    assert [json.loads(line)["target"] for line in off.stdout.splitlines()] == [
        row["target"] for row in rows
    ]


def test_folders(model: TextModel, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(LONG)

    def outcome(name: str, **options: Any) -> Any:
        (found,) = s2scli.summarize_folder(
            model, tmp_path / "in", tmp_path / name, **HOW, **options
        )
        return found

    assert outcome("plain").findings == ()
    found = outcome("warned", guard="warn").findings
    assert found[0]["text"] == 1
    assert LONG.startswith(found[0]["source"])
    assert outcome("warned", guard="warn").status == "skipped"
    assert outcome("warned", guard="repair").status == "done"
