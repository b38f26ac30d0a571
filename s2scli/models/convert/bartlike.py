"""What BART, mBART, Pegasus, M2M100 and Blenderbot have in common beyond their layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.specs import transformer_spec
from s2scli.models.convert.tensor import Array, Tensor
from s2scli.models.convert.transformer import Shape, build_layers
from s2scli.models.convert.weights import Weights

__all__ = ["BOS", "EOS", "IGNORED", "PAD", "UNK", "build", "learned_positions"]

BOS, EOS, PAD, UNK = "<s>", "</s>", "<pad>", "<unk>"
TABLES = (
    "model.shared.weight",
    "model.encoder.embed_tokens.weight",
    "model.decoder.embed_tokens.weight",
    "lm_head.weight",
)
# Copies of the one table, and position tables that follow from a formula.
IGNORED = frozenset(
    {
        *TABLES,
        "final_logits_bias",
        *(
            f"model.{side}.embed_positions.weight{plural}"
            for side in ("encoder", "decoder")
            for plural in ("", "s")
        ),
    }
)
# The table of positions of one side, ("encoder" or "decoder"), of shape (positions, width).
Positions = Callable[[Weights, Shape, str], "Array | Tensor"]


def build(
    checkpoint: Checkpoint,
    weights: Weights,
    shape: Shape,
    tokens: list[str],
    positions: Positions,
    *,
    pre_norm: bool,
    embedding_norm: bool,
) -> transformer_spec.TransformerSpec:
    """A whole specification with its vocabulary; the start token is the caller's to set.

    Args:
        checkpoint: where the configuration is.
        weights: its weights.
        shape: its sizes.
        tokens: one for each row of the embeddings.
        positions: gives the table of positions.
        pre_norm: see ``build_layers``.
        embedding_norm: see ``build_layers``.

    Raises:
        InvalidModelError: a tensor is missing or misshapen.
    """
    config = checkpoint.config
    spec = build_layers(weights, shape, pre_norm=pre_norm, embedding_norm=embedding_norm)
    encoder, decoder, projection = _tables(weights, config, len(tokens), shape.width)
    spec.encoder.embeddings[0].weight = encoder
    spec.decoder.embeddings.weight = decoder
    spec.decoder.projection.weight = projection
    if "final_logits_bias" in weights:
        bias = weights.take("final_logits_bias", 1, len(tokens)).array()[0]
        if bias.any():
            spec.decoder.projection.bias = bias
    scale = math.sqrt(shape.width) if config.get("scale_embedding") else 1.0
    for name in ("encoder", "decoder"):
        side = getattr(spec, name)
        side.scale_embeddings = scale
        side.position_encodings.encodings = positions(weights, shape, name)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = BOS, EOS, UNK
    return spec


def _tables(
    weights: Weights, config: dict[str, Any], size: int, width: int
) -> tuple[Tensor, Tensor, Tensor]:
    """The encoder's and the decoder's embeddings and the projection: one object if tied."""
    stored = [name for name in TABLES if name in weights]
    if not stored:
        raise InvalidModelError(f"The checkpoint has no tensor {TABLES[0]}")
    if config.get("tie_word_embeddings", True):
        table = weights.take(stored[0], size, width)
        return table, table, table
    own = [name if name in weights else stored[0] for name in TABLES[1:]]
    tables = {name: weights.take(name, size, width) for name in set(own)}
    encoder, decoder, projection = (tables[name] for name in own)
    return encoder, decoder, projection


def learned_positions(offset: int) -> Positions:
    """Positions that were trained; the table's first ``offset`` rows are not used."""

    def positions(weights: Weights, shape: Shape, side: str) -> Tensor:
        name, rows = f"model.{side}.embed_positions.weight", shape.positions + offset
        return weights.take(name, rows, shape.width).rows(offset, rows)

    return positions
