"""Live comparison with transformers, the reference implementation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.inference.device import place
from s2scli.inference.engines.ctranslate2 import CTranslate2Engine
from s2scli.inference.model import Model
from s2scli.models.convert.pytorch import read_pytorch
from s2scli.models.convert.run import convert
from tests.checkpoints import TEXT, make_marian, write_safetensors
from tests.families import HOSTILE
from tests.oracle.needs import needs
from tests.variants import variant

pytestmark = needs("torch", "transformers")

SHARED = Path(__file__).parents[3] / "shared"


def load(checkpoint: Path) -> tuple[Any, Any]:
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    tokenizer = transformers.MarianTokenizer.from_pretrained(checkpoint)
    model = transformers.MarianMTModel.from_pretrained(checkpoint, dtype=torch.float32)
    return tokenizer, model.eval()


def compare(checkpoint: Path, directory: Path, sources: list[str], beams: tuple[int, ...]) -> None:
    """Source ids, target tokens and texts must be the same."""
    convert(checkpoint, directory, quantization="float32")
    ours = Model(directory, place("cpu"))
    tokenizer, theirs = load(checkpoint)
    encoded = [ours.source(tokens) for tokens in ours.encode(sources)]
    ids = [tokenizer.convert_tokens_to_ids(tokens) for tokens in encoded]
    assert ids == [tokenizer(source)["input_ids"] for source in sources]
    pad = theirs.config.pad_token_id
    for beam in beams:
        decoding = ours.decoding({"beam_size": beam})
        expected: list[list[str]] = []
        numbers: list[list[int]] = []
        for start in range(0, len(sources), 50):
            batch = tokenizer(sources[start : start + 50], return_tensors="pt", padding=True)
            outputs = theirs.generate(
                **batch, num_beams=beam, early_stopping=beam > 1, use_cache=True
            )
            rows = [[i for i in row if i != pad] for row in outputs.tolist()]
            numbers += rows
            expected += [tokenizer.convert_ids_to_tokens(row) for row in rows]
        found = [h[0] for h in ours.engine.submit(encoded, decoding).result()]
        assert [[*h.tokens, "</s>"] for h in found] == expected, f"beam {beam}"
        decoded = tokenizer.batch_decode(numbers, skip_special_tokens=True)
        assert ours.tokenizer.decode([h.tokens for h in found]) == decoded


def test_the_golden_checkpoint(golden_checkpoint: Path, tmp_path: Path) -> None:
    golden = json.loads((golden_checkpoint.parent / "marian-tiny.json").read_text("utf-8"))
    compare(golden_checkpoint, tmp_path / "m", golden["runs"][0]["sources"][:100], (1, 4))


@pytest.mark.skipif(not SHARED.exists(), reason="the shared checkpoint is not here")
def test_a_checkpoint_with_a_trained_pad_row(tmp_path: Path) -> None:
    lines = (SHARED / "data" / "tatoeba-test.en").read_text("utf-8").split("\n")
    sources = lines[:17500:35]
    assert len(sources) == 500
    compare(SHARED / "checkpoints" / "tatoeba-en-de", tmp_path / "m", sources, (1, 2, 3, 4, 5))


@pytest.mark.parametrize("separate", [False, True])
def test_source_ids_of_hostile_text(
    golden_checkpoint: Path, tmp_path: Path, separate: bool
) -> None:
    if separate:
        checkpoint = tmp_path / "c"
        weights = make_marian(checkpoint, separate=True)
        write_safetensors(checkpoint / "model.safetensors", weights)
    else:
        checkpoint = golden_checkpoint
    convert(checkpoint, tmp_path / "m", quantization="int8")
    ours = Model(tmp_path / "m", place("cpu", threads=1))
    tokenizer, _ = load(checkpoint)
    for source, tokens in zip(HOSTILE, ours.encode(HOSTILE), strict=True):
        ids = tokenizer.convert_tokens_to_ids(ours.source(tokens))
        assert ids == tokenizer(source)["input_ids"], source


def test_special_tokens_in_the_text_stay_text(model: Model) -> None:
    for source in ("</s>", "<pad> <unk>", ">>deu<< Hello"):
        (tokens,) = model.encode([source])
        assert not {"</s>", "<pad>", "<unk>", ">>deu<<"} & set(tokens)


@pytest.mark.parametrize("zero_pad", [True, False])
def test_separate_vocabularies(tmp_path: Path, zero_pad: bool) -> None:
    """A random model: log-probabilities of given targets, since its outputs would be noise."""
    import torch

    checkpoint = tmp_path / "c"
    weights = make_marian(checkpoint, separate=True, zero_pad=zero_pad)
    weights["final_logits_bias"][0, -1] = -10_000
    write_safetensors(checkpoint / "model.safetensors", weights)
    convert(checkpoint, tmp_path / "m", quantization="float32")
    ours = Model(tmp_path / "m", place("cpu", threads=1))
    tokenizer, theirs = load(checkpoint)
    encoded = [ours.source(tokens) for tokens in ours.encode(TEXT)]
    targets = [["▁d", "▁h"], ["▁d"]] * 3
    assert isinstance(ours.engine, CTranslate2Engine)
    scored = ours.engine._translator.score_batch(encoded, targets)
    vocabulary = tokenizer.target_encoder
    for source, target, result in zip(encoded, targets, scored, strict=True):
        source_ids = torch.tensor([tokenizer.convert_tokens_to_ids(source)])
        labels = [vocabulary.get(token, 1) for token in target] + [0]
        start = theirs.config.decoder_start_token_id
        logits = theirs(
            input_ids=source_ids, decoder_input_ids=torch.tensor([[start, *labels[:-1]]])
        ).logits[0]
        expected = torch.log_softmax(logits, -1)[range(len(labels)), labels]
        np.testing.assert_allclose(result.log_probs, expected.detach(), atol=2e-3)


def turned(checkpoint: Path, directory: Path) -> Path:
    """A checkpoint whose target has a vocabulary of its own: the same words by other numbers."""
    vocabulary: dict[str, int] = json.loads((checkpoint / "vocab.json").read_text("utf-8"))
    last = len(vocabulary) - 1
    places = [0, 1, *range(last - 1, 1, -1), last]  # </s>, <unk> and <pad> stay
    own = {token: places[number] for token, number in vocabulary.items()}

    def weights(tensors: dict[str, Any]) -> None:
        table = tensors.pop("model.shared.weight")
        tensors["model.encoder.embed_tokens.weight"] = table
        tensors["model.decoder.embed_tokens.weight"] = table[places]
        tensors["final_logits_bias"] = tensors["final_logits_bias"][:, places]

    variant(
        "marian-tiny",
        directory,
        config={"share_encoder_decoder_embeddings": False, "decoder_vocab_size": last + 1},
        tokenizer={"separate_vocabs": True},
        weights=weights,
    )
    (directory / "target_vocab.json").write_text(json.dumps(own), encoding="utf-8")
    return directory


def test_a_vocabulary_of_the_targets_own(golden_checkpoint: Path, tmp_path: Path) -> None:
    golden = json.loads((golden_checkpoint.parent / "marian-tiny.json").read_text("utf-8"))
    sources = golden["runs"][0]["sources"][:20]
    checkpoint = turned(golden_checkpoint, tmp_path / "c")
    compare(checkpoint, tmp_path / "m", sources, (1, 3))
    convert(golden_checkpoint, tmp_path / "shared", quantization="float32")
    models = [Model(tmp_path / name, place("cpu", threads=1)) for name in ("m", "shared")]
    one, other = (list(texts(model, sources)) for model in models)
    assert one == other


def texts(model: Model, sources: list[str]) -> Iterator[str]:
    encoded = [model.source(tokens) for tokens in model.encode(sources)]
    for found in model.submit(encoded, model.decoding({"beam_size": 1})).result():
        yield found[0].text


def test_a_targets_vocabulary_that_is_not_asked_for(
    golden_checkpoint: Path, tmp_path: Path
) -> None:
    """A file that nothing reads: the key tells."""
    checkpoint = variant("marian-tiny", tmp_path / "c", tokenizer={"separate_vocabs": False})
    (checkpoint / "target_vocab.json").write_text('{"</s>": 0, "<unk>": 1, "<pad>": 2}')
    compare(checkpoint, tmp_path / "m", ["Hello there.", "The house is green."], (1,))


@pytest.mark.parametrize("new", [True, False])
def test_files_that_torch_wrote(new: bool, tmp_path: Path) -> None:
    import torch

    base = torch.arange(24, dtype=torch.float32)
    state = {
        "whole": base.reshape(4, 6),
        "turned": base.reshape(4, 6).t(),
        "part": base[5:9],
        "half": base.half(),
        "brain": base.bfloat16(),
        "whole numbers": torch.arange(3),
        "parameter": torch.nn.Parameter(base[:2]),
        "scalar": torch.tensor(1.5),
        "negated": torch._neg_view(base.reshape(4, 6)),
        "negated brain": torch._neg_view(base.bfloat16()),
        "negated part": torch._neg_view(base)[3:7],
        "imaginary": torch.complex(base, base).conj().imag,
    }
    torch.save(state, tmp_path / "x.bin", _use_new_zipfile_serialization=new)
    tensors = read_pytorch(tmp_path / "x.bin")
    assert tensors.keys() == state.keys()
    for name, tensor in state.items():
        expected = tensor.detach().resolve_neg().float().numpy()
        np.testing.assert_array_equal(tensors[name].array().astype(np.float32), expected)
