"""The guard's limit of estimated quality: ``--min-quality``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import s2scli
from s2scli.api import TextModel
from s2scli.errors import UsageError
from s2scli.metrics import LEARNED
from s2scli.models.manifest import Manifest
from s2scli.tasks.estimates import Estimates
from s2scli.tasks.guarding import QUALITY_MODEL
from s2scli.tasks.learned.comet import quality_estimator
from s2scli.tasks.learned.models import scoring_wish
from tests.conftest import Run
from tests.learned.conftest import Metrics

SOURCES = [
    "Good morning!",
    "Where is the station?",
    "supercalifragilistic zxqv brrr",
    "I am hungry and it is raining.",
    "123",
]
# A line without letters or figures has no quality.
LINES = "".join(f"{text}\n" for text in [*SOURCES, "--", ""]).encode()


@pytest.fixture(scope="module")
def english_german() -> TextModel:
    return s2scli.load("en-de", threads=1)


class Scored(NamedTuple):
    """What is known of the plain translations.

    Attributes:
        texts: them, line by line.
        scores: what ``s2s score`` says of each.
    """

    texts: list[str]
    scores: list[float]


KNOWN: dict[Path, Scored] = {}


def scored(s2s: Run, directory: Path, folder: Path) -> Scored:
    """The plain translations and their scores, made once for each metric."""
    if directory in KNOWN:
        return KNOWN[directory]
    source, target = folder / "lines.en", folder / "lines.de"
    source.write_text("".join(f"{text}\n" for text in SOURCES))
    assert s2s("translate", source, "-o", target).returncode == 0
    metric = f"cometkiwi:{directory}"
    options = ("--source", source, "--metric", metric, "--sentences", "--format", "jsonl")
    done = s2s("score", target, *options)
    assert done.returncode == 0, done.stderr
    scores = [json.loads(line)["scores"][metric] for line in done.stdout.splitlines()]
    return KNOWN.setdefault(directory, Scored(target.read_text().splitlines(), scores))


def limit_of(scores: list[float]) -> float:
    """A limit that two translations are below, and not by a hair."""
    _, second, third, *_ = sorted(scores)
    assert third - second > 1e-4
    return round((second + third) / 2, 5)


@pytest.mark.parametrize("name", ["unified", "referenceless"])
def test_findings_are_those_of_the_score(
    s2s: Run, metrics: Metrics, tmp_path: Path, name: str
) -> None:
    scores = scored(s2s, metrics(name), tmp_path).scores
    limit = limit_of(scores)
    options = ("--min-quality", limit, "--quality-model", metrics(name))
    report = tmp_path / "report.json"
    done = s2s("translate", *options, "--format", "jsonl", "--report", report, stdin=LINES)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    expected = [
        [
            {
                "check": "quality",
                "detail": f"its estimated quality is {score:.4f}, below {limit:g}",
            }
        ]
        if score < limit
        else None
        for score in scores
    ]
    assert [row.get("guard") for row in rows] == [*expected, None, None]
    assert json.loads(report.read_text())["guard"]["checks"] == {"quality": 2}
    text = s2s("translate", *options, stdin=LINES)
    assert text.stdout.decode().splitlines() == [row["target"] for row in rows]
    assert b"2 of 7 lines look wrong (2 quality)" in text.stderr


def test_what_becomes_of_a_low_quality(s2s: Run, metrics: Metrics, tmp_path: Path) -> None:
    directory = metrics("unified")
    plain, scores = scored(s2s, directory, tmp_path)
    limit = limit_of(scores)
    options = ("--min-quality", limit, "--quality-model", directory, "--below")
    low = [score < limit for score in scores]
    kept = s2s("translate", *options, "keep-source", "--signature", stdin=LINES)
    pairs = zip(SOURCES, plain, low, strict=True)
    assert kept.stdout.decode().splitlines()[:5] == [s if is_low else t for s, t, is_low in pairs]
    assert b"kept in the source language, for their estimated quality is too low: 2" in kept.stderr
    steps = f"guard-quality-{limit}-{Manifest.load(directory).fingerprint}-keep-source"
    assert f"|steps:{steps}|".encode() in kept.stderr
    # A confidence that is too low as well: marked once.
    marked = s2s("translate", "--min-confidence", 1, *options, "mark", stdin=LINES)
    assert marked.stdout.decode().splitlines()[:5] == [f"[?] {text}" for text in plain]
    assert b"for their confidence or estimated quality is too low: 5" in marked.stderr
    failed = s2s("translate", *options, "fail", "-q", stdin=LINES)
    assert (failed.returncode, failed.stdout.decode().splitlines()[:5]) == (4, plain)
    assert b"s2s: The estimated quality of 2 lines is below --min-quality" in failed.stderr


def test_a_low_quality_is_repaired(s2s: Run, metrics: Metrics, tmp_path: Path) -> None:
    directory = metrics("unified")
    plain, scores = scored(s2s, directory, tmp_path)
    limit = limit_of(scores)
    options = ("--min-quality", limit, "--quality-model", directory, "--guard", "repair")
    done = s2s("translate", *options, "--format", "jsonl", stdin=LINES)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    repaired = [row for row in rows if any("repaired" in note for note in row.get("guard", ()))]
    assert repaired
    estimates = Estimates(quality_estimator(scoring_wish(str(directory), "")))
    for row, text in zip(rows, plain, strict=False):
        assert (row["target"] != text) == (row in repaired)
        left = "guard" in row and row not in repaired
        assert (estimates[row["source"], row["target"]] < limit) == left


def test_texts_of_documents(s2s: Run, metrics: Metrics, tmp_path: Path) -> None:
    directory = metrics("unified")
    plain, scores = scored(s2s, directory, tmp_path)
    limit = limit_of(scores)
    docs, out, memory = tmp_path / "docs", tmp_path / "out", tmp_path / "m.memory"
    docs.mkdir()
    (docs / "a.txt").write_text("\n\n".join(SOURCES))
    low = [number for number, score in enumerate(scores, 1) if score < limit and number < 5]
    assert low
    options = ("--min-quality", limit, "--quality-model", directory, "--memory", memory)
    report = tmp_path / "report.json"
    command = ("translate", docs, "-o", out, *options, "--report", report)
    recalled = []
    for again in ("decoded", "skipped", "recalled"):
        if again == "recalled":
            (out / "a.txt").unlink()
        assert s2s(*command).returncode == 0
        (document,) = json.loads(report.read_text())["documents"]
        assert [row["text"] for row in document["guard"]] == low
        assert {row["check"] for row in document["guard"]} == {"quality"}
        assert (out / "a.txt").read_text().split("\n\n") == plain
        recalled.append(document["recalled"])
    # What is below the limit enters neither the journal nor the memory.
    assert recalled == [0, 0, 4 - len(low)]
    assert s2s(*command, "--below", "keep-source").returncode == 0
    texts = (out / "a.txt").read_text().split("\n\n")
    assert [n for n, text in enumerate(texts, 1) if text == SOURCES[n - 1] and n < 5] == low


def test_what_a_memory_knows_is_estimated_too(s2s: Run, metrics: Metrics, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Good morning!\n")
    pairs = tmp_path / "known.tsv"
    pairs.write_text("Good morning!\tGuten Tag!\n")
    memory, out = tmp_path / "m.memory", tmp_path / "b.md"
    known = ("memory", "import", memory, pairs, "--from", "en", "--to", "de")
    assert s2s(*known).returncode == 0
    options = ("--min-quality", 100, "--quality-model", metrics("unified"), "--below", "mark")
    done = s2s("translate", tmp_path / "a.md", "-o", out, "--memory", memory, *options)
    assert (done.returncode, out.read_text()) == (0, "[?] Guten Tag!\n")
    assert b"texts marked, for their estimated quality is too low: 1" in done.stderr


def test_from_python(english_german: TextModel, metrics: Metrics, tmp_path: Path) -> None:
    given: Any = {"guard": "warn", "min_quality": 100, "quality_model": metrics("unified")}
    results = english_german.translate(SOURCES, **given)
    assert [[row["check"] for row in result.notes["guard"]] for result in results] == (
        [["quality"]] * len(SOURCES)
    )
    kept = english_german.translate(SOURCES[0], below="keep-source", **given)
    assert kept.text == SOURCES[0]
    assert english_german.translate(SOURCES[0], **{**given, "min_quality": -100}).notes == {}
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text(SOURCES[0])
    (outcome,) = s2scli.translate_folder(
        english_german, tmp_path / "docs", tmp_path / "out", **given
    )
    assert [row["check"] for row in outcome.findings] == ["quality"]


def test_what_makes_no_sense_is_refused(english_german: TextModel, metrics: Metrics) -> None:
    good, other = str(metrics("unified")), str(metrics("regression"))
    for options, reason in (
        ({"quality_model": good}, "no effect without min_quality"),
        ({"min_quality": 0.5, "guard": "off"}, "no effect without the guard"),
        ({"min_quality": float("nan")}, "it goes from -100 to 100"),
        ({"min_quality": 10**400}, "it goes from -100 to 100"),
        ({"min_quality": True}, "must be a number"),
        ({"min_quality": "0.5"}, "must be a number"),
        ({"min_quality": 0.5, "quality_model": other}, "reads references"),
        ({"min_quality": 0.5, "quality_model": "en-de"}, "not a learned metric"),
    ):
        given: Any = {"guard": "warn", **options}
        with pytest.raises(UsageError, match=reason):
            english_german.translate(SOURCES[0], **given)


def test_what_is_missing_is_named_before_any_work(
    s2s: Run, metrics: Metrics, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['onnxruntime'] = None")
    without_onnx = {**os.environ, "PYTHONPATH": str(tmp_path)}
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("Good morning!\n")
    model = ("--quality-model", metrics("unified"))
    for inputs in ((), (tmp_path / "docs", "-o", tmp_path / "out")):
        command = ("translate", *inputs, "--min-quality", 0.5)
        done = s2s(*command, stdin=LINES)
        assert (done.returncode, done.stdout) == (69, b"")
        assert f"{QUALITY_MODEL} is not installed".encode() in done.stderr
        done = s2s(*command, *model, stdin=LINES, env=without_onnx)
        assert (done.returncode, done.stdout) == (69, b"")
        assert b"pip install 's2scli[onnx]'" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_preference_for_a_model_passes_by_without_a_limit(s2s: Run) -> None:
    preferring = {**os.environ, "S2S_TRANSLATE_QUALITY_MODEL": "nowhere"}
    done = s2s("translate", stdin=LINES, env=preferring)
    assert (done.returncode, done.stderr) == (0, b"")
    limited = {**preferring, "S2S_TRANSLATE_MIN_QUALITY": "0.5"}
    done = s2s("translate", stdin=LINES, env=limited)
    assert done.returncode == 69
    assert b"nowhere" in done.stderr


def test_the_usual_model_is_that_of_the_metric() -> None:
    assert LEARNED["cometkiwi"].model == QUALITY_MODEL


def test_estimates_are_the_same_alone_and_in_batches(metrics: Metrics) -> None:
    scorer = quality_estimator(scoring_wish(str(metrics("unified")), ""))
    pairs = [(text, text[::-1]) for text in SOURCES]
    together, alone = Estimates(scorer), Estimates(scorer)
    together.add(pairs)
    assert all(pair in together for pair in pairs)
    assert [together[pair] for pair in pairs] == pytest.approx(
        [alone[pair] for pair in pairs], abs=1e-5
    )
