"""Documents from LibreOffice and pandoc, converted from those in ``sources``."""

from __future__ import annotations

from pathlib import Path

from corpus.tools import SOURCES, run, save, scratch

__all__ = ["libreoffice", "pandoc"]

TEXTS = ("changes", "fields", "frames", "header", "languages", "notes", "table", "toc")
PAGES = ("page", "newsletter")
DECKS = ("barrel", "choir", "owl", "welcome")
# Extension → export filter of LibreOffice → what it converts. HTML opens in Writer/Web, which can
# export less, unless it is told to open in Writer.
OFFICE: dict[str, tuple[str, tuple[str, ...]]] = {
    "docx": ("MS Word 2007 XML", TEXTS + PAGES),
    "odt": ("writer8", TEXTS + PAGES),
    "epub": ("EPUB", ("frames", "languages", "notes", "table", "toc")),
    "html": ("HTML (StarWriter)", ("fields", "frames", "notes", "table", "page")),
    "pdf": ("writer_pdf_Export", ("frames", "header", "languages", "notes", "table")),
    "txt": ("Text (encoded):UTF8,LF,,,", ("notes", "table", "toc")),
    "pptx": ("Impress MS PowerPoint 2007 XML", DECKS),
}
SHEETS = {
    "csv": "Text - txt - csv (StarCalc):44,34,76,1",
    "tsv": "Text - txt - csv (StarCalc):9,34,76,1",
}
# A picture of the first page is no part of what is tested, and is half of a small document.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Save/Document">
<prop oor:name="GenerateThumbnail" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""

# Written by pandoc: source → (name of the result, format, further options).
BOOKISH = ("footnotes", "tables", "lists", "code", "links", "scripts")
PANDOC: list[tuple[str, str, str, tuple[str, ...]]] = [
    *((name, f"{name}.docx", "docx", ()) for name in BOOKISH),
    ("changes", "changes.docx", "docx", ("--track-changes=all",)),
    *((name, f"{name}.odt", "odt", ()) for name in BOOKISH),
    *((name, f"{name}.epub", "epub3", ()) for name in ("footnotes", "links", "scripts")),
    ("book", "book-epub2.epub", "epub2", ("--epub-chapter-level=2",)),
    ("book", "book-epub3.epub", "epub3", ("--toc",)),
    ("slides", "slides.pptx", "pptx", ()),
    ("lists", "lists.pptx", "pptx", ("--slide-level=1",)),
    ("footnotes", "footnotes.html", "html5", ("--standalone",)),
    ("code", "code-mathml.html", "html5", ("--standalone", "--mathml")),
    ("tables", "tables-html4.html", "html4", ()),
    ("links", "links-embedded.html", "html5", ("--self-contained",)),
    ("slides", "slides-slidy.html", "slidy", ()),
    ("footnotes", "footnotes-gfm.md", "gfm", ()),
    ("lists", "lists-gfm.md", "gfm", ()),
    ("tables", "tables-gfm.md", "gfm", ()),
    ("links", "links-commonmark.md", "commonmark", ()),
    ("lists", "lists-commonmark.md", "commonmark_x", ()),
    ("code", "code-markdown.md", "markdown", ("--standalone",)),
    ("book", "book-multimarkdown.md", "markdown_mmd", ("--standalone",)),
    ("tables", "tables-phpextra.md", "markdown_phpextra", ()),
    ("links", "links-reference.md", "markdown", ("--reference-links", "--wrap=none")),
    ("letter", "letter.txt", "plain", ()),
    ("book", "book.txt", "plain", ("--columns=50",)),
    ("tables", "tables-nowrap.txt", "plain", ("--wrap=none",)),
]


def libreoffice() -> None:
    """Everything that LibreOffice writes, with a profile of its own that knows no user."""
    with scratch() as folder:
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS)
        office = ("soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless")

        def convert(paths: list[Path], *options: str) -> None:
            run(*office, *options, "--outdir", folder, *paths)
            for path in paths:
                made = (folder / path.name).with_suffix("." + options[-1].partition(":")[0])
                save(f"libreoffice-{made.name}", made.read_bytes())

        for extension, (export, names) in OFFICE.items():
            target = f"{extension}:{export}"
            flat = ".fodp" if extension == "pptx" else ".fodt"
            own = [SOURCES / f"{name}{flat}" for name in names if name not in PAGES]
            web = [SOURCES / f"{name}.html" for name in names if name in PAGES]
            convert(own, "--convert-to", target)
            if web:
                convert(web, "--infilter=HTML (StarWriter)", "--convert-to", target)
        for extension, export in SHEETS.items():
            convert([SOURCES / "stock.fods"], "--convert-to", f"{extension}:{export}")


def pandoc() -> None:
    """Everything that pandoc writes."""
    with scratch() as folder:
        for source, name, written, options in PANDOC:
            made = folder / name
            path = SOURCES / f"{source}.md"
            run("pandoc", "-f", "markdown", path, "-t", written, "-o", made, *options, cwd=SOURCES)
            save(f"pandoc-{name}", made.read_bytes())
