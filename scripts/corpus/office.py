"""Documents from the Python libraries that write Office files and books."""

from __future__ import annotations

import io
from datetime import datetime, timezone
from typing import Any

from corpus.tools import SOURCES, library, save, scratch

__all__ = ["ebooklib", "odfpy", "python_docx", "python_pptx", "reports"]

DAY = datetime(2024, 3, 1, 9, tzinfo=timezone.utc)
PIXEL = SOURCES / "pixel.png"


def saved(name: str, document: Any) -> None:
    """Save what can write itself to a stream."""
    stream = io.BytesIO()
    document.save(stream)
    save(name, stream.getvalue())


def slim(*tables: Any) -> None:
    """Take from relations what the template holds and no reader needs: 20 KB of a file."""
    for relations in tables:
        for identifier, relation in list(relations.items()):
            if relation.reltype.endswith(("/thumbnail", "/stylesWithEffects", "/printerSettings")):
                relations.pop(identifier)


def docx_runs(document: Any) -> None:
    """A sentence in many runs, a picture within a line, breaks and tabs."""
    document.add_heading("Under the stage", 1)
    line = document.add_paragraph("The prompter whispers ")
    line.add_run("every").bold = True
    line.add_run(" ").bold = True
    line.add_run("li").italic = True
    line.add_run("ne").italic = True
    line.add_run(", and no one ")
    line.add_run("in the hall").underline = True
    line.add_run(" hears her.")
    line = document.add_paragraph("First act:\ttwenty minutes\nSecond act:\tforty, ")
    line.add_run().add_picture(str(PIXEL))
    line.add_run(" with the interval.")
    small = document.add_paragraph().add_run("No refunds after the curtain has risen")
    small.font.small_caps = True
    document.add_page_break()
    document.add_paragraph("The end.", style="Intense Quote")


def docx_table(document: Any) -> None:
    """A table with joined cells and a table within a cell."""
    document.add_paragraph("Who rings which bell on Sunday?", style="Title")
    table = document.add_table(rows=3, cols=3, style="Light Grid Accent 1")
    for cell, text in zip(table.rows[0].cells, ("Bell", "Weight", "Ringer"), strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(1, 2)).text = "The great bell rings only at Easter."
    table.cell(2, 0).text = "Little Anne"
    inner = table.cell(2, 1).add_table(1, 2)
    inner.cell(0, 0).text = "90 kg"
    inner.cell(0, 1).text = "cracked in 1911"
    table.cell(2, 2).paragraphs[0].add_run("Vacant").bold = True
    table.cell(2, 2).add_paragraph("Apply at the vestry.", style="List Bullet")


def docx_header(document: Any) -> None:
    """Headers and footers that differ on the first page, and two sections."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "The Cyclists' Club of the Valley"
    section.header.paragraphs[0].text = "Club news\tMarch\tpage two and after"
    section.footer.paragraphs[0].add_run("Printed on paper made of old maps.").italic = True
    document.add_paragraph("Dear members, the ride to the lake begins at seven.")
    second = document.add_section()
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "Supplement"
    for text in ("Pump up your tyres.", "Oil the chain.", "Bring a spare tube."):
        document.add_paragraph(text, style="List Number")


def docx_comments(document: Any) -> None:
    """A comment on part of a paragraph."""
    document.core_properties.title = "Draft of the menu"
    line = document.add_paragraph("Soup of the day, ")
    run = line.add_run("served with bread")
    line.add_run(", and a pear.")
    document.add_comment(run, "Rye bread, or whatever is left?", author="Reader", initials="R")


def python_docx() -> None:
    """What python-docx writes from its own template."""
    docx = library("docx")
    for write in (docx_runs, docx_table, docx_header, docx_comments):
        document = docx.Document()
        properties = document.core_properties
        properties.author, properties.comments, properties.created = "", "", DAY
        properties.modified = DAY
        write(document)
        slim(document.part.package.rels, document.part.rels)
        saved(f"python-docx-{write.__name__.partition('_')[2]}.docx", document)


def pptx_text(deck: Any) -> None:
    """A title, levels of bullets, runs and notes."""
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "How to read a map"
    frame = slide.placeholders[1].text_frame
    frame.text = "North is up, "
    frame.paragraphs[0].add_run().text = "mostly"
    frame.paragraphs[0].runs[1].font.bold = True
    below = frame.add_paragraph()
    below.text = "Old maps put the east there"
    below.level = 1
    link = frame.add_paragraph().add_run()
    link.text = "See the collection"
    link.hyperlink.address = "https://example.org/maps"
    slide.notes_slide.notes_text_frame.text = (
        "Hold the map the wrong way round.\nWait for laughter."
    )


def pptx_table(deck: Any) -> None:
    """A table and a grouped shape."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Scales\vand distances"
    table = slide.shapes.add_table(2, 2, 0, 2000000, 6000000, 900000).table
    for place, text in enumerate(("Scale", "A mile is", "1 : 63 360", "exactly an inch")):
        table.cell(*divmod(place, 2)).text = text
    group = slide.shapes.add_group_shape()
    box = group.shapes.add_textbox(0, 4000000, 3000000, 500000)
    box.text_frame.text = "A box within a group"
    shape = slide.shapes.add_shape(1, 4000000, 4000000, 3000000, 500000)
    shape.text_frame.text = "A plain rectangle"
    shape.name = "Rectangle with text"


