"""Workbooks from the Python libraries that write them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

from corpus.tools import SOURCES, library, save

__all__ = ["openpyxl", "xlsxwriter"]

DAY = datetime(2024, 3, 1, 9)
PIXEL = SOURCES / "pixel.png"
TIDES = [
    ("Harbour", "High water", "Metres", "Remark"),
    ("Old port", DAY, 4.2, "The mole is under water then."),
    ("New port", DAY, 3.9, "Ferries leave an hour before."),
    ("Island", DAY, 4.5, ""),
]


def cells(book: Any) -> None:
    """Values of all kinds, a merged title, a formula, text in other scripts."""
    sheet = book.active
    sheet.title = "Tides of March"
    sheet.merge_cells("A1:D1")
    sheet["A1"] = "When the water is high"
    for row in TIDES:
        sheet.append(row)
    sheet.append(["Mean", None, "=AVERAGE(C3:C5)", '=IF(C6>4,"Mind the steps","All is dry")'])
    sheet.append([True, 0.25, "#N/A", "Grüße & 一切 <nothing>"])
    sheet["C3"].number_format = '0.0" metres"'
    book.create_sheet("Empty")
    hidden = book.create_sheet("Lists")
    hidden.append(["Old port", "New port"])
    hidden.sheet_state = "hidden"
    book.properties.title = "Tides"


def comments(book: Any) -> None:
    """Comments, links within the workbook and out of it, messages of rules."""
    comment = library("openpyxl.comments").Comment
    rule = library("openpyxl.worksheet.datavalidation").DataValidation
    sheet = book.active
    sheet["A1"] = "Ask the harbour master"
    sheet["A1"].comment = comment("Only before noon.\nHe sleeps after lunch.", "Reader")
    sheet["A2"] = "The timetable"
    sheet["A2"].hyperlink = "https://example.org/ferries"
    sheet["A3"] = "Next sheet"
    sheet["A3"].hyperlink = "#Second!A1"
    second = book.create_sheet("Second")
    second["A1"] = "Nothing here yet."
    found = rule(type="list", formula1='"yes,no"', allow_blank=True)
    found.error, found.errorTitle = "Say yes or say no.", "No answer"
    found.prompt, found.promptTitle = "Is the ferry on time?", "Ferry"
    found.add("B1")
    sheet.add_data_validation(found)
    sheet.oddHeader.center.text = "Harbour office, page &P"
    sheet.oddFooter.left.text = "Printed on old charts"


def table(book: Any) -> None:
    """A table, a chart of it, and a name."""
    sheet = book.active
    for row in TIDES:
        sheet.append(row)
    made = library("openpyxl.worksheet.table").Table(displayName="Tides", ref="A1:D4")
    sheet.add_table(made)
    sheet["F1"] = "=SUM(Tides[Metres])"
    charts = library("openpyxl.chart")
    chart = charts.BarChart()
    chart.title = "How high the water was"
    chart.add_data(charts.Reference(sheet, min_col=3, min_row=1, max_row=4), titles_from_data=True)
    sheet.add_chart(chart, "H1")
    name = library("openpyxl.workbook.defined_name").DefinedName(
        "Metres", attr_text="Sheet!$C$2:$C$4"
    )
    book.defined_names["Metres"] = name


def rich(book: Any) -> None:
    """Text of several looks in one cell."""
    module, fonts = library("openpyxl.cell.rich_text"), library("openpyxl.cell.text")
    bold, slanted = fonts.InlineFont(b=True), fonts.InlineFont(i=True)
    block = module.TextBlock
    sheet = book.active
    sheet["A1"] = module.CellRichText("Keep to the ", block(bold, "left"), " of the buoy.")
    sheet["A2"] = module.CellRichText(block(slanted, "Never"), " after dark,\n", "says the pilot.")
    sheet["A3"] = "One line\nand another"


def openpyxl() -> None:
    """What openpyxl writes."""
    module = library("openpyxl")
    for write in (cells, comments, table, rich):
        book = module.Workbook()
        book.properties.creator = ""
        book.properties.created = book.properties.modified = DAY
        write(book)
        stream = io.BytesIO()
        book.save(stream)
        save(f"openpyxl-{write.__name__}.xlsx", stream.getvalue())


def written_rich(book: Any) -> None:
    """Runs, a text box, a picture with a description, a comment."""
    sheet = book.add_worksheet("Menu")
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    sheet.write_rich_string("A1", "Soup with ", bold, "rye", " bread and ", red, "hot", " pepper")
    sheet.write("A2", "Pear tart\n(on Sundays)", book.add_format({"text_wrap": True}))
    sheet.write_comment("A2", "Out of pears since May.")
    sheet.insert_textbox("C1", "Ask for the soup of the day.\nIt is soup.")
    sheet.insert_image("C9", str(PIXEL), {"description": "A dot of soup"})
    sheet.set_header("&LThe menu&RPage &P of &N")


def written_tables(book: Any) -> None:
    """Two tables with a row of totals, a chart on a sheet of its own, a sparkline."""
    sheet = book.add_worksheet("Apples & pears")
    for column in ("A", "F"):
        place = f"{column}1:{chr(ord(column) + 2)}4"
        columns = [
            {"header": "Fruit", "total_string": "Together"},
            {"header": "Baskets", "total_function": "sum"},
            {"header": "Price of all", "formula": f"=Fruit{column}[@Baskets]*2"},
        ]
        rows = [["Apples", 3], ["Pears", 4]]
        options = {"name": f"Fruit{column}", "columns": columns, "data": rows, "total_row": True}
        sheet.add_table(place, options)
    sheet.add_sparkline("J1", {"range": "'Apples & pears'!$B$2:$B$3"})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"name": "='Apples & pears'!$B$1", "values": "='Apples & pears'!$B$2:$B$3"})
    chart.set_title({"name": "Baskets a day"})
    chart.set_x_axis({"name": "Day of the week"})
    book.add_chartsheet("The chart").set_chart(chart)


def written_names(book: Any) -> None:
    """Formulas, names and links to other sheets, a rule and an autofilter."""
    first, second = book.add_worksheet("First sheet"), book.add_worksheet("Data")
    second.write_column("A1", ["Colour", "Red as a robin", "Blue as a tit"])
    second.autofilter("A1:A3")
    first.write_formula("A1", "=Data!A2", None, "Red as a robin")
    first.write_formula("A2", '=COUNTIF(Data!$A$1:$A$3,"*robin")', None, 1)
    first.write_url("A3", "internal:Data!A1", string="To the colours", tip="All of them")
    first.write_url("A4", "https://example.org/", string="Out of here")
    book.define_name("Colours", "=Data!$A$2:$A$3")
    first.data_validation("B1", {"validate": "list", "source": "=Data!$A$2:$A$3"})
    first.conditional_format("A1:A9", {"type": "text", "criteria": "containing", "value": "Red"})


def streamed(book: Any) -> None:
    """Strings in the sheet itself, row after row."""
    sheet = book.add_worksheet()
    for number in range(20):
        sheet.write_row(number, 0, [f"Wave {number} came in.", number, "It went out again."])


def xlsxwriter() -> None:
    """What XlsxWriter writes."""
    module = library("xlsxwriter")
    writers: dict[str, Callable[[Any], None]] = {
        "rich": written_rich,
        "tables": written_tables,
        "names": written_names,
        "streamed": streamed,
    }
    for name, write in writers.items():
        stream = io.BytesIO()
        options = {"in_memory": True, "constant_memory": name == "streamed"}
        book = module.Workbook(stream, options)
        book.set_properties({"title": "Of soup and fruit", "created": DAY})
        write(book)
        book.close()
        save(f"xlsxwriter-{name}.xlsx", stream.getvalue())
