"""Summaries: every document gets one, every sentence is read, and the tree tells how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s2scli.api import TextModel, load
from s2scli.data import Decoding
from s2scli.errors import UsageError
from s2scli.tasks.evidence import trace
from s2scli.tasks.lengths import Length, bounded, count_words
from s2scli.tasks.summary import Node, SourceText, Summary
from s2scli.text.segmenter import sentence_splitter
from tests.text.test_packing import DOCUMENT
from tests.text.test_segmenter import UNITS, long
from tests.text.test_sentences import HOSTILE

SENTENCE = "The house at the end of the road was built by a man who came from the north. "
TEXTS = ["A short text.", "", SENTENCE * 30, " \n\t ", f"{DOCUMENT}\n\n" * 6, "Another short one."]


@pytest.fixture(scope="module", params=["t5", "bart"])
def model(request: pytest.FixtureRequest, small_models: dict[str, Path]) -> TextModel:
    return load(small_models[request.param], "summarize", threads=1)


def run(model: TextModel, texts: Sequence[str], **options: Any) -> list[Summary]:
    return list(model.summarize(texts, **{"beam_size": 1, "max_length": 12, **options}))


def test_a_text_that_fits_is_summarized_as_it_is(model: TextModel) -> None:
    (summary,) = run(model, ["Tom has a dog."])
    (generated,) = model.generate(["Tom has a dog."], beam_size=1, max_length=12)
    assert summary.text == generated.text
    assert (summary.levels, len(summary.chunks)) == (1, 1)
    assert summary.nodes[0].score == generated.hypotheses[0].score


def test_a_summary_for_each_document_in_order(model: TextModel) -> None:
    summaries = run(model, TEXTS)
    assert [summary.document.text for summary in summaries] == TEXTS
    assert [bool(summary.nodes) for summary in summaries] == [bool(t.strip()) for t in TEXTS]
    assert [len(summary.nodes) <= 1 for summary in summaries] == [True] * len(TEXTS)
    for alone, together in zip((run(model, [text])[0] for text in TEXTS), summaries, strict=True):
        assert alone.text == together.text
        assert [n.text for n in alone.all_nodes] == [n.text for n in together.all_nodes]


def check_tree(summary: Summary) -> None:
    """What is fresh in the chunks is the document, and each node's children follow each other."""
    text = summary.document.text
    assert "".join(text[chunk.fresh : chunk.end] for chunk in summary.chunks).strip() == (
        text.strip()
    )
    for node in summary.all_nodes:
        assert node.level == 1 + max((child.level for child in node.children), default=0)
        if node.children:
            assert (node.start, node.end) == (node.children[0].start, node.children[-1].end)
            ends = [child.end for child in node.children]
            assert ends == sorted(ends)


@pytest.mark.parametrize("strategy", ["hierarchical", "per-chunk"])
@pytest.mark.parametrize("overlap", [0, 2])
def test_every_sentence_is_read(model: TextModel, strategy: str, overlap: int) -> None:
    for summary in run(model, TEXTS, strategy=strategy, overlap=overlap):
        check_tree(summary)
        for node in summary.chunks:
            assert 0 < node.source_tokens <= model.model.manifest.max_source_tokens
        if strategy == "per-chunk":
            assert summary.levels <= 1
            assert summary.text.count("\n") == max(0, len(summary.chunks) - 1)


@pytest.mark.parametrize("name", UNITS)
def test_hostile_documents(model: TextModel, name: str) -> None:
    text = long(UNITS[name], 1)[:8_000]
    (summary,) = run(model, [text], max_length=8)
    check_tree(summary)


@given(st.lists(HOSTILE.map(lambda text: text.replace("\0", "")), max_size=4))  # NUL is refused
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text(model: TextModel, texts: list[str]) -> None:
    summaries = run(model, texts, max_length=6)
    assert [summary.document.text for summary in summaries] == texts
    for summary in summaries:
        check_tree(summary)


def test_the_next_level_reads_the_summaries(small_models: dict[str, Path]) -> None:
    model = load(small_models["bart"], "summarize", threads=1)
    (summary,) = run(model, [SENTENCE * 30])
    assert summary.levels > 2

    def read_again(node: Node) -> str:
        text = " ".join(child.text for child in node.children)
        return model.generate(text, beam_size=1, max_length=12).text

    nodes = [node for node in summary.all_nodes if node.children]
    assert [node.text for node in nodes] == [read_again(node) for node in nodes]


