"""What the APIs answer: to their own clients, and to plain requests."""

from __future__ import annotations

import json
from pathlib import Path

import deepl
import httpx
import libretranslatepy
import pytest

import s2scli
from s2scli.models.store import Installed
from s2scli.server.app import APIS
from tests.server.conftest import Running, bundled, running

STATION, HOUSE = "Where is the station?", "The house is small."


def test_libretranslates_own_client(server: Running) -> None:
    client = libretranslatepy.LibreTranslateAPI(f"{server.url}/")
    assert client.translate(STATION, "en", "de") == "Wo ist der Bahnhof?"
    assert client.languages() == [{"code": "en", "name": "English", "targets": ["de"]}]


def test_deepls_own_client(server: Running) -> None:
    client = deepl.DeepLClient("key", server_url=server.url)
    found = client.translate_text(STATION, target_lang="DE")
    assert isinstance(found, deepl.TextResult)
    assert (found.text, found.detected_source_lang) == ("Wo ist der Bahnhof?", "EN")
    several = client.translate_text([STATION, HOUSE], source_lang="EN", target_lang="DE")
    assert isinstance(several, list)
    assert [each.text for each in several] == ["Wo ist der Bahnhof?", "Das Haus ist klein."]
    assert [each.code for each in client.get_source_languages()] == ["EN"]
    assert [each.code for each in client.get_target_languages()] == ["DE"]
    count = client.get_usage().character.count
    assert count is not None
    assert count >= 2 * len(STATION)
    with pytest.raises(deepl.DeepLException, match="formality"):
        client.translate_text(STATION, target_lang="DE", formality="more")


PATHS = [
    endpoint.path
    for endpoints, _ in APIS
    for endpoint in endpoints
    if endpoint.method == "POST" and endpoint.fields and "{" not in endpoint.path
]


@pytest.mark.parametrize("path", PATHS)
def test_no_field_is_passed_over(server: Running, path: str) -> None:
    fields = {"speed": "9", "api_key": "any"}
    for sent in ({"data": fields, "files": {"file": ("a.txt", b"x")}}, {"json": fields}):
        answer = server.client.post(path, **sent)
        if answer.status_code == 400 and "speed" in answer.text:
            return
    pytest.fail(answer.text)


def test_numbers_may_be_written_in_any_way(server: Running) -> None:
    body = '{"text": "No.", "source": "en", "target": "de", "length_penalty": %s}'
    headers = {"Content-Type": "application/json"}
    for number, status in (("1.50", 200), ("15e-1", 200), ("1e999", 400), ("NaN", 400)):
        answer = server.client.post("/v1/translate", content=body % number, headers=headers)
        assert answer.status_code == status, answer.text
        assert status == 200 or "must be a number" in answer.text or "valid JSON" in answer.text


@pytest.mark.parametrize("kind", ["json", "data"])
def test_a_form_is_read_like_json(server: Running, kind: str) -> None:
    fields = {"q": STATION, "source": "en", "target": "de", "alternatives": "2"}
    sent = {"json": fields} if kind == "json" else {"data": fields}
    answer = server.client.request(
        "POST", "/translate", json=sent.get("json"), data=sent.get("data")
    )
    assert answer.status_code == 200
    found = answer.json()
    assert found["translatedText"] == "Wo ist der Bahnhof?"
    assert len(found["alternatives"]) == 2


def test_json_that_claims_to_be_a_form(server: Running) -> None:
    body = json.dumps({"q": [STATION, HOUSE], "source": "en", "target": "de"})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    found = server.client.post("/translate", content=body, headers=headers).json()
    assert len(found["translatedText"]) == 2


def test_tags_stay(server: Running) -> None:
    fields = {"q": f"<p>{STATION}</p>", "source": "en", "target": "de", "format": "html"}
    found = server.client.post("/translate", json=fields).json()["translatedText"]
    assert found.count("<p>") == found.count("</p>") == 1


def test_records_are_those_of_the_command_line(server: Running) -> None:
    fields = {"text": [STATION, "", "***"], "n_best": 2}
    found = server.client.post("/v1/translate", json=fields).json()["results"]
    with s2scli.load("en-de", threads=1) as model:
        texts = [result.text for result in model.translate([STATION, "", "***"], n_best=2)]
    assert [row["target"] for row in found] == texts
    assert [row["index"] for row in found] == [0, 1, 2]
    assert len(found[0]["hypotheses"]) == 2


def test_alternatives_part_in_one_place(server: Running) -> None:
    fields = {"text": "I like the old house.", "alternatives": 3, "at": "Ich "}
    (found,) = server.client.post("/v1/translate", json=fields).json()["results"]
    texts = [each["text"] for each in found["hypotheses"]]
    assert len({text.split()[1] for text in texts}) == len(texts) == 3
    assert all(text.startswith("Ich ") for text in texts)
    assert [0 < each["probability"] < 1 for each in found["alternatives"]] == [True] * 3


def test_records_are_streamed_as_json_lines(server: Running) -> None:
    fields = {"text": [f"{n} houses are small." for n in range(50)], "stream": True}
    with server.client.stream("POST", "/v1/translate", json=fields) as answer:
        rows = [json.loads(line) for line in answer.iter_lines()]
    assert [row["index"] for row in rows] == [*range(50)]
    assert answer.headers["content-type"].startswith("application/x-ndjson")


