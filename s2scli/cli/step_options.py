"""What happens to translations before they go out, of lines and of documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from s2scli.cli.options import OptionGroup, group
from s2scli.cli.unused import Given, Rule

if TYPE_CHECKING:
    from s2scli.tasks.demands import Demands
    from s2scli.tasks.steps import Step

__all__ = ["StepOptions", "step_options", "step_rules"]


class StepOptions(OptionGroup):
    """What translations must have."""

    protection: bool | None
    protect: tuple[str, ...]
    glossary: str | None

    def demands(self) -> Demands:
        """What translations of documents must have.

        Raises:
            BadInputError: the glossary is none.
            UsageError: a pattern is invalid.
        """
        from s2scli.cli.records import whole_texts
        from s2scli.tasks.demands import Demands
        from s2scli.text.glossary import Glossary

        glossary = None
        for name, text in whole_texts([self.glossary] if self.glossary else []):
            glossary = Glossary.parse(name, text)
        return Demands.of(self.protect, glossary)

    def steps(self) -> list[Step]:
        """What happens to translations of lines: nothing, if nothing is asked for.

        Raises:
            BadInputError: the glossary is none.
            UsageError: a pattern is invalid.
        """
        protect = bool(self.protection or self.protect)
        return self.demands().steps(protect=protect) if protect or self.glossary else []


def step_rules(is_documents: Callable[[Given], bool]) -> tuple[Rule, ...]:
    """When these options count.

    Args:
        is_documents: whether documents are translated, and not lines.
    """

    def is_on(given: Given) -> bool:
        return given["protection"] is not False

    return (
        Rule(("protect",), is_on, "cannot be combined with --no-protection"),
        Rule(
            ("protection",),
            lambda given: is_on(given) or not is_documents(given),
            "is for lines; a document would break where a placeholder is lost",
        ),
    )


step_options = group(
    "steps",
    StepOptions,
    click.option(
        "--protection/--no-protection",
        default=None,
        help="Keep placeholders and URLs in lines too.",
    ),
    click.option(
        "--protect",
        multiple=True,
        metavar="REGEX",
        help="Keep what matches, too; turns on --protection; repeatable.",
    ),
    click.option(
        "--glossary",
        type=click.Path(),
        metavar="FILE",
        help="Terms: one per line, source TAB target.",
    ),
)
