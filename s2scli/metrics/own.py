"""Metrics of a user's own: a class in a Python file that the user names.

The file is run, and nothing is run that was not named. What goes wrong in it is said in one line,
with its place.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any, TypeVar

from s2scli._version import __version__
from s2scli.disk.hashes import short_digest
from s2scli.errors import BadInputError, MissingInputError, S2SError, UsageError
from s2scli.metrics import LEARNED, METRICS
from s2scli.metrics.base import Metric, References, Statistics, signature_of
from s2scli.plugs import suggestion

__all__ = ["OwnMetric", "own_metrics"]

NAME = re.compile(r"[\w.+-]+")  # of what tables and gates (NAME=NUMBER) can show
HOW = "Write FILE.py:NAME, as in my.py:Metric."
INTERFACE = "It needs a method 'scores', or 'statistics' and 'value'."
T = TypeVar("T")


class OwnMetric(Metric):
    """A user's class as a metric.

    Args:
        spec: the file and the name of the class: ``my.py:Metric``.

    Raises:
        UsageError: there is no such class in the file, or it is no metric.
        MissingInputError: the file cannot be read.
        BadInputError: the file or the class fails.
    """

    def __init__(self, spec: str) -> None:
        path, colon, attribute = spec.rpartition(":")
        if not colon or not path or not attribute:
            raise UsageError(f"{spec!r} does not name a class in a file", HOW)
        try:
            self._source = Path(path).read_bytes()
        except OSError as error:
            raise MissingInputError(f"Cannot read {path}: {error.strerror}", HOW) from error
        self._path, self._spec = path, spec
        module = self._run("running the file", lambda: _executed(path, self._source))
        known = [name for name in vars(module) if isinstance(getattr(module, name), type)]
        if not hasattr(module, attribute):
            raise UsageError(f"{path} has no {attribute!r}", suggestion(attribute, known))
        made: Any = self._run(f"making {attribute}", getattr(module, attribute))
        self._metric = made
        self._is_mean = callable(getattr(made, "scores", None))
        if not self._is_mean and not all(
            callable(getattr(made, name, None)) for name in ("statistics", "value")
        ):
            raise UsageError(f"{spec} is no metric", INTERFACE)
        self._take_attributes(attribute)

    def _take_attributes(self, attribute: str) -> None:
        """What the class says of itself; all of it may be left out."""
        given = self._metric
        self.name = str(getattr(given, "name", attribute.lower()))
        if not NAME.fullmatch(self.name) or self.name in {*METRICS, *LEARNED}:
            raise UsageError(
                f"{self._spec} names itself {self.name!r}",
                "Give it a name of its own, of letters, digits and . + - _ alone.",
            )
        self.lower_is_better = bool(getattr(given, "lower_is_better", False))
        self.needs_references = bool(getattr(given, "needs_references", True))
        self.needs_sources = bool(getattr(given, "needs_sources", False))
        self.digits = int(self._number("digits", getattr(given, "digits", 4)))
        self.largest = self._bound("largest", math.inf)
        self.smallest = self._bound("smallest", -math.inf)

    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        """What the class computes of each segment; of its scores, the score and 1."""
        texts = ([*hypotheses], [[*row] for row in references], [*sources])
        method = "scores" if self._is_mean else "statistics"
        found = self._run(method, lambda: list(getattr(self._metric, method)(*texts)))
        if len(found) != len(hypotheses):
            raise BadInputError(
                f"{self._spec}: {method} gave {len(found)} rows for {len(hypotheses)} segments"
            )
        rows = [self._row(number, row) for number, row in enumerate(found, 1)]
        if len({len(row) for row in rows}) > 1:
            raise BadInputError(f"{self._spec}: statistics differ in number between segments")
        return rows

    def _row(self, number: int, row: Any) -> tuple[float, ...]:
        """The numbers of a segment."""
        if self._is_mean:
            return self._number(f"the score of segment {number}", row), 1.0
        what = f"the statistics of segment {number}"
        values: tuple[object, ...] = self._run(what, lambda: tuple(row))
        return tuple(self._number(f"one of {what}", value) for value in values)

    def value(self, sums: Sequence[float]) -> float:
        """The score of sums: the mean, or what the class makes of them."""
        if self._is_mean:
            return sums[0] / sums[1]
        return self._number("value", self._run("value", lambda: self._metric.value([*sums])))

    def signature(self, references: int) -> str:
        """The class and the hash of its file."""
        return signature_of(
            references,
            metric=self._spec.rpartition(":")[2],
            file=Path(self._path).name,
            hash=short_digest(self._source),
            s2s=__version__,
        )

    def _bound(self, name: str, otherwise: float) -> float:
        found = getattr(self._metric, name, otherwise)
        return otherwise if found in (math.inf, -math.inf) else self._number(name, found)

    def _number(self, what: str, value: Any) -> float:
        """A finite number, of whatever kind."""
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if isinstance(value, str) or not math.isfinite(number):
            raise BadInputError(f"{self._spec}: {what} is {value!r:.40}, which is no finite number")
        return number

    def _run(self, what: str, function: Callable[[], T]) -> T:
        """Run what is the user's; what it prints goes to standard error."""
        try:
            with redirect_stdout(sys.stderr):
                return function()
        except S2SError:
            raise
        except (Exception, SystemExit) as error:
            message = error.msg if isinstance(error, SyntaxError) else error
            raise BadInputError(
                f"{self._place(error)}: {type(error).__name__}: {message} ({what})",
                "Repair the metric.",
            ) from error

    def _place(self, error: BaseException) -> str:
        """Where in the user's file something went wrong."""
        if isinstance(error, SyntaxError) and error.filename == self._path:
            return f"{self._path}: line {error.lineno}"
        lines = [f.lineno for f in extract_tb(error.__traceback__) if f.filename == self._path]
        return f"{self._path}: line {lines[-1]}" if lines else self._spec


def own_metrics(specs: Iterable[str]) -> dict[str, Metric]:
    """The metrics of a user's files, by name.

    Args:
        specs: for each the file and the name of the class: ``my.py:Metric``.

    Raises:
        UsageError: two have one name, or one is no metric.
        MissingInputError: a file cannot be read.
        BadInputError: a file or class fails.
    """
    found: dict[str, Metric] = {}
    for spec in dict.fromkeys(specs):
        metric = OwnMetric(spec)
        if metric.name in found:
            raise UsageError(f"Two metrics are called {metric.name!r}", "Give one another name.")
        found[metric.name] = metric
    return found


def _executed(path: str, source: bytes) -> ModuleType:
    """The module in a file; nothing is written beside it."""
    module = ModuleType(f"s2s_metric_{short_digest(source)}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # for dataclasses, which look there
    folder = str(Path(path).resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)  # its neighbors; after all else, so that they hide nothing
    exec(compile(source, path, "exec"), module.__dict__)
    return module
