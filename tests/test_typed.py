"""Values of wrong types from Python: each call of the library refuses them by their name."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import s2scli
from s2scli.api import TextModel, load
from s2scli.documents.base import FormatOptions
from s2scli.errors import BadInputError, S2SError, UsageError, WrongTypeError
from s2scli.typed import typed

# Methods that take what s2s itself has made.
INNER = {"open", "close", "follow", "beside", "reranker"}
WRONG = [None, 5, 1.5, True, b"x", [["x"]], [None], [5], [b"x"], {"a": 1}, {5: "x"}, object()]
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def model() -> TextModel:
    return load("en-de", threads=1)


@pytest.fixture
def calls(model: TextModel, tmp_path: Path) -> dict[str, tuple[Call, dict[str, Any]]]:
    """Every public call with what it needs at least."""
    (tmp_path / "a.txt").write_text("Hello!\n")
    folder = {"model": model, "inputs": tmp_path, "output": tmp_path / "out"}
    return {
        "load": (load, {}),
        "pipeline": (s2scli.pipeline, {"task": "translation", "model": model}),
        "rerank": (s2scli.rerank, {"hypotheses": [["a", "b"]]}),
        "translate_folder": (s2scli.translate_folder, folder),
        "summarize_folder": (s2scli.summarize_folder, folder),
        "translate": (model.translate, {"texts": "Hello!"}),
        "translate_each": (model.translate_each, {"texts": "Hello!"}),
        "alternatives": (model.alternatives, {"texts": "Hello!"}),
        "explain": (model.explain, {"text": "Hello!"}),
        "generate": (model.generate, {"texts": "Hello!"}),
        "summarize": (model.summarize, {"documents": "Hello!"}),
        "answer": (model.answer, {"questions": ("Who?", "Tom.")}),
        "score": (model.score, {"sources": "Hello!", "targets": "Hallo!"}),
        "caption": (model.caption, {"images": "a.png"}),
        "decoding": (model.decoding, {"task": "translate"}),
        "signature": (model.signature, {"task": "translate"}),
        "speaking": (model.speaking, {"source": "en", "target": "de"}),
        "doing": (model.doing, {"task": "translate"}),
    }


def test_the_table_has_every_call(calls: dict[str, Any]) -> None:
    functions = {name for name in s2scli.__all__ if inspect.isfunction(getattr(s2scli, name))}
    methods = {name for name, _ in inspect.getmembers(TextModel, inspect.isroutine)}
    public = {name for name in methods if not name.startswith("_")} - INNER
    assert set(calls) == functions | public


def refused(call: Call, arguments: dict[str, Any], name: str) -> None:
    try:
        found = call(**arguments)
        if isinstance(found, Iterator):
            list(found)
    except S2SError:
        return
    except Exception as error:
        pytest.fail(f"{name}={arguments[name]!r}: {error!r}")
    pytest.fail(f"{name}={arguments[name]!r} was taken")


def may_be(value: object, written: str) -> bool:
    """Whether an annotation names the type of a value, or that of its items."""
    if "Any" in written:
        return True
    names = set(re.findall(r"\w+", written))
    if isinstance(value, list | dict):
        return False
    return type(value).__name__.replace("NoneType", "None") in names or (
        "float" in names and type(value) is int
    )


def test_a_text_is_asked_for(calls: dict[str, tuple[Call, dict[str, Any]]]) -> None:
    tried = 0
    for call, base in calls.values():
        for name, parameter in inspect.signature(call).parameters.items():
            if "str" not in (written := str(parameter.annotation)) or name == "options":
                continue
            for value in WRONG:
                if may_be(value, written) or (value == [["x"]] and name == "hypotheses"):
                    continue
                refused(call, {**base, name: value}, name)
                tried += 1
    assert tried > 500


@pytest.mark.parametrize("bad", ["\ud800", "a\0b"])
def test_halves_of_characters_and_nul(model: TextModel, bad: str, tmp_path: Path) -> None:
    by: list[Call] = [
        lambda: model.translate("Hello!", prefix=bad),
        lambda: model.translate(["Hello!"], prefixes=[bad]),
        lambda: model.translate("Hello!", suppress_words=[bad]),
        lambda: model.translate("Hello!", suppress=[[bad]]),
        lambda: model.translate("Hello!", glossary={"Hello": bad}),
        lambda: model.alternatives("Hello!", at=bad),
        lambda: model.generate("Hello!", prompt="{text}" + bad),
        lambda: load("en-de", "generate", prompt="{text}" + bad),
        lambda: s2scli.rerank([[bad, "b"]]),
        lambda: s2scli.rerank([["a", "b"]], "reverse:en-de", sources=[bad]),
    ]
    for call in by:
        with pytest.raises(BadInputError, match=r"NUL|half of a character"):
            call()
    for places in ((bad, tmp_path), (tmp_path, bad), ("", tmp_path), (tmp_path, "")):
        with pytest.raises(UsageError, match=r"No file can be called|is empty"):
            s2scli.translate_folder(model, *places)


def test_options_of_runs_of_folders(model: TextModel, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hello!\n")
    text: Any = "text"  # where something else belongs
    wrongs: list[tuple[dict[str, Any], str]] = [
        ({"options": FormatOptions(unit="word")}, "unit is 'word'"),
        ({"options": FormatOptions(columns=text)}, "columns is 'text'; it must be a list"),
        ({"options": FormatOptions(subtitle_width=0)}, "it goes from 10 to 1,000"),
        ({"input_format": "txet"}, "no document format 'txet'. Did you mean text"),
        ({"selection": s2scli.Selection(hidden=text)}, "hidden is 'text'"),
        ({"options": s2scli.Selection()}, "it must be a FormatOptions or None"),
        ({"candidates": 4}, "candidates has no effect without rerank"),
        ({"shard": (1, "2")}, "shard[1] is '2'"),
    ]
    for given, reason in wrongs:
        with pytest.raises(UsageError, match=re.escape(reason)):
            s2scli.translate_folder(model, tmp_path, tmp_path / "out", **given)
    with pytest.raises(UsageError, match="candidates has no effect"):
        model.translate("Hello!", candidates=4)


@pytest.mark.parametrize("name", ["num_beams", "num_return_sequences", "length_penalty"])
def test_numbers_of_pipelines(model: TextModel, name: str) -> None:
    translator = s2scli.pipeline("translation", model=model)
    values: list[Any] = ["3", [1], {}, b"x", True]
    for value in values:
        with pytest.raises(UsageError, match=f"{name} is .*; it is a number"):
            translator("Hello!", **{name: value})


def test_items_are_named() -> None:
    def wrong(*given: Any, **named: Any) -> str:
        with pytest.raises(WrongTypeError) as caught:
            s2scli.rerank(*given, **named)
        return str(caught.value)

    assert wrong([["a"], None]) == "hypotheses[1] is None; it must be a list of texts"
    assert wrong([["a", 5]]) == "hypotheses[0][1] is 5; it must be a text"
    assert wrong(["a"]) == "hypotheses[0] is 'a'; it must be a list of texts"
    assert wrong([["a"]], by=5) == "by is 5; it must be a text or a list of texts"
    assert wrong([["a"]], scores=[["x"]]) == "scores[0][0] is 'x'; it must be a number"
    for number in (float("nan"), float("inf")):
        with pytest.raises(UsageError, match="is not a number"):
            s2scli.rerank([["a"]], "score", scores=[[number]])


def test_what_fits_is_taken() -> None:
    @typed
    def taking(one: int | None = None, many: dict[str, list[float]] | None = None) -> object:
        return one if many is None else many

    assert taking(5) == 5
    assert taking(None) is None
    with pytest.raises(WrongTypeError, match="one is True; it must be a whole number or None"):
        taking(True)


def test_warnings_point_at_the_caller(model: TextModel) -> None:
    for call in (model.translate, model.generate, model.translate_each):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call("Good morning, how are you?", max_length=100_000)
        assert {warning.filename for warning in caught} == {__file__}
