"""The Python interface: what the guide shows, lazily and without surprise."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

import s2scli
from s2scli.api import TextModel, load
from s2scli.errors import S2SError, UnavailableError, UsageError
from s2scli.models.convert.run import convert
from s2scli.pipelines import Pipeline, pipeline
from tests.conftest import GOLDEN, Run


@pytest.fixture(scope="module")
def english_german() -> TextModel:
    return load("en-de", threads=1)


def test_importing_the_package_imports_no_engine() -> None:
    code = (
        "import s2scli, sys; s2scli.__version__; assert 'load' in dir(s2scli);"
        "assert not {'ctranslate2', 'numpy', 'click', 's2scli.api'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert s2scli.load is load
    name = "lode"
    with pytest.raises(AttributeError, match="has no attribute 'lode'"):
        getattr(s2scli, name)


def test_translate(english_german: TextModel, s2s: Run) -> None:
    lines = ["Where is the station?", "", "Good morning. " * 60]
    results = list(english_german.translate(lines, beam_size=2))
    done = s2s("translate", "--beam", 2, stdin="\n".join(lines).encode())
    assert "\n".join(result.text for result in results) == done.stdout.decode()
    assert len(english_german.translate("Hello!", n_best=2, beam_size=2).hypotheses) == 2


def test_results_have_the_shape_of_what_is_given(
    english_german: TextModel, small_models: dict[str, Path]
) -> None:
    text = english_german.translate("Good morning!").text
    assert text == "Guten Morgen!"
    assert [r.text for r in english_german.translate(["Good morning!"])] == [text]
    assert [r.text for r in english_german.translate(("Good morning!",))] == [text]
    assert english_german.translate([]) == []
    lazy = english_german.translate(iter(["Good morning!"]))
    assert isinstance(lazy, Iterator)
    assert next(lazy).text == text
    one = english_german.score("Hello!", "Hallo!")
    assert english_german.score(["Hello!"], ["Hallo!"]) == [one]
    wrongs: list[tuple[Any, Any]] = [("Hello!", ["Hallo!"]), (["Hello!"], [])]
    for wrong in wrongs:
        with pytest.raises(UsageError):
            english_german.score(*wrong)
    model = load(small_models["t5"], "generate", threads=1)
    options: dict[str, Any] = {"beam_size": 1, "max_length": 6}
    pair = ("Who came?", "Tom came.")
    assert model.answer(pair, **options) == model.answer([pair], **options)[0]
    assert model.answer((pair, pair), **options)[1].text == model.answer(pair, **options).text
    summary = model.summarize("Tom came.", **options)
    assert model.summarize(["Tom came."], **options)[0].text == summary.text
    assert model.generate("Tom came.", **options) == model.generate(["Tom came."], **options)[0]


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that must be told its languages."""
    place = tmp_path_factory.mktemp("models") / "nllb"
    convert(GOLDEN / "nllb", place, quantization="float32")
    return place


def test_collections_give_lists(english_german: TextModel) -> None:
    for given in ({"Hello!"}, np.array(["Hello!"]), dict.fromkeys(["Hello!"]).keys()):
        (result,) = english_german.translate(given)
        assert result.text == "Hallo!"
        assert isinstance(english_german.translate(given), list)
    wrongs: list[Any] = [None, 5, b"Hello!", {"text": "Hello!"}]
    for wrong in wrongs:
        with pytest.raises(TypeError, match="a text or an iterable of texts"):
            english_german.translate(wrong)
    for languages in ({"target": "fr"}, {"source": "nl"}):
        with pytest.raises(UsageError, match="does not"):
            english_german.translate("Hello!", **languages)


def test_languages_at_the_call(multilingual: Path) -> None:
    options: dict[str, Any] = {"beam_size": 1, "max_length": 12}
    model = load(multilingual, threads=1)
    with pytest.raises(UsageError, match="needs --from"):
        model.translate("Hello!", **options)
    with pytest.raises(UsageError, match="needs --from"):
        model.decoding("translate")
    there = model.translate("Hello!", source="en", target="German", **options)
    fixed = load(multilingual, source="en", target="de", threads=1)
    assert fixed.translate("Hello!", **options) == there
    back = model.translate("Hallo!", source="de", target="en", **options)
    assert fixed.translate("Hallo!", source="de", target="en", **options) == back


def test_languages_of_pipelines(multilingual: Path) -> None:
    options: dict[str, Any] = {"num_beams": 1, "max_length": 12}
    pair = {"src_lang": "eng_Latn", "tgt_lang": "deu_Latn"}
    translator = pipeline("translation", model=str(multilingual))
    with pytest.raises(UsageError, match="needs --from"):
        translator("Hello!", **options)
    found = translator("Hello!", **pair, **options)
    fixed = pipeline("translation", model=str(multilingual), **pair)
    assert fixed("Hello!", **options) == found
    assert pipeline("translation_en_to_de", model=str(multilingual))("Hello!", **options) == found
    back = {"src_lang": "deu_Latn", "tgt_lang": "eng_Latn"}
    assert fixed("Hallo!", **back, **options) == translator("Hallo!", **back, **options) != found
    assert translator(("Hello!",), **pair, **options) == found
    assert next(translator(iter(["Hello!"]), **pair, **options)) == found


