"""The settings of a model or of a part of one: sizes, answers and numbers, none taken on trust."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.typedefaults import TYPE_DEFAULTS

__all__ = ["MAX_LAYERS", "MAX_SIZE", "ConfigObject"]

# Far beyond any real model: a file must not make us set aside more than it has.
MAX_SIZE = 4_000_000
MAX_LAYERS = 1_000


@dataclass(frozen=True, slots=True)
class ConfigObject:
    """A JSON object of ``config.json``.

    What is left out has its default. What is null has not: to transformers it is no size, number or
    word at all, and an answer of no.

    Attributes:
        content: the object.
        place: where it stands, for messages.
    """

    content: Mapping[str, Any]
    place: str

    def with_defaults(self, defaults: Mapping[str, Any]) -> ConfigObject:
        """The same with values for what is left out."""
        return ConfigObject({**defaults, **self.content}, self.place)

    def with_type_defaults(self) -> ConfigObject:
        """The same with its ``model_type``'s values, which must be a known one."""
        return self.with_defaults(TYPE_DEFAULTS[str(self.content["model_type"])])

    def size(self, name: str, most: int = MAX_SIZE, default: int | None = None) -> int:
        """A size.

        Raises:
            InvalidModelError: it is not a whole number from 1 to ``most``.
        """
        size = self.content.get(name, default)
        if type(size) is not int or not 1 <= size <= most:
            raise InvalidModelError(f"{self.place} gives {name} as {size!r}")
        return size

    def heads(self, name: str, width: int) -> int:
        """How many heads share the numbers of a token.

        Raises:
            InvalidModelError: it is not a whole number, or they cannot share alike.
        """
        count = self.size(name)
        if width % count:
            raise InvalidModelError(
                f"{self.place} divides {width} numbers among {count} heads ({name})"
            )
        return count

    def sizes(self, name: str, most: int = MAX_SIZE) -> list[int]:
        """A row of sizes, such as one for each stage.

        Raises:
            InvalidModelError: it is none, or one is not a whole number from 1 to ``most``.
        """
        row = self.content.get(name)
        if not isinstance(row, list) or not row or len(row) > MAX_LAYERS:
            raise InvalidModelError(f"{self.place} gives {name} as {row!r}")
        return [ConfigObject({name: size}, self.place).size(name, most) for size in row]

    def choice(self, name: str, known: Collection[str]) -> str:
        """One of some words.

        Raises:
            InvalidModelError: it is none of them.
        """
        value = self.content.get(name)
        if not isinstance(value, str) or value not in known:
            raise InvalidModelError(
                f"{self.place} gives {name} as {value!r}", f"It is one of: {', '.join(known)}."
            )
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """The answer to a question of yes or no.

        Raises:
            InvalidModelError: it is neither.
        """
        value = self.content.get(name, default)
        if value is not None and type(value) is not bool:
            raise InvalidModelError(f"{self.place} gives {name} as {value!r}, not as true or false")
        return bool(value)

    def number(self, name: str, default: float) -> float:
        """A positive number below 1.

        Raises:
            InvalidModelError: it is invalid.
        """
        value = self.content.get(name, default)
        if type(value) not in (int, float) or not 0 < value < 1:
            raise InvalidModelError(f"{self.place} gives {name} as {value!r}")
        return float(value)
