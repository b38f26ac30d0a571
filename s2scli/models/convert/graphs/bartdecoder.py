"""TrOCR (Li et al. 2021, https://arxiv.org/abs/2109.10282), mBART, BART, LED, Pegasus-X and
BigBird-Pegasus as the decoder of a graph: they name their layers alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.graphs.decoder import DecoderLayers, SourceLayers
from s2scli.models.convert.graphs.layers import Heads, LinearLayer, NormLayer
from s2scli.models.convert.graphs.vit import heads_of, linear_of
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.tensor import Array, Tensor
from s2scli.models.convert.typedefaults import DECODER_SIZES, TYPE_DEFAULTS

__all__ = ["BartDecoder"]

EPSILON = 1e-5
OFFSET = 2  # rows of the table of positions that no token has, but in these families
WITHOUT_OFFSET = ("led", "bigbird_pegasus")
# Those that normalize what goes into the parts of a layer, not what comes out → the name of the
# normalization after the last layer.
PRE_NORM = {
    "mbart": "layer_norm",
    "pegasus_x": "layer_norm",
    "bigbird_pegasus": "layernorm_embedding",
}
WITHOUT_EMBEDDING_NORM = ("pegasus_x", "bigbird_pegasus")
UNSCALED = ("led",)  # whatever config.json says
# ``model_type`` → the name of the output's table.
OUTPUTS = {"trocr": "output_projection.weight", "mbart": "lm_head.weight", "bart": "lm_head.weight"}


@dataclass(frozen=True)
class BartDecoder:
    """A ``TextDecoder``; ``transformers`` (``modeling_trocr.py`` …, 4.57) is the reference.

    Attributes:
        settings: the part's, with its class's defaults.
    """

    settings: ConfigObject

    @classmethod
    def of(cls, settings: ConfigObject) -> BartDecoder:
        """Of a part of ``config.json``."""
        usual = TYPE_DEFAULTS[str(settings.content["model_type"])]
        return cls(settings.with_defaults({**DECODER_SIZES, **usual}))

    @cached_property
    def width(self) -> int:
        """Numbers per token."""
        return self.settings.size("d_model")

    @cached_property
    def tokens(self) -> int:
        """Rows of the embeddings."""
        return self.settings.size("vocab_size")

    @cached_property
    def positions(self) -> int:
        """The longest text in tokens."""
        long = "max_decoder_position_embeddings"
        return self.settings.size(long if self._kind == "led" else "max_position_embeddings")

    @property
    def root(self) -> str:
        """What the names of its tensors begin with, but for that of its output."""
        return "model.decoder."

    @cached_property
    def heads(self) -> Heads:
        """Of its attentions."""
        return heads_of(self.settings, self.width, "decoder_attention_heads")

    @property
    def query_scale(self) -> float | None:
        """What queries are multiplied by; see ``DecoderLayers``."""
        return None

    @property
    def _kind(self) -> str:
        return str(self.settings.content["model_type"])

    @cached_property
    def _biased(self) -> bool:
        """Whether the layers of attention have a bias."""
        if self._kind == "bigbird_pegasus":
            return self.settings.flag("use_bias", default=False)
        return self._kind != "pegasus_x"

    @cached_property
    def _norms_embeddings(self) -> bool:
        if self._kind == "trocr":
            return self.settings.flag("layernorm_embedding", default=True)
        return self._kind not in WITHOUT_EMBEDDING_NORM

    def write(
        self, layers: DecoderLayers, names: PartTensors, head: PartTensors, source: SourceLayers
    ) -> None:
        """Add it to a graph; see ``TextDecoder``."""
        size = (self.tokens, self.width)
        words = names.take("embed_tokens.weight", *size)
        tied = self.settings.flag("tie_word_embeddings", default=True)
        output = head.output(OUTPUTS[self._kind], words, size, tied=tied)
        self.write_with(layers, names, source, words, output)

    def write_with(
        self,
        layers: DecoderLayers,
        names: PartTensors,
        source: SourceLayers,
        words: Tensor,
        output: Tensor,
        bias: Tensor | None = None,
    ) -> None:
        """Add it to a graph, with tables that were taken from elsewhere.

        Args:
            layers: as for ``write``.
            names: as for ``write``.
            source: as for ``write``.
            words: the table of embeddings.
            output: that of the output.
            bias: what is added to the logits.
        """
        g, width = layers.graph, self.width
        x = layers.embed(words, layers.ids)
        if self.settings.flag("scale_embedding", default=False) and self._kind not in UNSCALED:
            x = g.op("Mul", x, g.number(math.sqrt(width)))
        x = layers.add(x, self._place(layers, names))
        if self._norms_embeddings:
            x = layers.norm(x, self._norm(names, "layernorm_embedding"))
        for number in range(self.settings.size("decoder_layers", MAX_LAYERS)):
            x = self._layer(layers, x, names.within(f"layers.{number}."), source)
        if self._kind in PRE_NORM:
            x = layers.norm(x, self._norm(names, PRE_NORM[self._kind]))
        layers.finish(x, output, bias)

    def _place(self, layers: DecoderLayers, names: PartTensors) -> str:
        rows, width = self.positions, self.width
        if self._kind == "pegasus_x":
            g = layers.graph
            return layers.waves(g.op("Reshape", layers.position, g.sizes(1, 1)), width)
        learned = self.settings.flag("use_learned_position_embeddings", default=True)
        if learned or self._kind != "trocr":
            unused = 0 if self._kind in WITHOUT_OFFSET else OFFSET
            table = names.take("embed_positions.weight", rows + unused, width)
            return layers.place(table.rows(unused, rows + unused))
        pad = self.settings.content["pad_token_id"]
        if type(pad) is not int or not 0 <= pad < self.tokens:
            raise InvalidModelError(f"{self.settings.place} gives pad_token_id as {pad!r}")
        rows += pad + 1
        sinusoids = Tensor("F32", (rows, width), lambda: _sinusoids(rows, width, pad))
        return layers.place(sinusoids, behind=pad)

    def _layer(
        self, layers: DecoderLayers, x: str, names: PartTensors, source: SourceLayers
    ) -> str:
        width, inner = self.width, self.settings.size("decoder_ffn_dim")
        own, cross = names.within("self_attn."), names.within("encoder_attn.")
        biased = self._biased
        query, key, value, output = (
            linear_of(own, f"{name}_proj", width, width, biased=biased)
            for name in ("q", "k", "v", "out")
        )
        y = layers.attend_back(self._before(layers, x, names, "self_attn"), query, key, value)
        x = self._after(layers, x, layers.linear(y, output), names, "self_attn")
        inputs = source.inputs(width)
        looks = (linear_of(cross, f"{name}_proj", width, inputs, biased=biased) for name in "kv")
        source.look(*looks)
        query, output = (
            linear_of(cross, f"{name}_proj", width, width, biased=biased) for name in ("q", "out")
        )
        y = layers.attend_source(self._before(layers, x, names, "encoder_attn"), query)
        x = self._after(layers, x, layers.linear(y, output), names, "encoder_attn")
        first, second = names.linear("fc1", inner, width), names.linear("fc2", width, inner)
        activation = str(self.settings.content["activation_function"])
        y = self._before(layers, x, names, "final")
        y = layers.forward(y, LinearLayer(*first), activation, LinearLayer(*second))
        return self._after(layers, x, y, names, "final")

    def _before(self, layers: DecoderLayers, x: str, names: PartTensors, part: str) -> str:
        """What goes into a part of a layer, which some normalize."""
        if self._kind not in PRE_NORM:
            return x
        return layers.norm(x, self._norm(names, f"{part}_layer_norm"))

    def _after(self, layers: DecoderLayers, x: str, y: str, names: PartTensors, part: str) -> str:
        """What comes out of it with the residual connection, which the others normalize."""
        x = layers.add(x, y)
        if self._kind in PRE_NORM:
            return x
        return layers.norm(x, self._norm(names, f"{part}_layer_norm"))

    def _norm(self, names: PartTensors, name: str) -> NormLayer:
        return NormLayer(*names.norm(name, self.width), EPSILON)


def _sinusoids(rows: int, width: int, pad: int) -> Array:
    """Sines, then cosines (fairseq's order), as the reference computes them in float32."""
    half = width // 2
    rate = np.float32(math.log(10000) / (half - 1))
    angles = np.exp(np.arange(half, dtype=np.float32) * -rate)
    table = np.arange(rows, dtype=np.float32)[:, None] * angles[None]
    found = np.zeros((rows, width), np.float32)
    found[:, :half], found[:, half : 2 * half] = np.sin(table), np.cos(table)
    found[pad] = 0
    return found
