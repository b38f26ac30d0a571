"""What a process has, and what becomes of it, reaches the command that a server runs for it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import Run, command
from tests.forks import TIMEOUT
from tests.server.warm import LINES, WarmServer, warm_server


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where commands start."""
    monkeypatch.chdir(tmp_path)


def test_all_that_a_process_has_is_handed_over(warm: WarmServer, tmp_path: Path) -> None:
    """Its directory, its mask, its variables, and descriptors such as those of ``<(…)``."""
    script = (
        f"{sys.executable} -m s2scli translate <(echo 'I like tea.') -o out.txt && "
        "stat -c %a out.txt && cat out.txt && "
        f"S2S_TRANSLATE_FORMAT=jsonl {sys.executable} -m s2scli translate a.txt | head -n 1"
    )
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.txt").write_text("Good morning!\n")
    done = subprocess.run(
        ["bash", "-c", f"umask 027; cd inner; mv ../inner ../moved; {script}"],
        env=warm.environment,
        cwd=tmp_path,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    mode, text, record = done.stdout.decode().splitlines()
    assert mode == "640"
    assert "Tee" in text
    assert '"target": "Guten Morgen!"' in record


@pytest.mark.parametrize("redirection", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full"])
def test_closed_and_full_streams(redirection: str, warm: WarmServer) -> None:
    line = f"{sys.executable} -m s2scli translate {redirection}; echo $? >&9"
    found = []
    for environment in ({**os.environ}, warm.environment):
        done = subprocess.run(
            ["bash", "-c", f"exec 9>codes; {line}"],
            env=environment,
            input=LINES,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
        found.append((done.stdout, done.stderr, Path("codes").read_text()))
    assert found[0] == found[1]


def test_a_limit_on_the_size_of_files_holds(warm: WarmServer) -> None:
    line = f"ulimit -f 1; {sys.executable} -m s2scli translate -q -o out.txt"
    found = []
    for environment in ({**os.environ}, warm.environment):
        done = subprocess.run(
            ["bash", "-c", line],
            env=environment,
            input=LINES * 40,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
        found.append((done.returncode, done.stderr))
    assert found[0] == found[1]
    assert found[0][0] == 74


def test_a_slow_line_is_answered_at_once(warm: WarmServer) -> None:
    with warm.start("translate") as process:
        assert process.stdin
        assert process.stdout
        for _ in range(3):
            process.stdin.write(b"Good morning!\n")
            process.stdin.flush()
            assert process.stdout.readline() == b"Guten Morgen!\n"
        assert process.communicate(timeout=TIMEOUT) == (b"", b"")
        assert process.returncode == 0


AT_A_TERMINAL = """
import os, pty, sys
process, terminal = pty.fork()
if not process:
    os.execv(sys.argv[1], sys.argv[1:])
def until(words):
    found = b""
    while words not in found:
        found += os.read(terminal, 1000)
until(b"reading from the terminal; end with Ctrl-D")
os.write(terminal, b"Good morning!\\n")
until(b"Guten Morgen!")
os.write(terminal, b"\\x03")
print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
"""


def test_at_a_terminal(warm: WarmServer) -> None:
    """It is one for the command too, and Ctrl-C ends that."""
    done = subprocess.run(
        [sys.executable, "-c", AT_A_TERMINAL, *command("translate")],
        env=warm.environment,
        stdout=subprocess.PIPE,
        timeout=TIMEOUT,
        check=True,
    )
    assert int(done.stdout) == -signal.SIGINT


def test_a_reader_that_goes_ends_the_command(warm: WarmServer) -> None:
    with warm.start("translate") as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"Good morning!\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"Good morning!\n" * 100)
        process.stdin.flush()
        assert process.wait(TIMEOUT) == -signal.SIGPIPE
        assert process.stderr
        assert process.stderr.read() == b""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_signals_end_the_command(number: int, warm: WarmServer, tmp_path: Path) -> None:
    with warm.start("translate", "-o", "out.txt") as process:
        assert process.stdin
        process.stdin.write(b"Good morning!\n")
        process.stdin.flush()
        while not list(tmp_path.glob(".out.txt*")):  # until it has begun
            assert process.poll() is None
        process.send_signal(number)
        assert process.wait(TIMEOUT) == -number
        process.communicate()
        assert not Path("out.txt").exists()
        if number in (signal.SIGINT, signal.SIGTERM):
            assert not list(tmp_path.glob(".out.txt*"))


def test_a_command_stops_and_goes_on(warm: WarmServer) -> None:
    # In a group of its own, whose leader's parent is in the same session: as a shell starts it.
    with warm.start("translate", preexec_fn=os.setpgrp) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"Good morning!\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"Guten Morgen!\n"
        process.send_signal(signal.SIGTSTP)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        process.stdin.write(b"Good morning!\n")
        process.stdin.flush()
        process.send_signal(signal.SIGCONT)
        assert process.stdout.readline() == b"Guten Morgen!\n"
        process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0


def test_a_command_that_no_shell_could_wake_is_not_stopped(warm: WarmServer) -> None:
    with warm.start("translate", start_new_session=True) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(2):
            process.stdin.write(b"Good morning!\n")
            process.stdin.flush()
            assert process.stdout.readline() == b"Guten Morgen!\n"
            process.send_signal(signal.SIGTSTP)
        process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0


def test_several_commands_at_once(warm: WarmServer, s2s: Run) -> None:
    alone = s2s("translate", stdin=LINES * 20).stdout
    Path("many.txt").write_bytes(LINES * 20)
    with ExitStack() as stack:
        several = [
            stack.enter_context(warm.start("translate", "many.txt", stdin=subprocess.DEVNULL))
            for _ in range(5)
        ]
        for process in several:
            assert process.communicate(timeout=TIMEOUT) == (alone, b"")


def test_only_this_user_may_connect(warm: WarmServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (warm.path, Path(f"{warm.path}.run")):
        assert path.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    from s2scli.errors import UnavailableError
    from s2scli.handover.client import connect

    with pytest.raises(UnavailableError, match="another user's"):
        connect(str(warm.path))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_other_users_are_not_answered() -> None:
    code = (
        "import os, socket, sys; os.setuid(65534)\n"
        "s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.settimeout(30)\n"
        "print(s.recv(1))"
    )
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        with warm_server(Path(folder), "-m", "en-de") as server:
            path = f"{server.path}.run"
            os.chmod(path, 0o666)  # as no user should
            done = subprocess.run(
                [sys.executable, "-c", code, path], capture_output=True, check=True
            )
            assert done.stdout == b"b''\n"


@pytest.mark.parametrize(
    "data",
    [b"", b"\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\4abcd", b"\0\0\0\x05\0\0\0\1x", b"GET / HTTP"],
)
def test_what_is_no_request_is_dropped(data: bytes, warm: WarmServer) -> None:
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(f"{warm.path}.run")
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)
        peer.settimeout(TIMEOUT)
        assert peer.recv(1) == b""
    assert warm.run("translate", stdin=b"Good morning!\n").stdout == b"Guten Morgen!\n"
