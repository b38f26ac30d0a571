from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from s2scli.data import Result, Segment
from s2scli.flow.stream import FlowOptions
from s2scli.inference.model import Model
from s2scli.tasks.translate import translate

OPTIONS = FlowOptions(batch_tokens=512)


def run(model: Model, lines: Sequence[str], **given_options: Any) -> list[Result]:
    blocks = [[Segment(i, line) for i, line in enumerate(lines)]]
    decoding = model.decoding({"beam_size": 1, **given_options})
    return [r for results in translate(blocks, model, decoding, OPTIONS) for r in results]


lines = st.lists(
    st.text(
        st.one_of(
            st.characters(exclude_categories=["Cs"], exclude_characters="\n"),
            st.sampled_from("\r\x00\x0b\x0c\x1c\x85\u2028\u2029\ufeff\u200d\u202e\t 😀abc .!?"),
        ),
        max_size=60,
    ),
    max_size=6,
)


@given(lines)
@example(["\ufeff", " \t", "\x00\x01", "\u2028", "</s> <pad> <unk> ▁ >>deu<<", "👩‍💻" * 9])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_result_for_every_line(model: Model, lines: list[str]) -> None:
    results = run(model, lines, max_length=12)
    assert [r.segment.text for r in results] == lines
    for line, result in zip(lines, results, strict=True):
        assert "\n" not in result.text
        if not line.strip():
            assert result.text == line
            assert not result.hypotheses


def test_what_only_notes_something_looks_at_results_that_have_gone_out(model: Model) -> None:
    seen: list[str] = []
    told: list[object] = []

    class Told:
        def decoded(self, *_: int) -> None: ...

        def finished(self, results: Sequence[Result]) -> None:
            told.extend(result.notes for result in results)

    def noting(result: Result) -> Result:
        seen.append(result.segment.text)
        return replace(result, notes={"number": result.segment.index})

    blocks = [[Segment(i, line) for i, line in enumerate(("Good morning!", "I am hungry."))]]
    decoding = model.decoding({"beam_size": 1})
    found = translate(blocks, model, decoding, OPTIONS, Told(), noting=noting)
    out: list[Result] = []
    for results in found:
        assert len(seen) == len(out)
        out += results
        assert len(seen) < len(out)
    assert not any(result.notes for result in out)
    assert seen == ["Good morning!", "I am hungry."]
    assert told == [{"number": 0}, {"number": 1}]


BREAKS = (
    "\t",
    "\t\t",
    "\r",
    "\v",
    "\f",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\n",
    "\r\n",
)


@pytest.mark.parametrize("line_break", BREAKS)
def test_tabs_and_line_breaks_within_a_text_stay(model: Model, line_break: str) -> None:
    """Other programs end lines in other ways; none of them becomes a space."""
    lines = ("Good morning!", "I am hungry.", " ", "Where is the station?")
    apart = [result.text for result in run(model, lines)]
    (result,) = run(model, [line_break.join((*lines, ""))])
    assert result.text == line_break.join((*apart, ""))
    best = run(model, [line_break.join(lines)], beam_size=2, n_best=2)[0].hypotheses
    assert [each.text.count(line_break) for each in best] == [3, 3]


@pytest.mark.parametrize("size", [500, 5_000, 20_000])
@pytest.mark.parametrize(
    "unit", ["x", "word ", "Yes. ", "你好。", "\u202e\u200d", "é\u0301" * 9, "😀"]
)
def test_long_lines_are_translated_whole(model: Model, unit: str, size: int) -> None:
    line = unit * (size // len(unit))
    (result,) = run(model, [line], max_length=4)
    assert result.segment.text == line
    assert "\n" not in result.text


def test_nothing_of_a_long_line_is_lost(model: Model) -> None:
    sentences = ["Where is the station?", "I am tired.", "Tom is reading a book."]
    count = model.manifest.max_source_tokens
    (long,) = run(model, [" ".join(sentences * count) + " "])
    for word in ("Bahnhof", "müde", "Buch"):
        assert long.text.count(word) == count
    assert long.text.endswith(" ")
    assert not long.truncated


def test_white_space_around_a_line_is_kept(model: Model) -> None:
    (plain,) = run(model, ["Where is the station?"])
    for lead, tail in (("  ", ""), ("\t", " "), ("\ufeff", ""), ("\ufeff ", "\u3000"), ("", "\r")):
        (result,) = run(model, [f"{lead}Where is the station?{tail}"])
        assert result.text == f"{lead}{plain.text}{tail}"


def test_line_breaks_that_a_model_makes_become_spaces(model: Model) -> None:
    from s2scli.text.oneline import one_line

    assert one_line("a\nb\rc") == "a b c"


def test_results_do_not_depend_on_batches_or_company(model: Model) -> None:
    sources = [f"I have {n} books and {n + 1} pens." for n in range(40)] + ["Hello!"] * 3
    alone = [run(model, [source])[0].text for source in sources]
    assert [r.text for r in run(model, sources)] == alone


def test_n_best_of_a_long_line_combines_its_parts(model: Model) -> None:
    line = "I like the red car very much. " * (model.manifest.max_source_tokens // 4)
    (result,) = run(model, [line], beam_size=3, n_best=3)
    totals = [h.score * h.tokens for h in result.hypotheses]
    assert len({h.text for h in result.hypotheses}) == 3
    assert totals == sorted(totals, reverse=True)


def test_truncation_of_a_part_marks_the_line(model: Model) -> None:
    (result,) = run(model, ["The weather is nice today. " * 100], max_length=5)
    assert result.truncated
