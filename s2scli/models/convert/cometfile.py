"""COMET's checkpoints as the hub has them: ``hparams.yaml`` and ``checkpoints/model.ckpt``.

The second is a file of Lightning's, which keeps the state of the training beside the tensors. What
it names there is admitted as inert data: nothing of it is made, and nothing is run.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.pytorch import read_pickled
from s2scli.models.convert.standins import refuse_pointer
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.unpickle import Inert
from s2scli.models.convert.weights import Weights
from s2scli.models.convert.yamlfile import read_bounded, yaml_object
from s2scli.models.paths import contained

__all__ = ["SETTINGS_FILE", "WEIGHTS_FILE", "CometFile", "is_comet", "named_encoder", "read_file"]

SETTINGS_FILE, WEIGHTS_FILE = "hparams.yaml", "checkpoints/model.ckpt"
STATE, SETTINGS = "state_dict", "hyper_parameters"
KIND, ENCODER, MIX = "class_identifier", "pretrained_model", "layer_transformation"
# What the authors wrote beside models that were trained with softmax although they asked for
# sparsemax (https://github.com/Unbabel/COMET/issues/244).
PATCHED = "sparsemax_patch"
# What is left out has the value of the class (``comet/models`` of unbabel-comet 2.2.7).
DEFAULTS: Mapping[str, Any] = {
    "encoder_model": "XLM-RoBERTa",
    "pool": "avg",
    "layer": "mix",
    "sent_layer": "mix",
    MIX: "softmax",
    "layer_norm": True,
    "hidden_sizes": [3072, 1024],
    "activations": "Tanh",
    "final_activation": None,
    "input_segments": ["mt", "src", "ref"],
}


class _TrainingState(Container[str]):
    """Names of classes and functions that describe a training: Lightning's, and plain data's."""

    rooms = ("pytorch_lightning.", "lightning.", "lightning_fabric.", "lightning_utilities.")
    names = frozenset(
        {
            *("argparse.Namespace", "collections.defaultdict", "builtins.set", "__builtin__.set"),
            *("pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib._local.PosixPath"),
            *("numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"),
            *("_codecs.encode", "torch.device", "torch.Size", "torch.float32", "torch.float16"),
        }
    )

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self.names or name.startswith(self.rooms))


class CometFile(NamedTuple):
    """A checkpoint.

    Attributes:
        kind: which of COMET's classes it is.
        encoder: the encoder that it was built on, as the hub calls it.
        settings: its options.
        weights: its tensors.
    """

    kind: str
    encoder: str
    settings: ConfigObject
    weights: Weights


def is_comet(directory: Path) -> bool:
    """Whether a directory holds such a checkpoint."""
    return all((directory / name).is_file() for name in (SETTINGS_FILE, WEIGHTS_FILE))


def named_encoder(directory: Path) -> str:
    """The encoder that a checkpoint was built on, as the hub calls it.

    Raises:
        InvalidModelError: it does not say.
    """
    return _word(_written(directory), ENCODER)


def read_file(directory: Path) -> CometFile:
    """Read a checkpoint; its tensors stay on disk.

    Raises:
        InvalidModelError: it is damaged, or holds anything but tensors and data.
    """
    written = _written(directory)
    folder, name = WEIGHTS_FILE.split("/")
    path = contained(directory / folder, name)
    refuse_pointer(path)
    content = read_pickled(path, _TrainingState())
    tensors = content.get(STATE) if isinstance(content, dict) else None
    if not isinstance(tensors, dict) or not all(
        isinstance(name, str) and isinstance(tensor, Tensor) for name, tensor in tensors.items()
    ):
        raise InvalidModelError(f"{path} has no {STATE} of named tensors")
    # What the model was saved with counts, as in COMET itself, but for the class and the patch.
    settings = _mapping(content.get(SETTINGS)) or written
    if written.get(MIX) == PATCHED:
        settings = {**settings, MIX: "softmax"}
    return CometFile(
        _word(written, KIND),
        _word(written, ENCODER),
        ConfigObject({**DEFAULTS, **settings}, SETTINGS_FILE),
        Weights(tensors, (path,)),
    )


def _written(directory: Path) -> Mapping[str, Any]:
    path = contained(directory, SETTINGS_FILE)
    refuse_pointer(path)
    return yaml_object(read_bounded(path), path)


def _mapping(found: Any) -> Mapping[str, Any]:
    """The options as Lightning saved them: a dictionary, or one of its own kind."""
    items = found.items if isinstance(found, Inert) else found
    if isinstance(found, Inert) and not items and isinstance(found.state, dict):
        items = found.state
    return {str(key): value for key, value in items.items()} if isinstance(items, dict) else {}


def _word(settings: Mapping[str, Any], name: str) -> str:
    value = settings.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidModelError(f"{SETTINGS_FILE} gives {name} as {value!r}")
    return value
