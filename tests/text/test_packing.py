"""Blocks and chunks of documents: the text is covered, borders are heeded, budgets are kept."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s2scli.text.blocks import Border, blocks
from s2scli.text.packing import Chunk, pack, units
from s2scli.text.segmenter import sentence_splitter
from tests.sizes import TENTHS
from tests.text.test_segmenter import UNITS, long
from tests.text.test_sentences import HOSTILE

SPLIT = sentence_splitter("en")
DOCUMENT = """The title

This is a paragraph that somebody has wrapped by hand at some seventy
characters, as in mails. It has two sentences.
- one item
- another item

A section
=========
Its text. More of it.
## A subsection
| a | b |
| c | d |

2.1 Results

The end."""


def words(texts: Sequence[str]) -> list[list[str]]:
    return [text.split() for text in texts]


def characters(texts: Sequence[str]) -> list[list[str]]:
    return [list(text.strip()) for text in texts]


def chunked(text: str, budget: int, overlap: int = 0) -> list[Chunk]:
    return list(pack(text, units(text, SPLIT), words, budget, overlap))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        # Items that go on below their text, however deep.
        ("  - One item that is long and goes\n    on in the next line\n  - Two\n", 2),
        ("    1. One item that goes\n       on in the next\n       and on\n    2. Two\n", 2),
        ("-\tOne item that goes\n\ton in the next\n-\tTwo\n", 2),
        # Sentences that are indented as a whole; code is not read as one.
        ("Term\n    Its definition goes on here and\n    in the next line\n", 2),
        ("    total used free\n    mem swap rest\n", 2),
        ("    for (i = 0; i < n; i++) {\n        run(i);\n    }\n", 3),
        ("- run this in a shell and\n    make all\n", 2),
        ("  - One\n    - two\n    - three\n", 3),
    ],
)
def test_indented_lines(text: str, count: int) -> None:
    assert len(list(blocks(text))) == count


def test_blocks_of_a_document() -> None:
    found = [(DOCUMENT[b.start : b.end].strip(), b.border.name) for b in blocks(DOCUMENT)]
    wrapped = DOCUMENT.split("\n\n")[1].split("\n- ")[0]
    assert found == [
        ("The title", "SECTION"),
        (wrapped, "AFTER_HEADING"),
        ("- one item", "LINE"),
        ("- another item", "LINE"),
        ("A section\n=========", "SECTION"),
        ("Its text. More of it.", "AFTER_HEADING"),
        ("## A subsection", "SECTION"),
        ("| a | b |", "AFTER_HEADING"),
        ("| c | d |", "LINE"),
        ("2.1 Results", "SECTION"),
        ("The end.", "AFTER_HEADING"),
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One line that is long enough to be\nwrapped by hand, surely.", 1),
        ("First entry\nSecond entry\nThird entry", 3),
        ("A paragraph.\n\nAnother.", 2),
        ("a) one\nb) two", 2),
        ("1. one\n2. two\n10) ten", 3),
        ("", 0),
        ("\n\n\n", 1),
        ("\n\nText.", 1),
    ],
)
def test_line_breaks(text: str, count: int) -> None:
    assert len(list(blocks(text))) == count


@given(HOSTILE | st.text(st.sampled_from("ab.#-=|1 \n\r\t*"), max_size=200))
def test_blocks_cover_the_text(text: str) -> None:
    found = list(blocks(text))
    assert "".join(text[block.start : block.end] for block in found) == text
    assert all(block.start < block.end for block in found)


@settings(max_examples=300)
@given(
    text=HOSTILE | st.text(st.sampled_from("ab. \n#"), max_size=400),
    budget=st.integers(1, 40),
    overlap=st.integers(0, 3),
)
def test_chunks_cover_the_text_once_but_for_the_overlap(
    text: str, budget: int, overlap: int
) -> None:
    found = list(pack(text, units(text, SPLIT), characters, budget, overlap))
    check(text, found, budget)


@pytest.mark.parametrize("n", TENTHS)
@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
@pytest.mark.parametrize("overlap", [0, 2])
def test_hostile_texts(unit: str, overlap: int, n: int) -> None:
    text = long(unit, n)
    check(text, list(pack(text, units(text, SPLIT), characters, 500, overlap)), 500)


def check(text: str, found: Sequence[Chunk], budget: int) -> None:
    assert "".join(text[chunk.fresh : chunk.end] for chunk in found) == text
    reached = 0
    for chunk in found:
        assert chunk.start <= chunk.fresh == reached < chunk.end
        reached = chunk.end
    whole = [text[chunk.start : chunk.end] for chunk in found]
    assert all(len(tokens) <= budget for tokens in characters(whole))


def test_sections_are_kept_together_where_they_fit() -> None:
    part = "A heading\n\n" + "Five words are in it. " * 6 + "\n\n"
    text = part * 4
    assert [text[c.start : c.end] for c in chunked(text, 40)] == [part] * 4


def test_a_heading_stays_with_its_text() -> None:
    text = "Ten words are in this sentence, and no more. " * 9 + "\n\nHeading\n\nIts text is here."
    for budget in range(20, 60):
        for chunk in chunked(text, budget):
            assert not text[chunk.start : chunk.end].rstrip().endswith("Heading")


def test_the_last_chunk_is_no_mere_rest() -> None:
    text = "Four words are here. " * 26
    sizes = [len(text[c.start : c.end].split()) for c in chunked(text, 100)]
    assert sizes == [52, 52]


def test_overlap_repeats_whole_sentences() -> None:
    text = "".join(f"This is the sentence number {n}. " for n in range(40))
    found = chunked(text, 60, overlap=2)
    assert all(text[c.start : c.fresh].count(".") == 2 for c in found[1:])
    # It never takes more than half of the room.
    assert all(text[c.start : c.fresh].count(".") <= 1 for c in chunked(text, 12, overlap=9))


def test_borders_are_ordered() -> None:
    assert Border.SECTION > Border.PARAGRAPH > Border.LINE > Border.SENTENCE > Border.AFTER_HEADING
