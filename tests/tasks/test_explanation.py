"""What a model could have written: probabilities and alternatives, of all engines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import s2scli
from s2scli.errors import UsageError
from s2scli.inference.engines.contract import RankingEngine
from s2scli.models.convert.run import convert
from s2scli.tasks.explanation import Explanation
from s2scli.tasks.inside import log_probs_of_tokens
from tests.conftest import GOLDEN

TEXT = "Where is the station, please?"
NAMES = "Kegama knows the old Fesada tomorrow ."


@pytest.fixture(scope="module")
def model() -> Iterator[Any]:
    with s2scli.load("en-de", threads=1, compute_type="float32") as loaded:
        yield loaded


def converted(name: str, directory: Path) -> Path:
    convert(GOLDEN / name, directory, quantization="float32")
    return directory


def check(found: Explanation, top: int, *, attends: bool = True) -> None:
    """What holds for every explanation."""
    best = found.hypotheses[0]
    tokens = [token for part in found.parts for token in part.target]
    assert len(tokens) == best.tokens
    total = math.fsum(token.log_prob for token in tokens)
    assert total == pytest.approx(best.score * best.tokens, rel=1e-3, abs=2e-3)
    for part in found.parts:
        for token in part.target:
            values = [value for _, value in token.alternatives]
            assert len(values) == top
            assert values == sorted(values, reverse=True)
            assert sum(map(math.exp, values)) <= 1.0001
            if token.rank <= top:
                assert token.alternatives[token.rank - 1][1] == pytest.approx(token.log_prob)
                assert token.token in [name for name, _ in token.alternatives]
            else:
                assert token.token not in [name for name, _ in token.alternatives]
        for token in part.target[:-1]:
            assert len(token.attention) == len(part.source) * attends
        if part.target[-1].token == "</s>":
            assert part.target[-1].attention == ()


def test_the_bundled_model(model: Any) -> None:
    found = model.explain(TEXT, top=3)
    check(found, 3)
    assert found.target == model.translate(TEXT).text
    assert len(found.hypotheses) == 4
    assert found.signature == model.signature("translate")
    (part,) = found.parts
    assert part.source[-1] == "</s>"
    assert all(token.rank == 1 for token in part.target)
    greedy = model.explain("I would like some tea.", top=1, beam_size=1)
    check(greedy, 1)
    assert all(token.rank == 1 for token in greedy.parts[0].target)


def test_probabilities_are_those_of_teacher_forcing(model: Any) -> None:
    found = model.explain(TEXT)
    detailed = model.translate(TEXT, details=True).hypotheses[0]
    expected = log_probs_of_tokens(detailed)
    tokens = found.parts[0].target
    assert [token.token for token in tokens] == [name for name, _ in expected]
    values = [value for _, value in expected]
    assert [token.log_prob for token in tokens] == pytest.approx(values, abs=2e-3)


def test_prefixes_parts_and_outputs_that_are_cut_off(model: Any) -> None:
    found = model.explain(TEXT, prefix="Sag mir,")
    check(found, 5)
    assert found.target.startswith("Sag mir,")
    parts = model.explain(f"{TEXT}\nI see.", top=2)
    check(parts, 2)
    assert len(parts.parts) == 2
    cut = model.explain(TEXT, max_length=3)
    assert cut.hypotheses[0].truncated
    (part,) = cut.parts
    assert len(part.target) == cut.hypotheses[0].tokens
    assert part.target[-1].token != "</s>"
    nothing = model.explain("---")
    assert (nothing.target, nothing.hypotheses, nothing.parts) == ("---", (), ())


@pytest.mark.parametrize(
    ("name", "text", "attends"),
    [
        ("opennmt/gru-mlp.pt", NAMES, True),
        ("opennmt/copy.pt", NAMES, True),  # it writes words that no vocabulary has
        ("m2m100", "Tom is here.", True),
        ("g2p", "hello", False),
    ],
)
def test_other_engines(name: str, text: str, attends: bool, tmp_path: Path) -> None:
    source, target = ("en", "de") if name == "m2m100" else (None, None)
    directory = converted(name, tmp_path / "m")
    with s2scli.load(directory, source=source, target=target, threads=1) as model:
        assert isinstance(model.model.engine, RankingEngine)
        check(model.explain(text, max_length=20), 5, attends=attends)


def test_a_cluster_does_not_tell(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = model.model.engine

    class Remote:
        """The engine without ranks."""

        attends, workers, compute_type, seven_bits = True, 1, engine.compute_type, False
        submit = engine.submit

    monkeypatch.setattr(model.model, "engine", Remote())
    with pytest.raises(UsageError, match="cluster"):
        model.explain(TEXT)
