"""Reranking by a learned metric that reads no references: ``qe:MODEL``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import s2scli
from s2scli.errors import UsageError
from s2scli.metrics.base import load_metric
from tests.conftest import Run
from tests.learned.conftest import Metrics

SOURCES = ["Where is the station?", "It is raining."]
LISTS = [["Wo ist der Bahnhof?", "Der Zug.", "Wo?"], ["Es regnet.", "Die Sonne scheint heute."]]


def estimates(directory: Path) -> list[list[float]]:
    metric = load_metric(f"cometkiwi:{directory}")
    return [
        [metric.statistics([text], [[]], [source])[0][0] for text in texts]
        for source, texts in zip(SOURCES, LISTS, strict=True)
    ]


def test_the_best_estimate_comes_first(metrics: Metrics) -> None:
    directory = metrics("unified")
    found = s2scli.rerank(LISTS, f"qe:{directory}", sources=SOURCES)
    for ranking, row in zip(found, estimates(directory), strict=True):
        assert ranking.order == tuple(sorted(range(len(row)), key=row.__getitem__, reverse=True))
        assert ranking.values[f"qe:{directory}"] == pytest.approx(row, abs=1e-6)
        assert ranking.totals == pytest.approx(row, abs=1e-6)


def test_beside_other_components(metrics: Metrics) -> None:
    by = [f"qe:{metrics('referenceless')}=2", "mbr:chrf", "score=0.5"]
    scores = [[-1.0, -2.0, -3.0], [-0.5, -0.1]]
    for ranking in s2scli.rerank(LISTS, by, sources=SOURCES, scores=scores):
        own, quality, agreement = (
            ranking.values[name] for name in ("score", by[0].removesuffix("=2"), "mbr:chrf")
        )
        rows = zip(own, quality, agreement, strict=True)
        assert ranking.totals == pytest.approx([s / 2 + 2 * q + m for s, q, m in rows])


def test_what_cannot_be_ranked_by(metrics: Metrics) -> None:
    with pytest.raises(UsageError, match="the sources are needed"):
        s2scli.rerank(LISTS, f"qe:{metrics('unified')}")
    with pytest.raises(UsageError, match="reads references"):
        s2scli.rerank(LISTS, f"qe:{metrics('regression')}", sources=SOURCES)
    with pytest.raises(UsageError, match="is nothing to rank by"):
        s2scli.rerank(LISTS, "qe:", sources=SOURCES)


def test_translations(s2s: Run, metrics: Metrics) -> None:
    spec = f"qe:{metrics('unified', 'int8')}"
    options = ("--rerank", spec, "--candidates", "4", "--format", "jsonl")
    done = s2s("translate", *options, stdin="".join(f"{text}\n" for text in SOURCES).encode())
    assert done.returncode == 0, done.stderr
    rows: list[Any] = [json.loads(line) for line in done.stdout.splitlines()]
    for row in rows:
        candidates = row["rerank"]["candidates"]
        assert len(candidates) == 4
        values = [each[spec] for each in candidates]
        assert values == sorted(values, reverse=True)
        assert row["target"] == candidates[0]["text"]


def test_lists_of_a_file(s2s: Run, metrics: Metrics, tmp_path: Path) -> None:
    lines = [f"{n} ||| {text}\n" for n, texts in enumerate(LISTS) for text in texts]
    (tmp_path / "nbest").write_text("".join(lines))
    (tmp_path / "src").write_text("".join(f"{text}\n" for text in SOURCES))
    spec = ("--rerank", f"qe:{metrics('unified')}")
    done = s2s("rerank", tmp_path / "nbest", *spec, "--source", tmp_path / "src")
    best = [
        texts[max(range(len(row)), key=row.__getitem__)]
        for texts, row in zip(LISTS, estimates(metrics("unified")), strict=True)
    ]
    assert done.stdout.decode().splitlines() == best
    assert s2s("rerank", tmp_path / "nbest", *spec).returncode == 65
