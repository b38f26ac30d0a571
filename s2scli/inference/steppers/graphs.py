"""Models that are two graphs of our own (``s2scli.models.convert.graphs``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.inference.device import Placement
from s2scli.inference.engines.sessions import open_session, runtime_errors
from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper
from s2scli.inference.steppers.batch import Attending, DecodingBatch
from s2scli.inference.steppers.texts import SourceIds

__all__ = ["GraphStepper", "open_stepper"]

ENCODER, DECODER = "encoder.onnx", "decoder.onnx"
ATTENTION = "attention"  # an output of decoders that tell where they look


class GraphStepper(VocabularyStepper):
    """A ``Stepper`` of two graphs (``s2scli.models.convert.graphs``): images or tokens in.

    Args:
        config: what ``stepper.json`` says.
        encoder: the session of the encoder.
        decoder: that of the decoder.

    Raises:
        InvalidModelError: the configuration is none.
    """

    def __init__(self, config: Mapping[str, Any], encoder: Any, decoder: Any) -> None:
        try:
            super().__init__(config["tokens"], config["unknown"], config["start_token"])
        except KeyError as error:
            raise InvalidModelError(f"The model's stepper.json has no {error}") from error
        self._encoder, self._decoder = encoder, decoder
        self._reads = encoder.get_inputs()[0].name == "input_ids"
        self._ids = SourceIds(self.tokens, self.unknown)
        self._looked_at = [value.name for value in encoder.get_outputs()]
        self._outputs = [value.name for value in decoder.get_outputs()]
        # Sizes that only a run knows are 0 at first: there is nothing before the first token.
        self._past = {
            value.name: [size if isinstance(size, int) else 0 for size in value.shape[1:]]
            for value in decoder.get_inputs()
            if value.name.startswith("past.")
        }

    def close(self) -> None:
        """Free the weights."""
        self._encoder = self._decoder = None

    def start(self, sources: Sequence[Source], beams: int) -> _State:
        """Encode a batch of images, or of texts of one length; see ``Stepper.start``."""
        rows = len(sources) * beams
        with runtime_errors():
            given = {"input_ids": self._ids(sources)[0]} if self._reads else _images(sources)
            found = self._encoder.run(self._looked_at, given)
        looked_at = dict(zip(self._looked_at, found, strict=True))
        # A recurrent decoder has a state before its first token: the encoder gives it.
        before = {
            name: np.repeat(looked_at.pop(name), beams, axis=0)
            if name in looked_at
            else np.zeros((rows, *shape), np.float32)
            for name, shape in self._past.items()
        }
        return _State(beams=beams, sources=len(sources), looked_at=looked_at, past=before)

    def step(self, state: _State, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token; see ``Stepper.step``."""
        state.move(parents)
        given = {
            **state.looked_at,
            **state.past,
            "input_ids": np.ascontiguousarray(tokens[:, None], np.int64),
            "parents": np.ascontiguousarray(parents, np.int64),
            "position": np.array([state.position], np.int64),
        }
        with runtime_errors():
            found = dict(zip(self._outputs, self._decoder.run(self._outputs, given), strict=True))
        state.position += 1
        logits: Floats = found.pop("logits")
        state.looked = found.pop(ATTENTION, state.looked)
        state.past = {f"past{name.removeprefix('present')}": rows for name, rows in found.items()}
        return logits


class AttendingGraphStepper(Attending, GraphStepper):
    """A stepper whose decoder tells where each row looks."""


@dataclass(slots=True, kw_only=True)
class _State(DecodingBatch):
    """A batch that is being decoded.

    Attributes:
        looked_at: by name, the keys and values of the sources.
        past: by name, those of the tokens so far, one row per beam of each source. The graph
            itself reorders them.
        position: position of the next token.
    """

    looked_at: dict[str, Floats]
    past: dict[str, Floats]
    position: int = 0

    def keep(self, kept: Ids) -> None:
        """Drop finished sources."""
        self.looked_at = {name: rows[kept] for name, rows in self.looked_at.items()}


def _images(sources: Sequence[Source]) -> dict[str, Any]:
    return {"pixel_values": np.stack([np.asarray(each, np.float32) for each in sources])}


def open_stepper(config: Mapping[str, Any], directory: Path, placement: Placement) -> GraphStepper:
    """The stepper of a model (``s2scli.inference.engines.graphs.STEPPERS``)."""
    encoder, decoder = (open_session(directory / name, placement) for name in (ENCODER, DECODER))
    outputs = [value.name for value in decoder.get_outputs()]
    kind = AttendingGraphStepper if ATTENTION in outputs else GraphStepper
    return kind(config, encoder, decoder)
