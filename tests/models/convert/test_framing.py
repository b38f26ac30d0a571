"""What ``tokenizer.json`` puts around each text is what its family does, or is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.variants import variant


def template(*pieces: str) -> dict[str, Any]:
    """A step whose pieces are special tokens, or $A for the text."""
    named = [piece for piece in pieces if piece != "$A"]
    return {
        "type": "TemplateProcessing",
        "single": [
            {"Sequence": {"id": "A", "type_id": 0}}
            if piece == "$A"
            else {"SpecialToken": {"id": piece, "type_id": 0}}
            for piece in pieces
        ],
        "pair": [],
        "special_tokens": {name: {"id": name, "ids": [0], "tokens": [name]} for name in named},
    }


PLACES = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
PAIR = {"type": "RobertaProcessing", "cls": ["<s>", 0], "sep": ["</s>", 2], "trim_offsets": True}
BART = template("<s>", "$A", "</s>")
RIGHT: list[dict[str, Any]] = [
    PAIR,
    BART,
    {"type": "Sequence", "processors": [PLACES, BART]},
    {"type": "Sequence", "processors": [template("$A", "</s>"), template("<s>", "$A")]},
]
WRONG: list[tuple[Any, str]] = [
    (None, "puts nothing around each text"),
    (PLACES, "puts nothing around each text"),
    (template("$A", "</s>"), r"puts … </s> around each text .* have <s> … </s>"),
    (template("<s>", "$A"), "puts <s> … around each text"),
    (template("<s>", "<s>", "$A", "</s>"), "puts <s> <s> … </s> around each text"),
    (template("<s>", "$A", "$A", "</s>"), "post_processor that cannot be obeyed"),
    (template("<s>", "</s>"), "post_processor that cannot be obeyed"),
    ({"type": "Sparkling"}, "the type 'Sparkling'"),
    ({"type": "BertProcessing"}, "post_processor that cannot be obeyed"),
    ("odd", "post_processor that cannot be obeyed"),
]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    directory = tmp_path_factory.mktemp("made") / "m"
    convert(GOLDEN / "bart", directory, quantization="int8")
    content: dict[str, Any] = json.loads((directory / "tokenizer.json").read_text("utf-8"))
    return content


@pytest.mark.parametrize("step", RIGHT)
def test_the_same_in_other_words(step: object, tokenizer: dict[str, Any], tmp_path: Path) -> None:
    checkpoint = variant("bart", tmp_path / "c")
    (checkpoint / "tokenizer.json").write_text(json.dumps({**tokenizer, "post_processor": step}))
    recipe = convert(checkpoint, tmp_path / "m", quantization="int8").manifest.tokenizer
    assert (recipe.prefix, recipe.suffix) == (("<s>",), ("</s>",))


@pytest.mark.parametrize(("step", "said"), WRONG)
def test_something_else(step: object, said: str, tokenizer: dict[str, Any], tmp_path: Path) -> None:
    checkpoint = variant("bart", tmp_path / "c")
    (checkpoint / "tokenizer.json").write_text(json.dumps({**tokenizer, "post_processor": step}))
    with pytest.raises(InvalidModelError, match=said):
        convert(checkpoint, tmp_path / "m", quantization="int8")
