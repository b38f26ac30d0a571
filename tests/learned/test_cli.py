"""Learned metrics on the command line: options, tables, gates, refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_models import complaint
from tests.conftest import Run
from tests.learned.conftest import ENCODER, LEARNED, Metrics


@pytest.fixture
def files(tmp_path: Path, golden: dict[str, Any]) -> dict[str, Path]:
    found = {}
    rows = zip(golden["sources"], golden["hypotheses"], golden["references"], strict=True)
    kept = [row for row in rows if row[2]]  # a reference must not be blank
    for name, column in zip(("src", "hyp", "ref"), zip(*kept, strict=True), strict=True):
        found[name] = tmp_path / name
        found[name].write_text("".join(f"{text}\n" for text in column))
    return found


def test_a_learned_metric_beside_others(s2s: Run, files: dict[str, Path], metrics: Metrics) -> None:
    comet = f"comet:{metrics('regression')}"
    options = ("--source", files["src"], "--metric", comet, "--metric", "chrf")
    done = s2s("score", files["hyp"], files["ref"], *options, "--json", "--confidence")
    (system,) = json.loads(done.stdout)["systems"]
    first, second = system["scores"]
    assert (first["metric"], second["metric"]) == (comet, "chrf")
    assert first["interval"]["lower"] < first["score"] < first["interval"]["upper"]
    assert "|type:float32|" in first["signature"]
    assert b"segments longer than the model reads" in done.stderr
    rows = s2s("score", files["hyp"], files["ref"], *options, "--sentences", "--format", "jsonl")
    scores = [json.loads(row)["scores"][comet] for row in rows.stdout.splitlines()]
    assert sum(scores) / len(scores) == pytest.approx(first["score"])
    assert json.loads(rows.stdout.splitlines()[0])["source"] == "Where is the station?"
    compared = s2s("score", files["hyp"], files["ref"], *options, "--compare", files["src"])
    assert compared.stdout.count(comet.encode()) == 2


def test_gates_name_the_metric_alone(s2s: Run, files: dict[str, Path], metrics: Metrics) -> None:
    comet = f"comet:{metrics('regression')}"
    options = ("score", files["hyp"], files["ref"], "--source", files["src"], "--metric", comet)
    assert s2s(*options, "--fail-under", "comet=-1").returncode == 0
    failed = s2s(*options, "--fail-under", f"{comet}=5", "--bare")
    assert failed.returncode == 4
    assert b"below the gate of 5" in failed.stderr
    assert failed.stdout.count(b"\n") == 1


def test_json_lines_hold_the_sources(
    s2s: Run, files: dict[str, Path], metrics: Metrics, tmp_path: Path
) -> None:
    lines = [files[name].read_text().split("\n")[:-1] for name in ("src", "hyp")]
    path = tmp_path / "out.jsonl"
    rows = [{"source": s, "target": h} for s, h in zip(*lines, strict=True)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    metric = ("--metric", f"cometkiwi:{metrics('unified', 'int8')}", "--bare")
    found = s2s("score", path, *metric)
    assert found.returncode == 0, found.stderr
    assert found.stdout == s2s("score", files["hyp"], "--source", files["src"], *metric).stdout
    path.write_text(path.read_text().replace('"source"', '"text"'))
    assert s2s("score", path, "--source-field", "text", *metric).stdout == found.stdout
    assert "no field 'source'" in complaint(s2s("score", path, *metric), 65)


def test_what_is_missing_is_said(s2s: Run, files: dict[str, Path], metrics: Metrics) -> None:
    pair = ("score", files["hyp"], files["ref"])
    line = complaint(s2s(*pair, "--metric", "comet"), 69)
    assert "s2s models pull wmt22-comet-da" in line
    assert "license apache-2.0" in line
    assert "name it with --metric comet:DIRECTORY)" in line
    line = complaint(s2s("score", files["hyp"], "--metric", "cometkiwi"), 69)
    assert "license cc-by-nc-sa-4.0" in line
    comet = ("--metric", f"comet:{metrics('regression')}")
    assert "--source FILE" in complaint(s2s(*pair, *comet), 2)
    field = ("--source", files["src"], "--source-field", "text")
    assert "and no sources are that" in complaint(s2s(*pair, *comet, *field), 2)
    kiwi = ("--metric", f"cometkiwi:{metrics('unified')}", "--source", files["src"])
    assert "No metric here reads references" in complaint(s2s(*pair, *kiwi), 2)
    wrong = ("--metric", f"bertscore:{metrics('bert-small')}", "--source", files["src"])
    assert "--source is for metrics that read sources" in complaint(s2s(*pair, *wrong), 2)


def test_bertscores_options(s2s: Run, files: dict[str, Path], metrics: Metrics) -> None:
    metric = ("--metric", f"bertscore:{metrics('roberta-small')}", "--bare")
    pair = ("score", files["hyp"], files["ref"])
    options = ((), ("--idf",), ("--baseline", LEARNED / "baseline.tsv"))
    found = {s2s(*pair, *metric, *each).stdout for each in options}
    assert len(found) == 3
    assert all(-1 < float(number) < 1 for number in found)


def test_a_model_that_scores_does_nothing_else(s2s: Run, metrics: Metrics) -> None:
    for command in ("translate", "summarize"):
        line = complaint(s2s(command, "-m", metrics("regression"), stdin=b"Hello.\n"), 2)
        assert "only scores" in line


def test_evaluate(s2s: Run, files: dict[str, Path], metrics: Metrics) -> None:
    comet = f"comet:{metrics('regression')}"
    test = ("--source", files["src"], "--reference", files["ref"], "--metric", comet)
    done = s2s("evaluate", "-m", "en-de", *test, "--beam", "1", "--json")
    assert done.returncode == 0, done.stderr
    (cell,) = json.loads(done.stdout)["cells"]
    assert comet in cell["scores"]
    images = ("--task", "caption", "--source", files["src"], "--reference", files["ref"])
    line = complaint(s2s("evaluate", "-m", "en-de", *images, "--metric", comet), 2)
    assert "there are no sources" in line


def test_convert(s2s: Run, tmp_path: Path) -> None:
    line = complaint(s2s("convert", LEARNED / "unite", "-o", tmp_path / "m"), 66)
    assert "--encoder DIR" in line
    done = s2s("convert", LEARNED / "unite", "-o", tmp_path / "m", "--encoder", ENCODER)
    assert done.returncode == 0, done.stderr
    assert b"comet" in done.stderr
    done = s2s("convert", LEARNED / "bert-small", "-o", tmp_path / "b", "--layer", 2)
    assert done.returncode == 0, done.stderr
    shown = json.loads(s2s("models", "show", tmp_path / "b", "--json").stdout)
    assert shown["tasks"] == ["score"]
