"""``s2s translate`` on folders: every document, every crash, one run at a time."""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from s2scli.errors import LockedError
from s2scli.memory.journal import FILE, Journal
from tests.cli.test_models import complaint
from tests.conftest import Run, command

FAST = ("--beam", 1, "--max-length", 20, "--threads", 1)
NAMES = ["Tom", "Mary", "Peter", "Anna"]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A small tree of mixed documents."""
    root = tmp_path / "docs"
    (root / "sub" / "deep").mkdir(parents=True)
    (root / "a.txt").write_text("The house is old.\n\n- Where is the station?\n")
    (root / "sub" / "t.csv").write_text('id,text\r\n1,"Good morning, my friend."\r\n')
    (root / "sub" / "deep" / "j.json").write_text('{"t": "I am tired.", "n": 1}')
    (root / "sub" / "pic.png").write_bytes(b"\x89PNG")
    (root / ".hidden.txt").write_text("Hidden.\n")
    return root


def contents(root: Path) -> dict[str, bytes]:
    """All files below a folder but the journal's."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(".s2s-")
    }


def test_a_folder_in_which_nothing_was_written_is_not_left(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "a.txt").write_text("Hello!\n")
    for name in ("new", "new/below", "there", "there/below"):
        complaint(
            s2s("translate", tmp_path / "a.txt", "-o", f"{tmp_path / name}/", "--n-best", 2), 2
        )
    complaint(s2s("translate", tmp_path / "none.md", "-o", f"{tmp_path}/other/"), 66)
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "a.txt", tmp_path / "there"]
    done = s2s("translate", tmp_path / "a.txt", "-o", f"{tmp_path}/new/below/", *FAST)
    assert done.returncode == 0, done.stderr
    assert list(contents(tmp_path / "new")) == ["below/a.txt"]


