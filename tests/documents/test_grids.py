"""Sheets of workbooks: columns of keys and of other languages stay, in XLSX and OpenDocument."""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from tests.documents.office import package

X = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
Rows = list[list[str]]
KINDS = ("xlsx", "ods", "fodt")


def xlsx(*sheets: Rows) -> bytes:
    """A workbook whose cells share their strings."""
    strings = list(dict.fromkeys(cell for rows in sheets for row in rows for cell in row if cell))
    parts = {f"xl/s{number}.xml": rows for number, rows in enumerate(sheets)}
    types = {"xl/workbook.xml": "sheet.main", "xl/strings.xml": "sharedStrings"}
    types |= dict.fromkeys(parts, "worksheet")
    overrides = (
        f'<Override PartName="/{part}" ContentType="{TYPES}{type_}+xml"/>'
        for part, type_ in types.items()
    )
    listed = "".join(f'<sheet name="S{n}" r:id="r{n}"/>' for n in range(len(sheets)))
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    members = {
        "[Content_Types].xml": "<Types xmlns="
        '"http://schemas.openxmlformats.org/package/2006/content-types">'
        f"{''.join(overrides)}</Types>",
        "xl/workbook.xml": f'<workbook xmlns="{X}" xmlns:r="{R}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/strings.xml": f'<sst xmlns="{X}" uniqueCount="{len(strings)}">{shared}</sst>',
    }
    for part, rows in parts.items():
        cells = (
            f"<row>{''.join(_cell(r, c, text, strings) for c, text in enumerate(row))}</row>"
            for r, row in enumerate(rows)
        )
        members[part] = (
            f'<worksheet xmlns="{X}"><sheetData>{"".join(cells)}</sheetData></worksheet>'
        )
    return package(members)


def _cell(row: int, column: int, text: str, strings: list[str]) -> str:
    place = f'r="{chr(65 + column)}{row + 1}"'
    return f'<c {place} t="s"><v>{strings.index(text)}</v></c>' if text else f"<c {place}/>"


