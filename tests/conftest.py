"""Fixtures for all tests: the bundled model, small checkpoints, the command as a process."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import Labels, convert
from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from tests.forks import TIMEOUT, Forks
from tests.hub import Hub

# How long an example takes says more of the machine than of the code.
settings.register_profile("s2s", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("s2s")

GOLDEN = Path(__file__).parent / "golden"

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage once, after all tests are collected, and never again among them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _no_signal_is_ignored() -> None:
    """Whoever runs the tests may ignore signals, as ``nohup`` does; processes inherit that, but
    no handler."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Places for what tests keep that have no directory of their own; none is there yet."""
    root = tmp_path_factory.mktemp("homes")
    return (root / str(number) for number in count())


@pytest.fixture(autouse=True)
def _clean_environment(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, homes: Iterator[Path]
) -> None:
    """No test sees the settings of whoever runs it."""
    # To make a directory takes longer than most tests: only those that ask for one have it.
    asks = "tmp_path" in request.fixturenames
    home = request.getfixturevalue("tmp_path") / "home" if asks else next(homes)
    for name in list(os.environ):
        if name.startswith(("S2S_", "HF_", "_S2S", "TRANSFORMERS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("S2S_CONFIG", os.devnull)
    monkeypatch.setenv("S2S_HOME", str(home))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # a test that needs a hub brings its own


@pytest.fixture(scope="session")
def model() -> Model:
    """The bundled model on one CPU thread."""
    return Model(bundled_directory(DEFAULT_MODEL), place("cpu", threads=1))


@pytest.fixture(scope="session")
def golden_checkpoint() -> Path:
    """A small trained Marian checkpoint (its README says how it was made)."""
    return GOLDEN / "marian-tiny"


@pytest.fixture(scope="session")
def small_models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A T5 and a BART of ``tests/golden`` as models: hardly trained, but of real structure."""
    root = tmp_path_factory.mktemp("models")
    for name in ("t5", "bart"):
        labels = Labels(name=name, tasks=("summarize", "answer", "generate"))
        convert(GOLDEN / name, root / name, quantization="float32", labels=labels)
    return {name: root / name for name in ("t5", "bart")}


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """A process that forks itself for each command."""
    forks = Forks(tmp_path_factory.mktemp("forks"))
    yield forks
    forks.close()


@pytest.fixture
def s2s(forks: Forks) -> Run:
    """Run ``s2s`` as a process: arguments, and ``stdin=`` bytes; gives the finished process."""

    def run(
        *arguments: object, stdin: bytes = b"", **options: Any
    ) -> subprocess.CompletedProcess[bytes]:
        environment, folder = options.get("env", os.environ), options.get("cwd", Path.cwd())
        if options.keys() <= {"env", "cwd"} and forks.can_run(environment):
            return forks.run([*map(str, arguments)], stdin, environment, folder)
        return subprocess.run(
            command(*arguments),
            input=stdin,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
            **options,
        )

    return run


def command(*arguments: object) -> list[str]:
    """The command line that starts ``s2s`` with this interpreter."""
    return [sys.executable, "-m", "s2scli", *map(str, arguments)]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """A server that processes take for the hub."""
    with Hub() as server:
        monkeypatch.delenv("HF_HUB_OFFLINE")
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
        yield server
