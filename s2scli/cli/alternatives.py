"""``s2s translate --alternatives``: other continuations of translations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import click

from s2scli.cli.numbers import Whole
from s2scli.cli.options import OptionGroup, TextOptions, group
from s2scli.cli.output import choose_format
from s2scli.cli.running import RunOptions, TextRun, text_run
from s2scli.cli.unused import Rule
from s2scli.data import Segment

__all__ = ["ALTERNATIVE_RULES", "AlternativeOptions", "alternative_options", "write_alternatives"]

Lines = Callable[[TextRun], Iterable[list[Segment]]]

MOST = 100
# What makes one output out of several, or looks at what is decoded otherwise.
UNFIT = (
    *("protection", "protect", "glossary", "replace_unknowns", "guard"),
    *("min_confidence", "min_quality"),
    *("alignments", "alignments_file", "token_level", "attention", "log_probs"),
    *("rerank", "via", "jsonl_field", "tsv_column"),
)


class AlternativeOptions(OptionGroup):
    """How many continuations are wanted, and where they part."""

    alternatives: int | None
    at: str | None

    def beginnings(self, file: str | None) -> str | None:
        """The file of prefixes, if it counts: beside --at one of the settings passes by."""
        return None if self.at else file


alternative_options = group(
    "others",
    AlternativeOptions,
    click.option(
        "--alternatives",
        type=Whole(1, MOST),
        metavar="N",
        help="Write the N likeliest ways to go on at one place; see --at.",
    ),
    click.option(
        "--at",
        metavar="TEXT",
        help="The place is after this beginning of the output.  [default: at its start]",
    ),
)
ALTERNATIVE_RULES = (
    Rule(("at",), lambda given: given["alternatives"], "belongs to --alternatives"),
    Rule(
        ("n_best",),
        lambda given: not given["alternatives"],
        "cannot be combined with --alternatives, which says how many there are",
    ),
    Rule(
        ("prefix",),
        lambda given: not given["alternatives"],
        "cannot be combined with --alternatives: name the place by --at",
    ),
    Rule(
        ("prefix_file",),
        lambda given: not given["at"],
        "cannot be combined with --at: each line of the file is a place of its own",
    ),
    Rule(
        ("sample",),
        lambda given: not given["alternatives"],
        "cannot be combined with --alternatives, which are the likeliest",
    ),
    Rule(
        ("alternatives",),
        lambda given: given["source_language"] != "auto",
        "cannot be combined with --from auto",
    ),
    Rule(
        UNFIT,
        lambda given: not given["alternatives"],
        "cannot be combined with --alternatives, which are written as they are",
    ),
)


def write_alternatives(
    ctx: click.Context,
    run: RunOptions,
    names: Sequence[str],
    text: TextOptions,
    others: AlternativeOptions,
    lines: Lines,
) -> None:
    """Write the alternatives of lines.

    Args:
        ctx: of the command.
        run: which model, and where to run it.
        names: the inputs.
        text: where results go, and their form.
        others: what is wanted.
        lines: gives the lines of a run.
    """
    count = others.alternatives or 1
    write = choose_format(text.format, scores=text.scores, n_best=count)
    run.search.sample = False  # a preference of the settings passes by
    facts = {"alternatives": count}
    with text_run(ctx, "translate", run, names, text.output, prefix=others.at, facts=facts) as it:
        from s2scli.tasks.alternatives import alternatives, asked

        model, decoding, flow = it.engine_of_lines
        wanted = asked(decoding, count)
        for results in alternatives(lines(it), model, wanted, flow, it.monitor):
            it.output.write(write(results))
