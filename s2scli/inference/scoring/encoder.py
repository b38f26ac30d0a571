"""An encoder that reads many texts: tokens to vectors, in batches of like lengths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from s2scli.data import SCORE
from s2scli.errors import UsageError
from s2scli.inference.device import place
from s2scli.inference.engines.sessions import loaded_runtime, open_session, runtime_errors
from s2scli.inference.steppers.texts import reading_settings
from s2scli.inference.tokenizers import open_tokenizer
from s2scli.models.arrays import read_config
from s2scli.models.enginenames import ONNX
from s2scli.models.manifest import Manifest

__all__ = ["BATCH_TOKENS", "Row", "ScoringEncoder", "Vectors"]

Vectors = npt.NDArray[np.float32]
# The ids of a text, those at its ends included.
Row = tuple[int, ...]
# Of a batch, those that fill up short texts included. Small batches stay in a core's own memory:
# they take a third less time than batches of 2,048.
BATCH_TOKENS = 256


class ScoringEncoder:
    """A model of the task ``score``, open.

    Args:
        directory: the model's.
        manifest: what it says of itself.
        kind: what it must be: ``stepper`` of ``stepper.json``.
        what: what that is to a person.
        threads: how many threads compute; 0 for one per core.

    Raises:
        InvalidModelError: it is damaged.
        UnavailableError: ONNX Runtime is not installed.
        UsageError: it is of another kind.
    """

    def __init__(
        self, directory: Path, manifest: Manifest, kind: str, what: str, threads: int = 0
    ) -> None:
        if SCORE not in manifest.tasks:
            raise _other(manifest, what)
        self.manifest = manifest
        self.config: Mapping[str, Any] = read_config(directory)
        if self.config.get("stepper") != kind:
            raise _other(manifest, what)
        loaded_runtime()  # that it is missing must be said before any work
        self._placement = place("cpu", threads=threads, engine=ONNX)
        self._directory = directory
        recipe = manifest.tokenizer
        self._tokenizer = open_tokenizer(recipe, directory)
        with reading_settings():
            self._ids = {token: number for number, token in enumerate(self.config["tokens"])}
            self._unknown = int(self.config["unknown"])
            self.prefix, self.suffix = (
                tuple(self._ids[token] for token in part) for part in (recipe.prefix, recipe.suffix)
            )

    @cached_property
    def _session(self) -> Any:
        return self.graph("encoder")

    @property
    def compute_type(self) -> str:
        """The type that its graphs compute in."""
        return "int8" if self.manifest.quantization.startswith("int8") else "float32"

    def graph(self, name: str) -> Any:
        """A session of one of its graphs."""
        return open_session(self._directory / f"{name}.onnx", self._placement)

    def read(self, texts: Sequence[str]) -> list[Row]:
        """The ids of each text, without those at its ends."""
        return [
            tuple(self._ids.get(token, self._unknown) for token in tokens)
            for tokens in self._tokenizer.encode(texts)
        ]

    def framed(self, row: Row, longest: int) -> Row:
        """The ids of a text with those at its ends, cut to a number of ids."""
        room = max(0, longest - len(self.prefix) - len(self.suffix))
        return (*self.prefix, *row[:room], *self.suffix)

    def run(self, rows: Sequence[Row]) -> Iterator[tuple[list[int], Vectors]]:
        """The vectors of rows, batch by batch: the numbers of the rows, and what they give.

        Args:
            rows: with the ids at their ends, none without any.
        """
        batches = list(_batches(rows))
        session = self._session  # loaded once, not by each thread
        with ThreadPoolExecutor(max_workers=self._placement.workers) as pool:
            found = pool.map(lambda batch: _vectors(session, [rows[n] for n in batch]), batches)
            yield from zip(batches, found, strict=True)


def _batches(rows: Sequence[Row]) -> Iterator[list[int]]:
    """The numbers of rows of like lengths, the longest first."""
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    while order:
        count = max(1, BATCH_TOKENS // len(rows[order[-1]]))
        yield order[-count:]
        del order[-count:]


def _vectors(session: Any, rows: Sequence[Row]) -> Vectors:
    """What a batch gives."""
    longest = max(map(len, rows))
    ids = np.zeros((len(rows), longest), np.int64)
    mask = np.zeros((len(rows), longest), np.float32)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    with runtime_errors():
        found: Vectors = session.run(["vectors"], {"input_ids": ids, "mask": mask})[0]
    return found


def _other(manifest: Manifest, what: str) -> UsageError:
    return UsageError(
        f"The model {manifest.name} is not {what}, but of the family {manifest.family}",
        "See what scores with: s2s models list --task score.",
    )
