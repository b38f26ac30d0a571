"""A real server on loopback, in a thread of the tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from s2scli.models.store import Installed, bundled_directory
from s2scli.server.app import application
from s2scli.server.limits import Rates, RequestLimits
from s2scli.server.loading import loader
from s2scli.server.pool import Pool
from s2scli.server.running import PROTOCOL
from s2scli.server.service import Service
from s2scli.server.sockets import listen_on
from s2scli.server.work import Workers
from tests.server.warm import WarmServer, warm_server

Start = Callable[..., "Running"]


class Running:
    """A server.

    Attributes:
        service: what it serves.
        url: its address.
        client: sends requests to it.
    """

    def __init__(self, service: Service, origins: tuple[str, ...] = ()) -> None:
        self.service = service
        listener = listen_on("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            application(service, origins), log_config=None, access_log=False, **PROTOCOL
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        self.client = httpx.Client(base_url=self.url, timeout=60)

    def close(self) -> None:
        self.client.close()
        self._server.should_exit = True
        self._thread.join(60)
        assert not self._thread.is_alive()


def bundled() -> Installed:
    return Installed.at(bundled_directory("en-de"))


@contextmanager
def running(
    models: tuple[Installed, ...] = (),
    *,
    limits: RequestLimits | None = None,
    workers: Workers | None = None,
    rate: int | None = None,
    memory: int | None = None,
    origins: tuple[str, ...] = (),
) -> Iterator[Running]:
    pool = Pool(models or (bundled(),), loader("cpu", 1), memory)
    service = Service(
        pool, workers or Workers(8, 100, 60.0), limits or RequestLimits(), Rates(rate)
    )
    server = Running(service, origins)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    """A server of the bundled model, with no limits that matter."""
    with running() as one:
        yield one


@pytest.fixture(scope="session")
def warm(
    tmp_path_factory: pytest.TempPathFactory, small_models: dict[str, Path]
) -> Iterator[WarmServer]:
    """A server that runs commands, as a process."""
    models = [part for path in small_models.values() for part in ("-m", path)]
    with warm_server(tmp_path_factory.mktemp("warm"), "-m", "en-de", *models) as one:
        yield one


@pytest.fixture
def copy(tmp_path: Path) -> Installed:
    """The bundled model under another place and name."""
    import json
    import shutil

    place = tmp_path / "copy"
    shutil.copytree(bundled_directory("en-de"), place)
    manifest = json.loads((place / "s2s.json").read_text())
    (place / "s2s.json").write_text(json.dumps({**manifest, "name": "copy"}))
    return Installed.at(place)
