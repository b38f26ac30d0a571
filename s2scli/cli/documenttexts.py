"""The bare texts of documents of all formats."""

from __future__ import annotations

from pathlib import Path

from s2scli.cli.files import open_inputs
from s2scli.cli.folder_options import has_form
from s2scli.cli.records import whole_texts
from s2scli.text.reading import Replaced

__all__ = ["document_text"]


def document_text(name: str, errors: str, replaced: Replaced | None = None) -> tuple[str, str]:
    """What a file is called and its text, without its markup if it has a form of its own.

    Raises:
        BadInputError: it is binary, not UTF-8, no document of its format, or holds half of a
            character.
        UnavailableError: what reads its format is not installed.
    """
    if not has_form(name):
        return next(whole_texts([name], errors, replaced))
    from s2scli.documents import format_of, open_format
    from s2scli.documents.base import FormatOptions
    from s2scli.documents.reading import read_document

    data = b"".join(data for _, read in open_inputs([name]) for data in iter(read, b""))
    form = open_format(str(format_of(Path(name))), FormatOptions())
    return name, read_document(form, name, data).read_whole(name)
