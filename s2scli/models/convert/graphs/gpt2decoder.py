"""GPT-2 as the decoder of a graph."""

from __future__ import annotations

from functools import cached_property

from s2scli.models.convert.gpt2 import BUFFERS, Gpt2
from s2scli.models.convert.graphs.decoder import DecoderLayers, SourceLayers
from s2scli.models.convert.graphs.layers import Heads, LinearLayer, NormLayer
from s2scli.models.convert.graphs.vit import heads_of
from s2scli.models.convert.parts import PartTensors

__all__ = ["Gpt2Decoder"]


class Gpt2Decoder(Gpt2):
    """A ``TextDecoder``; ``transformers`` (``GPT2LMHeadModel``, 4.57) is the reference."""

    @cached_property
    def heads(self) -> Heads:
        """Of its attentions."""
        return heads_of(self.settings, self.width, "n_head")

    def write(
        self, layers: DecoderLayers, names: PartTensors, head: PartTensors, source: SourceLayers
    ) -> None:
        """Add it to a graph; see ``TextDecoder``."""
        size = (self.tokens, self.width)
        words = names.take("wte.weight", *size)
        places = names.take("wpe.weight", self.positions, self.width)
        x = layers.add(layers.embed(words, layers.ids), layers.place(places))
        for number in range(self.layers):
            x = self._write_layer(layers, x, names.within(f"h.{number}."), source)
        x = layers.norm(x, self._norm(names, "ln_f"))
        tied = self.settings.flag("tie_word_embeddings", default=True)
        layers.finish(x, head.output("lm_head.weight", words, size, tied=tied), None)

    def _write_layer(
        self, layers: DecoderLayers, x: str, names: PartTensors, source: SourceLayers
    ) -> str:
        width, cross = self.width, names.within("crossattention.")
        inner = self.inner
        names.pass_over(BUFFERS)
        y = layers.norm(x, self._norm(names, "ln_1"))
        y = layers.attend_back(y, *_parts(names, "attn.c_attn", 3, width, width))
        x = layers.add(x, layers.linear(y, *_parts(names, "attn.c_proj", 1, width, width)))
        source.look(*_parts(cross, "c_attn", 2, width, source.inputs(width)))
        y = layers.norm(x, self._norm(names, "ln_cross_attn"))
        y = layers.attend_source(y, *_parts(cross, "q_attn", 1, width, width))
        x = layers.add(x, layers.linear(y, *_parts(cross, "c_proj", 1, width, width)))
        y = layers.norm(x, self._norm(names, "ln_2"))
        (first,) = _parts(names, "mlp.c_fc", 1, inner, width)
        (second,) = _parts(names, "mlp.c_proj", 1, width, inner)
        activation = str(self.settings.content["activation_function"])
        return layers.add(x, layers.forward(y, first, activation, second))

    def _norm(self, names: PartTensors, name: str) -> NormLayer:
        return NormLayer(*names.norm(name, self.width), self.epsilon)


def _parts(names: PartTensors, name: str, parts: int, rows: int, columns: int) -> list[LinearLayer]:
    """LinearLayer layers that are stored by columns (``Conv1D``), several beside each other."""
    weight = names.take(f"{name}.weight", columns, parts * rows).turned()
    bias = names.take(f"{name}.bias", parts * rows)
    return [
        LinearLayer(weight.rows(n * rows, n * rows + rows), bias.rows(n * rows, n * rows + rows))
        for n in range(parts)
    ]
