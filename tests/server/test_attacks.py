"""What is sent to harm: each ends with a 4xx and a line, or the connection ends."""

from __future__ import annotations

import io
import json
import logging
import socket
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

from s2scli.documents.package import RATIO_FLOOR
from s2scli.server import files, protocol, reading
from s2scli.server.limits import RequestLimits
from s2scli.server.work import Workers
from tests.server.conftest import Running, running

ASK = {"q": "Where is the station?", "source": "en", "target": "de"}
BODY = json.dumps(ASK).encode()
HEAD = b"POST /translate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
WAIT = 30


def connected(server: Running) -> socket.socket:
    address = urlsplit(server.url)
    assert address.hostname
    assert address.port
    return socket.create_connection((address.hostname, address.port), timeout=WAIT)


def answer_to(server: Running, *parts: bytes) -> bytes:
    """All that comes back until the connection ends."""
    with connected(server) as connection:
        for part in parts:
            connection.sendall(part)
        found = b""
        while data := connection.recv(65536):
            found += data
        return found


def whole(body: bytes, more: bytes = b"") -> bytes:
    return HEAD + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(*chunks: bytes) -> bytes:
    parts = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in chunks)
    return HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + parts


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",  # TLS
        b"GET / HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 66_000,  # and no end
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 1_0\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n123456",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_http_ends_the_connection(server: Running, sent: bytes) -> None:
    found = answer_to(server, sent)
    assert found.split(b" ")[1] in (b"400", b"501"), found
    assert b"Traceback" not in found


def test_smuggled_requests_are_refused(server: Running) -> None:
    """A length and chunks at once: the length must not count."""
    sent = HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    found = answer_to(server, sent + body)
    assert found.count(b"HTTP/1.1 ") == 1


def test_requests_one_behind_the_other_are_answered_in_order(server: Running) -> None:
    texts = [f"Room {number} is free." for number in range(100, 108)]
    bodies = [json.dumps({**ASK, "q": text}).encode() for text in texts]
    last = whole(bodies[-1], b"Connection: close\r\n")
    found = answer_to(server, b"".join(map(whole, bodies[:-1])) + last)
    places = [found.index(b"%d" % number) for number in range(100, 108)]
    assert places == sorted(places)


def test_chunks_without_end_are_refused() -> None:
    with running(limits=RequestLimits(most_bytes=10_000)) as server:
        assert b" 413 " in answer_to(server, chunked(*[b"x" * 1000] * 20))
        length = b"Connection: close\r\nContent-Length: 99999999999999999999\r\n\r\n"
        assert b" 413 " in answer_to(server, HEAD + length)
        form = b"--x\r\nContent-Disposition: form-data; name=q\r\n\r\n" + b"y" * 20_000
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        sent = httpx.post(f"{server.url}/translate", content=iter([form]), headers=kind)
        assert sent.status_code == 413


@pytest.mark.parametrize("path", ["/translate", "/v2/translate", "/v1/translate"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"q":' + b"[" * 50_000, "application/json"),
        (b'{"q":' * 50_000, "application/json"),
        (b'{"q": "a", "q": "b"}', "application/json"),
        (b'{"q": "\\ud800"}', "application/json"),
        (b'{"q": 1e999}', "application/json"),
        (b'{"q": ' + b"9" * 5000 + b"}", "application/json"),
        (b'{"q": "x"}', "multipart/form-data"),
        (b"q=%ff", "application/x-www-form-urlencoded"),
        (b"q=x&" * 20_000, "application/x-www-form-urlencoded"),
        ("q".encode("utf-16"), "text/plain; charset=utf-16"),
        (b"<q>x</q>", "application/xml"),
    ],
)
def test_bodies_that_are_made_to_break_a_parser(
    server: Running, path: str, body: bytes, kind: str
) -> None:
    answer = server.client.post(path, content=body, headers={"Content-Type": kind})
    assert 400 <= answer.status_code < 500, answer.text
    assert "\n" not in answer.text.strip()
    assert server.client.get("/health").status_code == 200


NUMBERS = [
    ("/translate", "alternatives", -1),
    ("/translate", "alternatives", 10**30),
    ("/v1/translate", "beam_size", -4),
    ("/v1/translate", "n_best", 10**9),
    ("/v1/translate", "max_length", -1),
    ("/v1/translate", "max_length", "-2x"),
    ("/v1/translate", "length_penalty", 1e308),
    ("/v1/summarize", "length", "-5 words"),
]


