"""Images that are drawn here, and what they show: shapes in colours, lines of digits, and forms.

Drawn by arithmetic alone, so that they are the same whatever draws elsewhere.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["DRAWERS", "FORM", "SENTENCE", "Picture", "form", "line", "save", "scene", "shapeless"]

Picture = npt.NDArray[np.uint8]
COLOURS = {
    "red": (220, 40, 40),
    "green": (40, 170, 60),
    "blue": (50, 80, 220),
    "yellow": (230, 210, 40),
    "white": (245, 245, 245),
}
FORM, SENTENCE = "<s_form>", "<s_sentence>"  # Donut's tokens of tasks
SEPARATOR = "<sep/>"
PLACES = ("middle", "above", "left")
SHAPES = ("circle", "square", "triangle", "cross")
GROUNDS = ((20, 20, 24), (90, 90, 96), (60, 40, 80))
# Rows of three bits, from the top.
GLYPHS = {
    "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711",
    "5": "74717", "6": "74757", "7": "71122", "8": "75757", "9": "75717",
    "-": "00700", "+": "02720", "/": "11244",
}  # fmt: skip


def scene(seed: int) -> tuple[Picture, str]:
    """One or two shapes, and a sentence on them."""
    draw = random.Random(seed)
    height, width = draw.randint(48, 96), draw.randint(48, 96)
    image = np.empty((height, width, 3), np.uint8)
    image[:] = draw.choice(GROUNDS)
    count = draw.choice((1, 2, 2))
    upright = draw.random() < 0.5
    parts = []
    for number in range(count):
        colour, shape = draw.choice(list(COLOURS)), draw.choice(SHAPES)
        at = 0.5 if count == 1 else (0.27, 0.73)[number]
        across = 0.5 + draw.uniform(-0.1, 0.1)
        y, x = (at, across) if upright else (across, at)
        radius = draw.uniform(0.13, 0.2) * min(height, width)
        _shape(image, shape, COLOURS[colour], y * height, x * width, radius)
        parts.append(f"a {colour} {shape}")
    if count == 1:
        return image, f"{parts[0]} in the middle"
    return image, f"{parts[0]} {'above' if upright else 'to the left of'} {parts[1]}"


def line(seed: int) -> tuple[Picture, str]:
    """Digits and signs in a row, and what they say."""
    draw = random.Random(seed)
    text = "".join(draw.choice(list(GLYPHS)) for _ in range(draw.randint(2, 6)))
    scale = draw.randint(2, 4)
    page = np.zeros((5 + 2, 4 * len(text) + 1), np.uint8)
    for number, sign in enumerate(text):
        for row, bits in enumerate(GLYPHS[sign]):
            for column in range(3):
                page[1 + row, 1 + 4 * number + column] = int(bits) >> (2 - column) & 1
    page = np.kron(page, np.ones((scale, scale), np.uint8))
    wide = np.zeros((page.shape[0], max(page.shape[1], 25 * scale)), np.uint8)
    wide[:, : page.shape[1]] = page
    dark, light = draw.randint(0, 70), draw.randint(190, 255)
    grey = np.where(wide == 1, dark, light).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, 2), text


def form(seed: int) -> tuple[Picture, str]:
    """The same as a scene, and its fields as Donut writes them, after the token of the task."""
    image, text = scene(seed)
    shapes = re.findall(r"a (\w+) (circle|square|triangle|cross)", text)
    items = SEPARATOR.join(
        f"<s_shape>{shape}</s_shape><s_colour>{colour}</s_colour>" for colour, shape in shapes
    )
    place = next(name for name in PLACES if name in text)
    return image, f"{FORM}<s_items>{items}</s_items><s_place><{place}/></s_place>"


def shapeless(text: str) -> str:
    """What is said of an image without its shapes, which a very small model cannot tell."""
    return re.sub("|".join(SHAPES), "shape", text)


def page(seed: int) -> tuple[Picture, str]:
    """A form, or the sentence of a scene after the token of that task, by turns."""
    if seed % 2:
        return form(seed)
    image, text = scene(seed)
    return image, f"{SENTENCE}{text}"


DRAWERS = {"scene": scene, "line": line, "form": form, "page": page}


def save(image: Picture, path: Path, **options: Any) -> Path:
    """Write an image file; needs Pillow."""
    from PIL import Image

    Image.fromarray(image).save(path, **options)
    return path


def _shape(
    image: Picture, shape: str, colour: tuple[int, ...], y: float, x: float, radius: float
) -> None:
    rows, columns = np.ogrid[: image.shape[0], : image.shape[1]]
    down, right = rows - y, columns - x
    inside = (np.abs(down) <= radius) & (np.abs(right) <= radius)
    arm = radius / 3
    masks = {
        "circle": down**2 + right**2 <= radius**2,
        "square": inside,
        "triangle": inside & (2 * np.abs(right) <= down + radius),
        "cross": inside & ((np.abs(down) <= arm) | (np.abs(right) <= arm)),
    }
    image[masks[shape]] = colour
