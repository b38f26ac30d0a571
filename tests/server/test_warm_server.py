"""The life of a server that runs commands: in the background, killed, stopped, one at a place."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from s2scli.errors import UnavailableError
from s2scli.handover.client import connect
from tests.conftest import command
from tests.forks import TIMEOUT
from tests.server.warm import WarmServer, warm_server

LINE, ANSWER = b"Good morning!\n", b"Guten Morgen!\n"


@pytest.fixture
def warm(tmp_path: Path) -> Iterator[WarmServer]:
    with warm_server(tmp_path, "-m", "en-de") as server:
        yield server


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(*arguments), input=stdin, capture_output=True, timeout=TIMEOUT, check=False
    )


def test_in_the_background(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "s2s").mkdir()  # as other parts of s2s make it, for others to read
    path = tmp_path / "s2s" / "server" / "socket"
    none = run("server", "status")
    assert (none.returncode, none.stdout, none.stderr.count(b"\n")) == (69, b"", 1)
    started = run("serve", "--detach")
    assert (started.returncode, started.stdout.decode()) == (0, f"unix:{path}\n")
    facts = json.loads(run("server", "status", "--json").stdout)
    try:
        assert f"process {facts['pid']}" in started.stderr.decode()
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert "en-de" in facts["models"]
        assert run("translate", "--server", "auto", stdin=LINE).stdout == ANSWER
        assert "en-de" in json.loads(run("server", "status", "--json").stdout)["loaded"]
        transport = httpx.HTTPTransport(uds=str(path))
        with httpx.Client(transport=transport, base_url="http://local", timeout=TIMEOUT) as client:
            assert client.get("/health").status_code == 200
        second = run("serve", "--detach")
        assert second.returncode == 73
        assert str(path) in second.stderr.decode()
        assert b"End it with: s2s server stop." in second.stderr
        stopped = run("server", "stop")
        assert stopped.returncode == 0
        assert str(facts["pid"]).encode() in stopped.stderr
        assert sorted(each.name for each in path.parent.iterdir()) == ["socket.log"]
        assert b"listening" in (path.parent / "socket.log").read_bytes()
        assert run("server", "stop").returncode == 69
    finally:
        kill(facts["pid"])


def kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_whoever_finds_only_the_socket_for_requests_is_told_how_to_end_the_server(
    warm: WarmServer,
) -> None:
    Path(f"{warm.path}.run").unlink()
    stopped = warm.run("server", "stop")
    assert (stopped.returncode, stopped.stderr.count(b"\n")) == (69, 1)
    assert f"{warm.path}.run was removed" in stopped.stderr.decode()
    assert f"kill {warm.process.pid}." in stopped.stderr.decode()
    assert warm.run("translate", "--server", "auto", stdin=LINE).stdout == ANSWER
    warm.process.terminate()
    assert warm.process.wait(TIMEOUT) == -signal.SIGTERM
    assert b"There is no server" in warm.run("server", "stop").stderr


def test_what_stops_it_in_the_background_is_said(tmp_path: Path) -> None:
    done = run("serve", "--detach", "--unix", str(tmp_path / "s"), "-m", "none")
    assert (done.returncode, done.stdout) == (69, b"")
    assert done.stderr.startswith(b"s2s: ")
    assert b"none" in done.stderr
    assert run("serve", "--detach", "--unix", "/nowhere/s.sock").returncode == 73


def test_a_place_that_others_may_enter_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s2s" / "server").mkdir(parents=True)
    (tmp_path / "s2s" / "server").chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    done = run("serve", "--detach")
    assert (done.returncode, done.stderr.count(b"\n")) == (73, 1)
    assert b"Others may enter" in done.stderr


def test_a_killed_server(warm: WarmServer, tmp_path: Path) -> None:
    """Its client has one line and a code; a server takes the place that it has left."""
    with warm.start("translate", "-o", str(tmp_path / "out.txt")) as process:
        assert process.stdin
        process.stdin.write(LINE)
        process.stdin.flush()
        while not list(tmp_path.glob(".out.txt*")):
            assert process.poll() is None
        warm.process.kill()
        warm.process.wait()
        process.stdin.write(LINE * 50)
        _, errors = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, errors.count(b"\n")) == (69, 1)
        assert b"ended before the command did" in errors
        assert not list(tmp_path.glob("*out.txt*"))
    gone = warm.run("translate", stdin=LINE)
    assert (gone.returncode, gone.stdout, gone.stderr.count(b"\n")) == (69, b"", 1)
    assert Path(f"{warm.path}.run").is_socket()
    with warm_server(tmp_path, "-m", "en-de") as again:
        assert again.run("translate", stdin=LINE).stdout == ANSWER


def test_who_waits_no_longer_leaves_no_part(warm: WarmServer, tmp_path: Path) -> None:
    """The process that forks tells commands to end; to their clients the server has ended."""
    (child,) = children(warm.process.pid)
    with warm.start("translate", "-o", str(tmp_path / "out.txt")) as process:
        assert process.stdin
        process.stdin.write(LINE)
        process.stdin.flush()
        while not list(tmp_path.glob(".out.txt*")):
            assert process.poll() is None
        os.kill(child, signal.SIGTERM)
        assert process.wait(60) == 69
        assert process.stderr
        assert b"ended before the command did" in process.stderr.read()
        assert not list(tmp_path.glob("*out.txt*"))
    assert warm.run("translate", stdin=LINE).returncode == 69


def test_whole_group_killed(warm: WarmServer) -> None:
    """No process is left to tell the client, who sees that for himself."""
    (child,) = children(warm.process.pid)
    with warm.start("translate") as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(LINE)
        process.stdin.flush()
        assert process.stdout.readline() == ANSWER
        for each in (child, warm.process.pid):
            os.kill(each, signal.SIGKILL)
        _, errors = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, errors.count(b"\n")) == (69, 1)


def children(process: int) -> list[int]:
    return [
        int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def test_with_auto_a_command_goes_on_without_its_server(
    warm: WarmServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s2s" / "server").mkdir(parents=True)
    (tmp_path / "s2s" / "server" / "socket.run").symlink_to(f"{warm.path}.run")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with warm.start("translate", "--server", "auto", env=dict(os.environ)) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(LINE)
        process.stdin.flush()
        assert process.stdout.readline() == ANSWER
        warm.process.kill()
        warm.process.wait()
        process.stdin.write(b"I like tea.\n" + LINE)
        out, errors = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, errors) == (0, b"")
        assert out.endswith(ANSWER)
        assert out.count(b"\n") == 2


def test_it_ends_after_the_commands_that_it_runs(warm: WarmServer) -> None:
    with warm.start("translate") as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(LINE)
        process.stdin.flush()
        assert process.stdout.readline() == ANSWER
        warm.process.send_signal(signal.SIGTERM)
        while Path(f"{warm.path}.run").exists():
            assert warm.process.poll() is None
        # Not by a process: of a busy machine, its start may take more than the half minute that
        # the command which runs has left.
        with pytest.raises(UnavailableError, match="There is no server"):
            connect(str(warm.path))
        out, errors = process.communicate(LINE, timeout=TIMEOUT)
        assert (process.returncode, out, errors) == (0, ANSWER, b"")
    assert warm.process.wait(TIMEOUT) == -signal.SIGTERM
    assert not warm.path.exists()
