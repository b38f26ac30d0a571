"""Blenderbot (Roller et al. 2020, https://arxiv.org/abs/2004.13637)."""

from __future__ import annotations

from s2scli.models.convert.bartlike import (
    BOS,
    EOS,
    IGNORED,
    PAD,
    UNK,
    build,
    learned_positions,
)
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.defaults import decoding_defaults
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.transformer import Shape
from s2scli.models.convert.vocabulary import byte_level
from s2scli.models.manifest import TokenizerRecipe

__all__ = ["convert"]


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint; ``transformers`` (``modeling_blenderbot.py``) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    checkpoint.expect_tokenizer("BlenderbotTokenizer")
    weights, shape = checkpoint.weights(), Shape.of(checkpoint)
    vocabulary = byte_level(checkpoint, checkpoint.vocabulary_size)
    tokens = vocabulary.tokens
    spec = build(
        checkpoint,
        weights,
        shape,
        tokens,
        learned_positions(offset=0),
        pre_norm=True,
        embedding_norm=False,
    )
    spec.config.decoder_start_token = checkpoint.token(tokens, "decoder_start_token_id", BOS)
    return Conversion(
        spec=spec,
        weights=weights,
        tokenizer=TokenizerRecipe(
            kind=vocabulary.kind,
            source=vocabulary.file,
            target=vocabulary.file,
            suffix=(EOS,),
            special=(BOS, EOS, PAD, UNK, "<mask>"),
        ),
        files={vocabulary.file: vocabulary.content},
        tasks=("generate",),
        source_languages=(),
        target_languages=(),
        max_source_tokens=checkpoint.source_limit(shape.positions),
        max_target_tokens=shape.positions,
        defaults=decoding_defaults(checkpoint, tokens),
        ignored=IGNORED,
    )
