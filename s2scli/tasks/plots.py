"""Two small plots as SVG: points with names, and a histogram."""

from __future__ import annotations

import html
from collections.abc import Sequence

__all__ = ["histogram", "scatter"]

WIDTH, HEIGHT, LEFT, BOTTOM, MARGIN = 330, 220, 44, 24, 14
BARS = 20


def scatter(points: Sequence[tuple[float, float, str]]) -> str:
    """Points (x, y, name) in a frame with the ends of both axes."""
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    (left, right), (low, high) = _range(xs), _range(ys)
    marks = []
    for x, y, name in points:
        across, up = _across(x, left, right), _up(y, low, high)
        end = across > WIDTH * 0.6
        anchor, shift = ("end", -6) if end else ("start", 6)
        marks.append(
            f'<circle class="dot" cx="{across:.1f}" cy="{up:.1f}" r="4"/>'
            f'<text class="label" x="{across + shift:.1f}" y="{up - 6:.1f}" '
            f'text-anchor="{anchor}">{html.escape(name)}</text>'
        )
    return _frame("".join(marks), (left, right), (low, high))


def histogram(values: Sequence[float]) -> str:
    """How many values there are in each of twenty ranges."""
    left, right = min(values), max(values)
    width = (right - left) / BARS or 1.0
    counts = [0] * BARS
    for value in values:
        counts[min(BARS - 1, int((value - left) / width))] += 1
    most = max(counts)
    step = (WIDTH - LEFT - MARGIN) / BARS
    bars = []
    for place, count in enumerate(counts):
        top = _up(count, 0, most)
        bars.append(
            f'<rect class="bar" x="{LEFT + place * step:.1f}" y="{top:.1f}" '
            f'width="{step - 1:.1f}" height="{HEIGHT - BOTTOM - top:.1f}"/>'
        )
    return _frame("".join(bars), (left, left + width * BARS), (0, most))


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    space = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    return low - space, high + space


def _across(x: float, left: float, right: float) -> float:
    return LEFT + (x - left) / (right - left) * (WIDTH - LEFT - MARGIN)


def _up(y: float, low: float, high: float) -> float:
    return HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - BOTTOM - MARGIN)


def _frame(inside: str, x_ends: tuple[float, float], y_ends: tuple[float, float]) -> str:
    base, right = HEIGHT - BOTTOM, WIDTH - MARGIN
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">'
        f'<line class="axis" x1="{LEFT}" y1="{base}" x2="{right}" y2="{base}"/>'
        f'<line class="axis" x1="{LEFT}" y1="{MARGIN}" x2="{LEFT}" y2="{base}"/>'
        f'<text x="{LEFT}" y="{HEIGHT - 8}">{x_ends[0]:.4g}</text>'
        f'<text x="{right}" y="{HEIGHT - 8}" text-anchor="end">{x_ends[1]:.4g}</text>'
        f'<text x="{LEFT - 4}" y="{base}" text-anchor="end">{y_ends[0]:.4g}</text>'
        f'<text x="{LEFT - 4}" y="{MARGIN + 8}" text-anchor="end">{y_ends[1]:.4g}</text>'
        f"{inside}</svg>"
    )
