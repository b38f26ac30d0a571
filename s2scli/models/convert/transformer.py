"""From tensor names to the engine's specification, for the families that descend from fairseq.

Marian, BART, mBART, Pegasus, M2M100 and Blenderbot name their weights alike
(``model.encoder.layers.0.self_attn.q_proj.weight`` …); what differs stands in ``Shape``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.configobject import MAX_LAYERS
from s2scli.models.convert.specs import common_spec, transformer_spec
from s2scli.models.convert.tensor import Array, Tensor, stack
from s2scli.models.convert.weights import Weights

__all__ = [
    "ROOT",
    "SIDES",
    "Shape",
    "build_layers",
    "open_model",
    "sinusoidal_positions",
    "sinusoids_from",
    "wave_rates",
]

SIDES = ("encoder", "decoder")
# The base class of these families (``BartModel``) saves what the whole model has under "model.".
ROOT, PARTS = "model.", ("encoder.", "decoder.", "shared.")

ACTIVATIONS = {
    "relu": common_spec.Activation.RELU,
    "gelu": common_spec.Activation.GELU,
    "gelu_new": common_spec.Activation.GELUTanh,
    "gelu_fast": common_spec.Activation.GELUTanh,
    "quick_gelu": common_spec.Activation.GELUSigmoid,
    "silu": common_spec.Activation.SWISH,
    "swish": common_spec.Activation.SWISH,
}
# Of families that have another one if nothing is said.
USUAL_ACTIVATION = {"m2m_100": "relu", "fsmt": "relu", "bigbird_pegasus": "gelu_new"}


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a model, as its ``config.json`` gives them."""

    width: int
    encoder_layers: int
    decoder_layers: int
    encoder_heads: int
    decoder_heads: int
    encoder_ffn: int
    decoder_ffn: int
    positions: int
    activation: str
    attention_bias: bool = True

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Shape:
        """Read the sizes.

        Raises:
            InvalidModelError: one is missing or cannot be.
        """
        usual = USUAL_ACTIVATION.get(str(checkpoint.config.get("model_type")), "gelu")
        activation = str(checkpoint.config.get("activation_function", usual))
        if activation not in ACTIVATIONS:
            raise InvalidModelError(
                f"config.json asks for the activation {activation!r}, which the engine lacks"
            )
        is_bigbird = checkpoint.config.get("model_type") == "bigbird_pegasus"
        width, settings = checkpoint.size("d_model"), checkpoint.settings
        return cls(
            width=width,
            encoder_layers=checkpoint.size("encoder_layers", MAX_LAYERS),
            decoder_layers=checkpoint.size("decoder_layers", MAX_LAYERS),
            encoder_heads=settings.heads("encoder_attention_heads", width),
            decoder_heads=settings.heads("decoder_attention_heads", width),
            encoder_ffn=checkpoint.size("encoder_ffn_dim"),
            decoder_ffn=checkpoint.size("decoder_ffn_dim"),
            positions=checkpoint.size("max_position_embeddings"),
            activation=activation,
            attention_bias=checkpoint.flag("use_bias", default=not is_bigbird),
        )


def open_model(checkpoint: Checkpoint) -> Weights:
    """A checkpoint's weights by the whole model's names, if the base class saved them too."""
    return checkpoint.weights().within(ROOT, PARTS)


def build_layers(
    weights: Weights, shape: Shape, *, pre_norm: bool, embedding_norm: Collection[str] = ()
) -> transformer_spec.TransformerSpec:
    """A specification with all layers set, but without embeddings, positions and projection.

    Args:
        weights: the checkpoint's.
        shape: its sizes.
        pre_norm: whether normalization stands before each part of a layer (Xiong et al. 2020,
            https://arxiv.org/abs/2002.04745) and after the last layer, not after each part.
        embedding_norm: the sides on which embeddings, with positions, are normalized as well.

    Raises:
        InvalidModelError: a tensor is missing or misshapen.
    """
    options = {
        "pre_norm": pre_norm,
        "activation": ACTIVATIONS[shape.activation],
    }
    encoder = transformer_spec.TransformerEncoderSpec(
        shape.encoder_layers,
        shape.encoder_heads,
        layernorm_embedding="encoder" in embedding_norm,
        **options,
    )
    decoder = transformer_spec.TransformerDecoderSpec(
        shape.decoder_layers,
        shape.decoder_heads,
        layernorm_embedding="decoder" in embedding_norm,
        **options,
    )
    source = _Source(weights, shape.width, shape.attention_bias)
    for name, side in (("encoder", encoder), ("decoder", decoder)):
        if pre_norm:
            source.norm(side.layer_norm, f"model.{name}.layer_norm")
        if name in embedding_norm:
            source.norm(side.layernorm_embedding, f"model.{name}.layernorm_embedding")
    for index, layer in enumerate(encoder.layer):
        prefix = f"model.encoder.layers.{index}"
        source.self_attention(layer.self_attention, prefix)
        source.feed_forward(layer.ffn, prefix, shape.encoder_ffn)
    for index, layer in enumerate(decoder.layer):
        prefix = f"model.decoder.layers.{index}"
        source.self_attention(layer.self_attention, prefix)
        source.cross_attention(layer.attention, prefix)
        source.feed_forward(layer.ffn, prefix, shape.decoder_ffn)
    return transformer_spec.TransformerSpec(encoder, decoder)


