"""Many clients at once, some of whom hang up: none of the others loses its answer."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from bench_serve import load

from s2scli.server.work import Workers
from tests.server.conftest import running

LINES = ["Yes.", "Good morning!", "I am hungry.", "The house is small."]


def test_each_of_many_clients_gets_its_own_answer() -> None:
    with running(workers=Workers(64, 1000, 60.0)) as server:
        port = urlsplit(server.url).port
        assert port
        found = asyncio.run(load(port, LINES, 64, 400, 1, hang_up=100))
        assert len(found.latencies) == 400
        assert found.wrong == 0
        sizes = server.service.pool.batches()["en-de"]
        assert max(sizes) > 4  # they share batches
