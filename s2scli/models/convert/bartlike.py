"""What BART, mBART, Pegasus, M2M100 and Blenderbot have in common beyond their layers."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import NamedTuple

from s2scli.models.convert.artifact import CTranslate2Artifact
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.defaults import TokenRoles, decoding_defaults
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.outputbias import output_bias
from s2scli.models.convert.specs import transformer_spec
from s2scli.models.convert.tables import embedding_tables, is_tied
from s2scli.models.convert.tensor import Array, Tensor
from s2scli.models.convert.transformer import Shape, build_layers, open_model
from s2scli.models.convert.vocabulary import Vocabulary
from s2scli.models.convert.weights import Weights
from s2scli.models.manifest import TokenizerRecipe

__all__ = [
    "BOS",
    "EOS",
    "PAD",
    "SPECIAL",
    "UNK",
    "Built",
    "build",
    "converted",
    "finish",
    "learned_positions",
    "read_texts",
]

BOS, EOS, PAD, UNK = "<s>", "</s>", "<pad>", "<unk>"
SCALED = ("m2m_100", "bigbird_pegasus", "fsmt")  # if nothing is said
SPECIAL = (BOS, EOS, PAD, UNK, "<mask>")
# The table of positions of one side, ("encoder" or "decoder"), of shape (positions, width).
Positions = Callable[[Weights, Shape, str], "Array | Tensor"]


class Built(NamedTuple):
    """A specification, the weights that it was made of, and their sizes."""

    spec: transformer_spec.TransformerSpec
    weights: Weights
    shape: Shape


def build(
    checkpoint: Checkpoint,
    tokens: list[str],
    positions: Positions,
    *,
    pre_norm: bool,
    embedding_norm: Collection[str],
    fixed: bool = False,
    weights: Weights | None = None,
    target_tokens: list[str] | None = None,
) -> Built:
    """A whole specification with its vocabulary; ``finish`` sets the start token.

    Args:
        checkpoint: the checkpoint.
        tokens: one for each row of the embeddings.
        positions: returns the table of positions.
        pre_norm: see ``build_layers``.
        embedding_norm: see ``build_layers``.
        fixed: see ``embedding_tables``.
        weights: the checkpoint's, where a family has other names for them.
        target_tokens: those of the target, in a family whose sides have a table each.

    Raises:
        InvalidModelError: a tensor is missing or misshapen.
    """
    weights, shape = weights or open_model(checkpoint), Shape.of(checkpoint)
    spec = build_layers(weights, shape, pre_norm=pre_norm, embedding_norm=embedding_norm)
    own = target_tokens is not None
    target = target_tokens if target_tokens is not None else tokens
    tied = is_tied(checkpoint, default=not own)
    tables = embedding_tables(
        checkpoint,
        weights,
        (len(tokens), len(target), shape.width),
        tied=tied or own,
        shared=tied or not own,
        fixed=fixed,
    )
    spec.encoder.embeddings[0].weight = tables.encoder
    spec.decoder.embeddings.weight = tables.decoder
    spec.decoder.projection.weight = tables.projection
    family = checkpoint.config["model_type"]
    bias = output_bias(family, weights, len(target))
    if bias is not None and bias.array().any():
        spec.decoder.projection.bias = bias.array()[0]
    scaled = checkpoint.flag("scale_embedding", default=family in SCALED)
    scale = math.sqrt(shape.width) if scaled else 1.0
    for name in ("encoder", "decoder"):
        side = getattr(spec, name)
        side.scale_embeddings = scale
        side.position_encodings.encodings = positions(weights, shape, name)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(target)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = BOS, EOS, UNK
    return Built(spec, weights, shape)


def read_texts(
    checkpoint: Checkpoint,
    vocabulary: Vocabulary,
    recipe: TokenizerRecipe,
    task: str,
    start: str,
    longest: int = 0,
    positions: int = 0,
) -> ModelTexts:
    """What a model of such a family reads and writes.

    Args:
        checkpoint: the checkpoint.
        vocabulary: its tokens.
        recipe: how to tokenize.
        task: what the model does.
        start: the token that decoding starts from; empty if a language's takes its place.
        longest: the longest source, if that is not how many positions there are.
        positions: how many those are, if ``config.json`` has another name for them.
    """
    tokens, positions = vocabulary.tokens, positions or checkpoint.size("max_position_embeddings")
    first = recipe.target_prefix[-1] if recipe.target_prefix else ""
    return ModelTexts(
        source=tokens,
        target=tokens,
        start=start,
        unknown=UNK,
        tokenizer=recipe,
        files={vocabulary.file: vocabulary.content},
        tasks=(task,),
        source_languages=tuple(recipe.source_tokens),
        target_languages=tuple(recipe.target_tokens),
        max_source_tokens=checkpoint.source_limit(longest or positions),
        max_target_tokens=positions,
        defaults=decoding_defaults(
            checkpoint, TokenRoles(tokens, start=start, end=recipe.end, first=first)
        ),
        rowless=vocabulary.rows.rowless,
    )


def finish(built: Built, texts: ModelTexts) -> Conversion:
    """A whole conversion: what ``build`` has made, which starts as the texts say."""
    built.spec.config.decoder_start_token = texts.start or None
    return texts.conversion(CTranslate2Artifact(built.spec), built.weights)


def converted(
    checkpoint: Checkpoint,
    texts: ModelTexts,
    positions: Positions,
    *,
    pre_norm: bool,
    embedding_norm: Collection[str],
    fixed: bool = False,
) -> Conversion:
    """A whole conversion of a family that adds nothing to what ``build`` makes; see there."""
    built = build(
        checkpoint,
        list(texts.target),
        positions,
        pre_norm=pre_norm,
        embedding_norm=embedding_norm,
        fixed=fixed,
    )
    return finish(built, texts)


def learned_positions(offset: int) -> Positions:
    """Positions that were trained; the table's first ``offset`` rows are not used."""

    def positions(weights: Weights, shape: Shape, side: str) -> Tensor:
        name, rows = f"model.{side}.embed_positions.weight", shape.positions + offset
        return weights.take(name, rows, shape.width).rows(offset, rows)

    return positions
