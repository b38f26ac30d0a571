"""The encoder of LED (Beltagy et al. 2020, https://arxiv.org/abs/2004.05150): each token looks at
its neighbours and at the first token, which looks at all.

The reference is ``transformers`` (``modeling_led.py``, 4.57) with global attention on that token.
"""

from __future__ import annotations

from s2scli.models.convert.configobject import MAX_LAYERS
from s2scli.models.convert.graphs.layers import Layers
from s2scli.models.convert.graphs.textencoder import EncoderLayers, one_text
from s2scli.models.convert.graphs.windows import END, MOST_NEAR, Others, WindowAttention, Windows
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Tensor

__all__ = ["LedEncoder"]

PROJECTIONS = ("query", "key", "value")


class LedEncoder(EncoderLayers):
    """A ``TextEncoder``."""

    def windows(self) -> list[int]:
        """Of each layer, how many tokens on either side are looked at.

        Raises:
            InvalidModelError: they are none.
        """
        count = self.settings.size("encoder_layers", MAX_LAYERS)
        given = self.settings.content["attention_window"]
        sizes = given if isinstance(given, list) else [given] * count
        right = all(
            type(size) is int and 0 < size <= 2 * MOST_NEAR and size % 2 == 0 for size in sizes
        )
        if not right or len(sizes) != count:
            raise self.wrong("attention_window")
        return [size // 2 for size in sizes]

    def write(self, layers: Layers, names: PartTensors, words: Tensor) -> str:
        """Add it to a graph; see ``TextEncoder``."""
        ids, length = one_text(layers.graph)
        x = layers.embed(words, ids)
        x = self.place(layers, x, names, length, "max_encoder_position_embeddings")
        x = self.norm(layers, x, names, "layernorm_embedding")
        # The first token is looked at by itself.
        attention = WindowAttention(layers, self.heads, length, begin=layers.graph.sizes(1))
        for number, window in enumerate(self.windows()):
            within = names.within(f"layers.{number}.")
            x = layers.add(x, self._attention(layers, x, within, attention, window))
            x = self.norm(layers, x, within, "self_attn_layer_norm")
            x = layers.add(x, self.forward(layers, x, within))
            x = self.norm(layers, x, within, "final_layer_norm")
        return x

    def _attention(
        self, layers: Layers, x: str, names: PartTensors, attention: WindowAttention, window: int
    ) -> str:
        """All tokens look at their neighbours and at the first, which looks at all."""
        g, heads = layers.graph, self.heads
        scale, names = heads.size**-0.5, names.within("self_attn.")
        own = names.within("longformer_self_attn.")
        near, far = (
            [self.linear(own, f"{name}{kind}", biased=True) for name in PROJECTIONS]
            for kind in ("", "_global")
        )
        q = layers.split(layers.linear(x, near[0].times(scale)), heads)
        k, v = (layers.split(layers.linear(x, row), heads) for row in near[1:])
        first = [g.op("Slice", y, g.sizes(0), g.sizes(1), g.sizes(2)) for y in (k, v)]
        near_ones = Windows(window, near=window)
        others = attention.attend(q, k, v, near_ones, Others(first[0], first[1]))
        others = g.op("Slice", others, g.sizes(1), g.sizes(END), g.sizes(1))
        q = g.op("Slice", x, g.sizes(0), g.sizes(1), g.sizes(1))
        q = layers.split(layers.linear(q, far[0].times(scale)), heads)
        k = layers.split(layers.linear(x, far[1]), heads, keys=True)
        v = layers.split(layers.linear(x, far[2]), heads)
        whole = layers.merge(layers.attend(q, k, v), heads)
        y = g.op("Concat", whole, others, axis=1)
        return layers.linear(y, self.linear(names, "output", biased=True))
