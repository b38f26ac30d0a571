"""Names of archives: paths of files, and addresses."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

__all__ = ["archive_name", "file_name", "is_address", "is_archive"]

ENDINGS = (".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tar", ".zip")


def is_archive(name: str) -> bool:
    """Whether a name is that of an archive: of a file, or an address."""
    return file_name(name).lower().endswith(ENDINGS)


def archive_name(name: str) -> str:
    """What a model is called by default, of which this is the archive."""
    plain = file_name(name)
    ending = next(each for each in ENDINGS if plain.lower().endswith(each))
    return plain[: -len(ending)]


def file_name(name: str) -> str:
    """The name of the file that a path or an address leads to."""
    if is_address(name):
        return PurePosixPath(unquote(urlsplit(name).path)).name
    return Path(name).name


def is_address(name: str) -> bool:
    """Whether it is fetched by HTTP."""
    return name.lower().startswith(("http://", "https://"))
