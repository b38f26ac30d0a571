"""FSMT's tokenizer with tokens that users add, and without capitals, against transformers."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.families import HOSTILE, numbers_of
from tests.oracle.needs import needs
from tests.oracle.test_added_tokens import TEXTS, add_tokens

pytestmark = needs("torch", "transformers", "sacremoses")

MORE = ["HELLO zzz ZzZ", "ÜNÏCODE ünïcode", "ZWEI WÖRTER", "word WORD Word", "İstanbul ẞ"]
ROWS = 16  # more than there are tokens to add


def checkpoint(directory: Path, lower: bool) -> Any:
    """A copy with more tokens and rows for them; its tokenizer."""
    import torch
    import transformers
    from safetensors.torch import load_file, save_file

    shutil.copytree(GOLDEN / "fsmt", directory)
    settings = directory / "tokenizer_config.json"
    content = json.loads(settings.read_text("utf-8"))
    settings.write_text(json.dumps({**content, "do_lower_case": lower}))
    tokenizer = transformers.FSMTTokenizer.from_pretrained(directory)
    add_tokens(tokenizer)
    tokenizer.save_pretrained(directory)
    config = json.loads((directory / "config.json").read_text("utf-8"))
    sizes = {config[f"{side}_vocab_size"] for side in ("src", "tgt")}
    weights = {
        name: torch.cat([table, table[:ROWS]]) if table.shape[0] in sizes else table
        for name, table in load_file(directory / "model.safetensors").items()
    }
    save_file(weights, directory / "model.safetensors", {"format": "pt"})
    for side in ("src", "tgt"):
        config[f"{side}_vocab_size"] += ROWS
    (directory / "config.json").write_text(json.dumps(config))
    return tokenizer


@pytest.mark.parametrize("lower", [False, True])
def test_added_tokens_and_capitals(lower: bool, tmp_path: Path) -> None:
    theirs = checkpoint(tmp_path / "c", lower)
    convert(tmp_path / "c", tmp_path / "m", quantization="float32")
    ours = Model(tmp_path / "m", place("cpu", threads=1))
    numbers = numbers_of(tmp_path / "m")
    golden = json.loads((GOLDEN / "fsmt.json").read_text("utf-8"))["runs"][0]["sources"]
    texts = [*TEXTS, *MORE, *HOSTILE, *golden]
    for text, tokens in zip(texts, ours.encode(texts), strict=True):
        assert numbers(ours.source(tokens)) == theirs(text)["input_ids"], text
    written = json.loads((tmp_path / "m" / "target_vocabulary.json").read_text("utf-8"))
    draw, known = random.Random(1), range(4, len(theirs))
    added = sorted(theirs.get_added_vocab().values())
    rows = [
        [draw.choice(added) if draw.random() < 0.2 else draw.choice(known) for _ in range(12)]
        for _ in range(200)
    ]
    found = ours.tokenizer.decode([[written[number] for number in row] for row in rows])
    for row, text in zip(rows, found, strict=True):
        assert text == theirs.decode(row, skip_special_tokens=True).strip(" "), row
