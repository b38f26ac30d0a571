"""The numbers that a ``Decoding`` takes, and within what limits."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["BEAM_ONLY", "ENGINE", "LIMITS", "REFERENCE", "SAMPLING", "SEARCHES"]

# The fields of ``Decoding`` that say how samples are drawn.
SAMPLING = ("temperature", "top_k", "top_p", "seed")
# Whose search finds the best outputs.
ENGINE, REFERENCE = SEARCHES = ("engine", "reference")

# What a search for the best outputs alone heeds, with the value that changes nothing.
BEAM_ONLY: Mapping[str, float | str] = {
    "beam_size": 1,
    "length_penalty": 1.0,
    "patience": 1.0,
    "coverage_penalty": 0.0,
    "search": ENGINE,
}

# The least and the largest value of each number in a ``Decoding`` with which the engine can work:
# beyond them it runs out of memory, or its 32-bit numbers out of range.
LIMITS: Mapping[str, tuple[float, float]] = {
    "beam_size": (1, 1000),
    "n_best": (1, 1000),
    "length_penalty": (-10.0, 10.0),
    "max_length": (1, 1_000_000),
    "min_length": (0, 1_000_000),
    "patience": (1.0, 100.0),
    "repetition_penalty": (0.01, 100.0),
    "no_repeat_ngram_size": (0, 1000),
    "coverage_penalty": (0.0, 100.0),
    "min_ratio": (0.0, 1000.0),
    "max_ratio": (0.0, 1000.0),
    "temperature": (0.01, 100.0),
    "top_k": (0, 1_000_000),
    "top_p": (0.0, 1.0),
    "seed": (0, 2**32 - 1),
}
