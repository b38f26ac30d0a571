"""The manners of the process: slow pipes, closed pipes, signals, full disks, long lines."""

from __future__ import annotations

import os
import pty
import re
import resource
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from s2scli.models.convert.run import convert
from s2scli.models.integrity import damaged_files
from s2scli.models.manifest import Manifest
from tests.conftest import GOLDEN, Run, command

WAIT = 60  # seconds until a test gives up; no assertion on speed
SMALL = ("--batch-tokens", 200)  # the first lines come soon


@contextmanager
def running(*arguments: object, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    pipe = subprocess.PIPE
    settings: dict[str, object] = {"stdin": pipe, "stdout": pipe, "stderr": pipe, **options}
    process = subprocess.Popen(command(*arguments), **settings)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.kill()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()
        process.wait(WAIT)


def read_line(descriptor: int) -> bytes:
    data = b""
    deadline = time.monotonic() + WAIT
    while not data.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], deadline - time.monotonic())
        assert ready, f"no answer within {WAIT} s, only {data!r}"
        chunk = os.read(descriptor, 1)
        assert chunk, f"the end after {data!r}"
        data += chunk
    return data


@pytest.mark.parametrize("options", [(), ("--protection",), ("--protect", "ahn")])
def test_a_slow_pipe_gets_every_answer_at_once(options: tuple[str, ...]) -> None:
    with running("translate", *options) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(3):
            process.stdin.write(b"Where is the station?\n")
            process.stdin.flush()
            assert read_line(process.stdout.fileno()) == b"Wo ist der Bahnhof?\n"
        process.stdin.close()
        assert process.wait(WAIT) == 0


def test_a_terminal_gets_every_answer_at_once() -> None:
    ours, theirs = pty.openpty()
    try:
        with running("translate", stdin=theirs, stdout=theirs) as process:
            assert process.stderr
            assert b"Ctrl-D" in read_line(process.stderr.fileno())
            for _ in range(2):
                os.write(ours, b"Where is the station?\n")
                assert read_line(ours).strip() == b"Where is the station?"  # the terminal's echo
                assert read_line(ours).strip() == b"Wo ist der Bahnhof?"
            os.write(ours, b"\x04")
            assert process.wait(WAIT) == 0
    finally:
        os.close(ours)
        os.close(theirs)


def test_progress_is_for_terminals(tmp_path: Path) -> None:
    source = tmp_path / "lines"
    source.write_text("".join(f"I have {n} books.\n" for n in range(300)))
    command = (
        "translate",
        source,
        "--beam",
        1,
        "--guard",
        "off",
    )  # the model loses some of the numbers
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    try:
        with running(*command, "-o", tmp_path / "out", stderr=theirs, env=environment) as process:
            assert process.wait(WAIT) == 0
        written = b""
        while select.select([ours], [], [], 0)[0]:
            written += os.read(ours, 1 << 16)
        shown = written.decode()
        assert "lines/s" in shown
        assert "tokens/s" in shown
        with running(*command, "--no-progress", stderr=theirs, env=environment) as process:
            assert process.communicate(timeout=WAIT)[0].count(b"\n") == 300
        assert not select.select([ours], [], [], 0)[0]
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_reader_that_leaves_ends_the_run_quietly() -> None:
    with running("translate", "--beam", 1, *SMALL) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"".join(b"I have %d books.\n" % n for n in range(1000)))
        process.stdin.flush()  # and is not closed: more might come
        read_line(process.stdout.fileno())
        process.stdout.close()
        assert process.wait(WAIT) == -signal.SIGPIPE
        assert process.stderr.read() == b""


def test_help_into_a_closed_pipe_is_quiet() -> None:
    shell = f"{' '.join(command('translate', '--help'))} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, check=False)
    assert done.stderr == b""
    assert done.stdout in (b"141\n", b"0\n")  # 0 if the help was out before the reader left


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "a", "b", "--metric", "chrf"),
        ("score", "a", "b", "--metric", "chrf", "--json"),
        ("models", "list"),
        ("models", "path", "en-de"),
        ("translate", "a"),
        ("--version",),
        ("--help",),
    ],
)
def test_what_cannot_be_printed_is_no_success(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "a").write_text("A house.\n")
    (tmp_path / "b").write_text("A home.\n")
    shell = f"{' '.join(command(*arguments))} >&-"
    done = subprocess.run(["bash", "-c", shell], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 74
    assert re.fullmatch(rb"s2s: [^\n]*: Bad file descriptor\n", done.stderr)


@pytest.mark.parametrize("redirection", ["2>&-", "<&- 2>&-"])
def test_work_is_done_without_a_place_for_messages(redirection: str, tmp_path: Path) -> None:
    """No file gets the number of stderr, and what is meant for that."""
    arguments = command("convert", GOLDEN / "marian-tiny", "-o", tmp_path / "m")
    shell = f"{' '.join(map(str, arguments))} {redirection}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")
    assert not list(damaged_files(tmp_path / "m", Manifest.load(tmp_path / "m")))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_whole_lines_and_no_half_file(number: int, tmp_path: Path) -> None:
    lines = b"".join(b"I have %d books and she has none.\n" % n for n in range(20_000))
    source = tmp_path / "lines"
    source.write_bytes(lines)
    with running("translate", "--beam", 1, *SMALL, source) as process:
        assert process.stdout
        first = read_line(process.stdout.fileno())
        process.send_signal(number)
        rest, errors = process.communicate(timeout=WAIT)
        assert process.returncode == -number
        assert (first + rest).endswith(b"\n")
        assert errors == b""
    with running("translate", "-v", "--beam", 1, source, "-o", tmp_path / "out") as process:
        assert process.stderr
        read_line(process.stderr.fileno())
        process.send_signal(number)
        assert process.wait(WAIT) == -number
    assert list(tmp_path.iterdir()) == [source]


