"""sacrebleu's result files: written as it writes them, read as a base, equal with its models."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sacrebleu.version import __version__

from tests.cli.test_models import complaint
from tests.conftest import Run

GOLDEN = Path(__file__).parents[1] / "golden"
REFERENCE = ["The cat sat on the mat.", "It is “raining” today.", "Where is the station?", "Yes."]
GOOD = ["The cat sat on a mat.", "It is raining today.", "Where is a Station?", "Yes."]
BAD = ["A cat.", "Rain.", "Station is where the?", "No."]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with references and systems of forty segments."""
    for name, texts in (("ref", REFERENCE), ("good", GOOD), ("bad", BAD), ("ref2", GOOD[::-1])):
        lines = (f"{text} {n}\n" for n in range(10) for text in texts)
        (tmp_path / name).write_text("".join(lines), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sacrebleu(*arguments: str) -> bytes:
    command = [sys.executable, "-m", "sacrebleu", *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("ref -i good", "good ref --metric bleu"),
        ("ref -i good -m ter chrf bleu", "good ref"),
        ("ref -i good -m bleu chrf -w 4", "good ref --metric bleu --metric chrf --digits 4"),
        ("ref ref2 -i good -m chrf --chrf-word-order 2", "good ref ref2 --metric chrf++"),
        (
            "ref -i bad --confidence --confidence-n 100 -lc -tok intl",
            "bad ref --metric bleu --confidence --resamples 100 --lowercase --tokenize intl",
        ),
        ("ref -i good bad -m bleu ter -w 2", "good ref --compare bad --metric ter --metric bleu "),
    ],
)
def test_what_is_written(here: Path, s2s: Run, theirs: str, ours: str) -> None:
    digits = ["--digits", "2"] if "-w 2" in theirs else []
    expected = sacrebleu(*theirs.split())
    assert expected.startswith((b"{", b"["))
    done = s2s("score", *ours.split(), "--format", "sacrebleu", *digits)
    assert done.stdout == expected


def test_metrics_that_sacrebleu_lacks(here: Path, s2s: Run) -> None:
    line = complaint(s2s("score", "good", "ref", "--metric", "rougeL", "--format", "sacrebleu"), 2)
    assert "sacrebleu has no rougeL" in line
    line = complaint(s2s("score", "good", "ref", "--task", "answer", "--format", "sacrebleu"), 2)
    assert "no metric of sacrebleu" in line


def rows(done: subprocess.CompletedProcess[bytes]) -> list[list[str]]:
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.decode().splitlines()]


@pytest.mark.parametrize("own", [False, True])
def test_a_base(here: Path, s2s: Run, own: bool) -> None:
    if own:
        text = s2s("score", "bad", "ref", "--json", "--metric", "bleu", "--metric", "chrf").stdout
    else:
        text = sacrebleu(*["ref", "-i", "bad", "-m", "bleu", "chrf"])
    Path("base.json").write_bytes(text)
    found = rows(s2s("score", "good", "ref", "--baseline-json", "base.json"))
    assert found[0][:4] == ["METRIC", "SCORE", "BASELINE", "DIFFERENCE"]
    assert [row[0] for row in found[1:]] == ["bleu", "chrf"]  # what the file has
    for row in found[1:]:
        assert float(row[3]) == pytest.approx(float(row[1]) - float(row[2]), abs=0.011)
    content = json.loads(
        s2s("score", "good", "ref", "--baseline-json", "base.json", "--json").stdout
    )
    score = content["systems"][0]["scores"][0]
    assert score["recorded"]["difference"] == score["score"] - score["recorded"]["score"]
    table = s2s("score", "good", "ref", "--baseline-json", "base.json", "--format", "markdown")
    assert "| base.json | 3.5" in table.stdout.decode()


def test_a_gate_with_recorded_scores(here: Path, s2s: Run) -> None:
    Path("good.json").write_bytes(sacrebleu(*["ref", "-i", "good", "-m", "bleu", "ter"]))
    Path("bad.json").write_bytes(sacrebleu(*["ref", "-i", "bad", "-m", "bleu", "ter"]))
    # The score of the file is rounded; the same system is no worse.
    assert s2s("score", "good", "ref", "--no-worse-than", "good.json").returncode == 0
    assert s2s("score", "good", "ref", "--no-worse-than", "bad.json").returncode == 0
    done = s2s("score", "bad", "ref", "--no-worse-than", "good.json")
    line = complaint(done, 4)
    assert "bleu is 3.5" in line
    assert "ter is " in line
    assert "worse than good.json" in line
    assert s2s("score", "bad", "ref", "--no-worse-than", "good.json", "--by", "99").returncode == 0
    # Another gate's metric needs no recorded score.
    gates = ("--no-worse-than", "good.json", "--fail-under", "chrf=10")
    assert s2s("score", "good", "ref", *gates).returncode == 0
    done = s2s("score", "good", "ref", *gates[:2], "--significant")
    line = complaint(done, 2)
    assert done.stdout == b""  # it is said before anything is computed
    assert "--significant needs hypotheses" in line
    line = complaint(s2s("score", "good", "ref", *gates[:2], "--metric", "meteor"), 65)
    assert "has no score of meteor. It has: bleu, ter" in line