def pptx_chart(deck: Any) -> None:
    """A chart, whose numbers lie in a workbook within, and a picture with a description."""
    data = library("pptx.chart.data").CategoryChartData()
    data.categories = ["Walkers", "Cyclists"]
    data.add_series("Maps sold", (112, 87))
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_chart(51, 0, 0, 5000000, 3000000, data)
    picture = slide.shapes.add_picture(str(PIXEL), 0, 0)
    picture._element.nvPicPr.cNvPr.set("descr", "A compass, too small to see")


def python_pptx() -> None:
    """What python-pptx writes from its own template, without the layouts that are not used."""
    pptx = library("pptx")
    for write in (pptx_text, pptx_table, pptx_chart):
        deck = pptx.Presentation()
        properties = deck.core_properties
        properties.author = properties.last_modified_by = ""
        properties.title, properties.modified = "", DAY
        write(deck)
        used = {slide.slide_layout.name for slide in deck.slides}
        for layout in list(deck.slide_layouts):
            if layout.name not in used:
                deck.slide_layouts.remove(layout)
        slim(deck.part.package._rels, deck.part.rels)
        saved(f"python-pptx-{write.__name__.partition('_')[2]}.pptx", deck)


def odfpy() -> None:
    """Two texts by odfpy: one with spans and a note, one with a table."""
    text, style = library("odf.text"), library("odf.style")
    opendocument, table = library("odf.opendocument"), library("odf.table")
    document = opendocument.OpenDocumentText()
    bold = style.Style(name="Strong", family="text")
    bold.addElement(style.TextProperties(fontweight="bold"))
    document.automaticstyles.addElement(bold)
    document.text.addElement(text.H(outlinelevel=1, text="The stationmaster's cat"))
    line = text.P(text="She meets ")
    line.addElement(text.Span(stylename=bold, text="every train"))
    line.addText(" but the last")
    note = text.Note(noteclass="footnote", id="n1")
    note.addElement(text.NoteCitation(text="1"))
    body = text.NoteBody()
    body.addElement(text.P(text="By then she sleeps on the timetable."))
    note.addElement(body)
    line.addElement(note)
    line.addText(", and knows the ")
    line.addElement(text.A(href="https://example.org/guards", text="guards"))
    line.addText(" by name.")
    document.text.addElement(line)
    saved("odfpy-notes.odt", document)

    document = opendocument.OpenDocumentText()
    grid = table.Table(name="Diet")
    grid.addElement(table.TableColumn(numbercolumnsrepeated=2))
    for row in (("Monday", "Milk and a little fish"), ("Tuesday", "What the guards bring")):
        line = table.TableRow()
        for content in row:
            cell = table.TableCell()
            cell.addElement(text.P(text=content))
            line.addElement(cell)
        grid.addElement(line)
    document.text.addElement(grid)
    items = text.List()
    for content in ("She does not like smoke.", "She likes the signal lamp."):
        item = text.ListItem()
        item.addElement(text.P(text=content))
        items.addElement(item)
    document.text.addElement(items)
    saved("odfpy-table.odt", document)


def ebooklib() -> None:
    """A book by EbookLib, with both tables of contents, and one with notes at the end."""
    epub = library("ebooklib.epub")
    pages = {
        "salt": [
            (
                "Salt",
                "<p>The <b>salt carts</b> came in May.</p><p>Nobody heard them: it rained.</p>",
            ),
            ("Pepper", "<p>Pepper came <i>in a pocket</i>, and cost a horse.</p>"),
        ],
        "notes": [
            (
                "The ferry",
                '<p>It sank twice<a epub:type="noteref" href="#n1">1</a>, with one captain.</p>'
                '<aside epub:type="footnote" id="n1"><p>In 1871 and in 1874.</p></aside>',
            )
        ],
    }
    for name, chapters in pages.items():
        book = epub.EpubBook()
        book.set_identifier(f"urn:example:{name}")
        book.set_title("A small history of " + ("trade" if name == "salt" else "water"))
        book.set_language("en")
        items = []
        for number, (title, body) in enumerate(chapters):
            item = epub.EpubHtml(title=title, file_name=f"chapter{number}.xhtml", lang="en")
            item.content = f"<h1>{title}</h1>{body}"
            book.add_item(item)
            items.append(item)
        book.toc = items
        book.spine = ["nav", *items]
        book.add_item(epub.EpubNcx())
        book.add_item(epub.EpubNav())
        with scratch() as folder:
            epub.write_epub(str(folder / "book.epub"), book, {"mtime": DAY})
            save(f"ebooklib-{name}.epub", (folder / "book.epub").read_bytes())


def reports() -> None:
    """A page of PDF each by ReportLab and by fpdf2, with the fonts that every reader has."""
    canvas = library("reportlab.pdfgen.canvas")
    stream = io.BytesIO()
    page = canvas.Canvas(stream, invariant=True)
    page.setTitle("Rules of the swimming bath")
    page.drawString(72, 760, "Shower before you swim. Do not run on the tiles;")
    page.drawString(72, 745, "they are older and harder than you.")
    page.showPage()
    page.drawString(72, 760, "Second page: children under six swim with an adult.")
    page.save()
    save("reportlab-rules.pdf", stream.getvalue())

    pdf = library("fpdf").FPDF()
    pdf.set_creation_date(DAY)
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    pdf.multi_cell(
        0, 6, "The bath closes at eight. Whoever is still in the water then stays in it."
    )
    pdf.set_font("Helvetica", style="B", size=12)
    pdf.cell(0, 10, "No exceptions!")
    save("fpdf2-closing.pdf", bytes(pdf.output()))
