"""T5's relative positions (Raffel et al. 2019, https://arxiv.org/abs/1910.10683).

What is added to a score depends on how far a key is away, in steps that grow.
"""

from __future__ import annotations

import math

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.graphs.graph import Graph, NumberType, StoredNumbers
from s2scli.models.convert.tensor import Array, Tensor

__all__ = ["RelativeBias", "step_sizes", "steps"]

MOST_DISTANCE = 1 << 16


class RelativeBias:
    """Looks up the numbers in a graph.

    Attributes:
        most: beyond this distance all are alike.

    Args:
        graph: the graph.
        settings: say how many steps there are, and where the last one begins.
        table: one row a step, one column a head.
        both: whether keys stand on both sides, or only before.

    Raises:
        InvalidModelError: there cannot be such steps.
    """

    def __init__(self, graph: Graph, settings: ConfigObject, table: Tensor, *, both: bool) -> None:
        one_side, self.most = step_sizes(settings, both=both)
        self._graph, self._both = graph, both
        distances = np.arange(-self.most if both else 0, self.most + 1)
        numbers = steps(np.abs(distances), one_side, self.most)
        numbers += np.where(distances > 0, one_side, 0) if both else 0
        rows = graph.op("Gather", graph.weights(table), _stored(graph, numbers), axis=0)
        # By head, then by distance.
        self._rows = graph.op("Transpose", rows, perm=[1, 0])
        self._heads: dict[int, str] = {}

    def fixed(self, distances: Array) -> str:
        """The index of given distances (key minus query), for ``of``."""
        clipped = np.clip(distances, -self.most, self.most) + self.most
        return _stored(self._graph, clipped)

    def index(self, distances: str) -> str:
        """The index of distances that only a run knows, for ``of``: key minus query, or, of keys
        that only stand before, how far before."""
        g = self._graph
        most = g.number(self.most, NumberType.INT64)
        clipped = g.op("Min", distances, most)
        if not self._both:
            return clipped
        return g.op("Add", g.op("Max", clipped, g.number(-self.most, NumberType.INT64)), most)

    def of(self, head: int, index: str) -> str:
        """What is added to the scores of a head, in the shape of an index."""
        g = self._graph
        if head not in self._heads:
            self._heads[head] = g.op("Gather", self._rows, g.number(head, NumberType.INT64), axis=0)
        return g.op("Gather", self._heads[head], index, axis=0)

    def of_all(self, index: str) -> str:
        """The same of all heads, which come first."""
        return self._graph.op("Gather", self._rows, index, axis=1)


def step_sizes(settings: ConfigObject, *, both: bool) -> tuple[int, int]:
    """How many steps there are on a side, and beyond which distance all are alike.

    Args:
        settings: say how many there are, and where the last one begins.
        both: whether keys stand on both sides, or only before.

    Raises:
        InvalidModelError: there cannot be such steps: half of a side's are one token wide.
    """
    count = settings.size("relative_attention_num_buckets")
    most = settings.size("relative_attention_max_distance", MOST_DISTANCE)
    one_side = count // 2 if both else count
    if not 1 <= one_side // 2 < most:
        raise InvalidModelError(
            f"{settings.place} gives relative_attention_num_buckets as {count}, "
            f"relative_attention_max_distance as {most}"
        )
    return one_side, most


def steps(distances: Array, count: int, most: int) -> Array:
    """The number of each distance's step; ``transformers`` computes in float32, too."""
    exact = count // 2
    with np.errstate(divide="ignore"):
        logarithms = np.log(distances.astype(np.float32) / np.float32(exact))
    grown = logarithms / np.float32(math.log(most / exact)) * np.float32(count - exact)
    large = exact + np.maximum(grown, 0).astype(np.int64)
    return np.where(distances < exact, distances, np.minimum(large, count - 1))


def _stored(graph: Graph, numbers: Array) -> str:
    array = numbers.astype(np.int64)
    return graph.constant(StoredNumbers(NumberType.INT64, array.shape, lambda: array))
