"""Progress displays on a terminal's stderr: a bar if the size is known, else a spinner."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.progress import TaskProgressColumn as PercentageColumn

__all__ = ["Display", "DocumentsDisplay", "Stages"]


class Display:
    """A line with counts and speeds.

    Args:
        total_bytes: size of the input, or None.
        unit: what is counted.
    """

    def __init__(self, total_bytes: int | None, unit: str) -> None:
        known = (BarColumn(), PercentageColumn(), TimeRemainingColumn()) if total_bytes else ()
        self._progress = Progress(
            SpinnerColumn(),
            *known,
            TextColumn("{task.fields[counts]}"),
            console=Console(stderr=True),
            transient=True,
            refresh_per_second=5,
        )
        self._task = self._progress.add_task("", total=total_bytes, counts="starting")
        self._progress.start()
        self._start = time.monotonic()
        self._unit = unit
        self._count = 0
        self._tokens = 0

    def tokens(self, count: int) -> None:
        """So many more tokens, source and target together."""
        self._tokens += count
        self._progress.update(self._task, counts=self._counts())

    def finished(self, count: int, size: int) -> None:
        """Add finished segments and their size in bytes."""
        self._count += count
        self._progress.update(self._task, advance=size, counts=self._counts())

    def close(self) -> None:
        """Remove the display."""
        self._progress.stop()

    def _counts(self) -> str:
        seconds = max(time.monotonic() - self._start, 0.001)
        return (
            f"{self._count:,} {self._unit} · {self._count / seconds:,.1f} {self._unit}/s · "
            f"{self._tokens / seconds:,.0f} tokens/s"
        )


class DocumentsDisplay:
    """A bar over documents, and one over their segments with the time that is left.

    How many segments there are is known when all documents are read; until then it is reckoned
    from the sizes of those that are.

    Args:
        documents: how many there are.
        size: their bytes.
    """

    def __init__(self, documents: int, size: int) -> None:
        self._progress = _bars()
        self._size = size
        self._documents = self._progress.add_task("documents", total=documents, counts="")
        self._segments = self._progress.add_task("segments", total=None, counts="")
        self._progress.start()
        self._start = time.monotonic()
        self._read = self._read_segments = self._done = self._fresh = 0

    def opened(self, size: int, segments: int, known: int) -> None:
        """Add a document: its bytes, its segments, and how many of these are already translated."""
        self._read += size
        self._read_segments += segments
        total = self._read_segments * max(self._size, self._read) / max(1, self._read)
        self._progress.update(self._segments, total=max(1, round(total)))
        self._done += known
        self.segments(0)

    def segments(self, count: int) -> None:
        """So many more are translated."""
        self._done += count
        self._fresh += count
        speed = self._fresh / max(time.monotonic() - self._start, 0.001)
        counts = f"{self._done:,} · {speed:,.1f}/s"
        self._progress.update(self._segments, completed=self._done, counts=counts)

    def document(self) -> None:
        """One more is finished."""
        self._progress.advance(self._documents)

    def close(self) -> None:
        """Remove the display."""
        self._progress.stop()


class Stages:
    """A bar for each stage of an installation: downloading, converting."""

    def __init__(self) -> None:
        self._progress = _bars()
        self._tasks: dict[str, Any] = {}
        self._progress.start()

    def __call__(self, stage: str, done: float, total: float) -> None:
        """A stage has come so far; totals above 1 are bytes."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=total or None, counts="")
        counts = f"{done / 1e6:,.1f} of {total / 1e6:,.1f} MB" if total > 1 else ""
        self._progress.update(self._tasks[stage], completed=done, counts=counts)

    def close(self) -> None:
        """Remove the display."""
        self._progress.stop()


def _bars() -> Progress:
    """Bars with a description each, and the time that is left."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        PercentageColumn(),
        TextColumn("{task.fields[counts]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        refresh_per_second=5,
    )
