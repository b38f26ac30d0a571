"""``s2s translate --from auto``: each line from its own language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.pivots import install_pair

AUTO = ("--from", "auto", "--to", "de", "--threads", 1)
ENGLISH, GERMAN = "Where is the station?", "Wo ist der Bahnhof?"
FRENCH, SWEDISH = "Où est la gare, s’il vous plaît ?", "Är det här en liten stad?"
LINES = [ENGLISH, GERMAN, "", FRENCH, "OK", SWEDISH, "12,5", "The meeting begins on Monday."]


def given(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def kept(row: dict[str, dict[str, str]]) -> str | None:
    return row["detected"]["kept"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("S2S_HOME", str(tmp_path / "home"))
    install_pair(tmp_path / "home", "fr", "de")
    return tmp_path / "home"


def test_each_line_by_the_model_of_its_language(s2s: Run) -> None:
    done = s2s("translate", *AUTO, "--format", "jsonl", stdin=given(LINES))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["source"] for row in rows] == LINES
    languages = ["en", "de", "und", "fr", "und", "sv", "und", "en"]
    assert [row["detected"]["language"] for row in rows] == languages
    reasons = [None, "target", None, None, "language", "model", None, None]
    assert [kept(row) for row in rows] == reasons
    translated = [row["detected"]["from"] is not None for row in rows]
    assert translated == [True, False, False, True, False, False, False, True]
    for row, is_translated in zip(rows, translated, strict=True):
        assert bool(row["hypotheses"]) == is_translated
        assert is_translated or row["target"] == row["source"]
    english = s2s("translate", stdin=given([ENGLISH])).stdout.decode().strip()
    french = s2s("translate", "-m", "fr-de", stdin=given([FRENCH])).stdout.decode().strip()
    assert (rows[0]["target"], rows[3]["target"]) == (english, french)
    said = done.stderr.decode()
    assert "already in the language of the output, and left as they are: 1" in said
    assert "name it with --from-default: 1" in said
    assert "without an installed model, left as they are: 1 (sv 1)" in said


def test_what_cannot_be_told_is_in_the_default(s2s: Run) -> None:
    default = ("--from-default", "en")
    done = s2s("translate", *AUTO, *default, "--format", "jsonl", stdin=given(["Hi", "OK!"]))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["detected"]["from"] for row in rows] == ["en", "en"]
    assert all(row["hypotheses"] for row in rows)
    assert b"lines taken for en, for their language is unknown: 2" in done.stderr


def test_a_named_model_is_the_only_one(s2s: Run) -> None:
    done = s2s("translate", "-m", "en-de", "--from", "auto", stdin=given(LINES))
    lines = done.stdout.decode().splitlines()
    assert lines[0] == GERMAN
    assert lines[3] == FRENCH
    assert b"left as they are: 2 (fr 1, sv 1)" in done.stderr


def test_order_and_endings_of_many_windows(s2s: Run, tmp_path: Path) -> None:
    lines = [f"{GERMAN} {number}" for number in range(1100)]
    lines[700] = ENGLISH
    data = "\r\n".join(lines).encode()
    (tmp_path / "lines").write_bytes(data)
    done = s2s("translate", *AUTO, tmp_path / "lines")
    assert done.stdout == data.replace(ENGLISH.encode(), GERMAN.encode())


def test_steps_fields_and_the_signature(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "terms").write_text("station\tHaltestelle\n")
    options = ("--glossary", tmp_path / "terms", "--signature", "--jsonl-field", "t")
    row = json.dumps({"t": f"{ENGLISH}\n{GERMAN}", "id": 7}).encode()
    done = s2s("translate", *AUTO, *options, stdin=row)
    found = json.loads(done.stdout)
    assert found["target"].splitlines()[1] == GERMAN
    assert "Haltestelle" in found["target"]
    assert [part["language"] for part in found["detected"]] == ["en", "de"]
    assert b"|from:auto|" in done.stderr
    assert b"|models:en-de-" in done.stderr


def test_each_document_by_the_model_of_its_language(s2s: Run, tmp_path: Path) -> None:
    folder, out = tmp_path / "docs", tmp_path / "out"
    folder.mkdir()
    texts = {
        "en.md": "# Meeting\n\nThe **meeting** begins on Monday at nine.\n",
        "de.txt": "Die Besprechung beginnt am Montag um neun.\r\n",
        "fr.txt": "La réunion commence lundi à neuf heures.\n",
        "sv.txt": "Mötet börjar på måndag klockan nio.\n",
        "und.json": '{"a": "OK"}',
        "bad.json": '{"a": ',
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    done = s2s("translate", *AUTO, folder, "-o", out)
    said = done.stderr.decode()
    assert done.returncode == 3
    assert {path.name for path in out.iterdir() if path.name[0] != "."} == {
        *("en.md", "de.txt", "fr.txt", "und.json")
    }
    for name in ("de.txt", "und.json"):
        assert (out / name).read_bytes() == (folder / name).read_bytes()
    alone = tmp_path / "alone.txt"
    assert s2s("translate", "-m", "fr-de", folder / "fr.txt", "-o", alone).returncode == 0
    assert (out / "fr.txt").read_bytes() == alone.read_bytes()
    assert (out / "en.md").read_text().count("**") == 2
    assert "failed: sv.txt: no installed model translates it from Swedish" in said
    assert "de.txt: it is in the language of the output" in said
    assert "und.json: its language is unknown, and it stays" in said
    counts = s2s("translate", *AUTO, folder, "-o", out).stderr.decode().splitlines()[-1]
    assert counts.split()[:3] == ["2", "2", "2"]  # done, skipped, failed
    default = ("--from-default", "en", folder / "und.json", "-o", tmp_path / "und.json")
    done = s2s("translate", *AUTO, *default)
    assert done.returncode == 0
    assert b"its language is unknown, and English was assumed" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "auto"), "--from auto needs --to LANG, or a model"),
        ((*AUTO, "--via", "en"), "--via cannot be combined with --from auto"),
        ((*AUTO, "--from-default", "German"), "is the language of the output"),
        ((*AUTO, "--from-default", "Nowhere"), "no language 'Nowhere'"),
        ((*AUTO[:-2], "--on", "ray"), "not for --on ray"),
    ],
)
def test_what_makes_no_sense_is_refused(
    s2s: Run, arguments: tuple[object, ...], message: str
) -> None:
    done = s2s("translate", *arguments, stdin=b"Hello!")
    assert done.returncode == 2
    assert message in done.stderr.decode()


def test_other_commands_say_that_they_do_not_know_it(s2s: Run) -> None:
    done = s2s("summarize", "--from", "auto", stdin=b"Hello!")
    assert done.returncode == 2
    assert b"--from auto is for 's2s translate'" in done.stderr
