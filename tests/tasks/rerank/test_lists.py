"""N-best lists of other systems: what is read, as it comes, and what is refused by its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import pytest

from s2scli.data import Segment
from s2scli.errors import BadInputError
from s2scli.tasks.rerank.lists import NbestList, read_lists, with_sources

MOSES = """\
0 ||| das ist ein Haus ||| LM0= -12.3 TM0= -1 -2.5 ||| -4.5 ||| 0-1=0-1
0 ||| das ist Haus  ||| LM0= -13 ||| -5
1 |||  ||| LM0= 0 ||| 0
2 ||| ja
2 ||| nein |||
"""
JSON = """\
{"index": 0, "source": "a", "hypotheses": [{"text": "x", "score": -1.10, "more": 1}, {"text": "y"}]}
{"hypotheses": ["x", "x"]}
{"hypotheses": []}

"""


def blocks(text: str, size: int = 1) -> Iterator[list[Segment]]:
    lines = [Segment(number, line) for number, line in enumerate(text.split("\n")[:-1])]
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


def lists(text: str, size: int = 1) -> list[NbestList]:
    return [each for block in read_lists(blocks(text, size)) for each in block]


def shown(found: Sequence[NbestList]) -> list[list[tuple[str, float | None]]]:
    return [[(entry.text, entry.score) for entry in each.entries] for each in found]


@pytest.mark.parametrize("size", [1, 2, 9])
def test_lists_of_moses(size: int) -> None:
    found = lists(MOSES, size)
    assert [(each.number, each.place) for each in found] == [
        (0, "line 1"), (1, "line 3"), (2, "line 4")
    ]  # fmt: skip
    assert shown(found) == [
        [("das ist ein Haus", -4.5), ("das ist Haus", -5)],
        [("", 0)],
        [("ja", None), ("nein", None)],
    ]


@pytest.mark.parametrize("size", [1, 9])
def test_lists_of_json(size: int) -> None:
    found = lists(JSON, size)
    assert shown(found) == [[("x", -1.1), ("y", None)], [("x", None), ("x", None)], []]
    assert [each.source for each in found] == ["a", None, None]


def test_a_list_goes_on_when_the_next_begins() -> None:
    given: list[str] = []

    def lines() -> Iterator[list[Segment]]:
        for number, line in enumerate(["0 ||| a", "0 ||| b", "1 ||| c"]):
            given.append(line)
            yield [Segment(number, line)]

    first = next(block for block in read_lists(lines()) if block)
    assert shown(first) == [[("a", None), ("b", None)]]
    assert len(given) == 3


@pytest.mark.parametrize("text", ["", "\n", "\n\n  \n"])
def test_nothing(text: str) -> None:
    assert lists(text) == []


@pytest.mark.parametrize(
    ("text", "before", "reason"),
    [
        ("0 ||| a\n2 ||| b\n", 0, "line 2: index 2 follows, and there is no list 1"),
        ("1 ||| a\n", 0, "line 1: index 1 follows, and there is no list 0"),
        ("0 ||| a\n1 ||| b\n0 ||| c\n", 1, "line 3: index 0 comes again"),
        ("0 ||| a\nhello\n", 0, "line 2 is not of an n-best list"),
        ("0\n", 0, "line 1 is not of an n-best list"),
        ("-1 ||| a\n", 0, "line 1 is not of an n-best list"),
        ("² ||| a\n", 0, "line 1 is not of an n-best list"),
        ("0 ||| a ||| x ||| much\n", 0, "line 1: the score 'much' is not a number"),
        ("0 ||| a ||| x ||| nan\n", 0, "line 1: the score 'nan' is not a number"),
        ("0 ||| a\n\n1 ||| b\n", 0, "line 2 is blank"),
        ("0 ||| a\n" * 2001, 0, "line 2001: the list has more than 2000 hypotheses"),
        ('{"hypotheses": ["a"]}\n{"x": 1}\n', 1, "line 2: there is no list 'hypotheses'"),
        ('{"hypotheses": "a"}\n', 0, "line 1: there is no list 'hypotheses'"),
        ('{"hypotheses": [1]}\n', 0, "line 1: a hypothesis is not text"),
        ('{"hypotheses": [{}]}\n', 0, "line 1: the 'text' of a hypothesis is not text"),
        ('{"hypotheses": ["\\ud800"]}\n', 0, "line 1: a hypothesis"),
        ('{"hypotheses": [{"text": "", "score": true}]}\n', 0, "line 1: the score 'True' is not"),
        ('{"hypotheses": [{"text": "", "score": 1e999}]}\n', 0, "line 1: the score"),
        ('{"hypotheses": [], "source": 1}\n', 0, "line 1: the source is not text"),
        ('{"hypotheses": [], "index": "0"}\n', 0, "line 1: the index is not a whole number"),
        ('{"hypotheses": [], "index": 1}\n', 0, "line 1: index 1 follows, and there is no list 0"),
        ('{"hypotheses": []}\n[]\n', 1, "line 2 is not a JSON object"),
        ('{"hypotheses": []\n', 0, "line 1 is not valid JSON"),
    ],
)
def test_what_is_no_list_is_named_by_its_line(text: str, before: int, reason: str) -> None:
    found: list[NbestList] = []
    read = chain.from_iterable(read_lists(blocks(text, 3)))
    with pytest.raises(BadInputError) as error:
        found.extend(read)
    assert reason in str(error.value)
    assert len(found) == before


def test_each_list_has_a_source() -> None:
    found = with_sources(read_lists(blocks(MOSES)), ["a", "", "c"], "in.txt")
    assert [each.source for block in found for each in block] == ["a", "", "c"]


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        (["a", "b"], "line 4: the list 2 has no source; in.txt has 2 lines"),
        (["a", "b", "c", "d"], r"in.txt has more lines than there are lists \(3\)"),
    ],
)
def test_as_many_as_there_are(sources: list[str], reason: str) -> None:
    with pytest.raises(BadInputError, match=reason):
        list(with_sources(read_lists(blocks(MOSES)), sources, "in.txt"))
