"""BERT, RoBERTa and XLM-RoBERTa as an encoder that gives what is between its layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from s2scli.models.convert.graphs.bertlayers import BertLayers
from s2scli.models.convert.graphs.graph import Graph, NumberType
from s2scli.models.convert.graphs.layers import Layers, LinearLayer, NormLayer
from s2scli.models.convert.parts import PartTensors

__all__ = ["BertEncoder", "ReadTexts", "read_texts"]

FAR = float(np.finfo(np.float32).min)  # what is added to the scores of tokens that are not there


class ReadTexts(NamedTuple):
    """The inputs of a graph that takes several texts: names of values.

    Attributes:
        ids: the tokens (B, S), padded at the end.
        mask: 1 for a token and 0 for none (B, S), float32.
    """

    ids: str
    mask: str


def read_texts(graph: Graph) -> ReadTexts:
    """Declare the inputs."""
    ids = graph.input("input_ids", NumberType.INT64, "B", "S")
    return ReadTexts(ids, graph.input("mask", NumberType.FLOAT32, "B", "S"))


class BertEncoder(BertLayers):
    """An encoder; ``transformers`` (``modeling_bert.py`` …, 4.57) is the reference."""

    def states(
        self, layers: Layers, names: PartTensors, texts: ReadTexts, count: int
    ) -> Iterator[str]:
        """Add it to a graph; the hidden states (B, S, width) after no layer, one, two …

        Args:
            layers: adds to the graph.
            names: its tensors; those of layers that are not asked for are passed over.
            texts: what it reads.
            count: how many layers are asked for.

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """
        g, embeddings = layers.graph, names.within("embeddings.")
        words = embeddings.take("word_embeddings.weight", self.tokens, self.width)
        first = self.unused_positions
        table = g.weights(self.places(embeddings).rows(first, self.positions + first))
        length = g.op("Shape", texts.ids, start=1, end=2)
        places = g.op("Slice", table, g.sizes(0), length, g.sizes(0))
        x = layers.add(layers.embed(words, texts.ids), places)
        x = layers.norm(x, NormLayer(*embeddings.norm("LayerNorm", self.width), self.epsilon))
        yield x
        absent = g.op("Mul", g.op("Sub", g.number(1), texts.mask), g.number(FAR))
        bias = g.op("Unsqueeze", absent, g.sizes(1, 2))
        for number in range(count):
            x = self._layer(layers, x, names.within(f"encoder.layer.{number}."), bias)
            yield x
        self._pass_over(names, count)

    def _layer(self, layers: Layers, x: str, names: PartTensors, bias: str) -> str:
        width, inner = self.width, self.inner
        own = names.within("attention.")
        query, key, value = (
            LinearLayer(*own.linear(f"self.{name}", width, width))
            for name in ("query", "key", "value")
        )
        y = layers.self_attention(x, (query, key, value), self.heads, bias)
        x = self.joined(layers, x, y, own, width)
        activation = str(self.settings.content["hidden_act"])
        first = LinearLayer(*names.linear("intermediate.dense", inner, width))
        y = layers.activate(layers.linear(x, first), activation)
        return self.joined(layers, x, y, names, inner)

    def _pass_over(self, names: PartTensors, count: int) -> None:
        """Skip the layers that nothing reads, and what BERT was trained with beside texts."""
        parts = [
            *(f"attention.self.{name}" for name in ("query", "key", "value")),
            *("attention.output.dense", "attention.output.LayerNorm"),
            *("intermediate.dense", "output.dense", "output.LayerNorm"),
        ]
        unread = [f"encoder.layer.{n}.{part}" for n in range(count, self.layers) for part in parts]
        for name in (*unread, "pooler.dense"):
            names.pass_over((f"{name}.weight", f"{name}.bias"))
