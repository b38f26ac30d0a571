"""The settings and the tokenizer of the encoder that a checkpoint of COMET's was built on.

The checkpoint names the encoder (``xlm-roberta-large``) and has its weights, but not these files.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from s2scli.errors import UnavailableError
from s2scli.models import hub
from s2scli.models.convert.comet import has_encoder
from s2scli.models.convert.cometfile import is_comet, named_encoder
from s2scli.models.download import download

__all__ = ["cached_encoder", "obtained_encoder"]

OWNER = "FacebookAI"  # of the encoders that were on the hub before names had owners
CONFIG = "config.json"


def cached_encoder(checkpoint: Path) -> Path | None:
    """Where the hub's own cache has the files that a checkpoint lacks; None if it lacks none."""
    if not is_comet(checkpoint) or has_encoder(checkpoint):
        return None
    name = named_encoder(checkpoint)
    places = (hub.cached_with(each, CONFIG) for each in dict.fromkeys((name, _hub_id(name))))
    return next(filter(None, places), None)


def obtained_encoder(
    checkpoint: Path, workplace: Path, progress: Callable[[float, float], None], *, offline: bool
) -> Path | None:
    """Where the files that a checkpoint lacks are; fetched if need be; None if it lacks none.

    Args:
        checkpoint: the checkpoint.
        workplace: where to put what is fetched.
        progress: called with the number of bytes.
        offline: do not use the network.

    Raises:
        UnavailableError: they are not on this machine and cannot be fetched.
    """
    found = cached_encoder(checkpoint)
    if found or not is_comet(checkpoint) or has_encoder(checkpoint):
        return found
    name = _hub_id(named_encoder(checkpoint))
    if offline:
        raise UnavailableError(
            f"The tokenizer of {name}, which the metric is built on, is not on this machine, and "
            "s2s runs offline",
            "Run the command once with a network.",
        )
    download(hub.look_up(name, None, weights=False), workplace, progress)
    return workplace


def _hub_id(name: str) -> str:
    """The name with its owner."""
    return name if "/" in name else f"{OWNER}/{name}"
