"""What "Show, attend and tell" does not take; what it says is in ``test_captions.py``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

Content = dict[str, Any]
FAULTS: list[tuple[str, Callable[[Content], object], str]] = [
    ("config.json", lambda c: c["encoder"].update(model_type="vgg"), "its encoder is of the kind"),
    ("config.json", lambda c: c["encoder"].update(layer_type="wide"), "gives layer_type as 'wide'"),
    ("config.json", lambda c: c["encoder"].update(depths=[1]), r"gives depths \[1\]"),
    ("config.json", lambda c: c["encoder"].update(hidden_sizes=7), "gives hidden_sizes as 7"),
    (
        "config.json",
        lambda c: c["encoder"].update(layer_type="bottleneck", hidden_sizes=[18, 32]),
        "takes multiples of 4",
    ),
    ("config.json", lambda c: c["encoder"].update(image_size=64), "makes images of 48 by 48"),
    ("config.json", lambda c: c["encoder"].update(embedding_size=13), "has shape"),
    ("config.json", lambda c: c["decoder"].update(hidden_size=63), "has shape"),
    (
        "config.json",
        lambda c: c["decoder"].update(initial_activation="relu"),
        "gives initial_activation as 'relu'",
    ),
    (
        "config.json",
        lambda c: c["decoder"].update(deep_output="no"),
        "gives deep_output as 'no'",
    ),
    # Nothing reads the layers of a deep output then.
    ("config.json", lambda c: c["decoder"].update(deep_output=False), "has shape"),
    ("config.json", lambda c: c.update(decoder_start_token_id=99), "decoder_start_token_id as 99"),
    ("vocab.json", lambda c: c.update(more=21), "has 22 words; the model needs 21"),
    ("vocab.json", lambda c: c.update(rare=c.pop("<unk>")), "<unk> among them"),
    ("vocab.json", lambda c: c.update(cross=1), "ids have gaps"),
]


@pytest.mark.parametrize(("name", "change", "words"), FAULTS)
def test_faults_are_named(
    name: str, change: Callable[[Content], object], words: str, tmp_path: Path
) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / "show-attend-tell", tmp_path / "checkpoint"))
    content = json.loads((checkpoint / name).read_text())
    change(content)
    (checkpoint / name).write_text(json.dumps(content))
    if content.get("decoder_start_token_id") == 99:
        (checkpoint / "generation_config.json").unlink()
    with pytest.raises(InvalidModelError, match=words):
        convert(checkpoint, tmp_path / "model", quantization="float32")
    assert not (tmp_path / "model").exists()


def test_settings_of_parts_that_nobody_knows_are_shown(tmp_path: Path) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / "show-attend-tell", tmp_path / "checkpoint"))
    content = json.loads((checkpoint / "config.json").read_text())
    content["decoder"]["doubly_stochastic"] = True
    (checkpoint / "config.json").write_text(json.dumps(content))
    report = convert(checkpoint, tmp_path / "model", quantization="int8")
    assert report.manifest.unsupported == {"decoder.doubly_stochastic": True}
    assert report.manifest.tasks == ("caption",)
    assert report.manifest.tokenizer.special == ("<start>", "<end>", "<pad>")
