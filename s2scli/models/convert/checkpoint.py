"""A Hugging Face checkpoint directory: its JSON files, its card and its weights."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError, MissingInputError
from s2scli.models.convert.weights import Weights, open_weights

__all__ = ["Checkpoint", "sha256"]

MAX_JSON_BYTES = 64 << 20
MAX_CARD_BYTES = 1 << 20


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on disk.

    Attributes:
        directory: where ``config.json`` stands.
    """

    directory: Path

    @property
    def name(self) -> str:
        """The directory's own name."""
        return self.directory.resolve().name

    @cached_property
    def config(self) -> dict[str, Any]:
        """``config.json``.

        Raises:
            MissingInputError: there is no such directory.
            InvalidModelError: it is not a checkpoint.
        """
        if not self.directory.is_dir():
            raise MissingInputError(f"There is no checkpoint directory {self.directory}")
        return self.json("config.json")

    @cached_property
    def generation(self) -> dict[str, Any]:
        """``generation_config.json``; without one, the same keys from ``config.json``."""
        if self.path("generation_config.json").exists():
            return self.json("generation_config.json")
        return self.config

    @cached_property
    def tokenizer_config(self) -> dict[str, Any]:
        """``tokenizer_config.json``, or an empty dictionary."""
        if self.path("tokenizer_config.json").exists():
            return self.json("tokenizer_config.json")
        return {}

    @cached_property
    def licence(self) -> str:
        """``license`` of the front matter of ``README.md``; empty if there is none."""
        card = self.path("README.md")
        if not card.exists():
            return ""
        with card.open(encoding="utf-8", errors="replace") as file:
            head = file.read(MAX_CARD_BYTES)
        if not head.startswith("---\n"):
            return ""
        lines = head[4:].partition("\n---")[0].splitlines()
        values = [line.partition(":")[2] for line in lines if line.startswith("license:")]
        return values[0].strip().strip("'\"") if values else ""

    def path(self, name: str) -> Path:
        """The path of a file of the checkpoint, which need not exist."""
        return self.directory / name

    def existing(self, name: str) -> Path:
        """The path of a file that must be there."""
        path = self.path(name)
        if not path.is_file():
            raise InvalidModelError(f"The checkpoint {self.directory} has no {name}")
        return path

    def json(self, name: str) -> dict[str, Any]:
        """Read a JSON file that holds an object.

        Raises:
            InvalidModelError: it is missing, too large or not such a file.
        """
        path = self.existing(name)
        if path.stat().st_size > MAX_JSON_BYTES:
            raise InvalidModelError(f"{path} is larger than {MAX_JSON_BYTES >> 20} MB")
        try:
            content = json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise InvalidModelError(f"{path} is not JSON: {error}") from error
        if not isinstance(content, dict):
            raise InvalidModelError(f"{path} does not hold a JSON object")
        return content

    def weights(self) -> Weights:
        """Open the weights, from safetensors if there are any, else from a PyTorch file."""
        return open_weights(self.directory)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
