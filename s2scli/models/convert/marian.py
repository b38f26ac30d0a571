"""Marian: OPUS-MT and every model of that shape (``MarianMTModel``)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.languages.codes import is_group
from s2scli.models.convert.artifact import CTranslate2Artifact
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.defaults import TokenRoles, decoding_defaults
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.outputbias import output_bias
from s2scli.models.convert.tables import Tables, embedding_tables, is_tied
from s2scli.models.convert.tensor import Array
from s2scli.models.convert.transformer import (
    Shape,
    build_layers,
    open_model,
    sinusoidal_positions,
)
from s2scli.models.convert.vocabulary import (
    Rows,
    assemble,
    by_id,
    piece_file,
    special_fields_of_both,
)
from s2scli.models.convert.weights import Weights
from s2scli.models.manifest import SENTENCEPIECE_KIND, TokenizerRecipe

__all__ = ["convert", "texts"]

EOS, UNK, PAD = "</s>", "<unk>", "<pad>"
CODE = re.compile(r">>[^<>]+<<")


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a Marian checkpoint; ``transformers`` (``modeling_marian.py``) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    weights, shape = open_model(checkpoint), Shape.of(checkpoint)
    read = texts(checkpoint)
    source, target, defaults = list(read.source), list(read.target), read.defaults
    spec = build_layers(weights, shape, pre_norm=False)
    tables = embedding_tables(
        checkpoint,
        weights,
        (len(source), len(target), shape.width),
        tied=is_tied(checkpoint),
        shared=checkpoint.flag("share_encoder_decoder_embeddings", default=True),
    )
    bias = _bias(weights, len(target))

    # Original Marian models start decoding from a zero vector, for which transformers made room
    # by a row of zeros, <pad>, that is never generated. Training in transformers moves that row:
    # then it is a token like others.
    last = len(target) - 1
    zeros = target[-1] == PAD and not tables.decoder.rows(last, last + 1).array().any()
    starts_from_zero = (
        zeros and read.start == PAD and [PAD] in defaults.decoding.get("suppress", [])
    )
    has_bias = bias.any()
    if starts_from_zero:
        tables = _without_last(tables, source[-1] == PAD)
        bias, target = bias[:-1], target[:-1]
        source = source[:-1] if source[-1] == PAD else source
        defaults = replace(defaults, decoding=_without_pad(defaults.decoding))
    spec.decoder.start_from_zero_embedding = starts_from_zero
    spec.encoder.embeddings[0].weight = tables.encoder
    spec.decoder.embeddings.weight = tables.decoder
    spec.decoder.projection.weight = tables.projection
    if has_bias:
        spec.decoder.projection.bias = bias
    _set_positions(spec, weights, shape)
    scale = math.sqrt(shape.width) if checkpoint.flag("scale_embedding", default=False) else 1.0
    spec.encoder.scale_embeddings = spec.decoder.scale_embeddings = scale
    spec.register_source_vocabulary(source)
    spec.register_target_vocabulary(target)
    spec.config.eos_token, spec.config.unk_token = EOS, UNK
    spec.config.decoder_start_token = EOS if starts_from_zero else read.start
    whole = read.conversion(CTranslate2Artifact(spec), weights)
    return replace(whole, defaults=defaults)


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    rows, target_rows = _vocabularies(checkpoint)
    source, target = rows.tokens, target_rows.tokens
    start, first = checkpoint.token(target, START, PAD), checkpoint.first_token(target)
    codes = {token[2:-2]: token for token in source if CODE.fullmatch(token)}
    positions = checkpoint.size("max_position_embeddings")
    return ModelTexts(
        source=source,
        target=target,
        start=start,
        unknown=UNK,
        tokenizer=_tokenizer(rows, target_rows, first, codes),
        files={name: piece_file(checkpoint, name) for name in ("source.spm", "target.spm")},
        tasks=("translate",),
        source_languages=_languages(checkpoint, "source_lang"),
        target_languages=tuple(codes) or _languages(checkpoint, "target_lang"),
        max_source_tokens=checkpoint.source_limit(positions),
        max_target_tokens=positions,
        defaults=decoding_defaults(checkpoint, TokenRoles(target, start, *first)),
        rowless=tuple({*rows.rowless} & {*target_rows.rowless}),
    )


def _tokenizer(
    rows: Rows, target_rows: Rows, first: Sequence[str], codes: Mapping[str, str]
) -> TokenizerRecipe:
    """How text becomes tokens: with the target's language in front, if there are several."""
    return TokenizerRecipe(
        kind=SENTENCEPIECE_KIND,
        source="source.spm",
        target="target.spm",
        prefix=("{to}",) if codes else (),
        suffix=(EOS,),
        target_prefix=tuple(first),
        target_tokens=codes,
        **special_fields_of_both(rows, target_rows, (EOS, UNK, PAD), codes.values()),
    )


def _vocabularies(checkpoint: Checkpoint) -> tuple[Rows, Rows]:
    """The source and the target tokens in the order of their ids; one object if they share them."""
    source = _vocabulary(checkpoint, "vocab.json", "vocab_size")
    own = checkpoint.config.get("decoder_vocab_size") not in (None, len(source.tokens))
    size = "decoder_vocab_size" if own else "vocab_size"
    if checkpoint.tokenizer_flag("separate_vocabs"):
        return source, _vocabulary(checkpoint, "target_vocab.json", size)
    return source, _vocabulary(checkpoint, "vocab.json", size) if own else source


def _vocabulary(checkpoint: Checkpoint, name: str, size: str) -> Rows:
    tokens = by_id(checkpoint, checkpoint.json(name))
    if missing := {EOS, UNK} - set(tokens):
        raise InvalidModelError(f"{checkpoint.path(name)} lacks {min(missing)}")
    return assemble(checkpoint, tokens, checkpoint.size(size))


def _without_last(tables: Tables, source: bool) -> Tables:
    """Tables without their last row; the source's keeps it unless ``source``."""
    short = {id(table): table.rows(0, table.shape[0] - 1) for table in tables}
    encoder = short[id(tables.encoder)] if source else tables.encoder
    return Tables(encoder, short[id(tables.decoder)], short[id(tables.projection)])


def _without_pad(decoding: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a decode that do not name a token that is none of the vocabulary."""
    kept = [row for row in decoding["suppress"] if PAD not in row]
    rest = {name: value for name, value in decoding.items() if name != "suppress"}
    return {**rest, "suppress": kept} if kept else rest


def _bias(weights: Weights, size: int) -> Array:
    """What is added to the outputs; zeros where the base class was saved, which has none."""
    stored = output_bias("marian", weights, size)
    bias: Array = np.zeros(size, np.float32) if stored is None else stored.array()[0]
    return bias


def _set_positions(spec: Any, weights: Weights, shape: Shape) -> None:
    for side in ("encoder", "decoder"):
        name = f"model.{side}.embed_positions.weight"
        size = (shape.positions, shape.width)
        table = weights.take(name, *size) if name in weights else sinusoidal_positions(*size)
        getattr(spec, side).position_encodings.encodings = table


def _languages(checkpoint: Checkpoint, key: str) -> tuple[str, ...]:
    """The one language that the tokenizer's settings name; they may name a group instead."""
    language = checkpoint.tokenizer_config.get(key)
    named = isinstance(language, str) and language and not is_group(language)
    return (str(language),) if named else ()
