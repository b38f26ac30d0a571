"""What the encoder and the decoder of BERT's kin have in common as graphs."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from s2scli.models.convert.bertlike import Bert
from s2scli.models.convert.graphs.layers import Heads, Layers, LinearLayer, NormLayer
from s2scli.models.convert.graphs.vit import heads_of
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Array, Tensor

__all__ = ["BertLayers"]


class BertLayers(Bert):
    """A part whose layers are added to a graph."""

    @cached_property
    def heads(self) -> Heads:
        """Of its attentions."""
        return heads_of(self.settings, self.width, "num_attention_heads")

    def places(self, names: PartTensors) -> Tensor:
        """The table of positions, to which the one token type that is in use is added."""
        rows = self.positions + self.unused_positions
        places = names.take("position_embeddings.weight", rows, self.width)
        if not self.kind.types:
            return places
        types = names.take(
            "token_type_embeddings.weight", self.settings.size("type_vocab_size"), self.width
        )

        def load() -> Array:
            first = types.array()[0].astype(np.float32)
            return np.asarray(places.array().astype(np.float32) + first)

        return Tensor("F32", places.shape, load)

    def joined(self, layers: Layers, x: str, y: str, names: PartTensors, inputs: int) -> str:
        """The output layer of a part of a layer, and the normalization of the sum."""
        y = layers.linear(y, LinearLayer(*names.linear("output.dense", self.width, inputs)))
        norm = NormLayer(*names.norm("output.LayerNorm", self.width), self.epsilon)
        return layers.norm(layers.add(x, y), norm)
