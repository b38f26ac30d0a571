"""``--on ray`` where nothing runs: options that cannot be combined, no Ray, no cluster."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.conftest import Run

RAY = ("--on", "ray")


def complaint(s2s: Run, code: int, *arguments: object, **options: object) -> str:
    done = s2s("translate", *arguments, stdin=b"Hello!\n", **options)
    assert done.returncode == code, done.stderr
    assert done.stdout == b""
    assert done.stderr.count(b"\n") == 1, done.stderr
    return done.stderr.decode()


@pytest.mark.parametrize("option", ["--workers", "--cpus-per-worker", "--gpus-per-worker"])
def test_options_of_ray_need_ray(s2s: Run, option: str) -> None:
    line = complaint(s2s, 2, option, 2)
    assert f"{option} has no effect with --on local. Add --on ray" in line


def test_the_former_name_of_on_still_counts_and_warns(s2s: Run, tmp_path: Path) -> None:
    known = b"--engine is called --on now"
    done = s2s("translate", "--engine", "local", stdin=b"Hello!\n")
    assert (done.returncode, done.stdout) == (0, b"Hallo!\n")
    assert known in done.stderr
    assert b"Write --on local." in done.stderr
    assert b"--on ray" in s2s("translate", "--engine", "ray", "--threads", 1).stderr
    settings = tmp_path / "settings.yaml"
    settings.write_text("translate: {engine: local}\n")
    done = s2s("translate", stdin=b"Hello!\n", env={**os.environ, "S2S_CONFIG": str(settings)})
    assert done.stdout == b"Hallo!\n"
    assert known in done.stderr
    settings.write_text("translate: {on: local}\n")
    done = s2s("translate", stdin=b"Hello!\n", env={**os.environ, "S2S_CONFIG": str(settings)})
    assert (done.stdout, done.stderr) == (b"Hallo!\n", b"")
    line = s2s("translate", "--engine", "ray", "--on", "local", stdin=b"Hello!\n").stderr.decode()
    assert line == "s2s: --engine is the former name of --on. Give --on alone.\n"


def test_an_address_needs_ray(s2s: Run) -> None:
    assert "Add --on ray." in complaint(s2s, 2, "--address", "auto")


@pytest.mark.parametrize("option", ["--threads", "--device-index"])
def test_options_of_this_machine_are_none_of_ray(s2s: Run, option: str) -> None:
    assert f"{option} has no effect with --on ray" in complaint(s2s, 2, *RAY, option, 1)


@pytest.mark.parametrize("address", ["somewhere", "host:", ":80", "host:99999", "ray://host"])
def test_no_address(s2s: Run, address: str) -> None:
    assert "is not the address of a Ray cluster" in complaint(s2s, 2, *RAY, "--address", address)


def test_ray_is_an_extra(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "ray.py").write_text("raise ModuleNotFoundError('No module named ray')\n")
    line = complaint(s2s, 69, *RAY, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert line == "s2s: Ray is not installed. Install it with: pip install 's2scli[ray]'\n"


def test_nobody_at_the_address(s2s: Run) -> None:
    pytest.importorskip("ray")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # and it does not listen
        address = f"127.0.0.1:{free.getsockname()[1]}"
        assert f"Nobody answers at {address}" in complaint(s2s, 69, *RAY, "--address", address)
