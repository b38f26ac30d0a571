"""Reranking with real models: the order, the numbers, and what is refused."""

from __future__ import annotations

import math
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

import s2scli
from s2scli.api import TextModel
from s2scli.data import Result
from s2scli.errors import UnavailableError, UsageError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.metrics.base import load_metric
from s2scli.models.convert.run import Labels, convert
from s2scli.tasks.rerank.ranking import expected_utilities
from tests.conftest import GOLDEN

SOURCE = "I have never seen such a thing in my life."
ORACLES: dict[str, Any] = {"chrf": CHRF(), "bleu": BLEU(effective_order=True)}


@pytest.fixture(scope="module")
def model() -> Iterator[TextModel]:
    with s2scli.load("en-de", threads=1) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Small models: one of many languages that takes 64 tokens, one of the same direction, and one
    that reads images."""
    root = tmp_path_factory.mktemp("others")
    for name in ("m2m100", "marian-tiny", "vit-gpt2"):
        convert(GOLDEN / name, root / name, quantization="float32", labels=Labels(name=name))
    return {name: root / name for name in ("m2m100", "marian-tiny", "vit-gpt2")}


def rows(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result.notes["rerank"]["candidates"]
    return found


@pytest.mark.parametrize("name", ORACLES)
def test_minimum_bayes_risk_is_that_of_all_pairs(model: TextModel, name: str) -> None:
    before = model.translate(SOURCE, beam_size=8, n_best=8).hypotheses
    after = model.translate(SOURCE, beam_size=8, n_best=8, rerank=f"mbr:{name}")
    texts = [hypothesis.text for hypothesis in before]
    expected = {
        text: sum(
            ORACLES[name].sentence_score(text, [other]).score / 100
            for place, other in enumerate(texts)
            if place != number
        )
        / (len(texts) - 1)
        for number, text in enumerate(texts)
    }
    assert len(expected) == 8
    assert [h.text for h in after.hypotheses] == sorted(texts, key=expected.__getitem__)[::-1]
    for row in rows(after):
        assert row[f"mbr:{name}"] == row["total"] == pytest.approx(expected[row["text"]], abs=1e-6)
        assert before[row["rank"] - 1].text == row["text"]


def test_duplicates_count_as_often_as_they_are_there() -> None:
    texts = ["der Hund", "eine Katze", "der Hund", "ein Hund", "eine Katze", "der Hund"]
    found = expected_utilities(texts, load_metric("chrf"))
    for number, text in enumerate(texts):
        others = [*texts[:number], *texts[number + 1 :]]
        scores = [CHRF().sentence_score(text, [other]).score for other in others]
        assert found[number] == pytest.approx(math.fsum(scores) / len(others) / 100)
    assert max(zip(found, texts, strict=True))[1] == "der Hund"


def test_an_error_rate_is_taken_from_one() -> None:
    texts = ["eins zwei drei vier", "eins zwei drei fünf"]
    assert expected_utilities(texts, load_metric("ter")) == [0.75, 0.75]


def test_a_text_alone_has_none() -> None:
    assert expected_utilities(["eins"], load_metric("chrf")) == [0.0]
    assert expected_utilities([], load_metric("chrf")) == []


def test_a_majority_wins_by_exact_match() -> None:
    texts = ["a", "b", "b", "c"]
    found = expected_utilities(texts, load_metric("exact-match"))
    assert found == pytest.approx([0, 1 / 3, 1 / 3, 0])


def test_teacher_forcing_gives_the_score_that_the_search_gave(model: TextModel) -> None:
    """The same model beside itself; what is computed in other batches differs by int8's noise."""
    result = model.translate(SOURCE, candidates=8, rerank="ensemble:en-de")
    assert len(rows(result)) == 8
    for row in rows(result):
        assert row["ensemble:en-de"] == pytest.approx(row["score"], abs=2e-3)
        assert row["total"] == pytest.approx(row["score"] + row["ensemble:en-de"], abs=2e-6)


def test_a_reverse_model_reads_the_hypothesis(model: TextModel, others: dict[str, Path]) -> None:
    reverse = f"reverse:{others['m2m100']}"
    result = model.translate(SOURCE, candidates=6, rerank=[f"{reverse}=0.5", "score=2"])
    back = Model(
        others["m2m100"],
        place("cpu", threads=1),
        job=Job(source_language="de", target_language="en"),
    )
    for row in rows(result):
        read, written = back.encode([row["text"]])[0], back.encode_targets([SOURCE])[0]
        (found,) = back.score([back.source(read)], [written])
        assert row[reverse] == pytest.approx(sum(found) / len(found), abs=1e-5)
        assert row["total"] == pytest.approx(2 * row["score"] + 0.5 * row[reverse], abs=1e-5)
    totals = [row["total"] for row in rows(result)]
    assert totals == sorted(totals, reverse=True)
    assert result.text == rows(result)[0]["text"]


