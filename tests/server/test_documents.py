"""Documents, pieces of HTML, glossaries, and languages that are found."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import deepl
import httpx
import libretranslatepy
import pytest

from s2scli.data import Result
from s2scli.flow.cancel import Cancel
from s2scli.server import files
from s2scli.server.limits import RequestLimits
from s2scli.server.pool import ModelRequest
from tests.server.conftest import Running, running

STATION = "Where is the station?"
PAGE = "<p>Good <b>morning</b>.</p>\n<p>Where is the <a href='x'>station</a>?</p>\n"


def wait_until_gone(server: Running) -> None:
    """What is fetched goes when its client has it."""
    end = time.monotonic() + 10
    while left(server):
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def own() -> Iterator[Running]:
    """A server whose documents are those of one test."""
    with running() as one:
        yield one


def left(server: Running) -> list[Path]:
    """What there is of uploads on the disk."""
    folder = server.service.files._folder
    # A walk passes by what goes meanwhile.
    found = [Path(place, name) for place, _, names in os.walk(folder or "") for name in names]
    return [path for path in found if path.name != files.IN_USE]


def test_a_file_is_sent_and_fetched_as_libretranslate_does(own: Running) -> None:
    form = {"source": "en", "target": "de"}
    sent = own.client.post("/translate_file", data=form, files={"file": ("page.html", PAGE)})
    url = sent.json()["translatedFileUrl"]
    assert url.startswith(f"{own.url}/download_file/")
    answer = own.client.get(url)
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.text.count("<b>") == answer.text.count("<p>") / 2 == 1
    assert "href='x'>" in answer.text
    wait_until_gone(own)
    assert own.client.get(url).status_code == 404


@pytest.fixture
def awake(monkeypatch: pytest.MonkeyPatch) -> None:
    """DeepL's client sleeps for five seconds until it asks again; here for a hundredth of that."""
    clock = SimpleNamespace(time=time.time, sleep=lambda seconds: time.sleep(seconds / 100))
    monkeypatch.setattr("deepl.translator.time", clock)


@pytest.mark.usefixtures("awake")
def test_deepls_own_client_translates_a_document(own: Running, tmp_path: Path) -> None:
    source, target = tmp_path / "notes.md", tmp_path / "out.md"
    source.write_text(f"# Notes\n\n{STATION}\n")
    client = deepl.DeepLClient("key", server_url=own.url)
    done = client.translate_document_from_filepath(source, target, target_lang="DE")
    assert done.status == deepl.DocumentStatus.Status.DONE
    assert target.read_text().endswith("\n\nWo ist der Bahnhof?\n")
    wait_until_gone(own)


@pytest.mark.usefixtures("awake")
def test_deepls_own_client_is_told_why_a_document_fails(server: Running, tmp_path: Path) -> None:
    source = tmp_path / "broken.docx"
    source.write_bytes(b"no archive")
    client = deepl.DeepLClient("key", server_url=server.url)
    with pytest.raises(deepl.DocumentTranslationException, match=r"docx|archive|ZIP|zip"):
        client.translate_document_from_filepath(source, tmp_path / "out.docx", target_lang="DE")
    with pytest.raises(deepl.DeepLException, match="unknown"):
        client.translate_document(b"x", None, target_lang="DE", filename="x.exe")


def test_deepls_own_client_makes_and_uses_glossaries(server: Running) -> None:
    client = deepl.DeepLClient("key", server_url=server.url)
    assert [(p.source_lang, p.target_lang) for p in client.get_glossary_languages()] == [
        ("en", "de")
    ]
    made = client.create_glossary("ours", "EN", "DE", {"station": "Haltestelle"})
    assert made.entry_count == 1
    found = client.translate_text(STATION, source_lang="EN", target_lang="DE", glossary=made)
    assert isinstance(found, deepl.TextResult)
    assert "Haltestelle" in found.text
    assert [each.name for each in client.list_glossaries()] == ["ours"]
    assert client.get_glossary_entries(made) == {"station": "Haltestelle"}
    client.delete_glossary(made)
    with pytest.raises(deepl.GlossaryNotFoundException):
        client.get_glossary(made.glossary_id)
    with pytest.raises(deepl.DeepLException, match="glossary"):
        client.translate_text(STATION, source_lang="EN", target_lang="DE", glossary=made)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"entries": "a"}, "Entry 1"),
        ({"entries": "a\tb\na\tc"}, "twice"),
        ({"entries": " \n"}, "no entries"),
        ({"entries_format": "xml"}, "xml"),
        ({"target_lang": "FR"}, "to fr"),
        ({"name": ""}, "name"),
    ],
)
def test_glossaries_that_are_none(server: Running, changes: dict[str, str], words: str) -> None:
    fields = {
        "name": "x", "source_lang": "EN", "target_lang": "DE", "entries": "a\tb",
        "entries_format": "tsv",
    }  # fmt: skip
    answer = server.client.post("/v2/glossaries", json={**fields, **changes})
    assert answer.status_code == 400
    assert words in answer.text


