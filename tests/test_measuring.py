"""``scripts/measure_default_model.py``: what counts as kept, its texts, its verdict, a run."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from tests.conftest import GOLDEN

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "scripts" / "measure_default_model.py"
NAMES = ("docs", "ui", "formal", "general", "tatoeba")
PLAIN = ["The cat is on the old table.", "We saw the house by the sea!", "Who has the keys now?"]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPT.parent)
    return import_module(SCRIPT.stem)


@pytest.mark.parametrize(
    ("kind", "source", "target", "share"),
    [
        ("placeholders", "Delete {name} and %s?", "{name} und %s löschen?", (2, 2)),
        ("placeholders", "Delete {name} and %s?", "{Name} und % s löschen?", (2, 0)),
        ("placeholders", "Delete %s?", "%s und %s löschen?", (1, 0)),
        ("URLs", "See https://a.example/b.", "Siehe https://a.example/b.", (1, 1)),
        ("URLs", "See www.a.example and https://b.example.", "Siehe www.a.example.", (2, 1)),
        ("e-mail addresses", "Ask a@b.example.", "Fragen Sie a@b.Beispiel.", (1, 0)),
        ("code spans", "Run `git pull`.", "Führen Sie `git pull` aus.", (1, 1)),
        ("code spans", "Run `git pull`.", "Führen Sie `git Ziehen` aus.", (1, 0)),
        ("numbers", "It costs 1,234.5.", "Es kostet 1.234,5.", (1, 1)),
        ("numbers", "It takes 3.5 of 7.", "Es dauert 35 von 7.", (2, 1)),
        ("numbers", "Only {0} of 7.", "Nur {0} von 7.", (1, 1)),
        ("numbers", "Only 7.", "Nur 7 von 8.", (1, 0)),
    ],
)
def test_what_counts_as_kept(
    script: ModuleType, kind: str, source: str, target: str, share: tuple[int, int]
) -> None:
    kept = script.Kept([(source, target)])
    assert kept.shares[kind] == share
    assert kept.whole == (1, int(share[0] == share[1]))
    assert script.Kept([(source, source)]).whole == (1, 1)


def test_texts_are_made_of_each_kind(script: ModuleType) -> None:
    texts = script.made(PLAIN, 500, 1)
    assert texts == script.made(PLAIN, 500, 1) != script.made(PLAIN, 500, 2)
    shares = script.Kept((text, "") for text in texts).shares
    assert {kind: things for kind, (things, kept) in shares.items()} == dict.fromkeys(shares, 100)
    assert script.native(PLAIN) == []
    assert script.native(texts) == texts


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "not better"),
        ({"ui": 0.1}, "better"),
        ({"docs": 9, "ui": -1}, "better"),
        ({"docs": 9, "ui": -1.01}, "not better"),
        ({"docs": -0.1}, "not better"),
    ],
)
def test_verdict(script: ModuleType, change: dict[str, float], words: str) -> None:
    old = dict.fromkeys(NAMES, 40.0)
    new = {name: value + change.get(name, 0) for name, value in old.items()}
    assert script.verdict(new, old).startswith(f"verdict: {words} (")
    del new["general"]
    assert script.verdict(new, old).endswith("not given: general")


def test_a_run(tmp_path: Path) -> None:
    rows = [line.split("\t") for line in (GOLDEN / "bundled-sentences.tsv").read_text().split("\n")]
    for name in NAMES:
        (tmp_path / name).write_text("".join(f"{r[1]}\t{r[2]}\n" for r in rows[:9]), "utf-8")
    sets = [word for name in NAMES for word in ("--set", name, str(tmp_path / name))]
    model = str(bundled_directory(DEFAULT_MODEL))
    command = [sys.executable, str(SCRIPT), model, "--compare", model, *sets]
    command += ["--texts", "9", "--sentences", str(tmp_path / "docs"), "--threads", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "| ui | 9 |" in done.stdout
    assert "| texts that keep all | 9 |" in done.stdout
    assert "opus-mt-en-de" in done.stdout
    assert "\nverdict: not better (" in done.stdout
    (tmp_path / "ui").write_text("no tab\n")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("ui, line 1, has no tab\n")
