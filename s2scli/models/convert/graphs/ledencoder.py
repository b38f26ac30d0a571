"""The encoder of LED (Beltagy et al. 2020, https://arxiv.org/abs/2004.05150): each token looks at
its neighbours and at the first token, which looks at all.

The reference is ``transformers`` (``modeling_led.py``, 4.57) with global attention on that token.
"""

from __future__ import annotations

from dataclasses import dataclass

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.graphs.graph import NumberType
from s2scli.models.convert.graphs.layers import Layers, LinearLayer, NormLayer
from s2scli.models.convert.graphs.vit import heads_of
from s2scli.models.convert.graphs.windows import WindowAttention
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Tensor

__all__ = ["LedEncoder"]

EPSILON = 1e-5
PROJECTIONS = ("query", "key", "value")


@dataclass(frozen=True)
class LedEncoder:
    """The encoder.

    Attributes:
        settings: what ``config.json`` says, with its class's defaults.
    """

    settings: ConfigObject

    def windows(self) -> list[int]:
        """Of each layer, how many tokens on either side are looked at.

        Raises:
            InvalidModelError: they are none.
        """
        count = self.settings.size("encoder_layers", MAX_LAYERS)
        given = self.settings.content["attention_window"]
        sizes = given if isinstance(given, list) else [given] * count
        right = all(type(size) is int and size > 0 and size % 2 == 0 for size in sizes)
        if not right or len(sizes) != count:
            raise InvalidModelError(f"{self.settings.place} gives attention_window as {given!r}")
        return [size // 2 for size in sizes]

    def write(self, layers: Layers, names: PartTensors, words: Tensor) -> str:
        """Add it to a graph that takes the ids of one text; gives (1, S, width).

        Args:
            layers: adds to the graph.
            names: the tensors of the encoder.
            words: the table of embeddings.

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """
        g, width = layers.graph, self.settings.size("d_model")
        heads = heads_of(self.settings, width, "encoder_attention_heads")
        ids = g.input("input_ids", NumberType.INT64, 1, "S")
        length = g.op("Slice", g.op("Shape", ids), g.sizes(1), g.sizes(2))
        rows = self.settings.size("max_encoder_position_embeddings")
        table = g.weights(names.take("embed_positions.weight", rows, width))
        places = g.op("Slice", table, g.sizes(0), length, g.sizes(0))
        x = layers.add(layers.embed(words, ids), places)
        x = layers.norm(x, NormLayer(*names.norm("layernorm_embedding", width), EPSILON))
        attention = WindowAttention(layers, heads, length)
        for number, window in enumerate(self.windows()):
            x = self._layer(layers, x, names.within(f"layers.{number}."), attention, window)
        return x

    def _layer(
        self,
        layers: Layers,
        x: str,
        names: PartTensors,
        attention: WindowAttention,
        window: int,
    ) -> str:
        width, inner = attention.heads.width, self.settings.size("encoder_ffn_dim")
        own = names.within("self_attn.")
        y = _attention(layers, x, own.within("longformer_self_attn."), attention, window)
        x = layers.add(x, layers.linear(y, LinearLayer(*own.linear("output", width, width))))
        x = layers.norm(x, NormLayer(*names.norm("self_attn_layer_norm", width), EPSILON))
        first, second = names.linear("fc1", inner, width), names.linear("fc2", width, inner)
        activation = str(self.settings.content["activation_function"])
        y = layers.forward(x, LinearLayer(*first), activation, LinearLayer(*second))
        return layers.norm(
            layers.add(x, y), NormLayer(*names.norm("final_layer_norm", width), EPSILON)
        )


def _attention(
    layers: Layers, x: str, names: PartTensors, attention: WindowAttention, window: int
) -> str:
    """All tokens look at their neighbours and at the first, which looks at all."""
    g, heads = layers.graph, attention.heads
    width, scale = heads.width, heads.size**-0.5
    near, far = (
        [LinearLayer(*names.linear(f"{name}{kind}", width, width)) for name in PROJECTIONS]
        for kind in ("", "_global")
    )
    q = layers.split(layers.linear(x, near[0].times(scale)), heads)
    k, v = (layers.split(layers.linear(x, row), heads) for row in near[1:])
    others = attention.attend(q, k, v, window)
    first = g.op("Slice", x, g.sizes(0), g.sizes(1), g.sizes(1))
    q = layers.split(layers.linear(first, far[0].times(scale)), heads)
    k = layers.split(layers.linear(x, far[1]), heads, keys=True)
    v = layers.split(layers.linear(x, far[2]), heads)
    whole = layers.merge(layers.attend(q, k, v), heads)
    return g.op("Concat", whole, attention.rest(others, 1), axis=1)
