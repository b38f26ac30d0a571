"""The step after which all that is protected is in each translation, exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from s2scli.data import Hypothesis, Result, Segment, Translation
from s2scli.disk.hashes import short_digest
from s2scli.tasks.branching import has_branches, repaired_in_branches
from s2scli.tasks.corrections import Wanted, accepted
from s2scli.tasks.protected import Broken
from s2scli.tasks.steps import PROTECTION, Again
from s2scli.text.rewriting import edited
from s2scli.text.spans import UNKNOWN, Protection

__all__ = ["CHOSEN", "KEPT", "MENDED", "ProtectionStep"]

# How a translation came to have all that is protected, where it was not decoded again for that;
# else the note says what ``s2scli.tasks.protected`` says.
KEPT, MENDED, CHOSEN = "kept", "mended", "chosen"


@dataclass(frozen=True, slots=True)
class ProtectionStep:
    """Keeps placeholders, numbers, addresses and so on; notes how, and what was lost.

    A hypothesis that has lost something never goes out: it is mended if that takes no model, else
    left out; and if all have lost something, the text is decoded again, on its own or in parts.

    Attributes:
        protection: what must come out exactly once.
        n_best: how many hypotheses it needs.
    """

    protection: Protection
    n_best: int = 1

    @property
    def signature(self) -> str:
        """Its name, with a hash of the user's own patterns."""
        patterns = self.protection.patterns
        return f"protection-{short_digest(*patterns)}" if patterns else "protection"

    def needs_links(self, segment: Segment) -> bool:
        """Never."""
        return False

    def take(self, result: Result) -> Result | None:
        """The result without hypotheses that have lost something; None if all have."""
        source = _wanted(result.segment)
        if not result.hypotheses or not self.protection.has_words(*source):
            return _noted(Result(result.segment, notes=result.notes), KEPT)
        if has_branches(source, self.protection):
            return None  # what the model has moved from one into another cannot be seen
        whole = [self._mended(source, hypothesis) for hypothesis in result.hypotheses]
        found = tuple(hypothesis for hypothesis in whole if hypothesis)
        if not found:
            return None
        how = CHOSEN if not whole[0] else KEPT if found[0] == result.hypotheses[0] else MENDED
        out = len(whole) - len(found)
        return _noted(replace(result, hypotheses=found), how, out)

    def settle(self, results: Sequence[Result], again: Again) -> list[Result]:
        """Results whose texts are decoded again until nothing is lost."""
        aligned = any(result.segment.aligned for result in results)

        def translate(texts: Sequence[str]) -> list[Translation]:
            return [
                _shown(result.hypotheses[0]) if result.hypotheses else result.translation
                for result in again(texts, aligned=aligned)
            ]

        broken = [Broken(_wanted(r.segment), _shown(r.hypotheses[0])) for r in results]
        repairs = repaired_in_branches(broken, translate, self.protection, again.split)
        return [
            _noted(
                replace(result, hypotheses=(repair.translation.hypothesis(),)),
                repair.how,
                len(result.hypotheses),
            )
            for result, repair in zip(results, repairs, strict=True)
        ]

    def _mended(self, source: Wanted, hypothesis: Hypothesis) -> Hypothesis | None:
        whole = accepted(source, _shown(hypothesis), self.protection)
        if whole and (whole.text, whole.links) == (hypothesis.text, hypothesis.links):
            return hypothesis
        return whole and replace(hypothesis, text=whole.text, links=whole.links)


def _wanted(segment: Segment) -> Wanted:
    return Wanted(segment.text, segment.literals)


def _shown(hypothesis: Hypothesis) -> Translation:
    """What a hypothesis says; a hole that is left in it shows, so that it counts as broken."""
    holes = [(place, place, UNKNOWN) for place in hypothesis.holes]
    return edited(Translation.of(hypothesis), holes)


def _noted(result: Result, how: str, left_out: int = 0) -> Result:
    note = {"how": how, "left_out": left_out}
    return replace(result, notes={**result.notes, PROTECTION: note})
