"""A plot of quality against speed, as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import NamedTuple

__all__ = ["Point", "svg"]

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 232, 24, 52
OURS, THEIRS, INK = "#b3261e", "#35618f", "#444"
Place = Callable[[float], float]
ROW = 22  # from one name to the next


class Point(NamedTuple):
    """A program: its name, sentences per processor second, BLEU, and whether it is s2s."""

    name: str
    speed: float
    quality: float
    ours: bool


def svg(points: Sequence[Point], caption: str) -> str:
    """Draw points: speed to the right (logarithmic), quality upward.

    Args:
        points: at least one, each with a speed above zero.
        caption: what was translated, and where.
    """
    speeds = [math.log10(point.speed) for point in points]
    low, high = math.floor(min(speeds) * 2) / 2, math.ceil(max(speeds) * 2 + 0.01) / 2
    best, worst = (end(point.quality for point in points) for end in (max, min))
    bottom, top = math.floor(worst) - 1, math.ceil(best) + 1

    def x(speed: float) -> float:
        return LEFT + (math.log10(speed) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(quality: float) -> float:
        return TOP + (top - quality) / (top - bottom) * (HEIGHT - TOP - BOTTOM)

    marks = [step * 10**power for power in range(-3, 5) for step in (1, 2, 5)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="{INK}">',
        f"<title>{escape(caption)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *(_vertical(x(m), f"{m:g}") for m in marks if 10**low <= m <= 10**high),
        *(_horizontal(y(mark), str(mark)) for mark in range(bottom, top + 1)),
        _text(
            (LEFT + WIDTH - RIGHT) / 2,
            HEIGHT - 12,
            f"sentences per second of the processor — {caption}",
        ),
        _text(16, (TOP + HEIGHT - BOTTOM) / 2, "BLEU", turned=True),
        *_points(sorted(points, key=lambda point: -point.speed), x, y),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _points(points: Sequence[Point], x: Place, y: Place) -> Iterator[str]:
    """Numbered dots, and what the numbers stand for beside them."""
    for number, point in enumerate(points, 1):
        colour = OURS if point.ours else THEIRS
        dots = [(x(point.speed), y(point.quality)), (WIDTH - RIGHT + 24, TOP + ROW * number)]
        for across, down in dots:
            yield f'<circle cx="{across:.0f}" cy="{down:.0f}" r="8" fill="{colour}"/>'
            yield (
                f'<text x="{across:.0f}" y="{down + 4:.0f}" text-anchor="middle" font-size="10" '
                f'fill="white">{number}</text>'
            )
        across, down = dots[1]
        yield f'<text x="{across + 14:.0f}" y="{down + 4:.0f}">{escape(point.name)}</text>'


def _vertical(x: float, label: str) -> str:
    line = f'<path d="M{x:.0f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
    return line + _text(x, HEIGHT - BOTTOM + 16, label)


def _horizontal(y: float, label: str) -> str:
    line = f'<path d="M{LEFT} {y:.0f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
    return line + _text(LEFT - 14, y + 4, label)


def _text(x: float, y: float, text: str, *, turned: bool = False) -> str:
    turn = f' transform="rotate(-90 {x:.0f} {y:.0f})"' if turned else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle"{turn}>{escape(text)}</text>'
