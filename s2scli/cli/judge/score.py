"""``s2s judge score``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.clashes import refuse_among
from s2scli.cli.files import open_page
from s2scli.cli.options import LateFile, OptionGroup, group, quiet_option
from s2scli.cli.score_options import draw_options, metric_files_option
from s2scli.cli.sections import Command

if TYPE_CHECKING:
    from s2scli.judging.results import Draws
    from s2scli.tasks.judgement import MetricChoice

__all__ = ["score"]


class ScoringOptions(OptionGroup):
    """How judgements are scored, and what is shown."""

    format: str
    html: Path | None
    metrics: tuple[str, ...]
    metric_files: tuple[str, ...]
    passing_only: bool
    by_document: bool
    resamples: int
    trials: int
    seed: int
    quiet: bool

    def choice(self) -> MetricChoice:
        """The metrics to compare with people."""
        from s2scli.tasks.judgement import MetricChoice

        return MetricChoice(self.metrics, self.metric_files)

    def draws(self) -> Draws:
        """How intervals and tests draw."""
        from s2scli.judging.results import Draws

        return Draws(self.resamples, self.trials, self.seed, self.by_document)


scoring_options = group(
    "options",
    ScoringOptions,
    click.option(
        "--format",
        type=click.Choice(["table", "json"]),
        default="table",
        show_default=True,
        help="Output format.",
    ),
    click.option(
        "--html",
        type=LateFile(),
        metavar="FILE",
        help="Write a page for a browser too, which needs no network.",
    ),
    click.option(
        "--metric",
        "metrics",
        multiple=True,
        metavar="METRIC",
        help="Metric to compare with people; repeatable; see 's2s score --list'.",
    ),
    metric_files_option,
    click.option(
        "--passing-only", is_flag=True, help="Leave out annotators that fail the control items."
    ),
    click.option(
        "--by-document",
        is_flag=True,
        help="Draw whole documents for intervals and tests, not segments.",
    ),
    *draw_options("the permutation test", least=100),
    quiet_option,
)


@click.command("score", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("answers", nargs=-1, type=click.Path(path_type=Path))
@scoring_options
def score(folder: Path, answers: tuple[Path, ...], options: ScoringOptions) -> None:
    """Score systems by what people said of them.

    FOLDER is what 's2s judge make' wrote. ANSWERS are the files that annotators handed in; without
    them, those in FOLDER/answers are read. Systems get standardized scores with 95% intervals,
    tests between each two, and clusters that do not differ; annotators, their agreement, and what
    they said of the control items.

    \b
    Examples:
      s2s judge score evaluation
      s2s judge score evaluation --html results.html --metric chrf --metric bleu
      s2s judge score evaluation anna.json ben.json --format json
    """
    from s2scli.cli.judge.score_output import print_report, warn_of_annotators, warn_of_metrics
    from s2scli.judging.design import DESIGN_FILE
    from s2scli.judging.folder import ANSWERS
    from s2scli.tasks.judgement import score_judgements

    read = (folder / DESIGN_FILE, *(folder / ANSWERS).glob("*"))
    refuse_among(options.html, read, "input", "--html")
    with open_page(options.html) as page:
        report = score_judgements(
            folder, answers, options.choice(), options.draws(), passing_only=options.passing_only
        )
        if page:
            from s2scli.tasks.judgement.page import render

            page.write(render(report))
    warn_of_annotators(report, quiet=options.quiet)
    warn_of_metrics(report, quiet=options.quiet)
    print_report(report, as_json=options.format == "json")
