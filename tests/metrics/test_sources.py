"""Metrics that read sources, with or without references: what is handed to them, and refusals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from s2scli.errors import BadInputError, UsageError
from s2scli.metrics import METRICS
from s2scli.metrics.base import (
    MeanMetric,
    Metric,
    MetricOptions,
    Needs,
    References,
    Statistics,
    needs_of,
    signature_of,
)
from s2scli.metrics.base import load_metric as load
from s2scli.tasks.score import Scorer
from s2scli.tasks.score_inputs import InputOptions, read_corpus, read_file

SOURCES, HYPOTHESES = ["one two", "three"], ["eins", "drei vier"]


class Lengths(MeanMetric):
    """Characters of the hypothesis per character of the source: no references are read."""

    name = "lengths"
    needs_references = False
    needs_sources = True

    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        pairs = zip(hypotheses, references, sources, strict=True)
        return [(len(text) / len(source), 1.0) for text, _, source in pairs]

    def signature(self, references: int) -> str:
        return signature_of(references)


def lengths(_options: MetricOptions) -> Metric:
    return Lengths()


@pytest.fixture
def metric(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(METRICS, "lengths", (f"{__name__}:lengths", "", ""))
    return "lengths"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, lines in (("src", SOURCES), ("hyp", HYPOTHESES)):
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines))
    rows = zip(SOURCES, HYPOTHESES, strict=True)
    content = "".join(json.dumps({"source": s, "target": h}) + "\n" for s, h in rows)
    (tmp_path / "both.jsonl").write_text(content)
    return tmp_path


def test_needs(metric: str) -> None:
    assert needs_of(map(load, ["bleu", "chrf"])) == Needs(references=True, sources=False)
    assert needs_of(map(load, [metric])) == Needs(references=False, sources=True)
    assert needs_of(map(load, ["bleu", metric])) == Needs(references=True, sources=True)


def test_a_scorer_hands_over_sources(metric: str) -> None:
    scorer = Scorer([metric], [[], []], MetricOptions(), SOURCES)
    (score,) = scorer.scores(scorer.statistics(HYPOTHESES), 50)
    assert score.value == pytest.approx((4 / 7 + 9 / 5) / 2)
    assert score.signature == "nrefs:0"
    with pytest.raises(UsageError, match="there are no sources"):
        Scorer([metric], [[], []], MetricOptions())


@pytest.mark.parametrize("names", [("hyp", "src"), ("both.jsonl", None)])
def test_sources_are_read(folder: Path, names: tuple[str, str | None]) -> None:
    needs = Needs(references=False, sources=True)
    source = str(folder / names[1]) if names[1] else None
    name = str(folder / names[0])
    corpus = read_corpus(name, (), InputOptions(), read_file, source=source, needs=needs)
    assert (corpus.sources, corpus.hypotheses) == (SOURCES, HYPOTHESES)
    assert [*corpus.references] == [[], []]


def test_folders_of_sources(folder: Path) -> None:
    for name, texts in (("of-hyp", HYPOTHESES), ("of-src", SOURCES)):
        (folder / name).mkdir()
        for number, text in enumerate(texts):
            (folder / name / f"{number}.txt").write_text(text)
    needs = Needs(references=False, sources=True)
    name, source = str(folder / "of-hyp"), str(folder / "of-src")
    corpus = read_corpus(name, (), InputOptions(), read_file, source=source, needs=needs)
    assert (corpus.sources, corpus.hypotheses) == (SOURCES, HYPOTHESES)
    with pytest.raises(UsageError, match="--source FOLDER"):
        read_corpus(name, (), InputOptions(), read_file, needs=needs)


def test_what_does_not_fit_is_refused(folder: Path) -> None:
    needs, options = Needs(references=False, sources=True), InputOptions()
    hyp, src, short = (str(folder / name) for name in ("hyp", "src", "short"))
    Path(short).write_text("one\n")
    with pytest.raises(UsageError, match="does not hold that"):
        read_corpus(hyp, (), options, read_file, needs=needs)
    with pytest.raises(BadInputError, match=r"hyp has 2 lines, .*short has 1"):
        read_corpus(hyp, (), options, read_file, source=short, needs=needs)
    with pytest.raises(UsageError, match="No metric here reads references"):
        read_corpus(hyp, (src,), options, read_file, source=src, needs=needs)
    with pytest.raises(UsageError, match="as hypotheses and as source"):
        read_corpus(hyp, (), options, read_file, source=hyp, needs=needs)
