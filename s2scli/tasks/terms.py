"""The step that puts the terms of a glossary into translations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from s2scli.data import Hypothesis, Result, Segment, Translation
from s2scli.disk.hashes import short_digest
from s2scli.tasks.steps import TERMS, Again
from s2scli.text.glossary import Glossary, Term, Verdict
from s2scli.text.spans import Protection

__all__ = ["GlossaryStep"]


@dataclass(frozen=True, slots=True)
class GlossaryStep:
    """Puts in terms that the model translated differently; notes which were found and missed.

    Nothing that is protected is ever replaced.

    Attributes:
        glossary: the terms.
        protection: what must not be touched.
        n_best: how many hypotheses it needs.
    """

    glossary: Glossary
    protection: Protection
    n_best: int = 1

    @property
    def signature(self) -> str:
        """Its name, with a hash of its terms."""
        return f"glossary-{short_digest(repr(self.glossary), *self.protection.patterns)}"

    def needs_links(self, segment: Segment) -> bool:
        """Whether it contains a term, whose place in the translation must be known."""
        return any(True for _ in self.glossary.found(segment.text))

    def take(self, result: Result) -> Result:
        """The result with its terms in each hypothesis; the note is on the best."""
        verdicts = [self.enforced(result.segment, Translation.of(h)) for h in result.hypotheses]
        hypotheses = tuple(map(_changed, result.hypotheses, verdicts))
        met, missed = verdicts[0][1:] if verdicts else ((), ())
        note = {"met": _rows(met), "missed": _rows(missed)}
        return replace(result, hypotheses=hypotheses, notes={**result.notes, TERMS: note})

    def settle(self, results: Sequence[Result], again: Again) -> Sequence[Result]:
        """Nothing is ever held back."""
        return results

    def enforced(self, segment: Segment, translation: Translation) -> Verdict:
        """A translation with the terms of its source."""
        is_intact = partial(self._keeps, segment, translation.text)
        return self.glossary.enforced(segment.text, translation, is_intact)

    def _keeps(self, segment: Segment, before: str, after: str) -> bool:
        """Whether a translation has all that is protected, or that it had."""
        literals = segment.literals
        if self.protection.is_intact(segment.text, after, literals):
            return True
        return self.protection.is_intact(before, after, literals)


def _changed(hypothesis: Hypothesis, verdict: Verdict) -> Hypothesis:
    text, links, *_ = verdict.translation
    return replace(hypothesis, text=text, links=links)


def _rows(terms: Sequence[Term]) -> list[dict[str, str]]:
    return [term._asdict() for term in terms]
