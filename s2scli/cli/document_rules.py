"""When the options of documents count: with documents, with folders, with files of some formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from s2scli.cli.files import STDIN
from s2scli.cli.folder_options import TreeOptions, names_one_document
from s2scli.cli.options import OptionGroup
from s2scli.cli.unused import Given, Rule
from s2scli.documents import BEGINNING, format_of, found_format
from s2scli.errors import BadInputError
from s2scli.text.reading import GZIP_NAME

if TYPE_CHECKING:
    from s2scli.cli.console import Console
    from s2scli.tasks.tree import DocumentJob

__all__ = ["FORMATS_WITH", "document_rules", "note_lines", "note_unused"]

# Option → the formats that it is for.
FORMATS_WITH: dict[str, tuple[str, ...]] = {
    "unit": ("text", "pdf"),
    "overwrite": ("po", "xliff", "ts", "xcstrings", "csv", "tsv"),
    "subtitle_width": ("srt", "vtt", "ass"),
    "sheet_names": ("xlsx",),
    "anchors": ("markdown", "mdx", "ipynb", "asciidoc"),
    "columns": ("csv", "tsv", "xlsx", "ods", "fodt"),
    "fields": ("json", "jsonl", "arb", "yaml", "toml", "ini", "properties"),
}
# What says on its own that documents are meant.
SELECTING = ("files_from", "input_format", "shard", "suffix", "in_place")
# Files with markup, of no format that is known: as lines, their tags would be translated too.
FOREIGN = (
    *(".tex", ".latex", ".rtf", ".texi", ".texinfo", ".pod", ".org", ".textile"),
    *(".wiki", ".mediawiki", ".man", ".fb2", ".dbk", ".docbook", ".dita", ".ditamap", ".svg"),
    *(".xml", ".plist", ".tmx", ".tbx", ".sdlxliff", ".mqxliff", ".txlf", ".json5"),
    *(".ttml", ".dfxp", ".itt", ".sbv", ".lrc", ".smi", ".sami", ".stl", ".scc", ".sub"),
    *(".php", ".vue", ".svelte", ".twig", ".liquid", ".hbs", ".njk", ".erb", ".js", ".tsx"),
    *(".jsx", ".astro", ".ejs", ".pug", ".haml", ".j2", ".jinja", ".mustache", ".handlebars"),
    *(".opml", ".rss", ".atom", ".ics", ".vcf", ".bib", ".kml"),
    *(".typ", ".dj", ".gmi", ".t2t", ".creole", ".dokuwiki", ".rdoc", ".rnw", ".lyx", ".bbcode"),
    *(".roff", ".troff", ".nroff", ".mdoc", ".scd", ".sgml", ".jsp", ".cshtml", ".mjml", ".slim"),
)
# Manual pages, by what they begin with where their name ends with a section: a log may be ``a.1``.
_SECTION = r"\.[1-9](?:[a-z]{1,3})?"
_MANUAL = rb"\s*(?:[.']\s*\\\"|\.(?:TH|Dd|SH|so)\s)"
OF_FOLDERS = ("include", "exclude", "hidden", "ignore_file")


def document_rules(
    is_documents: Callable[[Given], bool], lines_only: Sequence[str], *groups: type[OptionGroup]
) -> tuple[Rule, ...]:
    """The rules of a command that reads lines, or documents.

    Args:
        is_documents: whether it is documents that are read.
        lines_only: the options that are for anything else.
        groups: the groups of options that are for documents.
    """
    named = [name for group in groups for name in group.names()]
    return (
        Rule(
            tuple(name for name in named if name not in SELECTING),
            is_documents,
            "is for documents",
            "Name a folder, or -o FOLDER or --input-format.",
        ),
        Rule(
            tuple(lines_only),
            lambda given: not is_documents(given),
            "is for lines, not for documents",
        ),
        Rule(OF_FOLDERS, _has_folders, "is for folders, and no input is one"),
        *(
            Rule((name,), _has_format(formats), f"is for {_named(formats)} documents")
            for name, formats in FORMATS_WITH.items()
            if name in named
        ),
    )


DESTINATION_RULES = (
    Rule(
        ("suffix", "in_place"),
        lambda given: not _is_one_document(given),
        "has no effect with -o FILE, which names the translation",
    ),
)


def note_unused(given: Given, jobs: Sequence[DocumentJob], console: Console) -> None:
    """Say which options are for formats that no document found in the folders has.

    That is no error: the next run may find some.
    """
    found = {job.format for job in jobs}
    for name, formats in FORMATS_WITH.items():
        if jobs and name in given and given.says(name) and not found.intersection(formats):
            console.say(
                f"note: {given.option(name)} does nothing here: "
                f"no {_named(formats, 'or')} document was found"
            )


def note_lines(names: Sequence[str], console: Console, records: Sequence[str] = ()) -> None:
    """Say which files are read as lines, though more than their lines is in them.

    Args:
        names: the files.
        console: where it is said.
        records: the formats whose lines are read as what they are.

    Raises:
        BadInputError: one has markup that nothing would keep, for its format is not known.
    """
    for name in names:
        path = Path(name.removesuffix(GZIP_NAME))
        if name != STDIN and _is_foreign(Path(name), path):
            raise BadInputError(
                f"{name} has markup of a format that is not known, and would be broken",
                "Convert it to one that is known (see the list of document formats). Without its "
                "markup in mind it is read with --input-format text and -o FOLDER, or from "
                "standard input.",
            )
        form = format_of(path) if name != STDIN else None
        if form not in (None, "text", *records):
            unpacked = ", once it is unpacked," if name.endswith(GZIP_NAME) else ""
            console.say(
                f"note: {name} is read line by line, its markup as text. "
                f"Its form is kept{unpacked} with --suffix, or -o and a folder or a name with its "
                "extension, if no option is for lines alone (such as --n-best)."
            )


def _is_foreign(place: Path, path: Path) -> bool:
    """Whether a file has markup of a format that is not known.

    Args:
        place: where it is.
        path: the same without what says that it is packed.
    """
    import gzip

    suffix = path.suffix.lower()
    if suffix in FOREIGN:
        return not found_format(path)
    if not re.fullmatch(_SECTION, suffix):
        return False
    try:
        if not place.is_file():  # what comes through a pipe comes once
            return False
        with place.open("rb") if place == path else gzip.open(place) as file:
            return bool(re.match(_MANUAL, file.read(BEGINNING)))
    except (OSError, EOFError):
        return False  # which is said when it is read


def _named(formats: Sequence[str], word: str = "and") -> str:
    *others, last = formats
    return f"{', '.join(others)} {word} {last}" if others else last


def _has_folders(given: Given) -> bool:
    return bool(given["files_from"]) or any(map(_may_be_folder, given["inputs"]))


def _may_be_folder(name: str) -> bool:
    return name != STDIN and ("://" in name or Path(name).is_dir())


def _has_format(formats: Sequence[str]) -> Callable[[Given], bool]:
    def counts(given: Given) -> bool:
        """Whether a document may have one of the formats, as far as that is known by now."""
        return not set(_formats(given)).isdisjoint(formats)

    return counts


def _formats(given: Given) -> Iterator[str | None]:
    if given["input_format"]:
        yield given["input_format"]
    elif _has_folders(given):
        yield from (one for several in FORMATS_WITH.values() for one in several)
    else:
        yield from (format_of(Path(name)) for name in given["inputs"])


def _is_one_document(given: Given) -> bool:
    tree = TreeOptions(given)
    return names_one_document(given["inputs"], given["output"], tree)
