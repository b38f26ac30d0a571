"""Types of options that are numbers: each has both bounds, so that whatever passes can be run."""

from __future__ import annotations

import math
import re
from typing import Any

import click

from s2scli.errors import UsageError

__all__ = ["Numbers", "Real", "TokenLength", "Whole"]

LONGEST = 40  # characters of a number; Python itself refuses to read very long ones
# Python reads 1_0 as 10 too, and the digits of all scripts.
PLAIN = r"\s*[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?\s*"


class Whole(click.IntRange):
    """A whole number from ``least`` to ``most``."""

    name = "integer"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands for it in a help text."""
        return "N"

    def __init__(self, least: int, most: int) -> None:
        super().__init__(min=least, max=most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number."""
        return super().convert(_written(self, value, param, ctx), param, ctx)


class Real(click.FloatRange):
    """A finite number from ``least`` to ``most``."""

    name = "number"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands for it in a help text."""
        return "NUMBER"

    def __init__(self, least: float, most: float) -> None:
        super().__init__(min=least, max=most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; "not a number" compares as if it were within all bounds."""
        number = super().convert(_written(self, value, param, ctx), param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a valid number.", param, ctx)
        return number


class TokenLength(click.ParamType[Any]):
    """A number of tokens, or a multiple of the source's (``1.5x``), which stays text.

    Args:
        tokens: the type of the number.
    """

    name = "length"

    def __init__(self, tokens: Whole | Real) -> None:
        self.tokens = tokens

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands for it in a help text."""
        return "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number, or the multiple as text."""
        if not isinstance(value, str):
            return self.tokens.convert(value, param, ctx)
        from s2scli.inference.ratios import ratio_of

        try:
            if ratio_of(value) is not None:
                return value
        except UsageError as error:
            self.fail(str(error), param, ctx)
        if re.fullmatch(r"\s*\d{1,4}\.\d{1,4}\s*", value, re.ASCII):
            self.fail(
                f"{value!r} is no number of tokens; for a multiple: {value.strip()}x", param, ctx
            )
        if len(value) <= LONGEST and not re.fullmatch(PLAIN, value, re.ASCII):
            self.fail(
                f"{value!r} is not a valid length: give a number of tokens (40), or a multiple of "
                "the source's (1.5x).",
                param,
                ctx,
            )
        return self.tokens.convert(value, param, ctx)


class Numbers(click.ParamType[Any]):
    """Several numbers with commas between, as a tuple without repeats.

    Args:
        kind: the type of each.
    """

    name = "numbers"

    def __init__(self, kind: Whole | Real) -> None:
        self.kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The numbers."""
        if isinstance(value, tuple):  # click converts defaults again
            return value
        parts = str(value).split(",")
        return tuple(dict.fromkeys(self.kind.convert(part, param, ctx) for part in parts))


def _written(
    kind: click.ParamType[Any], value: Any, param: click.Parameter | None, ctx: click.Context | None
) -> Any:
    """A value as it came, if it is no text or a number as people write one."""
    if isinstance(value, str) and len(value) > LONGEST:
        kind.fail(f"a number of {len(value)} characters is out of range.", param, ctx)
    if isinstance(value, str) and not re.fullmatch(PLAIN, value, re.ASCII):
        kind.fail(f"{value!r} is not a valid {kind.name}.", param, ctx)
    return value