@dataclass(frozen=True, slots=True)
class _Source:
    """Takes the tensors of a layer and puts them where the engine expects them."""

    weights: Weights
    width: int
    attention_bias: bool

    def self_attention(self, spec: Any, prefix: str) -> None:
        self._fused(spec.linear[0], f"{prefix}.self_attn", "qkv")
        self._fused(spec.linear[1], f"{prefix}.self_attn", ("out",))
        self.norm(spec.layer_norm, f"{prefix}.self_attn_layer_norm")

    def cross_attention(self, spec: Any, prefix: str) -> None:
        self._fused(spec.linear[0], f"{prefix}.encoder_attn", "q")
        self._fused(spec.linear[1], f"{prefix}.encoder_attn", "kv")
        self._fused(spec.linear[2], f"{prefix}.encoder_attn", ("out",))
        self.norm(spec.layer_norm, f"{prefix}.encoder_attn_layer_norm")

    def feed_forward(self, spec: Any, prefix: str, inner: int) -> None:
        self._linear(spec.linear_0, f"{prefix}.fc1", inner, self.width)
        self._linear(spec.linear_1, f"{prefix}.fc2", self.width, inner)
        self.norm(spec.layer_norm, f"{prefix}.final_layer_norm")

    def norm(self, spec: Any, name: str) -> None:
        """A layer normalization of its own."""
        spec.gamma = self.weights.take(f"{name}.weight", self.width)
        spec.beta = self.weights.take(f"{name}.bias", self.width)

    def _linear(self, spec: Any, name: str, rows: int, columns: int) -> None:
        spec.weight = self.weights.take(f"{name}.weight", rows, columns)
        spec.bias = self.weights.take(f"{name}.bias", rows)

    def _fused(self, spec: Any, prefix: str, projections: Sequence[str]) -> None:
        """Stack the query, key and value projections: the engine multiplies them at once."""
        names = [f"{prefix}.{projection}_proj" for projection in projections]
        spec.weight = _stacked(
            [self.weights.take(f"{name}.weight", self.width, self.width) for name in names]
        )
        if self.attention_bias:
            spec.bias = _stacked([self.weights.take(f"{name}.bias", self.width) for name in names])


def _stacked(tensors: Sequence[Tensor]) -> Tensor:
    return tensors[0] if len(tensors) == 1 else stack(tensors)


def sinusoidal_positions(positions: int, width: int) -> Array:
    """The position table of Vaswani et al. 2017, sines in the first half, cosines in the second.

    Returns:
        float32 of shape (positions, width).
    """
    columns = np.arange(width)
    angles = np.arange(positions)[:, None] / np.power(10000, 2 * (columns // 2) / width)
    return np.concatenate([np.sin(angles[:, 0::2]), np.cos(angles[:, 1::2])], axis=1).astype(
        np.float32
    )


def sinusoids_from(first: int, shape: Shape) -> Array:
    """The position table of fairseq, as tensor2tensor has it: other waves than those of Vaswani.

    Args:
        first: the number of the first position.
        shape: how many, and how wide.

    Returns:
        float32 of shape (positions, width).

    Raises:
        InvalidModelError: the width is too small.
    """
    rates = wave_rates(shape.width)
    angles = np.arange(first, first + shape.positions, dtype=np.float32)[:, None] * rates
    exact = angles.astype(np.float64)
    table = np.concatenate([np.sin(exact), np.cos(exact)], axis=1).astype(np.float32)
    return table if shape.width % 2 == 0 else np.pad(table, ((0, 0), (0, 1)))


def wave_rates(width: int) -> Array:
    """How fast the angles of fairseq's positions grow, for half the width (float32).

    Raises:
        InvalidModelError: the width is too small.
    """
    half = width // 2
    if half < 2:
        raise InvalidModelError(f"config.json gives d_model as {width}")
    step = np.float32(-math.log(10000) / (half - 1))
    # transformers rounds each step to float32; functions here are exact to the last bit, those of
    # PyTorch to the last but one.
    exponents = np.arange(half, dtype=np.float32) * step
    rates: Array = np.exp(exponents.astype(np.float64)).astype(np.float32)
    return rates
