"""The images that a run is about: files, folders of files, and lists of paths."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from s2scli.errors import MissingInputError

__all__ = ["SUFFIXES", "images_in"]

# What the names of image files end with, in folders; a file that is named itself is one anyway.
_NAMES = "jpg jpeg jpe jfif png webp gif bmp dib tif tiff ppm pgm pbm pnm jp2 avif ico tga"
SUFFIXES = frozenset(f".{name}" for name in _NAMES.split())


def images_in(folder: Path, left_out: Callable[[Path], object]) -> Iterator[Path]:
    """The image files of a folder and of those in it, in the order of their names.

    Args:
        folder: where they are; what is hidden there is not looked at.
        left_out: told of files that are no images, and of links to folders.

    Raises:
        MissingInputError: the folder, or one in it, cannot be read.
    """

    def fail(error: OSError) -> None:
        raise MissingInputError(f"Cannot read the folder {error.filename}: {error.strerror}")

    for place, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for linked in (Path(place, name) for name in folders):
            if linked.is_symlink():
                left_out(linked)
        for path in (Path(place, name) for name in sorted(names) if not name.startswith(".")):
            if path.suffix.lower() in SUFFIXES:
                yield path
            else:
                left_out(path)
