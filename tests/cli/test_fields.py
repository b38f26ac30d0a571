"""Texts in fields of JSON lines and in columns of tables: what stands beside them stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

ROWS: list[dict[str, Any]] = [
    {"id": 7, "text": "Where is the station?", "tags": ["a", {"b": None}], "target": "mine"},
    {"text": "", "id": 8},
    {"id": 9, "text": "Good morning!\nI am hungry.\r\n\nWhere is the station?"},
    {"id": 1.5, "text": " *** ", "index": 3},
]


def lines_of(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def test_other_fields_pass_through(s2s: Run) -> None:
    done = s2s("translate", "--jsonl-field", "text", stdin=lines_of(ROWS))
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["fields"] for row in found] == [
        {key: value for key, value in row.items() if key != "text"} for row in ROWS
    ]
    assert [row["source"] for row in found] == [row["text"] for row in ROWS]
    assert [row["index"] for row in found] == [0, 1, 2, 3]
    assert found[0]["target"] == "Wo ist der Bahnhof?"
    assert found[1]["target"] == ""
    whole = "Guten Morgen!\nIch habe Hunger.\r\n\nWo ist der Bahnhof?"
    assert found[2]["target"] == found[2]["hypotheses"][0]["text"] == whole
    assert found[3]["target"] == " *** "
    assert found[2]["tokens"] > found[0]["tokens"]


def test_several_hypotheses_and_one_line_each(s2s: Run) -> None:
    given = ("translate", "--jsonl-field", "text")
    done = s2s(*given, "--n-best", 3, stdin=lines_of(ROWS))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    for row in (found[0], found[2]):
        assert len({hypothesis["text"] for hypothesis in row["hypotheses"]}) == 3
        counts = {hypothesis["text"].count("\n") for hypothesis in row["hypotheses"]}
        assert counts == {row["source"].count("\n")}
    done = s2s(*given, "--format", "text", stdin=lines_of([*ROWS, {"text": "\n"}]))
    lines = done.stdout.decode().split("\n")
    assert len(lines) == len(ROWS) + 2
    assert lines[2] == "Guten Morgen! Ich habe Hunger.  Wo ist der Bahnhof?"
    done = s2s(*given, "--format", "tsv", stdin=lines_of(ROWS))
    assert done.stdout.decode().count("\n") == len(ROWS)


@pytest.mark.parametrize("line_break", ["\r", "\x85", "\u2028", "\u2029"])
def test_other_line_breaks_stay(s2s: Run, line_break: str) -> None:
    rows = [{"text": line_break.join(("Good morning!", "Where is the station?"))}]
    done = s2s("translate", "--jsonl-field", "text", stdin=lines_of(rows))
    target = json.loads(done.stdout)["target"]
    assert target == line_break.join(("Guten Morgen!", "Wo ist der Bahnhof?"))


def test_generate_passes_other_fields_through(s2s: Run, small_models: dict[str, Path]) -> None:
    row = b'{"text": "Hello!", "id": 12345678901234567890123, "price": 1.10, "tags": [{"b": NaN}]}'
    blank = b'{"text": " ", "id": 2}'
    given = ("generate", "-m", small_models["t5"], "--jsonl", "--prompt", "{text}")
    done = s2s(*given, "--format", "jsonl", "--max-length", 4, stdin=row + b"\n" + blank + b"\n")
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    kept = b'"fields": {"id": 12345678901234567890123, "price": 1.10, "tags": [{"b": NaN}]}}'
    assert first.endswith(kept)
    assert json.loads(second)["fields"] == {"id": 2}


def test_protection_and_prefixes_go_with_it(s2s: Run, tmp_path: Path) -> None:
    rows = [{"n": 1, "t": "Open {name}."}, {"n": 2, "t": "Hello {a}!\nHello!"}]
    done = s2s("translate", "--jsonl-field", "t", "--protection", stdin=lines_of(rows))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert "{name}" in found[0]["target"]
    assert found[0]["protection"]["how"]
    assert [row["fields"] for row in found] == [{"n": 1}, {"n": 2}]
    (tmp_path / "p").write_text("Also\n\n")
    begin = ("--prefix-file", tmp_path / "p")
    done = s2s("translate", "--jsonl-field", "t", *begin, stdin=lines_of(rows))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert found[0]["target"].startswith("Also")
    assert not found[1]["target"].startswith("Also")


TABLE = "7\tWhere is the station?\t\\n \r\n\n 8 \tI am hungry.\n9\t***\t\tx\ty"


def test_columns_stay_byte_for_byte(s2s: Run) -> None:
    done = s2s("translate", "--tsv-column", 2, stdin=TABLE.encode())
    assert done.returncode == 0, done.stderr
    rows = done.stdout.decode().split("\n")
    assert rows == [
        "7\tWhere is the station?\t\\n \tWo ist der Bahnhof?\r",
        "",
        " 8 \tI am hungry.\tIch habe Hunger.",
        "9\t***\t\tx\ty\t***",
        "",
    ]
    more = ("--scores", "--n-best", 2)
    done = s2s("translate", "--tsv-column", 2, *more, stdin=TABLE.encode())
    scored = done.stdout.decode().splitlines()
    assert len(scored) == 2 + 1 + 2 + 1
    assert scored[0].startswith("7\tWhere is the station?\t\\n \tWo ist der Bahnhof?\t-0.")


def test_columns_in_other_formats(s2s: Run) -> None:
    done = s2s("translate", "--tsv-column", 2, "--format", "jsonl", stdin=TABLE.encode())
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert found[0]["columns"] == ["7", "Where is the station?", "\\n "]
    assert found[0]["target"] == "Wo ist der Bahnhof?"
    done = s2s("translate", "--tsv-column", 2, "--format", "text", stdin=TABLE.encode())
    assert done.stdout == b"Wo ist der Bahnhof?\r\n\nIch habe Hunger.\n***"


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (("--jsonl-field", "text"), b'{"text": "A"}\n{"id": 1}\n', "'text' is missing"),
        (("--jsonl-field", "text"), b'{"text": 1}\n', "'text' is not text"),
        (("--jsonl-field", "text"), b"A\n", "line 1"),
        (("--tsv-column", "2"), b"a\tHello!\nb\n", "line 2 has no column 2, but 1"),
    ],
)
def test_bad_rows_are_named(s2s: Run, arguments: tuple[str, ...], given: bytes, words: str) -> None:
    done = s2s("translate", *arguments, stdin=given)
    assert done.returncode == 65
    assert words in done.stderr.decode()
    assert done.stdout.count(b"\n") == given.count(b"\n") - 1  # those before are written


@pytest.mark.parametrize(
    ("option", "good", "bad"),
    [
        (("--tsv-column", "2"), "a\tHello!", "b"),
        (("--jsonl-field", "text"), '{"text": "Hello!"}', '{"id": 1}'),
    ],
)
def test_of_several_files_the_bad_one_is_named(
    s2s: Run, tmp_path: Path, option: tuple[str, str], good: str, bad: str
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text(f"{good}\n{good}")
    second.write_text(f"{good}\n{bad}\n{good}\n")
    done = s2s("translate", *option, "--format", "jsonl", first, second)
    assert done.returncode == 65
    assert f"{second}: line 2".encode() in done.stderr
    assert [json.loads(line)["index"] for line in done.stdout.splitlines()] == [0, 1, 2]


def test_many_rows_keep_what_is_theirs(s2s: Run) -> None:
    """Batches are sorted by length; results come back to their rows."""
    texts = ["Hello!", "Where is the station? " * 3, "I am hungry."]
    rows = [
        {"n": n, "text": texts[n % 3] + ("\nGood morning!" if n % 2 else "")} for n in range(60)
    ]
    done = s2s("translate", "--beam", 1, "--jsonl-field", "text", stdin=lines_of(rows))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["fields"]["n"] for row in found] == list(range(60))
    assert [row["source"] for row in found] == [row["text"] for row in rows]
    assert all(row["target"].count("\n") == row["source"].count("\n") for row in found)


def test_messages_name_the_line_of_the_input(s2s: Run, tmp_path: Path) -> None:
    rows = [{"text": "Good morning!\nI am hungry."}, {"text": "Where is the station?"}]
    report = tmp_path / "run.json"
    given = ("translate", "--jsonl-field", "text", "--min-confidence", 1, "--report", report)
    done = s2s(*given, stdin=lines_of(rows))
    assert b"3 of 3 lines look wrong (3 confidence): lines 1, 1, 2;" in done.stderr
    found = json.loads(report.read_bytes())["guard"]["findings"]
    assert [row["line"] for row in found] == [1, 1, 2]
    done = s2s("translate", "--jsonl-field", "text", "--max-length", 2, stdin=lines_of(rows))
    assert b"cut off: 3 (lines 1, 1, 2)" in done.stderr
