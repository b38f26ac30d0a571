"""Commands that a server runs are the same to the byte as those that run by themselves."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run, command
from tests.server.warm import LINES, TEXT, WarmServer, warm_server


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command lines below name."""
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT)
    Path("bad.txt").write_bytes(b"Good \xff morning.\n")
    Path("docs").mkdir()
    Path("docs/a.md").write_text("# Hello\n\nGood *morning*, [friend](https://example.org).\n")
    Path("docs/b.txt").write_text(TEXT)
    Path("terms.tsv").write_text("station\tHaltestelle\n")
    Path("rows.jsonl").write_text('{"a": "Good morning!", "n": 1}\n{"a": "Tea?", "n": 2}\n')


PROSE = b"The cat sat on the mat. It was a fine day. The dog ran. Nobody saw it. They went home.\n"


TRANSLATE = (
    "",
    "a.txt",
    "- a.txt",
    "--beam 1",
    "--beam 5 --n-best 5 --format jsonl",
    "--format tsv --scores a.txt",
    "--n-best 2 --beam 2 --format nbest",
    "--format jsonl --alignments",
    "--alignments --attention --beam 1 --format jsonl a.txt",
    "--log-probs token --format jsonl",
    "--sample --seed 7 --temperature 0.8",
    "--search reference --beam 2 a.txt",
    "--replace-unknowns",
    "--glossary terms.tsv --protection",
    "--guard repair",
    "--rerank mbr:chrf --beam 4",
    "--alternatives 2 --format jsonl",
    "--prefix Wir",
    "--signature a.txt",
    "--compute-type int8_float32 --threads 1",
    "--compute-type float32 a.txt",
    "--from auto --to de a.txt",
    "--max-length 2",
    "--jsonl-field a --format jsonl rows.jsonl",
    "-o out.txt",
    "docs -o out/",
    "docs/a.md -o out.md",
    "-m none",
    "--beam 0",
    "--nothing",
    "no.txt",
    "bad.txt",
    "bad.txt --encoding-errors replace",
    "-o /nowhere/out.txt",
    "--help",
    "--help-all",
)
ROWS = [
    *(f"translate {rest}" for rest in TRANSLATE),
    "summarize -m T5",
    "summarize -m BART --format jsonl --evidence --length 5",
    "summarize -m BART docs -o out/",
    "answer -m T5 Who?",
    "answer -m T5 Who? --format jsonl",
    "generate -m BART --prompt {text}",
    "generate -m T5 --prompt {text} --n-best 3 --beam 3 --format jsonl",
    "generate -m T5",
]


