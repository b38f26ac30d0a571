"""Attention to the words of the source."""

from __future__ import annotations

from collections.abc import Sequence

import s2scli
from s2scli.data import Span
from s2scli.guard.checks import find
from s2scli.guard.facts import Facts
from s2scli.guard.limits import USUAL

SOURCE = "When the train arrived, the passengers were already waiting on the platform."
WORDS = SOURCE.rstrip(".").replace(",", "").split()
SPANS = [(SOURCE.index(word), SOURCE.index(word) + len(word)) for word in WORDS]


def details(
    sums: Sequence[float], source: str = SOURCE, spans: Sequence[Span] = SPANS
) -> list[str]:
    tokens = [(*span, value) for span, value in zip(spans, sums, strict=False)]
    facts = Facts(source, "Als", "en", "de", coverage=tokens)
    return [detail for _, detail in find(facts, USUAL, ["coverage"])]


def test_all_words_got_attention() -> None:
    assert not details([1.0] * len(WORDS))


def test_small_words_need_none() -> None:
    assert not details([0.05 if len(word) < 4 else 0.9 for word in WORDS])


def test_four_words_one_after_the_other_got_none() -> None:
    sums = [1.0] * 5 + [0.02] * 4 + [1.0] * (len(WORDS) - 9)
    assert details(sums) == ["“passengers were already waiting” got no attention"]


def test_the_words_in_general_got_little() -> None:
    (detail,) = details([0.3] * len(WORDS))
    assert detail.endswith(" got little attention")


def test_the_best_token_of_a_word_counts() -> None:
    spans = [(start, start + 1) for start, _ in SPANS] + [(start + 1, end) for start, end in SPANS]
    spans.sort()
    assert not details([1.0, 0.0] * len(WORDS), spans=spans)


def test_nothing_is_said_where_attention_is_not_known() -> None:
    assert find(Facts(SOURCE, "Als", "en", "de"), USUAL, ["coverage"]) == []
    assert not details([0.0] * 3, "Too short", [(0, 3), (4, 9)])


def test_tokens_of_scripts_without_spaces_are_words() -> None:
    source = "委员会下周将再次开会讨论预算"
    spans = [(start, start + 2) for start in range(0, len(source), 2)]
    assert not details([0.9] * 7, source, spans)
    assert details([0.9] * 2 + [0.01] * 4 + [0.9], source, spans)


def test_aligned_translations_come_with_attention() -> None:
    model = s2scli.load("en-de", threads=1)
    text = f"Good morning. {SOURCE}"
    (hypothesis,) = model.translate(text, alignment=True).hypotheses
    assert hypothesis.coverage is not None
    assert "".join(text[start:end] for start, end, _ in hypothesis.coverage) == text
    assert all(value > 0 for _, _, value in hypothesis.coverage)
    assert model.translate(text).hypotheses[0].coverage is None
    facts = Facts(text, hypothesis.text, "en", "de", coverage=hypothesis.coverage)
    assert find(facts, USUAL, ["coverage"]) == []
