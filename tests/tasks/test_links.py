"""Links between the words of a text and of its translation, by real models."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import s2scli
from s2scli.data import Link, Result, Segment
from s2scli.errors import UsageError
from s2scli.flow.stream import FlowOptions
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import Labels, convert
from s2scli.models.manifest import Manifest
from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from s2scli.tasks.translate import translate
from tests.conftest import GOLDEN

OPTIONS = FlowOptions(batch_tokens=512)
SENTENCES = """\
Tom gave 350 dollars to Mary in Boston.
Mary was born on 20 October 2013.
My brother John lives in Australia with Alice.
On Monday, Tom sold 12 books, 3 chairs and 48 bottles.
Why does Mary not want to speak with Tom?
I met Peter in Berlin in 1998.
Call Anna at 10:30, please.
The train to Hamburg leaves at 8:15.
Is it true that Tom is 47 years old?
If you see John, tell him that Maria has left.
There are 24 hours in a day and 60 minutes in an hour.
Last year, Mary and her 2 children were in Japan.
It is cold, but Tom doesn't want to close the window.
We have known Alice since 2001.
Yesterday Tom bought 15 apples.""".splitlines()


def run(
    model: Model,
    lines: Sequence[str],
    *,
    aligned: bool = True,
    by_sentence: bool = False,
    **options: int,
) -> list[Result]:
    blocks = [[Segment(i, line, aligned=aligned) for i, line in enumerate(lines)]]
    results = translate(blocks, model, model.decoding(options), OPTIONS, by_sentence=by_sentence)
    return [r for some in results for r in some]


def links(result: Result) -> tuple[Link, ...]:
    found = result.hypotheses[0].links
    assert found is not None
    return found


def linked(result: Result) -> list[tuple[str, str]]:
    source, target = result.segment.text, result.text
    return [(source[a:b], target[c:d]) for a, b, c, d in links(result)]


def check(result: Result) -> None:
    source, target = result.segment.text, result.text
    if not result.hypotheses:
        return
    for first, last, start, end in links(result):
        assert 0 <= first < last <= len(source)
        assert 0 <= start < end <= len(target)
        assert not re.search(r"\s", source[first:last])
        assert not re.search(r"\s", target[start:end])
    targets = [link[2:] for link in links(result)]
    assert targets == sorted(targets)
    assert len(set(links(result))) == len(links(result))


def test_copied_words_are_linked_to_themselves(model: Model) -> None:
    copied, right, words, found = 0, 0, 0, 0
    for result in run(model, SENTENCES):
        check(result)
        pairs = linked(result)
        words += len(re.findall(r"\w+", result.text))
        found += len({link[2:] for link in links(result) if link})
        for word in re.findall(r"[A-Z]\w+|\d+", result.segment.text)[1:]:
            if result.segment.text.count(word) == result.text.count(word) == 1:
                copied += 1
                right += any(word in one and word in other for one, other in pairs)
    assert copied >= 20
    assert right >= 0.95 * copied
    assert found >= words  # no target word without a link


def test_words_are_linked_to_what_they_translate(model: Model) -> None:
    cat, book = run(model, ["The cat is sleeping.", "Tom is reading a book in the kitchen."])
    assert {("cat", "Katze"), (".", ".")} <= set(linked(cat))
    assert {("Tom", "Tom"), ("book", "Buch"), ("kitchen", "Küche")} <= set(linked(book))


def test_the_text_is_the_same_with_and_without(model: Model) -> None:
    plain = run(model, SENTENCES, aligned=False)
    assert [r.text for r in plain] == [r.text for r in run(model, SENTENCES)]
    assert all(r.hypotheses[0].links is None for r in plain)
    blocks = [[Segment(i, line, aligned=i % 2 == 1) for i, line in enumerate(SENTENCES)]]
    mixed = [r for rs in translate(blocks, model, model.decoding({}), OPTIONS) for r in rs]
    assert [r.text for r in mixed] == [r.text for r in plain]
    assert [r.hypotheses[0].links is not None for r in mixed] == [r.segment.aligned for r in mixed]


@pytest.mark.parametrize("space", [" ", "  \t", "\u3000"])
def test_links_of_several_sentences_are_shifted(model: Model, space: str) -> None:
    parts = SENTENCES[:4]
    (whole,) = run(model, [space + space.join(parts) + space], by_sentence=True)
    check(whole)
    singly = [pair for result in run(model, parts) for pair in linked(result)]
    assert linked(whole) == singly


def test_links_of_a_text_too_long_for_the_model(model: Model) -> None:
    (whole,) = run(model, [" ".join(SENTENCES * 4)])
    check(whole)
    assert linked(whole) == [p for r in run(model, SENTENCES * 4) for p in linked(r)]


def test_links_stand_on_the_text_as_it_was_given(model: Model) -> None:
    """The model reads a normalized text; spans are those of what the user wrote."""
    line = " \u00a0Ｔｏｍ ﬁnally sold 15\u00a0\u00a0books — to “Mary”\u2028in Bosto\u0301n 😀."
    (result,) = run(model, [line])
    check(result)
    sources = {source for source, _ in linked(result)}
    assert {"15", "books"} <= sources
    assert sources <= set(re.findall(r"[\wó]+|—|“|”|😀|\.", line)) | {"Bosto\u0301n"}


@given(
    st.text(
        st.one_of(
            st.characters(exclude_categories=["Cs"], exclude_characters="\n"),
            st.sampled_from("\u00ad\u200b\ufeff\u2581\t 日本ไทย½ﬁＡ😀é.!?'0"),
        ),
        max_size=40,
    )
)
@example("")
@example(" \u200b")
@example("½ ﬃ ㌔ ＡＢ")
@example("</s> <pad> ▁ ▁▁x")
@example("日本語は難しいです。ภาษาไทย")
@example("👩‍💻" * 5)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_has_valid_links(model: Model, line: str) -> None:
    decoding = replace(model.decoding({"beam_size": 1}), max_length=12)
    blocks = [[Segment(0, line, aligned=True)]]
    (result,) = [r for rs in translate(blocks, model, decoding, OPTIONS) for r in rs]
    check(result)


@pytest.mark.parametrize("family", ["bart", "m2m100", "madlad", "mbart50", "nllb", "pegasus", "t5"])
def test_every_family_gives_links(family: str, tmp_path: Path) -> None:
    labels = Labels(
        name=family,
        tasks=("translate",),
        prompts={"translate": "translate it: {text} !"} if family == "t5" else {},
    )
    convert(GOLDEN / family, tmp_path / "m", quantization="float32", labels=labels)
    recipe = Manifest.load(tmp_path / "m").tokenizer
    source, target = (next(iter(t), None) for t in (recipe.source_tokens, recipe.target_tokens))
    job = Job("translate", source, target)
    model = Model(tmp_path / "m", place("cpu", threads=1), job=job)
    texts = [*SENTENCES[:4], "  日本 ﬁ½ 😀 naïve", "x"]
    for result in run(model, texts):
        check(result)
        if re.search(r"\w", result.text):
            assert links(result)
    plain = [r.text for r in run(model, texts, aligned=False)]
    assert [r.text for r in run(model, texts)] == plain
    for result in run(model, texts, beam_size=3):
        (alone,) = run(model, [result.segment.text], beam_size=3)
        assert (alone.text, links(alone)) == (result.text, links(result))


def test_python_can_ask_for_links(model: Model) -> None:
    loaded = s2scli.load(bundled_directory(DEFAULT_MODEL), threads=1)
    (result,) = loaded.translate(["The cat is sleeping."], alignment=True, n_best=2)
    assert ("cat", "Katze") in linked(result)
    assert all(h.links for h in result.hypotheses)
    with pytest.raises(UsageError, match="no decoding option 'alignment'"):
        list(loaded.generate(["x"], alignment=True))
