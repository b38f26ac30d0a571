"""Prompt templates: text with named slots, as in ``"summarize: {text}"``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from s2scli.errors import UsageError

__all__ = ["Template"]

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class Template(NamedTuple):
    """A text with slots; ``{{`` and ``}}`` stand for braces.

    Attributes:
        literals: the text between the slots: one more than there are slots.
        slots: their names, in order; a name may come more than once.
    """

    literals: tuple[str, ...]
    slots: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Template:
        """Read a template.

        Raises:
            UsageError: a brace stands alone, or a slot has no name.
        """
        literals, slots, end = [""], [], 0
        for match in _TOKEN.finditer(text):
            literals[-1] += text[end : match.start()]
            end = match.end()
            if match[0] in ("{{", "}}"):
                literals[-1] += match[0][0]
            elif match[1]:
                slots.append(match[1])
                literals.append("")
            else:
                raise UsageError(
                    f"The prompt {text!r} has a brace without a name at character "
                    f"{match.start() + 1}",
                    "Slots look like {text}; for a brace itself write {{ or }}.",
                )
        literals[-1] += text[end:]
        return cls(tuple(literals), tuple(slots))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with every slot filled.

        Raises:
            KeyError: there is no value for a slot.
        """
        parts = [self.literals[0]]
        for slot, literal in zip(self.slots, self.literals[1:], strict=True):
            parts += values[slot], literal
        return "".join(parts)

    def partly(self, values: Mapping[str, str]) -> Template:
        """The template with some of its slots filled."""
        literals, slots = [self.literals[0]], []
        for slot, literal in zip(self.slots, self.literals[1:], strict=True):
            if slot in values:
                literals[-1] += values[slot] + literal
            else:
                slots.append(slot)
                literals.append(literal)
        return Template(tuple(literals), tuple(slots))
