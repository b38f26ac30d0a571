"""Help in sections: ``--help`` shows what most people need, ``--help-all`` every option.

``SECTIONS`` is the one table: the title of a section, the options that ``--help`` shows in it, and
those that only ``--help-all`` adds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import click

from s2scli.cli.group import long_name
from s2scli.cli.unused import RuledCommand

__all__ = ["SECTIONS", "Command", "places_of"]

SECTIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Input and output",
        (
            *("output", "format", "fields", "n-best", "lines", "top", "jsonl"),
            *("json", "html", "bare", "sentences", "list", "limit"),
        ),
        (
            *("scores", "jsonl-field", "tsv-column", "encoding-errors", "hyp-field", "ref-field"),
            *("tabs", "sort", "digits", "tree", "evidence"),
            *("alignments", "alignments-file", "token-level", "attention", "log-probs"),
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
        "Sheets",
        ("kind", "annotators", "items", "overlap", "scale", "documents", "control"),
        ("seed",),
    ),
    (
        "Metrics",
        ("metric", "task", "lowercase"),
        ("metric-file", "tokenize", "spm", "stem", "rouge-words", "idf", "baseline"),
    ),
    (
        "Comparisons and gates",
        ("confidence", "compare", "fail-under", "no-worse-than", "passing-only"),
        (
            *("marks", "baseline-json", "by-document", "document-column"),
            *("by", "significant", "resamples", "trials", "seed"),
        ),
    ),
    (
        "Model",
        ("model", "from", "to", "yes", "quantization", "name", "force", "accept-license"),
        (
            "via",
            "from-default",
            "offline",
            "registry",
            "revision",
            "keep-checkpoint",
            "tokens",
            "target-tokenizer",
            "onnx",
            "long-inputs",
            "shortlist",
            "encoder",
            "layer",
        ),
    ),
    (
        "Search",
        ("beam", "max-length"),
        (
            *("length-penalty", "patience", "coverage-penalty", "min-length", "no-repeat-ngram"),
            *("repetition-penalty", "suppress", "no-unk", "prefix", "prefix-file"),
            *("rerank", "candidates"),
            *("search", "sample", "temperature", "top-k", "top-p", "seed"),
            *("alternatives", "at"),
        ),
    ),
    (
        "Server",
        ("host", "port", "unix", "detach", "memory-limit", "api-key-file"),
        (
            *("max-chars", "max-file-size", "request-timeout", "rate-limit"),
            *("concurrency", "queue", "cors"),
        ),
    ),
    (
        "Placeholders, terms and checks",
        ("protection", "glossary", "guard"),
        ("protect", "replace-unknowns", "min-confidence", "min-quality", "quality-model", "below"),
    ),
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
        (
            *("device", "rounds", "seconds", "tune", "forget"),
            *("report", "quiet", "verbose"),
        ),
        (
            *("threads", "device-index", "compute-type", "batch-tokens", "on", "address"),
            *("workers", "server"),
            *("cpus-per-worker", "gpus-per-worker", "no-progress", "signature"),
        ),
    ),
)
# A command with fewer options than this shows them all, in one list.
FEW = 12
ALL = "s2scli.help-all"  # in the context: everything is shown


def _show_all(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        ctx.meta[ALL] = True
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


class Command(RuledCommand):
    """A command whose help has sections, and whose options without effect are refused.

    Args:
        shown: options that its ``--help`` shows although that of others does not.
    """

    def __init__(self, *args: Any, shown: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        for param in self.params:
            if isinstance(param.type, click.Path):
                param.type.readable = False  # what opens it says so, with its own exit code
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
        places = places_of({long_name(option) for option, _ in self._records(ctx)})
        for option, record in self._records(ctx):
            title, rare = places.get(long_name(option), (titles[-1], False))
            rare = rare and long_name(option) not in self.shown
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


def places_of(names: set[str]) -> dict[str, tuple[str, bool]]:
    """Options → their section, and whether they are rare. Where two sections have one, it stands in
    that of which the command has more."""
    found: dict[str, tuple[str, bool]] = {}
    for title, common, few in sorted(SECTIONS, key=lambda s: len(names.intersection(s[1] + s[2]))):
        found |= {
            name: (title, rare) for row, rare in ((common, False), (few, True)) for name in row
        }
    return found


def _short(option: click.Parameter, text: str) -> str:
    """The help without the range of numbers, which ``--help-all`` and errors tell."""
    if isinstance(option.type, click.IntRange | click.FloatRange):
        described = option.type._describe_range()
        text = text.replace(f"  [{described}]", "").replace(f"; {described}]", "]")
    return text
