"""ResNet (He et al. 2016, https://arxiv.org/abs/1512.03385): convolutions with shortcuts.

Batch normalization is part of the convolution before it, for a trained model normalizes by numbers
that do not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.graphs.graph import NumberType
from s2scli.models.convert.graphs.images import Size, size_pair
from s2scli.models.convert.graphs.layers import Layers
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Array, Tensor

__all__ = ["ResNet"]

EPSILON = 1e-5  # of batch normalization, as PyTorch has it
REDUCTION = 4  # by which a bottleneck is narrower than what goes out of it
BASIC, BOTTLENECK = "basic", "bottleneck"


@dataclass(frozen=True, slots=True)
class _Convolution:
    """A convolution: channels in and out, the side of its kernel, its stride."""

    inputs: int
    outputs: int
    side: int
    stride: int = 1


@dataclass(frozen=True)
class ResNet:
    """An ``ImageEncoder``; ``transformers`` (``modeling_resnet.py``, 4.57) is the reference.

    Attributes:
        settings: the part's, with its class's defaults.
    """

    settings: ConfigObject

    @classmethod
    def of(cls, settings: ConfigObject) -> ResNet:
        """Of a part of ``config.json``."""
        return cls(settings.with_type_defaults())

    @property
    def width(self) -> int:
        """Numbers that it gives for each position."""
        return self._sizes[-1]

    @property
    def positions(self) -> int:
        """How many positions it gives for an image."""
        rows, columns = self._grid
        return rows * columns

    @cached_property
    def image(self) -> Size:
        """Height and width of the images that it takes."""
        return size_pair(self.settings, "image_size")

    @cached_property
    def channels(self) -> int:
        """Numbers of a pixel."""
        return self.settings.size("num_channels")

    @cached_property
    def _sizes(self) -> list[int]:
        return self.settings.sizes("hidden_sizes")

    @cached_property
    def _strides(self) -> list[int]:
        """Of each stage's first layer."""
        first = 2 if self.settings.flag("downsample_in_first_stage", default=False) else 1
        return [first, *[2] * (len(self._sizes) - 1)]

    @property
    def _grid(self) -> Size:
        """Height and width of what comes out."""
        halvings = 2 + sum(stride == 2 for stride in self._strides)
        height, width = (-(-side // 2**halvings) for side in self.image)
        return height, width

    def write(self, layers: Layers, names: PartTensors) -> str:
        """Add it to a graph; gives (B, positions, width).

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """
        g, depths = layers.graph, self.settings.sizes("depths", MAX_LAYERS)
        if len(depths) != len(self._sizes):
            raise InvalidModelError(
                f"{self.settings.place} gives depths {depths}, hidden_sizes {self._sizes}"
            )
        pixels = g.input("pixel_values", NumberType.FLOAT32, "B", self.channels, *self.image)
        width = self.settings.size("embedding_size")
        stem = _Convolution(self.channels, width, 7, 2)
        x = self._activate(
            layers, _convolve(layers, pixels, names.within("embedder.embedder."), stem)
        )
        x = g.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
        for number, (size, depth) in enumerate(zip(self._sizes, depths, strict=True)):
            stage = names.within(f"encoder.stages.{number}.layers.")
            for place in range(depth):
                stride = 1 if place else self._strides[number]
                x = self._layer(layers, x, stage.within(f"{place}."), (width, size, stride))
                width = size
        return g.op("Transpose", g.op("Reshape", x, g.sizes(0, width, -1)), perm=[0, 2, 1])

    def _layer(self, layers: Layers, x: str, names: PartTensors, size: tuple[int, int, int]) -> str:
        """Convolutions, and a shortcut past them."""
        inputs, outputs, stride = size
        convolutions, beside = self._convolutions(*size), x
        if inputs != outputs or stride != 1:
            shortcut = _Convolution(inputs, outputs, 1, stride)
            beside = _convolve(layers, x, names.within("shortcut."), shortcut)
        for number, convolution in enumerate(convolutions):
            # Between them, the reference has this whatever the configuration says.
            x = layers.activate(x, "relu") if number else x
            x = _convolve(layers, x, names.within(f"layer.{number}."), convolution)
        return self._activate(layers, layers.add(x, beside))

    def _convolutions(self, inputs: int, outputs: int, stride: int) -> list[_Convolution]:
        """Those of a layer, in order."""
        kind = self.settings.choice("layer_type", (BASIC, BOTTLENECK))
        if kind == BASIC:
            return [_Convolution(inputs, outputs, 3, stride), _Convolution(outputs, outputs, 3)]
        if outputs % REDUCTION:
            raise InvalidModelError(
                f"{self.settings.place} gives hidden_sizes {self._sizes}, of which a bottleneck "
                f"takes multiples of {REDUCTION}"
            )
        inner = outputs // REDUCTION
        early = self.settings.flag("downsample_in_bottleneck", default=False)
        first, second = (stride, 1) if early else (1, stride)
        return [
            _Convolution(inputs, inner, 1, first),
            _Convolution(inner, inner, 3, second),
            _Convolution(inner, outputs, 1),
        ]

    def _activate(self, layers: Layers, x: str) -> str:
        return layers.activate(x, str(self.settings.content["hidden_act"]))


def _convolve(layers: Layers, x: str, names: PartTensors, of: _Convolution) -> str:
    """A convolution and the batch normalization after it."""
    g, side = layers.graph, of.side
    shape = of.outputs, of.inputs, side, side
    weight = names.take("convolution.weight", *shape)
    norm = names.within("normalization.")
    parts = [
        norm.take(name, of.outputs) for name in ("weight", "bias", "running_mean", "running_var")
    ]
    norm.pass_over(("num_batches_tracked",))

    def factors() -> Array:
        gamma, variance = (parts[n].array().astype(np.float64) for n in (0, 3))
        return np.asarray(gamma / np.sqrt(variance + EPSILON))

    def kernel() -> Array:
        return np.asarray(weight.array() * factors()[:, None, None, None], np.float32)

    def shift() -> Array:
        beta, mean = (parts[n].array() for n in (1, 2))
        return np.asarray(beta - mean * factors(), np.float32)

    pair = g.weights(Tensor("F32", shape, kernel)), g.weights(Tensor("F32", shape[:1], shift))
    around = [side // 2] * 4
    return g.op("Conv", x, *pair, kernel_shape=[side] * 2, strides=[of.stride] * 2, pads=around)
