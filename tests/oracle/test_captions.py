"""Images and what is said of them, against transformers: pixels, tokens, scores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.inference.images import pixels_of
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.imageprocessors import PREPROCESSOR, image_recipe
from s2scli.models.convert.run import convert
from tests.captions import CHECKPOINTS, PROMPTS, SEARCHES, drawn, found, open_model
from tests.conftest import GOLDEN
from tests.drawings import Picture
from tests.oracle.captions import Reference
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")
pytest.importorskip("PIL")
pytest.importorskip("onnxruntime")

NOISE = np.random.default_rng(5)
SIZES = [(40, 60), (60, 40), (17, 230), (224, 224), (301, 299), (5, 5), (1, 1), (640, 480)]
# The class of a processor, the encoder's kind, what it is given.
PROCESSORS: list[tuple[str, str, dict[str, Any]]] = [
    ("ViTImageProcessor", "vit", {"size": {"height": 32, "width": 48}}),
    ("ViTImageProcessor", "vit", {"size": 32, "resample": 3, "image_mean": [0.4, 0.5, 0.6]}),
    ("ViTImageProcessor", "swin", {"size": 32, "do_normalize": False, "resample": 0}),
    ("ViTImageProcessor", "vit", {"size": 32, "do_rescale": False, "resample": 1}),
    ("ViTImageProcessor", "vit", {"size": 32, "rescale_factor": 1 / 127.5, "image_std": 0.25}),
    ("DeiTImageProcessor", "deit", {"size": 40, "crop_size": {"height": 32, "width": 31}}),
    ("DeiTImageProcessor", "deit", {"size": 20, "crop_size": {"height": 33, "width": 17}}),
    ("DeiTImageProcessor", "deit", {"size": 24, "do_center_crop": False}),
    ("DonutImageProcessor", "donut-swin", {"size": {"height": 64, "width": 48}}),
    ("DonutImageProcessor", "donut-swin", {"size": [64, 48], "do_align_long_axis": True}),
    ("DonutImageProcessor", "donut-swin", {"size": {"height": 32, "width": 32}, "resample": 3}),
]


def image(height: int, width: int) -> Picture:
    """Noise, coarse enough to be smoothed in many ways."""
    coarse = NOISE.integers(0, 256, (height, width, 3))
    return coarse.astype(np.uint8)


@pytest.mark.parametrize(("cls", "encoder", "options"), PROCESSORS)
def test_pixels_are_those_of_the_slow_processors(
    cls: str, encoder: str, options: dict[str, Any], tmp_path: Path
) -> None:
    import transformers
    from PIL import Image

    processor: Any = getattr(transformers, cls)(**options)
    processor.save_pretrained(tmp_path)
    for size in SIZES:
        picture = Image.fromarray(image(*size))
        theirs = processor(picture, return_tensors="np", input_data_format="channels_last")
        theirs = theirs.pixel_values[0]
        recipe = image_recipe(Checkpoint(tmp_path), encoder, theirs.shape[1:], {})
        ours = pixels_of(picture, recipe)
        assert ours.dtype == theirs.dtype == np.float32 or not processor.do_rescale
        np.testing.assert_array_equal(ours, theirs, err_msg=f"{size}")


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_trained_models_say_the_same(name: str, tmp_path: Path) -> None:
    convert(GOLDEN / name, tmp_path / "model", quantization="float32")
    prompt = PROMPTS.get(name)
    model, reference = open_model(tmp_path / "model", prompt), Reference(GOLDEN / name)
    images = drawn(name)
    for beams, penalty in SEARCHES:
        theirs = reference.answers(images, beams, penalty, prompt)
        ours = found(model, images, beams, penalty)
        assert [a.tokens for a in ours] == [a.tokens for a in theirs], (beams, penalty)
        totals = [a.total for a in ours], [a.total for a in theirs]
        np.testing.assert_allclose(*totals, rtol=1e-5, atol=1e-4)


WORDS = 120
SHAPE = {"num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
VIT = {"hidden_size": 48, "patch_size": 8, **SHAPE}
BERT = {"vocab_size": WORDS, "is_decoder": True, "add_cross_attention": True, **SHAPE}
FAIRSEQ = {
    "vocab_size": WORDS,
    "d_model": 40,
    "decoder_layers": 2,
    "decoder_attention_heads": 4,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 32,
    "is_decoder": True,
}
GPT2 = {"vocab_size": WORDS, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 32}
SWIN = {"patch_size": 4, "embed_dim": 16, "num_heads": [2, 4]}
ENCODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "vit": ("ViTConfig", {"image_size": 32, **VIT}),
    "deit": ("DeiTConfig", {"image_size": [16, 48], "qkv_bias": False, **VIT}),
    "swin": ("SwinConfig", {"image_size": 32, "depths": [2, 2], "window_size": 4, **SWIN}),
    # Windows that do not fit the grid, a grid that cannot be halved, sides of no whole patches.
    "donut": (
        "DonutSwinConfig",
        {"image_size": [43, 36], "depths": [2, 3], "window_size": 3, "mlp_ratio": 2.0, **SWIN},
    ),
}
DECODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "gpt2": ("GPT2Config", {**GPT2, "add_cross_attention": True, "is_decoder": True}),
    "bert": ("BertConfig", {"hidden_size": 32, **BERT}),
    "roberta": ("RobertaConfig", {"hidden_size": 48, "max_position_embeddings": 40, **BERT}),
    "trocr": ("TrOCRConfig", {**FAIRSEQ, "layernorm_embedding": False}),
    "trocr-small": (
        "TrOCRConfig",
        {
            **FAIRSEQ,
            "activation_function": "relu",
            "scale_embedding": True,
            "use_learned_position_embeddings": False,
            "cross_attention_hidden_size": 48,
        },
    ),
    "mbart": ("MBartConfig", {**FAIRSEQ, "scale_embedding": True, "forced_eos_token_id": None}),
    "bart": ("BartConfig", {**FAIRSEQ, "forced_eos_token_id": None}),
}
PAIRS = [
    ("vit", "gpt2"),
    ("deit", "trocr-small"),
    ("vit", "trocr"),
    ("swin", "bert"),
    ("donut", "mbart"),
    ("deit", "roberta"),
    ("swin", "bart"),
    ("swin", "gpt2"),
]


def random_checkpoint(encoder: str, decoder: str, directory: Path) -> None:
    """Random weights, large enough that outputs are not all alike."""
    import torch
    import transformers

    torch.manual_seed(11)
    sides = [
        getattr(transformers, name)(**options)
        for name, options in (ENCODERS[encoder], DECODERS[decoder])
    ]
    config = transformers.VisionEncoderDecoderConfig.from_encoder_decoder_configs(
        *sides, decoder_start_token_id=0, pad_token_id=1, eos_token_id=2, bos_token_id=0
    )
    model = transformers.VisionEncoderDecoderModel(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            spread = 0.25 if parameter.dim() > 1 else 0.1
            centre = float(parameter.dim() == 1 and name.endswith("weight"))
            parameter.copy_(centre + spread * torch.randn(parameter.shape))
    model.save_pretrained(directory)
    size = config.encoder.image_size
    height, width = size if isinstance(size, list | tuple) else (size, size)
    transformers.ViTImageProcessor(size={"height": height, "width": width}).save_pretrained(
        directory
    )
    _words(directory)


def _words(directory: Path) -> None:
    """A tokenizer whose tokens are all words, of RoBERTa's class."""
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    letters = [chr(0x100 + n) for n in range(WORDS - len(special) - 1)]
    tokens = [*special, *letters, letters[0] + letters[1]]
    (directory / "vocab.json").write_text(json.dumps({t: n for n, t in enumerate(tokens)}))
    (directory / "merges.txt").write_text(f"#version: 0.2\n{letters[0]} {letters[1]}\n", "utf-8")
    settings = {"tokenizer_class": "RobertaTokenizer"}
    (directory / "tokenizer_config.json").write_text(json.dumps(settings))


