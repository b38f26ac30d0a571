"""``s2s bench``, and what other commands do with what it found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from s2scli.inference.device import available_threads
from s2scli.models.manifest import Manifest
from s2scli.models.store import bundled_directory
from s2scli.tuned import Tuned, all_tuned, keep
from tests.conftest import Run

LINES = b"Where is the station?\nThe house is small.\n"
FAST = ("--rounds", 1, "--seconds", 0, "--threads", 1)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for settings."""
    path = tmp_path / "config.yaml"
    path.touch()
    monkeypatch.setenv("S2S_CONFIG", str(path))
    return path


def found(**changes: Any) -> Tuned:
    manifest = Manifest.load(bundled_directory("en-de"))
    cores = available_threads()
    best = Tuned("en-de", manifest.fingerprint, "cpu", cores, 1, 300, "float32", 1.2)
    return best._replace(**changes)


def test_measures_each_combination(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(LINES)
    done = s2s("bench", *FAST, "--beam", "1,2", "--json", "-q", tmp_path / "lines")
    assert (done.returncode, done.stderr) == (0, b"")
    facts = json.loads(done.stdout)
    assert facts["texts"] == 2
    assert [(row["beam"], row["threads"], row["rounds"]) for row in facts["settings"]] == [
        (1, 1, 1),
        (2, 1, 1),
    ]
    assert all(row["lines_per_second"] > 0 for row in facts["settings"])


def test_reads_stdin_and_draws_a_table(s2s: Run) -> None:
    done = s2s("bench", *FAST, "--beam", 1, "-", stdin=LINES)
    head, row = done.stdout.decode().splitlines()
    assert head.split()[:4] == ["TYPE", "BEAM", "BATCH", "THREADS"]
    assert row.split()[1:4] == ["1", "1024", "1"]


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "message"),
    [
        (("--tune", "--beam", "1,4"), b"", 2, "one beam size"),
        (("-",), b"***\n\n", 65, "no text"),
        (("nowhere.txt",), b"", 66, "nowhere.txt"),
        (("--compute-type", "int7"), b"", 2, "int7"),
        (("--tune", "--forget"), b"", 2, "--forget"),
    ],
)
def test_refuses(
    s2s: Run, arguments: tuple[str, ...], stdin: bytes, code: int, message: str
) -> None:
    done = s2s("bench", *arguments, stdin=stdin)
    assert done.returncode == code
    assert message in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0, 0.05])
def test_tune_keeps_the_fastest_or_says_that_there_is_none(
    s2s: Run, config: Path, seconds: float
) -> None:
    threads = available_threads()  # one of several could be too slow for the race
    options = ("--beam", 1, "--batch-tokens", 32, "--threads", threads, "--seconds", seconds)
    done = s2s("bench", "--tune", "--rounds", 1, *options, "--json", "-", stdin=LINES)
    assert done.returncode == 0
    facts = json.loads(done.stdout)
    # With no time given, the lines as they are; else as many as fill two usual batches.
    assert (facts["texts"] == 2) == (seconds == 0)
    rows = facts["settings"]
    assert {row["batch_tokens"] for row in rows} == {1024, 32}
    (kept_row,) = (row for row in rows if row["kept"])
    kept = all_tuned()
    if kept:
        assert (kept[0].model, kept[0].gain >= 1.01) == ("en-de", True)
        assert (kept[0].batch_tokens, kept_row["batch_tokens"]) == (32, 32)
        assert b"from now on" in done.stderr
    else:
        assert (kept_row["batch_tokens"], kept_row["gain"]) == (1024, 1.0)
        assert b"nothing is kept" in done.stderr


def test_what_was_found_is_used_where_nothing_is_given(s2s: Run, config: Path) -> None:
    keep(found())
    said = s2s("translate", "-v", stdin=LINES).stderr.decode()
    assert "batch_tokens 300 (s2s bench --tune)" in said
    assert "in float32, 1 workers of 1 threads" in said
    config.write_text("translate:\n  compute-type: int8\n")
    said = s2s("translate", "-v", "--threads", 2, stdin=LINES).stderr.decode()
    assert "in int8_float32, 2 workers" in said
    assert "batch_tokens 300 (s2s bench --tune)" in said
    told = s2s("doctor", "--json").stdout
    assert any(row["name"] == "tuned en-de" for row in json.loads(told))


@pytest.mark.parametrize(
    "changes",
    [{"cores": available_threads() + 1}, {"device": "cuda"}, {"fingerprint": "another"}],
)
def test_what_was_found_elsewhere_is_not_used(
    s2s: Run, config: Path, changes: dict[str, Any]
) -> None:
    keep(found(**changes))
    assert b"--tune" not in s2s("translate", "-v", stdin=LINES).stderr


def test_forget(s2s: Run, config: Path) -> None:
    keep(found())
    keep(found(batch_tokens=512))  # instead of the one before
    keep(found(fingerprint="another"))
    assert [each.batch_tokens for each in all_tuned()] == [512, 300]
    assert b"defaults again" in s2s("bench", "--forget").stderr
    assert [each.fingerprint for each in all_tuned()] == ["another"]
    assert b"nothing was kept" in s2s("bench", "--forget").stderr


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"schema": 1, "models": [{}]}', '{"schema": 1, "models": 3}']
)
def test_a_damaged_file_is_named(s2s: Run, config: Path, text: str) -> None:
    path = config.with_name("tuned.json")
    path.write_text(text)
    done = s2s("translate", stdin=LINES)
    assert done.returncode == 78
    assert str(path) in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
