"""What the guard has found in a run: counted, told at the end, and listed in the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from s2scli.errors import GateError
from s2scli.tasks.guarding import FAIL, KEEP_SOURCE, MARK

__all__ = ["GuardNotes", "told"]

NAMED = 5  # places in a message
LISTED = 1000  # findings in a report
# What may be too low.
RATINGS = {"confidence": "confidence", "quality": "estimated quality"}
ACTIONS = {KEEP_SOURCE: "kept in the source language", MARK: "marked"}


class GuardNotes:
    """Counts the findings of the guard.

    Args:
        unit: what is looked at: lines, texts.
        lead: what stands before the places in a message.
        advice: where there is more to see.
    """

    def __init__(
        self, unit: str = "lines", lead: str = "lines ", advice: str = "--report or --format jsonl"
    ) -> None:
        self._unit = unit
        self._lead = lead
        self._advice = advice
        self._flagged = 0
        self._checks: Counter[str] = Counter()
        self._repairs: Counter[str] = Counter()
        self._actions: Counter[str] = Counter()
        self._low: set[str] = set()  # checks that led to actions
        self._first: list[str] = []  # places of what is wrong still
        self._failing: list[str] = []
        self._rows: list[dict[str, Any]] = []
        self._count = 0  # of findings

    def add(
        self, place: str, where: Mapping[str, object], findings: Sequence[Mapping[str, Any]]
    ) -> None:
        """The findings of a text.

        Args:
            place: of the text, for a message.
            where: the same for the report.
            findings: as a result's note has them.
        """
        repairs = {row["repaired"] for row in findings if "repaired" in row}
        self._repairs.update(repairs)
        if not repairs:
            self._flagged += 1
            self._checks.update({row["check"] for row in findings})
            _keep(self._first, place)
        self._low |= {row["check"] for row in findings if "action" in row}
        for action in {row["action"] for row in findings if "action" in row}:
            self._actions[action] += 1
            if action == FAIL:
                _keep(self._failing, place)
        self._count += len(findings)
        self._rows += [{**where, **row} for row in findings[: LISTED - len(self._rows)]]

    def check(self) -> None:
        """Fail if a text is to make the run fail.

        Raises:
            GateError: one is.
        """
        if count := self._actions[FAIL]:
            places = self._lead + _named(self._failing, count)
            limits = " or ".join(f"--min-{name}" for name in RATINGS if name in self._low)
            raise GateError(
                f"The {self._ratings} of {count:,} {self._unit} is below {limits} ({places})",
                "All outputs were written.",
            )

    def summary(self, *, listed: bool = True) -> dict[str, object]:
        """The counts for a report; nothing if there was nothing to find.

        Args:
            listed: whether it has the findings too, each with its place.
        """
        if not self._count:
            return {}
        found: dict[str, object] = {"flagged": self._flagged, **_sorted("checks", self._checks)}
        found |= {**_sorted("repaired", self._repairs), **_sorted("actions", self._actions)}
        if listed:
            found |= {"findings": self._rows, "left_out": self._count - len(self._rows)}
        return {"guard": found}

    def warnings(self, total: int) -> Iterator[str]:
        """What a person should know.

        Args:
            total: how many texts there were; 0 if that is not known.
        """
        if self._flagged:
            of = f" of {total:,}" if total else ""
            checks = ", ".join(f"{count:,} {name}" for name, count in self._checks.most_common())
            places = self._lead + _named(self._first, self._flagged)
            yield (
                f"guard: {self._flagged:,}{of} {self._unit} look wrong ({checks}): "
                f"{places}; see {self._advice}"
            )
        if self._repairs:
            hows = ", ".join(f"{count:,} {how}" for how, count in self._repairs.most_common())
            yield f"guard: {self._unit} repaired: {self._repairs.total():,} ({hows})"
        for action, words in ACTIONS.items():
            if count := self._actions[action]:
                why = f"for their {self._ratings} is too low"
                yield f"guard: {self._unit} {words}, {why}: {count:,}"

    @property
    def _ratings(self) -> str:
        """What was too low, for people."""
        return " or ".join(words for name, words in RATINGS.items() if name in self._low)


def _sorted(name: str, counts: Counter[str]) -> dict[str, object]:
    return {name: dict(sorted(counts.items()))} if counts else {}


def _keep(places: list[str], place: str) -> None:
    if len(places) < NAMED:
        places.append(place)


def _named(places: Sequence[str], count: int) -> str:
    return ", ".join([*places, *["…"] * (count > len(places))])


def told(finding: Mapping[str, Any]) -> str:
    """A finding for a person."""
    repaired = f" (repaired {finding['repaired']})" if "repaired" in finding else ""
    return f"{finding['check']}: {finding['detail']}{repaired}"
