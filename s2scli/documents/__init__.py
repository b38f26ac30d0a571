"""Document formats: what of a file is text, and the same file with other text.

``FORMATS`` is the plug point: name → "module:Class" with the methods of
``s2scli.documents.base.Format``; ``EXTENSIONS`` says which file is of which format.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from s2scli.errors import UsageError
from s2scli.plugs import load, suggestion

if TYPE_CHECKING:
    from s2scli.documents.base import Format, FormatOptions

__all__ = ["EXTENSIONS", "FORMATS", "WRITTEN_AS", "format_of", "found_format", "open_format"]

FORMATS: dict[str, str] = {
    "text": "s2scli.documents.plain:PlainText",
    "srt": "s2scli.documents.subtitles:SubRip",
    "vtt": "s2scli.documents.subtitles:WebVtt",
    "ass": "s2scli.documents.substation:SubStation",
    "po": "s2scli.documents.gettext:Po",
    "csv": "s2scli.documents.tables:Csv",
    "tsv": "s2scli.documents.tables:Tsv",
    "json": "s2scli.documents.jsontext:Json",
    "jsonl": "s2scli.documents.jsontext:JsonLines",
    "arb": "s2scli.documents.arb:Arb",
    "strings": "s2scli.documents.applestrings:AppleStrings",
    "stringsdict": "s2scli.documents.stringsdict:StringsDict",
    "xcstrings": "s2scli.documents.xcstrings:StringCatalog",
    "markdown": "s2scli.documents.markdown.format:Markdown",
    "ipynb": "s2scli.documents.notebook:Notebook",
    "rst": "s2scli.documents.rst.format:Rst",
    "mdx": "s2scli.documents.markdown.format:Mdx",
    "docx": "s2scli.documents.office.ooxml:Docx",
    "pptx": "s2scli.documents.office.ooxml:Pptx",
    "xlsx": "s2scli.documents.sheets.format:Xlsx",
    "odt": "s2scli.documents.office.odf:Odf",
    "odp": "s2scli.documents.office.odf:Odf",
    "ods": "s2scli.documents.office.odf:Odf",
    "fodt": "s2scli.documents.office.odf:OdfXml",
    "html": "s2scli.documents.html.format:Html",
    "yaml": "s2scli.documents.yaml.format:Yaml",
    "resx": "s2scli.documents.resx:Resx",
    "ts": "s2scli.documents.qt:Qt",
    "ini": "s2scli.documents.ini:Ini",
    "toml": "s2scli.documents.toml:Toml",
    "fluent": "s2scli.documents.fluent:Fluent",
    "android": "s2scli.documents.android:Android",
    "properties": "s2scli.documents.properties:Properties",
    "pdf": "s2scli.documents.pdf.format:Pdf",
    "epub": "s2scli.documents.epub:Epub",
    "xliff": "s2scli.documents.xliff.format:Xliff",
}
EXTENSIONS: dict[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".srt": "srt",
    ".vtt": "vtt",
    ".ass": "ass",
    ".ssa": "ass",
    ".po": "po",
    ".pot": "po",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".arb": "arb",
    ".strings": "strings",
    ".stringsdict": "stringsdict",
    ".xcstrings": "xcstrings",
    ".md": "markdown",
    ".markdown": "markdown",
    ".ipynb": "ipynb",
    ".rst": "rst",
    ".mdx": "mdx",
    ".docx": "docx",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".odt": "odt",
    ".odp": "odp",
    ".ods": "ods",
    ".fodt": "fodt",
    ".fodp": "fodt",
    ".fods": "fodt",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".resx": "resx",
    ".resw": "resx",
    ".ts": "ts",
    ".ini": "ini",
    ".toml": "toml",
    ".ftl": "fluent",
    ".xml": "android",
    ".properties": "properties",
    ".pdf": "pdf",
    ".epub": "epub",
    ".xlf": "xliff",
    ".xliff": "xliff",
}

# Formats that are only read, and the extension of what is written instead.
WRITTEN_AS: dict[str, str] = {"pdf": ".txt"}

# Extensions that files of another kind have too, and what a document begins with: Qt's catalogs
# share theirs with TypeScript and with films, Android's resources with all XML.
_PROLOG = rb"(?:\s|<\?(?:(?!\?>).)*\?>|<!--(?:(?!-->).)*-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)*"
BEGINNINGS: dict[str, re.Pattern[bytes]] = {
    ".ts": re.compile(rb"<\?xml|<!DOCTYPE|<TS|<!--"),
    ".xml": re.compile(_PROLOG + rb"<resources[\s/>]", re.DOTALL),
}
BLANK = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"
BEGINNING = 8192  # bytes: a licence may stand in front


def format_of(path: Path) -> str | None:
    """The format of a file by its extension; None if it has none that is known."""
    return EXTENSIONS.get(path.suffix.lower())


def found_format(path: Path) -> str | None:
    """The format of a file of a folder: by its extension, and by its beginning where need be."""
    found = format_of(path)
    beginning = BEGINNINGS.get(path.suffix.lower()) if found else None
    if beginning:
        try:
            with path.open("rb") as file:
                data = file.read(BEGINNING)
        except OSError:
            return found  # which is said when it is opened
        if not beginning.match(data.lstrip(BLANK).replace(b"\0", b"")):
            return None
    return found


def open_format(name: str, options: FormatOptions) -> Format:
    """A format, ready to parse.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in FORMATS:
        raise UsageError(f"There is no document format {name!r}", suggestion(name, FORMATS))
    found: Format = load(FORMATS[name])(options)
    return found
