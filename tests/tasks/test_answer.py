"""Answers: every question gets one, long contexts are read in ranked passages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from s2scli.api import TextModel, load
from s2scli.data import Hypothesis
from s2scli.errors import BadInputError, UsageError
from s2scli.tasks.answer import Answer, Question
from s2scli.tasks.squad import read_squad
from s2scli.text.bm25 import rank

FILLER = "The weather was fine on that day, and nothing else is known of it. "
CONTEXT = FILLER * 40 + "The contract was signed by Anna Keller in Bremen. " + FILLER * 40


@pytest.fixture(scope="module", params=["t5", "bart"])
def model(request: pytest.FixtureRequest, small_models: dict[str, Path]) -> TextModel:
    return load(small_models[request.param], "answer", threads=1)


def ask(model: TextModel, pairs: Sequence[tuple[str, str]], **options: Any) -> list[Answer]:
    return list(model.answer(pairs, **{"beam_size": 1, "max_length": 8, **options}))


def test_what_the_model_reads(model: TextModel) -> None:
    (found,) = ask(model, [("Who came?", "Tom came.")])
    prompt = "question: Who came? context: Tom came."
    (generated,) = model.generate([prompt], beam_size=1, max_length=8)
    assert found.text == generated.text
    assert (found.passages, len(found.candidates)) == (1, 1)
    own = ask(model, [("Who came?", "Tom came.")], prompt="{context} {question}")
    (generated,) = model.generate(["Tom came. Who came?"], beam_size=1, max_length=8)
    assert own[0].text == generated.text


def test_long_contexts_are_read_in_ranked_passages(model: TextModel) -> None:
    question = "Who signed the contract?"
    (found,) = ask(model, [(question, CONTEXT)], passages=3)
    assert found.passages > 3
    assert len(found.candidates) == 3
    best = next(each for each in found.candidates if each.rank == 1)
    assert "Anna Keller" in CONTEXT[best.start : best.end]
    scores = [each.hypothesis.score for each in found.candidates if each.hypothesis.text]
    assert scores == sorted(scores, reverse=True)
    everything = ask(model, [(question, CONTEXT)], passages=1000)[0]
    assert len(everything.candidates) == everything.passages
    spans = sorted((each.start, each.end) for each in everything.candidates)
    reached = 0
    for start, end in spans:
        assert start <= reached < end
        reached = end
    assert reached == len(CONTEXT)
    texts = [CONTEXT[start:end] for start, end in spans]
    ranks = {(each.start, each.end): each.rank for each in everything.candidates}
    order = [ranks[spans[position]] for position, _ in rank(question, texts)]
    assert order == sorted(order)


def test_an_answer_for_every_question(model: TextModel) -> None:
    pairs = [("Who?", "Tom."), ("", "Tom."), ("Who?", " "), ("Where?", CONTEXT), ("Who?", "Tom.")]
    found = ask(model, pairs)
    assert [(a.question.text, a.question.context) for a in found] == pairs
    assert [len(a.candidates) > 0 for a in found] == [True, False, False, True, True]
    assert (found[1].text, found[1].best) == ("", None)
    assert found[0].text == found[4].text == ask(model, pairs[:1])[0].text


def test_threshold(model: TextModel) -> None:
    (found,) = ask(model, [("Who?", "Tom.")])
    score = found.candidates[0].hypothesis.score
    assert score < 0
    assert ask(model, [("Who?", "Tom.")], threshold=score - 0.01)[0].text == found.text
    below = ask(model, [("Who?", "Tom.")], threshold=score / 2)[0]
    assert below.text == ""
    assert isinstance(below.candidates[0].hypothesis, Hypothesis)


def test_a_question_that_leaves_no_room(small_models: dict[str, Path]) -> None:
    model = load(small_models["bart"], "answer", threads=1)
    with pytest.raises(BadInputError, match=r"Question 1 has .* tokens with the prompt"):
        ask(model, [("Who " * 100, "Tom.")])


def test_prompts_need_both_slots(model: TextModel) -> None:
    with pytest.raises(UsageError, match=r"does not hold \{question\} and \{context\}"):
        ask(model, [("Who?", "Tom.")], prompt="{text}")


def test_squad_files() -> None:
    text = """{"version": "v2.0", "data": [{"title": "T", "paragraphs": [
      {"context": "Tom came.", "qas": [
        {"id": "a", "question": "Who came?", "answers": [{"text": "Tom", "answer_start": 0}]},
        {"id": "b", "question": "Who left?", "is_impossible": true, "answers": []}]}]}]}"""
    assert list(read_squad("f", text)) == [
        Question(0, "Who came?", "Tom came.", "a", ("Tom",)),
        Question(1, "Who left?", "Tom came.", "b", ("",)),
    ]


def test_halves_of_characters_in_right_answers_do_not_end_a_run() -> None:
    text = r"""{"data": [{"paragraphs": [{"context": "Tom came.", "qas": [
        {"id": "a", "question": "Who?", "answers": [{"text": "To\ud83dm"}]},
        {"id": "b", "question": "W\ud83dho?", "answers": []}]}]}]}"""
    questions = read_squad("f", text)
    assert next(questions).references == ("To\ufffdm",)
    with pytest.raises(BadInputError, match="question 2: character 2 is half of a character"):
        next(questions)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON"),
        ("[]", "SQuAD's form"),
        ('{"data": [{"paragraphs": [{"qas": []}]}]}', "question 1 lacks 'context'"),
        ('{"data": [{"paragraphs": [{"context": 1, "qas": []}]}]}', "it has 1"),
    ],
)
def test_files_of_another_form(text: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        list(read_squad("f", text))
