"""Every family against transformers itself and the engine's official converter."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.m2m100 import LANGUAGES
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.families import ALL, FAMILIES, HOSTILE, best_tokens, numbers_of, target_tokenizer
from tests.oracle.needs import needs
from tests.variants import variables

pytestmark = needs("torch", "transformers")


@pytest.mark.parametrize("name", ALL)
def test_ids_and_outputs(name: str, tmp_path: Path) -> None:
    from tests.oracle.reference import Reference

    family = ALL[name]
    own = target_tokenizer(GOLDEN / name)
    convert(GOLDEN / name, tmp_path / "m", quantization="float32", target_tokenizer=own)
    reference = Reference(GOLDEN / name, family)
    golden = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    for direction, run in zip(family.directions, golden["runs"], strict=True):
        ours = Model(tmp_path / "m", place("cpu"), job=direction.job)
        numbers, written = (numbers_of(tmp_path / "m", side) for side in ("source", "target"))
        sources = run["sources"][:100]
        encoded = [ours.source(tokens) for tokens in ours.encode(sources + HOSTILE)]
        assert [numbers(tokens) for tokens in encoded] == reference.source_ids(
            sources + HOSTILE, direction
        )
        for beam in (1, 4):
            decoding = ours.decoding({"beam_size": beam, "max_length": 59, "min_length": 0})
            mine = best_tokens(ours, encoded[: len(sources)], decoding)
            theirs = reference.generate(sources, direction, beam)
            assert [written(h.tokens) for h in mine] == [row[:-1] for row in theirs]


# The official converter reads the precision from config.json and rounds positions to it, which
# transformers in float32 does not; and it asks for keys that transformers no longer writes.
LEGACY_KEYS = {
    "bart": {"normalize_before": False, "normalize_embedding": True},
    "mbart": {"normalize_before": True, "normalize_embedding": True},
    "pegasus": {"normalize_before": True, "normalize_embedding": False},
}
# Rows that the official converter wants beside those of named tokens: Marian's <pad>, and the words
# that M2M100's tokenizer makes up.
NAMELESS = {"marian-tiny": 1, "m2m100": 8}


def plain_copy(source: Path, target: Path, rows: int) -> None:
    """A copy of a checkpoint in the form that the official converter can read: in float32, with
    the keys that it asks for, and without rows of the tables that stand for no token."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(source, target)
    config = json.loads((source / "config.json").read_text("utf-8"))
    tables = ("model.shared.weight", "shared.weight", "lm_head.weight")
    weights = {}
    for name, tensor in load_file(source / "model.safetensors").items():
        part = tensor[:rows] if name in tables else tensor
        part = tensor[:, :rows] if name == "final_logits_bias" else part
        weights[name] = part.float().contiguous()
    save_file(weights, target / "model.safetensors", {"format": "pt"})
    config |= {"dtype": "float32", **LEGACY_KEYS.get(config["model_type"], {})}
    config |= {"vocab_size": rows}
    if config["model_type"] == "m2m_100" and (source / "vocab.json").exists():
        codes = {"additional_special_tokens": [f"__{code}__" for code in LANGUAGES.split()]}
        path = target / "tokenizer_config.json"
        path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **codes}))
    (target / "config.json").write_text(json.dumps(config))


OFFICIAL = [name for name, family in FAMILIES.items() if family.official]
QUANTIZATIONS = ("float32", "int8")
# In a process of its own: it needs an engine that knows of torch, ours hides it.
SCRIPT = """
import sys
from ctranslate2.converters import TransformersConverter
for name in sys.argv[2:]:
    for quantization in ("float32", "int8"):
        root = f"{sys.argv[1]}/{name}"
        converter = TransformersConverter(f"{root}/checkpoint")
        converter.convert(f"{root}/{quantization}", quantization=quantization)
"""


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the official converter makes of all families' checkpoints."""
    root = tmp_path_factory.mktemp("official")
    for name in OFFICIAL:
        convert(GOLDEN / name, root / name / "whole", quantization="float32")
        path = root / name / "whole" / "shared_vocabulary.json"
        tokens = json.loads(path.read_text("utf-8"))
        named = len([token for token in tokens if not token.startswith("<unused_")])
        plain_copy(GOLDEN / name, root / name / "checkpoint", named + NAMELESS.get(name, 0))
    subprocess.run([sys.executable, "-c", SCRIPT, str(root), *OFFICIAL], check=True)
    return root


