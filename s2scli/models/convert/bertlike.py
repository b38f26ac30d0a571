"""BERT, RoBERTa and BertGeneration as the two sides of an encoder-decoder.

The engine's post-norm layers are BERT's. Two things are not: the embedding of token types, of which
there is one in use, is added to the positions'; and the dense layer, activation and normalization
before the output (``BertLMPredictionHead``) become one more decoder layer. Both its attentions
give zeros, and its feed-forward part cancels the residual connection, for all activations that the
engine has satisfy ``f(x) - f(-x) = x``: with W the dense layer and I the identity, the inner units
are ``f([W; I; -I] x)``, and ``[I, -I, I]`` of them is ``f(W x) - x``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.parts import (
    Pair,
    PartTensors,
    Projection,
    activation,
    folded,
    set_linear,
    set_norm,
)
from s2scli.models.convert.specs import transformer_spec
from s2scli.models.convert.tensor import Array, Tensor, stack

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["KINDS", "Bert"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One of BERT's kin.

    Attributes:
        root: what the names of a decoder's tensors begin with, after ``decoder.``.
        head: where the output's layers stand; empty if it is but a table.
        table: the output's table; its bias is ``bias``.
        bias: the output's bias.
        first: positions are counted from the number after ``pad_token_id``.
        types: whether token types are embedded.
    """

    root: str
    head: tuple[str, ...]
    table: str
    bias: str
    first: bool
    types: bool


# ``model_type`` of a part → what it is.
KINDS: dict[str, Kind] = {
    "bert": Kind(
        root="bert.",
        head=("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm"),
        table="cls.predictions.decoder",
        bias="cls.predictions.bias",
        first=False,
        types=True,
    ),
    "roberta": Kind(
        root="roberta.",
        head=("lm_head.dense", "lm_head.layer_norm"),
        table="lm_head.decoder",
        bias="lm_head.bias",
        first=True,
        types=True,
    ),
    "bert-generation": Kind(
        root="bert.",
        head=(),
        table="lm_head.decoder",
        bias="lm_head.bias",
        first=False,
        types=False,
    ),
}


@dataclass(frozen=True)
class Bert:
    """A part; ``transformers`` (``modeling_bert.py`` …, 4.57) is the reference.

    Attributes:
        settings: the part's, with its class's defaults.
        kind: which of BERT's kin it is.
    """

    settings: ConfigObject
    kind: Kind

    @classmethod
    def of(cls, settings: ConfigObject) -> Self:
        """Of a part of ``config.json``."""
        return cls(settings.with_type_defaults(), KINDS[str(settings.content["model_type"])])

    @cached_property
    def width(self) -> int:
        """Numbers per token."""
        return self.settings.size("hidden_size")

    @cached_property
    def layers(self) -> int:
        """How many there are."""
        return self.settings.size("num_hidden_layers", MAX_LAYERS)

    @cached_property
    def inner(self) -> int:
        """Inner units of the feed-forward layers."""
        return self.settings.size("intermediate_size")

    @cached_property
    def tokens(self) -> int:
        """Rows of the embeddings."""
        return self.settings.size("vocab_size")

    @cached_property
    def unused_positions(self) -> int:
        """Rows at the start of the table of positions that no token has."""
        if not self.kind.first:
            return 0
        pad = self.settings.content["pad_token_id"]
        if type(pad) is not int or not 0 <= pad < self._all_positions - 1:
            raise InvalidModelError(f"{self.settings.place} gives pad_token_id as {pad!r}")
        return pad + 1

    @cached_property
    def _all_positions(self) -> int:
        return self.settings.size("max_position_embeddings")

    @property
    def positions(self) -> int:
        """The longest text in tokens."""
        return self._all_positions - self.unused_positions

    @cached_property
    def epsilon(self) -> float:
        """What normalization adds to the variance."""
        return self.settings.number("layer_norm_eps", 1e-12)

    @property
    def root(self) -> str:
        """What the names of a decoder's tensors begin with, but for those of its output."""
        return self.kind.root

    def encoder(self, names: PartTensors) -> transformer_spec.TransformerEncoderSpec:
        """The specification as an encoder.

        Args:
            names: its tensors.

        Raises:
            InvalidModelError: a tensor is missing or misshapen.
        """
        spec = transformer_spec.TransformerEncoderSpec(self.layers, **self._options())
        spec.embeddings[0].weight = _embed(spec, names.within("embeddings."), self)
        for number, layer in enumerate(spec.layer):
            _layer(layer, names.within(f"encoder.layer.{number}."), self)
        # What BERT was trained with beside texts, and nothing here reads.
        names.pass_over(("pooler.dense.weight", "pooler.dense.bias"))
        return spec

    def decoder(
        self, names: PartTensors, head: PartTensors, source: int, projection: Projection
    ) -> transformer_spec.TransformerDecoderSpec:
        """The specification as a decoder.

        Args:
            names: the tensors of the part's layers.
            head: those of its output.
            source: numbers per token of the encoder.
            projection: the linear layer between the two, if their widths differ.

        Raises:
            InvalidModelError: a tensor is missing or misshapen.
        """
        kind, width = self.kind, self.width
        layers = self.layers + bool(kind.head)
        spec = transformer_spec.TransformerDecoderSpec(layers, **self._options())
        table = spec.embeddings.weight = _embed(spec, names.within("embeddings."), self)
        for number, layer in enumerate(spec.layer[: self.layers]):
            inside = names.within(f"encoder.layer.{number}.")
            _layer(layer, inside, self)
            _attend(layer.attention, inside.within("crossattention."), width, source, projection)
        if kind.head:
            self._check_head()
            _head(spec, head, self, source)
        tied = self.settings.flag("tie_word_embeddings", default=True)
        size = (self.tokens, width)
        spec.projection.weight = head.output(f"{kind.table}.weight", table, size, tied=tied)
        spec.projection.bias = head.take(kind.bias, self.tokens)
        head.pass_over_copy(f"{kind.table}.bias", spec.projection.bias)
        return spec

    def _check_head(self) -> None:
        """Make sure that the output's dense layer has the layers' activation function.

        BERT's has, RoBERTa's has GELU whatever they have, and the engine knows one for a side.
        """
        asked = str(self.settings.content["hidden_act"])
        if self.kind.first and asked != "gelu":
            raise InvalidModelError(
                f"{self.settings.place} gives hidden_act as {asked!r}, but RoBERTa's output has "
                "'gelu'; the engine has one for both"
            )

    def _options(self) -> dict[str, Any]:
        return {
            "num_heads": self.settings.heads("num_attention_heads", self.width),
            "pre_norm": False,
            "activation": activation(self.settings, "hidden_act", "gelu"),
            "layernorm_embedding": True,
        }