@pytest.mark.parametrize(("path", "name", "value"), NUMBERS)
def test_numbers_out_of_range(server: Running, path: str, name: str, value: object) -> None:
    answer = server.client.post(path, json={**ASK, "text": "Yes.", name: value})
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": b"Bearer \xff\xfe"},
        {"Authorization": "Bearer " + "k" * 10_000},
        {"X-Forwarded-For": b"\xe2\x80\xae, ' OR 1=1 --"},
        {"X-Forwarded-Proto": "javascript", "Host": "evil.example:99999999"},
        {"Content-Type": b"application/json; charset=\xff"},
        {"Accept-Encoding": "\x7f"},
        {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "x"},
        {"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": "x"},
    ],
)
def test_odd_headers(headers: dict[str, str | bytes]) -> None:
    with running(limits=RequestLimits(keys=("schlüssel",))) as server:
        given: list[tuple[bytes, bytes]] = [
            (name.encode(), value if isinstance(value, bytes) else value.encode())
            for name, value in headers.items()
        ]
        answer = server.client.post("/translate", json=ASK, headers=given)
        assert answer.status_code == 403
        assert "uvicorn" not in str(answer.headers)


def test_a_key_of_other_characters_is_a_key() -> None:
    with running(limits=RequestLimits(keys=("schlüssel",))) as server:
        headers = [(b"Authorization", "Bearer schlüssel".encode())]
        assert server.client.post("/translate", json=ASK, headers=headers).status_code == 200
        fields = {**ASK, "api_key": "schlüssel"}
        assert server.client.post("/translate", json=fields).status_code == 200


NAMES = ["../../etc/cron.d/x.md", "/etc/passwd.md", "C:\\x\\y.md", "a\0.md", "x" * 5000 + ".md",
         "nul.md", ".md", "‮.md", "a/b\n.md"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_uploads_are_never_paths(name: str) -> None:
    with running() as server:
        form = {"source": "en", "target": "de", "filename": name}
        answer = server.client.post("/translate_file", data=form, files={"file": (name, b"Yes.")})
        assert answer.status_code in (200, 400)
        folder = server.service.files._folder
        if answer.status_code == 200:
            assert folder
            kept = {path.name for path in folder.rglob("*") if path.is_file()}
            ours = {files.IN_USE, ".s2s-journal.lock", ".s2s-journal.sqlite"}
            assert kept - ours == {"document.md"}


def bomb() -> bytes:
    """A document that is small and unpacks to much."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<a>" + b" " * (2 * RATIO_FLOOR))
    return data.getvalue()


def test_documents_that_unpack_to_very_much(server: Running) -> None:
    form = {"source": "en", "target": "de"}
    files = {"file": ("bomb.docx", bomb())}
    answer = server.client.post("/translate_file", data=form, files=files)
    assert answer.status_code in (400, 413)
    assert "\n" not in answer.text.strip()
    entities = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    files = {"file": ("x.xliff", entities)}
    answer = server.client.post("/translate_file", data=form, files=files)
    assert answer.status_code == 400
    assert "root:" not in answer.text


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A server with little patience."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(protocol, "WRITE_SECONDS", 0.5)
    monkeypatch.setattr(reading, "PAUSE", 0.5)
    limits = RequestLimits(most_characters=10**9, most_bytes=10**9)
    with running(limits=limits, workers=Workers(8, 100, 60.0)) as server:
        yield server


def test_who_sends_slowly_does_not_keep_a_place(hurried: Running) -> None:
    assert answer_to(hurried) == b""  # nothing at all
    assert b" 408 " in answer_to(hurried, HEAD)
    found = answer_to(hurried, HEAD + b"Connection: close\r\nContent-Length: 50\r\n\r\n{")
    assert b" 408 " in found
    assert b"slowly" in found
    form = b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 99\r\n\r\n--x"
    sent = b"POST /translate_file HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + form
    assert b" 408 " in answer_to(hurried, sent)
    # A byte now and then does not help.
    with connected(hurried) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(100):
                connection.sendall(b"G")
                time.sleep(0.02)
        with suppress(ConnectionResetError):
            while connection.recv(1000):
                pass
    assert hurried.service.workers.active == 0
    assert hurried.client.post("/translate", json=ASK).status_code == 200


def test_who_reads_nothing_does_not_keep_a_place(hurried: Running) -> None:
    # Blank lines pass by the model; their records are larger than all buffers.
    body = json.dumps({"text": [" " * 20_000] * 500, "stream": True}).encode()
    sent = b"POST /v1/translate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with connected(hurried) as connection:
        connection.sendall(sent + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        for busy in (True, False):
            end = time.monotonic() + WAIT
            while bool(hurried.service.workers.active) is not busy:
                assert time.monotonic() < end
                time.sleep(0.01)


def test_texts_are_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    secret = "xyzzy"
    caplog.set_level(logging.DEBUG)
    logging.getLogger("s2s.access").setLevel(logging.INFO)
    with running() as server:
        server.client.post(f"/translate?q={secret}", json={**ASK, "q": secret})
        server.client.post("/translate", json={**ASK, "q": [secret, 7]})
        server.client.post("/v2/translate", json={"text": secret, "target_lang": secret})
        server.client.get(f"/{secret}")
        server.client.post("/translate", content=b"\xff" + secret.encode())
        assert secret not in server.client.get("/metrics").text
    texts = [record.getMessage() for record in caplog.records if record.name != "httpx"]
    assert any("/v2/translate" in text for text in texts)
    assert not [text for text in texts if secret in text]
