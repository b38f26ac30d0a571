"""The step that looks for what is wrong with translations, and notes it or has it repaired."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from s2scli.data import Hypothesis, Result, Segment
from s2scli.guard.checks import find, holding
from s2scli.guard.facts import Facts, Finding
from s2scli.guard.limits import Limits
from s2scli.languages.codes import primary_code
from s2scli.tasks.guarding import KEEP_SOURCE, MARK, REPAIR, Guarding
from s2scli.tasks.steps import GUARD, PROTECTION, Again, Step
from s2scli.text.alignment import DENSE

if TYPE_CHECKING:
    from s2scli.inference.model import Model
    from s2scli.tasks.estimates import Estimates
    from s2scli.tasks.ladder import Climbed

__all__ = ["BY_LIMIT", "GuardStep", "guarded"]

BY_LIMIT = ("confidence", "quality")  # the checks that have a limit of the user's
# What protection sees to.
PROTECTED = ("numbers", "addresses", "placeholders")
# What says something of several words only.
OF_WORDS = ("length", "sentences", "coverage", "copied", "language")
# What says something of a text that was cut off at its maximum length, which is told already.
OF_PARTS = ("repetition", "copied", "language", *BY_LIMIT)
OF_WHOLES = ("truncated", "length")  # of summaries, these alone say nothing of such a text
TOLD = ("partly", "left")  # how protection has left a text in the source language, and says so


class GuardStep:
    """Notes what seems wrong with the best hypothesis of each result; the last of all steps.

    A note is a list of findings, each with ``check`` and ``detail``, and ``action`` if something
    was done with a translation whose confidence or quality is too low. That a translation was cut
    off at its maximum length, and what is missing for that, is not noted: a result says that
    itself.

    Args:
        guarding: what is to be done.
        model: what translates.
        before: the other steps, which a repair goes through too.
        summary: whether the results are summaries.
    """

    n_best = 1

    def __init__(
        self,
        guarding: Guarding,
        model: Model,
        before: Sequence[Step] = (),
        *,
        summary: bool = False,
    ) -> None:
        code = model.target_language or (model.source_language if summary else "")
        self._languages = model.source_language, primary_code(code) if code else ""
        self._summary = summary
        self._guarding = guarding
        self._before = before
        own = {} if model.before else model.manifest.guard  # what is usual for one model
        self._limits = Limits.of(own)._replace(confidence=guarding.min_confidence)
        self._estimates: Estimates | None = None
        if guarding.min_quality is not None and guarding.estimator:
            from s2scli.tasks.estimates import Estimates  # few runs need it

            self._limits = self._limits._replace(quality=guarding.min_quality)
            self._estimates = Estimates(guarding.estimator)
        protects = any(step.signature.startswith(PROTECTION) for step in before)
        names = holding(summary=summary)
        self._names = [name for name in names if not (protects and name in PROTECTED)]
        self._of_a_word = [name for name in self._names if name not in OF_WORDS]
        self._of_a_part = [
            name for name in self._names if (name not in OF_WHOLES if summary else name in OF_PARTS)
        ]

    @property
    def signature(self) -> str:
        """What is done with translations that seem wrong."""
        return self._guarding.signature

    def needs_links(self, segment: Segment) -> bool:
        """To repair, what got no attention must be known; to warn, that would take too long."""
        return self._guarding.mode == REPAIR and not self._summary

    def take(self, result: Result) -> Result | None:
        """The result with a note of what is wrong with it.

        None if that is to be repaired, or if its quality is to be estimated, which is faster for
        many at once.
        """
        if self._estimates and _is_checked(result) and _pair(result) not in self._estimates:
            return None
        if self._guarding.mode == REPAIR and self.findings(result, told=True):
            return None
        return self.looked(result)

    def looked(self, result: Result) -> Result:
        """The same, and never held back."""
        findings = self.findings(result)
        return self._noted(result, findings) if findings else result

    def estimate(self, results: Iterable[Result]) -> None:
        """Estimate the quality of many results at once, if there is a limit."""
        if self._estimates:
            self._estimates.add(_pair(result) for result in results if _is_checked(result))

    def settle(self, results: Sequence[Result], again: Again) -> list[Result]:
        """Results with notes; what is to be repaired is decoded again (``s2scli.tasks.ladder``)."""
        self.estimate(results)
        if self._guarding.mode != REPAIR:
            return [self.looked(result) for result in results]
        from s2scli.tasks.ladder import climb

        judge = partial(self.findings, told=True)
        best = climb(results, judge, self._before, again, self.estimate)
        return [self._settled(*pair) for pair in zip(results, best, strict=True)]

    def _settled(self, result: Result, best: Climbed) -> Result:
        """What was found for a result; its other hypotheses stay behind it."""
        if best.how:
            (new,) = best.result.hypotheses
            others = [one for one in result.hypotheses if one.text != new.text]
            count = len(result.hypotheses)
            result = replace(best.result, hypotheses=(new, *others)[:count])
        if best.findings or not best.before:
            return self.looked(result)
        rows = [{**finding._asdict(), "repaired": best.how} for finding in best.before]
        return replace(result, notes={**result.notes, GUARD: rows})

    def findings(self, result: Result, *, told: bool = False) -> list[Finding]:
        """What seems wrong with the best hypothesis.

        Args:
            result: whose.
            told: also that it was cut off, and what that explains.
        """
        if not _is_checked(result):
            return []
        hypothesis = result.hypotheses[0]
        facts = Facts(
            result.segment.text,
            hypothesis.text,
            *self._languages,
            hypothesis.score if hypothesis.tokens else None,
            hypothesis.tokens,
            truncated=hypothesis.truncated,
            coverage=hypothesis.coverage,
            quality=self._estimates[_pair(result)] if self._estimates else None,
            summary=self._summary,
        )
        names = self._names
        if hypothesis.truncated and not told:
            names = self._of_a_part
        elif _is_word(result.segment.text):
            names = self._of_a_word
        return find(facts, self._limits, names)

    def _noted(self, result: Result, findings: Sequence[Finding]) -> Result:
        rows: list[dict[str, Any]] = [finding._asdict() for finding in findings]
        low = [row for row in rows if row["check"] in BY_LIMIT]
        if low and self._guarding.below:
            for row in low:
                row["action"] = self._guarding.below
            result = self._acted(result)
        return replace(result, notes={**result.notes, GUARD: rows})

    def _acted(self, result: Result) -> Result:
        """A result whose confidence or quality is too low."""
        if self._guarding.below == KEEP_SOURCE:
            return replace(result, hypotheses=())
        if self._guarding.below == MARK and self._guarding.sign:
            first, *others = result.hypotheses
            return replace(result, hypotheses=(_begun(first, self._guarding.sign), *others))
        return result


def guarded(steps: Sequence[Step], guarding: Guarding, model: Model) -> list[Step]:
    """Steps with that of the guard, the last, if it is on."""
    return [*steps, *[GuardStep(guarding, model, steps)] * guarding.is_on]


def _is_checked(result: Result) -> bool:
    """Whether there is a translation of which something can be found."""
    if not result.hypotheses or result.notes.get(PROTECTION, {}).get("how") in TOLD:
        return False
    return any(map(str.isalnum, result.segment.text))


def _pair(result: Result) -> tuple[str, str]:
    """The source, and its best translation."""
    return result.segment.text, result.hypotheses[0].text


def _is_word(text: str) -> bool:
    """Whether it is a single word, in a script that sets words apart."""
    return len(text.split()) < 2 and not re.search(DENSE, text)


def _begun(hypothesis: Hypothesis, sign: str) -> Hypothesis:
    """A hypothesis with a sign before its text."""
    size = len(sign)
    links = hypothesis.links and tuple(
        (first, last, start + size, end + size) for first, last, start, end in hypothesis.links
    )
    return replace(hypothesis, text=sign + hypothesis.text, links=links)
