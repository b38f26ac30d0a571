"""What the encoders of fairseq's kin for long texts have in common."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.graphs.graph import Graph, NumberType
from s2scli.models.convert.graphs.layers import Heads, Layers, LinearLayer, NormLayer
from s2scli.models.convert.graphs.vit import heads_of, linear_of
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Tensor

__all__ = ["EncoderLayers", "one_text"]

EPSILON = 1e-5


def one_text(graph: Graph) -> tuple[str, str]:
    """The input of a graph that takes one text: its ids (1, S), and how many they are (1)."""
    ids = graph.input("input_ids", NumberType.INT64, 1, "S")
    return ids, graph.op("Slice", graph.op("Shape", ids), graph.sizes(1), graph.sizes(2))


@dataclass(frozen=True)
class EncoderLayers:
    """Adds the layers of such an encoder.

    Attributes:
        settings: what ``config.json`` says, with its class's defaults.
    """

    settings: ConfigObject

    @cached_property
    def width(self) -> int:
        """Numbers per token."""
        return self.settings.size("d_model")

    @cached_property
    def heads(self) -> Heads:
        """Of its attentions."""
        return heads_of(self.settings, self.width, "encoder_attention_heads")

    def embed(self, layers: Layers, words: Tensor, ids: str) -> str:
        """The embeddings of tokens, multiplied by the root of their width if they are scaled."""
        g, x = layers.graph, layers.embed(words, ids)
        if self.settings.flag("scale_embedding", default=False):
            x = g.op("Mul", x, g.number(math.sqrt(self.width)))
        return x

    def place(self, layers: Layers, x: str, names: PartTensors, length: str, rows: str) -> str:
        """Embeddings with learned positions; ``rows`` is the setting that says how many."""
        g = layers.graph
        table = names.take("embed_positions.weight", self.settings.size(rows), self.width)
        places = g.op("Slice", g.weights(table), g.sizes(0), length, g.sizes(0))
        return layers.add(x, places)

    def norm(self, layers: Layers, x: str, names: PartTensors, name: str) -> str:
        """A layer normalization."""
        return layers.norm(x, NormLayer(*names.norm(name, self.width), EPSILON))

    def linear(self, names: PartTensors, name: str, *, biased: bool) -> LinearLayer:
        """A linear layer that keeps the width."""
        return linear_of(names, name, self.width, self.width, biased=biased)

    def forward(self, layers: Layers, x: str, names: PartTensors) -> str:
        """The feed-forward part of a layer."""
        width, inner = self.width, self.settings.size("encoder_ffn_dim")
        first, second = names.linear("fc1", inner, width), names.linear("fc2", width, inner)
        activation = str(self.settings.content["activation_function"])
        return layers.forward(x, LinearLayer(*first), activation, LinearLayer(*second))

    def wrong(self, name: str) -> InvalidModelError:
        """The error for a setting that cannot be."""
        return InvalidModelError(
            f"{self.settings.place} gives {name} as {self.settings.content.get(name)!r}"
        )
