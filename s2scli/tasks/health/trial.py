"""A model is loaded and decodes a token or two; run in a process of its own."""

from __future__ import annotations

from pathlib import Path

from s2scli.errors import S2SError
from s2scli.inference.decoding import named_decoding
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.manifest import Manifest

__all__ = ["run"]

TEXT = "1"


def run(directory: str) -> None:
    """Load a model directory and decode with it, on the CPU.

    Args:
        directory: the model directory. A model that reads images is only loaded.

    Raises:
        SystemExit: it does not work; the reason goes to stderr.
    """
    try:
        _try(Path(directory))
    except S2SError as error:
        raise SystemExit(str(error)) from error


def _try(directory: Path) -> None:
    manifest = Manifest.load(directory)
    recipe = manifest.tokenizer
    source, target = (
        next(iter(each), None) for each in (recipe.source_tokens, recipe.target_tokens)
    )
    placement = place("cpu", engine=manifest.engine, single=True)
    model = Model(directory, placement, job=Job(manifest.tasks[0], source, target))
    if manifest.images is not None:
        return
    decoding = named_decoding(model, {"beam_size": 1, "max_length": 2, "min_length": 0})
    slots = dict.fromkeys(model.frame.prompt.slots, TEXT)
    tokens = model.encode_fields([slots])[0]
    model.submit([model.source(tokens)], decoding).result()