def _embed(spec: Any, names: PartTensors, part: Bert) -> Tensor:
    """Set positions and normalization; return the table of embeddings."""
    first, width = part.unused_positions, part.width
    places = names.take("position_embeddings.weight", part.positions + first, width)
    positions = places.rows(first, part.positions + first)
    if part.kind.types:
        kinds = names.take(
            "token_type_embeddings.weight", part.settings.size("type_vocab_size"), width
        )
        spec.position_encodings.encodings = _sum(positions, kinds)
    else:
        spec.position_encodings.encodings = positions
    spec.scale_embeddings = False
    set_norm(spec.layernorm_embedding, names.norm("LayerNorm", width))
    return names.take("word_embeddings.weight", part.tokens, width)


def _sum(positions: Tensor, kinds: Tensor) -> Tensor:
    def load() -> Array:
        numbers = positions.array().astype(np.float32) + kinds.array()[0].astype(np.float32)
        return np.asarray(numbers, np.float32)

    return Tensor("F32", positions.shape, load)


def _layer(spec: Any, names: PartTensors, part: Bert) -> None:
    """The self-attention and the feed-forward layer."""
    width, inner = part.width, part.inner
    attention = names.within("attention.")
    rows = [attention.linear(f"self.{name}", width, width) for name in ("query", "key", "value")]
    set_linear(spec.self_attention.linear[0], _stacked(rows))
    set_linear(spec.self_attention.linear[1], attention.linear("output.dense", width, width))
    set_norm(spec.self_attention.layer_norm, attention.norm("output.LayerNorm", width))
    set_linear(spec.ffn.linear_0, names.linear("intermediate.dense", inner, width))
    set_linear(spec.ffn.linear_1, names.linear("output.dense", width, inner))
    set_norm(spec.ffn.layer_norm, names.norm("output.LayerNorm", width))


def _attend(spec: Any, names: PartTensors, width: int, source: int, projection: Projection) -> None:
    """The attention to the source; the layer between the two sides becomes part of it."""
    inputs = width if projection else source
    set_linear(spec.linear[0], names.linear("self.query", width, width))
    rows = [names.linear(f"self.{name}", width, inputs) for name in ("key", "value")]
    set_linear(spec.linear[1], folded(_stacked(rows), projection))
    set_linear(spec.linear[2], names.linear("output.dense", width, width))
    set_norm(spec.layer_norm, names.norm("output.LayerNorm", width))


def _head(
    spec: transformer_spec.TransformerDecoderSpec, names: PartTensors, part: Bert, source: int
) -> None:
    """The output's dense layer as one more decoder layer; see above."""
    width, last, extra = part.width, spec.layer[-2], spec.layer[-1]
    dense, norm = part.kind.head
    weight, bias = (t.array().astype(np.float32) for t in names.linear(dense, width, width))
    one, none = np.ones(width, np.float32), np.zeros(width, np.float32)
    # What was normalized stays as it is when it is again; so the layer before gives its numbers
    # without scale, and the last attention's normalization puts scale and shift on them.
    own = last.ffn.layer_norm.gamma, last.ffn.layer_norm.beta
    set_norm(last.ffn.layer_norm, (one, none))
    set_norm(extra.self_attention.layer_norm, (one, none))
    set_norm(extra.attention.layer_norm, own)
    set_linear(extra.self_attention.linear[0], _zeros(3 * width, width))
    set_linear(extra.self_attention.linear[1], _zeros(width, width))
    set_linear(extra.attention.linear[0], _zeros(width, width))
    set_linear(extra.attention.linear[1], _zeros(2 * width, source))
    set_linear(extra.attention.linear[2], _zeros(width, width))
    identity = np.eye(width, dtype=np.float32)
    set_linear(
        extra.ffn.linear_0,
        (np.concatenate([weight, identity, -identity]), np.concatenate([bias, none, none])),
    )
    set_linear(extra.ffn.linear_1, (np.concatenate([identity, -identity, identity], 1), none))
    set_norm(extra.ffn.layer_norm, names.norm(norm, width))


def _zeros(rows: int, columns: int) -> Pair:
    return np.zeros((rows, columns), np.float32), np.zeros(rows, np.float32)


def _stacked(rows: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    return stack([weight for weight, _ in rows]), stack([bias for _, bias in rows])
