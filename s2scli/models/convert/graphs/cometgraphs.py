"""COMET's models as two graphs: texts to vectors, and vectors to a score.

The reference is ``unbabel-comet`` 2.2.7 (Rei et al. 2020, https://aclanthology.org/2020.emnlp-main.213;
2022, https://aclanthology.org/2022.wmt-1.52 and https://aclanthology.org/2022.wmt-1.60).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from s2scli.models.convert.graphs.bertencoder import BertEncoder, ReadTexts, read_texts
from s2scli.models.convert.graphs.graph import Graph, NumberType
from s2scli.models.convert.graphs.layers import Layers, LinearLayer
from s2scli.models.convert.parts import PartTensors

__all__ = ["ACTIVATIONS", "Estimator", "Mix", "encoder_graph", "estimator_graph", "mix_weights"]

# COMET's names of activation functions → operators; those of PyTorch have the same defaults.
ACTIVATIONS = {
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "mish": "Mish",
    "identity": "Identity",
}
TINY = 1e-12  # what is added to the variance of a sentence


@dataclass(frozen=True, slots=True)
class Mix:
    """How hidden states become the vector of a text.

    Attributes:
        weights: of each hidden state, the embeddings first; zeros at the end are left out.
        normalized: whether each state is normalized over the tokens of a sentence.
        pool: ``avg``, ``max`` or ``cls``.
    """

    weights: Sequence[float]
    normalized: bool
    pool: str


@dataclass(frozen=True, slots=True)
class Estimator:
    """The layers from vectors to a score.

    Attributes:
        segments: the texts whose vectors it is given.
        layers: its linear layers.
        activation: a value of ``ACTIVATIONS``, after each layer but the last.
        final: that after the last; empty for none.
    """

    segments: Sequence[str]
    layers: Sequence[LinearLayer]
    activation: str
    final: str


def mix_weights(scalars: Sequence[float], gamma: float, transformation: str) -> list[float]:
    """What each hidden state is multiplied by.

    Args:
        scalars: the learned numbers.
        gamma: what all are multiplied by.
        transformation: ``softmax``, or ``sparsemax`` (Martins and Astudillo 2016,
            https://arxiv.org/abs/1602.02068).
    """
    numbers = np.asarray(scalars, np.float64)
    if transformation == "sparsemax":
        ordered = np.sort(numbers)[::-1]
        sums = np.cumsum(ordered)
        counts = np.arange(1, len(ordered) + 1)
        count = counts[1 + counts * ordered > sums][-1]
        found = np.maximum(numbers - (sums[count - 1] - 1) / count, 0)
    else:
        powers = np.exp(numbers - numbers.max())
        found = powers / powers.sum()
    return [float(number) * gamma for number in found]


def encoder_graph(encoder: BertEncoder, names: PartTensors, mix: Mix, quantization: str) -> Graph:
    """The graph of texts to vectors (B, width)."""
    graph = Graph("encoder", quantization)
    layers, texts = Layers(graph), read_texts(graph)
    states = encoder.states(layers, names, texts, len(mix.weights) - 1)
    total = ""
    for weight, state in zip(mix.weights, states, strict=True):
        if not weight:
            continue
        pooled = _pooled(graph, state, texts, mix.pool)
        if mix.normalized:
            pooled = _normalized(graph, pooled, state, texts, encoder.width)
        part = graph.op("Mul", pooled, graph.number(weight))
        total = graph.op("Add", total, part) if total else part
    graph.output(total, "vectors", "B", encoder.width)
    return graph


def _pooled(g: Graph, state: str, texts: ReadTexts, pool: str) -> str:
    """The vector of each text (B, width) from those of its tokens."""
    if pool == "cls":
        return g.op("Gather", state, g.number(0, NumberType.INT64), axis=1)
    mask = g.op("Unsqueeze", texts.mask, g.sizes(-1))
    if pool == "max":
        absent = g.op("Mul", g.op("Sub", g.number(1), mask), g.number(float(np.finfo("f4").min)))
        return g.op("ReduceMax", g.op("Add", state, absent), g.sizes(1), keepdims=0)
    total = g.op("ReduceSum", g.op("Mul", state, mask), g.sizes(1), keepdims=0)
    return g.op("Div", total, g.op("ReduceSum", mask, g.sizes(1), keepdims=0))


def _normalized(g: Graph, pooled: str, state: str, texts: ReadTexts, width: int) -> str:
    """A pooled vector as if its state had been normalized first, over all tokens of a sentence.

    That takes a number from all of a sentence's and divides them by another, which can be done
    afterwards as well.
    """
    mask = g.op("Unsqueeze", texts.mask, g.sizes(-1))
    tokens = g.op("ReduceSum", mask, g.sizes(1, 2), keepdims=1)
    count = g.op("Mul", tokens, g.number(width))
    masked = g.op("Mul", state, mask)
    mean = g.op("Div", g.op("ReduceSum", masked, g.sizes(1, 2), keepdims=1), count)
    apart = g.op("Mul", g.op("Sub", masked, mean), mask)
    squares = g.op("ReduceSum", g.op("Mul", apart, apart), g.sizes(1, 2), keepdims=1)
    root = g.op("Sqrt", g.op("Add", g.op("Div", squares, count), g.number(TINY)))
    mean, root = (g.op("Squeeze", value, g.sizes(2)) for value in (mean, root))
    return g.op("Div", g.op("Sub", pooled, mean), root)


def estimator_graph(estimator: Estimator, width: int, quantization: str) -> Graph:
    """The graph of vectors, one of each segment of a row, to the score of the row (B)."""
    graph = Graph("estimator", "float16" if quantization.startswith("int8") else quantization)
    layers = Layers(graph)
    given = {name: graph.input(name, NumberType.FLOAT32, "B", width) for name in estimator.segments}
    x = _features(graph, given)
    for number, layer in enumerate(estimator.layers, 1):
        x = layers.linear(x, layer)
        kind = estimator.activation if number < len(estimator.layers) else estimator.final
        x = graph.op(kind, x) if kind else x
    graph.output(graph.op("Squeeze", x, graph.sizes(-1)), "scores", "B")
    return graph


def _features(g: Graph, given: dict[str, str]) -> str:
    """What the first layer reads: vectors, their products and how far they are apart."""
    if len(given) == 1:
        return next(iter(given.values()))
    ours, source = given["mt"], given["src"]

    def against(other: str) -> tuple[str, str]:
        return g.op("Mul", ours, other), g.op("Abs", g.op("Sub", ours, other))

    if "ref" not in given:
        return g.op("Concat", ours, source, *against(source), axis=1)
    reference = given["ref"]
    return g.op("Concat", ours, reference, *against(reference), *against(source), axis=1)
