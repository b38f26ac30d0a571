"""The same measure in another unit: 50 ft is 15 m."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from s2scli.text.numbers import Number

__all__ = ["unit_sizes", "without_converted"]

ROUNDED = 0.13  # how far a converted measure may be off, as a share
FAR = 24  # characters after a number in which its unit stands

# What is measured, in what unit → the words for it, in the languages that have most texts.
_UNITS = {
    ("length", 0.0254): r"inch(?:es)?|in\.|″|zoll|pouces?|pulgadas?",
    ("length", 0.3048): r"f(?:ee|oo)?t\b|′|fuß|pieds?|pies?\b",
    ("length", 0.9144): r"yards?|yds?\b",
    ("length", 1609.344): r"miles?|meilen?|milles?|millas?|mi\b",
    ("length", 0.001): r"mm\b|millim",
    ("length", 0.01): r"cm\b|[cz]entim|сантим",
    ("length", 1.0): r"m\b|met[er]+|mètre|метр",
    ("length", 1000.0): r"km\b(?!/)|[kq]uil[oó]m|kilom|chilom|килом",
    ("mass", 0.02835): r"ounces?|oz\b|unzen?|onces?|onzas?",
    ("mass", 0.4536): r"pounds?|lbs?\b|pfund|livres?|libras?",
    ("mass", 0.001): r"g\b|gramm?",
    ("mass", 1.0): r"kg\b|kilo(?!m)|quilo(?!m)|chilo(?!m)|кг\b|килог",
    ("mass", 1000.0): r"tons?\b|tonn|toneladas?|тонн",
    ("volume", 0.0038): r"gallon|galon",
    ("volume", 0.0283): r"cubic feet|kubikfuß|pieds? cubes?",
    ("volume", 0.001): r"l\b|lit[er]+|litros?|литр",
    ("volume", 1.0): r"cubic met|kubikmet|mètres? cubes?|metros? cúbicos?|m³",
    ("speed", 1.609): r"mph\b|miles per hour|meilen pro stunde",
    ("speed", 1.0): r"km/h|kph\b|kilomet\w+ (?:pro stunde|per hour)",
    ("area", 0.4047): r"acres?",
    ("area", 1.0): r"ha\b|he[ck]tar",
}


class Measure(NamedTuple):
    """A number with its unit.

    Attributes:
        kind: what is measured.
        least, most: the values that it may have, in one unit for all of the kind.
    """

    kind: str
    least: float
    most: float


def without_converted(
    source: str, lost: Sequence[Number], target: str, new: Sequence[Number]
) -> tuple[list[Number], list[Number]]:
    """Numbers that only one of two texts has, without those that are one measure in two units."""
    free = {number: measure for number in new if (measure := _measure(target, number))}
    kept, gone = [], set[Number]()
    for number in lost:
        measure = _measure(source, number)
        same = measure and next((n for n, other in free.items() if _is_near(measure, other)), None)
        if same:
            del free[same]
            gone.add(same)
        else:
            kept.append(number)
    return kept, [number for number in new if number not in gone]


def unit_sizes(text: str, position: int) -> dict[str, float]:
    """What the unit right after a place may measure, each with its size."""
    return {kind: size for pattern, (kind, size) in _adjacent() if pattern.match(text, position)}


def _is_near(one: Measure, other: Measure) -> bool:
    far = 1 + ROUNDED
    return (
        one.kind == other.kind and one.least <= other.most * far and other.least <= one.most * far
    )


def _measure(text: str, number: Number) -> Measure | None:
    """The number with the unit after it; a word for millions may stand between them."""
    values = [float(value) for value in number.values if re.fullmatch(r"\d+(?:\.\d+)?", value)]
    if not values:
        return None
    units = [kind_unit for pattern, kind_unit in _patterns() if pattern.match(text, number.end)]
    if not units:
        return None
    kind, unit = units[-1]
    return Measure(kind, min(values) * unit, max(values) * unit)


@cache
def _adjacent() -> list[tuple[re.Pattern[str], tuple[str, float]]]:
    """The units, right after a number, and not as a part of another one."""
    return [
        (re.compile(rf"[\s\u00a0-]?(?:{words})\w*(?![\w/²³^])", re.IGNORECASE), unit)
        for unit, words in _UNITS.items()
    ]


@cache
def _patterns() -> list[tuple[re.Pattern[str], tuple[str, float]]]:
    between = rf"[\s\u00a0-]?(?:[^\W\d_]{{3,{FAR}}}[\s\u00a0])?"
    return [
        (re.compile(rf"{between}(?:{words})", re.IGNORECASE), unit)
        for unit, words in _UNITS.items()
    ]
