"""Which documents a command reads, how, and where what it makes of them goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.console import Console
from s2scli.cli.files import STDIN
from s2scli.cli.monitors import first_of
from s2scli.cli.numbers import Whole
from s2scli.cli.options import OptionGroup, group
from s2scli.cli.unused import Given
from s2scli.documents import FORMATS, SUBTITLE_WIDTHS, UNITS
from s2scli.errors import UsageError
from s2scli.text.reading import GZIP_NAME

if TYPE_CHECKING:
    from s2scli.tasks.folder import Plan
    from s2scli.tasks.tree import Destination
    from s2scli.text.reading import Read

__all__ = [
    "FolderOptions",
    "TreeOptions",
    "find_documents",
    "folder_options",
    "has_form",
    "has_forms",
    "names_documents",
    "names_one_document",
    "say_skipped",
    "tree_options",
]

SHARD = r"([0-9]{1,6})/([0-9]{1,6})"
NAMED_KINDS = 5  # of files that are left out


class TreeOptions(OptionGroup):
    """Which documents, and what of them is text."""

    files_from: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    hidden: bool
    ignore_file: str | None
    input_format: str | None
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    shard: tuple[int, int] | None
    fail_fast: bool


class FolderOptions(OptionGroup):
    """How documents are translated, and where their translations go."""

    unit: str
    overwrite: bool
    subtitle_width: int
    sheet_names: bool
    anchors: bool
    memory: Path | None
    suffix: str
    in_place: bool

    def destination(
        self, inputs: Sequence[str], output: Path | None, tree: TreeOptions
    ) -> Destination:
        """Where translations go.

        Raises:
            UsageError: nowhere, or to two places.
        """
        from s2scli.tasks.tree import Destination

        if output is not None and names_one_document(inputs, output, tree):
            return Destination(file=output)
        return Destination.of(output, self.suffix, in_place=self.in_place)


def _shard(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
    """Which part of how many, from ``3/8``."""
    if value is None:
        return None
    match = re.fullmatch(SHARD, value)
    part, parts = map(int, match.groups()) if match else (0, 0)
    if not 0 < part <= parts:
        raise click.BadParameter(f"{value!r} is not a shard; write I/N, for example 1/4")
    return part, parts


tree_options = group(
    "tree",
    TreeOptions,
    click.option(
        "--files-from",
        type=click.Path(),
        metavar="LIST",
        help="List of input files and folders, one per line, or with NUL.",
    ),
    click.option(
        "--include",
        type=click.Path(),
        multiple=True,
        metavar="PATTERN",
        help="In folders: take only what matches; repeatable.",
    ),
    click.option(
        "--exclude",
        type=click.Path(),
        multiple=True,
        metavar="PATTERN",
        help="In folders: skip what matches; repeatable.",
    ),
    click.option("--hidden", is_flag=True, help="In folders: include names that begin with a dot."),
    click.option(
        "--ignore-file",
        type=click.Path(),
        metavar="NAME",
        help="In folders: honour ignore files with this name, such as .gitignore.",
    ),
    click.option(
        "--input-format",
        type=click.Choice(tuple(FORMATS)),
        metavar="FORMAT",
        help="Treat all documents as this format.  [default: by extension]",
    ),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="COLUMN",
        help="Column to translate in tables, by name or number; repeatable.  [default: all]",
    ),
    click.option(
        "--field",
        "fields",
        multiple=True,
        metavar="PATH",
        help="Values to translate in JSON, YAML, TOML, INI and properties, such as "
        "items.title; repeatable.  [default: all strings]",
    ),
    click.option(
        "--shard",
        metavar="I/N",
        callback=_shard,
        help="Process only part I of N, to split a job over N runs.",
    ),
    click.option("--fail-fast", is_flag=True, help="End at the first document that fails."),
)

folder_options = group(
    "folder",
    FolderOptions,
    click.option(
        "--unit",
        type=click.Choice(UNITS),
        default=UNITS[0],
        show_default=True,
        help="Unit of translation for text files; line wrapping is kept.",
    ),
    click.option(
        "--overwrite",
        is_flag=True,
        help="Translate messages again that have a translation (PO, XLIFF, Qt, Xcode, CSV).",
    ),
    click.option(
        "--subtitle-width",
        type=Whole(*SUBTITLE_WIDTHS),
        default=42,
        show_default=True,
        help="Maximum characters per subtitle line.",
    ),
    click.option(
        "--sheet-names",
        is_flag=True,
        help="Translate names of sheets in XLSX; formulas and links follow.",
    ),
    click.option(
        "--anchors/--no-anchors",
        default=True,
        show_default=True,
        help="Keep old anchors of Markdown and AsciiDoc headings that links of the run point to.",
    ),
    click.option(
        "--memory",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Translation memory: reuse and add translations.",
    ),
    click.option(
        "--suffix",
        type=click.Path(),
        default="",
        metavar="SUFFIX",
        help="Insert before the extension: .de makes a.txt a.de.txt.",
    ),
    click.option(
        "--in-place",
        is_flag=True,
        help="Replace the sources; keep them as NAME.bak.",
    ),
)


def names_documents(inputs: Sequence[str], output: Path | None, tree: TreeOptions) -> bool:
    """Whether the inputs are documents, each with an output of its own, and no lines."""
    return bool(
        tree.files_from
        or tree.input_format
        or tree.shard
        or any(name != STDIN and ("://" in name or Path(name).is_dir()) for name in inputs)
        or (output is not None and (not isinstance(output, Path) or output.is_dir()))
    )


def has_forms(
    given: Given,
    inputs: Sequence[str],
    output: Path | None,
    tree: TreeOptions,
    lines_only: Sequence[str],
) -> bool:
    """Whether files that are more than lines of text are to become others of their kinds.

    Raises:
        UsageError: one is to become a file of another kind, which its lines would not be.
    """
    if output is None or str(output) == STDIN or not inputs or given.says(*lines_only):
        return False
    if (len(inputs) > 1 or not output.suffix) and all(map(has_form, inputs)):
        return True
    if names_one_document(inputs, output, tree):
        return True
    for name in inputs:
        if (plain := name.removesuffix(GZIP_NAME)) != name and has_form(plain):
            raise UsageError(f"{name} is a packed document", f"Unpack it first: gunzip {name}")
    for name in filter(has_form, inputs):
        raise UsageError(
            f"{name} is a formatted document; {output} has another format",
            "Give -o a name with the same extension, or a folder; for its bare lines: "
            f"s2s translate < {name}",
        )
    return False


def names_one_document(inputs: Sequence[str], output: Path | None, tree: TreeOptions) -> bool:
    """Whether a document is to become another of its kind, and not each of its lines a line."""
    if output is None or len(inputs) != 1 or output.is_dir():
        return False
    from s2scli.tasks.tree import is_of_kind

    source = Path(inputs[0])
    if tree.input_format:  # then the source's name says nothing
        from s2scli.documents import format_of

        is_alike = output.suffix == source.suffix != ""
        return not source.is_dir() and (is_alike or format_of(output) == tree.input_format)
    if not has_form(inputs[0]):
        return False
    return is_of_kind(output, source)


def has_form(name: str) -> bool:
    """Whether a name is of a document that is more than lines of text."""
    from s2scli.documents import format_of

    return name != STDIN and format_of(Path(name)) not in (None, "text")


def find_documents(
    inputs: Sequence[str], tree: TreeOptions, destination: Destination, console: Console
) -> Plan:
    """The documents that the inputs name; what is left out is said.

    Raises:
        UsageError: there is nowhere to write to, or an input is not a document.
        MissingInputError: an input does not exist.
        BadInputError: a file that is named has an unknown format.
    """
    if str(destination.output) == STDIN:
        raise UsageError(
            "Documents are not written to standard output (-o -)",
            "Give -o a folder; for one named -, write ./-",
        )
    from s2scli.tasks.folder import Plan
    from s2scli.tasks.tree import Selection

    names = [*inputs, *_listed(tree.files_from)]
    if STDIN in names or not (names or tree.files_from):
        raise UsageError("Standard input is not a document", "Name files and folders.")
    selection = Selection(
        tree.include, tree.exclude, tree.hidden, tree.input_format, tree.ignore_file
    )
    plan = Plan.of(names, selection, destination, tree.shard)
    hidden = [] if tree.hidden else [path for path in plan.left_out if path.name.startswith(".")]
    shown = [path for path in plan.left_out if tree.hidden or not path.name.startswith(".")]
    files = [path for path in shown if path.is_file()]
    twice = [path for path in shown if path.is_dir()]
    odd = [path for path in shown if not (path.is_file() or path.is_dir())]
    say_skipped(hidden, "hidden names (--hidden takes them)", console)
    say_skipped(files, "files in unsupported formats", console)
    say_skipped(odd, "what is no file (links to nothing, pipes)", console)
    say_skipped(twice, "links to folders that are gone through anyway", console)
    says = Given(click.get_current_context()).says("ignore_file")
    if says and tree.ignore_file and not _has_file(names, tree.ignore_file):
        console.warn(f"no folder has an ignore file called {tree.ignore_file}")
    if destination.in_place:
        _say_links(plan, console)
    return plan


def _say_links(plan: Plan, console: Console) -> None:
    """Say which documents that are replaced have other names, which do not change with them."""
    links = [job.name for job in plan.jobs if job.source.is_symlink()]
    if links:
        console.say(f"note: links that become files: {len(links)} ({first_of(links, NAMED_KINDS)})")
    names = [job.name for job in plan.jobs if job.source.lstat().st_nlink > 1]
    if names:
        console.say(
            "note: files with other names (hard links), under which the text stays: "
            f"{len(names)} ({first_of(names, NAMED_KINDS)})"
        )


def say_skipped(paths: Sequence[Path], what: str, console: Console) -> None:
    """Say how many files of a folder a run passes by, and of which kinds, most of them first.

    Args:
        paths: the files.
        what: what they are.
        console: where to say it.
    """
    if paths:
        kinds = Counter(path.suffix.lower() or path.name for path in paths)
        named = first_of([kind for kind, _ in kinds.most_common()], NAMED_KINDS)
        console.say(f"note: skipped {what}: {len(paths)} ({named})")


def _has_file(inputs: Sequence[str], name: str) -> bool:
    """Whether a folder among the inputs, or one in it, has a file of a name."""
    from glob import escape

    from s2scli.disk.places import place

    folders = (path for path in map(place, inputs) if path.is_dir())
    return any(any(folder.rglob(escape(name))) for folder in folders)


def _listed(name: str | None) -> Iterator[str]:
    """The names in a list; each ends with a line end, or with NUL as ``find -print0`` writes it."""
    if name is None:
        return
    from s2scli.cli.files import open_inputs
    from s2scli.text.reading import text_of

    for called, read in open_inputs([name]):
        text = text_of(called, _unended(read))
        yield from (line.rstrip("\r") for line in text.split("\n") if line.strip())


def _unended(read: Read) -> Read:
    """The bytes of a list with line ends for NUL."""
    return lambda: read().replace(b"\0", b"\n")
