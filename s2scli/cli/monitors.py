"""What a run on lines counts and reports."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from s2scli.addressspace import peak_memory_bytes
from s2scli.cli.console import Console
from s2scli.cli.guard_notes import GuardNotes, told
from s2scli.cli.notes import Notes
from s2scli.data import Result
from s2scli.tasks.steps import GUARD
from s2scli.text.reading import NOT_UTF_8

if TYPE_CHECKING:
    from s2scli.cli.files import Output

__all__ = ["ReplacedNotice", "RunMonitor", "first_of"]

NAMED_LINES = 5


class ReplacedNotice:
    """Counts the lines in which something was no text."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[int, str]] = {}  # what → in how many places, and the first

    def __call__(self, place: str, what: str) -> None:
        """Something was replaced at ``place``."""
        count, first = self._places.get(what, (0, place))
        self._places[what] = (count + 1, first)

    def report(self, console: Console) -> None:
        """Say how many."""
        for what, (count, first) in self._places.items():
            link = "that is" if what == NOT_UTF_8 else "with"
            console.warn(
                f"input {link} {what}, lines: {count} (first: {first}). "
                "What could not be read was replaced by U+FFFD."
            )


class RunMonitor:
    """Counts, watches the reader of our output, and shows progress if there is a terminal.

    Args:
        console: whether and where to show something.
        output: what the results are written to.
        total_bytes: size of the input, if it is known.
        unit: what is counted: lines, documents, questions.

    Attributes:
        place: the position in the input of a segment, by its number, where that is another.
    """

    def __init__(
        self, console: Console, output: Output, total_bytes: int | None, unit: str = "lines"
    ) -> None:
        self._console = console
        self._output = output
        self._total = total_bytes
        self._display: Any = None
        self._start = time.monotonic()
        self._unit = unit
        self.count = 0
        self.failed = 0  # inputs that could not be read, where that stops nobody else
        self.source_tokens = 0
        self.target_tokens = 0
        self.truncated: list[int] = []  # numbers of the first such, from 1
        self.truncated_count = 0
        self.place: Callable[[int], int] = int
        self._notes = Notes()
        self.guard = GuardNotes(unit, f"{unit} ")

    def __enter__(self) -> RunMonitor:
        if self._console.shows_progress:
            from s2scli.cli.progress import Display

            self._display = Display(self._total, self._unit)
        return self

    def __exit__(self, *_: object) -> None:
        if self._display:
            self._display.close()

    def decoded(self, pieces: int, source_tokens: int, target_tokens: int) -> None:
        """A batch has been decoded."""
        self.source_tokens += source_tokens
        self.target_tokens += target_tokens
        self._output.check()
        if self._display:
            self._display.tokens(source_tokens + target_tokens)

    def finished(self, results: Sequence[Result]) -> None:
        """The turn of these results has come."""
        self.count += len(results)
        for result in results:
            number = self.place(result.segment.index) + 1
            if result.truncated:
                self.truncated_count += 1
                if len(self.truncated) < NAMED_LINES:
                    self.truncated.append(number)
            if GUARD in result.notes:
                self._guarded(number, result.notes[GUARD])
        self._notes.add(results)
        if self._display:
            size = sum(len(r.segment.text.encode()) + len(r.segment.ending) for r in results)
            self._display.finished(len(results), size)

    def _guarded(self, number: int, findings: Sequence[Mapping[str, Any]]) -> None:
        what = self._unit.removesuffix("s")
        self.guard.add(str(number), {what: number}, findings)
        for row in findings:
            self._console.note(f"guard: {what} {number}: {told(row)}")

    def summary(self) -> dict[str, object]:
        """The run in numbers; docs/reference/json-lines.md lists the keys."""
        seconds = time.monotonic() - self._start
        return {
            self._unit: self.count,
            "source_tokens": self.source_tokens,
            "target_tokens": self.target_tokens,
            "truncated": self.truncated_count,
            **({"failed": self.failed} if self.failed else {}),
            **self._notes.summary(),
            **self.guard.summary(),
            "seconds": round(seconds, 3),
            f"{self._unit}_per_second": round(self.count / seconds, 1),
            "source_tokens_per_second": round(self.source_tokens / seconds, 1),
            "target_tokens_per_second": round(self.target_tokens / seconds, 1),
            "peak_memory_bytes": peak_memory_bytes(),
        }

    def report(self) -> None:
        """Say what there is to say at the end."""
        if self.truncated_count:
            places = ", ".join(map(str, self.truncated))
            more = ", …" if self.truncated_count > len(self.truncated) else ""
            self._console.warn(
                "outputs that reached the maximum length and were cut off: "
                f"{self.truncated_count} ({self._unit} {places}{more}). "
                "Allow more with --max-length."
            )
        for warning in (*self._notes.warnings(), *self.guard.warnings(self.count)):
            self._console.warn(warning)
        seconds = time.monotonic() - self._start
        self._console.note(
            f"{self.count} {self._unit}, {self.source_tokens} source and {self.target_tokens} "
            f"target tokens in {seconds:.1f} s ({self.count / seconds:.1f} {self._unit}/s, "
            f"{self.target_tokens / seconds:.0f} target tokens/s)"
        )


def first_of(names: Sequence[str], most: int) -> str:
    """The first of several names, with a sign that there are more."""
    return ", ".join([*names[:most], *["…"] * (len(names) > most)])
