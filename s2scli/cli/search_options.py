"""Options of a search for the best outputs, and of samples; and when they count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.options import OptionGroup, group, limited, max_length_option, min_length_option
from s2scli.cli.unused import Given, Rule
from s2scli.data import Decoding
from s2scli.errors import UsageError
from s2scli.limits import BEAM_ONLY, REFERENCE, SAMPLING, SEARCHES

if TYPE_CHECKING:
    from s2scli.cli.console import Console
    from s2scli.inference.model import Model

__all__ = [
    "BEAM_REASON",
    "SEARCH_RULES",
    "SHORTLIST_RULES",
    "SearchOptions",
    "check_choices",
    "default_shortlist",
    "search_options",
    "shortlist_option",
]

BEAM_OPTIONS = ("patience", "coverage_penalty")
ONE_OUTPUT = "has no effect with a beam of 1, which keeps one output"
BEAM_REASON = "has no effect with a beam of 1, which compares no outputs of other lengths"
SAMPLED = "has no effect with --sample, which draws each token by itself"
SEARCH_RULES = (
    Rule(SAMPLING, lambda given: given["sample"], "belongs to --sample"),
    Rule(("beam_size",), lambda given: not given["sample"] or given["beam_size"] == 1, SAMPLED),
    Rule(("length_penalty", "search", *BEAM_OPTIONS), lambda given: not given["sample"], SAMPLED),
    Rule(("length_penalty",), lambda given: given["beam_size"] != 1, BEAM_REASON),
    Rule(BEAM_OPTIONS, lambda given: given["beam_size"] != 1, ONE_OUTPUT),
)


class SearchOptions(OptionGroup):
    """How to decode; None where the model's own default holds."""

    beam_size: int | None
    length_penalty: float | None
    patience: float | None
    coverage_penalty: float | None
    max_length: int | str | None
    min_length: int | str | None
    no_repeat_ngram_size: int | None
    repetition_penalty: float | None
    suppress_words: tuple[str, ...]
    no_unknown: bool
    sample: bool
    temperature: float | None
    top_k: int | None
    top_p: float | None
    seed: int | None
    search: str | None

    def given(self) -> dict[str, Any]:
        """Those that are set, by the name that ``Model.decoding`` takes.

        What means nothing beside samples, or without them, is refused on the command line; settings
        pass by.
        """
        unfit = (*BEAM_ONLY,) if self.sample else SAMPLING
        found = {
            n: v for n, v in vars(self).items() if v is not None and v is not False and v != ()
        }
        return {name: value for name, value in found.items() if name not in unfit}


search_options = group(
    "search",
    SearchOptions,
    click.option(
        "--beam",
        "beam_size",
        type=limited("beam_size"),
        help="Beam size; 1 is greedy.  [default: the model's, or 4]",
    ),
    click.option(
        "--length-penalty",
        type=limited("length_penalty"),
        help="Length penalty; above 1 favours longer outputs.  [default: the model's, or 1]",
    ),
    click.option(
        "--patience",
        type=limited("patience"),
        help="End a search after beam × patience finished outputs.  [default: the model's, or 1]",
    ),
    click.option(
        "--coverage-penalty",
        type=limited("coverage_penalty"),
        help="Penalty for source tokens that got little attention.  [default: the model's, or 0]",
    ),
    max_length_option,
    min_length_option,
    click.option(
        "--no-repeat-ngram",
        "no_repeat_ngram_size",
        type=limited("no_repeat_ngram_size"),
        help="Never repeat an n-gram of this size; 0 turns it off.  [default: the model's]",
    ),
    click.option(
        "--repetition-penalty",
        type=limited("repetition_penalty"),
        help="Penalty for repeated tokens; 1 turns it off.  [default: the model's, or 1]",
    ),
    click.option(
        "--suppress",
        "suppress_words",
        multiple=True,
        metavar="WORD",
        help="Never write this word; repeatable.",
    ),
    click.option(
        "--no-unk",
        "no_unknown",
        is_flag=True,
        help="Never write the unknown token.",
    ),
    click.option(
        "--sample",
        is_flag=True,
        help="Draw each token at random instead of searching for the best output.",
    ),
    click.option(
        "--temperature",
        type=limited("temperature"),
        help="Divide the scores of tokens by this before drawing.  [default: 1]",
    ),
    click.option(
        "--top-k",
        type=limited("top_k"),
        help="Draw from this many of the most likely tokens; 0 for all.  [default: 0]",
    ),
    click.option(
        "--top-p",
        type=limited("top_p"),
        help="Draw from the fewest tokens with this probability together.  [default: 1]",
    ),
    click.option(
        "--seed",
        type=limited("seed"),
        help="Draw other samples; the same number gives the same ones.  [default: 0]",
    ),
    click.option(
        "--search",
        type=click.Choice(SEARCHES),
        metavar="SEARCH",
        help="Search: engine (fast), or reference (as transformers, slow).  [default: engine]",
    ),
)


def check_choices(given: Given, decoding: Decoding) -> None:
    """Refuse options that the model's own beam leaves without effect, or that exclude each other.

    Raises:
        UsageError: there is one.
    """
    if decoding.beam_size == 1:
        reasons = {"length_penalty": BEAM_REASON, **dict.fromkeys(BEAM_OPTIONS, ONE_OUTPUT)}
        for option, reason in reasons.items():
            if given.says(option):
                raise UsageError(f"{given.option(option)} {reason}", "Add --beam 4.")
    if 0 < decoding.max_ratio < decoding.min_ratio:
        raise UsageError(
            f"The minimum length, {decoding.min_ratio:g}x the source's, is more than the maximum, "
            f"{decoding.max_ratio:g}x"
        )


# Of translations alone: tokens are chosen from those that a line may yield.
shortlist_option = click.option(
    "--shortlist/--no-shortlist",
    default=None,
    help="Choose tokens from the model's shortlist.  [default: for lines, if it was checked]",
)


def _wants_scores(given: Given) -> bool:
    """Whether the outputs come with numbers that are shares of the whole vocabulary."""
    return bool(given["scores"] or given["format"] != "text" or given["min_confidence"])


def _has_others(given: Given) -> bool:
    """Whether other models, or other hypotheses than the best, come into play."""
    names = ("via", "rerank", "alternatives", "prefix", "prefix_file", "sample", "coverage_penalty")
    several = any(given[name] for name in names) or given["n_best"] != 1
    elsewhere = given["on"] != "local" or given["search"] == REFERENCE
    return several or elsewhere or given["source_language"] == "auto"


SHORTLIST_RULES = (
    Rule(
        ("shortlist",),
        lambda given: not _wants_scores(given),
        "is for plain text: scores would be shares among the candidates of a shortlist",
    ),
    Rule(
        ("shortlist",),
        lambda given: not _has_others(given),
        "is for the best output of one model on this machine, without a prefix",
    ),
)


def default_shortlist(
    ctx: click.Context, model: Model, decoding: Decoding, console: Console
) -> Decoding:
    """The decoding of lines with the model's shortlist, where that is the default.

    Args:
        ctx: of the command.
        model: the model, ready for its job.
        decoding: how it decodes.
        console: told of it.
    """
    given = Given(ctx)
    if "shortlist" not in given or given["shortlist"] is not None or not model.manifest.shortlist:
        return decoding
    if _wants_scores(given) or _has_others(given):
        return decoding
    from s2scli.inference.shortlist import shortlisted_by_default

    found = shortlisted_by_default(model, decoding)
    if found.shortlist:
        console.note(f"shortlist {found.shortlist} (model)")
    return found
