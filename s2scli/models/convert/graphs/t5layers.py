"""T5's layers in a graph, for LongT5: its decoder is T5's.

The reference is ``transformers`` (``modeling_longt5.py``, 4.57).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.graphs.decoder import DecoderLayers, SourceLayers
from s2scli.models.convert.graphs.graph import NumberType
from s2scli.models.convert.graphs.layers import Heads, Layers, LinearLayer
from s2scli.models.convert.graphs.relativebias import RelativeBias
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Tensor

__all__ = ["T5Decoder", "T5Layers"]

PROJECTIONS = ("q", "k", "v", "o")


@dataclass(frozen=True)
class T5Layers:
    """The layers that both sides have.

    Attributes:
        settings: what ``config.json`` says, with its class's defaults.
        gated: whether feed-forward layers are gated.
        activation: their function.
    """

    settings: ConfigObject
    gated: bool
    activation: str

    @cached_property
    def width(self) -> int:
        """Numbers per token."""
        return self.settings.size("d_model")

    @cached_property
    def heads(self) -> Heads:
        """Of all attentions; together they may be wider or narrower than a token."""
        return Heads(self.settings.size("num_heads"), self.settings.size("d_kv"))

    def norm(self, layers: Layers, x: str, names: PartTensors, name: str = "layer_norm") -> str:
        """A normalization."""
        epsilon = self.settings.number("layer_norm_epsilon", 1e-6)
        return layers.rms_norm(x, names.take(f"{name}.weight", self.width), epsilon)

    def projections(self, names: PartTensors) -> list[LinearLayer]:
        """The layers of queries, keys, values and the output of an attention."""
        inner = self.heads.width
        shapes = [(inner, self.width)] * 3 + [(self.width, inner)]
        pairs = zip(PROJECTIONS, shapes, strict=True)
        return [LinearLayer(names.take(f"{name}.weight", *shape)) for name, shape in pairs]

    def bias(
        self, layers: Layers, names: PartTensors, *, both: bool, root: str = ""
    ) -> RelativeBias:
        """The relative positions of a side, which its first layer stores."""
        shape = self.settings.size("relative_attention_num_buckets"), self.heads.number
        table = names.take(f"{root}relative_attention_bias.weight", *shape)
        return RelativeBias(layers.graph, self.settings, table, both=both)

    def forward(self, layers: Layers, x: str, names: PartTensors) -> str:
        """The feed-forward part of a layer, with its residual connection."""
        y, inner = self.norm(layers, x, names), self.settings.size("d_ff")
        own = names.within("DenseReluDense.")
        first = ("wi_0", "wi_1") if self.gated else ("wi",)
        rows = [LinearLayer(own.take(f"{name}.weight", inner, self.width)) for name in first]
        z = layers.activate(layers.linear(y, rows[0]), self.activation)
        if self.gated:
            z = layers.graph.op("Mul", z, layers.linear(y, rows[1]))
        output = LinearLayer(own.take("wo.weight", self.width, inner))
        return layers.add(x, layers.linear(z, output))


@dataclass(frozen=True)
class T5Decoder(T5Layers):
    """A ``TableDecoder``.

    Attributes:
        scaled: whether what the output's layer gets is divided by the root of its width.
    """

    scaled: bool

    @cached_property
    def tokens(self) -> int:
        """Rows of the embeddings."""
        return self.settings.size("vocab_size")

    @property
    def query_scale(self) -> float:
        """Queries stay as they are."""
        return 1.0

    def write_with(
        self,
        layers: DecoderLayers,
        names: PartTensors,
        source: SourceLayers,
        words: Tensor,
        output: Tensor,
        bias: Tensor | None = None,
    ) -> None:
        """Add it to a graph; see ``TableDecoder``."""
        x = layers.embed(words, layers.ids)
        first = names.within("block.0.layer.0.SelfAttention.")
        relative = self._before(layers, self.bias(layers, first, both=False))
        default = self.settings.size("num_layers", MAX_LAYERS)
        for number in range(self.settings.size("num_decoder_layers", MAX_LAYERS, default)):
            block = names.within(f"block.{number}.layer.")
            own, cross = block.within("0."), block.within("1.")
            q, k, v, o = self.projections(own.within("SelfAttention."))
            y = layers.attend_back(self.norm(layers, x, own), q, k, v, bias=relative)
            x = layers.add(x, layers.linear(y, o))
            q, k, v, o = self.projections(cross.within("EncDecAttention."))
            source.look(k, v)
            y = layers.attend_source(self.norm(layers, x, cross), q)
            x = layers.add(x, layers.linear(y, o))
            x = self.forward(layers, x, block.within("2."))
        x = self.norm(layers, x, names, "final_layer_norm")
        if self.scaled:
            x = layers.graph.op("Mul", x, layers.graph.number(self.width**-0.5))
        layers.finish(x, output, bias)

    def _before(self, layers: DecoderLayers, bias: RelativeBias) -> str:
        """What is added to the scores of all tokens so far: (1, H, 1, T + 1)."""
        g = layers.graph
        last, end = g.op("Squeeze", layers.position), g.number(-1, NumberType.INT64)
        distances = g.op("Range", last, end, end)
        rows = bias.of_all(bias.index(distances))
        return g.op("Reshape", rows, g.sizes(1, self.heads.number, 1, -1))
