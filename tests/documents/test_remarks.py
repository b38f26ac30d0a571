"""What is said of texts that stay in the source language."""

from __future__ import annotations

import json

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from s2scli.office.literals import formula_texts, remark
from tests.documents.office import package

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(cells: str, more: str = "") -> bytes:
    """A workbook of one sheet."""
    overrides = "".join(
        f'<Override PartName="/{name}.xml" ContentType="{TYPES}.{kind}+xml"/>'
        for name, kind in (("xl/workbook", "sheet.main"), ("xl/sheet", "worksheet"))
    )
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return package(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}">{overrides}</Types>',
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}"><sheets/></workbook>',
            "xl/sheet.xml": f'<worksheet xmlns="{SHEET}"><sheetData><row>{cells}</row></sheetData>'
            f"{more}</worksheet>",
        }
    )


def cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (workbook(cell("Yes")), ""),
        (workbook("<c><f>SUM(A1:A2)</f></c>" + cell("Yes")), ""),
        (workbook('<c><f>A1&amp;", "</f></c>' + cell("Yes")), ""),
        (workbook('<c><f>A1&amp;" of "</f></c>' + cell("Yes")), "language: 1."),
        (workbook('<c><f>IF(A1="Yes",1,0)</f></c>' + cell("yes ")), "other results: 'yes'."),
        (
            workbook(cell("No"), '<dataValidation><formula1>"Yes,No"</formula1></dataValidation>'),
            "other results: 'No'.",
        ),
    ],
)
def test_texts_in_formulas(data: bytes, said: str) -> None:
    remarks = read_document(open_format("xlsx", FormatOptions()), "f", data).remarks
    assert len(remarks) == bool(said)
    assert "".join(remarks).endswith(said)


@pytest.mark.parametrize(
    "formula", ['"of:=IF([.A1]=&quot;Yes&quot;;1;0)"', "'of:=IF([.A1]=\"Yes\";1;0)'"]
)
def test_texts_in_formulas_of_opendocument(formula: str) -> None:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    data = (
        f"<office:document {spaces}><table:table-cell table:formula={formula}/>"
        "<text:p>Yes</text:p></office:document>"
    )
    document = read_document(open_format("fodt", FormatOptions()), "f", data.encode())
    assert len(document.slots) == 1
    assert "other results: 'Yes'" in document.remarks[0]


def test_several_texts_in_formulas() -> None:
    quoted = formula_texts(['IF(A1="a ""b""", "x", "1")', '"c"&"d"'])
    assert quoted == ['a "b"', "x", "c", "d"]
    assert remark([], ["a"]) == []
    assert remark(list("abcdefg"), "gfedcbaa")[0].endswith("and 2 more.")


@pytest.mark.parametrize(
    ("kind", "data", "place"),
    [
        ("json", b'{"a": "One",\n"b": "Half \\ud83d of it"}', "line 2."),
        ("jsonl", b'{"a": "One"}\n{"b": "Half \\ud83d of it"}\n', "line 2."),
        ("arb", b'{"a": "One", "b": "Half \\ud83d of it"}', "line 1."),
    ],
)
def test_half_of_a_character(kind: str, data: bytes, place: str) -> None:
    document = read_document(open_format(kind, FormatOptions()), "f", data)
    assert [slot.text for slot in document.slots] == ["One"]
    assert document.left == 1
    assert document.remarks[0].endswith(place)
    assert b"".join(document.written([Target("Eins")])) == data.replace(b"One", b"Eins")


def test_many_halves_of_characters() -> None:
    data = json.dumps(["Half \ud83d of it"] * 9, indent=0).encode()
    (said,) = read_document(open_format("json", FormatOptions()), "f", data).remarks
    assert said.endswith("lines 2, 3, 4, 5, 6 and 4 more.")


def test_half_of_a_character_in_a_notebook() -> None:
    cells = [{"cell_type": "markdown", "source": [text]} for text in ("One", "Half \ud83d of it")]
    data = json.dumps({"nbformat": 4, "cells": cells}).encode()
    document = read_document(open_format("ipynb", FormatOptions()), "f", data)
    assert [slot.text for slot in document.slots] == ["One"]
    assert (document.left, len(document.remarks)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Öl".encode(), "It is UTF-8: have it say so."),
        (b"\xd6l \x81", "iconv -f ISO-8859-1 -t UTF-8 a.po > NEW"),
        (b"\xd6l \x80", "iconv -f WINDOWS-1252 -t UTF-8 a.po > NEW"),
    ],
)
def test_another_encoding_than_it_says(text: bytes, advice: str) -> None:
    head = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=EUC-JP\\n"\n\n'
    with pytest.raises(BadInputError) as caught:
        read_document(
            open_format("po", FormatOptions()), "a.po", head + b'msgid "' + text + b'"\nmsgstr ""\n'
        )
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    ("table", "target", "said"),
    [
        ("=====  =====\nOne    Two\n=====  =====\nThree  Four\n=====  =====\n", "eins", 0),
        ("=====  =====\nOne    Two\n=====  =====\nThree  Four\n=====  =====\n", "a\tb", 4),
        ("+---------+\n| One\ttwo |\n+---------+\n", "eins", 1),
        ("=== ===\n1   2\n=== ===\n", "eins", 0),
    ],
)
def test_drawn_tables_that_stay(table: str, target: str, said: int) -> None:
    document = read_document(open_format("rst", FormatOptions()), "f", f"One\n\n{table}".encode())
    targets = [Target(target if number else "Eins") for number in range(len(document.slots))]
    new = b"".join(document.written(targets)).decode()
    assert new.startswith("Eins\n")
    assert document.left == said
    assert [remark[-7:] for remark in document.remarks] == ["line 3."] * bool(said)
    assert new.endswith(table) == (said > 0 or len(targets) == 1)


HALVES: dict[str, tuple[str, str]] = {
    "data in a page": (
        "html",
        '<p>Yes.</p><script type="application/ld+json">{"name": "No \\ud83d no"}</script>',
    ),
    "data in a page in a page": (
        "html",
        "<p>Yes.</p><iframe srcdoc=\"<script type='application/ld+json'>"
        '{&quot;name&quot;: &quot;No \\ud83d no&quot;}</script>"></iframe>',
    ),
    "a page in Markdown": (
        "markdown",
        "Yes.\n\n<iframe srcdoc=\"<script type='application/ld+json'>"
        '{&quot;name&quot;: &quot;No \\ud83d no&quot;}</script>"></iframe>\n',
    ),
}


@pytest.mark.parametrize("name", HALVES)
def test_what_is_left_in_a_document_within_a_document_counts(name: str) -> None:
    format_, text = HALVES[name]
    document = read_document(open_format(format_, FormatOptions()), "f", text.encode())
    texts = [slot.text for slot in document.slots]
    assert (texts, document.left) == (["Yes."], 1), document.remarks
    written = document.written([Target("Ja.")])
    assert b"".join(written) == text.replace("Yes.", "Ja.").encode()
    assert document.left == 1  # also after it was written
