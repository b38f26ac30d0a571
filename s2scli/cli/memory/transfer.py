"""``s2s memory export`` and ``import``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console
from s2scli.cli.files import STDIN, check_inputs, open_inputs, open_output
from s2scli.cli.memory.options import (
    Choice,
    choice_options,
    file_argument,
    language,
    language_options,
)
from s2scli.cli.memory.rows import json_rows, tsv_rows, tsv_units
from s2scli.cli.options import output_option, quiet_option
from s2scli.cli.records import kind_of, read_lines
from s2scli.cli.sections import Command
from s2scli.errors import UsageError
from s2scli.text.reading import unpacked

if TYPE_CHECKING:
    from s2scli.memory.entries import Added, TranslationUnit

__all__ = ["export", "import_"]

TMX, TSV, JSONL = "tmx", "tsv", "jsonl"
WRITTEN_AT_ONCE = 1 << 16  # characters


@click.command("export", cls=Command)
@file_argument
@output_option
@click.option(
    "--format",
    "format_",
    type=click.Choice([TMX, TSV, JSONL]),
    help="Output format: tmx for other tools, tsv for tables, jsonl for all details.  [default: "
    "by extension, or tmx]",
)
@choice_options
@quiet_option
def export(
    file: Path, output: Path | None, format_: str | None, choice: Choice, quiet: bool
) -> None:
    """Write the entries of a memory as TMX 1.4b, tab-separated values or JSON lines.

    \b
    Examples:
      s2s memory export acme.memory -o acme.tmx
      s2s memory export acme.memory --format tsv --from en --to de
    """
    from s2scli.memory.entries import entries, holdings
    from s2scli.memory.memory import memory_file
    from s2scli.memory.tmx import TmxWriter

    selection = choice.selection()
    with ExitStack() as stack:
        database = stack.enter_context(memory_file(file))
        held = list(holdings(database, selection))
        if not held:
            Console(quiet=quiet).warn("no entries are written, for none is chosen")
        sources = {holding.origin.source_language for holding in held}
        writer = TmxWriter(sources.pop() if len(sources) == 1 else "")
        writers = {TMX: writer.written, TSV: tsv_rows, JSONL: json_rows}
        by_name = output.suffix.casefold().removeprefix(".") if output else ""
        rows = writers[format_] if format_ else writers.get(by_name, writer.written)
        out = stack.enter_context(open_output(output))
        for text in _joined(rows(entries(database, selection))):
            out.write(text)
    if writer.dropped:
        Console(quiet=quiet).warn(
            f"characters that XML cannot hold and were left out: {writer.dropped:,}"
        )


def _joined(pieces: Iterator[str]) -> Iterator[str]:
    """Texts of a size that is worth a write."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > WRITTEN_AT_ONCE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


@click.command("import", cls=Command)
@file_argument
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path())
@click.option(
    "--format",
    "format_",
    type=click.Choice([TMX, TSV]),
    help="Format of the inputs.  [default: by extension]",
)
@click.option("--name", help="Name of the import.  [default: name of the input]")
@language_options[0]
@language_options[1]
@quiet_option
def import_(
    file: Path,
    inputs: tuple[str, ...],
    format_: str | None,
    name: str | None,
    source_language: str | None,
    target_language: str | None,
    quiet: bool,
) -> None:
    """Add people's translations to a memory; create it if it does not exist.

    They are used for every model, before translations of models. A line of TSV has source and
    target, then their languages (or give --from and --to); a tab, line break or backslash in a text
    is \\t, \\n, \\\\. Each input is added completely or not at all.

    \b
    Examples:
      s2s memory import acme.memory old-project.tmx
      s2s memory import acme.memory terms.tsv --from en --to de --name terms
    """
    from s2scli.memory.entries import add, with_lines
    from s2scli.memory.memory import memory_file
    from s2scli.tasks.memoryunits import with_markup

    check_inputs(inputs, None)
    formats = [format_ or _format(given) for given in inputs]
    pair = language(source_language), language(target_language)
    said = Console(quiet=quiet)
    with memory_file(file, create=True) as database:
        for given, form in zip(inputs, formats, strict=True):
            left_out: Counter[str] = Counter()
            read = _tmx if form == TMX else _tsv
            called = name or ("stdin" if given == STDIN else Path(given).stem)
            units = with_markup(with_lines(read(given, *pair, left_out)))
            added = add(database, called, units)
            if added.replaced:
                left_out["translations of texts that have another one later"] += added.replaced
            _report(said, given, added, left_out)


def _format(name: str) -> str:
    for form in (TMX, TSV):
        if kind_of(name).casefold() == f".{form}":
            return form
    raise UsageError(f"Cannot tell whether {name} is TMX or TSV", "Choose with --format.")


def _tmx(name: str, source: str, target: str, left_out: Counter[str]) -> Iterator[TranslationUnit]:
    from s2scli.memory.tmx import TmxReader

    for called, read in open_inputs([name]):
        chunks = iter(unpacked(called, read), b"")
        yield from TmxReader(called, source, target, left_out).units(chunks)


def _tsv(name: str, source: str, target: str, left_out: Counter[str]) -> Iterator[TranslationUnit]:
    lines = read_lines([name])
    return tsv_units(name, lines, source, target, left_out)


def _report(said: Console, name: str, added: Added, left_out: Counter[str]) -> None:
    said.say(f"{name}: entries read: {added.taken:,}, of these new: {added.new:,}")
    for reason, number in left_out.items():
        said.say(f"{name}: left out: {number:,} {reason}")