IN_A_FINALIZER = """
import os, sys, time, weakref
from s2scli.cli import main

class Value:
    pass

def run(arguments):
    value = Value()
    watch = weakref.ref(value, lambda _: os.kill(os.getpid(), int(sys.argv[1])))
    print("begun", flush=True)
    del value  # the callback runs, and Python drops what is raised in it
    time.sleep(60)

main.run = run
main.main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_in_a_finalizer_is_not_lost(number: int) -> None:
    """The import system has such callbacks: one of some hundred signals came within one."""
    program = [sys.executable, "-c", IN_A_FINALIZER, str(int(number))]
    done = subprocess.run(program, capture_output=True, timeout=WAIT, check=False)
    assert done.returncode == -number
    assert done.stdout == b"begun\n"
    assert done.stderr == b""


def test_a_signal_while_waiting_for_input() -> None:
    with running("translate") as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"Hello!\n")
        process.stdin.flush()
        read_line(process.stdout.fileno())
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT) == -signal.SIGINT


def test_a_full_disk(tmp_path: Path) -> None:
    source = tmp_path / "lines"
    source.write_text("".join(f"I have {n} books.\n" for n in range(400)))

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    target = tmp_path / "out"
    with running("translate", "--beam", 1, source, "-o", target, preexec_fn=limit) as process:
        _, errors = process.communicate(timeout=WAIT)
    assert process.returncode == 74
    assert errors.count(b"\n") == 1
    assert str(target).encode() in errors
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.slow
def test_fifty_megabytes_in_one_line(tmp_path: Path) -> None:
    sentence = b"Where is the station? "
    count = (50 << 20) // len(sentence)
    source = tmp_path / "line"
    source.write_bytes(sentence * count + b"\nI am hungry.\n")
    with running("translate", "--beam", 1, source) as process:
        output, errors = process.communicate(timeout=10 * WAIT)
    assert (process.returncode, errors) == (0, b"")
    long, short, end = output.split(b"\n")
    assert long == b"Wo ist der Bahnhof? " * count
    assert short
    assert end == b""


@pytest.mark.parametrize("megabytes", [100, 180, 290])
def test_too_little_address_space_for_numpy_is_one_line(
    s2s: Run, tmp_path: Path, megabytes: int
) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    model = tmp_path / "m"
    convert(GOLDEN / "marian-student", model, quantization="int8")
    for arguments in (
        ("translate", "-m", model, "--threads", 1),
        ("convert", GOLDEN / "marian-student", "-o", tmp_path / "n"),
    ):
        done = s2s(*arguments, stdin=b"Hello!\n", preexec_fn=limited)
        if done.returncode:
            assert done.returncode == 69
            (line,) = done.stderr.splitlines()
            assert line.startswith(b"s2s: There is not enough memory")


@pytest.mark.parametrize("words", ["translate", "doctor", f"convert {GOLDEN / 'bart'} -o /gone/x"])
def test_a_working_directory_that_has_been_removed(words: str, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    script = f"mkdir {gone} && cd {gone} && rmdir {gone} && {shlex.join(command())} {words}"
    done = subprocess.run(["sh", "-c", script], input=b"Hello!\n", capture_output=True, check=False)
    assert b"working directory has been removed" in done.stdout + done.stderr
    assert b"MKL" not in done.stderr
    assert done.returncode == (1 if words == "doctor" else 66)


EARLY = """
import os, signal, sys

class Impatient:
    def find_spec(self, name, path=None, target=None):
        if name == "s2scli.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Impatient())
from s2scli.start import main
main()
"""


def test_an_interrupt_before_anything_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", EARLY], capture_output=True, check=False)
    assert done.returncode == -signal.SIGINT
    assert not done.stderr
