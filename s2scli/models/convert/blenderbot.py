"""Blenderbot (Roller et al. 2020, https://arxiv.org/abs/2004.13637)."""

from __future__ import annotations

from s2scli.models.convert.bartlike import BOS, EOS, SPECIAL, build, finish, learned_positions
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.vocabulary import byte_level

__all__ = ["convert"]


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint; ``transformers`` (``modeling_blenderbot.py``) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    checkpoint.expect_tokenizer("BlenderbotTokenizer")
    vocabulary = byte_level(checkpoint, checkpoint.vocabulary_size)
    tokens = vocabulary.tokens
    built = build(
        checkpoint,
        tokens,
        learned_positions(offset=0),
        pre_norm=True,
        embedding_norm=(),
        fixed=True,
    )
    built.spec.config.decoder_start_token = checkpoint.token(tokens, START, BOS)
    recipe = vocabulary.recipe(
        suffix=(EOS,), target_prefix=checkpoint.first_token(tokens), special=SPECIAL
    )
    return finish(checkpoint, built, vocabulary, recipe, "generate")
