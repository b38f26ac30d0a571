"""Metrics of a user's own: real files that are run, and what goes wrong in them."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from s2scli.errors import BadInputError, MissingInputError, S2SError, UsageError
from s2scli.metrics.base import load_metric
from s2scli.metrics.own import OwnMetric, own_metrics
from s2scli.metrics.resample import paired_tests
from tests.cli.test_models import complaint
from tests.conftest import Run

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "score.md"
HYPOTHESES = ["The House is Red", "no names", "Berlin and Rome"]
REFERENCES = [["The House was Blue"], ["none"], ["Berlin or Oslo", "Rome"]]
# BLEU of words alone, as sums: matches and lengths.
PRECISION = """
class Precision:
    name = "precision"
    lower_is_better = True
    needs_sources = True

    def statistics(self, hypotheses, references, sources):
        print("reading", len(sources))
        for text, refs in zip(hypotheses, references):
            words = text.split()
            yield sum(word in refs[0].split() for word in words), len(words)

    def value(self, sums):
        return 100 * sums[0] / sums[1] if sums[1] else 0
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "hyp").write_text("".join(f"{line}\n" for line in HYPOTHESES))
    (tmp_path / "ref").write_text("".join(f"{row[0]}\n" for row in REFERENCES))
    (tmp_path / "my.py").write_text(PRECISION)
    return tmp_path


