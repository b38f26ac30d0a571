"""Models that others have exported to ONNX, in the layout of optimum and transformers.js.

``s2scli.models.exported`` tells of the files. Keys and values of the tokens so far go in and out of
the decoder at each step; those of the source come out of the first step, where there are any, and
stay. A decoder that takes neither is given all tokens so far at each step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from s2scli.errors import InvalidModelError
from s2scli.inference.device import Placement
from s2scli.inference.engines.sessions import open_session, runtime_errors
from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper
from s2scli.inference.steppers.batch import DecodingBatch
from s2scli.inference.steppers.texts import SourceIds
from s2scli.models.exported import CACHE
from s2scli.models.paths import contained

__all__ = ["ExportedStepper", "open_stepper"]

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]
NUMBERS = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


class ExportedStepper(VocabularyStepper):
    """A ``Stepper`` of two or three graphs.

    Args:
        config: what ``stepper.json`` says.
        encoder: the session of the encoder.
        decoder: that of the decoder, or of its first step.
        later: that of its other steps, if these have a graph of their own.

    Raises:
        InvalidModelError: the configuration is none.
    """

    def __init__(
        self, config: Mapping[str, Any], encoder: Any, decoder: Any, later: Any = None
    ) -> None:
        try:
            super().__init__(config["tokens"], config["unknown"], config["start_token"])
            tokens = config["source"] or self.tokens
            unknown, padding = int(config["unknown_source"]), int(config["pad"])
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidModelError(f"The model's stepper.json is damaged: {error}") from error
        self._read = SourceIds(tokens, unknown, padding)
        self._encoder = _Graph(encoder)
        self._first = _Graph(decoder)
        self._later = _Graph(later) if later else self._first

    def close(self) -> None:
        """Free the weights."""
        for graph in (self._encoder, self._first, self._later):
            graph.close()

    def start(self, sources: Sequence[Source], beams: int) -> _State:
        """Encode a batch of texts or images; see ``Stepper.start``."""
        if "pixel_values" in self._encoder.inputs:
            pixels = np.stack([np.asarray(source, np.float32) for source in sources])
            given: Arrays = {"pixel_values": pixels}
        else:
            ids, inside = self._read(sources)
            given = {"input_ids": ids, "attention_mask": inside.astype(np.int64)}
        hidden = self._encoder.run(given)["last_hidden_state"]
        mask = given.get("attention_mask", np.ones(hidden.shape[:2], np.int64))
        source = {"encoder_hidden_states": hidden, "encoder_attention_mask": mask}
        return _State(
            beams=beams,
            sources=len(sources),
            source={name: np.repeat(rows, beams, axis=0) for name, rows in source.items()},
            tokens=np.empty((len(sources) * beams, 0), np.int64),
        )

    def step(self, state: _State, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token; see ``Stepper.step``."""
        state.move(parents)
        state.tokens = np.concatenate([state.tokens, tokens[:, None]], axis=1)
        is_first = state.tokens.shape[1] == 1
        graph = self._first if is_first else self._later
        given: Arrays = {
            "use_cache_branch": np.array([not is_first]),
            "input_ids": state.tokens[:, -1:] if graph.caches else state.tokens,
            "attention_mask": np.ones_like(state.tokens),
            **state.source,
            **state.past,
        }
        if is_first:
            given |= graph.empty_caches(len(parents))
        found = graph.run(given)
        logits: Floats = found.pop("logits")[:, -1].astype(np.float32, copy=False)
        state.remember(found, is_first=is_first)
        return logits


@dataclass(slots=True, kw_only=True)
class _State(DecodingBatch):
    """A batch that is being decoded.

    Attributes:
        source: by name, what the decoder is given of the sources, one row per beam of each.
        tokens: the target tokens so far, one row per row.
        past: by name, the keys and values of the tokens so far and of the source.
    """

    source: Arrays
    tokens: Ids
    past: Arrays = field(default_factory=dict)

    def follow(self, parents: Ids) -> None:
        """Reorder the target tokens, with their keys and values."""
        self.tokens = self.tokens[parents]
        for name, values in self.past.items():
            # Those of the source are the same in all of its rows.
            if not _is_of_source(name):
                self.past[name] = values[parents]

    def keep(self, kept: Ids) -> None:
        """Drop finished sources."""
        rows = (kept[:, None] * self.beams + np.arange(self.beams)).ravel()
        self.source = {name: values[rows] for name, values in self.source.items()}
        for name, values in self.past.items():
            if _is_of_source(name):
                self.past[name] = values[rows]

    def remember(self, found: Arrays, *, is_first: bool) -> None:
        """Take in the keys and values that a step has given out."""
        for name, values in found.items():
            match = CACHE.fullmatch(name)
            if match and (is_first or not _is_of_source(name)):
                self.past[f"past_key_values{match[1]}"] = values


class _Graph:
    """A session, which is given no more than it takes."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.inputs = {each.name: each for each in session.get_inputs()}
        self._outputs = [each.name for each in session.get_outputs()]
        self.caches = [name for name in self.inputs if CACHE.fullmatch(name)]

    def close(self) -> None:
        self._session = None

    def empty_caches(self, rows: int) -> Arrays:
        """Keys and values of no tokens."""
        found: Arrays = {}
        for name in self.caches:
            sizes = [size if isinstance(size, int) else 0 for size in self.inputs[name].shape[1:]]
            found[name] = np.zeros((rows, *sizes), NUMBERS[self.inputs[name].type])
        return found

    def run(self, given: Arrays) -> Arrays:
        """What comes out, by name."""
        taken = {}
        for name, each in self.inputs.items():
            kind = NUMBERS.get(each.type)
            taken[name] = given[name].astype(kind, copy=False) if kind else given[name]
        with runtime_errors():
            return dict(zip(self._outputs, self._session.run(self._outputs, taken), strict=True))


def _is_of_source(name: str) -> bool:
    match = CACHE.fullmatch(name)
    return match is not None and match[2] == "encoder"


def open_stepper(
    config: Mapping[str, Any], directory: Path, placement: Placement
) -> ExportedStepper:
    """The stepper of a model (``s2scli.inference.engines.graphs.STEPPERS``)."""
    names = config.get("graphs")
    if not isinstance(names, list) or len(names) not in (2, 3):
        raise InvalidModelError(f"The model in {directory} does not say which its graphs are")
    paths = [contained(directory, str(name)) for name in names]
    return ExportedStepper(config, *(open_session(path, placement) for path in paths))
