"""The engine for models stored as ONNX graphs, which ONNX Runtime runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError, S2SError, UnavailableError, memory_error
from s2scli.inference.device import Placement
from s2scli.inference.engines.contract import Engine
from s2scli.inference.engines.searching import SearchEngine
from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper, kept_sources
from s2scli.models.arrays import read_config
from s2scli.models.graphfiles import check_graph
from s2scli.models.manifest import Manifest

__all__ = ["GraphStepper", "open_engine"]

ENCODER, DECODER = "encoder.onnx", "decoder.onnx"
ATTENTION = "attention"  # an output of decoders that tell where they look
ERRORS_ONLY = 3  # ONNX Runtime logs to stderr


def open_engine(
    directory: Path, manifest: Manifest, placement: Placement, compute_type: str
) -> Engine:
    """Load a model.

    Raises:
        InvalidModelError: it is damaged, or refers to files outside its directory.
        UnavailableError: ONNX Runtime is not installed, or the model does not support the
            compute type.
    """
    own = "int8" if manifest.quantization.startswith("int8") else "float32"
    if compute_type not in ("default", "auto", own):
        raise UnavailableError(
            f"The model {manifest.name} was converted to compute in {own}, not in {compute_type}",
            "Convert its checkpoint again with another --quantization.",
        )
    config = read_config(directory)
    encoder, decoder = (_session(directory / name, placement) for name in (ENCODER, DECODER))
    stepper = GraphStepper(config, encoder, decoder)
    return SearchEngine(
        stepper, manifest.tokenizer.end, placement.workers, own, manifest.search, stepper.close
    )


class GraphStepper(VocabularyStepper):
    """A ``Stepper`` of two graphs (``s2scli.models.convert.graphs``): images in, tokens out.

    Args:
        config: the content of ``stepper.json``.
        encoder: the session of the encoder.
        decoder: the session of the decoder.

    Raises:
        InvalidModelError: the configuration is not valid.
    """

    def __init__(self, config: Mapping[str, Any], encoder: Any, decoder: Any) -> None:
        try:
            super().__init__(config["tokens"], config["unknown"], config["start_token"])
        except KeyError as error:
            raise InvalidModelError(f"The model's stepper.json has no {error}") from error
        self._encoder, self._decoder = encoder, decoder
        self._looked_at = [value.name for value in encoder.get_outputs()]
        self._outputs = [value.name for value in decoder.get_outputs()]
        self.attends = ATTENTION in self._outputs
        # Sizes known only at run time are 0 at first: nothing precedes the first token.
        self._past = {
            value.name: [size if isinstance(size, int) else 0 for size in value.shape[1:]]
            for value in decoder.get_inputs()
            if value.name.startswith("past.")
        }

    def close(self) -> None:
        """Free the weights."""
        self._encoder = self._decoder = None

    def start(self, sources: Sequence[Source], beams: int) -> _State:
        """Encode a batch of images; see ``Stepper.start``."""
        rows = len(sources) * beams
        with _runtime_errors():
            pixels = np.stack([np.asarray(source, np.float32) for source in sources])
            found = self._encoder.run(self._looked_at, {"pixel_values": pixels})
        looked_at = dict(zip(self._looked_at, found, strict=True))
        # A recurrent decoder has a state before its first token: the encoder gives it.
        before = {
            name: np.repeat(looked_at.pop(name), beams, axis=0)
            if name in looked_at
            else np.zeros((rows, *shape), np.float32)
            for name, shape in self._past.items()
        }
        return _State(looked_at, before, beams, len(sources))

    def step(self, state: _State, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token; see ``Stepper.step``."""
        state.keep(parents)
        given = {
            **state.looked_at,
            **state.past,
            "input_ids": np.ascontiguousarray(tokens[:, None], np.int64),
            "parents": np.ascontiguousarray(parents, np.int64),
            "position": np.array([state.position], np.int64),
        }
        with _runtime_errors():
            found = dict(zip(self._outputs, self._decoder.run(self._outputs, given), strict=True))
        state.position += 1
        logits: Floats = found.pop("logits")
        state.attention = found.pop(ATTENTION, state.attention)
        state.past = {f"past{name.removeprefix('present')}": rows for name, rows in found.items()}
        return logits

    def attention(self, state: _State) -> Floats:
        """How much each row looked at each position; see ``Stepper.attention``."""
        return state.attention


class _State:
    """A batch that is being decoded.

    Args:
        looked_at: by name, the keys and values of the sources.
        past: by name, the keys and values of the tokens so far, one row per beam per source.
        beams: the number of rows per source.
        sources: the number of sources.
    """

    def __init__(
        self, looked_at: dict[str, Floats], past: dict[str, Floats], beams: int, sources: int
    ) -> None:
        self.looked_at = looked_at
        self.past = past
        self.position = 0
        self.attention: Floats = np.empty((0, 0), np.float32)
        self._beams = beams
        self._sources = sources

    def keep(self, parents: Ids) -> None:
        """Drop the sources that no row continues."""
        kept = kept_sources(parents, self._beams, self._sources)
        if kept is not None:
            self.looked_at = {name: rows[kept] for name, rows in self.looked_at.items()}
            self._sources = len(kept)


def _session(path: Path, placement: Placement) -> Any:
    """A graph, loaded.

    Raises:
        InvalidModelError: it is missing or damaged, or refers to files outside its directory.
        UnavailableError: ONNX Runtime is not installed.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise memory_error(error) or UnavailableError(
            "This model runs by ONNX Runtime, which is not installed",
            "Install it: pip install 's2scli[onnx]'.",
        ) from error
    check_graph(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = placement.threads
    options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    # Idle threads would keep cores busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises several classes of its own
        if short := memory_error(error):
            raise short from error
        raise InvalidModelError(
            f"ONNX Runtime cannot read {path}: {_first_line(error)}",
            "Convert the checkpoint again with 's2s convert'.",
        ) from error


@contextmanager
def _runtime_errors() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # ONNX Runtime raises several classes of its own
        raise memory_error(error) or S2SError(
            f"ONNX Runtime failed: {_first_line(error)}"
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
