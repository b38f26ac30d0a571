"""Help in sections: ``--help`` shows what most people need, ``--help-all`` every option.

``SECTIONS`` is the one table: the title of a section, the options that ``--help`` shows in it, and
those that only ``--help-all`` adds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from s2scli.cli.group import long_name
from s2scli.cli.unused import RuledCommand

__all__ = ["SECTIONS", "Command"]

SECTIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Input and output",
        (
            *("output", "format", "fields", "n-best", "lines", "jsonl"),
            *("json", "bare", "sentences", "list", "search", "limit"),
        ),
        (
            *("scores", "jsonl-field", "tsv-column", "encoding-errors", "hyp-field", "ref-field"),
            *("tabs", "sort", "tree", "evidence"),
        ),
    ),
    (
        "Task",
        ("length", "prompt", "passages", "questions"),
        ("prompt-tokens", "strategy", "overlap", "no-answer-threshold"),
    ),
    (
        "Test set",
        ("source", "reference", "testset", "pair"),
        ("source-field", "resume"),
    ),
    (
        "Metrics",
        ("metric", "task", "lowercase"),
        ("tokenize", "stem", "rouge-words"),
    ),
    (
        "Comparisons and gates",
        ("confidence", "compare", "fail-under", "no-worse-than"),
        ("by", "significant", "resamples", "trials", "seed"),
    ),
    (
        "Model",
        ("model", "from", "to", "yes", "quantization", "name", "force", "accept-license"),
        (
            "offline",
            "registry",
            "revision",
            "keep-checkpoint",
            "tokens",
            "target-tokenizer",
            "onnx",
            "long-inputs",
        ),
    ),
    (
        "Search",
        ("beam", "max-length"),
        (
            *("length-penalty", "patience", "coverage-penalty", "min-length", "no-repeat-ngram"),
            *("repetition-penalty", "suppress", "no-unk", "prefix", "prefix-file"),
        ),
    ),
    ("Placeholders and terms", ("protection", "glossary"), ("protect",)),
    (
        "Documents",
        ("include", "exclude", "suffix", "in-place", "memory"),
        (
            *("input-format", "files-from", "hidden", "ignore-file", "column", "field", "unit"),
            *("overwrite", "subtitle-width", "sheet-names", "anchors", "fail-fast", "shard"),
        ),
    ),
    (
        "Run",
        ("device", "report", "quiet", "verbose"),
        (
            *("threads", "device-index", "compute-type", "batch-tokens", "on", "address"),
            *("workers",),
            *("cpus-per-worker", "gpus-per-worker", "no-progress"),
        ),
    ),
)
_TITLES = {
    name: (title, rare)
    for title, common, few in SECTIONS
    for names, rare in ((common, False), (few, True))
    for name in names
}
# A command with fewer options than this shows them all, in one list.
FEW = 11
ALL = "s2scli.help-all"  # in the context: everything is shown


def _show_all(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        ctx.meta[ALL] = True
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


class Command(RuledCommand):
    """A command whose help has sections, and whose options without effect are refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.params) >= FEW:
            self.params.append(
                click.Option(
                    ["--help-all"],
                    is_flag=True,
                    is_eager=True,
                    expose_value=False,
                    callback=_show_all,
                    help="Show every option and exit.",
                )
            )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, section by section."""
        titles = [title for title, _, _ in SECTIONS] if len(self.params) >= FEW else ["Options"]
        sections: dict[str, list[tuple[str, str]]] = {title: [] for title in titles}
        for option, record in self._records(ctx):
            title, rare = _TITLES.get(long_name(option), (titles[-1], False))
            if not rare or ALL in ctx.meta or len(titles) == 1:
                sections[title if title in sections else titles[-1]].append(record)
        for title, records in sections.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)

    def _records(self, ctx: click.Context) -> Iterator[tuple[click.Parameter, tuple[str, str]]]:
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx) if isinstance(option, click.Option) else None
            if record:
                yield option, record if ALL in ctx.meta else (record[0], _short(option, record[1]))


def _short(option: click.Parameter, text: str) -> str:
    """The help without the range of numbers, which ``--help-all`` and errors tell."""
    if isinstance(option.type, click.IntRange | click.FloatRange):
        described = option.type._describe_range()
        text = text.replace(f"  [{described}]", "").replace(f"; {described}]", "]")
    return text
