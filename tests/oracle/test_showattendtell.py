"""ResNet and the decoder that attends to it, each kind of them, against PyTorch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.inference.engines.searching import SearchEngine
from s2scli.inference.steppers.graphs import AttendingGraphStepper
from s2scli.models.convert.run import convert
from tests.captions import SEARCHES, found, open_model
from tests.oracle.captions import Reference
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")
pytest.importorskip("PIL")
pytest.importorskip("onnxruntime")

WORDS = 40
PIXELS = np.random.default_rng(9)
BOTTLENECK = {"layer_type": "bottleneck", "hidden_sizes": [16, 24, 32], "depths": [2, 1, 2]}
BASIC = {"layer_type": "basic", "hidden_sizes": [8, 20], "depths": [2, 2]}
PAPER = {"attention_activation": "tanh", "initial_activation": "tanh", "deep_output": True}
# As many implementations have it.
PLAIN = {"attention_activation": "relu", "initial_activation": "linear", "deep_output": False}
KINDS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({**BASIC, "image_size": 48}, PAPER),
    ({**BASIC, "downsample_in_first_stage": True, "hidden_act": "gelu", "image_size": 37}, PLAIN),
    ({**BOTTLENECK, "image_size": [50, 35]}, PLAIN),
    ({**BOTTLENECK, "downsample_in_bottleneck": True, "image_size": 64}, PAPER),
]


def random_checkpoint(encoder: dict[str, Any], decoder: dict[str, Any], directory: Path) -> None:
    """Random weights, and statistics of normalization that are not those of a new model."""
    import torch
    import transformers

    from tests.oracle.attending import ShowAttendTell, ShowAttendTellConfig, WordList

    torch.manual_seed(3)
    sizes = {"vocab_size": WORDS, "embedding_size": 12, "hidden_size": 20, "attention_size": 10}
    config = ShowAttendTellConfig(
        {"model_type": "resnet", "embedding_size": 8, **encoder},
        {"model_type": "attending-lstm", **sizes, **decoder},
        decoder_start_token_id=1,
        pad_token_id=0,
        eos_token_id=2,
        bos_token_id=1,
    )
    model = ShowAttendTell(config)
    with torch.no_grad():
        for name, numbers in model.state_dict().items():
            if name.endswith("running_var"):
                numbers.uniform_(0.5, 2)
            elif name.endswith(("running_mean", "normalization.bias")):
                numbers.normal_(0, 0.2)
            elif name.startswith("decoder.") and numbers.dim() > 1:
                numbers.normal_(0, 0.5)
    model.save_pretrained(directory)
    size = encoder["image_size"]
    height, width = size if isinstance(size, list) else (size, size)
    transformers.ViTImageProcessor(size={"height": height, "width": width}).save_pretrained(
        directory
    )
    special = ["<pad>", "<start>", "<end>", "<unk>"]
    WordList([*special, *(f"w{n}" for n in range(WORDS - 4))]).save_pretrained(directory)


@pytest.mark.parametrize(("encoder", "decoder"), KINDS)
def test_features_attention_tokens_and_scores(
    encoder: dict[str, Any], decoder: dict[str, Any], tmp_path: Path
) -> None:
    import torch

    random_checkpoint(encoder, decoder, tmp_path / "checkpoint")
    convert(tmp_path / "checkpoint", tmp_path / "model", quantization="float32")
    model, reference = open_model(tmp_path / "model"), Reference(tmp_path / "checkpoint")
    engine = model.engine
    assert isinstance(engine, SearchEngine)
    stepper = engine._stepper
    assert isinstance(stepper, AttendingGraphStepper)
    recipe = model.image_recipe
    pixels = PIXELS.standard_normal((3, 3, recipe.height, recipe.width)).astype(np.float32)
    tokens = PIXELS.integers(4, WORDS, (3, 6))
    with torch.no_grad():
        features = reference.model.get_encoder()(torch.from_numpy(pixels)).last_hidden_state
        logits, looked = reference.model.decoder(features, torch.from_numpy(tokens))
    state = stepper.start(list(pixels), 1)
    ours = state.looked_at["cross.annotations"]
    assert ours.shape[1] == model.manifest.max_source_tokens
    np.testing.assert_allclose(ours, features.numpy(), rtol=1e-4, atol=1e-5)
    for place in range(tokens.shape[1]):
        found_logits = stepper.step(state, tokens[:, place], np.arange(3))
        np.testing.assert_allclose(found_logits, logits[:, place].numpy(), rtol=1e-4, atol=1e-4)
        found_looked = stepper.attention(state)
        np.testing.assert_allclose(found_looked, looked[:, place].numpy(), rtol=1e-4, atol=1e-6)

    images = [PIXELS.integers(0, 256, (40, 50, 3)).astype(np.uint8) for _ in range(10)]
    for beams, penalty in SEARCHES:
        theirs = reference.answers(images, beams, penalty)
        answers = found(model, images, beams, penalty)
        assert [a.tokens for a in answers] == [a.tokens for a in theirs], (beams, penalty)
        totals = [a.total for a in answers], [a.total for a in theirs]
        np.testing.assert_allclose(*totals, rtol=1e-5, atol=1e-4)


def test_attention_of_a_search_is_that_of_its_tokens(tmp_path: Path) -> None:
    """Whatever rows its beams came from."""
    import torch

    from s2scli.inference.processors import Processors
    from s2scli.inference.search import SearchPlan, search

    random_checkpoint(*KINDS[0], tmp_path / "checkpoint")
    convert(tmp_path / "checkpoint", tmp_path / "model", quantization="float32")
    model, reference = open_model(tmp_path / "model"), Reference(tmp_path / "checkpoint")
    assert isinstance(model.engine, SearchEngine)
    stepper = model.engine._stepper
    assert stepper is not None
    size = model.image_recipe.height
    pixels = PIXELS.standard_normal((2, 3, size, size)).astype(np.float32)
    plan = SearchPlan(
        1, (2,), Processors(0, 1.0, 0, [], (2,)), beams=4, max_length=7, attention=True
    )
    features = reference.model.get_encoder()(torch.from_numpy(pixels)).last_hidden_state
    for row, hypotheses in enumerate(search(stepper, list(pixels), plan)):
        tokens = [stepper.tokens.index(token) for token in hypotheses[0].tokens]
        given = torch.tensor([[1, *tokens[:-1]]])
        with torch.no_grad():
            _, looked = reference.model.decoder(features[row : row + 1], given)
        attention = hypotheses[0].attention
        assert attention is not None
        np.testing.assert_allclose(attention, looked[0].numpy(), rtol=1e-4, atol=1e-6)
