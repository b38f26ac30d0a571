"""Train the small checkpoints in ``tests/golden`` that write what an image shows.

The images are drawn (``tests/drawings.py``). Needs the extras "oracle" and "vision"; from the root
of the repository, some minutes each::

    PYTHONPATH=. python scripts/make_caption_checkpoints.py [NAME]...
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sentencepiece
import tokenizers
import torch
import transformers
from PIL import Image
from training.small import train_steps

from tests.drawings import DRAWERS
from tests.oracle.attending import ShowAttendTell, ShowAttendTellConfig, WordList

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
STEPS, BATCH, RATE, IMAGES = 1300, 32, 3e-3, 6000
FIRST = 1_000_000  # seeds of the images to learn from; the tests draw those from 0
MARK = re.compile("<[^>]+>")
CARD = """---
license: cc0-1.0
---
A small checkpoint ({name}) for tests, made by `scripts/make_caption_checkpoints.py` on images that
it draws itself.
"""


@dataclass(frozen=True)
class Recipe:
    """How to make a checkpoint.

    Attributes:
        drawer: of its images, a key of ``DRAWERS``.
        processor: of its images.
        tokenizer: makes its tokenizer, given texts.
        encoder: its encoder's configuration.
        decoder: makes the decoder's configuration, given the tokenizer.
        generation: settings of the whole model.
        told: whether the texts begin with the token that decoding starts from.
        steps: of training.
        model: makes the model, given the two configurations and the settings.
    """

    drawer: str
    processor: Any
    tokenizer: Callable[[list[str]], Any]
    encoder: Any
    decoder: Callable[[Any], Any]
    generation: dict[str, Any]
    told: bool = False
    steps: int = STEPS
    model: Callable[[Any, Any, dict[str, Any]], Any] = field(default=lambda *parts: joined(*parts))


def joined(encoder: Any, decoder: Any, generation: dict[str, Any]) -> Any:
    """A model of two Transformers."""
    config = transformers.VisionEncoderDecoderConfig.from_encoder_decoder_configs(
        encoder, decoder, **generation
    )
    model = transformers.VisionEncoderDecoderModel(config)
    # The usual start of these classes is too small for so few layers.
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.05)
    return model


def attending(encoder: Any, decoder: Any, generation: dict[str, Any]) -> Any:
    """A ResNet, and a recurrent decoder that attends to it."""
    return ShowAttendTell(ShowAttendTellConfig(encoder, decoder, **generation))


def words(texts: list[str]) -> WordList:
    """A tokenizer of whole words."""
    found = sorted({word for text in texts for word in text.split()})
    return WordList(["<pad>", "<start>", "<end>", "<unk>", *found])


def byte_pairs(cls: str) -> Callable[[list[str]], Any]:
    """A tokenizer of bytes, of GPT-2's or RoBERTa's class."""

    def make(texts: list[str]) -> Any:
        special = (
            ["<|endoftext|>"]
            if cls == "GPT2Tokenizer"
            else ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        )
        trainer = tokenizers.ByteLevelBPETokenizer()
        trainer.train_from_iterator(texts, 290, special_tokens=special, show_progress=False)
        with tempfile.TemporaryDirectory() as folder:
            trainer.save_model(folder)
            return getattr(transformers, cls)(f"{folder}/vocab.json", f"{folder}/merges.txt")

    return make


def pieces(texts: list[str]) -> Any:
    """A tokenizer of XLM-R's class, with tokens of tasks and of fields."""
    marks = sorted({mark for text in texts for mark in MARK.findall(text)})
    texts = [MARK.sub(" ", text) for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sentencepiece.bpe.model"
        with path.open("wb") as file:
            sentencepiece.SentencePieceTrainer.train(
                sentence_iterator=iter(texts),
                model_writer=file,
                vocab_size=60,
                minloglevel=2,
                hard_vocab_limit=False,
            )
        tokenizer = transformers.XLMRobertaTokenizer(str(path))
    tokenizer.add_special_tokens({"additional_special_tokens": marks})
    return tokenizer


def gpt2(tokenizer: Any) -> Any:
    """GPT-2's configuration."""
    return transformers.GPT2Config(
        vocab_size=len(tokenizer),
        n_embd=48,
        n_layer=2,
        n_head=4,
        n_positions=32,
        resid_pdrop=0,
        embd_pdrop=0,
        attn_pdrop=0,
        bos_token_id=0,
        eos_token_id=0,
    )


def trocr(tokenizer: Any) -> Any:
    """TrOCR's configuration, of its small models' kind: sinusoids and ReLU."""
    return transformers.TrOCRConfig(
        vocab_size=len(tokenizer),
        d_model=40,
        decoder_layers=2,
        decoder_attention_heads=4,
        decoder_ffn_dim=80,
        max_position_embeddings=24,
        dropout=0.0,
        activation_function="relu",
        use_learned_position_embeddings=False,
        scale_embedding=True,
        cross_attention_hidden_size=48,
    )


def mbart(tokenizer: Any) -> Any:
    """The configuration of mBART's decoder."""
    return transformers.MBartConfig(
        vocab_size=len(tokenizer),
        d_model=48,
        decoder_layers=2,
        decoder_attention_heads=4,
        decoder_ffn_dim=96,
        max_position_embeddings=32,
        dropout=0.0,
        scale_embedding=True,
        is_decoder=True,
        is_encoder_decoder=False,
        add_final_layer_norm=True,
        forced_eos_token_id=2,
    )


VIT = {
    "hidden_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 96,
    "patch_size": 8,
}
RECIPES = {
    "vit-gpt2": Recipe(
        "scene",
        transformers.ViTImageProcessor(size={"height": 40, "width": 40}),
        byte_pairs("GPT2Tokenizer"),
        transformers.ViTConfig(image_size=40, **VIT),
        gpt2,
        {"decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 0, "bos_token_id": 0},
    ),
    "swin-gpt2": Recipe(
        "scene",
        transformers.ViTImageProcessor(size={"height": 40, "width": 40}, resample=3),
        byte_pairs("GPT2Tokenizer"),
        transformers.SwinConfig(
            image_size=40, patch_size=4, embed_dim=16, depths=[2, 2], num_heads=[2, 4],
            window_size=4, mlp_ratio=2.0, drop_path_rate=0.0,
        ),
        gpt2,
        {"decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 0, "bos_token_id": 0},
        steps=2400,
    ),
    "trocr": Recipe(
        "line",
        transformers.DeiTImageProcessor(
            size={"height": 16, "width": 48}, do_center_crop=False, resample=3
        ),
        byte_pairs("RobertaTokenizer"),
        transformers.DeiTConfig(image_size=[16, 48], qkv_bias=False, **VIT),
        trocr,
        {"decoder_start_token_id": 2, "pad_token_id": 1, "eos_token_id": 2, "bos_token_id": 0},
    ),
    "donut": Recipe(
        "page",
        transformers.DonutImageProcessor(size={"height": 48, "width": 40}),
        pieces,
        transformers.DonutSwinConfig(
            image_size=[48, 40], patch_size=4, embed_dim=16, depths=[2, 2], num_heads=[2, 4],
            window_size=4, mlp_ratio=2.0, drop_path_rate=0.0,
        ),
        mbart,
        {"pad_token_id": 1, "eos_token_id": 2, "bos_token_id": 0},
        told=True,
    ),
    "show-attend-tell": Recipe(
        "scene",
        transformers.ViTImageProcessor(size={"height": 48, "width": 48}),
        words,
        {
            "model_type": "resnet", "image_size": 48, "layer_type": "basic", "embedding_size": 12,
            "hidden_sizes": [16, 32], "depths": [1, 1],
        },
        lambda tokenizer: {
            "model_type": "attending-lstm", "vocab_size": len(tokenizer), "embedding_size": 16,
            "hidden_size": 64, "attention_size": 32, "attention_activation": "tanh",
            "initial_activation": "tanh", "deep_output": True,
        },
        {"decoder_start_token_id": 1, "pad_token_id": 0, "eos_token_id": 2, "bos_token_id": 1},
        steps=350,
        model=attending,
    ),
}  # fmt: skip


class Batches:
    """Batches of drawn images, in random order."""

    def __init__(self, recipe: Recipe, tokenizer: Any) -> None:
        drawn = [DRAWERS[recipe.drawer](FIRST + number) for number in range(IMAGES)]
        self._pixels = torch.cat(
            [
                recipe.processor(Image.fromarray(image), return_tensors="pt").pixel_values
                for image, _ in drawn
            ]
        )
        self._told = recipe.told
        end = recipe.generation["eos_token_id"]
        self._rows = [
            torch.tensor([*tokenizer.encode(text, add_special_tokens=False), end])
            for _, text in drawn
        ]

    def batch(self) -> dict[str, torch.Tensor]:
        """Images and labels."""
        chosen = torch.randint(len(self._rows), (BATCH,))
        rows = [self._rows[number] for number in chosen]
        labels = torch.nn.utils.rnn.pad_sequence(
            [row[self._told :] for row in rows], batch_first=True, padding_value=-100
        )
        batch = {"pixel_values": self._pixels[chosen], "labels": labels}
        if self._told:
            batch["decoder_input_ids"] = torch.nn.utils.rnn.pad_sequence(
                [row[:-1] for row in rows], batch_first=True, padding_value=1
            )
        return batch


def train(recipe: Recipe, tokenizer: Any) -> Any:
    """Train a model."""
    torch.manual_seed(7)
    model = recipe.model(recipe.encoder, recipe.decoder(tokenizer), recipe.generation)
    batches = Batches(recipe, tokenizer)

    def loss_of() -> torch.Tensor:
        batch = batches.batch()
        # VisionEncoderDecoderModel's own loss (4.57) moves the labels twice.
        logits = model(**batch).logits
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch["labels"].flatten())

    return train_steps(model, loss_of, recipe.steps, RATE)


def main() -> None:
    """Train and save each checkpoint, in half precision, which keeps it small."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("names", nargs="*", default=list(RECIPES), metavar="NAME")
    torch.set_num_threads(1)
    for name in parser.parse_args().names:
        recipe = RECIPES[name]
        texts = [DRAWERS[recipe.drawer](FIRST + seed)[1] for seed in range(3000)]
        tokenizer = recipe.tokenizer(texts)
        model = train(recipe, tokenizer)
        directory = GOLDEN / name
        shutil.rmtree(directory, ignore_errors=True)
        for part in (model.half(), tokenizer, recipe.processor):
            part.save_pretrained(directory)
        (directory / "README.md").write_text(CARD.format(name=name), encoding="utf-8")
        print(name, sum(p.numel() for p in model.parameters()), flush=True)


if __name__ == "__main__":
    main()
