"""``s2s translate`` on folders of hostile files: a line for each, and all others are done."""

from __future__ import annotations

import ctypes
import io
import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.hostile import DOCX, EPUB, ODT, XLSX, archive, files, with_prolog, xliff
from tests.cli.test_folders import contents
from tests.cli.test_models import complaint
from tests.conftest import Run, command

FAST = ("--beam", 1, "--max-length", 20, "--threads", 1)
MOST_MEMORY = 600 << 20  # bytes; a run over good files alone takes a fifth of it
GOOD = "The house is old.\n"
TRANSLATED = b"Das Haus ist alt.\n"
SECRET = "xyzzy-secret"


@contextmanager
def listener() -> Iterator[tuple[str, Callable[[], bool]]]:
    """A server on this machine: its URL, and whether somebody has called."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)

        def is_called() -> bool:
            try:
                server.accept()[0].close()
            except TimeoutError:
                return False
            return True

        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", is_called


def leftovers(root: Path) -> list[str]:
    """What a run has left beside documents and its journal."""
    hidden = (path.name for path in root.rglob(".*"))
    return [name for name in hidden if not name.startswith(".s2s-journal")]


def failures(done: subprocess.CompletedProcess[bytes]) -> dict[str, str]:
    """The documents that failed, and why; each on a line of its own."""
    text = done.stderr.decode()
    assert "Traceback" not in text
    lines = [line for line in text.splitlines() if line.startswith("s2s: failed: ")]
    found = dict(line.removeprefix("s2s: failed: ").split(": ", 1) for line in lines)
    assert len(found) == len(lines) == text.count("failed: ")
    return found


@pytest.mark.slow
def test_hostile_documents(s2s: Run, tmp_path: Path) -> None:
    docs, out, report = tmp_path / "docs", tmp_path / "out", tmp_path / "run.json"
    docs.mkdir()
    for name in ("a-good.txt", "m-good.txt", "z-good.txt"):
        (docs / name).write_text(GOOD)
    all_files = files()
    for name, (data, _) in all_files.items():
        (docs / name).write_bytes(data)
    canary = tmp_path / "canary"
    canary.write_text(SECRET)
    with listener() as (url, is_called):
        entities = (
            f'<!DOCTYPE x [<!ENTITY a SYSTEM "{canary.as_uri()}"><!ENTITY b SYSTEM "{url}">]>'
        )
        (docs / "entity.xlf").write_bytes(xliff("Hello &a; &b;.", entities))
        for path in (DOCX, ODT, EPUB, XLSX):
            data = archive(path, with_prolog(entities, "&a;&b;"))
            (docs / f"entity{path.suffix}").write_bytes(data)
        (docs / "outer.xlf").write_bytes(all_files["outer.xlf"][0].replace(b"{url}", url.encode()))
        before = {path.name for path in tmp_path.iterdir()} | {"out", "run.json"}
        done = s2s("translate", docs, "-o", out, *FAST, "--report", report)
        assert not is_called()
    assert done.returncode == 3
    expected = {name: reason for name, (_, reason) in all_files.items() if reason}
    expected |= dict.fromkeys(
        ("entity.xlf", "entity.docx", "entity.odt", "entity.xlsx"), "declarations"
    )
    found = failures(done)
    assert sorted(found) == sorted(expected)
    for name, reason in expected.items():
        assert reason in found[name], found[name]
    written = contents(out)
    wanted = {path.name for path in docs.iterdir()} - set(expected)
    assert set(written) == {name.replace(".pdf", ".txt") for name in wanted}
    assert {written[f"{letter}-good.txt"] for letter in "amz"} == {TRANSLATED}
    assert all(SECRET.encode() not in data for data in written.values())
    with zipfile.ZipFile(io.BytesIO(written["entity.epub"])) as file:
        assert all(SECRET.encode() not in file.read(name) for name in file.namelist())
    assert {path.name for path in tmp_path.iterdir()} == before
    assert leftovers(out) == []
    assert json.loads(report.read_text())["peak_memory_bytes"] < MOST_MEMORY


def test_hostile_names(s2s: Run, tmp_path: Path) -> None:
    docs, out, report = tmp_path / "docs", tmp_path / "out", tmp_path / "run.json"
    odd = ["new\nline", "\x1b[31mred", "\u202etxt", "漢" * 80, "a" * 250, "-o", "%s {0}", " "]
    names = [*(os.fsencode(f"{name}.txt") for name in odd), b"caf\xe9.txt", b"\xff\xfe.txt"]
    broken = [os.fsencode("new\nline\x1b.json"), b"\xe9.json"]
    docs.mkdir()
    for each in [*names, *broken]:
        (docs / os.fsdecode(each)).write_text(GOOD)
    for wanted in ("done", "skipped"):
        done = s2s("translate", docs, "-o", out, *FAST, "--report", report)
        assert done.returncode == 3
        assert list(failures(done)) == ["new line\\x1b.json", "\\xe9.json"]
        assert b"\x1b" not in done.stderr
        facts = json.loads(report.read_bytes().decode())
        assert facts[wanted] == len(names)
        assert {path.read_bytes() for path in out.glob("*.txt")} == {TRANSLATED}
        assert sorted(map(os.fsencode, (path.name for path in out.glob("*.txt")))) == sorted(names)
    assert leftovers(out) == []


def test_what_is_no_file_is_passed_by(s2s: Run, tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    (docs / "folder.txt").mkdir(parents=True)
    (docs / "good.txt").write_text(GOOD)
    os.mkfifo(docs / "pipe.txt")
    for name, target in (("zero", "/dev/zero"), ("loop", "loop.txt"), ("gone", "/nowhere/x")):
        (docs / f"{name}.txt").symlink_to(target)
    (docs / "up").symlink_to("..")
    with socket.socket(socket.AF_UNIX) as server:
        path = os.path.relpath(docs / "socket.txt")
        try:
            server.bind(path)
        except OSError:  # the name is too long for one
            server.bind("")
        done = s2s("translate", docs, "-o", out, *FAST)
    assert done.returncode == 0, done.stderr
    # The link up leads to the folder itself, which was seen, and to the output, which is left out.
    assert contents(out) == {"good.txt": TRANSLATED}


def without_powers() -> None:
    """Make a process of root one to which permissions apply (Linux)."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for power in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            if libc.prctl(24, power, 0, 0, 0):  # PR_CAPBSET_DROP
                os._exit(77)


