"""A model that reads one text at a time, of any length: its two graphs."""

from __future__ import annotations

from typing import Protocol

from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.graphs.artifact import GraphsArtifact
from s2scli.models.convert.graphs.decoder import DecoderLayers, SourceLayers, write_cross
from s2scli.models.convert.graphs.graph import Graph
from s2scli.models.convert.graphs.layers import Heads, Layers
from s2scli.models.convert.outputbias import output_bias
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tables import Tables, embedding_tables, is_tied
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.weights import Weights

__all__ = ["TableDecoder", "TextEncoder", "TextGraphs"]


class TextEncoder(Protocol):
    """An encoder as a graph."""

    def write(self, layers: Layers, names: PartTensors, words: Tensor) -> str:
        """Add it to a graph that takes the ids of one text; gives (1, S, width).

        Args:
            layers: adds to the graph.
            names: the tensors of the encoder.
            words: the table of embeddings.

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """


class TableDecoder(Protocol):
    """A decoder as a graph, whose tables are taken elsewhere."""

    @property
    def width(self) -> int:
        """Numbers per token."""

    @property
    def tokens(self) -> int:
        """Rows of the embeddings."""

    @property
    def heads(self) -> Heads:
        """Of its attentions."""

    @property
    def query_scale(self) -> float | None:
        """What queries are multiplied by; see ``DecoderLayers``."""

    def write_with(
        self,
        layers: DecoderLayers,
        names: PartTensors,
        source: SourceLayers,
        words: Tensor,
        output: Tensor,
        bias: Tensor | None = None,
    ) -> None:
        """Add it to a graph.

        Args:
            layers: adds to the graph.
            names: the tensors of the decoder.
            source: what it looks at; is told by which layers.
            words: the table of embeddings.
            output: that of the output.
            bias: what is added to the logits.

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """


class TextGraphs:
    """The graphs of such a model.

    Args:
        checkpoint: the checkpoint.
        weights: its weights.
        encoder: its encoder.
        decoder: its decoder.
        root: what the names of its tensors begin with.

    Raises:
        InvalidModelError: a table is missing or misshapen.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        weights: Weights,
        encoder: TextEncoder,
        decoder: TableDecoder,
        root: str,
    ) -> None:
        self._encoder, self._decoder = encoder, decoder
        self._weights, self._root = weights, root
        self._family = str(checkpoint.config["model_type"])
        size = (decoder.tokens, decoder.tokens, decoder.width)
        self._tables: Tables = embedding_tables(
            checkpoint, weights, size, root=root, tied=is_tied(checkpoint)
        )

    def conversion(self, read: ModelTexts) -> Conversion:
        """The whole conversion of a model that reads and writes such texts.

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """
        self._build("float32")  # takes the weights, and finds what is wrong with them
        target = list(read.target)
        unknown, start = target.index(read.unknown), target.index(read.start)
        artifact = GraphsArtifact(self._build, target, unknown, start, alone=True)
        return read.conversion(artifact, self._weights)

    def _build(self, quantization: str) -> list[Graph]:
        """The graphs with weights that are stored in a type."""
        decoder, weights, tables = self._decoder, self._weights, self._tables
        source = SourceLayers(decoder.width, None)
        writes, reads = (Graph(name, quantization) for name in ("decoder", "encoder"))
        bias = output_bias(self._family, weights, decoder.tokens)
        decoder.write_with(
            DecoderLayers(writes, decoder.heads, decoder.query_scale),
            PartTensors(weights, [f"{self._root}decoder."]),
            source,
            tables.decoder,
            tables.projection,
            bias,
        )
        layers, names = Layers(reads), PartTensors(weights, [f"{self._root}encoder."])
        x = self._encoder.write(layers, names, tables.encoder)
        write_cross(layers, x, source, decoder.heads)
        return [reads, writes]
