"""Blenderbot-small (Roller et al. 2020, https://arxiv.org/abs/2004.13637).

The reference is ``transformers`` (``modeling_blenderbot_small.py``, 4.57). Its decoder normalizes
embeddings before it adds positions: the table of the decoder's embeddings is normalized once. Only
its encoder scales them, whatever ``scale_embedding`` says: in PyTorch, that is, not in TensorFlow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.added import listed_tokens
from s2scli.models.convert.bartlike import (
    build,
    finish,
    learned_positions,
    read_texts,
)
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.steps import with_steps
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.transformer import open_model
from s2scli.models.convert.vocabulary import Vocabulary, assemble, by_id, merge_pairs
from s2scli.models.manifest import JSON_KIND

__all__ = ["convert", "texts"]

START_TOKEN, END, UNKNOWN, PAD = "__start__", "__end__", "__unk__", "__null__"
SPECIAL = (START_TOKEN, END, UNKNOWN, PAD)
NEW_LINE = "__newln__"
LINE_END = r"(?<=[^\s'])\n"  # the only ones that the reference sees
EPSILON = 1e-5
# A piece within a word has this mark in the checkpoint; in a ``tokenizer.json`` the last one has.
CONTINUED, LAST = "@@", "</w>"


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    read, weights = texts(checkpoint), open_model(checkpoint)
    built = build(
        checkpoint,
        list(read.target),
        learned_positions(offset=0),
        pre_norm=False,
        embedding_norm=("encoder",),
        fixed=True,
        weights=weights,
    )
    decoder, config = built.spec.decoder, built.spec.config
    decoder.embeddings.weight = _normalized(
        decoder.embeddings.weight,
        *(
            weights.take(f"model.decoder.layernorm_embedding.{name}", built.shape.width)
            for name in ("weight", "bias")
        ),
    )
    decoder.scale_embeddings = 1.0
    config.bos_token, config.eos_token, config.unk_token = START_TOKEN, END, UNKNOWN
    return finish(built, read)


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    checkpoint.expect_tokenizer("BlenderbotSmallTokenizer")
    vocabulary = _vocabulary(checkpoint, checkpoint.vocabulary_size)
    tokens = vocabulary.tokens
    recipe = vocabulary.recipe(
        special=SPECIAL,
        end=END,
        target_prefix=checkpoint.first_token(tokens),
    )
    start = checkpoint.token(tokens, START, START_TOKEN)
    found = read_texts(checkpoint, vocabulary, recipe, "generate", start)
    return replace(found, unknown=UNKNOWN)


def _normalized(table: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
    """A table of embeddings, each of them normalized."""

    def load() -> Any:
        rows = table.array().astype(np.float32)
        rows -= rows.mean(axis=1, keepdims=True)
        rows /= np.sqrt((rows * rows).mean(axis=1, keepdims=True) + np.float32(EPSILON))
        return rows * gamma.array().astype(np.float32) + beta.array().astype(np.float32)

    return Tensor("F32", table.shape, load)


def _vocabulary(checkpoint: Checkpoint, size: int) -> Vocabulary:
    """The tokenizer of ``vocab.json`` and ``merges.txt`` as a ``tokenizer.json``."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

    ids = checkpoint.json("vocab.json")
    names = {token: _piece(token) for token in by_id(checkpoint, ids)}
    pairs = merge_pairs(checkpoint)
    known = {name: ids[token] for token, name in names.items()}
    if len(known) != len(ids):
        raise InvalidModelError(f"{checkpoint.path('vocab.json')} has the same token twice")
    if UNKNOWN not in known:
        raise InvalidModelError(f"{checkpoint.path('vocab.json')} lacks {UNKNOWN}")
    for token in listed_tokens(checkpoint).values():
        if token.content in {*names, *names.values()}.difference(SPECIAL):  # has another name here
            raise InvalidModelError(
                f"{checkpoint.directory} lists the added token {token.content!r}, "
                "which its vocabulary has as a word or a piece"
            )
    try:
        model = models.BPE(
            vocab=with_steps(known, pairs),
            merges=pairs,
            unk_token=UNKNOWN,
            end_of_word_suffix=LAST,
        )
    except Exception as error:  # the library raises plain exceptions
        raise InvalidModelError(f"{checkpoint.directory}: {error}") from error
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace(Regex(LINE_END), f" {NEW_LINE} "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(r"[.,!?()]"), "merged_with_next"),
            pre_tokenizers.Split("'", "isolated"),
        ]
    )
    tokenizer.decoder = decoders.BPEDecoder(suffix=LAST)
    return Vocabulary(
        assemble(checkpoint, list(names.values()), size),
        JSON_KIND,
        "tokenizer.json",
        tokenizer.to_str().encode(),
    )


def _piece(token: str) -> str:
    """A token of the checkpoint as the library's model has it."""
    if token in SPECIAL:
        return token
    return token.removesuffix(CONTINUED) if token.endswith(CONTINUED) else f"{token}{LAST}"
