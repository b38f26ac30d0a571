"""Document formats: what of a file is text, and the same file with other text.

``FORMATS`` is the plug point: name → "module:Class" with the methods of
``s2scli.documents.base.Format``; ``EXTENSIONS`` says which file is of which format, and ``ABOUT``
what is translated in it.

This room has what all formats share, and plain text, tables, JSON and subtitles; the others are in
``s2scli.markup``, ``s2scli.catalogues`` and ``s2scli.office``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from s2scli.errors import UsageError
from s2scli.plugs import load, suggestion

if TYPE_CHECKING:
    from s2scli.documents.base import Format, FormatOptions

__all__ = [
    "ABOUT",
    "BEGINNING",
    "EXTENSIONS",
    "FORMATS",
    "SUBTITLE_WIDTHS",
    "UNITS",
    "WRITTEN_AS",
    "format_of",
    "found_format",
    "open_format",
]

FORMATS: dict[str, str] = {
    "text": "s2scli.documents.plain:PlainText",
    "srt": "s2scli.documents.subtitles:SubRip",
    "vtt": "s2scli.documents.subtitles:WebVtt",
    "ass": "s2scli.documents.substation:SubStation",
    "po": "s2scli.catalogues.gettext:Po",
    "csv": "s2scli.documents.tables:Csv",
    "tsv": "s2scli.documents.tables:Tsv",
    "json": "s2scli.documents.jsontext:Json",
    "jsonl": "s2scli.documents.jsontext:JsonLines",
    "arb": "s2scli.catalogues.arb:Arb",
    "strings": "s2scli.catalogues.applestrings:AppleStrings",
    "stringsdict": "s2scli.catalogues.stringsdict:StringsDict",
    "xcstrings": "s2scli.catalogues.xcstrings:StringCatalog",
    "markdown": "s2scli.markup.markdown.format:Markdown",
    "ipynb": "s2scli.markup.notebook:Notebook",
    "rst": "s2scli.markup.rst.format:Rst",
    "asciidoc": "s2scli.markup.asciidoc.format:AsciiDoc",
    "mdx": "s2scli.markup.markdown.format:Mdx",
    "docx": "s2scli.office.ooxml:Docx",
    "pptx": "s2scli.office.ooxml:Pptx",
    "xlsx": "s2scli.office.sheets.format:Xlsx",
    "odt": "s2scli.office.odf:Odf",
    "odp": "s2scli.office.odf:Odf",
    "ods": "s2scli.office.odf:Odf",
    "fodt": "s2scli.office.odf:OdfXml",
    "html": "s2scli.markup.html.format:Html",
    "yaml": "s2scli.catalogues.yaml.format:Yaml",
    "resx": "s2scli.catalogues.resx:Resx",
    "ts": "s2scli.catalogues.qt:Qt",
    "ini": "s2scli.catalogues.ini:Ini",
    "toml": "s2scli.catalogues.toml:Toml",
    "fluent": "s2scli.catalogues.fluent:Fluent",
    "android": "s2scli.catalogues.android:Android",
    "properties": "s2scli.catalogues.properties:Properties",
    "pdf": "s2scli.office.pdf.format:Pdf",
    "epub": "s2scli.markup.epub:Epub",
    "xliff": "s2scli.catalogues.xliff.format:Xliff",
}
# Name → what is translated, for the documentation.
ABOUT: dict[str, str] = {
    "text": (
        "paragraphs, sentence by sentence; hard-wrapped ones are wrapped again (`--unit "
        "sentence`, `--unit line`), with the signs of `*must*` and `_can_` as markup; keys "
        "and signatures (`-----BEGIN …`), diffs, what was typed at a prompt and code between "
        "fences stay"
    ),
    "srt": (
        "sentences, also across cues; the words are divided among the cues again, the times "
        "stay; lines with what is heard (`[door opens]`), those with a speaker's name (`MAN:`) "
        "and those of a dialogue (`- Yes`, `Anna: yes`) are texts of their own (`--subtitle-width`)"
    ),
    "vtt": "as in `srt`",
    "ass": (
        "the text of events, with override tags as markup; comments, styles, drawings and "
        "lines of karaoke effects stay"
    ),
    "po": (
        "messages without a translation, and fuzzy ones, in as many forms of a plural as the "
        "header's `Plural-Forms` says, or, of a template, as the target language has; with "
        "`--overwrite` all; those in which translators write who they are stay; a file for "
        "another target language is refused"
    ),
    "csv": (
        "cells with letters, titles above the header too, strings in cells that are JSON; the "
        "header, truth values, columns of keys, IDs, addresses, names of people and firms and "
        "other languages, and rows whose `lang` or `locale` is the code of another one stay; if "
        "there is a column for the translations (`en` and `de`, `source` and `translation`), its "
        "empty cells are filled (with `--overwrite` all), and all others stay; "
        "`--column NAME`: cells in their place"
    ),
    "tsv": "as in `csv`",
    "json": (
        "strings among the values, also with comments (`//`, `/* */`) and last commas; "
        "`--field items.title`, `*` for any key; without it, one-word "
        "values that name something for programs stay (`type`, `id`, `lang` …), commands "
        "(`script: npm test`) and CSS, of files for "
        "OpenAPI, npm, JSON Schema, Kubernetes and the like all but titles and descriptions, of "
        "files of messages (Chrome, VS Code, FormatJS, go-i18n, gotext, Lingui, Lokalise, "
        "POEditor) all but the messages, and texts that stand in another language beside those of "
        "the source (`en` and "
        "`de`), and a "
        "warning says so; plurals of i18next "
        "(`day_one`, `day_other`) and of Rails (`one`, `other`) get the forms that only the "
        "target language has if the texts name their count as these do (`{{count}}`, `%{count}`); "
        "other keys that look so are named in a note"
    ),
    "jsonl": "as in `json`",
    "arb": (
        "messages, each branch of ICU plurals and choices, the plural forms too that only the "
        "target language has; `@key` metadata stays, `@@locale` is set"
    ),
    "strings": "values of Apple's strings; keys and comments stay",
    "stringsdict": (
        "formats and variations of plurals, widths and devices, the plural forms too that only "
        "the target language has; keys and `%#@variables@` stay"
    ),
    "xcstrings": (
        "a translation of each string that lacks one, with the variations of its source and the "
        "plural forms that only the target language has, in the state `needs_review`; with "
        "`--overwrite` all; stale strings and those marked not to be translated stay"
    ),
    "markdown": (
        "paragraphs, headings, list items, table cells, link titles, image texts, directives of "
        "MyST, titles and the like in metadata (before the document, or between its blocks), in "
        "shortcodes, attribute lists, components and chunks of code; code, targets, formulas, "
        "drawn tables, tags, categories and the rest of metadata and shortcodes stay, and a "
        "warning names them; "
        "headings that links of the run point to keep their old anchors (`--no-anchors` turns "
        "that off)"
    ),
    "ipynb": (
        "Markdown cells of Jupyter notebooks, as Markdown; code, raw cells, outputs and "
        "attachments stay"
    ),
    "rst": (
        "paragraphs, titles (their lines follow), list items, definitions, admonitions, "
        "descriptions of functions and the like, titles in a `toctree`, captions, entries of an "
        "index, cells (drawn tables are drawn again); code, roles other than `index`, `strong` and "
        "the like, targets, options and directives that are not known stay, but for `:alt:`, "
        "`:caption:`, `:subtitle:` and the like"
    ),
    "asciidoc": (
        "paragraphs, headings, titles of blocks, list items, terms, table cells, footnotes, "
        "entries of the index, link and image texts, captions and descriptions among the "
        "document's attributes; "
        "code, passthroughs, comments, attribute references, includes and unknown macros "
        "stay; headings that links of the run point to keep their old names "
        "(`--no-anchors` turns that off)"
    ),
    "mdx": (
        "as in `markdown`; imports, exports, expressions in braces and JSX tags stay; the "
        "text between tags is translated, and their `title`, `label`, `alt`, `placeholder`, "
        "`aria-label`, `description`, `caption` and `summary`"
    ),
    "docx": (
        "paragraphs, tables, headers, footers, notes, comments, text boxes, watermarks, charts, "
        "alternative texts, tips, words in list numbers, form fields, content controls with their "
        "data, texts in field codes (`IF`, `FILLIN`, `XE`, `TA` and others), the title, subject, "
        "keywords and description"
    ),
    "pptx": "as in `docx`, and speaker notes; of layouts and masters all but the placeholders",
    "xlsx": (
        "cells, comments, text boxes, charts, headers, messages of validation rules, captions of "
        "slicers, labels of controls; formulas, numbers, dates, defined names and filters stay (a "
        "warning names words in number formats and texts that formulas compare), columns of tables "
        "are renamed with the cells above them; columns of keys, IDs, addresses and other "
        "languages stay; `--column NAME`; `--sheet-names` for sheets, whose formulas and "
        "links follow"
    ),
    "odt": "as in `docx`",
    "odp": "as in `pptx`",
    "ods": "as in `xlsx`",
    "fodt": "OpenDocument in one XML file: as in `docx`, `pptx` and `xlsx`",
    "html": (
        "the text of blocks, of `<textarea>`, of templates, of pictures in SVG (`<title>`, "
        "`<desc>`, `<text>`), words in formulas (`<mtext>`), pages in `srcdoc` and in "
        "conditional comments (Outlook); `alt`, `title`, `placeholder`, `aria-label`, labels of "
        "buttons, descriptions for search engines, "
        "also as JSON-LD, and the like; other scripts, styles, the rest of formulas, `<code>`, "
        '`<pre>` and `translate="no"` stay, `lang` is set'
    ),
    "yaml": (
        "strings among the values (`--field`), in the style that they have; keys, numbers, "
        "dates and comments stay; names for programs and plurals as in `json`"
    ),
    "resx": (
        "values of `data` without a type or MIME type; names, comments, metadata and values of "
        "the layout (`Box.Width` = `Auto`) stay"
    ),
    "ts": (
        "messages of Qt without a translation, as many forms of a plural as the target language "
        "has; they stay `unfinished`;"
        " with `--overwrite` all; vanished ones stay; in a folder, TypeScript files are "
        "skipped"
    ),
    "ini": (
        "values (`--field section.key`); keys, sections, comments and quotes stay, and names for "
        "programs and texts in other languages (`Name[fr]`) as in `json`"
    ),
    "toml": "as in `yaml`",
    "fluent": (
        "values, attributes of messages, each variant of a selector, and of plurals those that "
        "only the target language has; placeables, comments, keys and `.accesskey` stay"
    ),
    "android": (
        "strings, items of arrays and plurals, the forms too that only the target language has; "
        "escapes, CDATA and inline elements are kept, "
        '`<xliff:g>` with its content; `translatable="false"`, references and '
        "`donottranslate.xml` stay; in a folder, only files with `<resources>`"
    ),
    "properties": "values (`--field menu.open`); keys, comments and quotes stay, and names for "
    "programs and texts in other languages as in `json`",
    "pdf": "read only (`pip install 's2scli[pdf]'`): its text, translated, is written as `.txt`; "
    "text comes in the order in which it is drawn: columns and tables that are drawn row by row "
    "are read across the columns, and the run names their pages",
    "epub": (
        "the pages, the table of contents, the book's title and description, the guide, text in "
        "SVG pictures; subjects and names stay, its language is set"
    ),
    "xliff": (
        "XLIFF 1.2 and 2: units without a translation; with `--overwrite` all; a file for "
        "another target language is refused"
    ),
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
    ".jsonc": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".arb": "arb",
    ".strings": "strings",
    ".stringsdict": "stringsdict",
    ".xcstrings": "xcstrings",
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd"), "markdown"),
    ".ipynb": "ipynb",
    ".rst": "rst",
    ".adoc": "asciidoc",
    ".asciidoc": "asciidoc",
    ".asc": "asciidoc",
    ".mdx": "mdx",
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), "docx"),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), "pptx"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xltm"), "xlsx"),
    **dict.fromkeys((".odt", ".ott"), "odt"),
    **dict.fromkeys((".odp", ".otp", ".odg", ".otg"), "odp"),
    **dict.fromkeys((".ods", ".ots"), "ods"),
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

# What of a text document is translated at once; the first is the usual one.
UNITS = ("paragraph", "sentence", "line")
SUBTITLE_WIDTHS = (10, 1000)  # characters a line, least and most

# Formats that are only read, and the extension of what is written instead.
WRITTEN_AS: dict[str, str] = {"pdf": ".txt"}

# Extensions that files of another kind have too, and what a document begins with: Qt's catalogs
# share theirs with TypeScript and with films, Android's resources with all XML, AsciiDoc with keys
# and signatures.
_PROLOG = rb"(?s:\s|<\?(?:(?!\?>).)*\?>|<!--(?:(?!-->).)*-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)*"
BEGINNINGS: dict[str, bytes] = {
    ".asc": rb"(?!-----BEGIN )",
    ".ts": rb"<\?xml|<!DOCTYPE|<TS|<!--",
    ".xml": _PROLOG + rb"<resources[\s/>]",
}
BLANK = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"
BEGINNING = 8192  # bytes: a license may stand in front


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
        if not re.match(beginning, data.lstrip(BLANK).replace(b"\0", b"")):
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
