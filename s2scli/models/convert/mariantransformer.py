"""Marian's Transformers in CTranslate2's terms."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from s2scli.models.convert.artifact import CTranslate2Artifact
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.marianvocab import EOS, UNK, Sides
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.transformer import SIDES, Shape, build_layers
from s2scli.models.convert.weights import Weights
from s2scli.models.sinusoids import marian_sinusoids

__all__ = ["by_transformers_names", "transformer_artifact"]

EPSILON = 1e-6
# Parts of a layer: Marian's name → transformers'.
ATTENTION = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "out_proj"}
PLACES = {"self": "self_attn", "context": "encoder_attn"}


def transformer_artifact(
    weights: Weights, settings: ConfigObject, shape: Shape, sides: Sides, *, norm_first: bool
) -> CTranslate2Artifact:
    """A Transformer in the engine's terms.

    Args:
        weights: its tensors, by transformers' names.
        settings: the options that it was trained with.
        shape: its sizes.
        sides: its vocabularies.
        norm_first: whether normalization comes before each part of a layer.

    Raises:
        InvalidModelError: a tensor is missing or has another shape.
    """
    spec = build_layers(weights, shape, pre_norm=norm_first)
    tables = _tables(weights, (len(sides.source), len(sides.target), shape.width))
    for side in SIDES:
        part = getattr(spec, side)
        part.scale_embeddings = math.sqrt(shape.width)
        # Marian never reads transformer-train-position-embeddings, whatever it says.
        part.position_encodings.encodings = marian_sinusoids(shape.positions, shape.width)
    spec.encoder.embeddings[0].weight, spec.decoder.embeddings.weight = tables[:2]
    spec.decoder.start_from_zero_embedding = True
    spec.decoder.projection.weight = tables[2]
    if not settings.flag("output-omit-bias", default=False):
        spec.decoder.projection.bias = weights.take("decoder_ff_logit_out_b", len(sides.target))
    spec.register_source_vocabulary(sides.source)
    spec.register_target_vocabulary(sides.target)
    spec.config.eos_token = spec.config.decoder_start_token = EOS
    spec.config.unk_token = UNK
    spec.config.layer_norm_epsilon = EPSILON
    return CTranslate2Artifact(spec)


def by_transformers_names(tensors: Mapping[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """The tensors by transformers' names, and with rows and columns as there."""
    return dict(_renamed(tensors, shape))


def _renamed(tensors: Mapping[str, Tensor], shape: Shape) -> Iterator[tuple[str, Tensor]]:
    layers = {
        f"{side}_l{number + 1}_": f"model.{side}.layers.{number}."
        for side, count in zip(SIDES, (shape.encoder_layers, shape.decoder_layers), strict=True)
        for number in range(count)
    }
    for name, tensor in tensors.items():
        start = re.match(r"(?:encoder|decoder)_l\d+_", name)
        if start and start[0] in layers:
            yield _of_layer(name.removeprefix(start[0]), layers[start[0]], tensor)
        elif match := re.fullmatch(r"(encoder|decoder)_top_ln_(scale|bias)(?:_pre)?", name):
            kind = "weight" if match[2] == "scale" else "bias"
            yield f"model.{match[1]}.layer_norm.{kind}", _flat(tensor)
        elif name.endswith("_b"):
            yield name, _flat(tensor)
        else:
            yield name, tensor


def _of_layer(rest: str, place: str, tensor: Tensor) -> tuple[str, Tensor]:
    """A layer's tensor; one that is not known keeps its name, and ends the conversion."""
    if match := re.fullmatch(r"(self|context)_([Wb])([qkvo])", rest):
        return _linear(f"{place}{PLACES[match[1]]}.{ATTENTION[match[3]]}", match[2], tensor)
    if match := re.fullmatch(r"(self|context)_Wo_ln_(scale|bias)(?:_pre)?", rest):
        kind = "weight" if match[2] == "scale" else "bias"
        return f"{place}{PLACES[match[1]]}_layer_norm.{kind}", _flat(tensor)
    if match := re.fullmatch(r"ffn_([Wb])([12])", rest):
        return _linear(f"{place}fc{match[2]}", match[1], tensor)
    if match := re.fullmatch(r"ffn_ffn_ln_(scale|bias)(?:_pre)?", rest):
        kind = "weight" if match[1] == "scale" else "bias"
        return f"{place}final_layer_norm.{kind}", _flat(tensor)
    return f"{place}{rest}", tensor


def _linear(name: str, kind: str, tensor: Tensor) -> tuple[str, Tensor]:
    if kind == "W":
        return f"{name}.weight", tensor.turned()
    return f"{name}.bias", _flat(tensor)


def _flat(tensor: Tensor) -> Tensor:
    return tensor.reshaped(math.prod(tensor.shape))


def _tables(weights: Weights, sizes: tuple[int, int, int]) -> tuple[Tensor, Tensor, Tensor]:
    """The embeddings of both sides and the output's table."""
    source, target, width = sizes
    both = "Wemb" in weights
    encoder = weights.take("Wemb" if both else "encoder_Wemb", source, width)
    decoder = weights.take("Wemb" if both else "decoder_Wemb", target, width)
    output = "decoder_ff_logit_out_W"
    if f"{output}t" in weights:
        return encoder, decoder, weights.take(f"{output}t", target, width)
    if output in weights:
        return encoder, decoder, weights.take(output, width, target).turned()
    return encoder, decoder, decoder
