from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.data import Segment
from s2scli.errors import BadInputError
from s2scli.flow.lines import read_segments


def reader(data: bytes, cuts: list[int]) -> list[bytes]:
    """The data in chunks, and the end."""
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(edges)]


def segments(*files: bytes, cuts: list[int] | None = None, errors: str = "strict") -> list[Segment]:
    sources = []
    for number, data in enumerate(files, 1):
        chunks = iter([*reader(data, cuts or []), b""])
        sources.append((f"file {number}", lambda chunks=chunks: next(chunks)))
    return [segment for block in read_segments(sources, errors) for segment in block]


# Every code point but surrogates and NUL, with a liking for what other tools take for line breaks.
texts = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        st.sampled_from("\n\r\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\ufeff\u200d\u202e\x01\t 😀"),
    )
)


@given(texts, st.lists(st.integers(0, 1000), max_size=8))
def test_bytes_come_back_exactly_however_they_arrive(text: str, cuts: list[int]) -> None:
    found = segments(text.encode(), cuts=cuts)
    data = text.lstrip("\ufeff").encode()
    assert "".join(s.text + s.ending for s in found).encode() == data
    assert len(found) == data.count(b"\n") + (data[-1:] not in (b"", b"\n"))
    assert [s.index for s in found] == list(range(len(found)))
    assert all("\n" not in s.text for s in found)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n", [("", "\n")]),
        (b"a\r\nb", [("a", "\r\n"), ("b", "")]),
        (b"a\rb\n", [("a\rb", "\n")]),
        ("a\u2028b\x85c\n".encode(), [("a\u2028b\x85c", "\n")]),
        (b"\r\n\r", [("", "\r\n"), ("\r", "")]),
    ],
)
def test_endings(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert [(s.text, s.ending) for s in segments(data)] == expected


def test_lines_of_two_files_do_not_run_together() -> None:
    found = segments(b"a\nb", b"c\n", b"", b"d")
    assert [(s.index, s.text, s.ending) for s in found] == [
        (0, "a", "\n"),
        (1, "b", "\n"),
        (2, "c", "\n"),
        (3, "d", ""),
    ]


def test_what_is_not_utf8_is_named_after_all_before_it_was_given() -> None:
    chunks = iter([b"good\nab\xff\nnever\n", b""])
    blocks = read_segments([("x.txt", lambda: next(chunks))])
    assert [s.text for s in next(blocks)] == ["good"]
    with pytest.raises(BadInputError, match=r"x\.txt: line 2, byte 3 is not UTF-8 \(0xff\)"):
        next(blocks)


def test_replacing_tells_where() -> None:
    chunks = iter([b"a\n\xc3(\n", b""])
    places: list[tuple[str, str]] = []
    blocks = read_segments([("x", lambda: next(chunks))], "replace", lambda *at: places.append(at))
    assert [s.text for block in blocks for s in block] == ["a", "\ufffd("]
    assert places == [("x: line 2, byte 1", "not UTF-8")]


def test_a_line_of_nuls_without_an_end_is_refused_at_once() -> None:
    with pytest.raises(BadInputError, match="line 1, byte 3 is NUL"):
        list(read_segments([("endless", lambda: b"ab\0")]))
