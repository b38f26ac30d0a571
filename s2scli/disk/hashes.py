"""Hashes of files, and of values that a result depends on."""

from __future__ import annotations

import hashlib
from pathlib import Path

__all__ = ["SHORT_DIGITS", "digest", "git_hash", "sha256", "short_digest"]

BLOCK_BYTES = 1 << 20
SHORT_DIGITS = 12


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    return _hashed(path, hashlib.sha256())


def git_hash(path: Path) -> str:
    """The SHA-1 by which Git knows a file's content, as hexadecimal digits.

    See https://git-scm.com/book/en/v2/Git-Internals-Git-Objects.
    """
    header = b"blob %d\0" % path.stat().st_size
    return _hashed(path, hashlib.sha1(header, usedforsecurity=False))


def _hashed(path: Path, found: hashlib._Hash) -> str:
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            found.update(block)
    return found.hexdigest()


def digest(*parts: str | bytes) -> str:
    """SHA-256 of several texts, as hexadecimal digits."""
    found = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()


def short_digest(*parts: str | bytes) -> str:
    """The first digits of ``digest``, for people to read and for names."""
    return digest(*parts)[:SHORT_DIGITS]