def test_models_are_loaded_once_and_when_they_are_needed(
    others: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: Counter[str] = Counter()
    start = Model.__init__

    def counted(self: Model, directory: Path, *args: Any, **kwargs: Any) -> None:
        opened[directory.name] += 1
        start(self, directory, *args, **kwargs)

    monkeypatch.setattr(Model, "__init__", counted)
    with s2scli.load("en-de", threads=1) as model:
        ranks = [f"ensemble:{others['marian-tiny']},en-de"]
        model.translate([], rerank=ranks)
        assert not opened["marian-tiny"]
        for _ in range(2):
            assert len(model.translate(["Yes.", "No."], rerank=ranks)) == 2
    assert opened == {"en-de": 1, "marian-tiny": 1}


def test_what_is_too_long_for_a_model_is_ranked_without_it(
    model: TextModel, others: dict[str, Path]
) -> None:
    reverse = f"reverse:{others['m2m100']}"
    long = "The house is old, the garden is large and the roof is made of straw; " * 6
    found = model.translate([long, "Yes."], rerank=[reverse, "mbr:chrf"])
    assert [result.notes["rerank"]["left_out"] for result in found] == [[reverse], []]
    assert [reverse in rows(result)[0] for result in found] == [False, True]
    for row in rows(found[0]):
        assert row["total"] == pytest.approx(row["score"] + row["mbr:chrf"], abs=2e-6)


def test_nothing_to_translate_is_not_ranked(model: TextModel) -> None:
    found = model.translate(["", "...", "Yes."], rerank="mbr:chrf")
    assert [bool(result.notes) for result in found] == [False, False, True]


def test_placeholders_come_first(model: TextModel) -> None:
    """Of the new order, the first hypothesis that has lost nothing is taken."""
    text = "Hello {name}, there are 3 new messages in <b>your</b> inbox."
    found = model.translate(text, rerank="mbr:chrf", candidates=8, protect=True)
    assert [found.text.count(kept) for kept in ("{name}", "3", "<b>", "</b>")] == [1, 1, 1, 1]
    assert found.notes.keys() == {"rerank", "protection"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"rerank": "mbr:chrf", "beam_size": 1}, "nothing to choose from, with one"),
        ({"rerank": "mbr:chrf", "candidates": 2, "n_best": 4}, "2 candidates are fewer than the 4"),
        ({"rerank": "reverse:en-de"}, "--rerank reverse:en-de: The model en-de does not read 'de'"),
        ({"rerank": "nonsense"}, "nothing to rank by"),
    ],
)
def test_what_makes_no_sense_is_refused(
    model: TextModel, options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(UsageError, match=reason):
        model.translate(iter(["Yes."]), **options)


def test_models_that_cannot_are_refused_before_any_work(
    model: TextModel, others: dict[str, Path]
) -> None:
    with pytest.raises(UsageError, match="the model reads images"):
        model.translate(iter(["Yes."]), rerank=f"ensemble:{others['vit-gpt2']}")
    with pytest.raises(UnavailableError, match="There is no model 'nowhere'"):
        model.translate(iter(["Yes."]), rerank="reverse:nowhere")


def test_documents_are_reranked(model: TextModel, tmp_path: Path) -> None:
    source, text = tmp_path / "a.md", "# The old house\n\nI have **never** seen such a {thing}!\n"
    source.write_text(text)
    written: dict[str, str] = {}
    ways: dict[str, dict[str, Any]] = {
        "plain": {},
        "ranked": {"rerank": "mbr:chrf", "candidates": 8},
        "upside-down": {"rerank": "mbr:chrf=-1", "candidates": 8},
    }
    for name, options in ways.items():
        (outcome,) = s2scli.translate_folder(model, source, tmp_path / f"{name}.md", **options)
        assert (outcome.status, outcome.segments, outcome.left) == ("done", 2, 0)
        written[name] = (tmp_path / f"{name}.md").read_text()
        assert written[name].count("{thing}") == written[name].count("**") / 2 == 1
    assert written["upside-down"] != written["ranked"]
    lines = model.translate("The old house", rerank="mbr:chrf", candidates=8)
    assert written["ranked"].startswith(f"# {lines.text}\n")


def test_a_folder_that_was_done_otherwise_is_done_again(model: TextModel, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("Yes.\n")

    def run(**options: Any) -> list[str]:
        folders = (tmp_path / "in", tmp_path / "out")
        return [outcome.status for outcome in s2scli.translate_folder(model, *folders, **options)]

    assert run() == ["done"]
    assert run(rerank="mbr:chrf") == ["done"]
    assert run(rerank="mbr:chrf") == ["skipped"]
    assert run(rerank="mbr:bleu") == ["done"]
    shutil.rmtree(tmp_path / "out")
