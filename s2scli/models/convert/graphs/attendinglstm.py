"""The decoder of "Show, attend and tell" (Xu et al. 2015, https://arxiv.org/abs/1502.03044).

An LSTM that looks at an image's annotation vectors by additive attention before each token (soft
attention), behind a gate. Its state is what it has of the tokens before: inputs ``past.hidden`` and
``past.memory`` (M, H), of which the encoder gives the first, outputs ``present.hidden`` and
``present.memory``; ``cross.annotations`` (B, S, D) and ``cross.keys`` (B, S, A) are the image's;
``attention`` (N, S) is what was looked at. The rest is as in ``decoder.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.graphs.graph import Graph, NumberType
from s2scli.models.convert.graphs.layers import Layers, LinearLayer
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.typedefaults import TYPE_DEFAULTS

__all__ = ["KIND", "AttendingLstm"]

KIND = "attending-lstm"
FLOAT = NumberType.FLOAT32
STATE = {"hidden": "init_h", "memory": "init_c"}  # ours → the layer that gives the first


@dataclass(frozen=True)
class AttendingLstm:
    """The decoder, and what it takes of an encoder.

    Attributes:
        settings: the part's, with its defaults.
        pixels: numbers of an annotation vector (D).
        positions: annotation vectors of an image (S).
        tensors: the part's.
    """

    settings: ConfigObject
    pixels: int
    positions: int
    tensors: PartTensors

    @classmethod
    def of(
        cls, settings: ConfigObject, pixels: int, positions: int, tensors: PartTensors
    ) -> AttendingLstm:
        """Of a part of ``config.json``."""
        return cls(settings.with_defaults(TYPE_DEFAULTS[KIND]), pixels, positions, tensors)

    @cached_property
    def tokens(self) -> int:
        """Rows of the embeddings."""
        return self.settings.size("vocab_size")

    @cached_property
    def _width(self) -> int:
        return self.settings.size("embedding_size")

    @cached_property
    def _hidden(self) -> int:
        return self.settings.size("hidden_size")

    @cached_property
    def _attention(self) -> int:
        return self.settings.size("attention_size")

    def write_source(self, layers: Layers, x: str) -> None:
        """Give out what it looks at, and its first state.

        Args:
            layers: those of the encoder.
            x: the annotation vectors (B, S, D).

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """
        g, positions = layers.graph, self.positions
        g.output(x, "cross.annotations", "B", positions, self.pixels)
        keys = layers.linear(x, self._linear("attention.encoder_att", self._attention, self.pixels))
        g.output(keys, "cross.keys", "B", positions, self._attention)
        shares = np.full((1, positions), 1 / positions, np.float32)
        equal = g.weights(Tensor("F32", shares.shape, lambda: shares))
        for name, layer in STATE.items():
            # The mean of what a layer gives is what it gives of the mean. As a product it is
            # rounded alike in a batch and alone, which the mean of the library is not.
            first = layers.linear(x, self._linear(layer, self._hidden, self.pixels))
            first = g.op("Reshape", g.op("MatMul", equal, first), g.sizes(-1, self._hidden))
            first = self._activate(layers, first, "initial_activation", ("tanh", "linear"))
            g.output(first, f"past.{name}", "B", self._hidden)

    def write(self, graph: Graph) -> None:
        """Write its graph.

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """
        layers = Layers(graph)
        ids, parents = (
            graph.input("input_ids", NumberType.INT64, "N", 1),
            graph.input("parents", NumberType.INT64, "N"),
        )
        graph.input("position", NumberType.INT64, 1)  # which a recurrent model need not know
        hidden, memory = (
            graph.op("Gather", graph.input(f"past.{name}", FLOAT, "M", self._hidden), parents)
            for name in STATE
        )
        table = self.tensors.take("embedding.weight", self.tokens, self._width)
        flat = graph.sizes(-1, self._width)
        words = graph.op("Reshape", layers.embed(table, ids), flat)
        context = self._look(layers, hidden)
        given = graph.op("Concat", words, context, axis=1)
        hidden, memory = self._advance(layers, given, hidden, memory)
        for name, state in zip(STATE, (hidden, memory), strict=True):
            graph.output(state, f"present.{name}", "N", self._hidden)
        self._write_output(layers, words, hidden, context)

    def _look(self, layers: Layers, hidden: str) -> str:
        """What is looked at, through the gate: (N, D). The beams of an image share it."""
        g, size = layers.graph, self._attention
        annotations = g.input("cross.annotations", FLOAT, "B", self.positions, self.pixels)
        keys = g.input("cross.keys", FLOAT, "B", self.positions, size)
        batch = g.op("Gather", g.op("Shape", keys), g.sizes(0))
        query = layers.linear(hidden, self._linear("attention.decoder_att", size, self._hidden))
        query = g.op("Reshape", query, g.op("Concat", batch, g.sizes(-1, 1, size), axis=0))
        compared = g.op("Add", g.op("Unsqueeze", keys, g.sizes(1)), query)
        compared = self._activate(layers, compared, "attention_activation", ("tanh", "relu"))
        scores = layers.linear(compared, self._linear("attention.full_att", 1, size))
        shares = g.op("Softmax", g.op("Squeeze", scores, g.sizes(3)), axis=-1)
        flat = g.op("Reshape", shares, g.sizes(-1, self.positions))
        g.output(flat, "attention", "N", self.positions)
        seen = g.op("Reshape", g.op("MatMul", shares, annotations), g.sizes(-1, self.pixels))
        gate = layers.linear(hidden, self._linear("f_beta", self.pixels, self._hidden))
        return g.op("Mul", g.op("Sigmoid", gate), seen)

    def _advance(self, layers: Layers, x: str, hidden: str, memory: str) -> tuple[str, str]:
        """The next state of the LSTM, whose gates PyTorch has in the order i, f, g, o."""
        g, size, inputs = layers.graph, self._hidden, self._width + self.pixels
        cell = self.tensors.within("decode_step.")
        both = [
            LinearLayer(
                cell.take(f"weight_{part}", 4 * size, columns), cell.take(f"bias_{part}", 4 * size)
            )
            for part, columns in (("ih", inputs), ("hh", size))
        ]
        gates = layers.add(layers.linear(x, both[0]), layers.linear(hidden, both[1]))
        enter, forget, new, leave = (
            g.op("Slice", gates, g.sizes(n * size), g.sizes((n + 1) * size), g.sizes(1))
            for n in range(4)
        )
        kept = g.op("Mul", g.op("Sigmoid", forget), memory)
        memory = layers.add(kept, g.op("Mul", g.op("Sigmoid", enter), g.op("Tanh", new)))
        return g.op("Mul", g.op("Sigmoid", leave), g.op("Tanh", memory)), memory

    def _write_output(self, layers: Layers, words: str, hidden: str, context: str) -> None:
        """The logits, of the state alone or of all that there is (a deep output)."""
        width, size = self._width, self._hidden
        deep = self.settings.flag("deep_output", default=True)
        x = hidden
        if deep:
            own = layers.linear(hidden, self._linear("output_h", width, size))
            seen = self.tensors.take("output_z.weight", width, self.pixels)
            x = layers.add(words, layers.add(own, layers.linear(context, LinearLayer(seen))))
        table, bias = self._linear("fc", self.tokens, width if deep else size)
        layers.graph.output(layers.output(x, table, bias), "logits", "N", self.tokens)

    def _activate(self, layers: Layers, x: str, setting: str, known: tuple[str, ...]) -> str:
        name = self.settings.choice(setting, known)
        return x if name == "linear" else layers.activate(x, name)

    def _linear(self, name: str, rows: int, columns: int) -> LinearLayer:
        weight, bias = self.tensors.linear(name, rows, columns)
        return LinearLayer(weight, bias)
