"""Which document each segment is of, in all the ways in which that is written."""

from __future__ import annotations

import pytest

from s2scli.errors import BadInputError, S2SError, UsageError
from s2scli.tasks.score_documents import document_numbers, read_documents

SGML = """<refset setid="newstest" srclang="any" trglang="de">
<doc sysid="ref" docid="bbc.1" genre="news" origlang="en">
<p>
<seg id="1">One</seg>
<seg id="2">Two</seg>
</p>
</doc>
<DOC docid='cnn.2'>
<seg id="1">Three</seg>
</DOC>
</refset>
"""
XML = """<?xml version='1.0' encoding='utf-8'?>
<dataset id="wmt21"><doc origlang="en" id="a"><src lang="en"><p><seg id="1">x</seg></p>
<p><seg id="2">y</seg></p></src><ref lang="de" translator="A"><p><seg id="1">X</seg>
<seg id="2">Y</seg></p></ref></doc><doc id="b"><src><seg id="1">z</seg></src>
<hyp system="s"><seg id="1">Z</seg></hyp></doc></dataset>
"""


@pytest.mark.parametrize(
    ("content", "column", "expected"),
    [
        ("a\na\nb\n", None, ["a", "a", "b"]),
        ("a\r\na\r\nb", None, ["a", "a", "b"]),
        ("b\na\nb\n", None, ["b", "a", "b"]),
        ("One\nTwo\n\nThree\n", None, ["1", "1", "2"]),
        ("\n\nOne\n\n\nTwo\nThree\n\n", None, ["1", "2", "2"]),
        (SGML, None, ["bbc.1", "bbc.1", "cnn.2"]),
        (XML, None, ["a", "a", "b"]),
        ("\ufeffx\ty\n1\ta\n2\ta\n3\tb\n", "y", ["a", "a", "b"]),
        ("x\ty\n1\ta\n2\ta\n3\tb\n", "2", ["a", "a", "b"]),
        ("1\ta\n2\ta\n3\tb\n", "2", ["a", "a", "b"]),
        ('{"doc": "a"}\n{"doc": "a"}\n{"doc": "b"}\n', "doc", ["a", "a", "b"]),
        ('{"m": {"d": 7}}\n{"m": {"d": 7}}\n{"m": {"d": 8}}\n', "m.d", ["7", "7", "8"]),
    ],
)
def test_ids(content: str, column: str | None, expected: list[str]) -> None:
    assert read_documents("ids", column, 3, lambda _: content.encode()) == expected


@pytest.mark.parametrize(
    ("content", "column", "error", "said"),
    [
        ("a\nb\n", None, BadInputError, "document ids for 2 segments, HYPOTHESES has 3"),
        ("", None, BadInputError, "for 0 segments"),
        ("", "1", BadInputError, "for 0 segments"),
        ("a\n\nb\n", None, BadInputError, "segment 2 has no document id"),
        ("a\na\na\n", None, BadInputError, "all segments are of one document, 'a'"),
        ("1\ta\n2\ta\n3\tb\n", None, UsageError, "is a table. Name the column"),
        ("x\ty\n1\ta\n2\ta\n3\tb\n", "z", BadInputError, "no column 'z'. Its first line is: x, y"),
        ("1\ta\n2\ta\n3\tb\n", "0", BadInputError, "segment 1 has no column 0"),
        ("1\ta\n2\n3\tb\n", "2", BadInputError, "segment 2 has no column 2"),
        ('{"doc": "a"}\n', "id", BadInputError, "--document-column"),
        ('{"doc": "a"}\n', None, UsageError, "is JSON lines. Name the key"),
        ('{"doc": true}\n', "doc", BadInputError, "line 1: the field 'doc' is no text"),
        (SGML.replace("<seg", "<s"), None, BadInputError, "for 0 segments"),
    ],
)
def test_what_does_not_fit(
    content: str, column: str | None, error: type[S2SError], said: str
) -> None:
    with pytest.raises(error) as caught:
        read_documents("ids", column, 3, lambda _: content.encode())
    assert said in f"{caught.value.message}. {caught.value.advice}"


def test_numbers() -> None:
    assert document_numbers(["b", "a", "b", "c"]) == [0, 1, 0, 2]