@pytest.mark.parametrize("name", OFFICIAL)
@pytest.mark.parametrize("quantization", QUANTIZATIONS)
def test_model_bin_equals_the_official_converters(
    name: str, quantization: str, tmp_path: Path, official: Path
) -> None:
    convert(official / name / "checkpoint", tmp_path / "ours", quantization=quantization)
    ours, theirs = tmp_path / "ours" / "model.bin", official / name / quantization / "model.bin"
    mine, others = variables(ours), variables(theirs)
    assert mine.keys() == others.keys()
    # Which attention tells what comes from what is a choice of ours; two numbers of two bytes.
    own = ("decoder/alignment_layer", "decoder/alignment_heads")
    if FAMILIES[name].official == "yes":
        assert ours.stat().st_size == theirs.stat().st_size
        pairs = zip(ours.read_bytes(), theirs.read_bytes(), strict=True)
        assert sum(a != b for a, b in pairs) <= 2 * len(own)
    for key in mine.keys() - set(own):
        if key.endswith("position_encodings/encodings"):
            table, other = (np.frombuffer(v[key], np.float32) for v in (mine, others))
            np.testing.assert_allclose(table, other, atol=2e-5)
        else:
            assert mine[key] == others[key], key


@pytest.mark.parametrize("name", ["t5", "t5v1_1", "bart", "mbart25", "mbart50", "pegasus", "nllb"])
def test_checkpoints_that_have_only_tokenizer_json(name: str, tmp_path: Path) -> None:
    """Ids and texts as transformers' fast tokenizer has them; the model is the same."""
    import transformers

    family, checkpoint = FAMILIES[name], tmp_path / "c"
    shutil.copytree(GOLDEN / name, checkpoint)
    fast = getattr(transformers, f"{family.tokenizer}Fast").from_pretrained(checkpoint)
    for path in [*checkpoint.glob("*.model"), *checkpoint.glob("*token*")]:
        path.unlink()
    for other in ("vocab.json", "merges.txt"):
        (checkpoint / other).unlink(missing_ok=True)
    fast.save_pretrained(checkpoint)
    for path in checkpoint.glob("*.model"):
        path.unlink()
    assert (checkpoint / "tokenizer.json").exists()
    convert(checkpoint, tmp_path / "m", quantization="float32")
    convert(GOLDEN / name, tmp_path / "slow", quantization="float32")
    one, other_one = (tmp_path / which / "model.bin" for which in ("m", "slow"))
    assert one.read_bytes() == other_one.read_bytes()
    golden = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    for direction, run in zip(family.directions, golden["runs"], strict=True):
        ours = Model(tmp_path / "m", place("cpu"), job=direction.job)
        numbers = numbers_of(tmp_path / "m")
        if direction.source:
            fast.src_lang = direction.source
        texts = run["sources"] + HOSTILE
        for text, tokens in zip(texts, ours.encode(texts), strict=True):
            expected = fast(direction.prompt + text)["input_ids"]
            assert numbers(ours.source(tokens)) == expected, text
        decoding = ours.decoding({"beam_size": 4, "max_length": 59, "min_length": 0})
        sources = [ours.source(tokens) for tokens in ours.encode(run["sources"])]
        best = best_tokens(ours, sources, decoding)
        theirs = [fast.decode(row, skip_special_tokens=True) for row in run["ids"]["4"]]
        same = sum(
            a == b.strip()
            for a, b in zip(ours.tokenizer.decode([h.tokens for h in best]), theirs, strict=True)
        )
        assert same == len(theirs)