def test_a_journal_without_a_place(
    s2s: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("A house.\n")
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    done = s2s("translate", tmp_path / "a.md", "-o", tmp_path / "b.md")
    assert "Set XDG_CACHE_HOME to a folder that can be written." in complaint(done, 73)


def test_a_tree(s2s: Run, docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = tmp_path / "run.json"
    done = s2s("translate", docs, "-o", out, *FAST, "--report", report)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    assert b"skipped files in unsupported formats: 1 (.png)" in done.stderr
    found = contents(out)
    assert list(found) == ["a.txt", "sub/deep/j.json", "sub/t.csv"]
    assert found["a.txt"] == b"Das Haus ist alt.\n\n- Wo ist der Bahnhof?\n"
    assert found["sub/t.csv"].startswith(b'id,text\r\n1,"Guten Morgen, mein')
    assert json.loads(found["sub/deep/j.json"])["n"] == 1
    facts = json.loads(report.read_text())
    assert (facts["done"], facts["skipped"], facts["failed"], facts["segments"]) == (3, 0, 0, 4)
    assert [row["status"] for row in facts["documents"]] == ["done"] * 3
    assert b"DONE" in done.stderr
    again = s2s("translate", docs, "-o", out, *FAST, "--report", report)
    assert again.returncode == 0
    facts = json.loads(report.read_text())
    assert (facts["done"], facts["skipped"], facts["target_tokens"]) == (0, 3, 0)
    assert contents(out) == found


def test_hidden_names_are_said(s2s: Run, docs: Path, tmp_path: Path) -> None:
    (docs / ".notes.txt").write_text("The house is old.\n")
    for name in (".github", ".git", ".s2s-x"):
        (docs / name).mkdir()
        (docs / name / "a.txt").write_text("The house is old.\n")
    done = s2s("translate", docs, "-o", tmp_path / "out", *FAST)
    assert b"skipped hidden names (--hidden takes them): 3 (.txt, .github)" in done.stderr
    done = s2s("translate", docs, "-o", tmp_path / "all", "--hidden", *FAST)
    assert b"hidden" not in done.stderr
    assert {".notes.txt", ".github/a.txt", ".git/a.txt"} < set(contents(tmp_path / "all"))


@pytest.mark.slow
def test_a_large_document(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    lines = [f"{NAMES[n % 4]} has {n} cats." for n in range(1500)]
    (tmp_path / "docs" / "a.txt").write_text("\n\n".join(lines) + "\n")
    assert s2s("translate", tmp_path / "docs", "-o", tmp_path / "out", *FAST).returncode == 0
    found = (tmp_path / "out" / "a.txt").read_text("utf-8").split("\n\n")
    assert len(found) == 1500
    assert all(found)


def test_only_what_changed_is_done_again(s2s: Run, docs: Path, tmp_path: Path) -> None:
    out, report = tmp_path / "out", tmp_path / "run.json"
    arguments = ("translate", docs, "-o", out, *FAST, "--report", report)
    assert s2s(*arguments).returncode == 0
    (docs / "a.txt").write_text("The house is old.\n\n- It is new.\n")
    (out / "sub" / "t.csv").write_text("spoilt")
    (out / "sub" / "deep" / "j.json").unlink()
    assert s2s(*arguments).returncode == 0
    facts = json.loads(report.read_text())
    assert (facts["done"], facts["skipped"]) == (3, 0)
    assert (facts["segments"], facts["recalled"]) == (4, 3)  # one sentence is new
    assert "Das Haus ist alt." in (out / "a.txt").read_text()
    # Other options, other translations.
    assert s2s(*arguments, "--no-repeat-ngram", 3).returncode == 0
    assert json.loads(report.read_text())["recalled"] == 0


def test_beside_the_sources(s2s: Run, docs: Path) -> None:
    done = s2s("translate", docs / "a.txt", docs / "sub", "--suffix", ".de", *FAST)
    assert done.returncode == 0, done.stderr
    names = set(contents(docs))
    assert {"a.de.txt", "sub/t.de.csv", "sub/deep/j.de.json"} <= names


def test_translations_beside_their_sources_are_no_sources(s2s: Run, docs: Path) -> None:
    for skipped in (0, 3, 3):
        done = s2s("translate", docs, "--suffix", ".de", *FAST, "--report", docs / "r.log")
        assert done.returncode == 0, done.stderr
        assert json.loads((docs / "r.log").read_text())["skipped"] == skipped
    names = set(contents(docs))
    assert {name for name in names if ".de." in name} == {
        "a.de.txt", "sub/t.de.csv", "sub/deep/j.de.json"
    }  # fmt: skip
    # Who names one wants it.
    assert s2s("translate", docs / "a.de.txt", "--suffix", ".x", *FAST).returncode == 0
    assert (docs / "a.de.x.txt").exists()


def test_a_name_with_a_slash_is_a_folder(s2s: Run, docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    done = s2s("translate", docs / "a.txt", docs / "sub" / "t.csv", "-o", f"{out}/", *FAST)
    assert done.returncode == 0, done.stderr
    assert list(contents(out)) == ["a.txt", "t.csv"]
    done = s2s("translate", docs / "a.txt", "-o", f"{docs / 'a.txt'}/", *FAST)
    assert (done.returncode, b"Cannot create " in done.stderr) == (73, True)


def test_a_document_becomes_one_of_its_kind(s2s: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.yml"
    source.write_text("house: The house is old.\n")
    for arguments, name in (((), "a.yaml"), (("--input-format", "yaml"), "b.yml")):
        done = s2s("translate", source, "-o", tmp_path / name, *FAST, *arguments)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / name).read_bytes() == b"house: Das Haus ist alt.\n"
    done = s2s("translate", source, "-o", tmp_path / "a.txt", *FAST)
    assert "has another format" in complaint(done, 2)
    assert not (tmp_path / "a.txt").exists()
    # Its lines are translated if these are asked for, or if they go to standard output.
    done = s2s("translate", source, "-o", "-", *FAST)
    assert done.stdout == s2s("translate", source, *FAST).stdout != b""
    done = s2s("translate", tmp_path, "-o", "-", *FAST)
    assert "not written to standard output" in complaint(done, 2)
    assert not Path("-").exists()
    done = s2s("translate", source, "-o", tmp_path / "a.txt", "--format", "tsv", *FAST)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.txt").read_text("utf-8").startswith("house: The house is old.\t")


def test_choices(s2s: Run, docs: Path, tmp_path: Path) -> None:
    for number, (arguments, expected) in enumerate(
        (
            (("--include", "*.txt"), ["a.txt"]),
            (("--include", "*.txt", "--hidden"), [".hidden.txt", "a.txt"]),
            (("--exclude", "deep", "--exclude", "a.*"), ["sub/t.csv"]),
            (("--exclude", "sub/*"), ["a.txt"]),
        )
    ):
        out = tmp_path / str(number)
        assert s2s("translate", docs, "-o", out, *FAST, *arguments).returncode == 0
        assert list(contents(out)) == expected
    listed = tmp_path / "list"
    listed.write_text(f"{docs / 'a.txt'}\n\n{docs / 'sub' / 'deep'}\n")
    assert s2s("translate", "--files-from", listed, "-o", tmp_path / "l", *FAST).returncode == 0
    assert list(contents(tmp_path / "l")) == ["a.txt", "j.json"]
    names = f"{docs / 'a.txt'}\0{docs / 'sub' / 'deep'}\0".encode()  # of find -print0
    done = s2s("translate", "--files-from", "-", "-o", tmp_path / "n", *FAST, stdin=names)
    assert (done.returncode, list(contents(tmp_path / "n"))) == (0, ["a.txt", "j.json"])


def test_placeholders_come_out_once(s2s: Run, tmp_path: Path) -> None:
    docs, report = tmp_path / "docs", tmp_path / "run.json"
    docs.mkdir()
    messages = [f"Hello {{name}}, you have %d new cats of type {n} at $HOME." for n in range(6)]
    (docs / "a.po").write_text("".join(f'msgid "{m}"\nmsgstr ""\n\n' for m in messages))
    (docs / "b.txt").write_text("ACME-7 is a good house. Write to me@example.org.\n")
    arguments = ("translate", docs, "-o", tmp_path / "out", "--protect", r"ACME-\d", *FAST)
    assert s2s(*arguments, "--report", report).returncode == 0
    lines = (tmp_path / "out" / "a.po").read_text("utf-8").split("\n")
    written = [line for line in lines if line.startswith("msgstr")]
    assert len(written) == 6
    for line in written:
        assert [line.count(p) for p in ("{name}", "%d", "$HOME")] == [1, 1, 1]
    text = (tmp_path / "out" / "b.txt").read_text("utf-8")
    assert (text.count("ACME-7"), text.count("me@example.org")) == (1, 1)
    rows = json.loads(report.read_text())["documents"]
    assert sum(row["masked"] + row["fragments"] for row in rows) > 0


def test_links_in_circles_end(s2s: Run, docs: Path, tmp_path: Path) -> None:
    (docs / "sub" / "up").symlink_to(docs)
    (docs / "again").symlink_to("sub")  # before it by its name
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.txt").write_text("Good morning.")
    (docs / "elsewhere").symlink_to(other)
    done = s2s("translate", docs, "-o", docs / "out", *FAST)
    assert done.returncode == 0
    found = ["a.txt", "elsewhere/b.txt", "sub/deep/j.json", "sub/t.csv"]
    assert list(contents(docs / "out")) == found
    assert b"skipped links to folders that are gone through anyway: 2 (again, up)" in done.stderr


def test_one_failure_stops_nobody(s2s: Run, docs: Path, tmp_path: Path) -> None:
    (docs / "b.json").write_text('{"broken"')
    (docs / "c.txt").write_bytes(b"\xff\xfe\x00")
    (docs / "d.json").write_text('{"key": "words"}')
    (docs / "e.json").write_text('{"key": 1}')
    out = tmp_path / "out"
    done = s2s("translate", docs, "-o", out, *FAST, "--field", "t")
    assert done.returncode == 3
    lines = done.stderr.decode().splitlines()
    assert sorted(line.split(":")[2].strip() for line in lines if "failed:" in line) == [
        "b.json", "c.txt", "d.json"
    ]  # fmt: skip
    assert "nothing translatable" in done.stderr.decode()
    # What has no text is copied.
    assert list(contents(out)) == ["a.txt", "e.json", "sub/deep/j.json", "sub/t.csv"]
    first = s2s("translate", docs, "-o", tmp_path / "fast", *FAST, "--fail-fast")
    assert first.returncode == 3
    assert first.stderr.count(b"failed:") == 1


def test_in_place(s2s: Run, docs: Path, tmp_path: Path) -> None:
    before = contents(docs)
    assert s2s("translate", docs, "--in-place", *FAST).returncode == 0
    after = contents(docs)
    assert after["a.txt"] == b"Das Haus ist alt.\n\n- Wo ist der Bahnhof?\n"
    assert {name: after[f"{name}.bak"] for name in ("a.txt", "sub/t.csv")} == {
        name: before[name] for name in ("a.txt", "sub/t.csv")
    }
    # What was translated is never taken for a source, by any name and options.
    for folder in (docs, os.path.relpath(docs)):
        again = s2s("translate", folder, "--in-place", "--beam", 2, "--threads", 1)
        assert again.returncode == 0
        assert contents(docs) == after
    (docs / "a.txt").write_text("I am tired.\n")
    assert s2s("translate", docs, "--in-place", *FAST).returncode == 0
    changed = contents(docs)
    assert changed["a.txt.bak2"] == b"I am tired.\n"
    assert changed["a.txt.bak"] == before["a.txt"]
    assert changed["sub/t.csv"] == after["sub/t.csv"]


@pytest.mark.slow
def test_in_place_at_any_moment(s2s: Run, tmp_path: Path) -> None:
    """A kill between the journal and the file leaves nothing that is translated twice."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(120):
        (docs / f"{number}.txt").write_text(f"Tom has {number} cats.\n\nHe is happy.\n")
    sources = contents(docs)
    options = ("translate", docs, "--in-place", *FAST)
    generator = random.Random(3)
    for _ in range(6):
        process = subprocess.Popen([*map(str, command(*options))], stderr=subprocess.DEVNULL)
        time.sleep(generator.uniform(0.3, 1.5))
        process.kill()
        process.wait()
    assert s2s(*options).returncode == 0
    clean = tmp_path / "clean"
    clean.mkdir()
    for name, data in sources.items():
        (clean / name).write_bytes(data)
    assert s2s("translate", clean, "-o", tmp_path / "out", *FAST).returncode == 0
    expected = contents(tmp_path / "out")
    found = contents(docs)
    assert {name: found[name] for name in sources} == expected
    assert {name: found[f"{name}.bak"] for name in sources} == sources


def test_ignore_files(s2s: Run, docs: Path, tmp_path: Path) -> None:
    (docs / ".gitignore").write_text("deep/\n*.csv\n")
    out = tmp_path / "out"
    assert s2s("translate", docs, "-o", out, *FAST, "--ignore-file", ".gitignore").returncode == 0
    assert list(contents(out)) == ["a.txt"]


@pytest.mark.slow
def test_a_disk_that_is_full_in_mid_run(s2s: Run, tmp_path: Path) -> None:
    docs, out, whole = tmp_path / "docs", tmp_path / "out", tmp_path / "whole"
    docs.mkdir()
    for number in range(20):
        lines = [f"{name} has {number * 50 + i} cats." for i in range(10) for name in NAMES]
        (docs / f"{number:02}.txt").write_text("\n\n".join(lines) + "\n")
    assert s2s("translate", docs, "-o", whole, *FAST).returncode == 0

    def limit() -> None:  # no file, the journal's neither, grows beyond it
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(
        command("translate", docs, "-o", out, *FAST), capture_output=True, preexec_fn=limit
    )
    assert "cannot be used" in complaint(done, 74)
    left = contents(out)
    assert left.items() < contents(whole).items()
    assert s2s("translate", docs, "-o", out, *FAST).returncode == 0
    assert contents(out) == contents(whole)


def test_glossaries(s2s: Run, docs: Path, tmp_path: Path) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("# ours\nhouse\tGebäude\nfriend\tKamerad\n")
    out, report = tmp_path / "out", tmp_path / "run.json"
    options = ("-o", out, *FAST, "--glossary", terms, "--report", report)
    done = s2s("translate", docs, *options)
    assert done.returncode == 0, done.stderr
    found = contents(out)
    assert found["a.txt"] == "Das Gebäude ist alt.\n\n- Wo ist der Bahnhof?\n".encode()
    assert b" Kamerad" in found["sub/t.csv"]
    facts = json.loads(report.read_text())
    assert (facts["terms_met"], facts["terms_missed"]) == (2, 0)
    # Other terms: written anew, but nothing is translated again.
    terms.write_text("house\tHütte\n")
    assert s2s("translate", docs, *options).returncode == 0
    facts = json.loads(report.read_text())
    assert (facts["done"], facts["target_tokens"]) == (3, 0)
    assert b"H\xc3\xbctte" in contents(out)["a.txt"]
    terms.write_text("house Gebäude\n")
    assert "line 1 is not a term" in complaint(s2s("translate", docs, *options), 65)


def test_one_document(s2s: Run, docs: Path, tmp_path: Path) -> None:
    """One file to another of its kind: as a document, with no journal beside it."""
    source, target = docs / "sub" / "t.csv", tmp_path / "t.de.csv"
    done = s2s("translate", source, "-o", target, *FAST)
    assert done.returncode == 0, done.stderr
    assert target.read_bytes().startswith(b'id,text\r\n1,"Guten Morgen, mein')
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "t.de.csv"]
    line = complaint(s2s("translate", source, "-o", source, *FAST), 2)
    assert "is both input and output. Name another file." in line
    # A format that is named makes documents of files of any name, but not of standard input.
    named = tmp_path / "new.csv"
    (docs / "t.data").write_bytes(source.read_bytes())
    assert (
        s2s("translate", "--input-format", "csv", docs / "t.data", "-o", named, *FAST).returncode
        == 0
    )
    assert named.read_bytes() == target.read_bytes()
    for options in (("--input-format", "csv", "-o", tmp_path / "no.csv"), ("--suffix", ".de")):
        assert "is not a document" in complaint(s2s("translate", *options, stdin=b"a,b\n"), 2)
    assert not (tmp_path / "no.csv").exists()
    # Beside its source too; runs on files of one folder do not meet.
    assert s2s("translate", source, "--suffix", ".de", *FAST).returncode == 0
    names = {path.name for path in source.parent.iterdir()}
    assert names == {"t.csv", "t.de.csv", "deep", "pic.png"}
    # A packed one is none, and no lines either.
    packed = docs / "t.csv.gz"
    packed.write_bytes(gzip.compress(source.read_bytes()))
    line = complaint(s2s("translate", packed, "-o", tmp_path / "unpacked.csv", *FAST), 2)
    assert "t.csv.gz is a packed document. Unpack it first" in line
    assert b"kept, once it is unpacked, with" in s2s("translate", packed, *FAST).stderr
    # Several go to a folder; lines of text go to one file.
    several = (source, docs / "sub" / "deep" / "j.json", "-o", tmp_path / "new")
    assert s2s("translate", *several, *FAST).returncode == 0
    assert list(contents(tmp_path / "new")) == ["j.json", "t.csv"]
    texts = (docs / "a.txt", docs / "a.txt", "-o", tmp_path / "both.txt")
    assert s2s("translate", *texts, *FAST).returncode == 0
    assert (tmp_path / "both.txt").read_text().count("Bahnhof") == 2
    assert b"skipped" not in s2s("translate", source, "-o", target, *FAST, "-q").stderr


def test_what_somebody_has_changed_is_kept(s2s: Run, docs: Path, tmp_path: Path) -> None:
    """A translation that is written anew, whether or not its source has changed too."""
    out = tmp_path / "out"
    assert s2s("translate", docs, "-o", out, *FAST).returncode == 0
    first = contents(out)
    (out / "a.txt").write_text("Better.\n")
    (out / "sub" / "t.csv").write_text("better,too\n")
    (docs / "sub" / "t.csv").write_text("id,text\n1,Good morning.\n")
    done = s2s("translate", docs, "-o", out, *FAST)
    assert (
        b"a.txt: What had been written for it was changed since; that is now a.txt.bak."
        in done.stderr
    )
    found = contents(out)
    assert found.keys() - first.keys() == {"a.txt.bak", "sub/t.csv.bak"}
    assert found["a.txt"] == first["a.txt"]
    assert (found["a.txt.bak"], found["sub/t.csv.bak"]) == (b"Better.\n", b"better,too\n")
    (docs / "a.txt").write_text("The house is new.\n")
    assert b"was changed since" not in s2s("translate", docs, "-o", out, *FAST).stderr


def test_summaries_of_folders(s2s: Run, docs: Path, tmp_path: Path) -> None:
    model = Path(__file__).parents[1] / "golden" / "demo-summarizer"
    text = (model.parent / "abstract.txt").read_text("utf-8")
    (docs / "a.txt").write_text(text)
    (docs / "sub" / "deep" / "j.json").write_text(json.dumps({"t": text}))
    (docs / "sub" / "broken.json").write_text("{")
    out, report = tmp_path / "out", tmp_path / "run.json"
    converted = tmp_path / "model"
    assert s2s("convert", model, "-o", converted).returncode == 0
    options = ("-m", converted, "--beam", 1, "--threads", 1, "--report", report)
    done = s2s("summarize", docs, "-o", out, *options)
    assert done.returncode == 3
    assert b"sub/broken.json is not JSON" in done.stderr
    found = contents(out)
    assert list(found) == ["a.txt", "sub/deep/j.json.txt", "sub/t.csv.txt"]
    alone = s2s("summarize", docs / "a.txt", "-m", converted, "--beam", 1)
    assert found["a.txt"] == found["sub/deep/j.json.txt"] == alone.stdout
    assert s2s("summarize", docs, "-o", out, *options).returncode == 3
    facts = json.loads(report.read_text())
    assert (facts["done"], facts["skipped"], facts["failed"]) == (0, 3, 1)
    assert s2s("summarize", docs, "-o", out, *options, "--format", "jsonl").returncode == 3
    assert json.loads(contents(out)["a.txt.jsonl"])["target"] + "\n" == found["a.txt"].decode()
    assert "need an output" in complaint(s2s("summarize", docs), 2)
    assert "--lines is for lines" in complaint(s2s("summarize", docs, "-o", out, "--lines"), 2)


def test_memories(s2s: Run, docs: Path, tmp_path: Path) -> None:
    memory, report = tmp_path / "tm.sqlite", tmp_path / "run.json"
    options = (*FAST, "--memory", memory, "--report", report)
    first, second = tmp_path / "first", tmp_path / "second"
    assert s2s("translate", docs, "-o", first, *options).returncode == 0
    assert s2s("translate", docs, "-o", second, *options).returncode == 0
    facts = json.loads(report.read_text())
    assert (facts["recalled"], facts["target_tokens"]) == (4, 0)
    assert contents(first) == contents(second)


def test_translations_of_people_change_what_is_done(s2s: Run, tmp_path: Path) -> None:
    """Those that come later are written, and are no longer once the memory is left out."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_text("Good morning.\n")
    (tmp_path / "docs/b.txt").write_text("The house is red.\n")
    run = ("translate", str(tmp_path / "docs"), "-o", str(tmp_path / "out"))
    memory = str(tmp_path / "people.memory")

    def written(*more: str) -> list[str]:
        done = s2s(*run, *more)
        assert done.returncode == 0, done.stderr
        return [(tmp_path / "out" / name).read_text() for name in ("a.txt", "b.txt")]

    def add(target: str) -> None:
        (tmp_path / "new.tsv").write_text(f"Good morning.\t{target}\n")
        done = s2s(
            "memory", "import", memory, str(tmp_path / "new.tsv"), "--from", "en", "--to", "de"
        )
        assert done.returncode == 0, done.stderr

    model = written()
    add("Moin.")
    assert written("--memory", memory) == ["Moin.\n", model[1]]
    add("Servus.")
    assert written("--memory", memory) == ["Servus.\n", model[1]]
    assert b" 2 " in s2s(*run, "--memory", memory).stderr.splitlines()[1]  # both are skipped
    assert written() == model


def test_another_format_is_another_document(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("- Good morning. `x`\n\n- Thank you.\n")
    command = ("translate", str(tmp_path / "docs"), "-o", str(tmp_path / "out"))
    for more in ((), ("--input-format", "text")):
        done = s2s(*command, *more)
        assert done.stderr.splitlines()[-1].split()[:2] == [b"1", b"0"]  # done, skipped


def test_what_makes_no_sense(s2s: Run, docs: Path, tmp_path: Path) -> None:
    assert "need an output" in complaint(s2s("translate", docs), 2)
    both = s2s("translate", docs, "--in-place", "--suffix", ".de")
    assert "and only one" in complaint(both, 2)
    line = complaint(s2s("translate", docs, "--suffix", "/de"), 2)
    assert "A suffix is a part of a name" in line
    line = complaint(s2s("translate", docs / "a.txt", "-o", f"{docs}/"), 2)
    assert "would be overwritten by its translation" in line
    (tmp_path / "file").write_text("x")
    assert "is not a directory" in complaint(s2s("translate", docs, "-o", tmp_path / "file"), 2)
    (tmp_path / "o").mkdir()
    line = complaint(s2s("translate", docs / "sub" / "pic.png", "-o", tmp_path / "o"), 65)
    assert "unknown document format" in line
    twice = (docs / "a.txt", docs, "-o", tmp_path / "out")
    assert "would both be written" in complaint(s2s("translate", *twice), 2)
    line = complaint(s2s("translate", docs, "-o", tmp_path / "n", "--n-best", 2), 2)
    assert "--n-best is for lines" in line
    assert "--unit is for documents" in complaint(s2s("translate", "--unit", "line"), 2)
    missing = s2s("translate", docs / "none", "-o", tmp_path / "o")
    assert "There is no file" in complaint(missing, 66)


def test_a_folder_is_held_by_one_run(s2s: Run, docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    journal = Journal(out, "key")
    try:
        line = complaint(s2s("translate", docs, "-o", out, *FAST), 75)
        assert f"process {os.getpid()} on" in line
        with pytest.raises(LockedError):
            Journal(out, "key")
    finally:
        journal.close()
    assert s2s("translate", docs, "-o", out, *FAST).returncode == 0


def test_shards(s2s: Run, docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    processes = [
        subprocess.Popen(
            command("translate", docs, "-o", out, *FAST, "--shard", f"{part}/3", "--quiet")
        )
        for part in (1, 2, 3)
    ]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    assert list(contents(out)) == ["a.txt", "sub/deep/j.json", "sub/t.csv"]
    whole = tmp_path / "whole"
    assert s2s("translate", docs, "-o", whole, *FAST).returncode == 0
    assert contents(out) == contents(whole)
    for shard in ("0/3", "4/3", "1", "x/y"):
        assert s2s("translate", docs, "-o", out, "--shard", shard).returncode == 2


def test_a_full_disk(s2s: Run, docs: Path, tmp_path: Path) -> None:
    (docs / "big.txt").write_text("The house is old. " * 4000)
    out = tmp_path / "out"
    script = f"ulimit -f 40; exec {' '.join(command('translate', docs, '-o', out, *FAST))}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False)
    assert done.returncode == 74, done.stderr
    assert "big.txt" not in contents(out)
    assert s2s("translate", docs, "-o", out, *FAST).returncode == 0
    assert "big.txt" in contents(out)


def test_a_damaged_journal_is_said(s2s: Run, docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert s2s("translate", docs, "-o", out, *FAST).returncode == 0
    (out / FILE.format("")).write_bytes(b"no database" * 1000)
    assert "cannot be used" in complaint(s2s("translate", docs, "-o", out, *FAST), 74)


@pytest.mark.slow
def test_kills_at_random_moments(s2s: Run, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    generator = random.Random(3)
    for number in range(12):
        sentences = [f"{generator.choice(NAMES)} has {n} cats." for n in range(number, 40)]
        (docs / f"{number:02}.txt").write_text("\n\n".join(sentences) + "\n")
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert s2s("translate", docs, "-o", whole, *FAST).returncode == 0
    expected = contents(whole)
    for _ in range(8):
        with subprocess.Popen(
            command("translate", docs, "-o", killed, *FAST),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            time.sleep(generator.uniform(0.2, 1.2))
            os.killpg(process.pid, signal.SIGKILL)
        for name, data in contents(killed).items() if killed.exists() else ():
            if not Path(name).name.startswith("."):
                assert data == expected[name]
    assert s2s("translate", docs, "-o", killed, *FAST).returncode == 0
    assert {n: d for n, d in contents(killed).items() if not n.startswith(".")} == expected
    left = [path.name for path in killed.iterdir() if path.name.startswith(".")]
    assert all(name.startswith(".s2s-journal") for name in left)
    with sqlite3.connect(killed / FILE.format("")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="names of pipes")
def test_a_glossary_from_a_pipe_is_read_once(s2s: Run, tmp_path: Path) -> None:
    """As a shell gives it: ``--glossary <(command)``."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("The house is old.\n")
    reader, writer = os.pipe()
    with os.fdopen(reader), os.fdopen(writer, "w") as terms:
        terms.write("house\tHütte\n")
        terms.close()
        report = tmp_path / "report.json"
        given = ("--glossary", f"/dev/fd/{reader}", "--report", report, "--signature")
        done = s2s(
            "translate", tmp_path / "docs", "-o", tmp_path / "out", *given, pass_fds=[reader]
        )
    assert done.returncode == 0, done.stderr
    facts = json.loads(report.read_text())
    assert (facts["terms_met"], facts["terms_missed"]) == (1, 0)


def test_what_is_no_file_is_said(s2s: Run, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("The house is old.\n")
    (docs / "link.txt").symlink_to("a.txt")
    (docs / "broken.txt").symlink_to("nowhere")
    os.mkfifo(docs / "pipe.md")
    (docs / ".hidden.txt").symlink_to("nowhere")
    done = s2s("translate", docs, "-o", tmp_path / "out", *FAST)
    assert done.returncode == 0, done.stderr
    skipped = "note: skipped what is no file (links to nothing, pipes): {}\n"
    assert skipped.format("2 (.txt, .md)").encode() in done.stderr
    done = s2s("translate", docs, "--in-place", "--exclude", "*.md", *FAST)
    assert skipped.format("1 (.txt)").encode() in done.stderr
    assert b"note: links that become files: 1 (" in done.stderr
    assert b"hard links" not in done.stderr
    os.link(docs / "a.txt", tmp_path / "other.txt")
    done = s2s("translate", docs, "--in-place", "--exclude", "*.md", *FAST)
    assert b"(hard links), under which the text stays: 1 (" in done.stderr
    assert (docs / "link.txt").read_text() == "Das Haus ist alt.\n"


def test_fields_that_no_document_has_are_named(s2s: Run, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.json").write_text('{"t": "The house is old.", "n": 1}')
    (docs / "b.yaml").write_text("u: The house is old.\n")
    (docs / "c.toml").write_text('[x]\nt = "The house is old."\n')
    (docs / "d.txt").write_text("The house is old.\n")
    given = ("--field", "t", "--field", "x.*", "--field", "u")
    done = s2s("translate", docs, "-o", tmp_path / "out", *given, *FAST)
    assert done.returncode == 0, done.stderr
    assert b"names nothing" not in done.stderr
    done = s2s(
        "translate", docs, "-o", tmp_path / "o2", *given, "--field", "n", "--field", "zz", *FAST
    )
    assert b"warning: --field names nothing in any document: n, zz\n" in done.stderr


def test_an_ignore_file_that_no_folder_has(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    (tmp_path / "docs" / "sub" / "a.txt").write_text("The house is old.\n")
    (tmp_path / "docs" / "sub" / ".ignored").write_text("*\n")
    for name, said in ((".ignore", True), (".ignored", False)):
        done = s2s("translate", tmp_path / "docs", "-o", tmp_path / "out", "--ignore-file", name)
        assert (f"no folder has an ignore file called {name}".encode() in done.stderr) == said
