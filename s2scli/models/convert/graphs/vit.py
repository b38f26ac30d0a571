"""ViT (Dosovitskiy et al. 2021, https://arxiv.org/abs/2010.11929) and DeiT (Touvron et al. 2021,
https://arxiv.org/abs/2012.12877), which has one token more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.graphs.images import Size, patches, size_pair
from s2scli.models.convert.graphs.layers import Heads, Layers, LinearLayer, NormLayer
from s2scli.models.convert.parts import PartTensors

__all__ = ["Vit", "heads_of", "linear_of"]

# What stands in front of an image's patches.
TOKENS = {"vit": ("cls_token",), "deit": ("cls_token", "distillation_token")}


@dataclass(frozen=True)
class Vit:
    """An ``ImageEncoder``; ``transformers`` (``modeling_vit.py``, 4.57) is the reference.

    Attributes:
        settings: the part's, with its class's defaults.
    """

    settings: ConfigObject

    @classmethod
    def of(cls, settings: ConfigObject) -> Vit:
        """Of a part of ``config.json``."""
        return cls(settings.with_type_defaults())

    @cached_property
    def width(self) -> int:
        """Numbers that it gives for each position."""
        return self.settings.size("hidden_size")

    @cached_property
    def image(self) -> Size:
        """Height and width of the images that it takes."""
        return size_pair(self.settings, "image_size")

    @cached_property
    def channels(self) -> int:
        """Numbers of a pixel."""
        return self.settings.size("num_channels")

    @property
    def positions(self) -> int:
        """How many positions it gives for an image."""
        (height, width), (down, across) = self.image, self._patch
        return (height // down) * (width // across) + len(self._tokens)

    @cached_property
    def _patch(self) -> Size:
        patch = size_pair(self.settings, "patch_size")
        if any(side % part for side, part in zip(self.image, patch, strict=True)):
            raise InvalidModelError(
                f"{self.settings.place} gives patches of {patch}, into which {self.image} "
                "cannot be divided"
            )
        return patch

    @property
    def _tokens(self) -> tuple[str, ...]:
        return TOKENS[str(self.settings.content["model_type"])]

    def write(self, layers: Layers, names: PartTensors) -> str:
        """Add it to a graph; gives (B, positions, width).

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """
        epsilon = self.settings.number("layer_norm_eps", 1e-12)
        heads = heads_of(self.settings, self.width, "num_attention_heads")
        x = self._embed(layers, names.within("embeddings."))
        for number in range(self.settings.size("num_hidden_layers", MAX_LAYERS)):
            x = self._layer(layers, x, names.within(f"encoder.layer.{number}."), heads, epsilon)
        # Trained for classes, or for images with holes: nothing reads them here.
        names.pass_over(("pooler.dense.weight", "pooler.dense.bias", "embeddings.mask_token"))
        return layers.norm(x, NormLayer(*names.norm("layernorm", self.width), epsilon))

    def _embed(self, layers: Layers, names: PartTensors) -> str:
        g, width = layers.graph, self.width
        x = patches(layers, names, self.image, self.channels, self._patch, width)
        batch = g.op("Gather", g.op("Shape", x), g.sizes(0))
        shape = g.op("Concat", batch, g.sizes(1, width), axis=0)
        tokens = [
            g.op("Expand", g.weights(names.take(name, 1, 1, width)), shape) for name in self._tokens
        ]
        positions = names.take("position_embeddings", 1, self.positions, width)
        return g.op("Add", g.op("Concat", *tokens, x, axis=1), g.weights(positions))

    def _layer(
        self, layers: Layers, x: str, names: PartTensors, heads: Heads, epsilon: float
    ) -> str:
        width, inner = self.width, self.settings.size("intermediate_size")
        attention = names.within("attention.")
        biased = self.settings.flag("qkv_bias", default=True)
        query, key, value = (
            linear_of(attention.within("attention."), name, width, width, biased=biased)
            for name in ("query", "key", "value")
        )
        y = layers.norm(x, NormLayer(*names.norm("layernorm_before", width), epsilon))
        y = layers.self_attention(y, (query, key, value), heads)
        output = LinearLayer(*attention.linear("output.dense", width, width))
        x = layers.add(layers.linear(y, output), x)
        y = layers.norm(x, NormLayer(*names.norm("layernorm_after", width), epsilon))
        activation = str(self.settings.content["hidden_act"])
        first = LinearLayer(*names.linear("intermediate.dense", inner, width))
        second = LinearLayer(*names.linear("output.dense", width, inner))
        return layers.add(layers.forward(y, first, activation, second), x)


def heads_of(settings: ConfigObject, width: int, name: str) -> Heads:
    """How the attentions of a part are divided.

    Raises:
        InvalidModelError: the width is no multiple of the number of heads.
    """
    count = settings.heads(name, width)
    return Heads(count, width // count)


def linear_of(
    names: PartTensors, name: str, rows: int, columns: int, *, biased: bool
) -> LinearLayer:
    """A linear layer, which may have no bias."""
    weight = names.take(f"{name}.weight", rows, columns)
    return LinearLayer(weight, names.take(f"{name}.bias", rows) if biased else None)
