"""The images that a run is about: files, folders of files, and lists of paths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from s2scli.errors import MissingInputError

__all__ = ["SUFFIXES", "images_in"]

# What the names of image files end with, in folders; a file that is named itself is one anyway.
_NAMES = "jpg jpeg jpe jfif png webp gif bmp dib tif tiff ppm pgm pbm pnm jp2 avif ico tga"
SUFFIXES = frozenset(f".{name}" for name in _NAMES.split())


def images_in(folder: Path) -> Iterator[Path]:
    """The image files of a folder and of those in it, in the order of their names.

    Hidden ones, and links to folders, are left out.

    Raises:
        MissingInputError: the folder, or one in it, cannot be read.
    """

    def fail(error: OSError) -> None:
        raise MissingInputError(f"Cannot read the folder {error.filename}: {error.strerror}")

    for place, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(place, name)