def test_csv_of_entries(server: Running) -> None:
    fields = {
        "name": "x", "source_lang": "EN", "target_lang": "DE", "entries_format": "csv",
        "entries": '"a, b",c\nd,e,EN,DE\n',
    }  # fmt: skip
    made = server.client.post("/v2/glossaries", json=fields)
    assert made.status_code == 201
    rows = server.client.get(f"/v2/glossaries/{made.json()['glossary_id']}/entries").text
    assert rows == "a, b\tc\nd\te"


def test_html_keeps_its_tags_on_their_words(server: Running) -> None:
    fields = {"q": PAGE, "source": "en", "target": "de", "format": "html"}
    text = server.client.post("/translate", json=fields).json()["translatedText"]
    assert text.count("<a href='x'>") == text.count("</b>") == 1
    answer = server.client.post("/translate", json={**fields, "alternatives": 2})
    assert answer.status_code == 400
    client = deepl.DeepLClient("key", server_url=server.url)
    found = client.translate_text(PAGE, target_lang="DE", tag_handling="html")
    assert isinstance(found, deepl.TextResult)
    assert found.text == text


def test_line_breaks_stay(server: Running) -> None:
    fields = {"q": f"{STATION}\n\n{STATION}\r\n", "source": "en", "target": "de"}
    text = server.client.post("/translate", json={**fields, "alternatives": 1}).json()
    assert text["translatedText"] == "Wo ist der Bahnhof?\n\nWo ist der Bahnhof?\r\n"
    assert text["alternatives"][0].count("\n") == 3


def test_languages_are_found(server: Running) -> None:
    german = "Guten Morgen, wo ist denn hier der nächste Bahnhof?"
    client = libretranslatepy.LibreTranslateAPI(f"{server.url}/")
    assert client.detect(german)[0]["language"] == "de"
    english = "Good morning, where is the nearest station, please?"
    fields = {"q": english, "source": "auto", "target": "de"}
    found = server.client.post("/translate", json=fields).json()
    assert found["detectedLanguage"]["language"] == "en"
    several = server.client.post("/translate", json={**fields, "q": [german, english, "ok", "5"]})
    answer = several.json()
    assert [each["language"] for each in answer["detectedLanguage"]] == ["de", "en", "en", "en"]
    assert answer["translatedText"][0] == german
    assert answer["translatedText"][1] == found["translatedText"] != english
    assert answer["translatedText"][3] == "5"


FRENCH = "Bonjour, pouvez-vous me dire où se trouve la gare la plus proche ?"


def test_a_language_without_a_model_is_refused(server: Running) -> None:
    for path, fields in (
        ("/translate", {"q": FRENCH, "source": "auto", "target": "de"}),
        ("/v2/translate", {"text": [STATION, FRENCH], "target_lang": "DE"}),
    ):
        answer = server.client.post(path, json=fields)
        assert answer.status_code == 400
        assert "seems to be in French" in answer.text
    fields = {"q": [FRENCH] * 2000, "source": "auto", "target": "de"}
    assert server.client.post("/translate", json=fields).status_code == 413


def test_texts_already_translated_stay(server: Running) -> None:
    client = deepl.DeepLClient("key", server_url=server.url)
    german = "<p>Wo ist denn hier der nächste Bahnhof?</p>"
    found = client.translate_text([german, STATION], target_lang="DE", tag_handling="html")
    assert isinstance(found, list)
    assert [each.text for each in found] == [german, "Wo ist der Bahnhof?"]
    assert [each.detected_source_lang for each in found] == ["DE", "EN"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("Wo ist denn hier der nächste Bahnhof?", "already in German"), (FRENCH, "French")],
)
def test_documents_of_other_languages_are_refused(server: Running, text: str, words: str) -> None:
    file = {"file": ("a.md", text.encode())}
    form = {"source": "auto", "target": "de"}
    answer = server.client.post("/translate_file", data=form, files=file)
    assert answer.status_code == 400
    assert words in answer.text
    client = deepl.DeepLClient("key", server_url=server.url)
    with pytest.raises(deepl.DocumentTranslationException, match=words):
        client.translate_document(text.encode(), io.BytesIO(), target_lang="DE", filename="a.md")


WRONG = [
    ({"files": {"file": ("a.exe", b"x")}}, 400, "unknown"),
    ({"files": {"file": ("../../a", b"x")}}, 400, "unknown"),
    ({"files": {"other": ("a.md", b"x")}}, 400, "file"),
    ({"files": {"file": ("a.md", b"x" * 5000)}}, 413, "more than"),
    ({"data": {"file": "a.md"}}, 400, "file"),
    ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "form"),
    ({"files": [("file", ("a.md", b"x")), ("file", ("b.md", b"x"))]}, 400, "form"),
]


