"""``s2s judge score`` compares learned metrics with people too, with references or without."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Run
from tests.learned.conftest import Metrics
from tests.tasks.test_judgement import with_texts, written


def test_quality_estimation_beside_people(s2s: Run, metrics: Metrics, tmp_path: Path) -> None:
    collection = with_texts("direct")
    segments = [each._replace(reference=None) for each in collection.design.segments]
    bare = collection.design._replace(segments=tuple(segments))
    folder = written(tmp_path / "evaluation", collection._replace(design=bare))
    name = f"cometkiwi:{metrics('referenceless')}"
    options = ("--metric", name, "--format", "json", "--resamples", 40, "--trials", 100)
    done = s2s("judge", "score", folder, *options)
    assert done.returncode == 0, done.stderr
    checks = json.loads(done.stdout)["metrics"]
    assert [check["metric"] for check in checks] == [name, name]
    for check in checks:
        assert check["left_out"] == 0
        assert check["outputs"]["units"] == 120
        assert check["outputs"]["pearson"] is not None
    done = s2s("judge", "score", folder, "--metric", f"comet:{metrics('regression')}")
    assert done.returncode == 2
    assert b"no judged segment has one" in done.stderr
