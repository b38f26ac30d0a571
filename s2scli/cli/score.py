"""``s2s score``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from s2scli.cli.files import STDIN
from s2scli.cli.likelihood import (
    LikelihoodOptions,
    check_forced,
    likelihood_options,
    print_likelihoods,
)
from s2scli.cli.numbers import Real, Whole
from s2scli.cli.options import OptionGroup, group
from s2scli.cli.rouge import rouge_words_option, warn_of_words
from s2scli.cli.score_rules import RULES
from s2scli.cli.sections import Command
from s2scli.data import SCORED_TASKS, TASKS
from s2scli.errors import UsageError
from s2scli.metrics import METRICS

if TYPE_CHECKING:
    from s2scli.metrics.base import MetricOptions
    from s2scli.tasks.comparison import Gates, PairedTests
    from s2scli.tasks.score_inputs import InputOptions

__all__ = ["command"]


class ReadOptions(OptionGroup):
    """How files and text are read."""

    hyp_field: str
    ref_field: str
    tabs: bool
    tokenize: str
    lowercase: bool
    stem: bool
    rouge_words: str

    def metric_options(self) -> MetricOptions:
        """How metrics read text."""
        from s2scli.metrics.base import MetricOptions

        return MetricOptions(self.tokenize, self.lowercase, self.stem, self.rouge_words)

    def input_options(self) -> InputOptions:
        """How files are read."""
        from s2scli.tasks.score_inputs import InputOptions

        return InputOptions(self.hyp_field, self.ref_field, self.tabs)


read_options = group(
    "reading",
    ReadOptions,
    click.option(
        "--hyp-field",
        default="target",
        show_default=True,
        help="Key of the hypotheses in JSON lines.",
    ),
    click.option(
        "--ref-field",
        default="reference",
        show_default=True,
        help="Key of the references in JSON lines.",
    ),
    click.option(
        "--tabs", is_flag=True, help="Read several references per line, separated by tabs."
    ),
    click.option(
        "--tokenize",
        default="13a",
        show_default=True,
        help="BLEU's tokenizer: 13a, intl, zh, ja-mecab, ko-mecab, flores200, char, none.",
    ),
    click.option("--lowercase", is_flag=True, help="Ignore case in BLEU and chrF."),
    click.option(
        "--stem/--no-stem", default=True, show_default=True, help="Compare stems in ROUGE."
    ),
    rouge_words_option,
)


class GateOptions(OptionGroup):
    """Intervals, comparisons and gates."""

    confidence: bool
    compare: tuple[str, ...]
    resamples: int
    trials: int
    seed: int
    fail_under: tuple[str, ...]
    no_worse_than: str | None
    by: float
    significant: bool

    def paired(self) -> PairedTests:
        """How two systems are tested against each other."""
        from s2scli.tasks.comparison import PairedTests

        return PairedTests(self.resamples, self.trials, self.seed)

    def gates(self) -> Gates:
        """What scores must reach.

        Raises:
            UsageError: one is not a gate.
        """
        from s2scli.tasks.comparison import Gates
        from s2scli.tasks.score import parse_gate

        bounds = [parse_gate(text) for text in self.fail_under]
        return Gates(bounds, self.no_worse_than, self.by, self.significant)

    def systems(self) -> list[str]:
        """The other systems that are named."""
        return [*self.compare, *filter(None, [self.no_worse_than])]


test_options = group(
    "tests",
    GateOptions,
    click.option("--confidence", is_flag=True, help="Add 95% intervals, by bootstrap."),
    click.option(
        "--compare",
        type=click.Path(),
        multiple=True,
        metavar="FILE",
        help="Compare another system; repeatable.",
    ),
    click.option(
        "--resamples",
        type=Whole(40, 1_000_000),
        default=1000,
        show_default=True,
        help="Number of bootstrap resamples.",
    ),
    click.option(
        "--trials",
        type=Whole(1, 1_000_000),
        default=10000,
        show_default=True,
        help="Trials of approximate randomization.",
    ),
    click.option(
        "--seed",
        type=Whole(0, (1 << 32) - 1),
        default=12345,
        show_default=True,
        help="Random seed.",
    ),
    click.option(
        "--fail-under",
        multiple=True,
        metavar="METRIC=NUMBER",
        help="Exit with code 4 if a score is below (ter: above); repeatable.",
    ),
    click.option(
        "--no-worse-than",
        type=click.Path(),
        metavar="FILE",
        help="Exit with code 4 if these hypotheses score better.",
    ),
    click.option(
        "--by",
        type=Real(0, 1000),
        default=0.0,
        show_default=True,
        help="Allowed loss for --no-worse-than.",
    ),
    click.option("--significant", is_flag=True, help="Let --no-worse-than fail only if p < 0.05."),
)


class ShowOptions(OptionGroup):
    """What is printed."""

    as_json: bool
    bare: bool
    sentences: bool
    sort: bool
    format: str


show_options = group(
    "show",
    ShowOptions,
    click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts."),
    click.option("--bare", is_flag=True, help="Print one number per line."),
    click.option("--sentences", is_flag=True, help="Print the scores of every segment instead."),
    click.option("--sort", is_flag=True, help="Put the worst segments first, by the first metric."),
    click.option(
        "--format",
        type=click.Choice(["tsv", "jsonl"]),
        default="tsv",
        show_default=True,
        help="Output format for --sentences.",
    ),
)


def _list_metrics(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from s2scli.cli.tables import print_table

    rows = [(name, about, paper) for name, (_, about, paper) in METRICS.items()]
    print_table(("METRIC", "WHAT IT IS", "PAPER"), rows)
    ctx.exit()


@click.command("score", cls=Command, rules=RULES)
@click.argument("hypotheses", type=click.Path())
@click.argument("references", nargs=-1, type=click.Path())
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_metrics,
    help="Explain all metrics and exit.",
)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="METRIC",
    help="Metric to compute; repeatable; see --list.",
)
@click.option(
    "--task",
    type=click.Choice(SCORED_TASKS),
    metavar="TASK",
    default="translate",
    show_default=True,
    help="Task for default metrics: translate, summarize, answer or caption.",
)
@show_options
@test_options
@read_options
@likelihood_options
def command(
    hypotheses: str,
    references: tuple[str, ...],
    metrics: tuple[str, ...],
    task: str,
    show: ShowOptions,
    tests: GateOptions,
    reading: ReadOptions,
    forced: LikelihoodOptions,
) -> None:
    """Score HYPOTHESES against REFERENCES: files (or - for standard input) or folders.

    Each line, or each file of a folder, is a segment. Several files are several references. JSON
    lines may hold the references themselves.

    \b
    Examples:
      s2s score out.de ref.de
      s2s score out.de ref.de --metric bleu --fail-under bleu=30
      s2s score base.de ref.de --compare new.de
      s2s score --model en-de source.en target.de
    """
    check_forced(forced, references)
    if forced.model:
        _force(hypotheses, references[0], reading, forced, show)
        return
    from s2scli.cli import score_output
    from s2scli.tasks.comparison import other_systems
    from s2scli.tasks.score import Scorer
    from s2scli.tasks.score_inputs import read_corpus

    gates, paired = tests.gates(), tests.paired()
    wanted = [*(metrics or TASKS[task].metrics), *(gate.metric for gate in gates.bounds)]
    names = list(dict.fromkeys(wanted))
    _check(hypotheses, references, tests)
    corpus = read_corpus(hypotheses, references, reading.input_options(), _read)
    if not set(names) <= set(TASKS["answer"].metrics):
        corpus.check_references()
    scorer = Scorer(names, corpus.references, reading.metric_options())
    gates.check(scorer)
    score_output.warn_of_blanks(corpus)
    warn_of_words(scorer, reading.rouge_words, corpus.hypotheses)
    statistics = scorer.statistics(corpus.hypotheses)
    scores = scorer.scores(statistics, tests.resamples if tests.confidence else 0, tests.seed)
    others = other_systems(tests.systems(), scorer, reading.input_options(), _read)
    if show.sentences:
        sentences = scorer.sentences(statistics)
        score_output.print_sentences(corpus, sentences, scorer, sort=show.sort, kind=show.format)
    else:
        compared = {name: others[name] for name in tests.compare}
        tested = {name: paired.run(scorer, statistics, other) for name, other in compared.items()}
        score_output.print_scores(hypotheses, scores, scorer, compared, tested, show)
    score_output.fail(gates.complaints(scorer, scores, statistics, others, paired))


def _force(
    source: str, target: str, reading: ReadOptions, forced: LikelihoodOptions, show: ShowOptions
) -> None:
    from s2scli.tasks.score_inputs import read_hypotheses

    options = reading.input_options()
    sources, targets = (read_hypotheses(name, options, _read) for name in (source, target))
    print_likelihoods(
        sources,
        targets,
        forced,
        sentences=show.sentences,
        as_json=show.as_json,
        bare=show.bare,
    )


def _check(hypotheses: str, references: tuple[str, ...], tests: GateOptions) -> None:
    names = (hypotheses, *references, *tests.compare, tests.no_worse_than)
    if names.count(STDIN) > 1:
        raise UsageError("Standard input ('-') can be read only once")


def _read(name: str) -> bytes:
    from s2scli.tasks.score_inputs import read_file

    return sys.stdin.buffer.read() if name == STDIN else read_file(name)
