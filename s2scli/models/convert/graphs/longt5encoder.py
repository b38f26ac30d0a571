"""The encoder of LongT5 (Guo et al. 2021, https://arxiv.org/abs/2112.07916): a token looks at its
neighbours and, if attention is transient-global, at the sums of all blocks of tokens.

The reference is ``transformers`` (``modeling_longt5.py``, 4.57).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from s2scli.models.convert.configobject import MAX_LAYERS
from s2scli.models.convert.graphs.graph import NumberType
from s2scli.models.convert.graphs.layers import Layers
from s2scli.models.convert.graphs.relativebias import RelativeBias
from s2scli.models.convert.graphs.t5layers import T5Layers
from s2scli.models.convert.graphs.textencoder import one_text
from s2scli.models.convert.graphs.windows import MOST_NEAR, Others, WindowAttention, Windows
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Tensor

__all__ = ["LongT5Encoder"]

# ``encoder_attention_type`` → the name of its tensors.
ATTENTIONS = {
    "local": "LocalSelfAttention.",
    "transient-global": "TransientGlobalSelfAttention.",
}


@dataclass(frozen=True)
class LongT5Encoder(T5Layers):
    """A ``TextEncoder``."""

    def write(self, layers: Layers, names: PartTensors, words: Tensor) -> str:
        """Add it to a graph; see ``TextEncoder``."""
        g, root = (
            layers.graph,
            ATTENTIONS[self.settings.choice("encoder_attention_type", ATTENTIONS)],
        )
        ids, length = one_text(g)
        radius = self.settings.size("local_radius", MOST_NEAR)
        windows = Windows(radius + 1, near=radius)
        attention = WindowAttention(layers, self.heads, length)
        first = names.within(f"block.0.layer.0.{root}")
        bias = self.bias(layers, first, both=True)
        size = windows.size
        index = bias.fixed(np.arange(-size, 2 * size) - np.arange(size)[:, None])
        sums = None
        if self.settings.content["encoder_attention_type"] != "local":
            far = self.bias(layers, first, both=True, root="global_")
            sums = _BlockSums(
                layers, attention, windows, far, self.settings.size("global_block_size")
            )
        x = layers.embed(words, ids)
        for number in range(self.settings.size("num_layers", MAX_LAYERS)):
            block = names.within(f"block.{number}.layer.")
            own = block.within(f"0.{root}")
            q, k, v, o = self.projections(own)
            y = self.norm(layers, x, block.within("0."))
            queries, keys, values = (
                layers.split(layers.linear(y, row), self.heads) for row in (q, k, v)
            )
            others = None
            if sums:
                z = self.norm(layers, sums.of(y), own, "global_input_layer_norm")
                rows = [layers.split(layers.linear(z, row), self.heads) for row in (k, v)]
                others = Others(rows[0], rows[1], sums.bias)
            y = attention.attend(
                queries, keys, values, windows, others, lambda head: bias.of(head, index)
            )
            x = self.forward(layers, layers.add(x, layers.linear(y, o)), block.within("1."))
        return self.norm(layers, x, names, "final_layer_norm")


class _BlockSums:
    """The sums of blocks of tokens; what is left at the end belongs to the last whole block.

    Args:
        layers: adds to the graph.
        attention: that looks at them.
        windows: its own blocks, which are others.
        relative: what is added to scores by the distance from a token's block.
        size: tokens of a block.
    """

    def __init__(
        self,
        layers: Layers,
        attention: WindowAttention,
        windows: Windows,
        relative: RelativeBias,
        size: int,
    ) -> None:
        g = self._graph = layers.graph
        self._relative = relative
        zero, one = (g.number(number, NumberType.INT64) for number in (0, 1))
        count = g.op("Squeeze", g.op("Div", attention.length, g.sizes(size)))
        blocks, last = g.op("Range", zero, count, one), g.op("Sub", count, one)
        places = g.op("Transpose", attention.places(windows, *range(windows.size)), perm=[0, 2, 1])
        own = g.op("Min", self._numbers(places, size), last)
        self._index = relative.index(g.op("Sub", blocks, own))
        row = g.op("Reshape", own, g.sizes(1, -1))
        of_text = g.op("Slice", row, g.sizes(0), attention.length, g.sizes(1))
        belongs = g.op("Equal", g.op("Unsqueeze", blocks, g.sizes(1)), of_text)
        self._belongs = g.op("Cast", belongs, to=NumberType.FLOAT32)

    def of(self, x: str) -> str:
        """(1, S, width) to (1, blocks, width)."""
        return self._graph.op("MatMul", self._belongs, x)

    def bias(self, head: int) -> str:
        """What is added to a head's scores of the sums."""
        return self._relative.of(head, self._index)

    def _numbers(self, places: str, size: int) -> str:
        """The number of each token's block, as the reference computes it: in float32, by shares of
        a block, so that with sizes that are no powers of 2 some tokens count to a neighbour."""
        g, share = self._graph, 1 / size
        after = g.op("Add", g.op("Cast", places, to=NumberType.FLOAT32), g.number(1))
        before = g.op("Sub", g.op("Mul", after, g.number(share)), g.number(share))
        before = g.op("Sub", g.op("Add", before, g.number(1)), g.number(1))
        return g.op("Cast", g.op("Floor", before), to=NumberType.INT64)
