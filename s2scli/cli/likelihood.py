"""``s2s score --model``: given targets, scored by the model itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.jsontext import json_text
from s2scli.cli.options import OptionGroup, complete_model, group
from s2scli.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from s2scli.session import Session
    from s2scli.tasks.likelihood import Likelihood

__all__ = ["LikelihoodOptions", "check_forced", "likelihood_options", "print_likelihoods"]

SCHEMA = 1
TASK = "translate"


class LikelihoodOptions(OptionGroup):
    """Which model scores, and what is printed."""

    model: str | None
    source_language: str | None
    target_language: str | None
    tokens: bool


likelihood_options = group(
    "forced",
    LikelihoodOptions,
    click.option(
        "-m",
        "--model",
        type=click.Path(),
        metavar="MODEL",
        shell_complete=complete_model,
        help="Score targets by this model's probabilities instead.",
    ),
    click.option(
        "--from", "source_language", metavar="LANG", help="Language of the source, with --model."
    ),
    click.option(
        "--to", "target_language", metavar="LANG", help="Language of the target, with --model."
    ),
    click.option("--tokens", is_flag=True, help="Print the score of every token, with --model."),
)


def print_likelihoods(
    sources: list[str],
    targets: list[str],
    options: LikelihoodOptions,
    *,
    sentences: bool,
    as_json: bool,
    bare: bool,
) -> None:
    """Score targets and print what was asked for.

    Raises:
        BadInputError: the two sides do not fit together.
    """
    from s2scli.tasks.likelihood import likelihoods, total

    if len(sources) != len(targets):
        raise BadInputError(f"There are {len(sources)} sources and {len(targets)} targets")
    if not sources:
        raise BadInputError("There is nothing to score")
    found = list(likelihoods(sources, targets, _load(options).model))
    if options.tokens:
        _print_tokens(found)
    elif sentences:
        _print_sentences(found)
    else:
        _print_total(total(found), as_json=as_json, bare=bare)


def _load(options: LikelihoodOptions) -> Session:
    """The model, on this machine's processor; nothing is downloaded."""
    from s2scli.inference.device import place
    from s2scli.inference.frame import Job
    from s2scli.models.store import Wish, find_model
    from s2scli.session import Session

    languages = (options.source_language, options.target_language)
    found = find_model(Wish(options.model, TASK, *languages))
    return Session.open(found, Job(TASK, *languages), place("cpu"), undecided=False)


def _print_tokens(found: Sequence[Likelihood]) -> None:
    for number, each in enumerate(found, 1):
        pairs = zip(each.tokens, each.log_probabilities, strict=True)
        row: dict[str, Any] = {"segment": str(number), "tokens": [[t, p] for t, p in pairs]}
        sys.stdout.write(json_text(row) + "\n")


def _print_sentences(found: Sequence[Likelihood]) -> None:
    sys.stdout.write("segment\tlog-probability\ttokens\tcross-entropy\tperplexity\n")
    for number, each in enumerate(found, 1):
        sys.stdout.write(
            f"{number}\t{each.log_probability:.4f}\t{len(each.tokens)}\t"
            f"{each.cross_entropy:.4f}\t{each.perplexity:.4f}\n"
        )


def _print_total(whole: Likelihood, *, as_json: bool, bare: bool) -> None:
    facts = {
        "log-probability": whole.log_probability,
        "tokens": len(whole.tokens),
        "cross-entropy": whole.cross_entropy,
        "perplexity": whole.perplexity,
    }
    if bare:
        click.echo(f"{whole.perplexity:.4f}")
    elif as_json:
        click.echo(json_text({"schema": SCHEMA, **facts}, indent=2))
    else:
        from s2scli.cli.tables import print_table

        rows = [(name, f"{value:.4f}".removesuffix(".0000")) for name, value in facts.items()]
        print_table(("", ""), rows)


def check_forced(options: LikelihoodOptions, references: Sequence[str]) -> None:
    """Refuse what makes no sense with a model.

    Raises:
        UsageError: something does.
    """
    if options.model and len(references) != 1:
        raise UsageError("With --model, give two files: SOURCE and TARGET")
