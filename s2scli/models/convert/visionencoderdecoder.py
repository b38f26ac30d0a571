"""Encoder-decoders from images to text (``VisionEncoderDecoderModel``): captions, lines of text.

ViT-GPT2, TrOCR, Donut and their kin; ``transformers`` 4.57
(``modeling_vision_encoder_decoder.py``) is the reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from s2scli.data import CAPTION
from s2scli.errors import InvalidModelError
from s2scli.models.convert.bertlike import KINDS
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.defaults import TokenRoles, decoding_defaults
from s2scli.models.convert.encoderdecoder import (
    check_cross_width,
    end_token,
    part_settings,
    projection_between,
)
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.graphs.artifact import GraphsArtifact
from s2scli.models.convert.graphs.bartdecoder import BartDecoder
from s2scli.models.convert.graphs.bertdecoder import BertDecoder
from s2scli.models.convert.graphs.decoder import (
    DecoderLayers,
    SourceLayers,
    TextDecoder,
    write_cross,
)
from s2scli.models.convert.graphs.gpt2decoder import Gpt2Decoder
from s2scli.models.convert.graphs.graph import Graph
from s2scli.models.convert.graphs.images import ImageEncoder
from s2scli.models.convert.graphs.layers import Layers
from s2scli.models.convert.graphs.swin import Swin
from s2scli.models.convert.graphs.vit import Vit
from s2scli.models.convert.imageprocessors import image_recipe
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.parttokenizers import open_texts
from s2scli.models.convert.weights import Weights

__all__ = ["convert", "texts"]

DONUT = "donut-swin"
# ``model_type`` of a part → what it is.
ENCODERS: dict[str, Callable[[ConfigObject], ImageEncoder]] = {
    "vit": Vit.of,
    "deit": Vit.of,
    "swin": Swin.of,
    DONUT: Swin.of,
}
DECODERS: dict[str, Callable[[ConfigObject], TextDecoder]] = {
    "gpt2": Gpt2Decoder.of,
    **dict.fromkeys(KINDS, BertDecoder.of),
    **dict.fromkeys(("trocr", "mbart", "bart"), BartDecoder.of),
}


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint with an encoder of images.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration, or a
            part is of a kind that cannot be converted.
    """
    read, (encoder, decoder) = texts(checkpoint), _parts(checkpoint)
    weights = checkpoint.weights()
    graphs = _Graphs(weights, encoder, decoder)
    graphs.build("float32")  # takes the weights, and finds what is wrong with them
    tokens = read.target
    artifact = GraphsArtifact(
        graphs.build, tokens, tokens.index(read.unknown), tokens.index(read.start)
    )
    return read.conversion(artifact, weights)


def _parts(checkpoint: Checkpoint) -> tuple[ImageEncoder, TextDecoder]:
    """The two parts, without their weights."""
    read = part_settings(checkpoint, "encoder", tuple(ENCODERS))
    written = part_settings(checkpoint, "decoder", tuple(DECODERS))
    encoder = ENCODERS[str(read.content["model_type"])](read)
    return encoder, DECODERS[str(written.content["model_type"])](written)


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it writes, and what it sees.

    Raises:
        InvalidModelError: a file is missing or does not fit the configuration, or a part is of a
            kind that cannot be converted.
    """
    encoder, decoder = _parts(checkpoint)
    kinds = [str(checkpoint.config[side]["model_type"]) for side in ("encoder", "decoder")]
    shown: dict[str, Any] = {}
    images = image_recipe(checkpoint, kinds[0], encoder.image, shown)
    written = open_texts(checkpoint, kinds[1], decoder.tokens)
    tokens = written.vocabulary.tokens
    start = checkpoint.token(tokens, START, "")
    end = end_token(checkpoint, tokens, written.control)
    if not start:
        raise InvalidModelError(f"{checkpoint.directory} does not say with what an output starts")
    first = checkpoint.first_token(tokens)
    roles = TokenRoles(tokens, start=start, first=first[-1] if first else "", end=end)
    defaults = decoding_defaults(checkpoint, roles)
    # A prompt stands instead of Donut's start, and after that of others.
    prompts = {CAPTION: start} if kinds[0] == DONUT else {}
    return ModelTexts(
        source=(),
        target=tokens,
        start=start,
        unknown=written.unknown,
        tokenizer=written.vocabulary.recipe(
            special=written.special,
            end=end,
            target_start=() if prompts else (start,),
            target_prefix=first,
        ),
        files={written.vocabulary.file: written.vocabulary.content},
        tasks=(CAPTION,),
        max_source_tokens=encoder.positions,
        max_target_tokens=decoder.positions,
        # An empty output is one of those that end a search in transformers.
        defaults=replace(
            defaults,
            decoding={"min_length": 0, **defaults.decoding},
            unsupported={**defaults.unsupported, **shown},
            prompts=prompts,
        ),
        rowless=written.vocabulary.rows.rowless,
        images=images,
    )


class _Graphs:
    """The two graphs of a model.

    Args:
        weights: of the checkpoint.
        encoder: its encoder.
        decoder: its decoder.
    """

    def __init__(self, weights: Weights, encoder: ImageEncoder, decoder: TextDecoder) -> None:
        self._weights = weights
        self._encoder = encoder
        self._decoder = decoder

    def build(self, quantization: str) -> list[Graph]:
        """Build them, with weights that are stored in a type."""
        encoder, decoder, weights = self._encoder, self._decoder, self._weights
        # A decoder that is told the encoder's width looks at it as it is.
        check_cross_width(decoder.settings, encoder.width)
        known = decoder.settings.content.get("cross_attention_hidden_size")
        same = known is not None or encoder.width == decoder.width
        between = None if same else projection_between(weights, encoder.width, decoder.width)
        source = SourceLayers(encoder.width, between)
        writes = Graph("decoder", quantization)
        decoder.write(
            DecoderLayers(writes, decoder.heads),
            PartTensors(weights, [f"decoder.{decoder.root}"]),
            PartTensors(weights, ["decoder."]),
            source,
        )
        reads = Graph("encoder", quantization)
        layers = Layers(reads)
        x = encoder.write(layers, PartTensors(weights, ["encoder."]))
        write_cross(layers, x, source, decoder.heads)
        return [reads, writes]
