"""Files of other file systems are read and written like local ones."""

from __future__ import annotations

import errno
import socket
import sys
from pathlib import Path

import pytest

from s2scli.cli.files import open_output
from s2scli.disk.places import is_local, journal_of, place, same
from s2scli.errors import (
    CannotCreateError,
    InputOutputError,
    S2SError,
    UnavailableError,
    UsageError,
)
from s2scli.tasks.targets import write
from s2scli.tasks.tree import Destination, DocumentJob, Selection, jobs
from tests.cli.test_models import complaint
from tests.conftest import Run

URL = "memory://x/y.txt"
FAST = ("--beam", 1, "--max-length", 20, "--threads", 1)


@pytest.fixture
def remote(request: pytest.FixtureRequest) -> Path:
    """A folder of documents on another file system."""
    pytest.importorskip("upath")
    root = place(f"memory://{request.node.name}")
    for name, text in {"a.txt": "One.", "sub/b.txt": "Two.", "sub/c.png": "no"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_trees(remote: Path, tmp_path: Path) -> None:
    assert not is_local(remote)
    found = list(jobs([remote], Selection(), Destination(tmp_path)))
    assert [(job.name, job.target) for job in found] == [
        ("a.txt", tmp_path / "a.txt"),
        ("sub/b.txt", tmp_path / "sub" / "b.txt"),
    ]
    assert found[1].source.read_bytes() == b"Two."
    with pytest.raises(UsageError, match="would be overwritten"):
        list(jobs([remote], Selection(), Destination(remote)))
    beside = list(jobs([remote], Selection(include=("a.*",)), Destination(suffix=".de")))
    assert same(beside[0].target, remote / "a.de.txt")


def test_writing(remote: Path) -> None:
    target = remote / "new" / "deep" / "x.txt"
    write(b"data", DocumentJob("x", remote, target, "text"))
    assert target.read_bytes() == b"data"
    assert is_local(journal_of(remote))
    assert journal_of(remote) != journal_of(remote / "new")


class EndpointConnectionError(Exception):
    """As the packages of some stores have, which know no codes of the system."""


REASONS: list[tuple[Exception, type[S2SError]]] = [
    (PermissionError(errno.EACCES, "Permission denied"), CannotCreateError),
    (FileNotFoundError(errno.ENOENT, "No such bucket"), CannotCreateError),
    (OSError(errno.EROFS, "Read-only file system"), CannotCreateError),
    (OSError(errno.ENOSPC, "No space left on device"), InputOutputError),
    (OSError(errno.EDQUOT, "Quota exceeded"), InputOutputError),
    (OSError(errno.EHOSTUNREACH, "No route to host"), UnavailableError),
    (ConnectionResetError(errno.ECONNRESET, "Connection reset"), UnavailableError),
    (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), UnavailableError),
    (TimeoutError("timed out"), UnavailableError),
    (EndpointConnectionError("Could not connect"), UnavailableError),
    (RuntimeError("checksum differs"), InputOutputError),
]


@pytest.mark.parametrize(("error", "kind"), REASONS, ids=lambda each: getattr(each, "args", each))
def test_why_nothing_can_be_written(
    remote: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type[S2SError]
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(type(remote), "write_bytes", fail)
    with pytest.raises(kind, match="Cannot write memory:") as found:
        write(b"data", DocumentJob("x", remote, remote / "x.txt", "text"))
    assert type(found.value) is kind


def test_what_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("upath")
    with pytest.raises((UsageError, UnavailableError)):
        place("nosuch://bucket/x")
    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(UnavailableError, match=r"s2scli\[remote\]"):
        place("s3://bucket/x")


def test_a_run_between_file_systems(s2s: Run, tmp_path: Path) -> None:
    """With fsspec's own file system for the local disk, reached by URL."""
    pytest.importorskip("upath")
    docs = tmp_path / "docs"
    (docs / "sub").mkdir(parents=True)
    (docs / "sub" / "a.txt").write_text("The house is old.\n")
    out = f"local://{tmp_path}/out"
    done = s2s("translate", f"local://{docs}", "-o", out, *FAST)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "sub" / "a.txt").read_text() == "Das Haus ist alt.\n"
    again = s2s("translate", f"local://{docs}", "-o", out, *FAST, "--report", tmp_path / "r")
    assert again.returncode == 0
    assert b'"skipped": 1' in (tmp_path / "r").read_bytes()
    lines = s2s("translate", docs / "sub" / "a.txt", "-o", out, "--suffix", ".de", "--in-place")
    assert "and only one" in complaint(lines, 2)
    assert "needs an extra package" not in again.stderr.decode()


def test_remote_files_are_for_documents(s2s: Run, tmp_path: Path) -> None:
    pytest.importorskip("upath")
    with pytest.raises(UsageError, match="is not a local file"), open_output(place(URL)):
        pass
    line = complaint(s2s("translate", "memory://x", "--in-place"), 2)
    assert "--in-place is for local files" in line
