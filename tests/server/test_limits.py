"""Who may ask, how much, how often, and what leaves the queue."""

from __future__ import annotations

import json
import select
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection

import httpx
import pytest

from s2scli.errors import UnavailableError, UsageError
from s2scli.flow.cancel import Cancel, CancelledError
from s2scli.models.store import Installed
from s2scli.server.limits import ForbiddenError, RateError, Rates, RequestLimits, read_keys
from s2scli.server.loading import loader
from s2scli.server.pool import ModelRequest, NoModelError, Pool, size_of
from s2scli.server.work import Workers
from tests.server.conftest import Running, bundled, running
from tests.server.test_attacks import connected

ASK = {"q": "Where is the station?", "source": "en", "target": "de"}
LONG = [f"The {n} houses are small, and the gardens behind them are large." for n in range(4000)]


def test_keys_are_needed_where_there_are_any() -> None:
    with running(limits=RequestLimits(keys=("first", "second"))) as server:
        client = server.client
        assert client.post("/translate", json=ASK).status_code == 403
        assert client.post("/translate", json={**ASK, "api_key": "other"}).status_code == 403
        assert client.post("/translate", json={**ASK, "api_key": "second"}).status_code == 200
        for scheme in ("Bearer", "DeepL-Auth-Key"):
            headers = {"Authorization": f"{scheme} first"}
            assert client.get("/v2/usage", headers=headers).status_code == 200
        for path in ("/v1/models", "/metrics", "/v2/languages"):
            assert client.get(path).status_code == 403
        assert client.get("/health").status_code == 200


@pytest.mark.parametrize("path", ["/v1/translate", "/translate_file", "/v2/document"])
def test_a_wrong_key_is_refused_before_the_body_comes(path: str) -> None:
    with running(limits=RequestLimits(keys=("first",))) as server, connected(server) as client:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer other\r\n"
        client.sendall(f"{head}Content-Length: 50000000\r\n\r\n".encode())
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 403")


def test_who_shows_a_key_in_the_form_alone_sends_small_files() -> None:
    limits = RequestLimits(keys=("first",), most_bytes=1 << 16)
    with running(limits=limits) as server:
        form = {"source": "en", "target": "de", "api_key": "first"}

        def send(size: int, **headers: str) -> httpx.Response:
            files = {"file": ("a.txt", b"Tea.\n" + b" " * size)}
            return server.client.post("/translate_file", data=form, files=files, headers=headers)

        assert send(100).status_code == 200
        refused = send(3 << 20)
        assert refused.status_code == 413
        assert "in a header" in refused.text
        assert send(3 << 20, Authorization="Bearer first").status_code == 200


def test_keys_are_read_from_lines() -> None:
    assert read_keys(["# ours", " one ", "", "two"]) == ("one", "two")
    RequestLimits().check_key(None)
    with pytest.raises(ForbiddenError):
        RequestLimits(keys=("ä",)).check_key("a")
    RequestLimits(keys=("ä",)).check_key("ä")


def test_a_client_that_asks_too_often_is_told_when_to_come_again() -> None:
    with running(rate=2) as server:
        codes = [server.client.post("/translate", json=ASK) for _ in range(3)]
        assert [answer.status_code for answer in codes] == [200, 200, 429]
        assert 1 <= int(codes[2].headers["Retry-After"]) <= 31


def test_each_client_has_a_rate_of_its_own() -> None:
    rates = Rates(1)
    rates.check("a")
    rates.check("b")
    with pytest.raises(RateError):
        rates.check("a")


@pytest.mark.parametrize(
    ("limits", "status"),
    [(RequestLimits(most_characters=10), 413), (RequestLimits(most_bytes=20), 413)],
)
def test_too_much_is_refused(limits: RequestLimits, status: int) -> None:
    with running(limits=limits) as server:
        answer = server.client.post("/v1/translate", json={"text": ASK["q"]})
        assert answer.status_code == status
        assert "more than" in answer.text
        assert server.client.post("/v1/translate", json={"text": "Yes"}).status_code == 200


def test_a_body_has_room_for_all_characters_that_a_request_may_have() -> None:
    limits = RequestLimits.of((), 500_000, 7)
    assert (limits.most_characters, limits.most_file_bytes) == (500_000, 7)
    with running(limits=limits) as server:
        # Each is two escapes of six bytes in JSON. Blank lines pass by the model.
        body = ('{"text": "' + "\\ud83d\\ude00" * 10 + "\\u2003" * 499_000 + '"}').encode()
        assert len(body) < limits.most_bytes
        kind = {"Content-Type": "application/json"}
        answer = server.client.post("/v1/translate", content=b" " * 3_000_000 + body, headers=kind)
        assert answer.status_code == 200, answer.text[:200]


def test_a_full_queue_answers_at_once() -> None:
    with running(workers=Workers(1, 0, 60.0)) as server, ThreadPoolExecutor(1) as threads:
        server.client.post("/translate", json=ASK)  # the model is loaded
        slow = threads.submit(server.client.post, "/v1/translate", json={"text": LONG[:100]})
        while not server.service.workers.active:
            time.sleep(0.001)
        answer = httpx.post(f"{server.url}/translate", json=ASK)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) >= 1
        assert slow.result().status_code == 200


