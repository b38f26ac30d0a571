"""What a model that reads images makes of them, in tokens; and its reference's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from tests.drawings import DRAWERS, FORM, Picture

__all__ = [
    "CHECKPOINTS",
    "IMAGES",
    "LONGEST",
    "PROMPTS",
    "SEARCHES",
    "Answer",
    "drawn",
    "found",
    "open_model",
]

# The checkpoint in tests/golden → what its images are.
CHECKPOINTS = {
    "vit-gpt2": "scene",
    "swin-gpt2": "scene",
    "trocr": "line",
    "donut": "form",
    "show-attend-tell": "scene",
}
PROMPTS = {"donut": FORM}  # of those that are told a task
IMAGES, LONGEST = 100, 20
# Beam size, length penalty.
SEARCHES = ((1, 1.0), (4, 0.6), (4, 1.0), (4, 2.0))


@dataclass(frozen=True, slots=True)
class Answer:
    """The tokens of an output, its end with them, and the sum of their log-probabilities."""

    tokens: list[str]
    total: float


def drawn(name: str, count: int = IMAGES) -> list[Picture]:
    """The images that a checkpoint is tried on."""
    return [DRAWERS[CHECKPOINTS[name]](seed)[0] for seed in range(count)]


def open_model(directory: Path, prompt: str | None = None) -> Model:
    """A model on one thread, told to begin with the tokens of a prompt."""
    job = Job("caption", prompt=prompt, prompt_tokens=prompt is not None)
    return Model(directory, place("cpu", threads=1), job=job)


def found(
    model: Model, images: Sequence[Picture], beams: int, penalty: float, **options: Any
) -> list[Answer]:
    """Our answers, ten images a batch."""
    from PIL import Image

    from s2scli.inference.images import pixels_of

    given = {"beam_size": beams, "length_penalty": penalty, "max_length": LONGEST, **options}
    decoding = model.decoding(given)
    pixels = [pixels_of(Image.fromarray(image), model.image_recipe) for image in images]
    rows = []
    for start in range(0, len(pixels), 10):
        batch = model.engine.submit(
            pixels[start : start + 10], decoding, model.frame.target_prefix, model.frame.start_given
        )
        rows += [hypotheses[0] for hypotheses in batch.result()]
    end = model.manifest.tokenizer.end
    return [
        Answer([*row.tokens, *([] if row.truncated else [end])], row.score * row.length)
        for row in rows
    ]
