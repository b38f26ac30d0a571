"""A Hugging Face checkpoint directory: its JSON files, its card and its weights."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError, MissingInputError
from s2scli.models.convert.configobject import MAX_SIZE, ConfigObject
from s2scli.models.convert.generation import generation_settings
from s2scli.models.convert.standins import (
    refuse_adapter,
    refuse_converted,
    refuse_pointer,
    refuse_quantized,
)
from s2scli.models.convert.weights import Weights, open_weights
from s2scli.models.paths import contained

__all__ = ["START", "Checkpoint"]

MAX_FILE_BYTES = 64 << 20  # of all files but the weights
MAX_CARD_BYTES = 1 << 20
LEAST_SOURCE = 8  # tokens of the longest text
HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # of a character, unless the other half follows
# The token that decoding starts from. Without it, transformers takes that of the text's beginning.
START = "decoder_start_token_id"


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on disk.

    Attributes:
        directory: where ``config.json`` stands.
        target_tokenizer: where the tokenizer of the target is, if it has one of its own.
    """

    directory: Path
    target_tokenizer: Path | None = None

    @property
    def name(self) -> str:
        """The directory's own name."""
        return self.directory.resolve().name

    @cached_property
    def config(self) -> dict[str, Any]:
        """``config.json``.

        Raises:
            MissingInputError: there is no such directory.
            InvalidModelError: it is not a checkpoint of plain weights.
        """
        if self.directory.is_file():
            refuse_converted(str(self.directory), [self.directory.name])
            raise InvalidModelError(
                f"{self.directory} is not a checkpoint",
                "Give the directory that it is in; only files of OpenNMT-py (.pt) and of g2p_en "
                "(.npz) stand alone.",
            )
        if not self.directory.is_dir():
            raise MissingInputError(f"There is no checkpoint directory {self.directory}")
        adapter = "adapter_config.json"
        base = self.json(adapter) if self.path(adapter).exists() else {}
        files = [path.name for path in self.directory.iterdir()]
        refuse_converted(str(self.directory), files)
        refuse_adapter(str(self.directory), files, base.get("base_model_name_or_path"))
        config = self.json("config.json")
        refuse_quantized(str(self.directory), config)
        return config

    @cached_property
    def generation(self) -> dict[str, Any]:
        """The generation settings that count; see ``generation_settings``."""
        there = self.path("generation_config.json").exists()
        return generation_settings(
            self.config, self.json("generation_config.json") if there else None
        )

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
        refuse_pointer(card)
        with card.open(encoding="utf-8", errors="replace") as file:
            head = file.read(MAX_CARD_BYTES)
        if not head.startswith("---\n"):
            return ""
        lines = head[4:].partition("\n---")[0].splitlines()
        values = [line.partition(":")[2] for line in lines if line.startswith("license:")]
        return values[0].strip().strip("'\"") if values else ""

    @property
    def settings(self) -> ConfigObject:
        """``config.json``, to be asked for sizes, answers and numbers."""
        return ConfigObject(self.config, "config.json")

    def size(self, name: str, most: int = MAX_SIZE, default: int | None = None) -> int:
        """A size that ``config.json`` gives; see ``ConfigObject.size``."""
        return self.settings.size(name, most, default)

    def flag(self, name: str, *, default: bool) -> bool:
        """What ``config.json`` answers to a question of yes or no; see ``ConfigObject.flag``."""
        return self.settings.flag(name, default=default)

    def tokenizer_flag(self, name: str, *, default: bool = False) -> bool:
        """What ``tokenizer_config.json`` answers to a question of yes or no.

        Raises:
            InvalidModelError: it is neither.
        """
        settings = ConfigObject(self.tokenizer_config, "tokenizer_config.json")
        return settings.flag(name, default=default)

    def tokenizer_count(self, name: str, default: int) -> int:
        """How many of something ``tokenizer_config.json`` says that there are.

        Raises:
            InvalidModelError: it is no whole number, or out of range.
        """
        count = self.tokenizer_config.get(name)
        if count is None:
            return default
        if type(count) is not int or not 0 <= count <= MAX_SIZE:
            raise InvalidModelError(f"tokenizer_config.json gives {name} as {count!r}")
        return count

    def number(self, name: str, default: float) -> float:
        """A positive number below 1 that ``config.json`` gives; see ``ConfigObject.number``."""
        return self.settings.number(name, default)

    @property
    def since_version_5(self) -> bool:
        """Whether transformers 5 or later saved it, which means other things by some keys."""
        version = str(self.config.get("transformers_version", "")).partition(".")[0]
        return "scale_decoder_outputs" in self.config or (version.isdecimal() and int(version) >= 5)

    @property
    def vocabulary_size(self) -> int:
        """``vocab_size``: how many rows the embeddings have."""
        return self.size("vocab_size")

    @property
    def tokenizer_class(self) -> str:
        """The name of the tokenizer's class, without "Fast"; empty if no file gives it."""
        found = self.tokenizer_config.get("tokenizer_class")
        if not found and self.path("config.json").exists():  # a tokenizer on its own has none
            found = self.config.get("tokenizer_class")
        return str(found or "").removesuffix("Fast")

    def expect_tokenizer(self, *names: str) -> None:
        """Make sure that the tokenizer is one that the family's recipe is right for.

        Raises:
            InvalidModelError: it is another.
        """
        if self.tokenizer_class and self.tokenizer_class not in names:
            raise InvalidModelError(
                f"{self.directory} uses the tokenizer {self.tokenizer_class}, which s2s lacks",
                f"Models of this family that use {' or '.join(names)} can be converted.",
            )

    def token(self, tokens: Sequence[str], key: str, default: str) -> str:
        """The token whose id the generation settings give.

        Args:
            tokens: all tokens by their ids.
            key: such as ``decoder_start_token_id``.
            default: the token if neither gives an id.

        Raises:
            InvalidModelError: there is no such token.
        """
        number = self.generation.get(key)
        if number is None and key == START:
            number = self.generation.get("bos_token_id", self.config.get(key))
        return default if number is None else self.token_of(tokens, number, key)

    def first_token(self, tokens: Sequence[str]) -> tuple[str, ...]:
        """The token that every target begins with, if the generation settings give one."""
        token = self.token(tokens, "forced_bos_token_id", "")
        return (token,) if token else ()

    def token_of(self, tokens: Sequence[str], number: Any, key: str) -> str:
        """The token that has an id.

        Args:
            tokens: all tokens by their ids.
            number: the id.
            key: of which setting, for messages.

        Raises:
            InvalidModelError: there is no such token.
        """
        if type(number) is not int or not 0 <= number < len(tokens):
            raise InvalidModelError(
                f"The checkpoint gives {key} as {number!r}; its {len(tokens)} tokens start with 0"
            )
        return tokens[number]

    def source_limit(self, positions: int, name: str = "max_position_embeddings") -> int:
        """The tokenizer's own limit of tokens, which may be lower than what the model allows.

        Args:
            positions: what the model allows.
            name: which key of ``config.json`` says so, for messages.

        Raises:
            InvalidModelError: it leaves no room for texts.
        """
        own = "model_max_length"
        given: Any = self.tokenizer_config.get(own)
        limited = type(given) is int and 0 < given < positions
        limit: int = given if limited else positions
        if limit < LEAST_SOURCE:
            place = f"tokenizer_config.json gives {own}" if limited else f"config.json gives {name}"
            raise InvalidModelError(
                f"{place} as {limit}: sources of so few tokens, with those at their ends, "
                f"have no room for texts",
                f"Set it to {LEAST_SOURCE} or more, if the model can read as many.",
            )
        return limit

    def path(self, name: str) -> Path:
        """The path of a file of the checkpoint, which need not exist.

        Raises:
            InvalidModelError: it leads out of the checkpoint.
        """
        return contained(self.directory, name)

    def existing(self, name: str) -> Path:
        """The path of a file that must be there, and of a size that one may read at once.

        Raises:
            InvalidModelError: it is missing, too large, or a pointer to a file elsewhere.
        """
        path = self.path(name)
        if not path.is_file():
            raise InvalidModelError(f"The checkpoint {self.directory} has no {name}")
        refuse_pointer(path)
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InvalidModelError(f"{path} is larger than {MAX_FILE_BYTES >> 20} MB")
        return path

    def text(self, name: str) -> str:
        """Read a text file.

        Raises:
            InvalidModelError: it is missing, too large or not UTF-8.
        """
        path = self.existing(name)
        try:
            return path.read_text(encoding="utf-8-sig")
        except ValueError as error:
            raise InvalidModelError(f"{path} is not UTF-8") from error

    def json(self, name: str) -> dict[str, Any]:
        """Read a JSON file that holds an object.

        Raises:
            InvalidModelError: it is missing, too large or not such a file.
        """
        path = self.existing(name)
        data = path.read_bytes()
        try:
            content = json.loads(data)
            if HALF.search(data):
                json.dumps(content, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            half = f"U+{ord(error.object[error.start]):04X}"
            raise InvalidModelError(
                f"{path} has half of a character ({half}), which is no text",
                "Repair what wrote it.",
            ) from error
        except (ValueError, RecursionError) as error:
            raise InvalidModelError(f"{path} is not JSON: {error}") from error
        if not isinstance(content, dict):
            raise InvalidModelError(f"{path} does not hold a JSON object")
        return content

    def weights(self) -> Weights:
        """Open the weights, from safetensors if there are any, else from a PyTorch file."""
        return open_weights(self.directory)
