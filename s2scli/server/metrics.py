"""Counts of a running server, in the text format of Prometheus.

See https://prometheus.io/docs/instrumenting/exposition_formats/. Nothing of a text is in them.
"""

from __future__ import annotations

import os
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["Metrics", "Now"]

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds
SIZES = (1, 2, 4, 8, 16, 32, 64, 128)  # sentences
# Where Linux says how many pages of memory a process has; see proc(5).
PAGES = Path("/proc/self/statm")


class Now(NamedTuple):
    """What a server does at this moment.

    Attributes:
        active: requests that run or wait.
        waiting: those of them that wait for a thread.
        loaded: the loaded models, with their bytes.
        batches: for each of them, how many batches there were of each number of sentences.
    """

    active: int
    waiting: int
    loaded: Mapping[str, int]
    batches: Mapping[str, Mapping[int, int]]


class Metrics:
    """What has happened since the start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: dict[str, list[float]] = {}  # of each path: sum, then a count per bound
        self._characters: Counter[str] = Counter()
        self._tokens: Counter[str] = Counter()
        self._lent: Counter[str] = Counter()

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """A request was answered.

        Args:
            method: of HTTP.
            path: of the API, not what the client sent.
            status: of HTTP.
            seconds: how long it took.
        """
        with self._lock:
            self._requests[method, path, status] += 1
            row = self._seconds.setdefault(path, [0.0] * (len(BOUNDS) + 2))
            row[0] += seconds
            row[1 + bisect_left(BOUNDS, seconds)] += 1

    def decoded(self, model: str, characters: int, tokens: int) -> None:
        """Texts were decoded.

        Args:
            model: the model.
            characters: of the sources.
            tokens: of the targets.
        """
        with self._lock:
            self._characters[model] += characters
            self._tokens[model] += tokens

    def lent(self, model: str, sentences: int, tokens: int) -> None:
        """Sentences were decoded for a command.

        Args:
            model: the model.
            sentences: how many, or parts of them.
            tokens: of the targets.
        """
        with self._lock:
            self._lent[model] += sentences
            self._tokens[model] += tokens

    @property
    def characters(self) -> int:
        """Characters of all sources."""
        with self._lock:
            return sum(self._characters.values())

    def page(self, now: Now) -> str:
        """All of them as text."""
        with self._lock:
            return "".join(f"{line}\n" for line in self._lines(now))

    def _lines(self, now: Now) -> Iterator[str]:
        yield from _head("s2s_requests_total", "counter", "Requests by path and status.")
        for (method, path, status), count in sorted(self._requests.items()):
            labels = _labels(method=method, path=path, status=str(status))
            yield f"s2s_requests_total{labels} {count}"
        yield from _head("s2s_request_seconds", "histogram", "Time until the answer was complete.")
        for path, (total, *counts) in sorted(self._seconds.items()):
            yield from _histogram("s2s_request_seconds", {"path": path}, BOUNDS, counts, total)
        yield from _head("s2s_active_requests", "gauge", "Requests that run or wait.")
        yield f"s2s_active_requests {now.active}"
        yield from _head("s2s_waiting_requests", "gauge", "Those of them that wait.")
        yield f"s2s_waiting_requests {now.waiting}"
        yield from _head("s2s_characters_total", "counter", "Characters of sources, by model.")
        for model, count in sorted(self._characters.items()):
            yield f"s2s_characters_total{_labels(model=model)} {count}"
        yield from _head("s2s_tokens_total", "counter", "Tokens that were generated, by model.")
        for model, count in sorted(self._tokens.items()):
            yield f"s2s_tokens_total{_labels(model=model)} {count}"
        yield from _head(
            "s2s_command_sentences_total", "counter", "Sentences of commands, by model."
        )
        for model, count in sorted(self._lent.items()):
            yield f"s2s_command_sentences_total{_labels(model=model)} {count}"
        yield from _head("s2s_batch_sentences", "histogram", "Sentences decoded together.")
        for model, sizes in sorted(now.batches.items()):
            counts = [0.0] * (len(SIZES) + 1)
            for size, count in sizes.items():
                counts[bisect_left(SIZES, size)] += count
            total = sum(size * count for size, count in sizes.items())
            yield from _histogram("s2s_batch_sentences", {"model": model}, SIZES, counts, total)
        yield from _head("s2s_model_bytes", "gauge", "Memory of loaded models, about.")
        for model, size in sorted(now.loaded.items()):
            yield f"s2s_model_bytes{_labels(model=model)} {size}"
        yield from _process()


def _process() -> Iterator[str]:
    """What Prometheus' own clients say of their process."""
    yield from _head("process_cpu_seconds_total", "counter", "Processor time.")
    yield f"process_cpu_seconds_total {time.process_time():.3f}"
    if PAGES.exists():
        resident = int(PAGES.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        yield from _head("process_resident_memory_bytes", "gauge", "Memory of the process.")
        yield f"process_resident_memory_bytes {resident}"


def _histogram(
    name: str,
    labels: Mapping[str, str],
    bounds: Sequence[float],
    counts: Sequence[float],
    total: float,
) -> Iterator[str]:
    """The lines of one histogram.

    Args:
        name: its name.
        labels: what it is of.
        bounds: the greatest value of each bucket but the last.
        counts: how many values are in each bucket.
        total: the sum of the values.
    """
    below = 0.0
    for bound, in_it in zip((*bounds, "+Inf"), counts, strict=True):
        below += in_it
        yield f"{name}_bucket{_labels(**labels, le=str(bound))} {below:.10g}"
    yield f"{name}_sum{_labels(**labels)} {total:.10g}"
    yield f"{name}_count{_labels(**labels)} {below:.10g}"


def _head(name: str, kind: str, meaning: str) -> tuple[str, str]:
    return f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"


def _labels(**values: str) -> str:
    escaped = {
        name: value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        for name, value in values.items()
    }
    return "{" + ",".join(f'{name}="{value}"' for name, value in escaped.items()) + "}"
