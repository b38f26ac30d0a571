"""``s2s serve`` as a process: its address, its signals, its socket."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import Run, command

ASK = {"q": "Where is the station?", "source": "en", "target": "de"}


@contextmanager
def serving(*arguments: object) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server and its address."""
    process = subprocess.Popen(command("serve", *arguments), stderr=subprocess.PIPE)
    assert process.stderr is not None
    try:
        found = None
        while not found:
            line = process.stderr.readline().decode()
            assert line, "it ended"
            found = re.search(r"listening on (\S+)", line)
        yield process, found[1]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.parametrize(
    ("sign", "end"),
    [
        (signal.SIGTERM, signal.SIGTERM),
        (signal.SIGINT, signal.SIGINT),
        (signal.SIGHUP, signal.SIGTERM),
    ],
)
def test_answers_until_a_signal_ends_it(sign: int, end: int) -> None:
    with serving("--port", 0) as (process, url):
        answer = httpx.post(f"{url}/translate", json=ASK, timeout=60)
        assert answer.json() == {"translatedText": "Wo ist der Bahnhof?"}
        process.send_signal(sign)
        assert process.wait(30) == -end
        assert process.stderr is not None
        log = process.stderr.read().decode()
        assert '"path": "/translate", "status": 200' in log
        assert "station" not in log
        assert "Traceback" not in log


def test_listens_on_a_socket_of_the_file_system(tmp_path: Path) -> None:
    path = tmp_path / "s2s.sock"
    with serving("--unix", path) as (process, address):
        assert address == f"unix:{path}"
        assert path.stat().st_mode & 0o777 == 0o600
        transport = httpx.HTTPTransport(uds=str(path))
        with httpx.Client(transport=transport, base_url="http://local", timeout=60) as client:
            assert client.post("/translate", json=ASK).status_code == 200
        second = subprocess.run(
            command("serve", "--unix", path), capture_output=True, timeout=60, check=False
        )
        assert second.returncode == 73
        process.kill()  # and leaves its socket behind
        process.wait()
    with serving("--unix", path) as (process, _):
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert not path.exists()


def test_keys_and_a_public_address(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("# ours\nsecret\n")
    with serving("--port", 0, "--api-key-file", keys) as (_, url):
        assert httpx.post(f"{url}/translate", json=ASK, timeout=60).status_code == 403
        headers = {"Authorization": "Bearer secret"}
        answer = httpx.post(f"{url}/translate", json=ASK, headers=headers, timeout=60)
        assert answer.status_code == 200
    process = subprocess.Popen(
        command("serve", "--port", 0, "--host", "0.0.0.0"), stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    assert b"anyone who can reach 0.0.0.0" in process.stderr.readline()
    process.kill()
    process.wait()
    process.stderr.close()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--host", "256.0.0.1"), 73, "256.0.0.1"),
        (("--unix", "/nowhere/s2s.sock"), 73, "/nowhere"),
        (("-m", "none"), 69, "none"),
        (("--api-key-file", "/nowhere"), 66, "/nowhere"),
        (("--memory-limit", "1"), 2, "memory-limit"),
        (("--unix", "x", "--port", "7"), 2, "--port"),
    ],
)
def test_refuses(s2s: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = s2s("serve", *arguments)
    assert done.returncode == code
    assert words in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_takes_the_socket_that_systemd_passes_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        code = (
            "import os, sys; os.environ['LISTEN_PID'] = str(os.getpid()); "
            f"os.dup2({listener.fileno()}, 3); os.set_inheritable(3, True); "
            "os.execv(sys.executable, [sys.executable, '-m', 's2scli', 'serve', '-q'])"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            pass_fds=[listener.fileno()],
            env={**os.environ, "LISTEN_FDS": "1"},
        )
    try:  # the request waits in the socket until the server is there
        answer = httpx.post(f"http://127.0.0.1:{number}/translate", json=ASK, timeout=60)
        assert answer.json() == {"translatedText": "Wo ist der Bahnhof?"}
    finally:
        process.kill()
        process.wait()


def test_origins_are_such_as_browsers_send(s2s: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("example.org", "http://a b", "http://a/page"):
        done = s2s("serve", "--cors", wrong)
        assert done.returncode == 2
        assert f"{wrong!r} is no origin" in done.stderr.decode()
    monkeypatch.setenv("S2S_SERVE_CORS", "http://house http://Garden:80/")
    with serving("--port", 0) as (_, url):
        for origin in ("http://house", "http://garden:80"):
            answer = httpx.get(f"{url}/languages", headers={"Origin": origin})
            assert answer.headers["access-control-allow-origin"] == origin
