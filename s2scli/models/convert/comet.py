"""COMET's learned metrics, by their encoder and their estimator as graphs.

Three classes of ``unbabel-comet`` 2.2.7 are converted: regression on a reference and the source,
regression on the source alone, and the unified one, which reads the segments joined.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from s2scli.errors import InvalidModelError, MissingInputError
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.cometfile import CometFile, named_encoder, read_file
from s2scli.models.convert.encoders import open_encoder, score_conversion
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.graphs.bertencoder import BertEncoder
from s2scli.models.convert.graphs.cometgraphs import (
    ACTIVATIONS,
    Estimator,
    Mix,
    encoder_graph,
    estimator_graph,
    mix_weights,
)
from s2scli.models.convert.graphs.encoderartifact import EncoderArtifact
from s2scli.models.convert.graphs.graph import Graph
from s2scli.models.convert.graphs.layers import LinearLayer
from s2scli.models.convert.parts import PartTensors

__all__ = ["COMET", "convert_comet", "encoder_of", "has_encoder"]

COMET = "comet"
CONFIG = "config.json"
FOLDER = "encoder"  # where the encoder's files are, in the checkpoint's directory
ROOT, MIXING, ESTIMATOR = "encoder.model.", "layerwise_attention.", "estimator.ff."
UNIFIED = "unified_metric"
# The encoder reads two tokens less than it has positions for, and a segment two less than that.
SEGMENT_ROOM = 2
POOLS = {"avg": "avg", "max": "max", "cls": "cls"}
TRANSFORMATIONS = ("softmax", "sparsemax")


class _Kind(NamedTuple):
    """One of COMET's classes.

    Attributes:
        segments: the texts whose vectors the estimator is given.
        parts: how many vectors' numbers its first layer reads.
    """

    segments: tuple[str, ...]
    parts: int


KINDS_OF_METRIC = {
    "regression_metric": _Kind(("mt", "src", "ref"), 6),
    "referenceless_regression_metric": _Kind(("mt", "src"), 4),
    UNIFIED: _Kind(("joined",), 1),
}


def convert_comet(directory: Path, encoder: Path | None) -> Conversion:
    """Convert a checkpoint.

    Args:
        directory: where it is.
        encoder: where the encoder's ``config.json`` and tokenizer are; None if they are in the
            checkpoint's directory, or in a folder ``encoder`` there.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the settings, or it is of a
            class that cannot be converted.
    """
    found = read_file(directory)
    if found.kind not in KINDS_OF_METRIC:
        raise InvalidModelError(
            f"{directory} is COMET's {found.kind!r}, which cannot be converted",
            f"Known: {', '.join(KINDS_OF_METRIC)}.",
        )
    built_on = found.settings.content["encoder_model"]
    if built_on not in ("XLM-RoBERTa", "InfoXLM"):
        raise InvalidModelError(
            f"{directory} is built on {built_on!r}, which cannot be converted",
            "Models that are built on XLM-RoBERTa can.",
        )
    checkpoint = Checkpoint(encoder_of(directory, encoder))
    part, texts = open_encoder(checkpoint)
    graphs = _Graphs(found, part)
    graphs.build("float32")  # takes the weights, and finds what is wrong with them
    found.weights.pass_over(_UNREAD)
    config = {
        "stepper": COMET,
        "reads": graphs.reads,
        "joined": found.kind == UNIFIED,
        "segment_tokens": part.positions - SEGMENT_ROOM,
        "joined_tokens": part.positions,
    }
    return score_conversion(
        texts, part, found.weights, lambda known: EncoderArtifact(graphs.build, {**config, **known})
    )


# Of trainings, and of the marking of errors in words.
_UNREAD = (
    *(f"{MIXING}dropout_{name}" for name in ("mask", "fill")),
    *("hidden2tag.weight", "hidden2tag.bias", "wordloss.weight"),
)


def has_encoder(directory: Path) -> bool:
    """Whether the encoder's configuration is among the files of a checkpoint."""
    return any((place / CONFIG).is_file() for place in (directory / FOLDER, directory))


