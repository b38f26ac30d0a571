"""``--search reference`` by CTranslate2 finds what ``generate`` of transformers finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GOLDEN
from tests.families import FAMILIES, PAIRS
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")
SENTENCES = 8


@pytest.mark.parametrize("name", ["marian-tiny", "bart", "t5", "nllb", "mbart50", "bert2gpt2"])
def test_every_option_gives_the_same_ids(name: str) -> None:
    from measure_search import ROWS, measure

    family = {**FAMILIES, **PAIRS}[name]
    golden: dict[str, Any] = json.loads(Path(GOLDEN / f"{name}.json").read_text("utf-8"))
    assert len(golden.get("sources") or golden["runs"][0]["sources"]) >= SENTENCES
    cells = measure(name, family, SENTENCES)
    ours = {row.name: int(cell.split(" → ")[1]) for row, cell in zip(ROWS, cells, strict=True)}
    assert ours == {row.name: SENTENCES for row in ROWS}
