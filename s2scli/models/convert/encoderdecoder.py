"""Encoder-decoders of two pre-trained parts (``EncoderDecoderModel``), such as BERT2BERT.

Rothe et al. 2020, https://arxiv.org/abs/1907.12461; ``transformers`` 4.57
(``modeling_encoder_decoder.py``) is the reference.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.artifact import CTranslate2Artifact
from s2scli.models.convert.bertlike import KINDS, Bert
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.defaults import TokenRoles, decoding_defaults
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.gpt2 import Gpt2
from s2scli.models.convert.parts import PartTensors, Projection
from s2scli.models.convert.parttokenizers import PartTokenizer, open_texts
from s2scli.models.convert.specs import transformer_spec
from s2scli.models.convert.tensor import Array, Tensor
from s2scli.models.convert.vocabulary import check_padding, special_fields
from s2scli.models.convert.weights import Weights

__all__ = ["check_cross_width", "convert", "end_token", "part_settings", "projection_between"]

TARGET_FILE = "target-tokenizer.json"
CLOSE = 1e-4  # usual ones are 1e-12 and 1e-5


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint of two parts.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration, or a
            part is of a kind that cannot be converted.
    """
    source = Bert.of(part_settings(checkpoint, "encoder", tuple(KINDS)))
    settings = part_settings(checkpoint, "decoder", (*KINDS, "gpt2"))
    target = Gpt2.of(settings) if settings.content["model_type"] == "gpt2" else Bert.of(settings)
    check_cross_width(settings, source.width)
    weights = checkpoint.weights()
    spec = _specification(checkpoint, weights, source, target)
    read = open_texts(checkpoint, str(source.settings.content["model_type"]), source.tokens)
    written = _written(checkpoint, read, source, target)
    tokens = written.vocabulary.tokens
    start = checkpoint.token(tokens, START, "")
    end = end_token(checkpoint, tokens, written.control)
    if not start:
        raise InvalidModelError(f"{checkpoint.directory} names no token that outputs start with")
    spec.register_source_vocabulary(read.vocabulary.tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.decoder_start_token = spec.config.bos_token = start
    spec.config.eos_token, spec.config.unk_token = end, read.unknown
    spec.config.layer_norm_epsilon = _epsilon(source, target)
    _fit_epsilon(spec.encoder, math.sqrt(target.epsilon / source.epsilon))
    first = checkpoint.first_token(tokens)
    _check_padding(source, read)
    _check_padding(target, written, start)
    defaults = decoding_defaults(
        checkpoint, TokenRoles(tokens, start=start, first=first[-1] if first else "", end=end)
    )
    recipe = read.vocabulary.recipe(
        prefix=read.prefix,
        suffix=read.suffix,
        special=dict.fromkeys((*read.special, *written.special)),
        end=end,
        target_prefix=first,
    )
    files = {read.vocabulary.file: read.vocabulary.content}
    if written is not read:
        recipe = recipe._replace(target=TARGET_FILE)
        files[TARGET_FILE] = written.vocabulary.content
    return Conversion(
        artifact=CTranslate2Artifact(spec, target.layers),
        weights=weights,
        tokenizer=recipe,
        files=files,
        tasks=("summarize", "generate"),
        source_languages=(),
        target_languages=(),
        max_source_tokens=checkpoint.source_limit(source.positions),
        max_target_tokens=target.positions,
        # An empty output is one of those that end a search in transformers.
        defaults=replace(defaults, decoding={"min_length": 0, **defaults.decoding}),
        rowless=(*read.vocabulary.rows.rowless, *written.vocabulary.rows.rowless),
    )


def _check_padding(part: Bert | Gpt2, texts: PartTokenizer, start: str = "") -> None:
    """Make sure that each token has a position, where these are counted from a token's number."""
    if isinstance(part, Gpt2) or not part.unused_positions:
        return
    rows = texts.vocabulary.rows
    control = set(special_fields(rows, texts.special)["special"])
    unread = control.difference(texts.prefix, texts.suffix, [texts.unknown])
    check_padding(part.settings.place, part.unused_positions - 1, rows.tokens, unread, start)


def _epsilon(source: Bert, target: Bert | Gpt2) -> float:
    """What normalization adds to variances, one number for both sides.

    Where theirs differ as they usually do, numbers within the layers do by 5e-6 of themselves; see
    ``_fit_epsilon`` for the embeddings.

    Raises:
        InvalidModelError: they differ by more.
    """
    if abs(source.epsilon - target.epsilon) > CLOSE:
        raise InvalidModelError(
            f"config.json gives layer_norm_eps as {source.epsilon:g} (encoder) and "
            f"{target.epsilon:g} (decoder); the engine has one for both"
        )
    return target.epsilon


def part_settings(checkpoint: Checkpoint, side: str, known: Sequence[str]) -> ConfigObject:
    """The settings of a side, ``encoder`` or ``decoder``.

    Raises:
        InvalidModelError: there are none, or the part is none of the known kinds.
    """
    found, place = checkpoint.config.get(side), f"{side} in config.json"
    if not isinstance(found, dict):
        raise InvalidModelError(f"{checkpoint.path('config.json')} has no settings of the {side}")
    kind = found.get("model_type")
    if kind not in known:
        raise InvalidModelError(
            f"{checkpoint.directory} cannot be converted: its {side} is of the kind {kind!r}",
            f"Known kinds: {', '.join(known)}.",
        )
    return ConfigObject(found, place)


def _specification(
    checkpoint: Checkpoint, weights: Weights, source: Bert, target: Bert | Gpt2
) -> transformer_spec.TransformerSpec:
    root = f"decoder.{target.root}"
    roots = {"encoder": ["encoder."], "decoder": [root]}
    if checkpoint.flag("tie_encoder_decoder", default=False):
        roots = {"encoder": ["encoder.", root], "decoder": [root, "encoder."]}
    same = source.width == target.width
    projection = None if same else projection_between(weights, source.width, target.width)
    return transformer_spec.TransformerSpec(
        source.encoder(PartTensors(weights, roots["encoder"])),
        target.decoder(
            PartTensors(weights, roots["decoder"]),
            PartTensors(weights, ["decoder."]),
            source.width,
            projection,
        ),
    )


def _fit_epsilon(encoder: transformer_spec.TransformerEncoderSpec, scale: float) -> None:
    """Let the encoder's embeddings be normalized with its own epsilon.

    The engine has one for both sides, and embeddings are small beside BERT's and GPT-2's. Numbers
    that are larger by the root of the ratio of the two come out as with the other.
    """
    if scale == 1:
        return
    encodings = encoder.position_encodings
    table = encodings.encodings
    encoder.scale_embeddings = scale

    def load() -> Array:
        return np.asarray(table.array().astype(np.float32) * np.float32(scale))

    encodings.encodings = Tensor("F32", table.shape, load)


def check_cross_width(decoder: ConfigObject, width: int) -> None:
    """Make sure that a decoder that is told the encoder's width is told the right one.

    Raises:
        InvalidModelError: it is another.
    """
    name = "cross_attention_hidden_size"
    if (told := decoder.content.get(name)) not in (None, width) or told is True:
        raise InvalidModelError(
            f"{decoder.place} gives {name} as {told!r}, but the encoder's numbers are {width}"
        )


def projection_between(weights: Weights, source: int, target: int) -> Projection:
    """The layer that fits the encoder's width to the decoder's."""
    weight = weights.take("enc_to_dec_proj.weight", target, source)
    return weight.array(), weights.take("enc_to_dec_proj.bias", target).array()


def _written(
    checkpoint: Checkpoint, read: PartTokenizer, source: Bert, target: Bert | Gpt2
) -> PartTokenizer:
    """The target's tokenizer, which may be the source's."""
    place = checkpoint.target_tokenizer
    kinds = [str(part.settings.content["model_type"]) for part in (source, target)]
    if not place and (source.tokens, kinds[0]) == (target.tokens, kinds[1]):
        return read
    if not place:
        raise InvalidModelError(
            f"{checkpoint.directory} has parts with vocabularies of their own ({source.tokens} "
            f"and {target.tokens} tokens), but the tokenizer of the source only",
            "Name the directory of the other one: --target-tokenizer DIR.",
        )
    written = open_texts(Checkpoint(place), kinds[1], target.tokens)
    if written.vocabulary.kind != read.vocabulary.kind:
        raise InvalidModelError(
            f"{checkpoint.directory} and {place} have tokenizers of two kinds "
            f"({read.vocabulary.kind} and {written.vocabulary.kind}), which cannot be joined"
        )
    return written


def end_token(checkpoint: Checkpoint, tokens: Sequence[str], special: Collection[str]) -> str:
    """The token that ends an output: of several, the first that is not text.

    Args:
        checkpoint: names it.
        tokens: those of the target by their ids.
        special: those that are not text.

    Raises:
        InvalidModelError: the checkpoint does not say which, or each is text, which transformers
            writes.
    """
    found = checkpoint.generation.get("eos_token_id")
    numbers = found if isinstance(found, list) else [found]
    if found is None or not numbers:
        raise InvalidModelError(
            f"{checkpoint.directory} names no token that outputs end with",
            "Set eos_token_id in config.json or generation_config.json.",
        )
    ends = [checkpoint.token_of(tokens, number, "eos_token_id") for number in numbers]
    if not (own := [end for end in ends if end in special]):
        raise InvalidModelError(
            f"{checkpoint.directory} gives eos_token_id as {numbers[0]}, which is {ends[0]!r}, "
            "a token of texts"
        )
    return own[0]
