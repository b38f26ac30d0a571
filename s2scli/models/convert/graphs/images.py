"""What all encoders of images have in common: patches of pixels, and the settings of sizes."""

from __future__ import annotations

from typing import Protocol

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import MAX_SIZE, ConfigObject
from s2scli.models.convert.graphs.graph import NumberType
from s2scli.models.convert.graphs.layers import Layers
from s2scli.models.convert.parts import PartTensors

__all__ = ["ImageEncoder", "Size", "patches", "size_pair"]

# Height and width, in pixels or in patches.
Size = tuple[int, int]


class ImageEncoder(Protocol):
    """An encoder of images as a graph."""

    @property
    def settings(self) -> ConfigObject:
        """The part's, with its class's defaults."""

    @property
    def width(self) -> int:
        """Numbers that it gives for each position."""

    @property
    def positions(self) -> int:
        """How many positions it gives for an image."""

    @property
    def image(self) -> Size:
        """Height and width of the images that it takes."""

    @property
    def channels(self) -> int:
        """How many numbers a pixel has."""

    def write(self, layers: Layers, names: PartTensors) -> str:
        """Add it to a graph with the input ``pixel_values``; gives (B, positions, width).

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """


def size_pair(settings: ConfigObject, name: str) -> Size:
    """A size that is given as one number for both sides, or as height and width.

    Raises:
        InvalidModelError: it is neither.
    """
    given = settings.content.get(name)
    if not isinstance(given, list):
        return settings.size(name), settings.size(name)
    if len(given) != 2 or not all(type(n) is int and 1 <= n <= MAX_SIZE for n in given):
        raise InvalidModelError(f"{settings.place} gives {name} as {given!r}")
    return given[0], given[1]


def patches(
    layers: Layers, names: PartTensors, image: Size, channels: int, patch: Size, width: int
) -> str:
    """Pixels to one row for each patch: (B, patches, width), row by row of the image.

    An image whose sides are no multiples of a patch's has zeros added below and on the right.

    Args:
        layers: adds to the graph.
        names: of the embeddings.
        image: the image's size.
        channels: numbers of a pixel.
        patch: a patch's size.
        width: numbers of a row.
    """
    g, name = layers.graph, "patch_embeddings.projection"
    pixels = g.input("pixel_values", NumberType.FLOAT32, "B", channels, *image)
    weight = names.take(f"{name}.weight", width, channels, *patch)
    bias = names.take(f"{name}.bias", width)
    below, right = (-side % part for side, part in zip(image, patch, strict=True))
    if below or right:
        pixels = g.op("Pad", pixels, g.sizes(0, 0, 0, 0, 0, 0, below, right))
    pair = g.weights(weight), g.weights(bias)
    x = g.op("Conv", pixels, *pair, strides=[*patch], kernel_shape=[*patch])
    return g.op("Transpose", g.op("Reshape", x, g.sizes(0, width, -1)), perm=[0, 2, 1])
