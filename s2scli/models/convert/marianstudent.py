"""Marian's students, with an SSRU in place of the decoder's attention to itself, as arrays.

The arrays' names are those that ``s2scli.inference.steppers.student`` reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.arraysartifact import ArraysArtifact
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.marianvocab import Sides
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.transformer import SIDES, Shape
from s2scli.models.convert.weights import Weights

__all__ = ["STEPPER", "student_artifact"]

STEPPER = "marian-student"
Named = Iterator[tuple[str, Tensor]]


def student_artifact(
    weights: Weights, settings: ConfigObject, shape: Shape, sides: Sides, *, norm_first: bool
) -> ArraysArtifact:
    """A student as arrays.

    Args:
        weights: its tensors, by Marian's names.
        settings: the options that it was trained with.
        shape: its sizes.
        sides: its vocabularies.
        norm_first: whether normalization comes before each part of a layer.

    Raises:
        InvalidModelError: a tensor is missing or has another shape, or an option is out of range.
    """
    output_bias = not settings.flag("output-omit-bias", default=False)
    reader = _Reader(weights, shape, norm_first=norm_first, output_bias=output_bias)
    tensors = dict(reader.everything(len(sides.source), len(sides.target)))
    config: dict[str, Any] = {
        "width": shape.width,
        "heads": shape.encoder_heads,
        "ffn": shape.encoder_ffn,
        "encoder_layers": shape.encoder_layers,
        "decoder_layers": shape.decoder_layers,
        "activation": settings.content.get("transformer-ffn-activation", "swish"),
        "norm_first": norm_first,
        "positions": shape.positions,
        "alignment_layer": _alignment_layer(settings, shape.decoder_layers),
        "unknown": "<unk>",
        "target": sides.target,
    }
    if sides.source is not sides.target:
        config["source"] = sides.source
    return ArraysArtifact(STEPPER, config, tensors)


def _alignment_layer(settings: ConfigObject, layers: int) -> int:
    """The decoder layer, from 0, whose attention Marian gives out as the alignment."""
    name = "transformer-guided-alignment-layer"
    value = settings.content.get(name, "last")
    if value == "last":
        return layers - 1
    number = int(value) if str(value).isdecimal() else 0
    if not 1 <= number <= layers:
        raise InvalidModelError(f"{settings.place} gives {name} as {value!r}")
    return number - 1


class _Reader:
    """Takes tensors by Marian's names and gives them ours."""

    def __init__(
        self, weights: Weights, shape: Shape, *, norm_first: bool, output_bias: bool
    ) -> None:
        self._weights = weights
        self._shape = shape
        self._width = shape.width
        self._norm_first = norm_first
        self._output_bias = output_bias
        self._ending = "_pre" if norm_first else ""

    def everything(self, source: int, target: int) -> Named:
        """All of a model.

        Args:
            source: how many source tokens there are.
            target: how many target tokens.
        """
        yield from self._tables(source, target)
        for number in range(self._shape.encoder_layers):
            theirs, ours = f"encoder_l{number + 1}", f"encoder.{number}"
            yield from self._attention(f"{theirs}_self", f"{ours}.self")
            yield from self._feed(f"{theirs}_ffn", f"{ours}.ffn")
        for number in range(self._shape.decoder_layers):
            theirs, ours = f"decoder_l{number + 1}", f"decoder.{number}"
            yield from self._cell(f"{theirs}_rnn", f"{ours}.cell")
            yield from self._attention(f"{theirs}_context", f"{ours}.cross")
            yield from self._feed(f"{theirs}_ffn", f"{ours}.ffn")
        if self._norm_first:
            for side in SIDES:
                yield from self._norm(f"{side}_top", f"{side}.norm", ending="")

    def _tables(self, source: int, target: int) -> Named:
        weights, width = self._weights, self._width
        if "Wemb" in weights:
            yield "target", weights.take("Wemb", target, width)
        else:
            yield "target", weights.take("decoder_Wemb", target, width)
            yield "source", weights.take("encoder_Wemb", source, width)
        output = "decoder_ff_logit_out"
        if f"{output}_Wt" in weights:
            yield "output", weights.take(f"{output}_Wt", target, width)
        elif f"{output}_W" in weights:
            yield "output", weights.take(f"{output}_W", width, target).turned()
        if self._output_bias:
            yield "output.bias", self._flat(f"{output}_b", target)

    def _attention(self, theirs: str, ours: str) -> Named:
        for name in "qkvo":
            yield from self._linear(theirs, name, f"{ours}.{name}", self._width, self._width)
        yield from self._norm(f"{theirs}_Wo", f"{ours}.norm")

    def _feed(self, theirs: str, ours: str) -> Named:
        inner = self._shape.encoder_ffn
        yield from self._linear(theirs, "1", f"{ours}.inner", self._width, inner)
        yield from self._linear(theirs, "2", f"{ours}.outer", inner, self._width)
        yield from self._norm(f"{theirs}_ffn", f"{ours}.norm")

    def _cell(self, theirs: str, ours: str) -> Named:
        width = self._width
        yield f"{ours}.new", self._weights.take(f"{theirs}_W", width, width).turned()
        yield from self._linear(theirs, "f", f"{ours}.gate", width, width)
        yield from self._norm(theirs if self._norm_first else f"{theirs}_ffn", f"{ours}.norm")

    def _linear(self, theirs: str, name: str, ours: str, inputs: int, outputs: int) -> Named:
        yield ours, self._weights.take(f"{theirs}_W{name}", inputs, outputs).turned()
        yield f"{ours}.bias", self._flat(f"{theirs}_b{name}", outputs)

    def _norm(self, theirs: str, ours: str, ending: str | None = None) -> Named:
        for part in ("scale", "bias"):
            name = f"{theirs}_ln_{part}{self._ending if ending is None else ending}"
            yield f"{ours}.{part}", self._flat(name, self._width)

    def _flat(self, name: str, size: int) -> Tensor:
        return self._weights.take(name, 1, size).reshaped(size)
