"""The options that Marian trained a model with: which of them we know, and the sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.transformer import Shape

__all__ = [
    "EVERYWHERE",
    "NEUTRAL",
    "STUDENT_NEUTRAL",
    "is_student",
    "order",
    "refuse_others",
    "sizes",
]

POSITIONS = 2048  # sinusoids have no end; this is where ours has one
ACTIVATIONS = {"relu": "relu", "swish": "swish", "gelu": "quick_gelu"}
# Options that make another model of it, and the values with which they do not.
EVERYWHERE: dict[str, tuple[Any, ...]] = {
    "right-left": (False,),
    "lemma-dim-emb": (0,),
    "lemma-dependency": ("",),
    "factors-dim-emb": (0,),
    "output-approx-knn": ([],),
    "ulr": (False,),
    "input-types": ([], ["sequence", "sequence"]),
}
NEUTRAL = EVERYWHERE | {
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
    "transformer-attention-mask": ("default",),
    "transformer-alibi-shift": (False,),
    "transformer-disable-position-embeddings": (False,),
    "bert-type-vocab-size": (0, 2),
}
# Of students. Their cell may have normalizations of its own, which nobody trains.
STUDENT_NEUTRAL = NEUTRAL | {
    "transformer-decoder-autoreg": ("rnn",),
    "dec-cell": ("ssru",),
    "layer-normalization": (False,),
}
PRE_NORM = {"preprocess": "n", "postprocess": "da", "postprocess-top": "n"}
POST_NORM = {"preprocess": "", "postprocess": "dan", "postprocess-top": ""}


def is_student(settings: ConfigObject) -> bool:
    """Whether the decoder is recurrent, in place of attention to itself."""
    return (
        settings.content.get("type") == "transformer"
        and settings.content.get("transformer-decoder-autoreg") == "rnn"
    )


def refuse_others(settings: ConfigObject, neutral: Mapping[str, tuple[Any, ...]]) -> None:
    """Make sure that no option makes a model that we do not know.

    Args:
        settings: the options.
        neutral: such options, and the values with which they do not.

    Raises:
        InvalidModelError: one does; it is named.
    """
    for name, values in neutral.items():
        value = settings.content.get(name, values[0])
        if value not in values:
            raise InvalidModelError(
                f"{settings.place} sets {name} to {value!r}, which the engine does not have"
            )


def order(settings: ConfigObject) -> bool:
    """Whether normalization comes before each part of a layer.

    Raises:
        InvalidModelError: it comes elsewhere.
    """
    found = {name: str(settings.content.get(f"transformer-{name}") or "") for name in PRE_NORM}
    if found not in (PRE_NORM, POST_NORM):
        order = ", ".join(f"{name} {value!r}" for name, value in found.items())
        raise InvalidModelError(
            f"{settings.place} has another order of a layer's parts than the engine ({order})"
        )
    return found == PRE_NORM


def sizes(settings: ConfigObject) -> Shape:
    """The sizes of a model.

    Raises:
        InvalidModelError: one is missing or out of range, or its activation is not known.
    """
    activation = str(settings.content.get("transformer-ffn-activation", "swish"))
    if activation not in ACTIVATIONS:
        raise InvalidModelError(
            f"{settings.place} asks for the activation {activation!r}, which the engine lacks"
        )
    heads, inner = settings.size("transformer-heads"), settings.size("transformer-dim-ffn")
    width = settings.size("dim-emb")
    if width % heads or width % 2:
        raise InvalidModelError(
            f"{settings.place} gives dim-emb as {width}, with transformer-heads {heads}"
        )
    return Shape(
        width=width,
        encoder_layers=settings.size("enc-depth", MAX_LAYERS),
        decoder_layers=settings.size("dec-depth", MAX_LAYERS),
        encoder_heads=heads,
        decoder_heads=heads,
        encoder_ffn=inner,
        decoder_ffn=inner,
        positions=POSITIONS,
        activation=ACTIVATIONS[activation],
    )
