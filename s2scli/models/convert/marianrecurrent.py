"""Marian's recurrent models (types s2s, nematus, amun) as arrays.

The arrays' names are those that ``s2scli.inference.steppers.marianparts`` reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.arraysartifact import ArraysArtifact
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.marianoptions import EVERYWHERE, refuse_others
from s2scli.models.convert.marianvocab import UNK, Sides
from s2scli.models.convert.tensor import Tensor, stack
from s2scli.models.convert.weights import Weights

__all__ = ["TYPES", "by_one_name", "recurrent_artifact"]

STEPPER = "marian-recurrent"
TYPES = ("s2s", "nematus", "amun")
MAX_DEPTH = 64
PARTS = {"gru": 3, "gru-nematus": 3, "lstm": 4}  # of a cell's matrices
NEMATUS_CELL = "gru-nematus"
# Options that make another model of it, and the values with which they do not.
NEUTRAL = EVERYWHERE | {
    "type": TYPES,
    "enc-type": ("bidirectional", "bi-unidirectional", "alternating"),
    "enc-cell": tuple(PARTS),
    "dec-cell": tuple(PARTS),
    "dec-attention-hops": (1,),
    "dec-attention-heads": (1,),
    "dec-attention-lookup-dim": (-1,),
    "dec-attention-projection-dim": (-1,),
    "dec-attention-independent-heads": (False,),
    "dec-attention-bilinear-lookup": (False,),
    "output-omit-bias": (False,),
}
# Tensors that are no weights: Nematus wants the first, its trainer leaves the others.
NO_WEIGHTS = ("decoder_c_tt", "uidx", "history_errs")
LOGITS = {"prev": 0, "lstm": 1, "ctx": 2}
Named = Iterator[tuple[str, Tensor]]


def by_one_name(tensors: Mapping[str, Tensor], settings: ConfigObject) -> dict[str, Tensor]:
    """The tensors by the names of the type s2s; nematus and amun have those of other tools."""
    if settings.content.get("type") == "s2s":
        return dict(tensors)
    tied = any(settings.flag(f"tied-embeddings-{part}", default=False) for part in ("src", "all"))
    names = {"Wemb_dec": "decoder_Wemb", "Wemb": "Wemb" if tied else "encoder_Wemb"}
    return {
        names.get(name) or _renamed(name): tensor
        for name, tensor in tensors.items()
        if name not in NO_WEIGHTS
    }


def _renamed(name: str) -> str:
    """The name of the type s2s for one of Nematus's or Amun's."""
    if match := re.fullmatch(r"encoder(_r)?_(gamma[12])", name):
        return f"encoder_bi{match[1] or ''}_{match[2]}"
    if match := re.fullmatch(r"encoder(_r)?_([UWb]x?)(?:_drt_(\d+))?(_ln[sb])?", name):
        cell = f"_cell{int(match[3]) + 1}" if match[3] else ""
        return f"encoder_bi{match[1] or ''}{cell}_{match[2]}{match[4] or ''}"
    if match := re.fullmatch(r"decoder_([UWb]x?)(_nl)?(?:_drt_(\d+))?(_ln[sb])?", name):
        number = int(match[3]) + 2 if match[3] else 2 if match[2] else 1
        return f"decoder_cell{number}_{match[1]}{match[4] or ''}"
    if match := re.fullmatch(r"decoder_Wc(x?)(_ln[sb])?", name):
        return f"decoder_cell2_W{match[1]}{match[2] or ''}"
    if match := re.fullmatch(r"ff_logit_(prev|lstm|ctx)_(W|b|ln_s|ln_b)", name):
        return f"decoder_ff_logit_l1_{match[2]}{LOGITS[match[1]]}"
    if match := re.fullmatch(r"ff_logit_(Wt?|b)", name):
        return f"decoder_ff_logit_l2_{match[1]}"
    if match := re.fullmatch(r"ff_(state_.+|logit_l1_gamma\d)", name):
        return f"decoder_ff_{match[1]}"
    return name


def recurrent_artifact(weights: Weights, settings: ConfigObject, sides: Sides) -> ArraysArtifact:
    """A recurrent model as arrays.

    Args:
        weights: its tensors, by the names of the type s2s.
        settings: the options that it was trained with.
        sides: its vocabularies.

    Raises:
        InvalidModelError: a tensor is missing or has another shape, or an option is not known.
    """
    refuse_others(settings, NEUTRAL)
    reader = _Reader(weights, settings)
    tensors = dict(reader.everything(len(sides.source), len(sides.target)))
    config = {**reader.config, "unknown": UNK, "target": sides.target}
    if sides.source is not sides.target:
        config["source"] = sides.source
    return ArraysArtifact(STEPPER, config, tensors)


class _Reader:
    """Takes tensors by Marian's names and gives them ours."""

    def __init__(self, weights: Weights, settings: ConfigObject) -> None:
        self._weights, self._settings = weights, settings
        self._embedding, self._state = settings.size("dim-emb"), settings.size("dim-rnn")
        self._cells = {
            side: str(settings.content.get(f"{name}-cell", "gru"))
            for side, name in (("encoder", "enc"), ("decoder", "dec"))
        }
        self._type = str(settings.content.get("enc-type", "bidirectional"))
        self._depth, self._steps = self._size("enc-depth"), self._size("enc-cell-depth")
        first = self._size("dec-cell-base-depth", 2)
        others = self._size("dec-cell-high-depth")
        self._decoder = [first, *[others] * (self._size("dec-depth") - 1)]
        if first < 2:
            raise InvalidModelError(f"{settings.place} gives dec-cell-base-depth as {first}")
        self._norm = ""
        if settings.flag("layer-normalization", default=False):
            self._norm = "nematus" if settings.content.get("type") == "nematus" else "gamma"
        self._tied = {
            name: settings.flag(f"tied-embeddings{name}", default=False)
            for name in ("", "-src", "-all")
        }
        self._refuse_unread()

    @property
    def config(self) -> dict[str, Any]:
        """What the stepper must know."""
        two = self._type != "bi-unidirectional"
        turning = self._type == "alternating"
        layers = range(self._depth if two else 1)
        return {
            "embedding": self._embedding,
            "state": self._state,
            "encoder_cell": self._cells["encoder"],
            "decoder_cell": self._cells["decoder"],
            "norm": self._norm,
            "skip": self._settings.flag("skip", default=False),
            # Of each layer of both stacks, whether it reads from the end.
            "forward": [turning and number % 2 == 1 for number in layers],
            "backward": [not (turning and number % 2 == 1) for number in layers],
            "upper": 0 if two else self._depth - 1,
            "encoder_cells": self._steps,
            "decoder_cells": self._decoder,
        }

    def everything(self, source: int, target: int) -> Named:
        """All tensors by our names."""
        yield from self._tables(source, target)
        config = self.config
        for name, direction in (("forward", ""), ("backward", "_r")):
            inputs = self._embedding
            for layer in range(len(config[name])):
                for step in range(self._steps):
                    theirs = f"encoder_bi{direction}" + (f"_l{layer + 1}" if layer else "")
                    theirs += f"_cell{step + 1}" if layer or step else ""
                    ours = f"encoder.{name}.{layer}.{step}"
                    yield from self._cell("encoder", theirs, ours, 0 if step else inputs)
                inputs = self._state
        for layer in range(config["upper"]):
            inputs = self._state if layer else 2 * self._state
            for step in range(self._steps):
                theirs = f"encoder_l{layer + 2}_cell{step + 1}"
                ours = f"encoder.upper.{layer}.{step}"
                yield from self._cell("encoder", theirs, ours, 0 if step else inputs)
        yield from self._of_decoder()

    def _of_decoder(self) -> Named:
        for step in range(self._decoder[0]):
            inputs = (self._embedding, self._context)[step] if step < 2 else 0
            theirs = f"decoder_cell{step + 1}"
            yield from self._cell("decoder", theirs, f"decoder.0.{step}", inputs)
        for layer, steps in enumerate(self._decoder[1:], 1):
            for step in range(steps):
                theirs = f"decoder_l{layer + 1}_cell{step + 1}"
                ours = f"decoder.{layer}.{step}"
                yield from self._cell("decoder", theirs, ours, 0 if step else self._state)
        yield from self._attention()
        yield from self._dense("decoder_ff_state", "", "start", self._context, self._state)
        for number, inputs in enumerate((self._embedding, self._state, self._context)):
            place = f"hidden.{number}"
            prefix = "decoder_ff_logit_l1"
            yield from self._dense(prefix, str(number), place, inputs, self._embedding)

    def _tables(self, source: int, target: int) -> Named:
        weights, width = self._weights, self._embedding
        if self._tied["-src"] or self._tied["-all"]:
            if source != target:
                raise InvalidModelError(
                    f"{self._settings.place} ties embeddings of {source} and {target} tokens"
                )
            yield "target", weights.take("Wemb", target, width)
        else:
            yield "target", weights.take("decoder_Wemb", target, width)
            yield "source", weights.take("encoder_Wemb", source, width)
        output = "decoder_ff_logit_l2"
        if not (self._tied[""] or self._tied["-all"]):
            if f"{output}_Wt" in weights:
                yield "output", weights.take(f"{output}_Wt", target, width)
            else:
                yield "output", weights.take(f"{output}_W", width, target).turned()
        yield "output.bias", self._flat(f"{output}_b", target)

    def _cell(self, side: str, theirs: str, ours: str, inputs: int) -> Named:
        width, kind = self._state, self._cells[side]
        rows = PARTS[kind] * width
        for matrix, name, columns in (("W", "input", inputs), ("U", "state", width)):
            if not columns:
                continue
            yield f"{ours}.{name}", self._matrix(kind, f"{theirs}_{matrix}", columns)
            if not self._norm:
                continue
            if kind == NEMATUS_CELL:
                for part, end in (("scale", "lns"), ("shift", "lnb")):
                    yield f"{ours}.{name}.{part}", self._vector(kind, f"{theirs}_{matrix}", end)
            else:
                gamma = f"{theirs}_gamma{1 if name == 'input' else 2}"
                yield f"{ours}.{name}.scale", self._flat(gamma, rows)
        yield f"{ours}.bias", self._vector(kind, f"{theirs}_b")

    def _matrix(self, kind: str, name: str, inputs: int) -> Tensor:
        """A matrix of all parts of a cell, with one row an output."""
        if kind == "lstm":
            return self._weights.take(name, inputs, 4 * self._state).turned()
        gates = self._weights.take(name, inputs, 2 * self._state)
        candidate = self._weights.take(f"{name}x", inputs, self._state)
        return stack([gates.turned(), candidate.turned()])

    def _vector(self, kind: str, name: str, ending: str = "") -> Tensor:
        """A number for each row of such a matrix."""
        ending = f"_{ending}" if ending else ""
        if kind == "lstm":
            return self._flat(f"{name}{ending}", 4 * self._state)
        gates = self._flat(f"{name}{ending}", 2 * self._state)
        return stack([gates, self._flat(f"{name}x{ending}", self._state)])

    def _attention(self) -> Named:
        width = self._context
        names = {"query": ("W_comb_att", self._state), "key": ("Wc_att", width)}
        for number, (ours, (theirs, inputs)) in enumerate(reversed(names.items()), 1):
            matrix = self._weights.take(f"decoder_{theirs}", inputs, width)
            yield f"attention.{ours}", matrix.turned()
            if self._norm == "nematus":
                for part, end in (("scale", "lns"), ("shift", "lnb")):
                    name = f"decoder_{theirs}_{end}"
                    yield f"attention.{ours}.{part}", self._flat(name, width)
            elif self._norm:
                gamma = f"decoder_att_gamma{number}"
                yield f"attention.{ours}.scale", self._flat(gamma, width)
        yield "attention.bias", self._flat("decoder_b_att", width)
        yield "attention.score", self._weights.take("decoder_U_att", width, 1).reshaped(width)

    def _dense(self, theirs: str, number: str, ours: str, inputs: int, outputs: int) -> Named:
        yield ours, self._weights.take(f"{theirs}_W{number}", inputs, outputs).turned()
        yield f"{ours}.bias", self._flat(f"{theirs}_b{number}", outputs)
        if self._norm == "nematus":
            for part, end in (("scale", "ln_s"), ("shift", "ln_b")):
                yield f"{ours}.{part}", self._flat(f"{theirs}_{end}{number}", outputs)
        elif self._norm:
            yield f"{ours}.scale", self._flat(f"{theirs}_gamma{number}", outputs)

    def _flat(self, name: str, size: int) -> Tensor:
        """A vector; Nematus writes it without the dimension that Marian puts before it."""
        flat = name in self._weights and self._weights.shape(name) == (size,)
        return self._weights.take(name, *((size,) if flat else (1, size))).reshaped(size)

    @property
    def _context(self) -> int:
        """Numbers that the encoder gives out at each position."""
        upper = self._type == "bi-unidirectional" and self._depth > 1
        return self._state if upper else 2 * self._state

    def _size(self, name: str, default: int = 1) -> int:
        return self._settings.size(name, MAX_DEPTH, default)

    def _refuse_unread(self) -> None:
        """Refuse what Marian itself can train and cannot read."""
        place = self._settings.place
        upper = self._type == "bi-unidirectional" and self._depth > 1
        if self._cells["encoder"] == NEMATUS_CELL and upper and self._steps > 1:
            raise InvalidModelError(f"{place} sets enc-cell-depth to {self._steps} above layer 1")
        if self._cells["decoder"] == NEMATUS_CELL and max(self._decoder[1:], default=1) > 1:
            raise InvalidModelError(
                f"{place} sets dec-cell-high-depth to {self._decoder[1]}, "
                f"which cells of the kind {NEMATUS_CELL} do not have"
            )
