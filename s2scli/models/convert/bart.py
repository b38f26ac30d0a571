"""BART (Lewis et al. 2019, https://arxiv.org/abs/1910.13461) and its distillations."""

from __future__ import annotations

from s2scli.errors import InvalidModelError
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

TOKENIZERS = ("BartTokenizer", "RobertaTokenizer", "PreTrainedTokenizer")


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a BART checkpoint; ``transformers`` (``modeling_bart.py``) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    checkpoint.expect_tokenizer(*TOKENIZERS)
    weights, shape = checkpoint.weights(), Shape.of(checkpoint)
    vocabulary = byte_level(checkpoint, checkpoint.vocabulary_size)
    tokens = vocabulary.tokens
    spec = build(
        checkpoint,
        weights,
        shape,
        tokens,
        learned_positions(offset=2),
        pre_norm=False,
        embedding_norm=True,
    )
    spec.config.decoder_start_token = checkpoint.token(tokens, "decoder_start_token_id", EOS)
    forced = checkpoint.generation.get("forced_bos_token_id")
    if forced is not None and not (type(forced) is int and 0 <= forced < len(tokens)):
        raise InvalidModelError(f"forced_bos_token_id is {forced!r}")
    return Conversion(
        spec=spec,
        weights=weights,
        tokenizer=TokenizerRecipe(
            kind=vocabulary.kind,
            source=vocabulary.file,
            target=vocabulary.file,
            prefix=(BOS,),
            suffix=(EOS,),
            target_prefix=() if forced is None else (tokens[forced],),
            special=(BOS, EOS, PAD, UNK, "<mask>"),
        ),
        files={vocabulary.file: vocabulary.content},
        tasks=("summarize",),
        source_languages=(),
        target_languages=(),
        max_source_tokens=checkpoint.source_limit(shape.positions),
        max_target_tokens=shape.positions,
        defaults=decoding_defaults(checkpoint, tokens),
        ignored=IGNORED,
    )