def test_lead_says_what_it_leaves_out(model: TextModel) -> None:
    text = SENTENCE * 60
    (summary,) = run(model, [text], strategy="lead")
    assert len(summary.chunks) == 1
    assert summary.left_out == len(text) - summary.chunks[0].end > 0
    assert run(model, ["Short."], strategy="lead")[0].left_out == 0


def test_truncated_summaries_are_marked(model: TextModel) -> None:
    (summary,) = run(model, ["Tom has a dog and a cat."], max_length=2)
    assert summary.truncated
    assert summary.result.truncated


def test_lengths(model: TextModel) -> None:
    text = SENTENCE * 60  # 1,020 words
    words = {
        length: count_words(run(model, [text], length=length, max_length=None)[0].text)
        for length in ("40 words", "20%")
    }
    assert words["40 words"] < words["20%"]
    (summary,) = run(model, ["Tom has a dog."], length="long", max_length=None)
    assert summary.shorter
    with pytest.raises(UsageError, match="no length '0 words'"):
        run(model, [text], length="0 words")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short", Length(words=30)),
        ("120", Length(words=120)),
        (" 120 Words ", Length(words=120)),
        ("120w", Length(words=120)),
        ("10%", Length(percent=10)),
    ],
)
def test_lengths_as_a_person_gives_them(text: str, expected: Length) -> None:
    assert Length.parse(text) == expected


@pytest.mark.parametrize("text", ["", "0", "tiny", "101%", "-5", "1.5", "ten words"])
def test_no_lengths(text: str) -> None:
    with pytest.raises(UsageError, match="no length"):
        Length.parse(text)


def test_words_and_tokens() -> None:
    assert count_words("three plain words") == 3
    assert count_words("今天天气很好") == 3
    assert count_words("") == 0
    decoding = bounded(Decoding(), 40, "one two three four", 8)  # two tokens a word
    assert (decoding.min_length, decoding.max_length) == (56, 112)


def test_documents_are_read_as_they_are_needed(model: TextModel) -> None:
    read = []

    def endless() -> Iterator[SourceText]:
        for index in range(1 << 30):
            read.append(index)
            yield SourceText(index, str(index), "Tom has a dog.")

    first = next(model.summarize(endless(), beam_size=1, max_length=4))
    assert first.document.index == 0
    assert len(read) < 1 << 20


def test_evidence_is_found_where_it_stands(model: TextModel) -> None:
    text = "Cats sleep.\n\n" + SENTENCE * 12 + "\n\nA dog barked at the postman. Birds sing."
    summary = Summary(
        SourceText(0, "d", text),
        (
            Node(
                *(0, len(text), 0, 2, "The dog barked at a postman. Cats!", -1.0, 9, 9, False),
                children=(
                    Node(0, 300, 0, 1, "Cats sleep in houses.", -1.0, 5, 9, False),
                    Node(280, len(text), 300, 1, "A dog barked at the post.", -1.0, 5, 9, False),
                ),
            ),
        ),
    )
    dog, cats = trace(summary, sentence_splitter("en"))
    assert (dog.sentence, dog.chunk) == ("The dog barked at a postman.", 1)
    assert (cats.sentence, cats.chunk) == ("Cats!", 0)
    found = [text[each.start : each.end] for each in dog.evidence]
    assert found[0] == "A dog barked at the postman."
    assert dog.evidence[0].score == pytest.approx(4 / 6)
    assert text[cats.evidence[0].start : cats.evidence[0].end] == "Cats sleep."
    # Nothing that shares no word is shown.
    assert all(each.score > 0 for each in (*dog.evidence, *cats.evidence))


def test_evidence_of_a_real_tree(model: TextModel) -> None:
    (summary,) = run(model, [f"{DOCUMENT}\n\n" * 5])
    for origin in trace(summary, sentence_splitter("en")):
        chunk = summary.chunks[origin.chunk]
        for each in origin.evidence:
            assert chunk.start <= each.start < each.end <= chunk.end