def test_what_takes_too_long_ends() -> None:
    large = RequestLimits(most_characters=10**9)
    with running(workers=Workers(2, 10, 0.5), limits=large) as server:
        answer = server.client.post("/v1/translate", json={"text": LONG})
        assert answer.status_code == 503
        assert "took longer" in answer.text
        wait_for_silence(server)
        lines = httpx.post(
            f"{server.url}/v1/translate", json={"text": LONG[:1000], "stream": True}, timeout=60
        ).text.splitlines()
        assert "took longer" in lines[-1]


def test_a_client_that_hangs_up_leaves_the_queue() -> None:
    with running(limits=RequestLimits(most_characters=10**9, most_bytes=10**9)) as server:
        server.client.post("/translate", json=ASK)
        before = server.service.metrics.characters
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{server.url}/v1/translate", json={"text": LONG[:2000]}, timeout=0.5)
        wait_for_silence(server)
        done = server.service.metrics.characters - before
        assert done < sum(map(len, LONG[:2000])) / 2
        assert server.client.post("/translate", json=ASK).status_code == 200


def test_a_reader_who_goes_away_in_the_middle_of_a_stream() -> None:
    with running(limits=RequestLimits(most_characters=10**9, most_bytes=10**9)) as server:
        fields = {"text": LONG, "stream": True}
        with server.client.stream("POST", "/v1/translate", json=fields) as answer:
            next(answer.iter_lines())
        wait_for_silence(server)
        assert server.service.metrics.characters < sum(map(len, LONG)) / 2


def wait_for_silence(server: Running) -> None:
    """Wait until nothing is decoded any more."""
    end = time.monotonic() + 120
    counts = [-1, server.service.metrics.characters]
    while counts[-1] != counts[-2] or server.service.workers.active:
        assert time.monotonic() < end
        time.sleep(0.2)
        counts.append(server.service.metrics.characters)


def test_a_small_request_does_not_wait_for_a_large_one() -> None:
    with running(limits=RequestLimits(most_characters=10**9, most_bytes=10**9)) as server:
        server.client.post("/translate", json=ASK)
        with closing(HTTPConnection(server.url.removeprefix("http://"))) as large:
            body = json.dumps({"text": LONG[:500]})
            large.request("POST", "/v1/translate", body, {"Content-Type": "application/json"})
            while not server.service.workers.active:
                time.sleep(0.001)
            assert server.client.post("/translate", json=ASK).status_code == 200
            assert not select.select([large.sock], [], [], 0)[0], "the large one was answered"
            assert server.service.workers.active
        wait_for_silence(server)


def test_the_least_recently_used_model_leaves(copy: Installed) -> None:
    limit = size_of(copy) * 3 // 2
    pool = Pool((bundled(), copy), loader("cpu", 1), limit)
    first, second = pool.models
    with pool.use(first) as model:
        assert model.translate("Where is the station?").text == "Wo ist der Bahnhof?"
    with pool.use(second):
        assert list(pool.loaded()) == ["copy"]
    with pool.use(first):
        assert list(pool.loaded()) == ["en-de"]
    pool.close()
    with pytest.raises(UnavailableError, match="shutting down"), pool.use(first):
        pass


def test_a_model_in_use_stays(copy: Installed) -> None:
    pool = Pool((bundled(), copy), loader("cpu", 1), size_of(copy) * 3 // 2)
    first, second = pool.models
    order: list[str] = []

    def other() -> None:
        with pool.use(second):
            order.append("second")

    with pool.use(first):
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.2)
        order.append("first")
    thread.join(120)
    assert order == ["first", "second"]
    pool.close()


def test_a_model_that_cannot_be_loaded_stops_nobody(copy: Installed) -> None:
    (copy.directory / "model.bin").write_bytes(b"broken")
    with running((bundled(), copy)) as server:
        assert server.client.post("/translate", json=ASK).status_code == 200
        fields = {"text": "Good morning.", "model": "copy"}
        answer = server.client.post("/v1/translate", json=fields)
        assert answer.status_code == 400
        assert "model.bin" in answer.text
        assert server.client.post("/translate", json=ASK).status_code == 200


def test_models_that_do_not_fit() -> None:
    with pytest.raises(UsageError, match="memory-limit"):
        Pool((bundled(),), loader("cpu", 1), 1 << 20)
    with pytest.raises(UsageError, match="no model"):
        Pool((), loader("cpu", 1))
    pool = Pool((bundled(),), loader("cpu", 1))
    with pytest.raises(NoModelError, match="summarize"):
        pool.choose(ModelRequest("summarize"))


def test_a_switch_calls_who_watches_once() -> None:
    cancel, calls = Cancel(), list[str]()
    cancel.watch(lambda: calls.append("first"))
    forget = cancel.watch(lambda: calls.append("second"))
    forget()
    cancel.set()
    cancel.set()
    cancel.watch(lambda: calls.append("late"))
    assert calls == ["first", "late"]
    with pytest.raises(CancelledError):
        cancel.check()
