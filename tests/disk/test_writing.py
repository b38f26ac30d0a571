"""What cannot be written: a full disk is one thing (74), a place that is to blame another (73)."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from s2scli.disk.atomic import whole_file
from s2scli.disk.directories import UNFINISHED, whole_directory
from s2scli.errors import CannotCreateError, InputOutputError, S2SError
from tests.cli.test_models import complaint
from tests.conftest import GOLDEN, Run

CODES = {
    errno.ENOSPC: InputOutputError,
    errno.EDQUOT: InputOutputError,
    errno.EFBIG: InputOutputError,
    errno.EIO: InputOutputError,
    errno.EACCES: CannotCreateError,
    errno.EROFS: CannotCreateError,
}


@pytest.mark.parametrize("code", CODES)
def test_a_full_disk_is_no_wrong_place(code: int, tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        with whole_directory(path, replace=False):
            raise OSError(code, os.strerror(code))

    with pytest.raises(S2SError, match=os.strerror(code)) as found:
        fail(tmp_path / "m")
    assert type(found.value) is CODES[code]
    assert not list(tmp_path.iterdir())


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """A user's directory may begin as ours do, and others may be at work at the same time."""
    dead, alive, early = (
        tmp_path / f".m.{name}{UNFINISHED}" for name in ("dead", "alive", "early")
    )
    theirs = [
        tmp_path / name for name in (".m.backup", ".m.", ".mn.x", f".n.x{UNFINISHED}", "m.old")
    ]
    for directory in (dead, alive, *theirs):
        (directory / "new").mkdir(parents=True)
        (directory / "new" / "file").touch()
    early.mkdir()  # has not come to the lock
    with FileLock(alive / "lock"), whole_directory(tmp_path / "m", replace=False) as new:
        (new / "file").touch()
    kept = {alive, early, tmp_path / "m", *theirs}
    assert set(tmp_path.iterdir()) == kept
    assert (alive / "new" / "file").exists()


def test_a_killed_conversion_is_cleared_by_the_next_one(s2s: Run, tmp_path: Path) -> None:
    program = (
        "import os, pathlib, signal, sys\n"
        "from s2scli.disk.directories import whole_directory\n"
        "with whole_directory(pathlib.Path(sys.argv[1]), replace=False):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    target = tmp_path / "m"
    assert subprocess.run([sys.executable, "-c", program, target], check=False).returncode == -9
    assert len(list(tmp_path.iterdir())) == 1
    done = s2s("convert", "-q", GOLDEN / "marian-tiny", "-o", target)
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == [target]


def test_no_room_for_a_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> tuple[int, str]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    with pytest.raises(InputOutputError, match="No space left"), whole_file(tmp_path / "f"):
        pass


def test_a_conversion_on_a_full_disk(s2s: Run, tmp_path: Path) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = s2s("convert", GOLDEN / "marian-tiny", "-o", tmp_path / "m", preexec_fn=limit)
    assert "File too large" in complaint(done, 74)
    assert not list(tmp_path.iterdir())


def test_a_directory_that_a_killed_process_moved_away_comes_back(tmp_path: Path) -> None:
    left = tmp_path / ".m.abc.s2s-unfinished"
    (left / "new").mkdir(parents=True)
    (left / "old0").mkdir()
    (left / "old0" / "model").write_text("old")
    with (
        pytest.raises(RuntimeError),
        whole_directory(tmp_path / "m", replace=True),
    ):
        raise RuntimeError
    assert (tmp_path / "m" / "model").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
