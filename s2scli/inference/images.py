"""From an image file to a model's pixels, with Pillow. Equal to the slow image processors of
transformers 4.57 (``image_processing_vit.py`` and others)."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from s2scli.errors import BadInputError, UnavailableError, memory_error
from s2scli.models.images import SHORTEST, ImageRecipe

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "FORMATS",
    "MOST_PIXELS",
    "OTHERS",
    "SEE_THROUGH",
    "Pixels",
    "open_image",
    "pixels_of",
]

Pixels: TypeAlias = npt.NDArray[np.float32]
# Formats that Pillow decodes itself. It gives EPS to Ghostscript, which runs programs.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "JPEG2000", "AVIF", "ICO", "TGA")
GREYS_OF_16_BITS = ("PNG", "PPM")  # formats in which Pillow may hold these in 32 bits
MOST_PIXELS = 178_956_970  # half a gigabyte of RGB; Pillow's limit for decompression bombs
BICUBIC = 3
OPAQUE = 255
SEVERAL = ("TIFF", "GIF", "WEBP", "PNG", "AVIF")  # formats of pages and of moving images
BITS, PHOTOMETRIC, WHITE_IS_ZERO = 258, 262, 0  # tags of TIFF, and a value
# What of a file a model does not see.
OTHERS, SEE_THROUGH = "more images", "transparency"


def open_image(path: Path, lost: Callable[[str], None] = lambda _: None) -> Image:
    """Read an image file as RGB, upright; the first image if there are several.

    Args:
        path: of the file.
        lost: told what the file has and the image has not: ``OTHERS``, ``SEE_THROUGH``.

    Raises:
        UnavailableError: Pillow is not installed.
        BadInputError: the file is unreadable, not an image, damaged, or a decompression bomb.
    """
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError as error:
        raise memory_error(error) or UnavailableError(
            "Images are read by Pillow, which is not installed",
            "Install it: pip install 's2scli[vision]'.",
        ) from error
    if path.exists() and not path.is_file():
        raise BadInputError(f"{path} is no file, but a device, a pipe or a folder")
    try:
        with warnings.catch_warnings():
            # Pillow already warns at half the size that it refuses.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                if math.prod(image.size) > MOST_PIXELS:
                    raise Image.DecompressionBombError
                found = _as_rgb(ImageOps.exif_transpose(image), path, image)
                for what in _lost(image):
                    lost(what)
                return found
    except BadInputError:
        raise
    except Image.DecompressionBombError as error:
        raise BadInputError(
            f"{path} has more than {MOST_PIXELS // 10**6} million pixels, as a decompression bomb"
        ) from error
    except UnidentifiedImageError as error:
        raise BadInputError(
            f"{path} is not an image in a known format", f"Known ones: {', '.join(FORMATS)}."
        ) from error
    except (OSError, MemoryError) as error:
        if short := memory_error(error):
            raise short from error
        reason = getattr(error, "strerror", None) or error
        raise BadInputError(f"{path} cannot be read: {reason}") from error
    except Exception as error:  # a decoder's, of whatever kind
        raise BadInputError(f"{path} is damaged: {error}") from error


def _lost(image: Image) -> Iterator[str]:
    """What an image that is open has, and its pixels as RGB have not."""
    # First, for to look for other images may lead away from this one.
    if image.has_transparency_data:
        opacity = image.convert("RGBA").getchannel("A").getextrema()
        if opacity[0] != OPAQUE:
            yield SEE_THROUGH
    with suppress(Exception):  # what is damaged there is none
        if image.format in SEVERAL and getattr(image, "n_frames", 1) > 1:
            yield OTHERS


def _as_rgb(image: Image, path: Path, opened: Image) -> Image:
    """The image with a byte for each of red, green and blue; greys of 16 bits keep their steps,
    where Pillow would make white of all that is above 255.

    Args:
        image: upright.
        path: of the file.
        opened: the image as it was opened.

    Raises:
        BadInputError: it has greys whose range nobody can tell (numbers of 32 bits, fractions).
    """
    from PIL import Image as pillow

    if image.mode.startswith("I;16") or (image.mode == "I" and opened.format in GREYS_OF_16_BITS):
        tags = getattr(opened, "tag_v2", {})  # of TIFF; Pillow leaves its numbers as they are
        bits = max(tags.get(BITS, (16,)))
        greys = (np.asarray(image).astype(np.uint32) >> (bits - 8)).astype(np.uint8)
        if tags.get(PHOTOMETRIC) == WHITE_IS_ZERO:
            greys = ~greys
        return pillow.fromarray(greys).convert("RGB")
    if image.mode in ("I", "F"):
        raise BadInputError(
            f"{path} has greys of 32 bits, and which of them is white is not known",
            "Save it with 8 or 16 bits.",
        )
    return image.convert("RGB")


def pixels_of(image: Image, recipe: ImageRecipe) -> Pixels:
    """An RGB image as a model reads it: float32, channels × height × width."""
    size = recipe.resize_height, recipe.resize_width
    if recipe.turn:
        image = _turned(image, size)
    if recipe.resize == SHORTEST:
        image = image.resize(_by_shorter_side(image.size, min(size)), recipe.resample)
    else:
        image = image.resize(size[::-1], recipe.resample)
    if recipe.thumbnail:
        image = _thumbnail(image, size)
    array = _fitted(np.asarray(image), recipe)
    numbers = (array.astype(np.float64) * recipe.scale).astype(np.float32)
    if recipe.mean:
        mean, deviation = (np.array(row, np.float32) for row in (recipe.mean, recipe.deviation))
        numbers = (numbers - mean) / deviation
    return np.ascontiguousarray(numbers.transpose(2, 0, 1))


def _turned(image: Image, size: tuple[int, int]) -> Image:
    """The image, turned clockwise if its longer side is not that of the size."""
    from PIL import Image as pillow

    (height, width), (across, down) = size, image.size
    if (width < height and across > down) or (width > height and across < down):
        return image.transpose(pillow.Transpose.ROTATE_270)
    return image


def _by_shorter_side(size: tuple[int, int], shorter: int) -> tuple[int, int]:
    """Width and height for a given shorter side; the proportions stay."""
    width, height = size
    if width <= height:
        return shorter, int(shorter * height / width)
    return int(shorter * width / height), shorter


def _thumbnail(image: Image, size: tuple[int, int]) -> Image:
    """An image shrunk to fit into a size, by bicubic filtering; the proportions stay."""
    (width, height), (most_height, most_width) = image.size, size
    new_width, new_height = min(width, most_width), min(height, most_height)
    if (new_width, new_height) == (width, height):
        return image
    if height > width:
        new_width = int(width * new_height / height)
    elif width > height:
        new_height = int(height * new_width / width)
    return image.resize((new_width, new_height), BICUBIC, reducing_gap=2.0)


def _fitted(array: npt.NDArray[np.uint8], recipe: ImageRecipe) -> npt.NDArray[np.uint8]:
    """The image cropped to its middle, or padded with zeros on all sides."""
    pads = []
    for axis, size in enumerate((recipe.height, recipe.width)):
        short = size - array.shape[axis]
        if short < 0:
            start = -short // 2
            array = array.take(range(start, start + size), axis)
            short = 0
        # Pages have the smaller half first, what is cropped the larger one.
        first = short // 2 if recipe.thumbnail else short - short // 2
        pads.append((first, short - first))
    return np.pad(array, (*pads, (0, 0)))
