"""The fields of a JSON object, each read as the type that it must have."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from s2scli.errors import BadInputError
from s2scli.text.reading import Digits, checked

__all__ = ["JsonFields"]


class JsonFields:
    """An object of JSON.

    All methods raise ``BadInputError`` if a value is of another type, with its place.

    Args:
        values: the object as it was read.
        place: where it stands, for messages.
    """

    def __init__(self, values: object, place: str) -> None:
        if not isinstance(values, dict):
            raise BadInputError(f"{place} is not a JSON object")
        self._values: dict[str, Any] = values
        self.place = place

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def text(self, key: str) -> str:
        """A text."""
        value = self._values.get(key)
        if not isinstance(value, str):
            raise self._error(key, "a text")
        return checked(value, f"{self.place}: {key!r}")

    def optional_text(self, key: str) -> str | None:
        """A text, or None if it is missing or null."""
        return self.text(key) if key in self else None

    def number(self, key: str) -> float:
        """A finite number."""
        value = self._values.get(key)
        if isinstance(value, Digits):
            value = float(value.literal)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._error(key, "a number")
        if not math.isfinite(value):
            raise self._error(key, "a finite number")
        return float(value)

    def whole(self, key: str) -> int:
        """A whole number."""
        value = self._values.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._error(key, "a whole number")
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._values.get(key)
        if not isinstance(value, bool):
            raise self._error(key, "true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        found = tuple(self._list(key))
        if not all(isinstance(value, str) for value in found):
            raise self._error(key, "a list of texts")
        return tuple(checked(value, f"{self.place}: {key!r}") for value in found)

    def objects(self, key: str) -> list[JsonFields]:
        """A list of objects."""
        return [
            JsonFields(value, f"{self.place}: {key}[{number}]")
            for number, value in enumerate(self._list(key))
        ]

    def fields(self, key: str) -> JsonFields:
        """An object within."""
        return JsonFields(self._values.get(key), f"{self.place}: {key!r}")

    def _list(self, key: str) -> list[Any]:
        value = self._values.get(key)
        if not isinstance(value, list):
            raise self._error(key, "a list")
        return value

    def _error(self, key: str, what: str) -> BadInputError:
        return BadInputError(f"{self.place}: {key!r} is not {what}")
