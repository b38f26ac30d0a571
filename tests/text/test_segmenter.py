"""Sentences by language: nothing is lost, whatever the library behind them does."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.text import segmenter
from s2scli.text.segmenter import sentence_splitter
from s2scli.text.sentences import sentences
from tests.sizes import TENTHS
from tests.text.test_sentences import HOSTILE

UNITS = {
    "no sentence end": "x",
    "words without end": "word ",
    "only punctuation": ".?!",
    "abbreviations": "Dr. Mr. e.g. J. S. z.B. ",
    "Chinese": "今天天气很好。我们去公园吧！",
    "Chinese without end": "今天天气很好",
    "Arabic": "هل أنت هنا؟ نعم، أنا هنا. ",
    "mixed scripts": "Hello 世界。Привет! नमस्ते। مرحبا؟ ",
    "empty lines": "Hello there.\n\n\n",
    "line breaks": "\r\n",
    "no-break spaces": "A.\u00a0B.\u2028C. ",
    "table": "| a | b. | c |\n",
    "code": "def f(x):\n    return x.y(1.5)\n\n",
}


def long(unit: str, n: int) -> str:
    """A text of more than two windows."""
    return unit * (40_000 * n // len(unit))


def split(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentence_splitter(language)(text, 0, len(text))]


@pytest.mark.parametrize("n", TENTHS)
@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
@pytest.mark.parametrize("language", ["en", "zh", "ar", ""])
def test_long_texts_are_covered(unit: str, language: str, n: int) -> None:
    text = long(unit, n)
    found = split(text, language)
    assert "".join(found) == text
    assert all(found)
    assert max(map(len, found)) <= segmenter.WINDOW


@given(
    text=st.text(st.one_of(st.characters(), st.sampled_from(". \u00a0\u0085\u2028\n\rM1")))
    | HOSTILE,
    language=st.sampled_from(["en", "fr", "ja", "hi", "qq", ""]),
    start=st.integers(0, 20),
)
def test_any_text_is_covered(text: str, language: str, start: int) -> None:
    start = min(start, len(text))
    spans = list(sentence_splitter(language)(text, start, len(text)))
    assert "".join(text[a:b] for a, b in spans) == text[start:]
    assert [a for a, _ in spans] == [start, *(b for _, b in spans)][: len(spans)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Dr. Smith met Mr. Jones. He left.", ["Dr. Smith met Mr. Jones. ", "He left."]),
        ("en", "Hi!Is it example.com? Yes.", ["Hi!Is it example.com? ", "Yes."]),
        ("en", "1. First. 2. Second.", ["1. First. ", "2. Second."]),
        ("fr", "M. Dupont arrive. Il est là.", ["M. Dupont arrive. ", "Il est là."]),
        ("de", "Am 3. Mai kam z.B. er. Und du?", ["Am 3. Mai kam z.B. er. ", "Und du?"]),
        ("ja", "終わり。始まり。", ["終わり。", "始まり。"]),
        ("hi", "यह एक है। वह दो है।", ["यह एक है। ", "वह दो है।"]),
        ("en", "One.\nTwo.", ["One.\n", "Two."]),
        ("en", "hard\nwrapped text. More\nof it.", ["hard\nwrapped text. ", "More\nof it."]),
    ],
)
def test_languages(language: str, text: str, expected: list[str]) -> None:
    assert split(text, language) == expected


class PanicException(BaseException):
    """As the library's Rust code raises it."""


@pytest.mark.parametrize("fault", ["loses", "panics", "fails", "is missing"])
def test_the_rules_take_over(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def segment(language: str, text: str) -> list[str]:
        if fault == "panics":
            raise PanicException
        if fault == "fails":
            raise ValueError
        return [text[:-1]]

    text = "One. Two! Three? Four"
    segmenter._library.cache_clear()
    if fault == "is missing":
        monkeypatch.setitem(sys.modules, "sentencex", None)
        assert sentence_splitter("en") is sentences
    else:
        monkeypatch.setattr(segmenter, "_library", lambda: segment)
    assert split(text) == ["One. ", "Two! ", "Three? ", "Four"]


@pytest.fixture(autouse=True)
def _library_again() -> None:
    segmenter._library.cache_clear()


def test_an_interrupt_is_no_panic(monkeypatch: pytest.MonkeyPatch) -> None:
    def segment(language: str, text: str) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(segmenter, "_library", lambda: segment)
    with pytest.raises(KeyboardInterrupt):
        split("One. Two.")
