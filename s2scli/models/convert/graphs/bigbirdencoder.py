"""The encoder of BigBird-Pegasus (Zaheer et al. 2020, https://arxiv.org/abs/2007.14062).

Tokens look at their own block, at its neighbours, and at the first and the last block, which look
at all. In ``transformers`` (``modeling_bigbird_pegasus.py``, 4.57), the reference, blocks chosen at
random are for training: in use each of them is the first block once more. Texts of up to so many
blocks look at all.
"""

from __future__ import annotations

import math

from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.graphs.graph import NumberType
from s2scli.models.convert.graphs.layers import Layers
from s2scli.models.convert.graphs.textencoder import EncoderLayers, one_text
from s2scli.models.convert.graphs.windows import END, MOST_SIZE, Others, WindowAttention, Windows
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Tensor

__all__ = ["BigBirdEncoder", "full_length"]

# The ``attention_type`` of models that always look at all, and of the others.
FULL, SPARSE = "original_full", "block_sparse"


def full_length(settings: ConfigObject) -> int:
    """Up to how many tokens the attention is full: a window of three blocks, two global ones, and
    twice the random ones.

    Args:
        settings: the model's, with its class's defaults.

    Raises:
        InvalidModelError: it has neither kind of attention.
    """
    if settings.choice("attention_type", (FULL, SPARSE)) == FULL:
        return END
    return (5 + 2 * settings.size("num_random_blocks")) * settings.size("block_size")


class BigBirdEncoder(EncoderLayers):
    """A ``TextEncoder``."""

    def write(self, layers: Layers, names: PartTensors, words: Tensor) -> str:
        """Add it to a graph; see ``TextEncoder``."""
        ids, length = one_text(layers.graph)
        x = self.embed(layers, words, ids)
        x = self.place(layers, x, names, length, "max_position_embeddings")
        attention = _BlockAttention(layers, self, length)
        for number in range(self.settings.size("encoder_layers", MAX_LAYERS)):
            within = names.within(f"layers.{number}.")
            y = self.norm(layers, x, within, "self_attn_layer_norm")
            x = layers.add(x, attention.write(y, within.within("self_attn.")))
            y = self.norm(layers, x, within, "final_layer_norm")
            x = layers.add(x, self.forward(layers, y, within))
        return self.norm(layers, x, names, "layernorm_embedding")


class _BlockAttention:
    """Adds the attentions of its layers."""

    def __init__(self, layers: Layers, encoder: BigBirdEncoder, length: str) -> None:
        g = layers.graph
        self._layers, self._encoder, self._length = layers, encoder, length
        settings = encoder.settings
        self._windows = Windows(settings.size("block_size", MOST_SIZE))
        self._biased = settings.flag("use_bias", default=False)
        size = g.sizes(self._windows.size)
        over = g.op("Mod", g.op("Sub", length, g.sizes(1)), size)
        self._last = g.op("Sub", g.op("Sub", length, g.sizes(1)), over)
        # Of short texts all tokens look at all; of others the first block and the last.
        is_long = g.op("Greater", length, g.sizes(full_length(settings)))
        self._head = g.op("Where", is_long, size, length)
        self._tail = g.op("Where", is_long, self._last, length)
        self._attention = WindowAttention(layers, encoder.heads, length, size, self._last)
        self._bias = self._weight(settings.size("num_random_blocks"))

    def write(self, x: str, names: PartTensors) -> str:
        layers, heads, encoder = self._layers, self._encoder.heads, self._encoder
        g, own = layers.graph, names.within("self.")
        query, key, value = (
            encoder.linear(own, name, biased=self._biased) for name in ("query", "key", "value")
        )
        rows = (query.times(heads.size**-0.5), key, value)
        q, k, v = (layers.split(layers.linear(x, row), heads) for row in rows)
        size = g.sizes(self._windows.size)
        ends = [self._both(y, size, self._last) for y in (k, v)]
        others = Others(ends[0], ends[1], lambda _head: self._bias)
        y = self._attention.attend(q, k, v, self._windows, others)
        keys = g.op("Transpose", k, perm=[0, 1, 3, 2])
        whole = layers.merge(layers.attend(self._both(q, self._head, self._tail), keys, v), heads)
        first = g.op("Slice", whole, g.sizes(0), self._head, g.sizes(1))
        middle = g.op("Slice", y, self._head, self._tail, g.sizes(1))
        last = g.op("Slice", whole, self._head, g.sizes(END), g.sizes(1))
        y = g.op("Concat", first, middle, last, axis=1)
        return layers.linear(y, encoder.linear(names, "output", biased=self._biased))

    def _both(self, x: str, head: str, tail: str) -> str:
        """(1, H, S, d) to its tokens before one place and after another."""
        g = self._layers.graph
        first = g.op("Slice", x, g.sizes(0), head, g.sizes(2))
        return g.op("Concat", first, g.op("Slice", x, tail, g.sizes(END), g.sizes(2)), axis=2)

    def _weight(self, times: int) -> str:
        """What is added to scores of the first block, which counts so many times more, and of the
        last: (tokens of both)."""
        g = self._layers.graph
        size = self._windows.size
        rest = g.op("Sub", self._length, self._last)
        first = g.op("Min", self._length, g.sizes(size))
        count = g.op("Squeeze", g.op("Add", first, rest))
        zero, one = (g.number(number, NumberType.INT64) for number in (0, 1))
        is_first = g.op("Less", g.op("Range", zero, count, one), g.sizes(size))
        return g.op("Where", is_first, g.number(math.log(1 + times)), g.number(0))
