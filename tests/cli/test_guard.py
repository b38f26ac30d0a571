"""``s2s translate`` with the guard: what is said of translations that seem wrong, and done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

SURE, UNSURE = "Good morning!", "supercalifragilistic zxqv brrr"
LINES = f"{SURE}\n{UNSURE}\n\n{UNSURE}\n".encode()
LIMIT = ("--min-confidence", 0.8)


def test_good_lines_are_as_without_it_and_nothing_is_said(s2s: Run) -> None:
    lines = b"Where is the station?\nI am hungry.\n"
    off, on = s2s("translate", "--guard", "off", stdin=lines), s2s("translate", stdin=lines)
    assert (on.stdout, on.stderr) == (off.stdout, b"")


def test_what_is_found_is_said_once_at_the_end(s2s: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    plain = s2s("translate", "--guard", "off", stdin=LINES)
    done = s2s("translate", *LIMIT, "--report", report, stdin=LINES)
    assert (done.returncode, done.stdout) == (0, plain.stdout)
    assert done.stderr.decode().splitlines() == [
        "s2s: warning: guard: 2 of 4 lines look wrong (2 confidence): lines 2, 4; "
        "see --report or --format jsonl"
    ]
    found = json.loads(report.read_text())["guard"]
    assert (found["flagged"], found["checks"], found["left_out"]) == (2, {"confidence": 2}, 0)
    assert [row["line"] for row in found["findings"]] == [2, 4]
    assert s2s("translate", *LIMIT, "-q", stdin=LINES).stderr == b""
    verbose = s2s("translate", *LIMIT, "-v", stdin=LINES).stderr.decode()
    assert "s2s: guard: line 2: confidence: its confidence is" in verbose


def test_json_lines_have_the_findings(s2s: Run) -> None:
    done = s2s("translate", *LIMIT, "--format", "jsonl", stdin=LINES)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["guard" in row for row in rows] == [False, True, False, True]
    (finding,) = rows[1]["guard"]
    assert finding["check"] == "confidence"
    assert "below 0.8" in finding["detail"]


@pytest.mark.parametrize("format_", ["text", "tsv", "nbest", "jsonl"])
def test_what_is_marked_shows_it(s2s: Run, format_: str) -> None:
    done = s2s("translate", *LIMIT, "--below", "mark", "--format", format_, stdin=LINES)
    lines = done.stdout.decode().splitlines()
    assert ["[?] " in line for line in lines] == [
        format_ != "jsonl" and n in (1, 3) for n in range(4)
    ]
    assert ['"action": "mark"' in line for line in lines] == [
        format_ == "jsonl" and n in (1, 3) for n in range(4)
    ]
    assert b"lines marked, for their confidence is too low: 2" in done.stderr


def test_the_source_stands_where_the_model_was_not_sure(s2s: Run) -> None:
    done = s2s("translate", *LIMIT, "--below", "keep-source", stdin=LINES)
    assert done.stdout.decode().splitlines() == ["Guten Morgen!", UNSURE, "", UNSURE]
    assert b"lines kept in the source language" in done.stderr


def test_a_run_fails_when_all_is_written(s2s: Run, tmp_path: Path) -> None:
    plain = s2s("translate", "--guard", "off", stdin=LINES)
    out = tmp_path / "out.txt"
    done = s2s("translate", *LIMIT, "--below", "fail", "-q", "-o", out, stdin=LINES)
    assert (done.returncode, out.read_bytes()) == (4, plain.stdout)
    assert done.stderr.decode() == (
        "s2s: The confidence of 2 lines is below --min-confidence (lines 2, 4). "
        "All outputs were written.\n"
    )
    assert s2s("translate", "--min-confidence", 0.1, "--below", "fail", stdin=LINES).returncode == 0


def test_a_text_of_several_lines_says_in_which(s2s: Run) -> None:
    given = json.dumps({"text": f"{SURE}\n{UNSURE}"}).encode()
    done = s2s("translate", *LIMIT, "--jsonl-field", "text", stdin=given)
    (row,) = map(json.loads, done.stdout.splitlines())
    assert [(found["check"], found["line"]) for found in row["guard"]] == [("confidence", 2)]


PO = f"""msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "{UNSURE}"
msgstr ""

msgid "{SURE}"
msgstr ""
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(f"# {SURE}\n\n{UNSURE}\n")
    (tmp_path / "docs" / "b.po").write_text(PO)
    return tmp_path / "docs"


def test_documents_name_the_text(s2s: Run, docs: Path, tmp_path: Path) -> None:
    out, report = tmp_path / "out", tmp_path / "report.json"
    command = ("translate", docs, "-o", out, *LIMIT, "--report", report)
    for done in ("done", "skipped"):  # a run that resumes knows of what is done
        said = s2s(*command).stderr.decode()
        assert "a.md text 2" in said
        assert "b.po text 1" in said
        found = json.loads(report.read_text())
        assert found[done] == 2
        assert found["guard"] == {"flagged": 2, "checks": {"confidence": 2}}
        rows = [row for document in found["documents"] for row in document["guard"]]
        assert [(row["text"], row["source"]) for row in rows] == [(2, UNSURE), (1, UNSURE)]


def test_texts_of_documents_stay_are_marked_or_make_it_fail(
    s2s: Run, docs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = ("translate", docs, "-o", out, *LIMIT, "--below")
    assert s2s(*command, "keep-source").returncode == 0
    assert (out / "a.md").read_text() == f"# Guten Morgen!\n\n{UNSURE}\n"
    # A message that is not translated has no translation.
    assert f'msgid "{UNSURE}"\nmsgstr ""\n' in (out / "b.po").read_text()
    assert s2s(*command, "mark").returncode == 0
    assert (out / "a.md").read_text().startswith("# Guten Morgen!\n\n[?] ")
    assert 'msgstr "[?] ' in (out / "b.po").read_text()
    for _ in ("done", "skipped"):
        assert s2s(*command, "fail").returncode == 4
    assert "[?]" not in (out / "a.md").read_text()
