"""Archives of models: unpacked if they are plain, refused if they are not."""

from __future__ import annotations

import io
import os
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from s2scli.disk.archivenames import archive_name, is_archive
from s2scli.errors import InvalidModelError, MissingInputError, UnavailableError
from s2scli.models.archives import MAX_PLAIN, opened, unpack
from tests.conftest import GOLDEN, Run

SOURCE = GOLDEN / "marian-nmt"


def tarred(path: Path, *members: tarfile.TarInfo | tuple[str, bytes]) -> Path:
    """A gzipped tar archive of files and other members."""
    with tarfile.open(path, "w:gz") as file:
        for member in members:
            if isinstance(member, tuple):
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                file.addfile(info, io.BytesIO(member[1]))
            else:
                file.addfile(member)
    return path


def special(name: str, kind: bytes, target: str = "/etc/passwd") -> tarfile.TarInfo:
    """A member that is no plain file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return path


def files(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_names() -> None:
    assert is_archive("a/ende.student.tiny11.tar.gz")
    assert archive_name("a/ende.student.tiny11.tar.gz") == "ende.student.tiny11"
    assert archive_name("https://example.org/x/opus-2020.zip?raw=1") == "opus-2020"
    assert archive_name("M.TGZ") == "M"
    for name in ("owner/model", "https://huggingface.co/owner/model", "model.gz", "zip"):
        assert not is_archive(name)


def test_plain_archives(tmp_path: Path) -> None:
    wanted = {"a.txt": b"1", "b/c.txt": b"2"}
    tarred(tmp_path / "x.tgz", special("b", tarfile.DIRTYPE, ""), *wanted.items())
    zipped(tmp_path / "x.zip", ("b/", b""), *wanted.items(), ("__MACOSX/._a.txt", b"3"))
    for number, name in enumerate(("x.tgz", "x.zip")):
        unpack(tmp_path / name, tmp_path / str(number))
        assert files(tmp_path / str(number)) == wanted


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "a\\x", ".."])
def test_paths_that_lead_out(name: str, tmp_path: Path) -> None:
    archives = tarred(tmp_path / "x.tar.gz", (name, b"1")), zipped(tmp_path / "x.zip", (name, b"1"))
    for number, archive in enumerate(archives):
        directory = tmp_path / "in" / str(number)
        directory.parent.mkdir(exist_ok=True)
        with pytest.raises(InvalidModelError, match="leads out of it"):
            unpack(archive, directory)
    assert not files(tmp_path / "in")
    assert not Path("/x").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
)
def test_members_that_are_no_files(kind: bytes, tmp_path: Path) -> None:
    archive = tarred(tmp_path / "x.tar.gz", special("a", kind), ("a/b", b"1"))
    with pytest.raises(InvalidModelError, match="is not a regular file"):
        unpack(archive, tmp_path / "d")


def test_links_in_zip_archives(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a")
    link.external_attr = 0o120777 << 16
    with pytest.raises(InvalidModelError, match="is not a regular file"):
        unpack(zipped(tmp_path / "x.zip", (link, b"/etc/passwd")), tmp_path / "d")


def test_the_same_file_twice_and_a_file_as_a_directory(tmp_path: Path) -> None:
    for number, other in enumerate(("a", "./a", "a/b")):
        archive = tarred(tmp_path / f"{number}.tar.gz", ("a", b"1"), (other, b"2"))
        with pytest.raises(InvalidModelError, match="twice"):
            unpack(archive, tmp_path / str(number))


def test_bombs(tmp_path: Path) -> None:
    zeros = bytes(MAX_PLAIN + 1)
    for number, archive in enumerate(
        (tarred(tmp_path / "x.tar.gz", ("a", zeros)), zipped(tmp_path / "x.zip", ("a", zeros)))
    ):
        with pytest.raises(InvalidModelError, match="much more than its size"):
            unpack(archive, tmp_path / str(number))
        assert not files(tmp_path / str(number))


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("s2scli.models.archives.MAX_FILES", 3)
    archive = tarred(tmp_path / "x.tar.gz", *((str(number), b"") for number in range(4)))
    with pytest.raises(InvalidModelError, match="more than 3 files"):
        unpack(archive, tmp_path / "d")


@pytest.mark.parametrize("name", ["x.tar.gz", "x.zip", "x.tar.xz", "x.tar"])
def test_damaged_archives(name: str, tmp_path: Path) -> None:
    content = os.urandom(50_000)
    whole = (zipped if name == "x.zip" else tarred)(tmp_path / name, ("a", content)).read_bytes()
    for number, data in enumerate((b"no archive", whole[: len(whole) // 2], b"")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InvalidModelError, match="is damaged"):
            unpack(tmp_path / name, tmp_path / str(number))


def test_no_archive(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match="There is no file"):
        unpack(tmp_path / "x.zip", tmp_path / "d")


Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, dict[str, Answer]]]:
    """A server on loopback: its address, and what answers to each path."""
    answers: dict[str, Answer] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(self.path)
            if answer:
                answer(self)
            else:
                self.send_error(404)

        def log_message(self, *_: Any) -> None:
            """Nothing: the tests' output is not the server's log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        thread = threading.Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{found.server_port}", answers
        found.shutdown()
        thread.join()


