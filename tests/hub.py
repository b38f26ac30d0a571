"""A small HTTP server on loopback that speaks the part of the hub's API that a download needs."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

__all__ = ["Hub", "Repository"]

LFS_BYTES = 20_000  # larger files are kept by their SHA-256 and fetched by a redirect
API = re.compile(r"/api/models/([\w.-]+/[\w.-]+)(?:/revision/([^?]+))?(?:\?.*)?")
RESOLVE = re.compile(r"/([\w.-]+/[\w.-]+)/resolve/([^/]+)/([^?]+)")
CDN = re.compile(r"/cdn/([0-9a-f]{64})")


@dataclass
class Repository:
    """A model on the server.

    Attributes:
        files: by name.
        licence: what its card declares.
        status: answered in the place of everything, if not 200.
        error: the hub's error code that goes with it.
        token: what a client must show, if anything.
        lies: files that are served with other bytes than announced.
        cut: of the next downloads of large files, after how many bytes the connection breaks.
        branches: by name, commits; "main" is always there.
    """

    files: dict[str, bytes]
    licence: str = "apache-2.0"
    status: int = 200
    error: str = ""
    token: str = ""
    lies: set[str] = field(default_factory=set)
    cut: list[int] = field(default_factory=list)

    @property
    def commit(self) -> str:
        """The commit: a hash of everything."""
        digest = hashlib.sha1(usedforsecurity=False)
        for name, content in sorted(self.files.items()):
            digest.update(name.encode() + content)
        return digest.hexdigest()

    @classmethod
    def of(cls, directory: Path, **options: Any) -> Repository:
        """A repository with the files of a directory."""
        return cls({path.name: path.read_bytes() for path in directory.iterdir()}, **options)


class Hub:
    """The server; use it as a context.

    Attributes:
        repositories: by hub id.
        served: name and first byte of each file whose content was sent.
        requests: how many there were.
    """

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.served: list[tuple[str, int]] = []
        self.requests = 0
        hub = self

        class Handler(_Handler):
            server_hub = hub

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Hub:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_hub: Hub

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server_hub.requests += 1
        for pattern, answer in ((API, self._api), (RESOLVE, self._resolve), (CDN, self._cdn)):
            if match := pattern.fullmatch(self.path.partition("?")[0]):
                answer(*match.groups())
                return
        self._send(404, b"")

    def _repository(self, hub_id: str, revision: str | None) -> Repository | None:
        """The repository, unless an error was answered."""
        repository = self.server_hub.repositories.get(hub_id)
        if repository is None:
            self._send(401, b"", {"X-Error-Code": "RepoNotFound"})
            return None
        if repository.status != 200:
            self._send(repository.status, b"", {"X-Error-Code": repository.error})
            return None
        if repository.token and self.headers.get("Authorization") != f"Bearer {repository.token}":
            self._send(401, b"", {"X-Error-Code": "RepoNotFound"})
            return None
        if revision not in (None, "main", repository.commit):
            self._send(404, b"", {"X-Error-Code": "RevisionNotFound"})
            return None
        return repository

    def _api(self, hub_id: str, revision: str | None) -> None:
        repository = self._repository(hub_id, revision)
        if repository is None:
            return
        siblings = []
        for name, content in repository.files.items():
            row: dict[str, Any] = {
                "rfilename": name,
                "size": len(content),
                "blobId": _git_hash(content),
            }
            if len(content) > LFS_BYTES:
                digest = hashlib.sha256(content).hexdigest()
                row["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 130}
            siblings.append(row)
        info = {
            "_id": "1",
            "id": hub_id,
            "modelId": hub_id,
            "sha": repository.commit,
            "siblings": siblings,
            "cardData": {"license": repository.licence} if repository.licence else {},
            "tags": [],
            "downloads": 0,
            "likes": 0,
            "private": False,
        }
        self._send(200, json.dumps(info).encode(), {"Content-Type": "application/json"})

    def _resolve(self, hub_id: str, revision: str, name: str) -> None:
        repository = self._repository(hub_id, revision)
        if repository is None:
            return
        content = repository.files.get(name)
        if content is None:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        headers = {"X-Repo-Commit": repository.commit}
        if len(content) > LFS_BYTES:
            digest = hashlib.sha256(content).hexdigest()
            headers |= {
                "X-Linked-Size": str(len(content)),
                "X-Linked-Etag": f'"{digest}"',
                # As with the real hub, on another host: the client follows others of its own.
                "Location": f"{self.server_hub.url}/cdn/{digest}".replace("127.0.0.1", "localhost"),
            }
            self._send(302, b"", headers)
            return
        headers["ETag"] = f'"{_git_hash(content)}"'
        self._note(name, 0)
        self._send(200, _lie(content) if name in repository.lies else content, headers)

    def _cdn(self, digest: str) -> None:
        for repository in self.server_hub.repositories.values():
            for name, content in repository.files.items():
                if hashlib.sha256(content).hexdigest() == digest:
                    served = _lie(content) if name in repository.lies else content
                    self._range(repository, name, served, digest)
                    return
        self._send(404, b"")

    def _note(self, name: str, start: int) -> None:
        if self.command == "GET":
            self.server_hub.served.append((name, start))

    def _range(self, repository: Repository, name: str, content: bytes, digest: str) -> None:
        headers = {"ETag": f'"{digest}"', "Accept-Ranges": "bytes"}
        start = int((re.match(r"bytes=(\d+)-", self.headers.get("Range", "")) or [0, 0])[1])
        if start >= len(content):
            self._send(416, b"", {"Content-Range": f"bytes */{len(content)}"})
            return
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self._note(name, start)
        cut = repository.cut.pop(0) if repository.cut and self.command == "GET" else None
        self._send(206 if start else 200, content[start:], headers, cut)

    def _send(
        self,
        status: int,
        body: bytes,
        headers: dict[str, str] | None = None,
        cut: int | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(body[:cut])
        if cut is not None:
            self.wfile.flush()
            self.close_connection = True
            self.connection.close()


def _git_hash(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _lie(content: bytes) -> bytes:
    return bytes([content[0] ^ 1]) + content[1:]