@pytest.mark.parametrize(("sent", "status", "words"), WRONG)
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/translate_file", {"source": "en", "target": "de"}),
        ("/v2/document", {"target_lang": "DE"}),
    ],
)
def test_forms_that_are_none(
    path: str, form: dict[str, str], sent: dict[str, Any], status: int, words: str
) -> None:
    with running(limits=RequestLimits(most_file_bytes=1000)) as server:
        fields = {} if "content" in sent else {"data": {**form, **sent.get("data", {})}}
        answer = server.client.post(path, **{**sent, **fields})
        assert answer.status_code == status, answer.text
        assert words in answer.text
        assert not left(server)


def test_documents_of_others_are_not_found(own: Running) -> None:
    sent = own.client.post(
        "/v2/document", data={"target_lang": "DE"}, files={"file": ("a.md", b"Yes.\n")}
    ).json()
    place = f"/v2/document/{sent['document_id']}"
    for key in ("", "x", sent["document_id"]):
        assert own.client.post(place, json={"document_key": key}).status_code == 404
    key = {"document_key": sent["document_key"]}
    while (state := own.client.post(place, json=key).json())["status"] != "done":
        assert 0 <= state["progress"] <= 1
        time.sleep(0.05)
    assert state["progress"] == 1
    assert own.client.post(f"{place}/result", json=key).status_code == 200
    wait_until_gone(own)
    assert own.client.post(place, json=key).status_code == 404
    assert own.client.get("/download_file/../../etc/passwd").status_code == 404
    assert own.client.get("/download_file/%2e%2e%2fx").status_code == 404


def test_a_document_says_how_far_it_is(own: Running) -> None:
    seen: list[tuple[int, int]] = []

    class Watched(files.Upload):
        __slots__ = ()

        def finished(self, results: Sequence[Result]) -> None:
            super().finished(results)
            seen.append((self.done, self.texts))

    document = own.service.files.add("a.md", b"".join(b"Room %d.\n\n" % n for n in range(60)))
    fields = {name: getattr(document, name) for name in ("number", "key", "folder", "extension")}
    watched = Watched(**fields, created=document.created)
    assert watched.progress == 0
    with own.service.model(ModelRequest("translate", "en", "de"), Cancel()) as session:
        watched.translate(session, "en", "de")
    assert seen[-1] == (60, 60)
    assert len(seen) > 1
    assert watched.progress == 1


def test_documents_leave_after_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = files.Files(2)
    first = kept.add("a.md", b"x")
    assert kept.get(first.number) is first
    monkeypatch.setattr(files, "LIFETIME", -1.0)
    assert kept.get(first.number) is None
    assert not first.folder.exists()
    kept.close()


def test_nothing_is_left_when_the_server_ends() -> None:
    with running() as server:
        server.client.post(
            "/v2/document", data={"target_lang": "DE"}, files={"file": ("a.md", b"Yes.\n")}
        )
        folder = server.service.files._folder
        assert folder is not None
        assert folder.exists()
    assert not folder.exists()


def test_what_a_killed_server_leaves_goes_when_one_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    command = [sys.executable, "-m", "s2scli", "serve", "-m", "en-de", "--port", "0"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with started(command, environment) as (process, url):
        sent = httpx.post(
            f"{url}/v2/document",
            data={"target_lang": "DE"},
            files={"file": ("a.md", b"A secret.\n" * 300)},
        )
        assert sent.status_code == 200
        (folder,) = tmp_path.glob("s2s.uploads.*")
        os.utime(folder, (0, 0))
        files.remove_left_over()
        assert folder.exists()  # its server runs
        process.kill()
        process.wait()
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{url}/health")
        assert folder.exists()
    other = tmp_path / "s2s.uploads.link"
    other.symlink_to(tmp_path)
    with started(command, environment) as (_, url):
        assert httpx.get(f"{url}/health").status_code == 200
        assert not folder.exists()
        assert other.is_symlink()


def test_the_size_of_a_document_is_an_option() -> None:
    command = [sys.executable, "-m", "s2scli", "serve", "-m", "en-de", "--port", "0"]
    with started([*command, "--max-file-size", "1"], dict(os.environ)) as (_, url):
        form = {"source": "en", "target": "de"}
        for size, status in (((1 << 20) + 1, 413), (20, 200)):
            files = {"file": ("a.txt", b" " * size)}
            answer = httpx.post(f"{url}/translate_file", data=form, files=files, timeout=60)
            assert answer.status_code == status, answer.text


@contextmanager
def started(
    command: list[str], environment: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server as a process of its own, and its address."""
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            while not (found := re.search(r"listening on (\S+)", process.stderr.readline())):
                assert process.poll() is None
            yield process, found[1]
        finally:
            process.terminate()
