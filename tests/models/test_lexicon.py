"""Lexical shortlists of Marian's students: what they say, and files that are refused."""

from __future__ import annotations

import struct

import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.lexicon import Lexicon
from tests.models.convert.marianlexicon import MAGIC, lexicon

LISTS: tuple[list[int], ...] = ([20, 3], [], [30], [21, 20])
SIZES = (4, 40)


def candidates(*ids: int, first: int = 6, shared: bool = False) -> list[int]:
    found: list[int] = Lexicon(lexicon(LISTS, first), SIZES, shared=shared).candidates(ids).tolist()
    return found


def test_candidates_of_a_source() -> None:
    # The first ones, those of the source's tokens, and more up to a multiple of eight.
    assert candidates(1) == [*range(6), 6, 7]
    assert candidates(0, 3, 3) == [*range(6), 20, 21]
    assert candidates(0, 2) == [*range(6), 20, 30]
    assert candidates(2, first=2) == [0, 1, 2, 3, 4, 5, 6, 30]
    assert candidates(2, first=2, shared=True) == [0, 1, 2, 3, 4, 5, 6, 30]
    assert candidates(3, first=1, shared=True) == [0, 1, 2, 3, 4, 5, 20, 21]
    assert candidates(0, first=99) == list(range(40))


def test_a_source_token_beyond_the_list_has_the_first_ones_alone() -> None:
    found = Lexicon(lexicon(LISTS, 8), (6, 40), shared=False).candidates([5])
    assert found.tolist() == list(range(8))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "too short"),
        (lexicon(LISTS)[:-1], "header"),
        (lexicon(LISTS) + b"\0", "header"),
        (bytes(8) + lexicon(LISTS)[8:], "header"),
        (struct.pack("<6Q", MAGIC, 0, 1, 1, 0, 0), "header"),
        (struct.pack("<6Q", MAGIC, 0, 1, 1, 2**63, 2**62), "header"),
        (struct.pack("<8QI", MAGIC, 0, 1, 1, 2, 1, 0, 2, 7), "offsets"),
        (struct.pack("<8QI", MAGIC, 0, 1, 1, 2, 1, 1, 0, 7), "offsets"),
        (lexicon([*LISTS, [1]]), "fewer tokens"),
        (lexicon([[40]]), "fewer tokens"),
    ],
)
def test_files_that_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(InvalidModelError, match=why):
        Lexicon(data, SIZES, shared=False)
