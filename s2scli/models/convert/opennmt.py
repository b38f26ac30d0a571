"""OpenNMT-py's recurrent models (https://opennmt.net/OpenNMT-py), as arrays.

The arrays' names are those that ``s2scli.inference.steppers.opennmtreading`` reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.arraysartifact import ArraysArtifact
from s2scli.models.convert.configobject import MAX_LAYERS, ConfigObject
from s2scli.models.convert.defaults import Defaults
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.opennmtfile import OpenNMTFile, read_opennmt_file
from s2scli.models.convert.opennmttexts import open_texts
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.weights import Weights
from s2scli.models.manifest import SearchRules

__all__ = ["OPENNMT", "STEPPER", "read_opennmt"]

OPENNMT = "opennmt-py"
STEPPER = "opennmt"
UNKNOWN, PADDING, END = "<unk>", "<blank>", "</s>"
LONGEST = 1000  # tokens: recurrence has no end; this is where ours has one
# Options that make another model of it, and the values with which they do not.
NEUTRAL: dict[str, tuple[Any, ...]] = {
    "model_task": ("seq2seq",),
    "model_type": ("text",),
    "encoder_type": ("rnn", "brnn"),
    "decoder_type": ("rnn",),
    "rnn_type": ("LSTM", "GRU"),
    "global_attention": ("general", "dot", "mlp"),
    "global_attention_function": ("softmax",),
    "generator_function": ("softmax",),
    "coverage_attn": (False,),
    "context_gate": (None,),
    "position_encoding": (False,),
    "lora_layers": ([],),
    "lora_embedding": (False,),
    "quant_layers": ([],),
}
EMBEDDINGS = "embeddings.make_embedding.emb_luts.0.weight"
# Parts of a cell's weights: ours → PyTorch's.
PARTS = {
    "input": "weight_ih",
    "hidden": "weight_hh",
    "input.bias": "bias_ih",
    "hidden.bias": "bias_hh",
}
GATES = {"LSTM": 4, "GRU": 3}
OLD_NAMES = {"enc_hid_size": "enc_rnn_size", "dec_hid_size": "dec_rnn_size"}


def read_opennmt(path: Path) -> Conversion:
    """Convert a checkpoint; OpenNMT-py 3.5.1 is the reference.

    Raises:
        InvalidModelError: it is damaged, or has a part that s2s does not run.
    """
    file = read_opennmt_file(path)
    settings = _settings(file)
    weights = Weights(file.tensors, tuple(dict.fromkeys((file.path, file.weights))))
    model = _Model(file, settings, weights)
    texts = open_texts(file, settings)
    return Conversion(
        artifact=ArraysArtifact(STEPPER, model.config(), dict(model.tensors())),
        weights=weights,
        tokenizer=texts.recipe,
        files=texts.files,
        tasks=("translate", "summarize"),
        source_languages=(),
        target_languages=(),
        max_source_tokens=LONGEST,
        max_target_tokens=LONGEST,
        # As its translator decodes unless it is told otherwise.
        defaults=Defaults({"beam_size": 5, "length_penalty": 1.0, "min_length": 0}),
        search=SearchRules(early_stopping="best", start_counts=True),
    )


def _settings(file: OpenNMTFile) -> ConfigObject:
    """The options, with the names that they have since version 3."""
    content = {name: value for name, value in file.options.items() if value is not None}
    for new, old in OLD_NAMES.items():
        if old in content:
            content.setdefault(new, content[old])
    settings = ConfigObject(content, f"The options in {file.path.name}")
    for name, neutral in NEUTRAL.items():
        value = content.get(name, neutral[0])
        if value not in neutral:
            raise InvalidModelError(
                f"{settings.place} set {name} to {value!r}, which s2s does not run",
                "Of OpenNMT-py, recurrent models (rnn and brnn, LSTM and GRU) run.",
            )
    return settings


class _Model:
    """The sizes of a model, and its arrays."""

    def __init__(self, file: OpenNMTFile, settings: ConfigObject, weights: Weights) -> None:
        self._file, self._settings, self._weights = file, settings, weights
        self._hidden = settings.size("dec_hid_size")
        self._layers = settings.size("dec_layers", MAX_LAYERS)
        self._directions = 2 if settings.content.get("encoder_type") == "brnn" else 1
        self._cell = str(settings.content.get("rnn_type", "LSTM"))
        self._attention = str(settings.content.get("global_attention", "general"))
        self._feeds = bool(settings.content.get("input_feed", True))
        self._bridges = settings.flag("bridge", default=False)
        self._copy = self._copying()
        self._source_width, self._target_width = (
            settings.size(name, default=settings.content.get("word_vec_size"))
            for name in ("src_word_vec_size", "tgt_word_vec_size")
        )
        for mine, name in ((self._hidden, "enc_hid_size"), (self._layers, "enc_layers")):
            if settings.size(name) != mine:
                raise InvalidModelError(
                    f"{settings.place} give the encoder another size than the decoder ({name})"
                )
        for token in (UNKNOWN, PADDING, END, file.start):
            if token not in file.target:
                raise InvalidModelError(f"{file.path} has no token {token} on the target side")
        if UNKNOWN not in file.source:
            raise InvalidModelError(f"{file.path} has no token {UNKNOWN} on the source side")
        if self._copy and file.target.index(UNKNOWN) != 0:
            raise InvalidModelError(f"{file.path} copies, but {UNKNOWN} is not its first token")

    def _copying(self) -> str:
        """Which attention copies: that of the decoder (``reuse``), or its ``own``; or none."""
        content = self._settings.content
        if not content.get("copy_attn"):
            return ""
        if not self._feeds:
            raise InvalidModelError(f"{self._settings.place} set copy_attn without input_feed")
        return "reuse" if content.get("reuse_copy_attn") else "own"

    @property
    def _copy_kind(self) -> str:
        """How the attention that copies compares."""
        kind = self._settings.content.get("copy_attn_type") or self._attention
        if kind not in NEUTRAL["global_attention"]:
            raise InvalidModelError(f"{self._settings.place} set copy_attn_type to {kind!r}")
        return str(kind)

    def config(self) -> dict[str, Any]:
        """What the stepper must know."""
        return {
            "source": self._file.source,
            "target": self._file.target,
            "unknown": UNKNOWN,
            "padding": PADDING,
            "start": self._file.start,
            "cell": self._cell,
            "layers": self._layers,
            "directions": self._directions,
            "hidden": self._hidden,
            "source_width": self._source_width,
            "target_width": self._target_width,
            "attention": self._attention,
            "input_feed": self._feeds,
            "bridge": self._bridges,
            "copy": self._copy,
            "copy_attention": self._copy_kind if self._copy == "own" else "",
        }

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        """The arrays by our names."""
        take = self._weights.take
        source, target = len(self._file.source), len(self._file.target)
        yield "source", take(f"encoder.{EMBEDDINGS}", source, self._source_width)
        yield "target", take(f"decoder.{EMBEDDINGS}", target, self._target_width)
        yield from self._encoder()
        yield from self._decoder()
        yield from self._attending("attention", "decoder.attn", self._attention)
        width = 2 * self._hidden
        yield "attention.out", take("decoder.attn.linear_out.weight", self._hidden, width)
        if self._attention == "mlp":
            yield "attention.out.bias", take("decoder.attn.linear_out.bias", self._hidden)
        output = "generator.linear" if self._copy else "generator"
        yield from self._linear("output", output, target, self._hidden)
        if self._copy:
            yield from self._linear("gate", "generator.linear_copy", 1, self._hidden)
        if self._copy == "own":
            yield from self._attending("copy", "decoder.copy_attn", self._copy_kind)
            # What it makes of the context is not used.
            self._weights.pass_over(
                f"decoder.copy_attn.linear_out.{part}" for part in ("weight", "bias")
            )

    def _encoder(self) -> Iterator[tuple[str, Tensor]]:
        size, width = self._hidden // self._directions, self._source_width
        for layer in range(self._layers):
            for direction in range(self._directions):
                ending = f"_l{layer}" + "_reverse" * direction
                name = f"encoder.{layer}.{direction}"
                yield from self._cell_of(name, "encoder.rnn.", ending, (width, size))
            width = self._hidden
        total = size * self._layers
        for part in range(2 if self._cell == "LSTM" else 1) if self._bridges else ():
            yield from self._linear(f"bridge.{part}", f"encoder.bridge.{part}", total, total)

    def _decoder(self) -> Iterator[tuple[str, Tensor]]:
        width = self._target_width + (self._hidden if self._feeds else 0)
        for layer in range(self._layers):
            place = f"decoder.rnn.layers.{layer}." if self._feeds else "decoder.rnn."
            ending = "" if self._feeds else f"_l{layer}"
            yield from self._cell_of(f"decoder.{layer}", place, ending, (width, self._hidden))
            width = self._hidden

    def _cell_of(
        self, name: str, place: str, ending: str, sizes: tuple[int, int]
    ) -> Iterator[tuple[str, Tensor]]:
        width, size = sizes
        shapes = {"input": (width,), "hidden": (size,)}
        for ours, theirs in PARTS.items():
            shape = (GATES[self._cell] * size, *shapes.get(ours, ()))
            yield f"{name}.{ours}", self._weights.take(f"{place}{theirs}{ending}", *shape)

    def _attending(self, name: str, place: str, kind: str) -> Iterator[tuple[str, Tensor]]:
        take, size = self._weights.take, self._hidden
        if kind == "general":
            yield f"{name}.in", take(f"{place}.linear_in.weight", size, size)
        elif kind == "mlp":
            yield from self._linear(f"{name}.query", f"{place}.linear_query", size, size)
            yield f"{name}.source", take(f"{place}.linear_context.weight", size, size)
            yield f"{name}.vector", take(f"{place}.v.weight", 1, size)

    def _linear(
        self, name: str, place: str, rows: int, columns: int
    ) -> Iterator[tuple[str, Tensor]]:
        yield name, self._weights.take(f"{place}.weight", rows, columns)
        yield f"{name}.bias", self._weights.take(f"{place}.bias", rows)
