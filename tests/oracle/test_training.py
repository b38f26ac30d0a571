"""The network that is trained computes what transformers computes with the exported checkpoint,
and a run that was stopped ends as one that was not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")

SCRIPTS = Path(__file__).parents[2] / "scripts"
WORDS = "the small green garden of a house by the sea where we sat and read old books"


@pytest.fixture
def corpus(tmp_path: Path) -> tuple[Path, Path]:
    """A toy language: each German word is the English one with an ending."""
    sources = [" ".join(WORDS.split()[i % 7 : i % 7 + 3 + i % 5]) + f" {i}." for i in range(400)]
    targets = [" ".join(f"{word}en" for word in source.split()) for source in sources]
    paths = tmp_path / "train.en", tmp_path / "train.de"
    for path, lines in zip(paths, (sources, targets), strict=True):
        path.write_text("\n".join(lines), encoding="utf-8")
    return paths


def train(corpus: tuple[Path, Path], work: Path, *options: str) -> str:
    """Run the script; its log."""
    command = [sys.executable, str(SCRIPTS / "train_default_model.py")]
    command += ["--source", str(corpus[0]), "--target", str(corpus[1])]
    command += [
        "--work",
        str(work),
        "--out",
        str(work / "out"),
        "--vocabulary",
        "340",
        "--chunk-pairs",
        "400",
    ]
    command += ["--width", "32", "--feed-forward", "64", "--encoder-layers", "2"]
    command += ["--batch-tokens", "500", "--threads", "1", "--no-compile", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))


def test_network_equals_transformers(
    corpus: tuple[Path, Path], tmp_path: Path, modules: None
) -> None:
    import torch
    import transformers
    from training.network import Network, OutputLoss, Shape
    from training.optimizer import Optimizer
    from training.warm import read_weights

    out = tmp_path / "work" / "out"
    train(corpus, tmp_path / "work", "--steps", "30", "--decay-steps", "5")
    theirs = transformers.MarianMTModel.from_pretrained(out, dtype=torch.float32).eval()
    size = theirs.config.vocab_size - 1
    network = Network(Shape(size, 32, 64, 2, 2))
    Optimizer(network).start_from(read_weights(out))

    source = torch.randint(2, size, (3, 7))
    target = torch.randint(2, size, (3, 5))
    source[1, 4:] = size
    before = torch.cat([torch.full_like(target[:, :1], size), target[:, :-1]], 1)
    with torch.no_grad():
        expected: Any = theirs(
            input_ids=source, attention_mask=source != size, decoder_input_ids=before
        ).logits[:, :, :size]
        ids = source.clamp(max=size - 1), before.clamp(max=size - 1)
        reals = (source != size)[:, :, None], (before != size)[:, :, None]
        states = network(ids[0], reals[0], ids[1], reals[1], None)
        torch.testing.assert_close(states @ network.words.T, expected, atol=1e-4, rtol=1e-4)
    # The loss that is made in chunks, with its gradients, against the library's.
    hidden = states.flatten(0, 1).requires_grad_()
    ours = OutputLoss.apply(hidden, network.words, target.flatten())
    ours.backward()
    gradients = hidden.grad, network.words.grad
    hidden.grad = network.words.grad = None
    loss = torch.nn.functional.cross_entropy(
        hidden @ network.words.T, target.flatten(), label_smoothing=0.1, reduction="sum"
    )
    loss.backward()
    torch.testing.assert_close(ours, loss)
    torch.testing.assert_close(gradients, (hidden.grad, network.words.grad))


def test_a_stopped_run_equals_one_that_was_not(
    corpus: tuple[Path, Path], tmp_path: Path, modules: None
) -> None:
    from training.warm import read_weights

    train(corpus, tmp_path / "whole", "--steps", "24", "--decay-steps", "8")
    train(corpus, tmp_path / "parts", "--steps", "24", "--decay-steps", "8", "--minutes", "0")
    for _ in range(2):
        log = train(corpus, tmp_path / "parts", "--steps", "24", "--decay-steps", "8")
    assert "resumed at step 24" in log
    whole, parts = (read_weights(tmp_path / name / "out") for name in ("whole", "parts"))
    assert whole.keys() == parts.keys()
    assert all(whole[name].equal(parts[name]) for name in whole)


def test_batches_do_not_depend_on_the_processes_that_make_them(
    corpus: tuple[Path, Path], tmp_path: Path
) -> None:
    train(corpus, tmp_path / "one", "--steps", "6", "--decay-steps", "2")
    train(corpus, tmp_path / "two", "--steps", "6", "--decay-steps", "2", "--workers", "2")
    names = [tmp_path / name / "out" / "model.safetensors" for name in ("one", "two")]
    assert names[0].read_bytes() == names[1].read_bytes()
