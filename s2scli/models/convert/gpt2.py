"""GPT-2 (Radford et al. 2019) as the decoder of an encoder-decoder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.parts import (
    PartTensors,
    Projection,
    activation,
    folded,
    set_linear,
    set_norm,
)
from s2scli.models.convert.specs import transformer_spec
from s2scli.models.convert.tensor import Tensor

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Gpt2"]

# Masks of older versions: constants.
BUFFERS = ("attn.bias", "attn.masked_bias", "crossattention.bias", "crossattention.masked_bias")


@dataclass(frozen=True)
class Gpt2:
    """A decoder; ``transformers`` (``GPT2LMHeadModel``, 4.57) is the reference.

    Attributes:
        settings: the part's, with its class's defaults.
    """

    settings: ConfigObject

    @classmethod
    def of(cls, settings: ConfigObject) -> Self:
        """Of a part of ``config.json``."""
        return cls(settings.with_type_defaults())

    @cached_property
    def width(self) -> int:
        """Numbers per token."""
        return self.settings.size("n_embd")

    @cached_property
    def layers(self) -> int:
        """How many there are."""
        return self.settings.size("n_layer", MAX_LAYERS)

    @cached_property
    def tokens(self) -> int:
        """Rows of the embeddings."""
        return self.settings.size("vocab_size")

    @cached_property
    def positions(self) -> int:
        """The longest text in tokens."""
        return self.settings.size("n_positions")

    @cached_property
    def inner(self) -> int:
        """Inner units of the feed-forward layers."""
        unsaid = self.settings.content.get("n_inner") is None
        return 4 * self.width if unsaid else self.settings.size("n_inner")

    @cached_property
    def epsilon(self) -> float:
        """What normalization adds to the variance."""
        return self.settings.number("layer_norm_epsilon", 1e-5)

    @property
    def root(self) -> str:
        """What the names of its tensors begin with, but for that of its output."""
        return "transformer."

    def decoder(
        self, names: PartTensors, head: PartTensors, source: int, projection: Projection
    ) -> transformer_spec.TransformerDecoderSpec:
        """The specification.

        Args:
            names: the tensors of the part's layers.
            head: those of its output.
            source: numbers per token of the encoder.
            projection: the linear layer between the two, if their widths differ.

        Raises:
            InvalidModelError: a tensor is missing or misshapen.
        """
        spec = transformer_spec.TransformerDecoderSpec(
            self.layers,
            num_heads=self.settings.heads("n_head", self.width),
            pre_norm=True,
            activation=activation(self.settings, "activation_function", "gelu_new"),
        )
        size = (self.tokens, self.width)
        table = spec.embeddings.weight = names.take("wte.weight", *size)
        spec.scale_embeddings = False
        spec.position_encodings.encodings = names.take("wpe.weight", self.positions, self.width)
        set_norm(spec.layer_norm, names.norm("ln_f", self.width))
        for number, layer in enumerate(spec.layer):
            self._layer(layer, names.within(f"h.{number}."), source, projection)
        tied = self.settings.flag("tie_word_embeddings", default=True)
        spec.projection.weight = head.output("lm_head.weight", table, size, tied=tied)
        return spec

    def _layer(self, spec: Any, names: PartTensors, source: int, projection: Projection) -> None:
        width = self.width
        inner = self.inner
        names.pass_over(BUFFERS)
        set_norm(spec.self_attention.layer_norm, names.norm("ln_1", width))
        set_linear(spec.self_attention.linear[0], _turned(names, "attn.c_attn", 3 * width, width))
        set_linear(spec.self_attention.linear[1], _turned(names, "attn.c_proj", width, width))
        cross, inputs = names.within("crossattention."), width if projection else source
        set_norm(spec.attention.layer_norm, names.norm("ln_cross_attn", width))
        set_linear(spec.attention.linear[0], _turned(cross, "q_attn", width, width))
        both = _turned(cross, "c_attn", 2 * width, inputs)
        set_linear(spec.attention.linear[1], folded(both, projection))
        set_linear(spec.attention.linear[2], _turned(cross, "c_proj", width, width))
        set_norm(spec.ffn.layer_norm, names.norm("ln_2", width))
        set_linear(spec.ffn.linear_0, _turned(names, "mlp.c_fc", inner, width))
        set_linear(spec.ffn.linear_1, _turned(names, "mlp.c_proj", width, inner))


def _turned(names: PartTensors, name: str, rows: int, columns: int) -> tuple[Tensor, Tensor]:
    """A linear layer that is stored by columns (``Conv1D``)."""
    stored = names.take(f"{name}.weight", columns, rows)
    return stored.turned(), names.take(f"{name}.bias", rows)
