"""Continuations that part in one place: from Python and from the command line."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

import s2scli
from s2scli.errors import BadInputError, UsageError
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN, Run

TEXT = "Where is the station?"


@pytest.fixture(scope="module")
def model() -> Any:
    with s2scli.load("en-de", threads=1) as loaded:
        yield loaded


def firsts_of(result: Any) -> list[tuple[str, float]]:
    return [(each["token"], each["probability"]) for each in result.notes["alternatives"]]


@pytest.mark.parametrize("at", ["", "Wo ist"])
def test_first_tokens_are_the_likeliest_and_scores_those_of_the_model(model: Any, at: str) -> None:
    result = model.alternatives(TEXT, 4, at=at, beam_size=1)
    firsts = firsts_of(result)
    assert len(result.hypotheses) == len(firsts) == len({token for token, _ in firsts}) == 4
    chances = [chance for _, chance in firsts]
    assert chances == sorted(chances, reverse=True)
    inner = model.model
    source = inner.source(inner.encode([TEXT])[0])
    prefix = list(inner.prefix(at))
    for hypothesis, (token, chance) in zip(result.hypotheses, firsts, strict=True):
        assert hypothesis.text.startswith(at)
        greedy = model.decoding("translate", beam_size=1, prefix=(*prefix, token))
        (rest,) = inner.submit([source], greedy).result()[0]
        assert hypothesis.text == rest.text
        assert hypothesis.tokens == rest.tokens + 1
        total = rest.score * rest.tokens + math.log(chance)
        assert hypothesis.score * hypothesis.tokens == pytest.approx(total, abs=1e-2)
        (row,) = inner.score([source], [[*prefix, token]])
        assert math.exp(row[len(prefix)]) == pytest.approx(chance, rel=0.1)  # int8
    assert result.text == model.translate(TEXT, prefix=at or None, beam_size=1).text


def test_a_translation_may_end_in_the_place(model: Any) -> None:
    whole = model.translate(TEXT).text
    result = model.alternatives(f" {TEXT} ", 2, at=whole)
    assert firsts_of(result)[0][0] == "</s>"
    assert result.hypotheses[0].text == f" {whole} "
    assert result.hypotheses[0].tokens == 1
    assert result.hypotheses[1].text.startswith(f" {whole}")
    longer = model.alternatives(TEXT, 2, at=whole, min_length=20)
    assert "</s>" not in dict(firsts_of(longer))


def test_what_is_forbidden_does_not_come(model: Any) -> None:
    free = firsts_of(model.alternatives(TEXT, 3))
    first, second, third = (token for token, _ in free)
    forbidden = [[first], [second, third]]
    found = [token for token, _ in firsts_of(model.alternatives(TEXT, 3, suppress=forbidden))]
    assert len(found) == 3
    assert first not in found
    assert second in found
    after = model.alternatives(TEXT, 5, prefix=(second,), suppress=forbidden)
    assert third not in dict(firsts_of(after))


def test_every_text_has_its_own_and_some_none(model: Any) -> None:
    texts = [TEXT, "", "Good morning!", "…", TEXT]
    found = model.alternatives(texts, 2)
    assert [len(result.hypotheses) for result in found] == [2, 0, 2, 0, 2]
    assert [result.text for result in found][1:4:2] == ["", "…"]
    assert found[0].hypotheses == found[4].hypotheses == model.alternatives(TEXT, 2).hypotheses
    assert next(model.alternatives(iter(texts), 2)).hypotheses == found[0].hypotheses


def test_what_cannot_be_is_refused(model: Any) -> None:
    for count in (0, 101):
        with pytest.raises(UsageError, match="from 1 to 100"):
            model.alternatives(TEXT, count)
    for wrong in (True, "3"):
        with pytest.raises(UsageError, match="must be a whole number"):
            model.alternatives(TEXT, wrong)
    for options in ({"sample": True}, {"n_best": 2}, {"bogus": 1}):
        with pytest.raises(UsageError):
            model.alternatives(TEXT, **options)
    for text in ("word " * 300, "one\ttwo"):
        with pytest.raises(BadInputError, match="Line 1 is translated in parts"):
            model.alternatives(text)
    with pytest.raises((BadInputError, UsageError), match="prefix"):
        model.alternatives(TEXT, at="Wo ist der", max_length=4)


def test_a_model_of_our_own_search(tmp_path: Path) -> None:
    """By ONNX Runtime; its targets begin with a token that is forced."""
    convert(GOLDEN / "led", tmp_path / "led", quantization="float32")
    with s2scli.load(tmp_path / "led", threads=1) as model:
        found = model.alternatives(TEXT, 3, beam_size=1, max_length=20)
        assert len(found.hypotheses) == 3
        assert found.text == model.translate(TEXT, beam_size=1, max_length=20).text


def test_targets_that_begin_with_a_language(tmp_path: Path) -> None:
    convert(GOLDEN / "mbart25", tmp_path / "mbart25", quantization="float32")
    with s2scli.load(tmp_path / "mbart25", source="en", target="de", threads=1) as model:
        found = model.alternatives(TEXT, 3, beam_size=1, max_length=20)
        assert len(found.hypotheses) == 3
        assert found.text == model.translate(TEXT, beam_size=1, max_length=20).text


def test_formats(s2s: Run, tmp_path: Path) -> None:
    lines = f"{TEXT}\n\nGood morning!\n".encode()
    options = ("translate", "--alternatives", 2, "--threads", 1)
    done = s2s(*options, "--format", "jsonl", "--at", "Wo", stdin=lines)
    assert (done.returncode, done.stderr) == (0, b"")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [len(record["hypotheses"]) for record in records] == [2, 0, 2]
    assert [len(record["alternatives"]) for record in records] == [2, 0, 2]
    assert records[0]["target"].startswith("Wo ")
    rows = s2s(*options, "--format", "tsv", stdin=lines).stdout.decode().splitlines()
    assert [row.count("\t") for row in rows] == [2] * 5
    assert 0.5 < float(rows[0].split("\t")[2]) < 1
    rows = s2s(*options, "--format", "nbest", stdin=lines).stdout.decode().splitlines()
    assert " First= 0." in rows[0]
    places = tmp_path / "places"
    places.write_text("Wo\n\nSchönen\n")
    done = s2s(*options, "--format", "tsv", "--prefix-file", places, stdin=lines)
    assert done.stdout.decode().splitlines()[-1].split("\t")[1].startswith("Schönen ")
    assert s2s(*options, stdin=lines).returncode == 2  # text has no place for two
    one = s2s("translate", "--alternatives", 1, "--threads", 1, stdin=lines)
    assert one.stdout.decode().splitlines()[0] == "Wo ist der Bahnhof?"
