"""``s2s memory``: what a user sees of a translation memory."""

from __future__ import annotations

import json
import os
import pty
import sqlite3
import subprocess
from pathlib import Path

import pytest

from s2scli.data import Translation
from s2scli.memory.memory import Memory, Origin
from tests.cli.test_models import complaint
from tests.conftest import Run, command
from tests.memory.test_tmx import tmx, tuv

HOSTILE = "\x1b[31m\x9b2J\u202e"


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    """What two models have left."""
    path = tmp_path / "memory"
    for name, texts in (
        ("tiny", {"Hello": "Hallo", "A fire\tdoor\\": "Eine\nBrandtür"}),
        (f"[b]{HOSTILE}", {"Hello": f"Moin {HOSTILE}"}),
    ):
        written = Memory(path, Origin("en", "de", name, "abcdef0123456789"))
        written.remember({source: Translation(target) for source, target in texts.items()})
        written.close()
    return path


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    """What people have translated."""
    path = tmp_path / "old.tmx"
    path.write_text(tmx(tuv("en-US", "Hello") + tuv("de", "Servus") + tuv("fr", "Salut")))
    return path


def test_a_users_session(s2s: Run, translations: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "new", tmp_path / "out.tmx"
    table = tmp_path / "terms.tsv"
    table.write_bytes(b"door\tT\xc3\xbcr\r\na\\tb\\\\\tc\\nd\n\nx\t \n")
    done = s2s("memory", "import", file, translations, table, "--from", "English", "--to", "deu")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert lines[0].endswith("old.tmx: entries read: 1, of these new: 1")
    assert lines[1].endswith("terms.tsv: entries read: 2, of these new: 2")
    assert lines[2].endswith("terms.tsv: left out: 1 texts that are empty")
    again = s2s("memory", "import", file, translations, "--name", "client", "--quiet")
    assert (again.returncode, again.stderr) == (0, b"")
    shown = s2s("memory", "show", file)
    assert shown.stdout.decode().split("\n")[1].split()[:5] == [
        "en",
        "de",
        "import:client",
        "1",
        "0",
    ]
    assert b"entries: 5;" in shown.stderr
    assert s2s("memory", "export", file, "-o", out).returncode == 0
    assert s2s("memory", "import", tmp_path / "copy", out).returncode == 0
    rows = s2s("memory", "export", file, "--format", "tsv").stdout
    assert rows == (
        b"Hello\tServus\ten\tde\ndoor\tT\xc3\xbcr\ten\tde\na\\tb\\\\\tc\\nd\ten\tde\n"
        b"Hello\tServus\ten\tde\nHello\tSalut\ten\tfr\n"
    )
    copied = s2s("memory", "export", tmp_path / "copy", "--format", "tsv").stdout
    assert set(copied.split(b"\n")) == set(rows.split(b"\n"))
    back = s2s("memory", "import", tmp_path / "third", "-", "--format", "tsv", stdin=rows)
    assert b"standard input" not in back.stderr
    assert s2s("memory", "export", tmp_path / "third", "--format", "tsv").stdout == copied
    pruned = s2s("memory", "prune", file, "--origin", "import:client", "--to", "fr")
    assert pruned.stderr == b"s2s: entries removed: 1, left: 4\n"


def test_translations_are_recalled_in_other_folders(s2s: Run, tmp_path: Path) -> None:
    docs, file, report = tmp_path / "docs", tmp_path / "memory", tmp_path / "run.json"
    docs.mkdir()
    (docs / "a.txt").write_text("The house is old.\n\nWhere is the station?\n")

    def translated(name: str, *options: object) -> tuple[str, int]:
        arguments = (docs, "-o", tmp_path / name, "--memory", file, "--report", report)
        done = s2s("translate", *arguments, "--beam", 1, "--threads", 1, *options)
        assert done.returncode == 0, done.stderr
        return (tmp_path / name / "a.txt").read_text(), json.loads(report.read_text())["recalled"]

    first = "Das Haus ist alt.\n\nWo ist der Bahnhof?\n"
    assert translated("first") == (first, 0)
    assert translated("second") == (first, 2)
    assert translated("other", "--repetition-penalty", 1.5)[1] == 0
    old = tmp_path / "old.tmx"
    old.write_text(tmx(tuv("en-GB", "The house is old.") + tuv("de-AT", "Ein altes Haus.")))
    assert s2s("memory", "import", file, old).returncode == 0
    assert translated("third") == (first.replace("Das Haus ist alt.", "Ein altes Haus."), 2)
    found = json.loads(s2s("memory", "show", file, "--json").stdout)
    assert [(row["source_language"], row["target_language"]) for row in found] == [("en", "de")] * 3
    assert sorted(row["uses"] for row in found) == [0, 1, 3]


def test_json(s2s: Run, memory: Path) -> None:
    holding = json.loads(s2s("memory", "show", memory, "--json", "--origin", "tiny").stdout)[0]
    names = ("source_language", "target_language", "origin", "key")
    assert [holding[name] for name in names] == ["en", "de", "tiny", "abcdef0123456789"]
    assert (holding["entries"], holding["uses"]) == (2, 0)
    found = json.loads(s2s("memory", "show", memory, "--json", "--search", "BRAND").stdout)
    assert [(row["source"], row["target"]) for row in found] == [
        ("A fire\tdoor\\", "Eine\nBrandtür")
    ]
    lines = s2s("memory", "export", memory, "--format", "jsonl").stdout.decode().splitlines()
    assert [json.loads(line)["target"] for line in lines] == [
        "Hallo", "Eine\nBrandtür", f"Moin {HOSTILE}"
    ]  # fmt: skip
    assert json.loads(lines[0])["created"].endswith("+00:00")


def test_nothing_steers_a_terminal(s2s: Run, memory: Path) -> None:
    for options in ((), ("--search", "Hello")):
        ours, theirs = pty.openpty()
        try:
            arguments = command("memory", "show", memory, *options)
            subprocess.run(arguments, stdout=theirs, stderr=theirs, check=True)
            text = os.read(ours, 1 << 16).decode().replace("\x1b[1m", "").replace("\x1b[0m", "")
        finally:
            os.close(ours)
            os.close(theirs)
        assert "[b]\\x1b" in text
        assert not {"\x1b", "\x9b", "\u202e"} & set(text)


def test_search(s2s: Run, memory: Path) -> None:
    done = s2s("memory", "show", memory, "--search", "hello", "--limit", 1)
    assert done.stdout.decode().splitlines()[1].startswith("Hello   Hallo")
    assert done.stderr == b"s2s: 1 of 2 shown; more with --limit\n"
    nothing = s2s("memory", "show", memory, "--search", "nothing")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (0, b"", b"")


def test_prune(s2s: Run, memory: Path) -> None:
    dry = s2s("memory", "prune", memory, "--unused", "--dry-run")
    assert dry.stderr == b"s2s: entries would be removed: 3, would be left: 0\n"
    old = s2s("memory", "prune", memory, "--older-than", 1)
    assert old.stderr == b"s2s: entries removed: 0, left: 3\n"
    assert s2s("memory", "prune", memory, "--origin", "tiny#abcdef01", "--quiet").stderr == b""
    assert s2s("memory", "export", memory, "--format", "tsv").stdout.count(b"\n") == 1
    assert s2s("memory", "prune", memory, "--older-than", 0).stderr.endswith(b"left: 0\n")
    assert "Nothing selected for" in complaint(s2s("memory", "prune", memory), 2)


def test_what_xml_cannot_hold_is_counted(s2s: Run, memory: Path) -> None:
    done = s2s("memory", "export", memory)
    assert done.returncode == 0
    assert done.stdout.count(b"<tu ") == 3
    assert done.stderr.startswith(b"s2s: warning: characters that XML cannot hold")
    assert s2s("memory", "export", memory, "--quiet").stderr == b""


def test_what_goes_wrong(s2s: Run, memory: Path, translations: Path, tmp_path: Path) -> None:
    none = tmp_path / "none"
    for name in ("show", "export", "prune"):
        arguments = ("--unused",) if name == "prune" else ()
        assert "no translation memory" in complaint(s2s("memory", name, none, *arguments), 66)
        assert not none.exists()
        damaged = s2s("memory", name, translations, *arguments)
        assert "not a translation memory, or is damaged" in complaint(damaged, 65)
    assert "There is no file" in complaint(s2s("memory", "import", memory, none), 66)
    assert "--format" in complaint(s2s("memory", "import", memory, memory), 2)
    assert "no language" in complaint(s2s("memory", "show", memory, "--to", "Martian"), 2)
    line = complaint(s2s("memory", "export", memory, "-o", memory), 2)
    assert "both input and output" in line
    line = complaint(s2s("memory", "export", memory, "-o", tmp_path / "no" / "x"), 73)
    assert "Cannot create" in line
    line = complaint(s2s("memory", "import", tmp_path / "no" / "x", translations), 73)
    assert "no folder" in line
    table = tmp_path / "a.tsv"
    for text, expected in (
        ("a\tb\n", "line 1"),
        ("a\tb\ten\tde\nx\n", "line 2"),
        ("a", "1 columns"),
    ):
        table.write_text(text)
        assert expected in complaint(s2s("memory", "import", memory, table), 65)
    translations.write_text(translations.read_text()[:-20])
    assert "not well-formed XML" in complaint(s2s("memory", "import", memory, translations), 65)
    assert s2s("memory", "export", memory, "--format", "tsv").stdout.count(b"\n") == 3
    with sqlite3.connect(memory) as database:
        database.execute("PRAGMA user_version = 9")
    database.close()
    assert "another version of s2s" in complaint(s2s("memory", "show", memory), 65)


def test_a_full_disk_and_a_reader_that_goes(s2s: Run, tmp_path: Path) -> None:
    table, file, out = tmp_path / "a.tsv", tmp_path / "m", tmp_path / "x"
    table.write_text("".join(f"text {n}\tText {n}\ten\tde\n" for n in range(20_000)))
    done = shell("ulimit -f 500; exec", "memory", "import", file, table)
    assert done.returncode == 74, done.stderr
    assert b"Traceback" not in done.stderr
    assert s2s("memory", "import", file, table).returncode == 0
    done = shell("ulimit -f 500; exec", "memory", "export", file, "-o", out)
    assert done.returncode == 74, done.stderr
    assert not out.exists()
    done = shell("", "memory", "export", file, end="| head -n 1")
    assert (done.stdout[:5], done.stderr) == (b"<?xml", b"")


def shell(begin: str, *arguments: object, end: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run ``s2s`` within a line of bash."""
    line = f"{begin} {' '.join(command(*arguments))} {end}"
    return subprocess.run(["bash", "-c", line], capture_output=True, check=False)


def test_the_format_of_an_export_is_that_of_its_name(s2s: Run, tmp_path: Path) -> None:
    memory = tmp_path / "m"
    (tmp_path / "a.tsv").write_text("One\tEins\nOne\tEin\n")
    languages = ("--from", "en", "--to", "de")
    done = s2s("memory", "import", memory, tmp_path / "a.tsv", *languages)
    assert b"left out: 1 translations of texts that have another one later" in done.stderr
    for name, begin in (
        ("o.tsv", "One\tEin\t"),
        ("o.JSONL", "{"),
        ("o.tmx", "<?xml"),
        ("o", "<?xml"),
    ):
        assert s2s("memory", "export", memory, "-o", tmp_path / name).returncode == 0
        assert (tmp_path / name).read_text().startswith(begin)
    done = s2s("memory", "export", memory, "-o", tmp_path / "o.tsv", "--format", "jsonl")
    assert (tmp_path / "o.tsv").read_text().startswith("{")
    done = s2s("memory", "export", memory, "--to", "fr")
    assert done.returncode == 0
    assert b"warning: no entries are written" in done.stderr


def test_texts_of_several_lines_are_found_by_line(s2s: Run, tmp_path: Path) -> None:
    rows = tmp_path / "a.tsv"
    rows.write_text("One line\\nand two\tX\\nY\nThree\\nlines\tZ\n")
    done = s2s("memory", "import", tmp_path / "m", rows, "--from", "en", "--to", "de")
    assert b"entries read: 4," in done.stderr
    (tmp_path / "a.json").write_text('{"a": "One line\\nand two"}')
    options = ("--memory", tmp_path / "m", "-o", tmp_path / "b.json")
    assert s2s("translate", tmp_path / "a.json", *options).returncode == 0
    assert (tmp_path / "b.json").read_text() == '{"a": "X\\nY"}'
