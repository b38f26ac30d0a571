"""``s2s detect``: the language of lines, files and folders."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.conftest import Run, command

LINES = "Wo ist der Bahnhof?\nWhere is the station?\n\nOK\n"


def output(s2s: Run, *options: object, given: str) -> str:
    return s2s("detect", *options, stdin=given.encode()).stdout.decode()


def test_each_line_as_text_table_and_json(s2s: Run) -> None:
    text = output(s2s, "--lines", given=LINES).splitlines()
    assert [line[:3].strip() for line in text] == ["de", "en", "und", "und"]
    assert text[0].endswith("  Wo ist der Bahnhof?")
    table = output(s2s, "--lines", "--format", "tsv", "--top", 2, given=LINES)
    rows = [row.split("\t") for row in table.splitlines()]
    assert [row[:2] for row in rows[:2]] == [
        ["Wo ist der Bahnhof?", "de"],
        ["Where is the station?", "en"],
    ]
    assert all(len(row) == 4 for row in rows)
    found = output(s2s, "--lines", "--format", "jsonl", "--top", 3, given=LINES)
    records = [json.loads(line) for line in found.splitlines()]
    assert [record["index"] for record in records] == [0, 1, 2, 3]
    assert [record["source"] for record in records] == LINES.splitlines()
    assert len(records[0]["candidates"]) == 3
    assert records[2] == {
        "schema": 1,
        "index": 2,
        "source": "",
        "language": "und",
        "confidence": 0.0,
        "candidates": [],
    }


def test_documents_of_all_kinds_and_folders(s2s: Run, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.md").write_text("# `code`\n\nDie **Besprechung** beginnt am Montag.\n")
    (folder / "b.json").write_text('{"title": "The meeting begins on Monday at nine."}')
    (folder / "c.json").write_text('{"title": ')
    (tmp_path / "d.txt").write_text("La réunion commence lundi à neuf heures.\n")
    done = s2s("detect", folder, tmp_path / "d.txt")
    codes = {
        Path(line.split("  ")[-1]).name: line[:2] for line in done.stdout.decode().splitlines()
    }
    assert codes == {"a.md": "de", "b.json": "en", "d.txt": "fr"}
    assert done.returncode == 3
    assert done.stderr.count(b"c.json") == 1


def test_few_languages_and_other_bounds(s2s: Run) -> None:
    assert output(s2s, given="Bonjour\n").startswith("und")
    few = output(s2s, "--among", "German", "--among", "fr", given="Bonjour\n")
    assert few.startswith("fr")
    assert output(s2s, "--min-confidence", 0.1, given="Bonjour\n").startswith("fr")


def test_what_cannot_be_read(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x01")
    assert s2s("detect", tmp_path / "binary").returncode == 65
    assert s2s("detect", "--encoding-errors", "replace", tmp_path / "binary").returncode == 65
    assert s2s("detect", tmp_path / "missing").returncode == 66
    assert s2s("detect", "--lines", tmp_path).returncode == 66
    for names in (["en"], ["de", "German"], ["deu", "de", "ger"]):  # of one language
        among = [word for name in names for word in ("--among", name)]
        done = s2s("detect", *among, stdin=b"Hello")
        assert done.returncode == 2
        assert b"needs at least two languages" in done.stderr


def test_lines_are_answered_as_they_come() -> None:
    with subprocess.Popen(
        command("detect", "--lines"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        for line, code in (("Where is the station?", "en"), ("Wo ist der Bahnhof?", "de")):
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
            assert process.stdout.readline().startswith(code)
        process.stdin.close()
        assert process.wait() == 0
