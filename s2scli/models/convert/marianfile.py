"""Marian's own model files, as OPUS-MT's releases have them (https://marian-nmt.github.io).

A directory holds a model (``.npz`` or ``.bin``, in it the options it was trained with,
``special:model.yml``), vocabularies (``.yml``, ``.txt`` or ``.spm``) and, beside vocabularies that
are not SentencePiece's, the ``source.spm`` and ``target.spm`` that make the pieces; each plain or
gzipped. ``decoder.yml`` says which files belong together and how to decode. The tensors get the
names that they have in transformers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s2scli.data import LIMITS
from s2scli.errors import InvalidModelError
from s2scli.models.convert.artifact import CTranslate2Artifact
from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.defaults import Defaults
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.gzipped import plain_name
from s2scli.models.convert.marianbin import is_marian_binary, read_marian_binary
from s2scli.models.convert.marianvocab import Sides, existing, open_sides
from s2scli.models.convert.npz import read_npz
from s2scli.models.convert.standins import refuse_pointer
from s2scli.models.convert.tensor import Array, Tensor
from s2scli.models.convert.transformer import SIDES, Shape, build_layers
from s2scli.models.convert.weights import Weights
from s2scli.models.convert.yamlfile import read_bounded, yaml_object
from s2scli.models.manifest import SENTENCEPIECE_KIND, TokenizerRecipe
from s2scli.models.paths import contained

__all__ = ["MARIAN", "MarianFiles", "find_marian", "read_marian"]

MARIAN = "marian-nmt"
OPTIONS, DECODER = "special:model.yml", "decoder.yml"
POSITIONS = 2048  # sinusoids have no end; this is where ours has one
EPSILON = 1e-6
EOS, UNK = "</s>", "<unk>"
INPUTS = "_QuantMultA"  # how Bergamot quantizes what a matrix is multiplied with
CODE = re.compile(r">>[^<>]+<<")
ACTIVATIONS = {"relu": "relu", "swish": "swish", "gelu": "quick_gelu"}
# Options that make another model of it, and the values with which they do not.
NEUTRAL: dict[str, tuple[Any, ...]] = {
    "type": ("transformer",),
    "transformer-decoder-autoreg": ("self-attention",),
    "transformer-no-projection": (False,),
    "transformer-no-bias": (False,),
    "transformer-no-affine": (False,),
    "transformer-rnn-projection": (False,),
    "transformer-pool": (False,),
    "transformer-tied-layers": ([], ""),
    "transformer-ffn-depth": (2,),
    "transformer-decoder-ffn-depth": (0, 2),
    "transformer-decoder-dim-ffn": (0,),
    "transformer-postprocess-emb": ("", "d"),
    "lemma-dim-emb": (0,),
    "lemma-dependency": ("",),
    "output-omit-bias": (False,),
    "output-approx-knn": ([],),
    "ulr": (False,),
    "bert-type-vocab-size": (0, 2),
    "input-types": ([], ["sequence", "sequence"]),
}
PRE_NORM = {"preprocess": "n", "postprocess": "da", "postprocess-top": "n"}
POST_NORM = {"preprocess": "", "postprocess": "dan", "postprocess-top": ""}
# Parts of a layer: Marian's name → transformers'.
ATTENTION = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "out_proj"}
PLACES = {"self": "self_attn", "context": "encoder_attn"}


@dataclass(frozen=True, slots=True)
class MarianFiles:
    """A model of Marian's on disk.

    Attributes:
        directory: where it is.
        model: the file with its weights.
        decoder: what ``decoder.yml`` says.
    """

    directory: Path
    model: Path
    decoder: Mapping[str, Any]


def find_marian(directory: Path) -> MarianFiles | None:
    """The model of a directory that is none of the hub's; None if it is one, or there is none.

    Raises:
        InvalidModelError: there are several, and nothing says which, or it is of a kind that
            cannot be read.
    """
    if not directory.is_dir() or (directory / "config.json").exists():
        return None
    found = sorted(path.name for path in directory.iterdir() if _is_model(path))
    decoder, settings = _decoder(directory)
    models = settings.get("models")
    if isinstance(models, list) and len(models) > 1:
        raise InvalidModelError(
            f"{decoder} names {len(models)} models, which decode together; s2s runs one",
            "Name one of them there.",
        )
    if isinstance(models, list) and models:
        named = existing(directory, Path(str(models[0])).name)
        if named is None or named.name not in found:
            name = Path(str(models[0])).name
            raise InvalidModelError(f"{decoder} names the model {name}, which is not beside it")
        found = [named.name]
    if not found:
        return None
    if len(found) > 1:
        raise InvalidModelError(
            f"{directory} holds {len(found)} models: {', '.join(found)}",
            f"Leave one of them there, or name one in {DECODER} (models: [NAME]).",
        )
    return MarianFiles(directory, contained(directory, found[0]), settings)


def _is_model(path: Path) -> bool:
    """Whether a file may be a model, by its name and, as others end in .bin too, by its start."""
    name = plain_name(path)
    if not path.is_file() or name.endswith(".optimizer.npz"):
        return False
    return name.endswith(".npz") or (name.endswith(".bin") and is_marian_binary(path))


def _decoder(directory: Path) -> tuple[Path, dict[str, Any]]:
    """The file that says how to decode, by the name that OPUS-MT, Marian or Bergamot gives it."""
    path = contained(directory, DECODER)
    others = sorted([*directory.glob("*.decoder.yml"), *directory.glob("config*.yml")])
    if not path.is_file() and len(others) == 1:
        path = contained(directory, others[0].name)
    elif not path.is_file() and others:
        names = ", ".join(other.name for other in others)
        raise InvalidModelError(
            f"{directory} holds several files that say how to decode: {names}",
            f"Call the one that counts {DECODER}.",
        )
    return path, yaml_object(read_bounded(path), path) if path.is_file() else {}


def read_marian(files: MarianFiles) -> Conversion:
    """Convert a model; Marian itself is the reference.

    Raises:
        InvalidModelError: a file is missing or damaged, or the model has a part that the engine
            lacks.
    """
    refuse_pointer(files.model)
    binary = plain_name(files.model).endswith(".bin")
    tensors = (read_marian_binary if binary else read_npz)(files.model)
    tensors = {name: tensor for name, tensor in tensors.items() if not name.endswith(INPUTS)}
    options = _options(files.model, tensors)
    settings = ConfigObject(options, f"{OPTIONS} in {files.model.name}")
    _refuse_others(settings)
    sides = open_sides(files.directory, {**options, **files.decoder})
    pre_norm = _order(settings)
    shape = _shape(settings)
    weights = Weights(dict(_renamed(tensors, shape)), (files.model,))
    spec = build_layers(weights, shape, pre_norm=pre_norm)
    tables = _tables(weights, (len(sides.source), len(sides.target), shape.width))
    for side in SIDES:
        part = getattr(spec, side)
        part.scale_embeddings = math.sqrt(shape.width)
        part.position_encodings.encodings = (
            weights.take("Wpos", shape.positions, shape.width)
            if "Wpos" in weights
            else _sinusoids(shape.width)
        )
    spec.encoder.embeddings[0].weight, spec.decoder.embeddings.weight = tables[:2]
    spec.decoder.start_from_zero_embedding = True
    spec.decoder.projection.weight = tables[2]
    spec.decoder.projection.bias = weights.take("decoder_ff_logit_out_b", len(sides.target))
    spec.register_source_vocabulary(sides.source)
    spec.register_target_vocabulary(sides.target)
    spec.config.eos_token = spec.config.decoder_start_token = EOS
    spec.config.unk_token = UNK
    spec.config.layer_norm_epsilon = EPSILON
    return Conversion(
        artifact=CTranslate2Artifact(spec),
        weights=weights,
        tokenizer=_recipe(sides),
        files=sides.files,
        tasks=("translate",),
        source_languages=(),
        target_languages=tuple(_codes(sides)),
        max_source_tokens=shape.positions,
        max_target_tokens=shape.positions,
        defaults=_defaults(files, settings),
    )


def _options(path: Path, tensors: dict[str, Tensor]) -> dict[str, Any]:
    """The options that a model was trained with: YAML, as numbers, with a NUL at its end."""
    stored = tensors.pop(OPTIONS, None)
    if stored is None:
        raise InvalidModelError(f"{path} has no {OPTIONS}: Marian did not write it")
    return yaml_object(stored.load().astype("u1").tobytes().rstrip(b"\0"), path)


def _refuse_others(settings: ConfigObject) -> None:
    for name, neutral in NEUTRAL.items():
        value = settings.content.get(name, neutral[0])
        if value not in neutral:
            raise InvalidModelError(
                f"{settings.place} sets {name} to {value!r}, which the engine does not have"
            )


def _order(settings: ConfigObject) -> bool:
    """Whether normalization comes before each part of a layer."""
    found = {name: str(settings.content.get(f"transformer-{name}") or "") for name in PRE_NORM}
    if found not in (PRE_NORM, POST_NORM):
        order = ", ".join(f"{name} {value!r}" for name, value in found.items())
        raise InvalidModelError(
            f"{settings.place} has another order of a layer's parts than the engine ({order})"
        )
    return found == PRE_NORM


def _shape(settings: ConfigObject) -> Shape:
    activation = str(settings.content.get("transformer-ffn-activation", "swish"))
    if activation not in ACTIVATIONS:
        raise InvalidModelError(
            f"{settings.place} asks for the activation {activation!r}, which the engine lacks"
        )
    heads, inner = settings.size("transformer-heads"), settings.size("transformer-dim-ffn")
    trained = settings.flag("transformer-train-position-embeddings", default=False)
    return Shape(
        width=settings.size("dim-emb"),
        encoder_layers=settings.size("enc-depth", MAX_LAYERS),
        decoder_layers=settings.size("dec-depth", MAX_LAYERS),
        encoder_heads=heads,
        decoder_heads=heads,
        encoder_ffn=inner,
        decoder_ffn=inner,
        positions=settings.size("max-length") if trained else POSITIONS,
        activation=ACTIVATIONS[activation],
    )


def _renamed(tensors: Mapping[str, Tensor], shape: Shape) -> Iterator[tuple[str, Tensor]]:
    """The tensors by transformers' names, and with rows and columns as there."""
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


