"""Blenderbot (Roller et al. 2020, https://arxiv.org/abs/2004.13637)."""

from __future__ import annotations

from s2scli.models.convert.bartlike import (
    BOS,
    EOS,
    SPECIAL,
    converted,
    learned_positions,
    read_texts,
)
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.vocabulary import byte_level

__all__ = ["convert", "texts"]


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint; ``transformers`` (``modeling_blenderbot.py``) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    read = texts(checkpoint)
    positions = learned_positions(offset=0)
    return converted(checkpoint, read, positions, pre_norm=True, embedding_norm=(), fixed=True)


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    checkpoint.expect_tokenizer("BlenderbotTokenizer")
    vocabulary = byte_level(checkpoint, checkpoint.vocabulary_size)
    tokens = vocabulary.tokens
    recipe = vocabulary.recipe(
        suffix=(EOS,), target_prefix=checkpoint.first_token(tokens), special=SPECIAL
    )
    start = checkpoint.token(tokens, START, BOS)
    return read_texts(checkpoint, vocabulary, recipe, "generate", start)