def test_the_example_of_the_guide(here: Path, s2s: Run) -> None:
    (example,) = re.findall(r"```python\n(class .*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    Path("my.py").write_text(example, "utf-8")
    metric = OwnMetric("my.py:Capitals")
    statistics = metric.statistics(HYPOTHESES, REFERENCES)
    assert statistics == [(2 / 3, 1), (1, 1), (1, 1)]
    assert metric.score(statistics) == pytest.approx(8 / 9)
    assert metric.sentence_scores(statistics) == [2 / 3, 1, 1]
    own = ("--metric-file", "my.py:Capitals")
    assert s2s("score", "hyp", "ref", *own, "--bare").stdout == b"0.722\n"
    rows = s2s("score", "hyp", "ref", *own, "--sentences", "--sort").stdout.decode().splitlines()
    assert [row.split("\t")[:2] for row in rows[1:]] == [
        ["3", "0.500"],
        ["1", "0.667"],
        ["2", "1.000"],
    ]
    complaint(s2s("score", "hyp", "ref", *own, "--fail-under", "capitals=0.8"), 4)
    line = complaint(s2s("score", "hyp", "ref", *own, "--fail-under", "capitals=2"), 2)
    assert "from 0 to 1" in line
    done = s2s("score", "hyp", "ref", *own, "--metric", "bleu", "--json", "--compare", "ref")
    first, second = json.loads(done.stdout)["systems"]
    assert [score["metric"] for score in first["scores"]] == ["bleu", "capitals"]
    assert second["scores"][1]["against_baseline"]["difference"] == pytest.approx(1 - 13 / 18)
    assert "|metric:Capitals|file:my.py|hash:" in first["scores"][1]["signature"]
    assert not Path("__pycache__").exists()


def test_sums(here: Path, s2s: Run) -> None:
    """A corpus is scored by sums, and tests are those of any metric."""
    own = ("--metric-file", "my.py:Precision")
    line = complaint(s2s("score", "hyp", "ref", *own), 2)
    assert "--source FILE" in line
    done = s2s("score", "hyp", "ref", *own, "--source", "ref")
    assert done.stdout.decode().splitlines()[1].split()[:2] == ["precision", "33.3333"]
    assert b"reading 3\n" in done.stderr
    content = b"".join(
        json.dumps({"target": h, "reference": r, "source": "x"}).encode() + b"\n"
        for h, r in zip(HYPOTHESES, REFERENCES, strict=True)
    )
    assert s2s("score", "-", *own, "--bare", stdin=content).stdout == b"33.3333\n"
    line = complaint(
        s2s("score", "hyp", "ref", *own, "--source", "ref", "--fail-under", "precision=5"), 4
    )
    assert "28.3333 above the gate of 5" in line
    metric = OwnMetric("my.py:Precision")
    ours, theirs = (
        metric.statistics(texts, REFERENCES) for texts in (HYPOTHESES, HYPOTHESES[::-1])
    )
    tested = paired_tests(metric, ours, theirs, samples=50, trials=50, seed=1)
    assert tested.difference == metric.score(theirs) - metric.score(ours)


def test_evaluate(here: Path, s2s: Run) -> None:
    Path("test.en").write_text("Good morning!\n")
    Path("test.de").write_text("Guten Morgen!\n")
    files = ("--source", "test.en", "--reference", "test.de")
    done = s2s("evaluate", *files, "--metric-file", "my.py:Precision", "--json")
    (cell,) = json.loads(done.stdout)["cells"]
    assert cell["scores"] == {"precision": 100}


def test_neighbors_dataclasses_and_numpy(here: Path) -> None:
    Path("beside.py").write_text("from numpy import float32\n")
    Path("my.py").write_text(
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\nimport beside\n"
        "@dataclass\nclass M:\n    weight: float = 2\n"
        "    def scores(self, hypotheses, references, sources):\n"
        "        return (beside.float32(self.weight * len(h)) for h in hypotheses)\n"
    )
    metric = OwnMetric("my.py:M")
    assert metric.name == "m"
    assert metric.statistics(["ab", ""], [["x"], ["x"]]) == [(4, 1), (0, 1)]


def score_of(spec: str) -> float:
    metric = OwnMetric(spec)
    return metric.score(metric.statistics(["a", "b"], [["a"], ["b"]]))


def method(body: str, name: str = "scores") -> str:
    return f"class M:\n    def {name}(self, h, r, s):\n        {body}\n"


@pytest.mark.parametrize(
    ("source", "error", "said"),
    [
        ("x = (", BadInputError, "my.py: line 1: SyntaxError: '(' was never closed"),
        ("\n\n1/0\n", BadInputError, "my.py: line 3: ZeroDivisionError: division by zero"),
        ("import nothing_here\n", BadInputError, "my.py: line 1: ModuleNotFoundError"),
        ("import sys\nsys.exit(3)\n", BadInputError, "my.py: line 2: SystemExit: 3"),
        ("class Metric: pass\n", UsageError, "my.py has no 'M'"),
        ("M = 3\n", BadInputError, "TypeError: 'int' object is not callable (making M)"),
        ("class M:\n    def __init__(self, a): pass\n", BadInputError, "my.py:M: TypeError"),
        ("class M: pass\n", UsageError, "my.py:M is no metric. It needs a method 'scores'"),
        (method("pass", "statistics"), UsageError, "is no metric"),
        (f"{method('return [1, 1]')}    name = 'bleu'\n", UsageError, "names itself 'bleu'"),
        (f"{method('return [1, 1]')}    name = 'comet'\n", UsageError, "names itself 'comet'"),
        (f"{method('return [1, 1]')}    name = 'a=b'\n", UsageError, "names itself 'a=b'"),
        (f"{method('return [1, 1]')}    digits = 'x'\n", BadInputError, "digits is 'x'"),
        (method("return [1]"), BadInputError, "my.py:M: scores gave 1 rows for 2 segments"),
        (method("return 3"), BadInputError, "TypeError: 'int' object is not iterable"),
        (method("return [1, None]"), BadInputError, "the score of segment 2 is None, which is no"),
        (method("return [1, float('nan')]"), BadInputError, "segment 2 is nan"),
        (method("return ['1', 1]"), BadInputError, "segment 1 is '1'"),
        (
            method("return [h[5] for _ in h]"),
            BadInputError,
            "my.py: line 3: IndexError: list index",
        ),
        (
            method("return [(1, 2), (1,)]", "statistics") + "    def value(self, sums): return 1\n",
            BadInputError,
            "statistics differ in number",
        ),
        (
            method("return [(1, 2), 3]", "statistics") + "    def value(self, sums): return 1\n",
            BadInputError,
            "(the statistics of segment 2)",
        ),
        (
            method("return [(1, 0), (1, 0)]", "statistics")
            + "    def value(self, sums):\n        return sums[0] / sums[1]\n",
            BadInputError,
            "my.py: line 5: ZeroDivisionError: ",
        ),
    ],
)
def test_what_goes_wrong(here: Path, source: str, error: type[S2SError], said: str) -> None:
    Path("my.py").write_text(source)
    with pytest.raises(error) as caught:
        score_of("my.py:M")
    assert said in str(caught.value)


def test_names(here: Path, s2s: Run) -> None:
    with pytest.raises(MissingInputError, match=r"Cannot read nothing\.py"):
        OwnMetric("nothing.py:M")
    with pytest.raises(UsageError, match="does not name a class"):
        OwnMetric("my.py")
    with pytest.raises(UsageError, match="Two metrics are called 'precision'"):
        own_metrics(["my.py:Precision", "./my.py:Precision"])
    # A file is run only if it is named by its own option.
    assert "no metric 'my.py:Precision'" in complaint(
        s2s("score", "hyp", "ref", "--metric", "my.py:Precision"), 2
    )
    with pytest.raises(UsageError):
        load_metric("precision")
    Path("m.py").write_text(method("return [1] * len(h)"))
    line = complaint(s2s("score", "hyp", "ref", "--metric-file", "m.py:M", "--source", "ref"), 2)
    assert "--source is for metrics that read sources" in line
    sources = ("--source-field", "ref")
    line = complaint(s2s("score", "hyp", "ref", "--metric-file", "m.py:M", *sources), 2)
    assert "--source-field is for metrics that read sources" in line