def content(*sheets: Rows) -> str:
    """The content of an OpenDocument sheet."""
    tables = "".join(
        "<table:table>"
        + "".join(
            "<table:table-row>"
            + "".join(
                f"<table:table-cell><text:p>{escape(text)}</text:p></table:table-cell>"
                if text
                else '<table:table-cell table:number-columns-repeated="1"/>'
                for text in row
            )
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for rows in sheets
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table")
    )
    return (
        f"<office:document{spaces}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document>"
    )


def made(kind: str, *sheets: Rows) -> bytes:
    if kind == "xlsx":
        return xlsx(*sheets)
    text = content(*sheets)
    if kind == "fodt":
        return text.encode()
    return package(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": text}
    )


def read(kind: str, *sheets: Rows, columns: tuple[str, ...] = ()) -> Document:
    options = FormatOptions(source_language="en", target_language="de", columns=columns)
    return read_document(open_format(kind, options), "f", made(kind, *sheets))


def after(kind: str, *sheets: Rows, columns: tuple[str, ...] = ()) -> list[Rows]:
    """What cells say when every text is in capital letters."""
    document = read(kind, *sheets, columns=columns)
    data = b"".join(document.written([Target(slot.text.upper()) for slot in document.slots]))
    if kind == "fodt":
        return _tables(data.decode())
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        if kind == "ods":
            return _tables(file.read("content.xml").decode())
        strings = re.findall(r"<t>(.*?)</t>", file.read("xl/strings.xml").decode())
        texts = [file.read(f"xl/s{number}.xml").decode() for number in range(len(sheets))]
        assert f'uniqueCount="{len(strings)}"' in file.read("xl/strings.xml").decode()
    return [
        [
            [strings[int(number)] if number else "" for number in re.findall(_XLSX_CELL, row)]
            for row in re.findall(r"<row>(.*?)</row>", text)
        ]
        for text in texts
    ]


_XLSX_CELL = r"<c r=\S+?(?: t=\"s\"><v>(\d+)</v></c>|/>)"


def _tables(text: str) -> list[Rows]:
    return [
        [
            re.findall(r"<table:table-cell(?:><text:p>(.*?)</text:p>|[^<>]*/>)", row)
            for row in re.findall(r"<table:table-row>(.*?)</table:table-row>", table)
        ]
        for table in re.findall(r"<table:table>(.*?)</table:table>", text)
    ]


# Rows, rows with every text that is translated in capital letters, columns that are named.
CASES: list[tuple[Rows, Rows, str]] = [
    (
        [["id", "en", "de", "notes"], ["open", "Open it", "Öffne", "a b"], ["x", "open", "y", "x"]],
        [["id", "en", "de", "notes"], ["open", "OPEN IT", "Öffne", "A B"], ["x", "OPEN", "y", "X"]],
        "'id', 'de'",
    ),
    (
        [["English", "French"], ["One", "Un"]],
        [["English", "French"], ["ONE", "Un"]],
        "'French'",
    ),
    (
        [["Our goods"], [], ["SKU", "Name", "Url"], ["AB-1", "A hat", "/a b"]],
        [["OUR GOODS"], [], ["SKU", "NAME", "Url"], ["AB-1", "A HAT", "/a b"]],
        "'Url'",
    ),
    # Forms: the first column has headings of rows.
    (
        [["Date", "Monday morning"], ["Place", "Station"], ["Code", "Red"]],
        [["DATE", "MONDAY MORNING"], ["PLACE", "STATION"], ["CODE", "RED"]],
        "",
    ),
    (
        [["Color", "Size"], ["Red", "small"], ["Dark blue", "big"]],
        [["COLOR", "SIZE"], ["RED", "SMALL"], ["DARK BLUE", "BIG"]],
        "",
    ),
    # Cells that are all identifiers.
    (
        [["Where", "Text"], ["menu.open", "One"], ["btn_ok", "two"], ["itemCount", "Three"]],
        [["Where", "TEXT"], ["menu.open", "ONE"], ["btn_ok", "TWO"], ["itemCount", "THREE"]],
        "",
    ),
    (
        [["Where", "Text"], ["menu.open", "One"], ["at home", "two"], ["itemCount", "Three"]],
        [["WHERE", "TEXT"], ["MENU.OPEN", "ONE"], ["AT HOME", "TWO"], ["ITEMCOUNT", "THREE"]],
        "",
    ),
    (
        [["lang", "text"], ["en", "One two"], ["fr", "Un deux"], ["de-AT", "Eins zwei"]],
        [["lang", "TEXT"], ["en", "ONE TWO"], ["fr", "Un deux"], ["de-AT", "Eins zwei"]],
        "Rows that are said to be in another language stay: fr, de-AT",
    ),
    (
        [["language", "text"], ["English", "One two"], ["French", "A course"]],
        [["LANGUAGE", "TEXT"], ["ENGLISH", "ONE TWO"], ["FRENCH", "A COURSE"]],
        "",
    ),
    ([["ID"], ["One"], ["Two"]], [["ID"], ["ONE"], ["TWO"]], ""),
    (
        [["Text", "Sold"], ["One", "True"], ["Two", "no"], ["true"], ["False hope"]],
        [["TEXT", "SOLD"], ["ONE", "True"], ["TWO", "NO"], ["true"], ["FALSE HOPE"]],
        "",
    ),
    (
        [["text", "Status"], ["One", "on-hold"], ["Two", "Good"]],
        [["TEXT", "Status"], ["ONE", "on-hold"], ["TWO", "GOOD"]],
        "",
    ),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("rows", "expected", "named"), CASES)
def test_columns_that_stay(kind: str, rows: Rows, expected: Rows, named: str) -> None:
    assert after(kind, rows) == [expected]
    ends = [remark.rpartition("columns ")[2] for remark in read(kind, rows).remarks]
    assert ends == ([f"{named}."] if named else [])


@pytest.mark.parametrize("kind", KINDS)
def test_columns_that_are_asked_for(kind: str) -> None:
    one, other = [["id", "en"], ["a b", "One"]], [["Title"], ["x", "en"], ["One", "a b"]]
    assert after(kind, one, other, columns=("id",)) == [[["id", "en"], ["A B", "One"]], other]
    assert after(kind, one, other, columns=("en", "1"))[0] == [["id", "en"], ["A B", "ONE"]]
    with pytest.raises(BadInputError, match="no column 'x y'") as caught:
        read(kind, one, other, columns=("en", "x y"))
    assert "id, en, x" in caught.value.advice


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_changes_where_no_text_does(kind: str) -> None:
    rows = CASES[0][0]
    document = read(kind, rows)
    same = [Target(slot.text) for slot in document.slots]
    assert b"".join(document.written(same)) == made(kind, rows)


@pytest.mark.parametrize(
    "form",
    [
        't="inlineStr"><is><t>{}</t></is></c>',
        't="inlineStr"><is><t><![CDATA[{}]]></t></is></c>',
        't="inlineStr"><is><r><t>{}</t></r><r><t><!-- a --></t></r></is></c>',
        't="str"><v><![CDATA[{}]]></v></c>',
    ],
)
def test_keys_that_are_written_in_their_cells(form: str) -> None:
    data = xlsx([["id", "en"], ["open", "Open it"], ["close", "Close it"], ["save", "Save"]])
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        members = {name: file.read(name).decode() for name in file.namelist()}
    sheet = members["xl/s0.xml"]
    for row, key in enumerate(("open", "close", "save"), 2):
        found = re.search(rf'<c r="A{row}" (.*?</c>)', sheet)
        assert found
        sheet = sheet.replace(found[1], form.format(key))
    options = FormatOptions(source_language="en", target_language="de")
    data = package(members | {"xl/s0.xml": sheet})
    document = read_document(open_format("xlsx", options), "f", data)
    data = b"".join(document.written([Target(slot.text.upper()) for slot in document.slots]))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.read("xl/s0.xml").decode() == sheet
        assert "OPEN IT" in file.read("xl/strings.xml").decode()


@pytest.mark.parametrize(
    ("header", "width", "expected"),
    [
        (["id", "en"], 2, [("a b", "1"), ("A B", "1")]),
        (["en", "id"], 2, [("A B", "1"), ("a b", "1")]),
        (["x", "y", "id"], 3, [("A B", "2"), ("a b", "1")]),
        (["id", "key", "en"], 3, [("a b", "2"), ("A B", "1")]),
        (["x", "id", "y"], 3, [("A B", "1"), ("a b", "1"), ("A B", "1")]),
        (["id", "x", "key"], 3, [("a b", "1"), ("A B", "1"), ("a b", "1")]),
        (["id", "x", "y", "key", "z"], 6, [("a b", "1"), ("A B", "2"), ("a b", "1"), ("A B", "2")]),
        (
            ["id", "x", "key", "y", "uid"],
            5,
            [(x, "1") for x in ("a b", "A B", "a b", "A B", "a b")],
        ),
        (["x", "y"], 2, [("A B", "2")]),
        (["id", "key"], 2, [("a b", "2")]),
        (["id", "en"], 16384, [("a b", "1"), ("A B", "16383")]),
    ],
)
def test_a_cell_for_several_columns_of_which_some_stay(
    header: list[str], width: int, expected: list[tuple[str, str]]
) -> None:
    """LibreOffice writes cells that say the same side by side as one."""
    text = content([header, ["a b"]])
    begin, end = text.split("<table:table-cell><text:p>a b", 1)
    cell = f'<table:table-cell table:number-columns-repeated="{width}"><text:p>a b'
    form = open_format("fodt", FormatOptions(source_language="en", target_language="de"))
    document = read_document(form, "f", f"{begin}{cell}{end}".encode())
    targets = [Target(slot.text.upper()) for slot in document.slots]
    new = b"".join(document.written(targets)).decode()
    row = new.split("<table:table-row>")[2]
    found = re.findall(r'repeated="(\d+)"><text:p>(.*?)</text:p></table:table-cell>', row)
    assert [(says, count) for count, says in found] == expected
    same = [Target(slot.text) for slot in document.slots]
    assert b"".join(document.written(same)).decode() == f"{begin}{cell}{end}"


@pytest.mark.parametrize(
    ("lines", "new"),
    [
        ("<text:p>a &amp; b</text:p><text:p/><text:p>c</text:p>", True),
        ("<text:p>a <text:span>b</text:span></text:p>", False),
    ],
)
def test_the_lines_of_a_cell_that_is_written_several_times(lines: str, new: bool) -> None:
    """With markup in it, it stays; and that is said."""
    text = content([["x", "id", "y"], ["a b"]])
    cell = '<table:table-cell table:number-columns-repeated="3">'
    text = text.replace("<table:table-cell><text:p>a b</text:p>", cell + lines)
    form = open_format("fodt", FormatOptions(source_language="en", target_language="de"))
    document = read_document(form, "f", text.encode())
    assert [slot.text for slot in document.slots][2:] == (["a & b", "c"] if new else [])
    changed = b"".join(document.written([Target(slot.text.upper()) for slot in document.slots]))
    said = "Cells with markup that are written once for columns that stay and others stay: 'a b'."
    assert (said in document.remarks) is not new
    one, other = (
        f'<table:table-cell table:number-columns-repeated="1">{x}</table:table-cell>'
        for x in (lines, lines.replace("a &amp; b", "A &amp; B").replace(">c<", ">C<"))
    )
    assert (other + one + other in changed.decode()) is new
    same = document.written([Target(slot.text) for slot in document.slots])
    assert b"".join(same).decode() == text
