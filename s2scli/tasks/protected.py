"""Translations in which all that is protected comes out exactly once.

Where a model loses a placeholder, the text is translated again with plain marks in the places of
all of them; where it loses one of these too, the texts between them are translated one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from s2scli.text.spans import Protection

__all__ = ["FRAGMENTS", "MASKED", "Repair", "repaired"]

MASKED, FRAGMENTS = "masked", "fragments"
# Of ten kinds of marks that were tried on the bundled model, the one that it copied most often.
MARK = "XQ-{}"
Translate = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Repair:
    """A translation in which nothing protected is lost.

    Attributes:
        text: the translation.
        how: ``masked``, or ``fragments`` if words could not be put in another order.
    """

    text: str
    how: str


def repaired(sources: Sequence[str], translate: Translate, protection: Protection) -> list[Repair]:
    """Translate texts whose placeholders a plain translation lost.

    Args:
        sources: the texts.
        translate: translates texts.
        protection: what must not be lost.

    Returns:
        A repair for each, with every protected stretch as often as in its source.
    """
    found: dict[int, Repair] = {}
    for position, text in enumerate(translate([_masked(text, protection) for text in sources])):
        unmasked = _unmasked(text, sources[position], protection)
        if protection.is_intact(sources[position], unmasked):
            found[position] = Repair(unmasked, MASKED)
    rest = [position for position in range(len(sources)) if position not in found]
    parts = [_parts(sources[position], protection) for position in rest]
    between = [part.strip() for row in parts for part in row[::2] if part.strip()]
    translated = dict(zip(between, translate(between), strict=True)) if between else {}
    for position, row in zip(rest, parts, strict=True):
        text = "".join(
            part if number % 2 else _fragment(part, translated, protection)
            for number, part in enumerate(row)
        )
        # Where what stands beside a stretch makes another of it, the source itself is left.
        whole = protection.is_intact(sources[position], text)
        found[position] = Repair(text if whole else sources[position], FRAGMENTS)
    return [found[position] for position in range(len(sources))]


def _parts(text: str, protection: Protection) -> list[str]:
    """Text and protected stretches in turn, text first and last."""
    parts, reached = [], 0
    for start, end in protection.spans(text):
        parts += [text[reached:start], text[start:end]]
        reached = end
    return [*parts, text[reached:]]


def _masked(text: str, protection: Protection) -> str:
    parts = _parts(text, protection)
    parts[1::2] = [MARK.format(number) for number in range(1, len(parts) // 2 + 1)]
    return "".join(parts)


def _unmasked(text: str, source: str, protection: Protection) -> str:
    """The marks of a translation replaced, from the highest number down (XQ-12 before XQ-1)."""
    stretches = _parts(source, protection)[1::2]
    for number in range(len(stretches), 0, -1):
        text = text.replace(MARK.format(number), stretches[number - 1])
    return text


def _fragment(part: str, translated: dict[str, str], protection: Protection) -> str:
    """A text between two placeholders; as it was if the model makes up a placeholder in it."""
    bare = part.strip()
    text = translated.get(bare, bare).strip()
    if not protection.is_intact(bare, text):
        return part
    lead, _, tail = part.partition(bare) if bare else (part, "", "")
    return f"{lead}{text}{tail}"
