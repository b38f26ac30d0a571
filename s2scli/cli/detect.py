"""``s2s detect``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

import click

from s2scli.cli.console import Console
from s2scli.cli.detect_output import FORMATS, DetectedText
from s2scli.cli.documenttexts import document_text
from s2scli.cli.files import STDIN, Output, check_inputs, open_output
from s2scli.cli.folders import PARTLY_FAILED
from s2scli.cli.monitors import ReplacedNotice
from s2scli.cli.numbers import Real, Whole
from s2scli.cli.options import OptionGroup, encoding_option, group, output_option, quiet_option
from s2scli.cli.records import read_lines
from s2scli.cli.sections import Command
from s2scli.errors import S2SError, UsageError
from s2scli.languages.codes import find_language

__all__ = ["command"]

MOST_CANDIDATES = 10
SURE = 0.5  # as s2scli.languages.detection has it, which help needs not import


class DetectOptions(OptionGroup):
    """What a text is, and which languages count."""

    output: Path | None
    lines: bool
    format: str
    top: int
    among: tuple[str, ...]
    min_confidence: float
    encoding_errors: str


detect_options = group(
    "options",
    DetectOptions,
    output_option,
    click.option("--lines", is_flag=True, help="Tell the language of each line."),
    click.option(
        "--format",
        type=click.Choice(list(FORMATS)),
        default="text",
        show_default=True,
        help="Output format.",
    ),
    click.option(
        "--top",
        type=Whole(1, MOST_CANDIDATES),
        default=1,
        show_default=True,
        metavar="N",
        help="Show the N likeliest languages.",
    ),
    click.option(
        "--among",
        multiple=True,
        metavar="LANG",
        help="Only this language counts, and others so named; repeatable.",
    ),
    click.option(
        "--min-confidence",
        type=Real(0.0, 1.0),
        default=SURE,
        show_default=True,
        help="Below it the language is und: unknown.",
    ),
    encoding_option,
)


class _Text(NamedTuple):
    """A text and what it is called; a line is called as it reads."""

    name: str
    text: str
    is_line: bool = False


@click.command("detect", cls=Command)
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path())
@detect_options
@quiet_option
@click.pass_context
def command(
    ctx: click.Context, inputs: tuple[str, ...], options: DetectOptions, quiet: bool
) -> None:
    """Tell the language of files, standard input or the documents of folders, or of each line.

    A code and a confidence from 0 to 1 stand before each name or line; und means that the text is
    too short or could be in several languages. Nothing is downloaded.

    \b
    Examples:
      s2s detect letter.txt guide.docx docs/
      s2s detect --lines --format jsonl < mixed.txt
      s2s detect --top 3 --among no --among da --among sv notes.txt
    """
    if len(set(map(find_language, options.among))) == 1:
        raise UsageError(
            "--among needs at least two languages to choose from",
            "Repeat it: --among en --among de.",
        )
    names = inputs or (STDIN,)
    console = Console(quiet=quiet)
    replaced = ReplacedNotice()
    run = _Run(options, console, replaced)
    check_inputs([name for name in names if options.lines or not _is_folder(name)], options.output)
    with open_output(options.output) as out:
        console.hint_at_terminal(names)
        run.write(names, out)
    replaced.report(console)
    ctx.exit(PARTLY_FAILED if run.failed else 0)


def _is_folder(name: str) -> bool:
    return name != STDIN and Path(name).is_dir()


class _Run:
    """Reads texts, and writes what they are in.

    Attributes:
        failed: how many documents could not be read.
    """

    def __init__(self, options: DetectOptions, console: Console, replaced: ReplacedNotice) -> None:
        self._options = options
        self._is_alone = False
        self._console = console
        self._replaced = replaced
        self.failed = 0

    def write(self, names: Sequence[str], out: Output) -> None:
        """Write a record for each text as it comes."""
        from s2scli.languages.detection import detect

        options = self._options
        self._is_alone = len(names) == 1 and not _is_folder(names[0])
        among = options.among or None
        write = FORMATS[options.format]
        numbers = count()
        for block in self._lines(names) if options.lines else self._documents(names):
            rows = []
            for one in block:
                found = detect(one.text, among, sure=options.min_confidence)
                record = DetectedText(next(numbers), one.name, found, one.is_line)
                rows.append(write(record, options.top))
            out.write("".join(rows))

    def _lines(self, names: Sequence[str]) -> Iterator[list[_Text]]:
        for block in read_lines(names, self._options.encoding_errors, self._replaced):
            yield [_Text(line.text, line.text, is_line=True) for line in block]

    def _documents(self, names: Sequence[str]) -> Iterator[list[_Text]]:
        for name in names:
            if _is_folder(name):
                yield from self._folder(Path(name))
                continue
            with self._counting(name):
                called, text = document_text(name, self._options.encoding_errors, self._replaced)
                yield [_Text(called, text)]

    def _folder(self, folder: Path) -> Iterator[list[_Text]]:
        from s2scli.tasks.tree import Destination, Selection, jobs

        # Nothing is written there: a suffix keeps the names apart.
        for job in jobs([folder], Selection(), Destination(suffix=".detected")):
            with self._counting(str(job.source)):
                name, text = document_text(str(job.source), "strict", None)
                yield [_Text(name, text)]

    @contextmanager
    def _counting(self, name: str) -> Iterator[None]:
        """One bad document stops no other."""
        try:
            yield
        except S2SError as error:
            if self._is_alone:
                raise
            self.failed += 1
            said = str(error)
            self._console.fail(f"failed: {said if name in said else f'{name}: {said}'}")