@pytest.mark.parametrize(("encoder", "decoder"), PAIRS)
def test_each_kind_of_encoder_and_decoder(encoder: str, decoder: str, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint"
    random_checkpoint(encoder, decoder, checkpoint)
    convert(checkpoint, tmp_path / "model", quantization="float32")
    model, reference = open_model(tmp_path / "model"), Reference(checkpoint)
    images = [image(50, 40) for _ in range(10)]
    for beams, penalty in SEARCHES:
        theirs = reference.answers(images, beams, penalty)
        ours = found(model, images, beams, penalty)
        assert [a.tokens for a in ours] == [a.tokens for a in theirs], (beams, penalty)
        totals = [a.total for a in ours], [a.total for a in theirs]
        np.testing.assert_allclose(*totals, rtol=1e-5, atol=1e-4)
    assert len({tuple(a.tokens) for a in ours}) > 1


@pytest.mark.parametrize(("encoder", "decoder"), [("donut", "mbart"), ("vit", "gpt2")])
@pytest.mark.parametrize("prompt", ["<s>", "</s>", "</s>\x01<mask>\x02\x03", "<mask>\x04"])
def test_what_outputs_begin_with(encoder: str, decoder: str, prompt: str, tmp_path: Path) -> None:
    """Donut's prompt stands instead of its start, that of others after it; no length counts it."""
    checkpoint = tmp_path / "checkpoint"
    random_checkpoint(encoder, decoder, checkpoint)
    convert(checkpoint, tmp_path / "model", quantization="float32")
    model, reference = open_model(tmp_path / "model", prompt), Reference(checkpoint)
    images = [image(50, 40) for _ in range(10)]
    for beams, penalty in SEARCHES:
        theirs = reference.answers(images, beams, penalty, prompt)
        ours = found(model, images, beams, penalty)
        assert [a.tokens for a in ours] == [a.tokens for a in theirs], (beams, penalty)
        totals = [a.total for a in ours], [a.total for a in theirs]
        np.testing.assert_allclose(*totals, rtol=1e-5, atol=1e-4)


def test_the_files_name_is_one() -> None:
    from transformers.utils import IMAGE_PROCESSOR_NAME

    assert PREPROCESSOR == IMAGE_PROCESSOR_NAME