def sends(data: bytes, claim: int | None = None) -> Answer:
    """Answers with data."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(data) if claim is None else claim))
        request.end_headers()
        request.wfile.write(data)

    return answer


def redirects(to: str) -> Answer:
    """Sends the client elsewhere."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", to)
        request.end_headers()

    return answer


def archive_of(path: Path, directory: Path, around: str = "") -> Path:
    """A gzipped tar archive of a directory's files."""
    members = [(f"{around}{each.name}", each.read_bytes()) for each in directory.iterdir()]
    return tarred(path, *members)


def test_a_model_is_pulled_from_an_archive(s2s: Run, tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "tiny.en-de.tar.gz", SOURCE, "some/folder/")
    done = s2s("models", "pull", archive)
    assert done.returncode == 0, done.stderr
    shown = s2s("models", "path", "tiny.en-de").stdout.decode().strip()
    assert Path(shown, "s2s.json").is_file()
    assert not list((Path(shown).parents[1] / "downloads").iterdir())
    done = s2s("translate", "-m", "tiny.en-de", "--beam", "1", stdin=b"Where is the station?\n")
    assert done.stdout.count(b"\n") == 1
    done = s2s("models", "pull", archive)
    assert b"exists already" in done.stderr
    assert s2s("models", "pull", archive, "--force").returncode == 0
    done = s2s("models", "pull", archive, "--revision", "main")
    assert b"is for models of the hub" in done.stderr


def test_a_model_is_pulled_from_a_directory(s2s: Run, tmp_path: Path) -> None:
    done = s2s("models", "pull", SOURCE, "--quantization", "float32")
    assert done.returncode == 0, done.stderr
    assert b"marian-nmt" in s2s("models", "list", "--installed").stdout


def test_a_model_is_pulled_from_an_address(
    s2s: Run, tmp_path: Path, server: tuple[str, dict[str, Answer]]
) -> None:
    address, answers = server
    archive = archive_of(tmp_path / "x.tar.gz", SOURCE).read_bytes()
    answers["/get/tiny.tar.gz?version=2"] = redirects("/real")
    answers["/real"] = sends(archive)
    done = s2s("convert", f"{address}/get/tiny.tar.gz?version=2", "-o", tmp_path / "m")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "m" / "s2s.json").is_file()


def test_addresses_that_fail(
    tmp_path: Path, server: tuple[str, dict[str, Answer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S2S_HOME", str(tmp_path / "home"))
    address, answers = server
    secret = tmp_path / "secret.zip"
    zipped(secret, ("a", b"1"))
    answers["/cut.zip"] = sends(b"12345", 1_000_000)
    answers["/local.zip"] = redirects(secret.as_uri())
    answers["/ftp.zip"] = redirects("ftp://127.0.0.1/x.zip")
    for path in ("/nothing.zip", "/cut.zip", "/local.zip", "/ftp.zip"):
        with pytest.raises(UnavailableError), opened(address + path, lambda *_: None):
            pass
    with pytest.raises(UnavailableError), opened("http://127.0.0.1:1/x.zip", lambda *_: None):
        pass
    assert not files(tmp_path / "home")
