"""BART (Lewis et al. 2019, https://arxiv.org/abs/1910.13461) and its distillations."""

from __future__ import annotations

from s2scli.models.convert.bartlike import BOS, EOS, SPECIAL, build, finish, learned_positions
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.transformer import SIDES
from s2scli.models.convert.vocabulary import byte_level

__all__ = ["convert"]

TOKENIZERS = ("BartTokenizer", "RobertaTokenizer", "PreTrainedTokenizer")


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a BART checkpoint; ``transformers`` (``modeling_bart.py``) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    checkpoint.expect_tokenizer(*TOKENIZERS)
    vocabulary = byte_level(checkpoint, checkpoint.vocabulary_size)
    tokens = vocabulary.tokens
    built = build(
        checkpoint, tokens, learned_positions(offset=2), pre_norm=False, embedding_norm=SIDES
    )
    built.spec.config.decoder_start_token = checkpoint.token(tokens, START, EOS)
    recipe = vocabulary.recipe(
        prefix=(BOS,),
        suffix=(EOS,),
        target_prefix=checkpoint.first_token(tokens),
        special=SPECIAL,
    )
    return finish(checkpoint, built, vocabulary, recipe, "summarize")
