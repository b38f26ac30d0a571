"""Samples from the command line: every command that runs a model, settings, documents."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN, Run
from tests.drawings import line, save
from tests.pivots import install_pair

TEXT = "Where is the station?\n\nGood morning!\nWhere is the station?\n"


def test_lines(s2s: Run) -> None:
    options = ("translate", "--sample", "--n-best", 3, "--format", "tsv", "--scores")
    done = s2s(*options, stdin=TEXT.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    rows = done.stdout.decode().splitlines()
    assert len(rows) == 10
    assert rows[:3] == rows[-3:]
    again = s2s(*options, "--threads", 1, "--batch-tokens", 3, stdin=TEXT.encode())
    assert again.stdout == done.stdout
    assert s2s(*options, "--seed", 5, stdin=TEXT.encode()).stdout != done.stdout
    alone = s2s(*options, stdin=b"Good morning!\n")
    assert alone.stdout.decode().splitlines() == rows[4:7]


@pytest.mark.parametrize("command", ["summarize", "answer", "generate"])
def test_other_tasks(command: str, s2s: Run, small_models: dict[str, Path], tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_text("Tom came home late. Nobody was there.\n")
    inputs = {
        "summarize": (source,),
        "answer": ("Who came?", source),
        "generate": ("--prompt", "{text}", source),
    }[command]
    options = ("-m", small_models["t5"], "--max-length", 12, "--sample", "--top-k", 40)
    done = s2s(command, *options, *inputs)
    assert done.returncode == 0, done.stderr
    assert s2s(command, *options, *inputs).stdout == done.stdout
    others = {s2s(command, *options, "--seed", seed, *inputs).stdout for seed in (1, 2, 3)}
    assert others != {done.stdout}


def test_captions(s2s: Run, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    convert(GOLDEN / "trocr", tmp_path / "m", quantization="float32")
    images = [save(line(seed)[0], tmp_path / f"{seed}.png") for seed in range(2)]
    options = ("caption", "-m", tmp_path / "m", "--sample", "--temperature", 5, "--n-best", 3)
    done = s2s(*options, "--format", "jsonl", "--max-length", 8, *images)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(row)["hypotheses"] for row in done.stdout.splitlines()]
    assert len({sample["text"] for sample in rows[0]}) > 1
    alone = s2s(*options, "--format", "jsonl", "--max-length", 8, images[1])
    texts = [sample["text"] for sample in json.loads(alone.stdout)["hypotheses"]]
    assert texts == [sample["text"] for sample in rows[1]]


def test_settings_that_do_not_fit_pass_by(s2s: Run, tmp_path: Path) -> None:
    settings = tmp_path / "config.yaml"
    environment = {**os.environ, "S2S_CONFIG": str(settings)}
    settings.write_text("translate:\n  temperature: 0.5\n  seed: 4\n  beam: 3\n  patience: 2\n")
    text = b"Where is the station?\n"
    searched = s2s("translate", stdin=text, env=environment)
    assert searched.stdout == s2s("translate", "--beam", 3, stdin=text).stdout
    drawn = s2s(
        "translate", "--sample", "--n-best", 4, "--format", "tsv", stdin=text, env=environment
    )
    given = ("--sample", "--n-best", 4, "--format", "tsv", "--temperature", 0.5, "--seed", 4)
    assert drawn.stdout == s2s("translate", *given, stdin=text).stdout
    settings.write_text("translate:\n  sample: true\n")
    plain = s2s("translate", stdin=text, env=environment)
    assert plain.stdout == s2s("translate", "--sample", stdin=text).stdout


def test_settings_pass_by_where_two_models_run(s2s: Run, tmp_path: Path) -> None:
    install_pair(tmp_path / "home", "fr", "en")
    settings = tmp_path / "config.yaml"
    environment = {**os.environ, "S2S_CONFIG": str(settings)}
    settings.write_text("translate:\n  temperature: 0.5\n  beam: 3\n  patience: 2\n")
    via = ("translate", "--from", "fr", "--to", "de", "--via", "en")
    for options in ((), ("--sample",)):
        done = s2s(*via, *options, stdin=b"Good morning!\n", env=environment)
        assert done.returncode == 0, done.stderr
        again = s2s(*via, *options, stdin=b"Good morning!\n", env=environment)
        assert again.stdout == done.stdout


def test_documents_have_the_same_samples_however_they_are_shared_out(
    s2s: Run, tmp_path: Path
) -> None:
    """Whole, in two shards, and one by one."""
    folder = tmp_path / "docs"
    folder.mkdir()
    texts = (
        "# Where is the station?\n\nGood *morning*, my friend!\n",
        "My dog is hungry.\n\nYes.\n",
    )
    for number, text in enumerate(texts):
        (folder / f"{number}.md").write_text(text)
    whole, shards = tmp_path / "whole", tmp_path / "shards"
    assert s2s("translate", "--sample", folder, "-o", whole).returncode == 0
    for shard in ("1/2", "2/2"):
        done = s2s("translate", "--sample", folder, "-o", shards, "--shard", shard)
        assert done.returncode == 0, done.stderr
    for number in range(2):
        expected = (whole / f"{number}.md").read_text()
        assert (shards / f"{number}.md").read_text() == expected
        one = tmp_path / f"{number}.de.md"
        assert s2s("translate", "--sample", folder / f"{number}.md", "-o", one).returncode == 0
        assert one.read_text() == expected
    other = tmp_path / "other"
    assert s2s("translate", "--sample", "--seed", 9, folder, "-o", other).returncode == 0
    assert any((other / f"{n}.md").read_text() != (whole / f"{n}.md").read_text() for n in (0, 1))
