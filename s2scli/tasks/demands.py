"""What a translation must have, and the steps that see to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s2scli.errors import UsageError
from s2scli.tasks.protection import ProtectionStep
from s2scli.tasks.steps import Step
from s2scli.tasks.terms import GlossaryStep
from s2scli.text.glossary import Glossary
from s2scli.text.spans import Protection

__all__ = ["Demands", "steps_for"]


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
            UsageError: a pattern is invalid, or terms are none.
        """
        patterns = [patterns] if isinstance(patterns, str) else patterns
        if not isinstance(terms, Glossary):
            terms = Glossary.of(terms or {})
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


def steps_for(
    protect: bool | Iterable[str],
    glossary: Mapping[str, str] | Glossary | None,
    *,
    begun: bool,
) -> list[Step]:
    """The steps that a caller from Python asks for.

    Args:
        protect: whether placeholders and the like must be kept, or patterns of what else must be.
        glossary: terms and their translations.
        begun: whether translations have a prefix.

    Raises:
        UsageError: a pattern is invalid, or there is a prefix too.
    """
    if begun:
        raise UsageError("A prefix cannot be combined with protect or glossary")
    demands = Demands.of(() if isinstance(protect, bool) else protect, glossary)
    return demands.steps(protect=bool(protect))