def encoder_of(directory: Path, encoder: Path | None = None) -> Path:
    """Where the encoder's configuration and tokenizer of a checkpoint are.

    Raises:
        MissingInputError: they are not in the checkpoint, and no other place is named.
    """
    places = [encoder] if encoder else [directory / FOLDER, directory]
    for place in places:
        if (place / CONFIG).is_file():
            return place
    name = named_encoder(directory)
    raise MissingInputError(
        f"{directory} is built on {name}, whose config.json and tokenizer are not in "
        f"{encoder or directory}",
        f"Name their folder with --encoder DIR, or fetch the metric by its name on the hub, which "
        f"fetches those of {name} too.",
    )


class _Graphs:
    """The two graphs of a checkpoint.

    Raises:
        InvalidModelError: a setting is wrong.
    """

    def __init__(self, found: CometFile, part: BertEncoder) -> None:
        self._found, self._part = found, part
        self._kind = KINDS_OF_METRIC[found.kind]
        settings = found.settings
        self._activation = _activation(settings.content["activations"])
        final = settings.content["final_activation"]
        self._final = _activation(final) if final is not None else ""

    @property
    def reads(self) -> list[list[str]]:
        """For each vector of a row, the texts that it is made of.

        Raises:
            InvalidModelError: the segments are none that COMET knows.
        """
        if self._found.kind != UNIFIED:
            return [[name] for name in self._kind.segments]
        segments = self._found.settings.content["input_segments"]
        if segments == ["mt", "src", "ref"]:
            return [["mt", "src"], ["mt", "ref"], segments]
        if segments in (["mt", "src"], ["mt", "ref"]):
            return [segments]
        raise InvalidModelError(f"hparams.yaml gives input_segments as {segments!r}")

    def build(self, quantization: str) -> list[Graph]:
        """The graphs with weights that are stored in a type."""
        names = PartTensors(self._found.weights, [ROOT])
        return [
            encoder_graph(self._part, names, self._mix(), quantization),
            estimator_graph(self._estimator(), self._part.width, quantization),
        ]

    def _mix(self) -> Mix:
        settings, states = self._found.settings, self._part.layers + 1
        unified = self._found.kind == UNIFIED
        pool = "cls" if unified else settings.choice("pool", POOLS)
        layer = settings.content["sent_layer" if unified else "layer"]
        if layer != "mix":
            if type(layer) is not int or not 0 <= layer < states:
                raise InvalidModelError(f"hparams.yaml gives layer as {layer!r} of {states}")
            return Mix([*[0.0] * layer, 1.0], normalized=False, pool=pool)
        names = PartTensors(self._found.weights, [MIXING])
        scalars = [
            float(names.take(f"scalar_parameters.{number}", 1).array()[0])
            for number in range(states)
        ]
        gamma = float(names.take("gamma", 1).array()[0])
        weights = mix_weights(
            scalars, gamma, settings.choice("layer_transformation", TRANSFORMATIONS)
        )
        while len(weights) > 1 and not weights[-1]:
            weights.pop()
        return Mix(weights, settings.flag("layer_norm", default=True), pool)

    def _estimator(self) -> Estimator:
        names = PartTensors(self._found.weights, [ESTIMATOR])
        sizes = self._found.settings.sizes("hidden_sizes")
        widths = [self._kind.parts * self._part.width, *sizes, 1]
        layers = [
            LinearLayer(*names.linear(str(3 * number), widths[number + 1], widths[number]))
            for number in range(len(widths) - 1)  # each with an activation and a dropout after it
        ]
        return Estimator(self._kind.segments, layers, self._activation, self._final)


def _activation(name: object) -> str:
    """The operator of an activation function."""
    if str(name).lower() not in ACTIVATIONS:
        raise InvalidModelError(
            f"hparams.yaml asks for the activation {name!r}", f"Known: {', '.join(ACTIVATIONS)}."
        )
    return ACTIVATIONS[str(name).lower()]
