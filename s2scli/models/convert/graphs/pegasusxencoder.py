"""The encoder of Pegasus-X (Phang et al. 2022, https://arxiv.org/abs/2208.04347): a token looks at
those of its block and at some that are no text, which look at all. In every other layer the blocks
are moved by half.

The reference is ``transformers`` (``modeling_pegasus_x.py``, 4.57).
"""

from __future__ import annotations

from s2scli.models.convert.configobject import MAX_LAYERS
from s2scli.models.convert.graphs.graph import NumberType
from s2scli.models.convert.graphs.layers import Layers
from s2scli.models.convert.graphs.textencoder import EncoderLayers, one_text
from s2scli.models.convert.graphs.windows import MOST_SIZE, Others, WindowAttention, Windows
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Tensor

__all__ = ["PegasusXEncoder"]


class PegasusXEncoder(EncoderLayers):
    """A ``TextEncoder``."""

    def windows(self) -> list[Windows]:
        """The blocks of each layer.

        Raises:
            InvalidModelError: they cannot be.
        """
        count, size = (
            self.settings.size("encoder_layers", MAX_LAYERS),
            self.settings.size("block_size", MOST_SIZE),
        )
        staggered = self.settings.flag("stagger_local_blocks", default=True)
        if staggered and size % 2 and count > 1:
            raise self.wrong("block_size")
        shifts = [size // 2 if staggered and number % 2 else 0 for number in range(count)]
        return [Windows(size, around=0, shift=shift) for shift in shifts]

    def write(self, layers: Layers, names: PartTensors, words: Tensor) -> str:
        """Add it to a graph; see ``TextEncoder``."""
        g, width = layers.graph, self.width
        ids, length = one_text(g)
        zero, one = (g.number(number, NumberType.INT64) for number in (0, 1))
        places = g.op("Range", zero, g.op("Squeeze", length), one)
        waves = layers.waves(g.op("Reshape", places, g.sizes(-1, 1)), width)
        x = layers.add(self.embed(layers, words, ids), waves)
        count = self.settings.size("num_global_tokens")
        table = g.weights(names.take("embed_global.weight", count, width))
        others = g.op("Reshape", table, g.sizes(1, count, width))
        attention = WindowAttention(layers, self.heads, length)
        for number, windows in enumerate(self.windows()):
            within = names.within(f"layers.{number}.")
            y, z = self._attention(layers, (x, others), within, attention, windows)
            x, others = (
                self._residual(layers, layers.add(a, b), within) for a, b in ((x, y), (others, z))
            )
        return self.norm(layers, x, names, "layer_norm")

    def _residual(self, layers: Layers, x: str, names: PartTensors) -> str:
        y = self.forward(layers, self.norm(layers, x, names, "final_layer_norm"), names)
        return layers.add(x, y)

    def _attention(
        self,
        layers: Layers,
        both: tuple[str, str],
        names: PartTensors,
        attention: WindowAttention,
        windows: Windows,
    ) -> tuple[str, str]:
        """What tokens and the others see."""
        g, heads, own = layers.graph, self.heads, names.within("self_attn.")
        query, key, value, output = (
            self.linear(own, f"{name}_proj", biased=False) for name in ("q", "k", "v", "out")
        )
        rows = (query.times(heads.size**-0.5), key, value)
        norms = ("self_attn_layer_norm", "global_self_attn_layer_norm")
        normed = (self.norm(layers, x, names, name) for x, name in zip(both, norms, strict=True))
        (q, k, v), (far_q, far_k, far_v) = (
            [layers.split(layers.linear(x, row), heads) for row in rows] for x in normed
        )
        near = attention.attend(q, k, v, windows, Others(far_k, far_v))
        keys = g.op("Transpose", g.op("Concat", far_k, k, axis=2), perm=[0, 1, 3, 2])
        values = g.op("Concat", far_v, v, axis=2)
        far = layers.merge(layers.attend(far_q, keys, values), heads)
        return layers.linear(near, output), layers.linear(far, output)
