from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.text.sentences import LEVELS, Splitter, clauses, sentences, words
from tests.sizes import TENTHS

HOSTILE = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from('.!?…。！？।؟,;:、 \t\n\u3000"”»)」abcXYZ0123456789'),
    ),
    max_size=300,
)


def split(text: str, splitter: Splitter = sentences) -> list[str]:
    return [text[start:end].strip() for start, end in splitter(text, 0, len(text))]


@pytest.mark.parametrize("splitter", LEVELS)
@given(text=HOSTILE, start=st.integers(0, 300), size=st.integers(0, 300))
def test_spans_cover_the_text(splitter: Splitter, text: str, start: int, size: int) -> None:
    start = min(start, len(text))
    end = min(start + size, len(text))
    spans = list(splitter(text, start, end))
    assert all(first < last for first, last in spans)
    borders = [start, *(last for _, last in spans)]
    assert [first for first, _ in spans] == borders[:-1]
    assert borders[-1] == end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Dr. Smith met Mr. Jones. He left.", ["Dr. Smith met Mr. Jones.", "He left."]),
        ("J. R. R. Tolkien wrote it. I read it.", ["J. R. R. Tolkien wrote it.", "I read it."]),
        ("Am 3. Mai regnete es. Dann nicht.", ["Am 3. Mai regnete es.", "Dann nicht."]),
        ("Pi is 3.14 or so. Yes.", ["Pi is 3.14 or so.", "Yes."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("See e.g. the box. It is red.", ["See e.g. the box.", "It is red."]),
        ("Das kostet z.B. nichts. Gut.", ["Das kostet z.B. nichts.", "Gut."]),
        ("你好。今天天气很好！是吗？", ["你好。", "今天天气很好！", "是吗？"]),
        ("彼は「行く。」と言った。そして", ["彼は「行く。」", "と言った。", "そして"]),
        ("यह एक है। वह दो है।", ["यह एक है।", "वह दो है।"]),
        ("هل أنت هنا؟ نعم.", ["هل أنت هنا؟", "نعم."]),
        ("No. See No. 5, p. 3 there. Yes.", ["No.", "See No. 5, p. 3 there.", "Yes."]),
        ("Wait... what? no", ["Wait... what?", "no"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_clauses_and_words() -> None:
    assert split("a, b; c d", clauses) == ["a,", "b;", "c d"]
    assert split(" a  b ", words) == ["a", "b"]


@pytest.mark.parametrize("unit", [".", ". ", '"', " ", "a. ", "。", ".)", "1. "])
@pytest.mark.parametrize("n", TENTHS)
def test_long_runs_take_linear_time(unit: str, n: int) -> None:
    # Quadratic time would be hours for all of it.
    text = unit * (100_000 * n // len(unit))
    assert sum(end - start for start, end in sentences(text, 0, len(text))) == len(text)
