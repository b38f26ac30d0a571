"""Every family against the golden files, which hold what transformers gave (no torch needed)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from s2scli.inference.device import place, products_overflow
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.families import ALL, HOSTILE, LONG, PENALTIES, best_tokens, numbers_of, target_tokenizer

ModelOf = Callable[[str, int], Model]


def convert_golden(name: str, target: Path, quantization: str) -> None:
    source = GOLDEN / name
    own = target_tokenizer(source)
    convert(source, target, quantization=quantization, target_tokenizer=own)


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Convert a checkpoint of ``tests/golden`` to float32, once."""
    root = tmp_path_factory.mktemp("models")

    def directory(name: str) -> Path:
        if not (root / name).exists():
            convert_golden(name, root / name, "float32")
        return root / name

    return directory


@pytest.fixture(scope="module")
def model_of(converted: Callable[[str], Path]) -> ModelOf:
    """The model of a family, ready for one of its directions; each is loaded once."""

    @cache
    def load(name: str, number: int) -> Model:
        job = ALL[name].directions[number].job
        return Model(converted(name), place("cpu", threads=1), job=job)

    return load


CASES = [(name, number) for name, family in ALL.items() for number in range(len(family.directions))]
SOME = 30  # texts; None is all of them


def texts_of(cases: list[tuple[str, int]]) -> list[Any]:
    """Cases with how many texts they have: a model for long ones takes a second for all of them."""
    found = []
    for name, number in cases:
        few = SOME if name in LONG else None
        found.append(pytest.param(name, number, few, id=f"{name}-{number}"))
        if few:
            slow = pytest.mark.slow
            found.append(pytest.param(name, number, None, id=f"{name}-{number}-all", marks=slow))
    return found


def golden(name: str, number: int) -> dict[str, Any]:
    run: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))["runs"][number]
    return run


@pytest.mark.parametrize(("name", "number"), CASES)
def test_source_ids_equal_transformers(
    name: str, number: int, model_of: ModelOf, converted: Callable[[str], Path]
) -> None:
    model, run = model_of(name, number), golden(name, number)
    numbers = numbers_of(converted(name))
    for text, tokens, expected in zip(
        run["sources"] + HOSTILE,
        model.encode(run["sources"] + HOSTILE),
        run["source_ids"] + run["hostile_ids"],
        strict=True,
    ):
        assert numbers(model.source(tokens)) == expected, text


@pytest.mark.parametrize("beam", [1, 4])
@pytest.mark.parametrize(("name", "number", "count"), texts_of(CASES))
def test_hypotheses_equal_transformers(
    name: str,
    number: int,
    count: int | None,
    beam: int,
    model_of: ModelOf,
    converted: Callable[[str], Path],
) -> None:
    model, run = model_of(name, number), golden(name, number)
    numbers = numbers_of(converted(name), "target")
    assert len(run["sources"]) >= 100
    sources = [model.source(tokens) for tokens in model.encode(run["sources"][:count])]
    decoding = model.decoding({"beam_size": beam, "max_length": 59, "min_length": 0})
    found = best_tokens(model, sources, decoding)
    assert [numbers(h.tokens) for h in found] == [row[:-1] for row in run["ids"][str(beam)][:count]]
    if number == 0 and (near := ALL[name].scored):
        assert [h.score for h in found] == pytest.approx(run["scores"][str(beam)][:count], abs=near)
    # Where a text ends within a word, Blenderbot-small's tokenizer leaves its sign for that.
    texts = [text.strip().removesuffix("@@") for text in run["texts"][str(beam)][:count]]
    assert model.tokenizer.decode([h.tokens for h in found]) == texts
    assert len(set(run["texts"][str(beam)])) > 50  # not degenerate


@pytest.mark.parametrize(
    ("name", "number", "count"),
    texts_of([(name, 0) for name, family in ALL.items() if family.scored]),
)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_other_length_penalties_equal_transformers(
    name: str,
    number: int,
    count: int | None,
    penalty: str,
    model_of: ModelOf,
    converted: Callable[[str], Path],
) -> None:
    model, run = model_of(name, number), golden(name, number)
    numbers = numbers_of(converted(name), "target")
    sources = [model.source(tokens) for tokens in model.encode(run["sources"][:count])]
    found = run["penalties"][penalty]
    # The engine leaves out what is forbidden before the softmax, such as an end at the start.
    lengths = {"max_length": 59, "min_length": 0, "length_penalty": float(penalty)}
    best = best_tokens(model, sources, model.decoding({"beam_size": 4, **lengths}))
    assert [numbers(h.tokens) for h in best] == [row[:-1] for row in found["ids"][:count]]
    assert [h.score for h in best] == pytest.approx(found["scores"][:count], abs=ALL[name].scored)


@pytest.mark.parametrize("name", ALL)
def test_what_looks_like_a_special_token_stays_text(name: str, model_of: ModelOf) -> None:
    model = model_of(name, 0)
    # What stands for unknown characters may stand for those of its own name.
    control = model.manifest.tokenizer.control_tokens - {"[UNK]", "__unk__"}
    special = sorted(control | {"<extra_id_0>", ">>deu<<"})
    for text, tokens in zip(special, model.encode([f"a {s} b" for s in special]), strict=True):
        assert text not in tokens
    assert model.tokenizer.encode([""]) == [[]]


@pytest.mark.parametrize(("name", "number", "count"), texts_of([(name, 0) for name in ALL]))
def test_int8_says_much_the_same(name: str, number: int, count: int | None, tmp_path: Path) -> None:
    convert_golden(name, tmp_path / "m", "int8")
    job = ALL[name].directions[number].job
    model = Model(tmp_path / "m", place("cpu", threads=1), job=job)
    run = golden(name, number)
    sources = [model.source(tokens) for tokens in model.encode(run["sources"][:count])]
    results = model.submit(
        sources, model.decoding({"beam_size": 1, "max_length": 59, "min_length": 0})
    ).result()
    same = [
        result[0].text == text.strip()
        for result, text in zip(results, run["texts"]["1"][:count], strict=True)
    ]
    # Weights of 7 bits cost some; where sums overflow, 8 bits leave a tenth.
    assert sum(same) > len(same) * (0.25 if products_overflow() else 0.4)
