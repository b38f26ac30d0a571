"""The options of ``s2s score``, in groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.numbers import Real, Whole
from s2scli.cli.options import OptionGroup, group
from s2scli.cli.rouge import rouge_words_option

if TYPE_CHECKING:
    from s2scli.metrics.base import MetricOptions
    from s2scli.tasks.comparison import Gates, PairedTests
    from s2scli.tasks.results import Recorded
    from s2scli.tasks.score_inputs import InputOptions, Read

__all__ = [
    "GateOptions",
    "ReadOptions",
    "ShowOptions",
    "draw_options",
    "metric_files_option",
    "read_options",
    "seed_option",
    "show_options",
    "test_options",
]

MOST_DIGITS = 15
Option = Callable[[Callable[..., Any]], Callable[..., Any]]

metric_files_option = click.option(
    "--metric-file",
    "metric_files",
    multiple=True,
    metavar="FILE.py:NAME",
    help="Metric of your own: a class in a Python file, which is run; repeatable.",
)


seed_option = click.option(
    "--seed",
    type=Whole(0, (1 << 32) - 1),
    default=12345,
    show_default=True,
    help="Random seed.",
)


def draw_options(of: str, least: int) -> tuple[Option, ...]:
    """The options of what is drawn by chance: resamples of intervals, trials of tests.

    Args:
        of: the test that trials are of.
        least: the least number of trials.
    """
    return (
        click.option(
            "--resamples",
            type=Whole(40, 1_000_000),
            default=1000,
            show_default=True,
            help="Number of bootstrap resamples.",
        ),
        click.option(
            "--trials",
            type=Whole(least, 1_000_000),
            default=10000,
            show_default=True,
            help=f"Trials of {of}.",
        ),
        seed_option,
    )


class ReadOptions(OptionGroup):
    """How files and text are read."""

    hyp_field: str
    ref_field: str
    source: str | None
    source_field: str
    tabs: bool
    tokenize: str
    spm: Path | None
    lowercase: bool
    stem: bool
    rouge_words: str
    idf: bool
    baseline: Path | None

    def metric_options(self) -> MetricOptions:
        """How metrics read text."""
        from s2scli.metrics.base import MetricOptions

        words = (self.tokenize, self.lowercase, self.stem, self.rouge_words, self.spm)
        return MetricOptions(*words, self.idf, self.baseline)

    def input_options(self) -> InputOptions:
        """How files are read."""
        from s2scli.tasks.score_inputs import InputOptions

        return InputOptions(self.hyp_field, self.ref_field, self.source_field, self.tabs)


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
        "--source",
        type=click.Path(),
        metavar="FILE",
        help="What was translated, for metrics that read it.",
    ),
    click.option(
        "--source-field",
        default="source",
        show_default=True,
        help="Key of the sources in JSON lines.",
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
    click.option(
        "--spm",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="SentencePiece model of --tokenize flores200, flores101 or spBLEU-1K.  [default: "
        "sacrebleu's, which it downloads]",
    ),
    click.option("--lowercase", is_flag=True, help="Ignore case in BLEU and chrF."),
    click.option(
        "--stem/--no-stem", default=True, show_default=True, help="Compare stems in ROUGE."
    ),
    rouge_words_option,
    click.option(
        "--idf", is_flag=True, help="Let rare words of the references count more in BERTScore."
    ),
    click.option(
        "--baseline",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Rescale BERTScore by the baselines in a file of the package bert-score.",
    ),
)


class GateOptions(OptionGroup):
    """Intervals, comparisons and gates."""

    confidence: bool
    compare: tuple[str, ...]
    marks: str | None
    baseline_json: str | None
    by_document: str | None
    document_column: str | None
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

    def gates(self, metrics: Sequence[str]) -> Gates:
        """What scores must reach.

        Args:
            metrics: those that are asked for; a gate on ``comet`` is one on ``comet:MODEL``.

        Raises:
            UsageError: one is not a gate.
        """
        from s2scli.tasks.comparison import Gates
        from s2scli.tasks.score import parse_gate

        bounds = [parse_gate(text).among(metrics) for text in self.fail_under]
        return Gates(bounds, self.no_worse_than, self.by, self.significant)

    @property
    def draws(self) -> bool:
        """Whether intervals or tests draw by chance."""
        gate = self.no_worse_than is not None and self.significant
        return self.confidence or bool(self.compare) or gate

    def recorded(self, read: Read) -> tuple[Recorded | None, Recorded | None]:
        """The scores of earlier runs: those to show, and those of a gate; None if not asked for."""
        from s2scli.tasks.results import read_results, results_in_file

        # A setting that does not fit passes by; see RULES for the command line.
        shown = self.baseline_json if not self.compare else None
        return (
            read_results(shown, read) if shown else None,
            results_in_file(self.no_worse_than, read) if self.no_worse_than else None,
        )

    def systems(self, recorded: tuple[Recorded | None, Recorded | None]) -> list[str]:
        """The other systems that are named and have hypotheses."""
        gate = [] if recorded[1] or not self.no_worse_than else [self.no_worse_than]
        return [*self.compare, *gate]

    def documents(self, segments: int, read: Read) -> list[int] | None:
        """The number of each segment's document, if documents are drawn whole."""
        if not self.by_document or not self.draws:
            return None
        from s2scli.tasks.score_documents import document_numbers, read_documents

        ids = read_documents(self.by_document, self.document_column, segments, read)
        return document_numbers(ids)

    def inputs(self) -> list[str | None]:
        """The files that are read beside hypotheses, references and sources."""
        return [*self.compare, self.no_worse_than, self.baseline_json, self.by_document]


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
        "--marks",
        type=click.Choice(["dagger", "letters"]),
        help="Show a row per system, with a dagger if it differs from HYPOTHESES, or letters: "
        "systems that share one do not differ.",
    ),
    click.option(
        "--baseline-json",
        type=click.Path(),
        metavar="FILE",
        help="Compare with scores that sacrebleu or --json wrote.",
    ),
    click.option(
        "--by-document",
        type=click.Path(),
        metavar="FILE",
        help="Draw whole documents in intervals and tests: an id per line, or WMT's <doc>.",
    ),
    click.option(
        "--document-column",
        metavar="COLUMN",
        help="Column of the ids, by name or number, or key of JSON lines.",
    ),
    *draw_options("approximate randomization", least=1),
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
        help="Exit with code 4 if these outputs score better.",
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
    format: str | None
    digits: int | None


show_options = group(
    "show",
    ShowOptions,
    click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts."),
    click.option("--bare", is_flag=True, help="Print one number per line."),
    click.option("--sentences", is_flag=True, help="Print the scores of every segment instead."),
    click.option("--sort", is_flag=True, help="Put the worst segments first, by the first metric."),
    click.option(
        "--format",
        type=click.Choice(["tsv", "jsonl", "markdown", "latex", "sacrebleu"]),
        metavar="FORMAT",
        help="Output format: markdown, latex, sacrebleu, tsv or jsonl.",
    ),
    click.option(
        "--digits",
        type=Whole(0, MOST_DIGITS),
        help="Decimal places of scores.  [default: the metric's; 1 in sacrebleu's JSON]",
    ),
)
