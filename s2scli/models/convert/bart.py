"""BART (Lewis et al. 2019, https://arxiv.org/abs/1910.13461) and its distillations."""

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
from s2scli.models.convert.transformer import SIDES
from s2scli.models.convert.vocabulary import byte_level

__all__ = ["convert", "texts"]

TOKENIZERS = ("BartTokenizer", "RobertaTokenizer", "PreTrainedTokenizer")


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a BART checkpoint; ``transformers`` (``modeling_bart.py``) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    positions = learned_positions(offset=2)
    read = texts(checkpoint)
    return converted(checkpoint, read, positions, pre_norm=False, embedding_norm=SIDES)


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    checkpoint.expect_tokenizer(*TOKENIZERS)
    vocabulary = byte_level(checkpoint, checkpoint.vocabulary_size)
    tokens = vocabulary.tokens
    recipe = vocabulary.recipe(
        prefix=(BOS,),
        suffix=(EOS,),
        target_prefix=checkpoint.first_token(tokens),
        special=SPECIAL,
    )
    start = checkpoint.token(tokens, START, EOS)
    return read_texts(checkpoint, vocabulary, recipe, "summarize", start)
