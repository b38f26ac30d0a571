"""Addresses of models' pages on the hub."""

from __future__ import annotations

import os

from s2scli.errors import UnavailableError

__all__ = ["repository"]

HOSTS = ("huggingface.co", "www.huggingface.co", "hf.co")
# What stands before the revision in a page's address.
PAGES = ("tree", "blob", "resolve", "raw", "commit")


def repository(name: str) -> tuple[str, str | None]:
    """The repository and revision of a hub page, from its address.

    Args:
        name: such as ``https://huggingface.co/OWNER/NAME/tree/REVISION``; anything but an address
            is returned as it is.

    Raises:
        UnavailableError: the page is not a model's.
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
    revision = parts[3] if len(parts) > 3 and parts[2] in PAGES else ""
    return "/".join(parts[:2]), revision or None