def as_somebody(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    """Run ``s2s`` as one who may not do all."""
    done = subprocess.run(
        command(*arguments), capture_output=True, check=False, preexec_fn=without_powers
    )
    if done.returncode == 77:
        pytest.skip("no permission holds for this user")
    return done


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder of documents some of which may not be read."""
    docs = tmp_path / "docs"
    for name in ("dark", "shut", "open"):
        (docs / name).mkdir(parents=True)
        (docs / name / "in.txt").write_text(GOOD)
    (docs / "shut.txt").write_text(GOOD)
    (docs / "shut").chmod(0)
    (docs / "dark").chmod(0o444)
    (docs / "shut.txt").chmod(0)
    yield docs
    for name in ("dark", "shut"):
        (docs / name).chmod(0o755)


@pytest.mark.skipif(sys.platform != "linux", reason="drops the capabilities of Linux")
def test_what_may_not_be_read(closed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = as_somebody("translate", closed, "-o", out, *FAST)
    assert done.returncode == 3
    found = failures(done)
    assert list(found) == ["dark/in.txt", "shut", "shut.txt"]
    assert all("Permission denied" in reason for reason in found.values())
    assert contents(out) == {"open/in.txt": TRANSLATED}
    left = as_somebody("translate", closed, "-o", out, *FAST, "--exclude", "shut*")
    assert list(failures(left)) == ["dark/in.txt"]
    (tmp_path / "list").write_text(f"{closed / 'shut'}\n")
    named = as_somebody("translate", "--files-from", tmp_path / "list", "-o", out, *FAST)
    line = complaint(named, 66)
    assert "Cannot read the folder" in line


@pytest.mark.skipif(sys.platform != "linux", reason="drops the capabilities of Linux")
def test_where_nothing_may_be_written(tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    for name in ("free", "shut"):
        (docs / name).mkdir(parents=True)
        (docs / name / "a.txt").write_text(GOOD)
    (out / "shut").mkdir(parents=True)
    (out / "shut").chmod(0o555)
    done = as_somebody("translate", docs, "-o", out, *FAST)
    assert done.returncode == 3
    assert "Cannot create" in failures(done)["shut/a.txt"]
    assert contents(out) == {"free/a.txt": TRANSLATED}
    assert "Cannot" in complaint(as_somebody("translate", docs, "-o", out / "shut", *FAST), 73)
    assert list((out / "shut").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="drops the capabilities of Linux")
def test_a_file_that_may_not_be_read_is_no_wrong_option(tmp_path: Path) -> None:
    shut, good = tmp_path / "shut.txt", tmp_path / "good.txt"
    for path in (shut, good):
        path.write_text(GOOD)
    shut.chmod(0)
    for arguments in (
        ("translate", shut, *FAST),
        ("translate", good, "--prefix-file", shut, *FAST),
        ("translate", good, "--glossary", shut, *FAST),
        ("score", good, shut),
        ("detect", shut),
        ("judge", "make", shut, good, "-o", tmp_path / "j"),
        ("memory", "import", tmp_path / "m", shut, "--from", "en", "--to", "de"),
    ):
        assert "shut.txt" in complaint(as_somebody(*arguments), 66), arguments


@pytest.mark.skipif(sys.platform != "linux", reason="drops the capabilities of Linux")
def test_a_folder_that_may_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    (tmp_path / "shut").mkdir(mode=0o555)
    done = as_somebody("translate", tmp_path / "a.txt", "-o", f"{tmp_path}/shut/new/", *FAST)
    assert "Cannot create" in complaint(done, 73)


def test_where_something_else_stands(s2s: Run, tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    for name in ("a", "b"):
        (docs / name).mkdir(parents=True)
        (docs / name / "good.txt").write_text(GOOD)
    (docs / "c.txt").write_text(GOOD)
    (out / "c.txt" / "mine").mkdir(parents=True)
    (out / "b").write_text("mine")
    (out / ".c.s2s-part").mkdir()  # as what a killed run leaves, but for its kind
    done = s2s("translate", docs, "-o", out, *FAST)
    assert done.returncode == 3
    assert sorted(failures(done)) == ["b/good.txt", "c.txt"]
    assert contents(out) == {"a/good.txt": TRANSLATED, "b": b"mine"}
    assert (out / "c.txt" / "mine").is_dir()
    assert leftovers(out) == [".c.s2s-part"]


@contextmanager
def held(docs: Path, out: Path, gate: Path) -> Iterator[list[subprocess.CompletedProcess[bytes]]]:
    """A run that has listed its documents, and reads none of them until the block ends.

    Yields:
        A list, which has the finished process after the block.
    """
    os.mkfifo(gate)
    arguments = command("translate", docs, "-o", out, *FAST, "--glossary", gate)
    done: list[subprocess.CompletedProcess[bytes]] = []
    with subprocess.Popen(arguments, stderr=subprocess.PIPE) as process:
        try:
            with gate.open("w") as terms:  # once the run opens it
                yield done
                terms.write("cat\tKatze\n")
            _, text = process.communicate(timeout=60)
        except BaseException:
            process.kill()
            raise
        done.append(subprocess.CompletedProcess(arguments, process.returncode, b"", text))


def test_files_that_change_after_they_were_listed(tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    (docs / "sub").mkdir(parents=True)
    for name in ("gone", "good", "other", "sub/gone"):
        (docs / f"{name}.txt").write_text(GOOD)
    with held(docs, out, tmp_path / "terms.tsv") as ended:
        (docs / "gone.txt").unlink()
        (docs / "sub" / "gone.txt").unlink()
        (docs / "sub").rmdir()
        (docs / "other.txt").write_text("I am tired.\n")
    (done,) = ended
    assert done.returncode == 3
    found = failures(done)
    assert sorted(found) == ["gone.txt", "sub/gone.txt"]
    assert all("No such file" in reason for reason in found.values())
    written = contents(out)
    assert sorted(written) == ["good.txt", "other.txt"]
    assert written["good.txt"] != written["other.txt"]


def test_files_that_change_all_the_time(tmp_path: Path) -> None:
    """What was translated is one of the versions, and whole."""
    docs, out = tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    versions = [f"{text}\n\n" * 50 for text in ("The house is old.", "The house is not old.")]
    path, new = docs / "a.txt", tmp_path / "new"
    path.write_text(versions[0])
    with subprocess.Popen(command("translate", docs, "-o", out, *FAST, "-q")) as process:
        number = 0
        while process.poll() is None:
            number += 1
            new.write_text(versions[number % 2])
            new.replace(path)
    assert process.returncode == 0
    text = (out / "a.txt").read_text("utf-8")
    assert text in ("Das Haus ist alt.\n\n" * 50, "Das Haus ist nicht alt.\n\n" * 50)
