"""``s2s judge``: what people think of outputs."""

from __future__ import annotations

__all__ = ["COMMANDS"]

COMMANDS: dict[str, tuple[str, str]] = {
    "make": ("s2scli.cli.judge.make:make", "Make blind sheets for annotators."),
    "score": ("s2scli.cli.judge.score:score", "Score systems by what people said of them."),
}
