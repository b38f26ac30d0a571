"""What happens to translations before they go out, of lines and of documents: what they must have,
and what they are chosen by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console
from s2scli.cli.numbers import Real, Whole
from s2scli.cli.options import OptionGroup, group
from s2scli.cli.unused import Given, Rule
from s2scli.limits import LIMITS
from s2scli.tasks.guarding import (
    BELOW,
    MODES,
    OFF,
    QUALITIES,
    QUALITY_MODEL,
    REPAIR,
    SIGN,
    WARN,
    Guarding,
)

if TYPE_CHECKING:
    from s2scli.tasks.demands import Demands
    from s2scli.tasks.rerank.reranking import Reranking
    from s2scli.tasks.steps import Step

__all__ = [
    "GUARD_RULE",
    "RERANK_RULES",
    "RerankOptions",
    "StepOptions",
    "document_facts",
    "guard_option",
    "min_confidence_option",
    "rerank_options",
    "step_facts",
    "step_options",
    "step_rules",
]


class StepOptions(OptionGroup):
    """What translations must have."""

    protection: bool | None
    protect: tuple[str, ...]
    glossary: str | None
    replace_unknowns: bool
    guard: str
    min_confidence: float
    min_quality: float | None
    quality_model: str | None
    below: str | None

    @cached_property
    def demands(self) -> Demands:
        """What translations of documents must have; a glossary may be a pipe, which is read once.

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
            if not glossary:
                quiet = click.get_current_context().params["quiet"]
                Console(quiet=quiet).warn(f"the glossary {name} has no terms")
        return Demands.of(self.protect, glossary)

    def steps(self) -> list[Step]:
        """What happens to translations of lines: nothing, if nothing is asked for.

        Raises:
            BadInputError: the glossary is none.
            UsageError: a pattern is invalid.
        """
        protect = bool(self.protection or self.protect)
        return self.demands.steps(protect=protect) if protect or self.glossary else []

    def guarding(self, *, shown: bool = True) -> Guarding:
        """What is done with translations that seem wrong.

        Args:
            shown: whether texts that are marked show it.

        Raises:
            UsageError: the model that estimates quality is of another kind.
            UnavailableError: it is not installed, or ONNX Runtime is not.
        """
        return Guarding.of(
            self.guard,
            self.min_confidence,
            self.below or "",
            SIGN if shown else "",
            self.min_quality,
            # A preference passes by where there is no limit.
            self.quality_model if self.min_quality is not None else None,
            click.get_current_context().params["registry"],
        )


def step_facts(
    steps: Sequence[Step], guarding: Guarding, reranking: Reranking | None = None
) -> dict[str, object]:
    """What the run's signature says of steps; nothing if outputs are as without any."""
    facts: dict[str, object] = {"rerank": reranking.signature} if reranking else {}
    if named := [*(step.signature for step in steps), *filter(None, [guarding.signature])]:
        facts["steps"] = "+".join(named)
    return facts


def document_facts(
    options: StepOptions, reranking: Reranking | None, unit: str
) -> dict[str, object]:
    """What the run's signature says of a run on documents.

    Args:
        options: what translations must have.
        reranking: how their hypotheses are ranked.
        unit: what is one text in plain text.
    """
    steps = options.demands.steps(protect=True)
    return {"unit": unit, **step_facts(steps, options.guarding(), reranking)}


GUARD_RULE = Rule(
    ("min_confidence",),
    lambda given: given["guard"] != OFF,
    "has no effect with --guard off",
    gate=True,
)


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
            ("replace_unknowns",),
            lambda given: not given["no_unknown"],
            "has no effect with --no-unk, which writes no unknown token",
        ),
        Rule(
            ("protection",),
            lambda given: is_on(given) or not is_documents(given),
            "is for lines; a document would break where a placeholder is lost",
        ),
        GUARD_RULE._replace(options=("min_confidence", "min_quality")),
        Rule(
            ("below",),
            lambda given: given["min_confidence"] or given["min_quality"] is not None,
            "belongs to --min-confidence or --min-quality",
            "Add --min-confidence, from 0 to 1.",
            gate=True,
        ),
        Rule(
            ("quality_model",),
            lambda given: given["min_quality"] is not None,
            "has no effect without --min-quality",
        ),
        Rule(
            ("prefix", "prefix_file"),
            lambda given: given["guard"] != REPAIR,
            "cannot be combined with --guard repair, which translates lines again",
        ),
    )


guard_option = click.option(
    "--guard",
    type=click.Choice(MODES),
    metavar="MODE",
    default=WARN,
    show_default=True,
    help="Checks: off, warn, repair.",
)
min_confidence_option = click.option(
    "--min-confidence",
    type=Real(0.0, 1.0),
    default=0.0,
    help="Warn of outputs whose mean probability per token is lower.",
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
    click.option(
        "--replace-unknowns",
        is_flag=True,
        help="Put the source's word where the model writes its unknown token, by attention.",
    ),
    guard_option,
    min_confidence_option,
    click.option(
        "--min-quality",
        type=Real(*QUALITIES),
        help="Warn of outputs whose estimated quality is lower, by --quality-model.",
    ),
    click.option(
        "--quality-model",
        metavar="MODEL",
        help=f"Model for --min-quality, reads no references.  [default: {QUALITY_MODEL}]",
    ),
    click.option(
        "--below",
        type=click.Choice(BELOW),
        help="Below --min-confidence or --min-quality: write the source, mark the output, or fail "
        "at the end.",
    ),
)


class RerankOptions(OptionGroup):
    """What hypotheses are ranked by, and how many there are."""

    rerank: tuple[str, ...]
    candidates: int | None

    def reranking(self, given: Given, registry: Path | None) -> Reranking | None:
        """What is asked for, checked; None for nothing, and where a preference passes by.

        Args:
            given: all options.
            registry: a registry of the user's, to find models in.

        Raises:
            UsageError: it makes no sense.
            UnavailableError: a model is not installed.
        """
        if not self.rerank or not _has_choice(given):
            return None
        from s2scli.tasks.rerank.reranking import Reranking

        return Reranking.of(self.rerank, self.candidates or 0, registry)


rerank_options = group(
    "ranks",
    RerankOptions,
    click.option(
        "--rerank",
        multiple=True,
        metavar="SPEC",
        help="Put hypotheses in order by mbr:METRIC, reverse:MODEL, ensemble:MODEL,…, qe:MODEL or "
        "score, each with =WEIGHT if not 1; repeatable.",
    ),
    click.option(
        "--candidates",
        type=Whole(2, int(LIMITS["n_best"][1])),
        help="Hypotheses that --rerank chooses from.  [default: the beam's]",
    ),
)


def _has_choice(given: Given) -> bool:
    """Whether a text may have several hypotheses."""
    several = given["candidates"] or given["n_best"] > 1
    return bool(several) or (not given["sample"] and given["beam_size"] != 1)


RERANK_RULES = (
    Rule(
        ("rerank",),
        _has_choice,
        "has nothing to choose from, with one hypothesis for each text",
        "Add --candidates 8.",
    ),
    Rule(("candidates",), lambda given: given["rerank"], "has no effect without --rerank"),
    Rule(
        ("candidates",),
        lambda given: (
            given["sample"] or not given["beam_size"] or given["candidates"] <= given["beam_size"]
        ),
        "is more than --beam holds",
        "Give a wider --beam, or none.",
    ),
)