WRONG = [
    ("/translate", {"q": STATION, "source": "en"}, 400, "target"),
    ("/translate", {"source": "en", "target": "de"}, 400, "q must be"),
    ("/translate", {"q": 7, "source": "en", "target": "de"}, 400, "q must be"),
    ("/translate", {"q": STATION, "source": "en", "target": "xx"}, 400, "xx"),
    ("/translate", {"q": STATION, "source": "de", "target": "fr"}, 400, "from de to fr"),
    ("/translate", {"q": STATION, "source": "en", "target": "de", "format": "x"}, 400, "format"),
    ("/translate", {"q": "a\0b", "source": "en", "target": "de"}, 400, "NUL"),
    ("/v2/translate", {"text": STATION}, 400, "target_lang"),
    ("/v2/translate", {"text": STATION, "target_lang": "DE", "tag_handling": "x"}, 400, "tag"),
    ("/v2/translate", {"text": STATION, "target_lang": "DE", "glossary_id": "g"}, 404, "glossary"),
    ("/v2/translate", {"text": STATION, "target_lang": "FR"}, 404, "FR"),
    ("/v1/translate", {"text": STATION, "model": "none"}, 404, "none"),
    ("/v1/translate", {"text": STATION, "beam_size": 0}, 400, "beam_size"),
    ("/v1/translate", {"text": [STATION] * 2, "prefix": ["Wo"]}, 400, "prefix must be one text"),
    ("/v1/translate", {"text": STATION, "beam_size": "4"}, 400, "beam_size"),
    ("/v1/translate", {"text": STATION, "glossary": [1]}, 400, "glossary"),
    ("/v1/translate", {"text": STATION, "stream": "perhaps"}, 400, "stream"),
    ("/v1/translate", {"text": STATION, "alternatives": 0}, 400, "alternatives"),
    ("/v1/translate", {"text": STATION, "alternatives": "2"}, 400, "alternatives"),
    ("/v1/translate", {"text": STATION, "alternatives": True}, 400, "alternatives"),
    ("/v1/translate", {"text": STATION, "at": "Wo"}, 400, "at belongs"),
    ("/v1/translate", {"text": STATION, "alternatives": 2, "stream": True}, 400, "stream"),
    ("/v1/translate", {"text": STATION, "alternatives": 2, "guard": "warn"}, 400, "guard"),
]


@pytest.mark.parametrize(("path", "fields", "status", "words"), WRONG)
def test_wrong_requests_are_told_why(
    server: Running, path: str, fields: dict[str, object], status: int, words: str
) -> None:
    answer = server.client.post(path, json=fields)
    assert answer.status_code == status
    assert words in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b'{"a": 1, "a": 2}', b"[" * 100_000])
def test_bodies_that_are_no_json(server: Running, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = server.client.post("/v1/translate", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_other_paths_and_methods(server: Running) -> None:
    assert server.client.get("/nowhere").status_code == 404
    assert server.client.get("/translate").status_code == 405
    assert server.client.get("/health").json() == {"status": "ok"}


def test_the_description_names_every_operation(server: Running) -> None:
    found = server.client.get("/openapi.json").json()
    assert {"/translate", "/v1/translate", "/v2/translate", "/languages"} <= found["paths"].keys()
    page = server.client.get("/docs").text
    assert "/v2/translate" in page
    assert "http://" not in page.replace("http://127.0.0.1", "")


def test_pages_of_other_origins_may_not_ask_unless_they_are_named() -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    name = "access-control-allow-origin"
    with running(origins=("https://example.org",)) as server:
        assert server.client.options("/translate", headers=asked).headers[name]
        other = {**asked, "Origin": "https://example.com"}
        assert name not in server.client.options("/translate", headers=other).headers
    with running() as server:
        assert name not in server.client.options("/translate", headers=asked).headers


def test_metrics_count_requests_and_characters(server: Running) -> None:
    before = server.service.metrics.characters
    server.client.post("/translate", json={"q": STATION, "source": "en", "target": "de"})
    assert server.service.metrics.characters == before + len(STATION)
    page = server.client.get("/metrics").text
    assert 's2s_requests_total{method="POST",path="/translate",status="200"}' in page
    assert 's2s_characters_total{model="en-de"}' in page
    assert STATION not in page


def test_async_clients_get_their_own_texts(server: Running) -> None:
    import asyncio

    async def ask(client: httpx.AsyncClient, number: int) -> tuple[int, str]:
        fields = {"q": f"Room {number} is free.", "source": "en", "target": "de"}
        answer = await client.post("/translate", json=fields)
        return number, answer.json()["translatedText"]

    async def main() -> list[tuple[int, str]]:
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
            return await asyncio.gather(*(ask(client, number) for number in range(100, 140)))

    assert all(str(number) in text for number, text in asyncio.run(main()))


def test_other_tasks_give_the_records_of_their_commands(small_models: dict[str, Path]) -> None:
    models = (bundled(), Installed.at(small_models["t5"]))
    short = {"max_length": 8, "beam_size": 1}
    with running(models) as server:
        post = server.client.post
        fields = {"text": "Tom came home. " * 300, "length": "short", **short}
        (summary,) = post("/v1/summarize", json=fields).json()["results"]
        assert summary["chunks"] > 1
        fields = {"question": ["Who?", "When?"], "context": "Tom came home.", **short}
        answers = post("/v1/answer", json=fields).json()["results"]
        assert [each["question"] for each in answers] == ["Who?", "When?"]
        name = models[1].manifest.name
        fields = {"text": ["a", "b"], "prompt": "polite: {text}", "model": name, **short}
        lines = post("/v1/generate", json=fields).json()["results"]
        assert [each["source"] for each in lines] == ["a", "b"]
        pair = {"source_text": STATION, "target_text": "Wo ist der Bahnhof?"}
        (found,) = post("/v1/score", json=pair).json()["results"]
        assert len(found["tokens"]) == len(found["log_probabilities"])
        assert post("/v1/answer", json={"question": "Who?"}).status_code == 400
