"""The small learned metrics of ``tests/golden/learned``, converted, and what the reference says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from s2scli.models.convert.opening import ScoringParts
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN

LEARNED = GOLDEN / "learned"
ENCODER = LEARNED / "xlm-roberta-small"
LAYERS = {"xlm-roberta-small": 2, "roberta-small": 2, "bert-small": 3}
Metrics = Callable[..., Path]


@pytest.fixture(scope="session")
def golden() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / "learned.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="session")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """Gives the model directory of a small metric, by its name and quantization."""
    folder = tmp_path_factory.mktemp("learned")

    def metric(name: str, quantization: str = "float32") -> Path:
        target = folder / f"{name}-{quantization}"
        if not target.exists():
            layer = LAYERS.get(name)
            scoring = ScoringParts(layer=layer) if layer else ScoringParts(encoder=ENCODER)
            convert(LEARNED / name, target, quantization=quantization, scoring=scoring)
        return target

    return metric
