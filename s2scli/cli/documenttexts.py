"""The bare texts of documents of all formats."""

from __future__ import annotations

from pathlib import Path

from s2scli.cli.console import Console
from s2scli.cli.files import open_inputs
from s2scli.cli.folder_options import has_form
from s2scli.cli.records import whole_texts
from s2scli.text.reading import GZIP_NAME, Replaced, unpacked

__all__ = ["document_text"]


def document_text(
    name: str,
    errors: str,
    replaced: Replaced | None = None,
    console: Console | None = None,
) -> tuple[str, str]:
    """What a file is called and its text, without its markup if it has a form of its own.

    Args:
        name: of the file; packed by gzip or not.
        errors: what becomes of what is not UTF-8 in a text; see ``read_text``.
        replaced: told of the first place in which something was replaced.
        console: where it is said what of a document is not read as it is seen.

    Raises:
        BadInputError: it is binary, not UTF-8, no document of its format, or holds half of a
            character.
        UnavailableError: what reads its format is not installed.
    """
    plain = name.removesuffix(GZIP_NAME)
    if not has_form(plain):
        return next(whole_texts([name], errors, replaced))
    from s2scli.documents import WRITTEN_AS, format_of, open_format
    from s2scli.documents.base import FormatOptions
    from s2scli.documents.reading import read_document

    data = b"".join(
        data
        for _, read in open_inputs([name])
        for data in iter(read if plain == name else unpacked(name, read), b"")
    )
    kind = str(format_of(Path(plain)))
    document = read_document(open_format(kind, FormatOptions()), name, data)
    if console and kind in WRITTEN_AS:
        for remark in document.remarks:
            console.warn(f"{name}: {remark}")
    return name, document.read_whole(name)
