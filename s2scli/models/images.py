"""How a model wants an image: the recipe of its processor, as the manifest holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["EXACT", "SHORTEST", "ImageRecipe"]

# How an image is resized: to the very size, or until its shorter side has that of the size.
EXACT, SHORTEST = "exact", "shortest"


class ImageRecipe(NamedTuple):
    """From an image of any size (RGB, 8 bits) to the numbers that a model reads, step by step.

    Attributes:
        height: of what comes out.
        width: of what comes out.
        turn: whether an image is turned by 90 degrees if only so its longer side is that of the
            size.
        resize: ``EXACT`` or ``SHORTEST``.
        resize_height: the size to resize to.
        resize_width: the same.
        resample: the filter, by Pillow's number.
        thumbnail: whether an image that is larger than the size is then made to fit into it.
        scale: what each number (0 to 255) is multiplied by.
        mean: what is subtracted from each channel; empty if nothing is.
        deviation: what each channel is then divided by; empty if by nothing.
    """

    height: int
    width: int
    resize: str
    resize_height: int
    resize_width: int
    resample: int
    turn: bool = False
    thumbnail: bool = False
    scale: float = 1.0
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> ImageRecipe:
        """Of what a manifest holds."""
        rows = ("mean", "deviation")
        return cls(**{**content, **{name: tuple(content[name]) for name in rows}})
