"""What the steppers that read texts share: vocabularies, and the ids of a batch of sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from s2scli.errors import InvalidModelError
from s2scli.inference.engines.stepper import Floats, Ids, Source
from s2scli.models.arrays import Arrays

__all__ = ["SourceIds", "Vocabularies", "reading_settings"]


@contextmanager
def reading_settings() -> Iterator[None]:
    """Read the content of ``stepper.json``.

    Raises:
        InvalidModelError: a setting is missing or is not what it should be.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InvalidModelError(f"The model's settings are damaged: {error}") from error


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """The tokens of both sides, by id.

    Attributes:
        source: the source tokens; the target's, if the sides share them.
        target: the target tokens.
        unknown_source: the id of the source's unknown token.
        unknown: the id of the target's unknown token.
    """

    source: list[str]
    target: list[str]
    unknown_source: int
    unknown: int

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Vocabularies:
        """Take them from the content of ``stepper.json`` (within ``reading_settings``)."""
        target = list(config["target"])
        source = list(config.get("source") or target)
        unknown = config["unknown"]
        return cls(source, target, source.index(unknown), target.index(unknown))

    def tables(self, arrays: Arrays, width: int) -> tuple[Floats, Floats, Floats]:
        """The embeddings of both sides, and the output matrix with one row per token.

        A matrix that is not stored is the target's embeddings.
        """
        count = len(self.target)
        target = arrays.take("target", count, width)
        if "output" not in arrays:  # the layout that ``FloatMatrix`` keeps: one copy serves both
            target = np.asfortranarray(target)
        source = arrays.take("source", len(self.source), width) if "source" in arrays else target
        output = arrays.take("output", count, width) if "output" in arrays else target
        return source, target, output


class SourceIds:
    """Turns the tokens of sources into ids.

    Args:
        tokens: the source tokens by id.
        unknown: the id of all other tokens.
        padding: the id after the end of a shorter source.
    """

    def __init__(self, tokens: Sequence[str], unknown: int, padding: int = 0) -> None:
        self._ids = {token: number for number, token in enumerate(tokens)}
        self._unknown, self._padding = unknown, padding

    def __call__(self, sources: Sequence[Source]) -> tuple[Ids, npt.NDArray[np.bool_]]:
        """The ids, sources × positions; and which of the positions are within their source."""
        lengths = np.array([len(source) for source in sources])
        ids = np.full((len(sources), lengths.max()), self._padding, np.int64)
        for row, source in zip(ids, sources, strict=True):
            row[: len(source)] = [self._ids.get(str(token), self._unknown) for token in source]
        return ids, np.arange(ids.shape[1]) < lengths[:, None]
