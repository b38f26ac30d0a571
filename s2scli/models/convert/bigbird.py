"""BigBird-Pegasus (Zaheer et al. 2020, https://arxiv.org/abs/2007.14062).

The reference is ``transformers`` (``modeling_bigbird_pegasus.py``, 4.57). There the attention is
the full one for all texts that are no longer than what it looks at: these CTranslate2 runs.
"""

from __future__ import annotations

import re
from dataclasses import replace

from s2scli.models.convert.bartlike import PAD, build, finish, learned_positions
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.graphs.bartdecoder import BartDecoder
from s2scli.models.convert.graphs.bigbirdencoder import BigBirdEncoder, full_length
from s2scli.models.convert.graphs.textgraphs import TextGraphs
from s2scli.models.convert.pegasus import pegasus_texts, pegasus_vocabulary
from s2scli.models.convert.transformer import ROOT, open_model

__all__ = ["convert", "convert_long", "texts"]

# Names of the encoder's layers and of the last normalization, and what they are elsewhere.
NAMES = (
    (re.compile(r"\.self_attn\.self\.(q|k|v)\w+"), r".self_attn.\1_proj"),
    (re.compile(r"(encoder\.layers\.\d+\.self_attn)\.output"), r"\1.out_proj"),
    (re.compile(r"\.layernorm_embedding"), ".layer_norm"),
)


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a BigBird-Pegasus checkpoint.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    read = texts(checkpoint)
    built = build(
        checkpoint,
        list(read.target),
        learned_positions(offset=0),
        pre_norm=True,
        embedding_norm=(),
        fixed=True,
        weights=open_model(checkpoint).renamed(_usual_name),
    )
    built.spec.config.bos_token = PAD
    return finish(built, read)


def convert_long(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint so that it reads texts of all its positions in one piece.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    encoder = BigBirdEncoder(checkpoint.settings.with_type_defaults())
    decoder, weights = BartDecoder.of(checkpoint.settings), open_model(checkpoint)
    read = replace(texts(checkpoint), max_source_tokens=checkpoint.source_limit(decoder.positions))
    return TextGraphs(checkpoint, weights, encoder, decoder, ROOT).conversion(read)


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    vocabulary = pegasus_vocabulary(checkpoint)
    start = vocabulary.tokens[2]
    return pegasus_texts(checkpoint, vocabulary, start, longest=_longest(checkpoint))


def _usual_name(name: str) -> str:
    for pattern, other in NAMES:
        name = pattern.sub(other, name)
    return name


def _longest(checkpoint: Checkpoint) -> int:
    """Up to how many tokens the attention is full."""
    positions = checkpoint.size("max_position_embeddings")
    return min(positions, full_length(checkpoint.settings.with_type_defaults()))