def changed(**parts: str) -> dict[str, Any]:
    signature = {"nrefs": "1", "case": "mixed", "eff": "no", "tok": "13a", "smooth": "exp"}
    signature |= {"version": __version__} | parts
    named = "|".join(f"{name}:{value}" for name, value in signature.items())
    return {"name": "BLEU", "score": 12.3, "signature": named}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (changed(tok="intl"), "bleu differs in tok: intl there, 13a here"),
        (changed(case="lc"), "differs in case: lc there, mixed here"),
        (changed(nrefs="2"), "differs in nrefs: 2 there, 1 here"),
        (changed(version="1.5.0"), f"differs in version: 1.5.0 there, {__version__} here"),
        (changed(origlang="de"), "differs in origlang: de there, nothing here"),
        (
            changed()
            | {"verbose_score": "1/1/1/1 (BP = 1.000 ratio = 1.000 hyp_len = 9 ref_len = 9)"},
            "differs in ref_len: 9 there",
        ),
        (changed() | {"name": "chrF3"}, "a score of 'chrF3', which is not computed here"),
        (changed() | {"score": "x"}, "a score that is no number"),
        ([changed(), changed()], "two scores of bleu"),
        ([{"system": "a", "BLEU": "12.3"}], "scores without a signature"),
        ({"schema": 1, "systems": []}, "is not what 's2s score --json' has written"),
        ({"target": "a"}, "holds no scores"),
        ([], "holds no scores"),
        ("text", "holds no scores"),
    ],
)
def test_what_cannot_be_compared(here: Path, s2s: Run, content: object, said: str) -> None:
    Path("base.json").write_text(json.dumps(content))
    line = complaint(s2s("score", "good", "ref", "--baseline-json", "base.json"), 65)
    assert f"base.json: {said}" in line or f"base.json has {said}" in line or said in line


def test_intervals_and_models_do_not_differ(here: Path, s2s: Run) -> None:
    Path("base.json").write_text(json.dumps(changed(bs="1000", seed="1")))
    assert s2s("score", "good", "ref", "--baseline-json", "base.json").returncode == 0


def test_pieces_of_a_given_model(
    here: Path, s2s: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Equal to sacrebleu's own class, which looks for its model in its cache."""
    model = GOLDEN / "pegasus" / "spiece.model"
    cache = tmp_path / "cache"
    (cache / "models").mkdir(parents=True)
    shutil.copy(model, cache / "models" / "flores200sacrebleuspm")
    monkeypatch.setenv("SACREBLEU", str(cache))
    expected = sacrebleu(*["ref", "-i", "good", "-tok", "flores200", "-w", "6"])
    assert b'"tok": "flores200"' in expected
    options = ("--metric", "bleu", "--tokenize", "flores200", "--spm", model)
    monkeypatch.setenv("SACREBLEU", str(tmp_path / "nothing"))
    written = s2s("score", "good", "ref", *options, "--format", "sacrebleu", "--digits", "6")
    assert written.stdout == expected
    (tmp_path / "base.json").write_bytes(expected)
    found = rows(s2s("score", "good", "ref", *options, "--baseline-json", "base.json"))
    assert found[1][3] in ("+0.00", "-0.00")
    assert "|tok:flores200|smooth:exp|spm:" in found[1][-1]


def test_models_that_are_none(here: Path, s2s: Run) -> None:
    def refused(path: str, code: int) -> str:
        options: Sequence[str] = ("--metric", "bleu", "--tokenize", "flores200", "--spm", path)
        return complaint(s2s("score", "good", "ref", *options), code)

    Path("empty").write_bytes(b"")
    Path("folder").mkdir()
    assert "is not a SentencePiece model" in refused("good", 65)
    assert "is not a SentencePiece model" in refused("empty", 65)
    assert "Cannot read" in refused("missing", 66)
    assert "Cannot read" in refused("folder", 66)
