"""Checkpoints whose weights are ONNX files that others have exported (optimum, transformers.js).

The files are taken as they are; tokens, languages and settings are read as the family reads them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.arrays import CONFIG_FILE
from s2scli.models.convert import FAMILIES, TEXTS
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.graphkeys import contradicted
from s2scli.models.convert.quantize import Written
from s2scli.models.convert.refusals import refusal
from s2scli.models.convert.standins import refuse_pointer
from s2scli.models.convert.typedefaults import TYPE_DEFAULTS
from s2scli.models.convert.weights import Weights, has_weights
from s2scli.models.enginenames import ONNX
from s2scli.models.exported import CACHE, EXPORTED, ExportedFiles, choose, exported_in
from s2scli.models.graphfiles import GraphFacts, check_graph, read_graph
from s2scli.models.paths import contained
from s2scli.plugs import load

__all__ = ["choose_exported", "convert_exported", "remarks", "stored_as", "unheard"]

FOLDER = "onnx"
ENCODER_TAKES = frozenset({"input_ids", "attention_mask", "pixel_values"})
DECODER_TAKES = frozenset(
    {
        "input_ids",
        "attention_mask",
        "decoder_attention_mask",
        "encoder_hidden_states",
        "encoder_attention_mask",
        "use_cache_branch",
    }
)
FLOATS = (1, 10)  # float32 and float16, as ONNX numbers them
# With these, one scale serves all numbers of a batch: what comes out depends on what else is in it.
OF_A_BATCH = frozenset({"DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM"})
NAMES = {"fp32": "float32", "fp16": "float16"}


def choose_exported(checkpoint: Checkpoint, wanted: str | None) -> ExportedFiles | None:
    """The ONNX files to take of a checkpoint; None if it has other weights, which come first.

    Args:
        checkpoint: the checkpoint.
        wanted: a key of ``TYPES``, where the user wants ONNX files and no others.

    Raises:
        UsageError: there are none of that type.
    """
    directory = checkpoint.directory
    if not directory.is_dir() or (wanted is None and has_weights(directory)):
        return None
    return choose(f"The checkpoint {directory}", exported_in(directory), wanted)


def stored_as(files: ExportedFiles) -> str:
    """How their numbers are stored, in the words of manifests."""
    return NAMES.get(files.type, files.type)


def remarks(
    checkpoint: Checkpoint, files: ExportedFiles, conversion: Conversion
) -> tuple[str, ...]:
    """What a user should know: which files were taken, and whether texts run one at a time."""
    others = [kind for kind in exported_in(checkpoint.directory) if kind != files.type]
    more = f"; there are also: {', '.join(others)} (--onnx TYPE)" if others else ""
    said = [f"takes {', '.join(files.paths)} as they are ({files.type}){more}"]
    artifact = conversion.artifact
    if isinstance(artifact, ExportedArtifact) and artifact.alone:
        said.append(
            "these files quantize a batch as a whole: the model runs one text at a time, so that "
            "results do not depend on what else is in a batch"
        )
    return tuple(said)


def unheard(checkpoint: Checkpoint, conversion: Conversion) -> dict[str, Any]:
    """The settings of ``config.json`` that the graphs contradict, with their values."""
    artifact = conversion.artifact
    if not isinstance(artifact, ExportedArtifact):
        return {}
    return contradicted(checkpoint.config, [graph.facts for graph in artifact.graphs])


def convert_exported(checkpoint: Checkpoint, files: ExportedFiles) -> Conversion:
    """The conversion of a checkpoint of ONNX files.

    Raises:
        InvalidModelError: a file is missing or damaged, is unsafe, or is of a graph that cannot be
            run; or the family cannot be.
    """
    family = str(checkpoint.config.get("model_type"))
    if family not in TEXTS:
        if family not in FAMILIES:
            raise refusal(str(checkpoint.directory), checkpoint.config, FAMILIES)
        raise InvalidModelError(
            f"{checkpoint.directory} has ONNX files of the family {family!r}, which cannot be run",
            "Take its checkpoint with weights (model.safetensors).",
        )
    texts: ModelTexts = load(TEXTS[family])(checkpoint)
    graphs = [_Exported.of(checkpoint, path) for path in files.paths]
    _check_encoder(graphs[0], sees=texts.images is not None)
    for graph in graphs[1:]:
        _check_decoder(graph, len(texts.target))
    artifact = ExportedArtifact(graphs, texts, _pad(checkpoint))
    return texts.conversion(artifact, _Files(graphs))


@dataclass(frozen=True, slots=True)
class _Exported:
    """A graph of a checkpoint.

    Attributes:
        path: where it is.
        facts: what it says of itself.
        beside: the files with its weights.
    """

    path: Path
    facts: GraphFacts
    beside: tuple[Path, ...]

    @classmethod
    def of(cls, checkpoint: Checkpoint, name: str) -> _Exported:
        """Read one.

        Raises:
            InvalidModelError: it is damaged, or unsafe.
        """
        folder = checkpoint.directory
        if "/" in name:
            folder, name = contained(folder, FOLDER), name.rpartition("/")[2]
        path = contained(folder, name)
        refuse_pointer(path)
        facts = read_graph(path)
        beside = tuple(contained(folder, each) for each in sorted(facts.files))
        for file in beside:
            if not file.is_file():
                raise InvalidModelError(f"{path} reads weights from {file.name}, which is missing")
            refuse_pointer(file)
        return cls(path, facts, beside)


class _Files(Weights):
    """The weights of graphs, which are not converted.

    Args:
        graphs: the graphs.
    """

    def __init__(self, graphs: list[_Exported]) -> None:
        files = [file for graph in graphs for file in (graph.path, *graph.beside)]
        super().__init__({}, tuple(dict.fromkeys(files)))
        self._count = sum(graph.facts.parameters for graph in graphs)

    @property
    def parameters(self) -> int:
        """The number of numbers in the graphs."""
        return self._count


@dataclass(frozen=True, slots=True)
class ExportedArtifact:
    """An ``Artifact``.

    Attributes:
        graphs: the encoder, the decoder, and where there is one, the decoder's other graph.
        texts: what the model reads and writes.
        pad: the id that fills shorter sources of a batch.
        engine: a key of ``s2scli.inference.engines.ENGINES``.
    """

    graphs: list[_Exported]
    texts: ModelTexts
    pad: int
    engine: str = ONNX

    @property
    def alone(self) -> bool:
        """Whether what comes out depends on what else is in a batch."""
        return any(graph.facts.operators.keys() & OF_A_BATCH for graph in self.graphs)

    def save(self, directory: Path, _quantization: str, written: Written) -> None:
        """Copy the files, and write ``stepper.json``; the files stay as they are."""
        for graph in self.graphs:
            for file in (graph.path, *graph.beside):
                shutil.copyfile(file, directory / file.name)
            check_graph(directory / graph.path.name)
            written(graph.facts.parameters)
        text = json.dumps(self._config(), indent=1, ensure_ascii=False)
        (directory / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")

    def _config(self) -> Mapping[str, Any]:
        texts = self.texts
        source, target = list(texts.source), list(texts.target)
        start = texts.start or texts.tokenizer.end
        return {
            "stepper": EXPORTED,
            "graphs": [graph.path.name for graph in self.graphs],
            "alone": self.alone,
            "unknown": target.index(texts.unknown),
            "unknown_source": (source or target).index(texts.unknown),
            "start_token": target.index(start),
            "pad": self.pad,
            "source": None if source in ([], target) else source,
            "tokens": target,
        }


def _pad(checkpoint: Checkpoint) -> int:
    """The id that fills shorter sources of a batch."""
    usual = TYPE_DEFAULTS.get(str(checkpoint.config.get("model_type")), {})
    number = {**usual, **checkpoint.config}.get("pad_token_id")
    return number if type(number) is int and number >= 0 else 0


def _check_encoder(graph: _Exported, *, sees: bool) -> None:
    _check_inputs(graph, set(graph.facts.inputs) - ENCODER_TAKES)
    if ("pixel_values" in graph.facts.inputs) != sees:
        raise InvalidModelError(f"{graph.path} is not the encoder that config.json speaks of")
    _check_output(graph, "last_hidden_state")


def _check_decoder(graph: _Exported, tokens: int) -> None:
    facts = graph.facts
    caches = {name for name in facts.inputs if CACHE.fullmatch(name)}
    _check_inputs(graph, set(facts.inputs) - DECODER_TAKES - caches)
    if any(facts.inputs[name] not in FLOATS for name in caches):
        raise InvalidModelError(f"{graph.path} takes numbers that are neither float32 nor float16")
    _check_output(graph, "logits")
    if facts.outputs["logits"] not in (0, tokens):
        raise InvalidModelError(
            f"{graph.path} knows {facts.outputs['logits']:,} tokens, its vocabulary {tokens:,}"
        )


def _check_inputs(graph: _Exported, strangers: set[str]) -> None:
    if strangers:
        raise InvalidModelError(
            f"{graph.path} takes {min(strangers)}, which s2s does not have for it",
            "Export the model again with optimum: optimum-cli export onnx.",
        )


def _check_output(graph: _Exported, name: str) -> None:
    if name not in graph.facts.outputs:
        raise InvalidModelError(f"{graph.path} does not give {name}")
