"""COMET's models at work (Rei et al. 2020, https://aclanthology.org/2020.emnlp-main.213).

The reference is ``unbabel-comet`` 2.2.7. Each text is encoded once, however often it occurs: the
sources and references of several systems are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from s2scli.inference.engines.sessions import runtime_errors
from s2scli.inference.scoring.encoder import Row, ScoringEncoder, Vectors
from s2scli.inference.steppers.texts import reading_settings
from s2scli.models.manifest import Manifest

__all__ = ["HYPOTHESIS", "REFERENCE", "SOURCE", "CometScorer", "SegmentScore"]

KIND, WHAT = "comet", "a learned metric of COMET's"
# What COMET calls the texts of a segment.
HYPOTHESIS, SOURCE, REFERENCE = "mt", "src", "ref"
MOST_KEPT = 1 << 15  # vectors, for texts that come again
ROWS = 1024  # scored at once


class SegmentScore(NamedTuple):
    """The score of a segment.

    Attributes:
        score: the score.
        whole: whether all of its texts were read; the ends of what is too long are not, as in the
            reference implementation.
    """

    score: float
    whole: bool


class CometScorer:
    """A model that is open.

    Args:
        directory: the model's.
        manifest: what it says of itself.
        threads: how many threads compute; 0 for one per core.

    Raises:
        InvalidModelError: it is damaged.
        UnavailableError: ONNX Runtime is not installed.
        UsageError: it is another kind of model.
    """

    def __init__(self, directory: Path, manifest: Manifest, threads: int = 0) -> None:
        self.encoder = ScoringEncoder(directory, manifest, KIND, WHAT, threads)
        config = self.encoder.config
        with reading_settings():
            self._reads = [list(map(str, names)) for names in config["reads"]]
            self._joined = bool(config["joined"])
            self._longest = int(config["segment_tokens"])
            self._longest_joined = int(config["joined_tokens"])
        self._kept: dict[Row, Vectors] = {}

    @cached_property
    def _estimator(self) -> Any:
        return self.encoder.graph("estimator")

    @property
    def texts(self) -> frozenset[str]:
        """What it reads of a segment: hypothesis, source, reference."""
        return frozenset(name for names in self._reads for name in names)

    def estimates(self, texts: Mapping[str, Sequence[str]]) -> list[SegmentScore]:
        """The score of each segment.

        Args:
            texts: by what COMET calls it, the text of each segment; of all that it reads.
        """
        found: list[SegmentScore] = []
        for start in range(0, len(texts[HYPOTHESIS]), ROWS):
            part = {name: texts[name][start : start + ROWS] for name in self.texts}
            found += self._estimates(part)
        return found

    def _estimates(self, texts: Mapping[str, Sequence[str]]) -> list[SegmentScore]:
        read = {name: self.encoder.read(texts[name]) for name in self.texts}
        framed = {
            name: [self.encoder.framed(row, self._longest) for row in rows]
            for name, rows in read.items()
        }
        ends = len(self.encoder.prefix) + len(self.encoder.suffix)
        fits = {name: [len(row) + ends <= self._longest for row in read[name]] for name in read}
        whole = [all(row) for row in zip(*fits.values(), strict=True)]
        if not self._joined:
            scores = self._estimate({name: self._vectors(framed[name]) for [name] in self._reads})
            return list(map(SegmentScore, scores.tolist(), whole))
        parts = []
        for names in self._reads:
            joined = self._join(framed, names)
            whole = [
                a and len(b) <= self._longest_joined for a, b in zip(whole, joined, strict=True)
            ]
            cut = [row[: self._longest_joined] for row in joined]
            parts.append(self._estimate({"joined": self._vectors(cut)}))
        return list(map(SegmentScore, np.mean(parts, axis=0).tolist(), whole))

    def _join(self, framed: Mapping[str, Sequence[Row]], names: Sequence[str]) -> list[Row]:
        """The segments one after the other: ``<s> a </s></s> b </s>``."""
        start, suffix = len(self.encoder.prefix), self.encoder.suffix
        return [
            (*first, *(number for row in rest for number in (*suffix, *row[start:])))
            for first, *rest in zip(*(framed[name] for name in names), strict=True)
        ]

    def _vectors(self, rows: Sequence[Row]) -> Vectors:
        """The vector of each row."""
        new = [row for row in dict.fromkeys(rows) if row not in self._kept]
        found: dict[Row, Vectors] = {}
        for numbers, vectors in self.encoder.run(new):
            found.update(zip((new[number] for number in numbers), vectors, strict=True))
        all_ = {**self._kept, **found}
        if len(all_) <= MOST_KEPT:
            self._kept = all_
        return np.stack([all_[row] for row in rows])

    def _estimate(self, vectors: Mapping[str, Vectors]) -> Vectors:
        with runtime_errors():
            found: Vectors = self._estimator.run(["scores"], dict(vectors))[0]
        return found