def written(folder: Path) -> dict[str, bytes]:
    """All files, but for a journal's: that has times."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".s2s" not in str(path)
    }


def without_times(text: bytes) -> bytes:
    """The same without seconds and speeds, and columns in a table of them."""
    return re.sub(rb"\s+[\d.,]+(?=\s*\n)|\d+\.\d+ s\b.*|[ ]+", b" ", text)


@pytest.mark.parametrize("row", ROWS)
def test_commands_are_the_same_to_the_byte(
    row: str, warm: WarmServer, s2s: Run, small_models: dict[str, Path], tmp_path: Path
) -> None:
    names = {"T5": str(small_models["t5"]), "BART": str(small_models["bart"])}
    arguments = [names.get(part, part) for part in row.split()]
    stdin = LINES if arguments[0] == "translate" else PROSE
    found: list[tuple[object, ...]] = []
    for run in (s2s, warm.run):
        place = tmp_path / str(len(found))
        place.mkdir()
        for name in ("a.txt", "bad.txt", "terms.tsv", "rows.jsonl", "docs"):
            os.symlink(tmp_path / name, place / name)
        done = run(*arguments, stdin=stdin, cwd=place)
        found.append((done.returncode, done.stdout, without_times(done.stderr), written(place)))
    assert found[0] == found[1]


def test_the_model_is_that_of_the_server(warm: WarmServer) -> None:
    done = warm.run("translate", "-v", stdin=LINES)
    assert done.returncode == 0
    assert b"model en-de" in done.stderr
    assert b"not at the server" not in done.stderr
    assert b"loaded" in warm.run("server", "status").stdout


def test_what_commands_decode_is_counted(warm: WarmServer) -> None:
    def count(name: str) -> int:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(warm.path))
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            page = b"".join(iter(lambda: client.recv(1 << 16), b"")).decode()
        found = re.search(rf'^{name}{{model="en-de"}} (\d+)', page, re.MULTILINE)
        return int(found[1]) if found else 0

    names = ("s2s_command_sentences_total", "s2s_tokens_total")
    before = [count(name) for name in names]
    assert warm.run("translate", stdin=b"Good morning!\nI like tea.\n").returncode == 0
    sentences, tokens = (count(name) - was for name, was in zip(names, before, strict=True))
    assert sentences == 2
    assert tokens >= 4


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("--compute-type float32", "computes in int8_float32, not in float32"),
        ("-m COPY", "has not been started with this model"),
        ("--device auto", None),
    ],
)
def test_what_the_server_does_not_do_is_done_without_it_and_said(
    arguments: str, reason: str | None, warm: WarmServer, s2s: Run, tmp_path: Path
) -> None:
    import shutil

    from s2scli.models.store import bundled_directory

    if "COPY" in arguments:
        shutil.copytree(bundled_directory("en-de"), tmp_path / "COPY")
    given = ("translate", "-v", *arguments.split())
    done, alone = warm.run(*given, stdin=LINES), s2s(*given, stdin=LINES)
    assert (done.returncode, done.stdout) == (0, alone.stdout)
    said = [line for line in done.stderr.decode().splitlines() if "not at the server" in line]
    assert len(said) == (reason is not None)
    assert reason is None or reason in said[0]


def test_a_model_that_was_replaced_is_loaded_here(tmp_path: Path) -> None:
    import json
    import shutil

    from s2scli.models.store import bundled_directory

    place = tmp_path / "model"
    shutil.copytree(bundled_directory("en-de"), place)
    with warm_server(tmp_path, "-m", place) as server:
        assert b"not at" not in server.run("translate", "-v", "-m", place, stdin=LINES).stderr
        record = json.loads((place / "s2s.json").read_text())
        file = place / "model.bin"
        file.write_bytes(file.read_bytes()[:-1])
        damaged = server.run("translate", "-m", place, stdin=LINES)
        assert damaged.returncode == 65
        assert b"model.bin" in damaged.stderr
        record["files"]["model.bin"]["sha256"] = "0" * 64
        (place / "s2s.json").write_text(json.dumps(record))
        assert server.run("translate", "-m", place, stdin=LINES).returncode == 65


def test_no_server() -> None:
    environment = {**os.environ, "S2S_SERVER": f"unix:{Path.cwd()}/none.sock"}
    done = subprocess.run(
        command("translate"), env=environment, input=LINES, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (69, b"", 1)
    assert b"s2s serve --detach" in done.stderr
    done = subprocess.run(
        command("translate", "--server", "nowhere"), input=LINES, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)


def test_auto_takes_a_server_or_none(
    warm: WarmServer, s2s: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    alone = s2s("translate", stdin=LINES).stdout
    none = subprocess.run(
        command("translate", "-v", "--server=auto"), input=LINES, capture_output=True, check=False
    )
    assert (none.returncode, none.stdout) == (0, alone)
    assert b"not at the server: There is no server at unix:" in none.stderr
    (tmp_path / "s2s" / "server").mkdir(parents=True)
    (tmp_path / "s2s" / "server" / "socket.run").symlink_to(f"{warm.path}.run")
    one = subprocess.run(
        command("translate", "-v", "--server", "auto"),
        input=LINES,
        capture_output=True,
        check=False,
    )
    assert (one.returncode, one.stdout) == (0, alone)
    assert b"not at the server" not in one.stderr


def test_the_settings_may_name_a_server(warm: WarmServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for address, code in ((warm.address, 0), ("unix:/nowhere/s.sock", 69)):
        Path("config.yaml").write_text(f"translate:\n  server: {address}\n")
        monkeypatch.setenv("S2S_CONFIG", "config.yaml")
        done = subprocess.run(command("translate"), input=LINES, capture_output=True, check=False)
        assert done.returncode == code
        assert done.stderr.count(b"\n") == (code != 0)


def test_other_surroundings_are_no_servers(warm: WarmServer) -> None:
    environment = {**warm.environment, "OMP_NUM_THREADS": "7"}
    done = warm.run("translate", "-v", stdin=LINES, env=environment)
    assert done.returncode == 0
    assert b"other settings of: variables for Python and the engine" in done.stderr


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "en_US.UTF-8"])
def test_any_locale_with_utf_8_is_the_servers(locale: str, warm: WarmServer) -> None:
    environment = {**warm.environment, "LC_ALL": locale, "LONG": "x" * 100_000}
    done = warm.run("translate", "-v", stdin=b"Good morning!\n", env=environment)
    assert done.stdout == b"Guten Morgen!\n"
    assert b"not at the server" not in done.stderr