def _sinusoids(width: int) -> Array:
    """Marian's table of positions: its longest wave has the length 10,000 exactly, whereas that of
    Vaswani et al. 2017 falls short of it."""
    count = width // 2
    angles = np.arange(POSITIONS)[:, None] / np.power(10_000, np.arange(count) / (count - 1))
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


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


def _codes(sides: Sides) -> dict[str, str]:
    """Target languages by code, where tokens of the source name them."""
    return {token[2:-2]: token for token in sides.source if CODE.fullmatch(token)}


def _recipe(sides: Sides) -> TokenizerRecipe:
    codes = _codes(sides)
    return TokenizerRecipe(
        kind=SENTENCEPIECE_KIND,
        source=sides.source_file,
        target=sides.target_file,
        prefix=("{to}",) if codes else (),
        suffix=(EOS,),
        target_tokens=codes,
        special=(EOS, UNK),
    )


def _defaults(files: MarianFiles, settings: ConfigObject) -> Defaults:
    """How the model's makers decode: what ``decoder.yml`` says, else the model's own options."""
    decoding: dict[str, Any] = {"min_length": 0}
    for ours, theirs, kind in _DECODING:
        value = files.decoder.get(theirs, settings.content.get(theirs))
        if value is None:
            continue
        least, most = LIMITS[ours]
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not (least <= value <= most)
        ):
            raise InvalidModelError(f"{DECODER} or {settings.place} gives {theirs} as {value!r}")
        decoding[ours] = kind(value)
    if not files.decoder.get("allow-unk", False):
        decoding["suppress"] = [[UNK]]
    return Defaults(decoding)


# Ours, Marian's, type.
_DECODING: tuple[tuple[str, str, Callable[[float], float]], ...] = (
    ("beam_size", "beam-size", int),
    ("length_penalty", "normalize", float),
)
