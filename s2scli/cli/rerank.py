"""``s2s rerank``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console
from s2scli.cli.device_options import device_option
from s2scli.cli.files import STDIN, check_inputs, open_output
from s2scli.cli.numbers import Whole
from s2scli.cli.options import output_option, quiet_option
from s2scli.cli.records import read_lines
from s2scli.cli.sections import Command
from s2scli.cli.unused import Given, Rule

if TYPE_CHECKING:
    from s2scli.tasks.rerank.lists import NbestList
    from s2scli.tasks.rerank.reranking import Reranking

__all__ = ["command"]

FORMATS = ("text", "nbest", "jsonl", "tsv")  # ``rerank_output.WRITERS`` has them
MOST = 2000


def _asks_models(given: Given) -> bool:
    """Whether a model of the task is asked, for whose languages and device there are options."""
    return any(spec.startswith(("reverse:", "ensemble:")) for spec in given["rerank"])


def _reads_sources(given: Given) -> bool:
    return _asks_models(given) or any(spec.startswith("qe:") for spec in given["rerank"])


RULES = (
    Rule(
        ("n_best",),
        lambda given: given["format"] != "text",
        "has no effect with --format text, which has the best of each list",
    ),
    Rule(
        ("source",),
        lambda given: _reads_sources(given) or given["format"] == "jsonl",
        "is for --rerank reverse, ensemble or qe, and for --format jsonl",
    ),
    Rule(
        ("source_language", "target_language", "device"),
        _asks_models,
        "is for --rerank reverse or ensemble, which load a model",
    ),
)


@click.command("rerank", cls=Command, rules=RULES)
@click.argument("name", default=STDIN, metavar="[INPUT]", type=click.Path())
@click.option(
    "--rerank",
    multiple=True,
    default=("mbr:chrf",),
    show_default=True,
    metavar="SPEC",
    help="What by: mbr:METRIC, reverse:MODEL, ensemble:MODEL,…, qe:MODEL or score (that of the "
    "list), each with =WEIGHT if not 1; repeatable.",
)
@click.option(
    "--source",
    type=click.Path(),
    metavar="FILE",
    help="Sources, one line per list.  [default: those in JSON lines]",
)
@output_option
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    default="text",
    show_default=True,
    help="Format: text (the best of each list), nbest, jsonl or tsv.",
)
@click.option("--n-best", type=Whole(1, MOST), help="Hypotheses per list.  [default: all]")
@click.option("--from", "source_language", metavar="LANG", help="Language of the sources.")
@click.option("--to", "target_language", metavar="LANG", help="Language of the hypotheses.")
@device_option
@quiet_option
def command(
    name: str,
    rerank: tuple[str, ...],
    source: str | None,
    output: Path | None,
    format: str,
    n_best: int | None,
    source_language: str | None,
    target_language: str | None,
    device: str,
    quiet: bool,
) -> None:
    """Choose the best of each n-best list of any system.

    INPUT has lists as Moses and Marian write them (0 ||| text ||| features ||| score), or JSON
    lines with "hypotheses". Out come as many lines as there are lists, in order.

    \b
    Examples:
      s2s rerank nbest.txt -o best.txt
      s2s rerank --rerank reverse:de-en=0.5 --source in.en nbest.txt
    """
    from s2scli.cli.notes import Reranked
    from s2scli.cli.rerank_output import WRITERS
    from s2scli.inference.device import place
    from s2scli.inference.shelf import ModelShelf
    from s2scli.tasks.rerank.lists import ranked
    from s2scli.tasks.rerank.reranking import Reranking
    from s2scli.tasks.rerank.step import note_of

    names = [name, *filter(None, [source])]
    check_inputs(names, output)
    shelf = ModelShelf(lambda engine: place(device, engine=engine))
    reranking = Reranking.of(rerank)
    ranker = reranking.ranker(source_language, target_language, shelf)
    unsaid = bool(reranking.models) and not (source_language or target_language)
    console, counts, write = Console(quiet=quiet), Reranked("lists"), WRITERS[format]
    with open_output(output) as out:
        console.hint_at_terminal(names)
        for block in _lists(name, source):
            if unsaid and block:
                unsaid = False
                _warn_of_ways(reranking, block, console)
            rows = []
            for each, (given, ranking) in zip(block, ranked(block, ranker), strict=True):
                note = note_of(given, ranking)
                counts.add(note)
                rows.append(write(each, ranking, note, n_best or MOST))
            out.write("".join(rows))
    for warning in counts.warnings():
        console.warn(warning)


def _warn_of_ways(reranking: Reranking, lists: Sequence[NbestList], console: Console) -> None:
    """Say which models seem to go the wrong way."""
    from s2scli.tasks.rerank.direction import wrong_ways

    for warning in wrong_ways(reranking, lists):
        console.warn(warning)


def _lists(name: str, source: str | None) -> Iterator[list[NbestList]]:
    """The lists of an input, with their sources if there is a file of them."""
    from s2scli.tasks.rerank.lists import read_lists, with_sources

    blocks = read_lists(read_lines([name]))
    if source is None:
        return blocks
    texts = (line.text for block in read_lines([source]) for line in block)
    return with_sources(blocks, texts, source)
