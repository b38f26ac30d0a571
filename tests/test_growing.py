"""``scripts/measuring/growing.py``: the larger model writes what the small one writes."""

from __future__ import annotations

from pathlib import Path

from measuring.growing import PIECES, grown

import s2scli
from s2scli.models.manifest import Manifest
from s2scli.models.store import DEFAULT_MODEL, bundled_directory

LINES = ["Where is the station?", "She reads a book in the old garden.", "Good morning!"]


def test_a_grown_model_writes_the_same(tmp_path: Path) -> None:
    grown(bundled_directory(DEFAULT_MODEL), tmp_path / "large")
    assert Manifest.load(tmp_path / "large").parameters > 70_000_000
    with s2scli.load(tmp_path / "large", threads=1) as large, s2scli.load(threads=1) as small:
        assert [r.text for r in large.translate(LINES)] == [r.text for r in small.translate(LINES)]
        shared = tmp_path / "large" / "shared_vocabulary.json"
        assert shared.read_text("utf-8").endswith(f'"<unused{PIECES - 12_000 - 1}>"]')