def test_a_slow_source_is_answered_at_once(english_german: TextModel) -> None:
    answered = Event()

    def lines() -> Iterator[str]:
        yield "One."
        assert answered.wait(60)  # nobody waits for what comes after it
        yield "Two."

    found = []
    for result in english_german.translate(lines(), beam_size=1):
        found.append(result.text)
        answered.set()
    assert len(found) == 2


def test_score(english_german: TextModel) -> None:
    (good, bad) = english_german.score(["Hello!", "Hello!"], ["Hallo!", "Eisenbahn."])
    assert good.log_probability > bad.log_probability
    assert good.perplexity == pytest.approx(math.exp(good.cross_entropy))


def test_wrong_words(english_german: TextModel) -> None:
    with pytest.raises(UsageError, match="no decoding option 'beam'"):
        english_german.translate(["x"], beam=2)
    with pytest.raises(UsageError, match="does not write 'fr'"):
        load("en-de", target="fr")
    with pytest.raises(UnavailableError, match="There is no model 'en-dee'"):
        load("en-dee")
    with pytest.raises(UnavailableError, match="No installed model can summarize"):
        load(task="summarize")
    with pytest.raises(UsageError, match=r"'num_beams'\. Did you mean beam_size\?"):
        english_german.translate(["x"], num_beams=2)


@pytest.mark.parametrize(
    "wrong", ["Who came?", ["Who came?"], [("Who came?",)], [("Who?", b"Tom.")]]
)
def test_questions_are_pairs_of_texts(english_german: TextModel, wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"a pair of|must be a text"):
        english_german.answer(wrong)


@pytest.mark.parametrize(
    "wrong", [{"prefix": 5}, {"suppress": 5}, {"rerank": 5}, {"rerank": [5]}, {"sample": 1}]
)
def test_values_of_wrong_types(english_german: TextModel, wrong: dict[str, Any]) -> None:
    (name,) = wrong
    with pytest.raises(UsageError, match=rf"{name}\S* is "):
        english_german.translate("x", **wrong)


def test_a_closed_model_is_named() -> None:
    model = load("en-de", threads=1)
    other = model.speaking("en", "de")
    model.close()
    for each in (model, other):
        for use in (each.translate, each.explain, each.alternatives, each.summarize):
            with pytest.raises(UsageError, match="en-de is closed"):
                use("Hello!")


@pytest.mark.filterwarnings("ignore:.*fork")
def test_a_forked_process_has_no_threads_to_translate(english_german: TextModel) -> None:
    process = os.fork()
    if not process:
        try:
            english_german.translate("Hello!")
        except UsageError as error:
            os._exit(7 if "before this process was forked" in str(error) else 8)
        finally:
            os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 7
    assert english_german.translate("Hello!").text == "Hallo!"


def test_one_model_for_several_tasks(small_models: dict[str, Path]) -> None:
    model = load(small_models["t5"], "generate", threads=1)
    options: dict[str, Any] = {"beam_size": 1, "max_length": 8}
    (summary,) = model.summarize(["Tom came."], prompt="summarize: {text}", **options)
    (answer,) = model.answer([("Who?", "Tom.")], **options)
    texts = ["summarize: Tom came.", "question: Who? context: Tom."]
    assert [summary.text, answer.text] == [r.text for r in model.generate(texts, **options)]


@pytest.fixture(scope="module")
def summarizer(small_models: dict[str, Path]) -> Pipeline:
    return pipeline("summarization", model=str(small_models["bart"]), max_length=10)


def test_pipelines_return_what_transformers_returned(summarizer: Pipeline) -> None:
    one = summarizer("Tom came.")
    assert list(one[0]) == ["summary_text"]
    assert summarizer(["Tom came.", "Mary left."])[0] == one[0]
    assert summarizer([]) == []
    assert next(summarizer(iter(["Tom came."]))) == one
    assert summarizer("Tom came.", max_length=4) != one
    generator = pipeline("text2text-generation", model=summarizer.model, num_beams=3)
    several = generator("Tom came.", num_return_sequences=2, max_new_tokens=5)
    assert [list(record) for record in several] == [["generated_text"]] * 2
    lists = generator(["Tom came.", "Mary left."], num_return_sequences=2, max_new_tokens=5)
    assert [len(records) for records in lists] == [2, 2]
    assert lists[0] == several


@pytest.mark.parametrize(
    "options", [{"max_new_tokens": 0}, {"max_length": 1}, {"min_length": -1}, {"max_length": 3.7}]
)
def test_lengths_that_pipelines_do_not_take(summarizer: Pipeline, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="it is a number from"):
        summarizer("Tom came.", **options)


