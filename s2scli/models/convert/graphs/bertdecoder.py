"""BERT, RoBERTa and BertGeneration as the decoder of a graph."""

from __future__ import annotations

from s2scli.models.convert.graphs.bertlayers import BertLayers
from s2scli.models.convert.graphs.decoder import DecoderLayers, SourceLayers
from s2scli.models.convert.graphs.layers import LinearLayer, NormLayer
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Tensor

__all__ = ["BertDecoder"]


class BertDecoder(BertLayers):
    """A ``TextDecoder``; ``transformers`` (``modeling_bert.py`` …, 4.57) is the reference."""

    def write(
        self, layers: DecoderLayers, names: PartTensors, head: PartTensors, source: SourceLayers
    ) -> None:
        """Add it to a graph; see ``TextDecoder``."""
        embeddings = names.within("embeddings.")
        words = embeddings.take("word_embeddings.weight", self.tokens, self.width)
        x = layers.add(
            layers.embed(words, layers.ids),
            layers.place(self.places(embeddings), behind=self.unused_positions - 1)
            if self.kind.first
            else layers.place(self.places(embeddings)),
        )
        x = layers.norm(x, NormLayer(*embeddings.norm("LayerNorm", self.width), self.epsilon))
        for number in range(self.layers):
            x = self._layer(layers, x, names.within(f"encoder.layer.{number}."), source)
        self._head(layers, x, head, words)

    def _layer(
        self, layers: DecoderLayers, x: str, names: PartTensors, source: SourceLayers
    ) -> str:
        width, inner = self.width, self.settings.size("intermediate_size")
        own, cross = names.within("attention."), names.within("crossattention.")
        query, key, value = (
            LinearLayer(*own.linear(f"self.{name}", width, width))
            for name in ("query", "key", "value")
        )
        y = layers.attend_back(x, query, key, value)
        x = self.joined(layers, x, y, own, width)
        inputs = source.inputs(width)
        looks = (
            LinearLayer(*cross.linear(f"self.{name}", width, inputs)) for name in ("key", "value")
        )
        source.look(*looks)
        y = layers.attend_source(x, LinearLayer(*cross.linear("self.query", width, width)))
        x = self.joined(layers, x, y, cross, width)
        activation = str(self.settings.content["hidden_act"])
        first = LinearLayer(*names.linear("intermediate.dense", inner, width))
        y = layers.activate(layers.linear(x, first), activation)
        return self.joined(layers, x, y, names, inner)

    def _head(self, layers: DecoderLayers, x: str, names: PartTensors, words: Tensor) -> None:
        kind, width = self.kind, self.width
        if kind.head:
            dense, norm = kind.head
            # RoBERTa's has GELU whatever the layers have.
            activation = "gelu" if kind.first else str(self.settings.content["hidden_act"])
            x = layers.linear(x, LinearLayer(*names.linear(dense, width, width)))
            x = layers.activate(x, activation)
            x = layers.norm(x, NormLayer(*names.norm(norm, width), self.epsilon))
        tied = self.settings.flag("tie_word_embeddings", default=True)
        size = (self.tokens, width)
        table = names.output(f"{kind.table}.weight", words, size, tied=tied)
        bias = names.take(kind.bias, self.tokens)
        names.pass_over_copy(f"{kind.table}.bias", bias)
        layers.finish(x, table, bias)
