"""Swin (Liu et al. 2021, https://arxiv.org/abs/2103.14030): attention within windows that shift.

Donut's encoder is the same without the last normalization.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.graphs.graph import NumberType, StoredNumbers
from s2scli.models.convert.graphs.images import Size, patches, size_pair
from s2scli.models.convert.graphs.layers import Heads, Layers, LinearLayer, NormLayer
from s2scli.models.convert.graphs.vit import linear_of
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Array, Tensor

__all__ = ["Swin"]

# Of all normalizations but those of the layers and the last.
EPSILON = 1e-5
MASKED = -100.0


@dataclass(frozen=True)
class Stage:
    """Layers of one resolution.

    Attributes:
        number: from 0.
        layers: how many there are.
        heads: of their attentions.
        grid: height and width in positions.
        last: whether no other follows.
    """

    number: int
    layers: int
    heads: Heads
    grid: Size
    last: bool

    @property
    def width(self) -> int:
        """Numbers of a position."""
        return self.heads.width


@dataclass(frozen=True)
class Swin:
    """An ``ImageEncoder``; ``transformers`` (``modeling_swin.py``, 4.57) is the reference.

    Attributes:
        settings: the part's, with its class's defaults.
    """

    settings: ConfigObject

    @classmethod
    def of(cls, settings: ConfigObject) -> Swin:
        """Of a part of ``config.json``."""
        return cls(settings.with_type_defaults())

    @property
    def width(self) -> int:
        """Numbers that it gives for each position."""
        return self._stages[-1].width

    @property
    def positions(self) -> int:
        """How many positions it gives for an image."""
        return math.prod(self._stages[-1].grid)

    @cached_property
    def image(self) -> Size:
        """Height and width of the images that it takes."""
        return size_pair(self.settings, "image_size")

    @cached_property
    def channels(self) -> int:
        """Numbers of a pixel."""
        return self.settings.size("num_channels")

    @cached_property
    def _window(self) -> int:
        return self.settings.size("window_size")

    @cached_property
    def _epsilon(self) -> float:
        return self.settings.number("layer_norm_eps", EPSILON)

    @cached_property
    def _stages(self) -> list[Stage]:
        depths, heads = (self.settings.sizes(name) for name in ("depths", "num_heads"))
        width, patch = self.settings.size("embed_dim"), size_pair(self.settings, "patch_size")
        if len(depths) != len(heads):
            raise InvalidModelError(f"{self.settings.place} gives depths {depths}, heads {heads}")
        grid = -(-self.image[0] // patch[0]), -(-self.image[1] // patch[1])
        stages = []
        for number, (layers, count) in enumerate(zip(depths, heads, strict=True)):
            if width % count or min(grid) < self._window:
                raise InvalidModelError(
                    f"{self.settings.place} does not fit together: {width} numbers in {count} "
                    f"heads, windows of {self._window} on a grid of {grid[0]} by {grid[1]}"
                )
            last = number == len(depths) - 1
            stages.append(Stage(number, layers, Heads(count, width // count), grid, last))
            width, grid = 2 * width, (-(-grid[0] // 2), -(-grid[1] // 2))
        return stages

    def write(self, layers: Layers, names: PartTensors) -> str:
        """Add it to a graph; gives (B, positions, width).

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """
        first, patch = self._stages[0], size_pair(self.settings, "patch_size")
        embeddings = names.within("embeddings.")
        x = patches(layers, embeddings, self.image, self.channels, patch, first.width)
        x = layers.norm(x, NormLayer(*embeddings.norm("norm", first.width), EPSILON))
        if self.settings.flag("use_absolute_embeddings", default=False):
            raise InvalidModelError(
                f"{self.settings.place} sets use_absolute_embeddings, which cannot be obeyed"
            )
        for stage in self._stages:
            x = self._stage(layers, x, names.within(f"encoder.layers.{stage.number}."), stage)
        names.pass_over(("embeddings.mask_token",))
        if self.settings.content["model_type"] == "donut-swin":
            return x
        return layers.norm(x, NormLayer(*names.norm("layernorm", self.width), self._epsilon))

    def _stage(self, layers: Layers, x: str, names: PartTensors, stage: Stage) -> str:
        for number in range(stage.layers):
            # A window that covers the whole grid has nowhere to go.
            moves = number % 2 == 1 and min(stage.grid) > self._window
            shift = self._window // 2 if moves else 0
            x = self._layer(layers, x, names.within(f"blocks.{number}."), stage, shift)
        return x if stage.last else self._merge(layers, x, names.within("downsample."), stage)

    def _layer(self, layers: Layers, x: str, names: PartTensors, stage: Stage, shift: int) -> str:
        width, epsilon = stage.width, self._epsilon
        ratio = self.settings.content["mlp_ratio"]
        if type(ratio) not in (int, float) or not 0 < ratio <= 100:
            raise InvalidModelError(f"{self.settings.place} gives mlp_ratio as {ratio!r}")
        inner = int(ratio * width)
        y = layers.norm(x, NormLayer(*names.norm("layernorm_before", width), epsilon))
        y = self._attend(layers, y, names.within("attention."), stage, shift)
        x = layers.add(x, y)
        y = layers.norm(x, NormLayer(*names.norm("layernorm_after", width), epsilon))
        first = LinearLayer(*names.linear("intermediate.dense", inner, width))
        second = LinearLayer(*names.linear("output.dense", width, inner))
        y = layers.forward(y, first, str(self.settings.content["hidden_act"]), second)
        return layers.add(x, y)

    def _attend(self, layers: Layers, x: str, names: PartTensors, stage: Stage, shift: int) -> str:
        """Attention within windows: (B, positions, width) both ways."""
        g, width, window = layers.graph, stage.width, self._window
        own = names.within("self.")
        biased = self.settings.flag("qkv_bias", default=True)
        query, key, value = (
            linear_of(own, name, width, width, biased=biased) for name in ("query", "key", "value")
        )
        height, across = stage.grid
        padded = height + -height % window, across + -across % window
        x = g.op("Reshape", x, g.sizes(0, height, across, width))
        if padded != stage.grid:
            below, right = padded[0] - height, padded[1] - across
            x = g.op("Pad", x, g.sizes(0, 0, 0, 0, 0, below, right, 0))
        x = _rolled(layers, x, padded, shift)
        rows, columns = padded[0] // window, padded[1] // window
        x = g.op("Reshape", x, g.sizes(-1, rows, window, columns, window, width))
        x = g.op("Transpose", x, perm=[0, 1, 3, 2, 4, 5])
        x = g.op("Reshape", x, g.sizes(-1, window * window, width))
        bias = _relative(layers, own, window, stage.heads.number)
        if shift:
            bias = _masked(layers, bias, padded, window, shift)
        windows = rows * columns if shift else 1
        x = layers.self_attention(x, (query, key, value), stage.heads, bias, windows)
        x = layers.linear(x, LinearLayer(*names.linear("output.dense", width, width)))
        x = g.op("Reshape", x, g.sizes(-1, rows, columns, window, window, width))
        x = g.op("Transpose", x, perm=[0, 1, 3, 2, 4, 5])
        x = g.op("Reshape", x, g.sizes(-1, *padded, width))
        x = _rolled(layers, x, padded, -shift)
        if padded != stage.grid:
            x = g.op("Slice", x, g.sizes(0, 0), g.sizes(height, across), g.sizes(1, 2))
        return g.op("Reshape", x, g.sizes(0, height * across, width))

    def _merge(self, layers: Layers, x: str, names: PartTensors, stage: Stage) -> str:
        """Four positions become one of twice the width."""
        g, width = layers.graph, stage.width
        height, across = stage.grid
        x = g.op("Reshape", x, g.sizes(0, height, across, width))
        if height % 2 or across % 2:
            x = g.op("Pad", x, g.sizes(0, 0, 0, 0, 0, height % 2, across % 2, 0))
        ends, axes, steps = g.sizes(height + 1, across + 1), g.sizes(1, 2), g.sizes(2, 2)
        four = [
            g.op("Slice", x, g.sizes(down, right), ends, axes, steps)
            for right in (0, 1)
            for down in (0, 1)
        ]
        x = g.op("Reshape", g.op("Concat", *four, axis=3), g.sizes(0, -1, 4 * width))
        x = layers.norm(x, NormLayer(*names.norm("norm", 4 * width), EPSILON))
        return layers.linear(x, LinearLayer(names.take("reduction.weight", 2 * width, 4 * width)))


def _rolled(layers: Layers, x: str, grid: Size, shift: int) -> str:
    """A grid (B, height, width, d) whose first rows and columns become the last."""
    g = layers.graph
    if not shift:
        return x
    for axis, size in enumerate(grid, 1):
        cut = shift % size
        ends = g.op("Slice", x, g.sizes(0), g.sizes(cut), g.sizes(axis))
        rest = g.op("Slice", x, g.sizes(cut), g.sizes(size), g.sizes(axis))
        x = g.op("Concat", rest, ends, axis=axis)
    return x


def _relative(layers: Layers, names: PartTensors, window: int, heads: int) -> str:
    """What the scores of two positions of a window get for where they stand: (1, heads, n, n)."""
    size = window * window
    table = names.take("relative_position_bias_table", (2 * window - 1) ** 2, heads)
    names.pass_over(("relative_position_index",))
    places = np.stack(np.meshgrid(np.arange(window), np.arange(window), indexing="ij")).reshape(
        2, -1
    )
    apart = places[:, :, None] - places[:, None, :] + window - 1
    index = apart[0] * (2 * window - 1) + apart[1]

    def load() -> Array:
        return np.asarray(table.array()[index].transpose(2, 0, 1)[None], np.float32)

    return layers.graph.weights(Tensor("F32", (1, heads, size, size), load))


def _masked(layers: Layers, bias: str, grid: Size, window: int, shift: int) -> str:
    """The bias by window, where positions that were far apart before the shift stay so."""
    g, (height, width) = layers.graph, grid
    regions = np.zeros(grid, np.float32)
    for number, (down, across) in enumerate(_regions(window, shift)):
        regions[down, across] = number
    rows, columns = height // window, width // window
    tiles = regions.reshape(rows, window, columns, window).transpose(0, 2, 1, 3)
    tiles = tiles.reshape(rows * columns, 1, window * window)
    differ = tiles[:, :, None, :] != tiles[:, :, :, None]
    mask = np.where(differ, np.float32(MASKED), np.float32(0))
    return g.op(
        "Add", bias, g.constant(StoredNumbers(NumberType.FLOAT32, mask.shape, lambda: mask))
    )


def _regions(window: int, shift: int) -> Iterator[tuple[slice, slice]]:
    parts = slice(0, -window), slice(-window, -shift), slice(-shift, None)
    for down in parts:
        for across in parts:
            yield down, across