def test_translation_pipelines() -> None:
    expected = [{"translation_text": "Guten Morgen!"}]
    for task in ("translation", "translation_en_to_de"):
        assert pipeline(task, model="en-de", device=-1)("Good morning!") == expected
    assert (
        pipeline("translation", model="en-de", src_lang="en", tgt_lang="de")(
            ["Good morning!"], batch_size=8, do_sample=False
        )
        == expected
    )


def test_generative_question_answering(small_models: dict[str, Path]) -> None:
    asker = pipeline("question-answering", model=str(small_models["t5"]), max_length=6)
    one = asker(question="Who came?", context="Tom came.")
    assert list(one) == ["score", "start", "end", "answer"]
    assert 0 < one["score"] <= 1
    assert asker({"question": "Who came?", "context": "Tom came."}) == one
    assert asker(question=["Who came?"] * 2, context=["Tom came."] * 2) == [one, one]
    assert asker(question=["Who came?"], context="Tom came.") == [one]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"do_sample": "yes"}, "do_sample='yes' has no counterpart"),
        ({"temperature": 0.5}, "temperature=0.5 has no effect without do_sample=True"),
        ({"do_sample": False, "seed": 1}, "seed=1 has no effect without do_sample=True"),
        ({"do_sample": True, "num_beams": 2}, "num_beams=2 has no counterpart here beside"),
        ({"truncation": True}, "truncation=True has no counterpart"),
        ({"return_tensors": True}, "return_tensors=True has no counterpart"),
        ({"num_beams": 2, "num_return_sequences": 3}, "at most num_beams"),
        ({"tokenizer": "other"}, "tokenizer must be the model's own"),
        ({"device": "tpu"}, "no device 'tpu'"),
    ],
)
def test_what_pipelines_refuse(
    small_models: dict[str, Path], arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(S2SError, match=message):
        pipeline("text2text-generation", model=str(small_models["bart"]), **arguments)


def test_pipelines_draw_samples(small_models: dict[str, Path]) -> None:
    generator = pipeline("text2text-generation", model=str(small_models["t5"]), max_new_tokens=8)
    how = {"do_sample": True, "num_return_sequences": 4, "temperature": 3.0}
    drawn = generator("Tom came.", **how)
    assert len({record["generated_text"] for record in drawn}) > 1
    assert generator("Tom came.", **how, seed=0, top_k=50) == drawn
    assert generator("Tom came.", **how, seed=1) != drawn
    model = load(small_models["t5"], "generate")
    options = {"sample": True, "n_best": 4, "temperature": 3.0, "top_k": 50, "max_length": 8}
    same = model.generate("Tom came.", **options)
    assert [record["generated_text"] for record in drawn] == [h.text for h in same.hypotheses]
    # A set of one token leaves nothing to chance.
    assert generator("Tom came.", do_sample=True, top_k=1) == generator("Tom came.", num_beams=1)
    with pytest.raises(UsageError, match="temperature is 0; it goes from"):
        generator("Tom came.", do_sample=True, temperature=0)


def test_the_number_of_answers_is_no_sampling(small_models: dict[str, Path]) -> None:
    asker = pipeline("question-answering", model=str(small_models["t5"]), top_k=2, max_length=6)
    assert len(asker(question="Who came?", context="Tom came.")) <= 2


def test_unknown_pipelines(summarizer: Pipeline) -> None:
    with pytest.raises(UsageError, match="no pipeline 'fill-mask' here"):
        pipeline("fill-mask")
    with pytest.raises(UsageError, match="needs a task"):
        pipeline()
    with pytest.raises(TypeError, match="a text or an iterable of texts"):
        summarizer(7)
    with pytest.raises(UsageError, match="is for translation, not for summarization"):
        summarizer("x", src_lang="en")
    with pytest.raises(TypeError, match="is 7; it must be a text"):
        summarizer([7])


def test_spaces_are_cleaned_up_on_request() -> None:
    from s2scli.text.cleaned import cleaned

    assert cleaned("It 's done , is n't it ?") == "It's done, isn't it?"


def test_numbers_that_mean_nothing(small_models: dict[str, Path]) -> None:
    model = load(small_models["t5"], "generate", threads=1)
    pair = ("Who?", "Tom came.")
    wrongs: list[Callable[[], Any]] = [
        lambda: model.answer(pair, passages=0),
        lambda: model.answer(pair, overlap=-1),
        lambda: model.answer(pair, threshold=math.nan),
        lambda: model.summarize("Tom came.", overlap=-1),
        lambda: model.summarize("Tom came.", strategy="best"),
        lambda: model.generate("Tom came.", beam_size=2, n_best=3),
        lambda: model.generate("Tom came.", min_length=9, max_length=8),
        lambda: model.generate("Tom came.", max_length="8"),
        lambda: model.generate("Tom came.", beam_size=2.5),
        lambda: model.generate("Tom came.", beam_size=True),
        lambda: load("en-de", batch_tokens=-1),
    ]
    for wrong in wrongs:
        with pytest.raises(UsageError):
            wrong()
    assert len(model.generate("Tom came.", n_best=6, max_length=4).hypotheses) == 6
