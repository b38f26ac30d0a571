"""What a translation must have, and the steps that see to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s2scli.tasks.protection import ProtectionStep
from s2scli.tasks.steps import Step
from s2scli.tasks.terms import GlossaryStep
from s2scli.text.glossary import Glossary, Term
from s2scli.text.spans import Protection

__all__ = ["Demands"]


@dataclass(frozen=True, slots=True)
class Demands:
    """What a translation must contain.

    Attributes:
        protection: what must come out exactly once.
        glossary: how terms must be translated.
    """

    protection: Protection
    glossary: Glossary

    @classmethod
    def of(
        cls, patterns: Iterable[str] = (), terms: Mapping[str, str] | Glossary | None = None
    ) -> Demands:
        """From regular expressions of what must not change, and terms by their sources.

        Raises:
            UsageError: a pattern is invalid.
        """
        patterns = [patterns] if isinstance(patterns, str) else patterns
        if not isinstance(terms, Glossary):
            terms = Glossary([Term(*term) for term in (terms or {}).items()])
        return cls(Protection(tuple(patterns)), terms)

    @property
    def keeping(self) -> ProtectionStep:
        """The step that keeps what is protected."""
        return ProtectionStep(self.protection)

    @property
    def terms(self) -> GlossaryStep:
        """The step that puts in the terms of the glossary."""
        return GlossaryStep(self.glossary, self.protection)

    def steps(self, *, protect: bool) -> list[Step]:
        """The steps that the translation of a line goes through.

        Args:
            protect: whether what is protected is seen to.
        """
        return [*[self.keeping] * protect, *[self.terms] * bool(self.glossary)]
