"""Columns of plain text: what parts them, and blanks that part nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Source, Target
from s2scli.documents.filling import Document
from s2scli.text.gaps import gaps

EVEN = (
    "This is a paragraph with justified   text that has been stretched by\n"
    "blanks, as  old programs  did it in order  to get even  margins, all\n"
    "of one length.\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Name    of the thing\n", ["Name", "of the thing"]),
        ("one   two\nthree  four\n", ["one", "two", "three  four"]),
        ("-v      tell more\n--help  show this\n", ["-v", "tell more", "--help", "show this"]),
        ("ab  the first\ncd  the second\n", ["ab", "the first", "cd", "the second"]),
        ("ab\tthe first\ncd\tthe second\n", ["ab", "the first", "cd", "the second"]),
        (EVEN, [" ".join(EVEN.split())]),
        ("The end.  And so\non it goes.  And on.\n", ["The end. And so on it goes. And on."]),
        ("-   an item that goes on\n  here\n", ["an item that goes on here"]),
        (">   a text that goes on\n>   here\n", ["a text that goes on here"]),
        ("1.   one\n2.   two\n", ["one", "two"]),
        ("a  b\n", ["a  b"]),
    ],
)  # fmt: skip
def test_columns_are_texts_of_their_own(text: str, expected: list[str]) -> None:
    for unit in ("paragraph", "sentence"):
        form = open_format("text", FormatOptions(unit=unit))
        found = [" ".join(slot.text.split()) for slot in form.slots(Source("f", text))]
        joined = [" ".join(one.split()) for one in expected]
        assert found == joined or (unit == "sentence" and " ".join(found) == " ".join(joined))


@given(st.lists(st.text(st.sampled_from("ab .\t-"), max_size=30), max_size=8))
def test_all_but_the_words_stays(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = gaps([line.rstrip() for line in lines])
    assert len(found) == len(lines)
    for line, spans in zip(lines, found, strict=True):
        for start, end in spans:
            assert line[start:end].isspace()
            assert not line[start - 1].isspace()
            assert not line[end].isspace()
    document = Document.of(open_format("text", FormatOptions()), Source("f", text))
    targets = [Target(slot.text.upper()) for slot in document.slots]
    new = b"".join(document.written(targets)).decode()
    assert new.lower().split() == text.split()
