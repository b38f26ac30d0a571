"""LED (Beltagy et al. 2020, https://arxiv.org/abs/2004.05150), which reads long documents.

Attention is global on the first token, as its authors have it in summarization.
"""

from __future__ import annotations

from s2scli.models.convert.bartlike import BOS, EOS, SPECIAL, read_texts
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.graphs.artifact import GraphsArtifact
from s2scli.models.convert.graphs.bartdecoder import BartDecoder
from s2scli.models.convert.graphs.decoder import DecoderLayers, SourceLayers, write_cross
from s2scli.models.convert.graphs.graph import Graph
from s2scli.models.convert.graphs.layers import Layers
from s2scli.models.convert.graphs.ledencoder import LedEncoder
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tables import Tables, embedding_tables, is_tied
from s2scli.models.convert.typedefaults import TYPE_DEFAULTS
from s2scli.models.convert.vocabulary import byte_level
from s2scli.models.convert.weights import Weights

__all__ = ["convert", "texts"]

ROOT, PARTS = "led.", ("encoder.", "decoder.", "shared.")
TOKENIZERS = ("LEDTokenizer", "BartTokenizer", "RobertaTokenizer", "PreTrainedTokenizer")


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint; ``transformers`` (``modeling_led.py``, 4.57) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    read, graphs = texts(checkpoint), _Graphs(checkpoint)
    graphs.build("float32")  # takes the weights, and finds what is wrong with them
    target = list(read.target)
    unknown, start = target.index(read.unknown), target.index(read.start)
    artifact = GraphsArtifact(graphs.build, target, unknown, start, alone=True)
    return read.conversion(artifact, graphs.weights)


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    checkpoint.expect_tokenizer(*TOKENIZERS)
    settings = checkpoint.settings.with_defaults(TYPE_DEFAULTS["led"])
    vocabulary = byte_level(checkpoint, checkpoint.vocabulary_size)
    recipe = vocabulary.recipe(
        prefix=(BOS,),
        suffix=(EOS,),
        target_prefix=checkpoint.first_token(vocabulary.tokens),
        special=SPECIAL,
    )
    return read_texts(
        checkpoint,
        vocabulary,
        recipe,
        "summarize",
        checkpoint.token(vocabulary.tokens, START, EOS),
        longest=settings.size("max_encoder_position_embeddings"),
        positions=settings.size("max_decoder_position_embeddings"),
    )


class _Graphs:
    """The two graphs of a model.

    Args:
        checkpoint: the checkpoint.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._encoder = LedEncoder(checkpoint.settings.with_defaults(TYPE_DEFAULTS["led"]))
        self._decoder = BartDecoder.of(checkpoint.settings)
        self.weights: Weights = checkpoint.weights().within(ROOT, PARTS)
        size = (self._decoder.tokens, self._decoder.tokens, self._decoder.width)
        self._tables: Tables = embedding_tables(
            checkpoint, self.weights, size, root=ROOT, tied=is_tied(checkpoint)
        )

    def build(self, quantization: str) -> list[Graph]:
        """Build them, with weights that are stored in a type."""
        decoder, weights, tables = self._decoder, self.weights, self._tables
        source = SourceLayers(decoder.width, None)
        writes = Graph("decoder", quantization)
        name = "final_logits_bias"
        flat = weights.take(name, 1, decoder.tokens) if name in weights else None
        decoder.write_with(
            DecoderLayers(writes, decoder.heads),
            PartTensors(weights, [f"{ROOT}decoder."]),
            source,
            tables.decoder,
            tables.projection,
            flat,
        )
        reads = Graph("encoder", quantization)
        layers = Layers(reads)
        names = PartTensors(weights, [f"{ROOT}encoder."])
        x = self._encoder.write(layers, names, tables.encoder)
        write_cross(layers, x, source, decoder.heads)
        return [reads, writes]
