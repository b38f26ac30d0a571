"""Addresses of models' pages on the hub."""

from __future__ import annotations

import os
from urllib.parse import unquote

from s2scli.errors import UnavailableError

__all__ = ["repository"]

HOSTS = ("huggingface.co", "www.huggingface.co", "hf.co")
# What stands before the revision in a page's address.
PAGES = ("tree", "blob", "resolve", "raw", "commit")
FOLDER = "onnx"  # of graphs, which belong to the files at the top


def repository(name: str) -> tuple[str, str | None]:
    """The repository and revision of a hub page, from its address.

    Args:
        name: such as ``https://huggingface.co/OWNER/NAME/tree/REVISION``; anything but an address
            is returned as it is.

    Raises:
        UnavailableError: the page is not a model's, or is that of a folder within one.
    """
    hosts = [*HOSTS, os.environ.get("HF_ENDPOINT", "").rstrip("/").rpartition("//")[2]]
    scheme, found, path = name.rpartition("://")
    host = next((h for h in hosts if h and path.startswith(f"{h}/")), "")
    if scheme == "hf":
        owner, _, revision = path.partition("@")
        return owner, revision or None
    if not host:
        if found:
            raise UnavailableError(f"{name} is not a page of the hub", "Name a model: OWNER/NAME.")
        return name, None
    parts = path.removeprefix(f"{host}/").partition("#")[0].partition("?")[0].strip("/").split("/")
    if parts[0] in ("datasets", "spaces", "collections", "papers", "docs") or len(parts) < 2:
        raise UnavailableError(f"{name} is not a model's page", "Name a model: OWNER/NAME.")
    revision, within = _revision(parts[2:])
    if within and within != FOLDER:
        raise UnavailableError(
            f"{name} leads to a folder of a repository, of which s2s reads the top alone",
            "Download the folder, and name the directory.",
        )
    return "/".join(parts[:2]), revision or None


def _revision(parts: list[str]) -> tuple[str, str]:
    """The revision in a page's address, and the folder of the repository that it shows.

    Args:
        parts: of the address, behind the repository's name.
    """
    if not parts or parts[0] not in PAGES:
        return "", ""
    first, within = unquote("".join(parts[1:2])), parts[2:]
    if first == "refs":  # refs/pr/3
        first, within = "/".join((first, *within[:2])), within[2:]
    if parts[0] != "tree":  # of a file
        within = within[:-1]
    return first, "/".join(within)
