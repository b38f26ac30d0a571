"""Texts in several languages, each translated from its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import s2scli
from s2scli.api import TextModel
from s2scli.data import Result, Segment
from s2scli.errors import UsageError
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from s2scli.tasks.bylanguage import Interpreters, by_language
from tests.conftest import GOLDEN
from tests.pivots import install_pair

ENGLISH, GERMAN, FRENCH = "Where is the station?", "Wo ist der Bahnhof?", "Où est la gare ?"


@pytest.fixture(scope="module")
def loaded() -> Iterator[TextModel]:
    with s2scli.load("en-de", threads=1) as model:
        yield model


def test_texts_in_the_shape_of_the_input(loaded: TextModel, tmp_path: Path) -> None:
    install_pair(tmp_path / "home", "fr", "de")
    found = loaded.translate_each([ENGLISH, GERMAN, FRENCH, ""], beam_size=2)
    assert [result.segment.text for result in found] == [ENGLISH, GERMAN, FRENCH, ""]
    assert found[0].text == loaded.translate(ENGLISH, beam_size=2).text
    assert found[1].text == GERMAN
    assert [result.notes["detected"]["from"] for result in found] == ["en", None, "fr", None]
    assert found[2].hypotheses
    assert loaded.translate_each("Hi!", default="en").hypotheses
    assert loaded.translate_each("Hi!").text == "Hi!"
    several = loaded.translate_each(iter([ENGLISH] * 40))
    assert len([result.text for result in several]) == 40


def test_a_multilingual_model_reads_them_all(tmp_path: Path) -> None:
    convert(GOLDEN / "m2m100", tmp_path / "m2m100", quantization="float32")
    with s2scli.load(tmp_path / "m2m100", target="fr", threads=1) as model:
        found = model.translate_each([ENGLISH, GERMAN, FRENCH])
        assert [result.notes["detected"]["from"] for result in found] == ["en", "de", None]
        wanted = model.translate(GERMAN, source="de").text
        assert found[1].text == wanted
    with (
        s2scli.load(tmp_path / "m2m100", threads=1) as model,
        pytest.raises(UsageError, match="language of the output is missing"),
    ):
        model.translate_each(ENGLISH)


def test_options_reach_every_model(loaded: TextModel) -> None:
    found = loaded.translate_each(
        "Delete {name} in the settings?", protect=True, glossary={"settings": "Vorgaben"}, n_best=2
    )
    assert found.text.count("{name}") == 1
    assert "Vorgaben" in found.text
    assert len(found.hypotheses) == 2
    assert next(iter(found.notes)) == "detected"
    with pytest.raises(UsageError, match="beamsize"):
        loaded.translate_each(ENGLISH, beamsize=1)


def test_models_are_loaded_when_their_language_comes(loaded: TextModel, tmp_path: Path) -> None:
    install_pair(tmp_path / "home", "fr", "de")
    opened = []

    def open_(found: object, job: object) -> Model:
        opened.append(job)
        return loaded.model

    interpreters = Interpreters(loaded.model, "de", "", open_)

    def translate(segments: list[Segment], model: Model) -> Iterator[list[Result]]:
        yield [Result(segment) for segment in reversed(segments)]

    blocks = [[Segment(0, ENGLISH), Segment(1, GERMAN)], [Segment(2, FRENCH), Segment(3, ENGLISH)]]
    found = by_language(iter(blocks), interpreters, translate)
    assert [result.segment.index for result in next(found)] == [0, 1]
    assert opened == []
    assert [result.segment.index for result in next(found)] == [2, 3]
    assert len(opened) == 1
    assert interpreters.model("sv") is None
