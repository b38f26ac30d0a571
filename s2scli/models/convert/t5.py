"""T5 (Raffel et al. 2019, https://arxiv.org/abs/1910.10683), v1.1, Flan-T5, mT5, UMT5, MADLAD-400.

UMT5 has a relative bias in each layer, the others one for all layers of a side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.added import TOKENIZER_JSON, listed_tokens, named_tokens
from s2scli.models.convert.artifact import CTranslate2Artifact
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.configobject import MAX_LAYERS
from s2scli.models.convert.defaults import TokenRoles, decoding_defaults
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.graphs.relativebias import step_sizes
from s2scli.models.convert.specs import transformer_spec
from s2scli.models.convert.tables import embedding_tables, is_tied
from s2scli.models.convert.tensor import stack
from s2scli.models.convert.transformer import ACTIVATIONS
from s2scli.models.convert.vocabulary import (
    Vocabulary,
    assemble,
    open_pieces,
    reads_json,
    sentencepiece_pieces,
    tokenizer_json,
)
from s2scli.models.convert.weights import Weights
from s2scli.models.manifest import JSON_KIND, SENTENCEPIECE_KIND, AddedToken

__all__ = ["UNUSED", "convert", "forward_kind", "t5_texts", "texts"]

EOS, PAD, UNK = "</s>", "<pad>", "<unk>"
PIECES = "spiece.model"
EXTRA_IDS = 100
# What config.json means if it says nothing of it.
DEFAULT_PROJECTIONS = {
    "t5": "relu",
    "mt5": "gated-gelu",
    "umt5": "gated-gelu",
    "longt5": "relu",
}
POSITIONS = {"relative_attention_num_buckets": 32, "relative_attention_max_distance": 128}
# What stands for a gap in pre-training; transformers leaves it out of texts.
SENTINEL = re.compile(r"<extra_id_(0|[1-9][0-9]*)>")
# MADLAD-400 asks for a language by a piece before the text.
CODE = re.compile(r"<2([a-z]{2,3}(?:_[A-Za-z]+)?)>")
ADDED_CODE = re.compile(r"<2([^<>\s]+)>")
MIN_LANGUAGES = 2
DEFAULT_LIMIT = 512  # what T5 was trained on; its positions are relative and have no end
MAX_TARGET_TOKENS = 4096
# Early checkpoints hold a bias that nothing uses.
UNUSED = ("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight",)


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint; ``transformers`` (``modeling_t5.py`` and its kin) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    read, weights = texts(checkpoint), checkpoint.weights()
    tokens = list(read.target)
    spec = _Builder(checkpoint, weights).build(len(tokens))
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = PAD, EOS, UNK
    spec.config.decoder_start_token = read.start
    return read.conversion(CTranslate2Artifact(spec), weights)


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    limit = checkpoint.config.get("n_positions")
    return t5_texts(checkpoint, limit if type(limit) is int else DEFAULT_LIMIT)


def t5_texts(checkpoint: Checkpoint, limit: int) -> ModelTexts:
    """What a model with such a tokenizer reads and writes.

    Args:
        checkpoint: the checkpoint.
        limit: the longest source in tokens.
    """
    checkpoint.expect_tokenizer("T5Tokenizer", "MT5Tokenizer", "PreTrainedTokenizer")
    vocabulary = _vocabulary(checkpoint)
    tokens = vocabulary.tokens
    start = checkpoint.token(tokens, START, PAD)
    first = checkpoint.first_token(tokens)
    codes = _languages(vocabulary)
    news = [token for token in vocabulary.rows.added if token.content in codes.values()]
    own = [token for token in codes.values() if token not in {new.content for new in news}]
    defaults = decoding_defaults(checkpoint, TokenRoles(tokens, start, *first))
    jobs = sorted({job.partition(" ")[0] for job in defaults.prompts})
    recipe = vocabulary.recipe(
        prefix=_prefix(checkpoint, own[0]) if own else ("{to}",) * bool(codes),
        suffix=(EOS,),
        target_prefix=first,
        lead=" " if codes and vocabulary.kind == JSON_KIND else "",
        special=(EOS, PAD, UNK, *_own_sentinels(checkpoint, tokens)),
        target_tokens=codes,
    )
    added = {token.content: token for token in (*recipe.added, *news)}
    return ModelTexts(
        source=tokens,
        target=tokens,
        start=start,
        unknown=UNK,
        tokenizer=recipe._replace(added=tuple(added.values())),
        files={vocabulary.file: vocabulary.content},
        tasks=("translate",) if codes else (*jobs, "generate"),
        target_languages=tuple(codes),
        max_source_tokens=checkpoint.source_limit(limit, "n_positions"),
        max_target_tokens=MAX_TARGET_TOKENS,
        defaults=defaults,
        rowless=vocabulary.rows.rowless,
    )


def _languages(vocabulary: Vocabulary) -> dict[str, str]:
    """By code, the tokens that ask for a language; none if these are hardly any."""
    codes = {match[1]: match[0] for match in map(CODE.fullmatch, vocabulary.tokens) if match}
    if len(codes) < MIN_LANGUAGES:
        return {}
    added = (ADDED_CODE.fullmatch(token.content) for token in vocabulary.rows.added)
    return codes | {match[1]: match[0] for match in added if match}


def _prefix(checkpoint: Checkpoint, code: str) -> tuple[str, ...]:
    """The tokens of a language's code before a text, as the tokenizer makes them."""
    if not reads_json(checkpoint, PIECES):
        tokens = open_pieces(checkpoint, PIECES).encode(f"{code} ", out_type=str)
    else:
        tokens = _first_tokens(checkpoint, code)
    return tuple("{to}" if token == code else token for token in tokens)


def _first_tokens(checkpoint: Checkpoint, code: str) -> list[str]:
    """The tokens that ``tokenizer.json``, as it is, has for a code before a text."""
    from tokenizers import Tokenizer

    path = checkpoint.existing(TOKENIZER_JSON)
    try:
        tokenizer = Tokenizer.from_buffer(path.read_bytes())
        tokens = tokenizer.encode(f"{code} a", add_special_tokens=False).tokens
    except Exception as error:  # the library raises plain exceptions
        raise InvalidModelError(f"{path} is not a tokenizer: {error}") from error
    return tokens[: tokens.index(code) + 1] if code in tokens else [code]


def _vocabulary(checkpoint: Checkpoint) -> Vocabulary:
    size = checkpoint.vocabulary_size
    if reads_json(checkpoint, PIECES):
        return tokenizer_json(checkpoint, size)
    pieces = sentencepiece_pieces(checkpoint, PIECES)
    listed = (token.content for token in listed_tokens(checkpoint).values())
    implicit: dict[int, AddedToken] = {}
    count = checkpoint.tokenizer_count("extra_ids", EXTRA_IDS)
    if not any(token.startswith("<extra_id_") for token in (*listed, *pieces)):
        room = min(count, size - len(pieces))
        implicit = {len(pieces) + room - 1 - n: _sentinel(n) for n in range(room)}
    return Vocabulary(
        assemble(checkpoint, pieces, size, implicit),
        SENTENCEPIECE_KIND,
        PIECES,
        checkpoint.existing(PIECES).read_bytes(),
        prepend_scheme="first" if checkpoint.tokenizer_config.get("legacy") is False else "always",
    )


def _own_sentinels(checkpoint: Checkpoint, tokens: Iterable[str]) -> Iterable[str]:
    """The sentinels that the tokenizer takes as special though no file names one so.

    What is added under such a name beyond these is text, as any added token is.
    """
    names = (token.content for token in named_tokens(checkpoint))
    if checkpoint.tokenizer_class == "PreTrainedTokenizer" or any("<extra_id_" in n for n in names):
        return ()
    count = checkpoint.tokenizer_count("extra_ids", EXTRA_IDS)
    found = filter(None, map(SENTINEL.fullmatch, tokens))
    return [match[0] for match in found if int(match[1]) < count]


def _sentinel(number: int) -> AddedToken:
    name = f"<extra_id_{number}>"
    return AddedToken(name, special=True, lstrip=True, rstrip=True, normalized=False)


class _Builder:
    """Takes the tensors of a T5 and puts them where the engine expects them."""

    def __init__(self, checkpoint: Checkpoint, weights: Weights) -> None:
        self.checkpoint = checkpoint
        self.config = config = checkpoint.config
        self.family = str(config["model_type"])
        self.weights = weights
        self.layers = checkpoint.size("num_layers", MAX_LAYERS)
        self.decoder_layers = self.layers
        if config.get("num_decoder_layers") is not None:
            self.decoder_layers = checkpoint.size("num_decoder_layers", MAX_LAYERS)
        self.width = checkpoint.size("d_model")
        self.inner = checkpoint.size("d_ff")
        self.heads = checkpoint.size("num_heads")
        self.attention = self.heads * checkpoint.size("d_kv")
        settings = checkpoint.settings.with_defaults(POSITIONS)
        for both in (True, False):
            self.buckets, self.distance = step_sizes(settings, both=both)
        self.bias_in_each_layer = self.family == "umt5"
        self.gated, self.activation = forward_kind(checkpoint)

    def build(self, tokens: int) -> transformer_spec.TransformerSpec:
        """A whole specification but for its vocabulary."""
        spec = transformer_spec.TransformerSpec.from_config(
            (self.layers, self.decoder_layers),
            self.heads,
            pre_norm=True,
            activation=ACTIVATIONS[self.activation],
            ffn_glu=self.gated,
            relative_attention_bias=True,
            rms_norm=True,
        )
        for name in ("encoder", "decoder"):
            self._side(getattr(spec, name), name)
        spec.config.layer_norm_epsilon = self.checkpoint.number("layer_norm_epsilon", 1e-6)
        self.weights.pass_over(UNUSED)
        tied, scaled = self._tied()
        size = (tokens, tokens, self.width)
        tables = embedding_tables(self.checkpoint, self.weights, size, root="", tied=tied)
        spec.encoder.embeddings[0].weight = tables.encoder
        spec.decoder.embeddings.weight = tables.decoder
        spec.decoder.projection.weight = tables.projection
        if scaled:
            spec.decoder.scale_outputs = self.width**-0.5
        return spec

    def _tied(self) -> tuple[bool, bool]:
        """Whether the output shares the embeddings' table, and whether outputs are scaled.

        T5 v1.0 and UMT5 do both, T5 v1.1 and mT5 neither, which ``tie_word_embeddings`` tells. To
        transformers 5 all are tied unless they store a table of their own; what scales is said
        elsewhere.
        """
        family = self.family
        tied = is_tied(self.checkpoint, default=family != "mt5")
        if not self.checkpoint.since_version_5:
            return tied, tied
        scaled = {"mt5": False, "umt5": True}.get(family, tied)
        if family == "t5":
            scaled = self.checkpoint.flag("scale_decoder_outputs", default=tied)
        return True, scaled

    def _side(self, spec: Any, side: str) -> None:
        spec.scale_embeddings = False
        self._norm(spec.layer_norm, f"{side}.final_layer_norm")
        for index, layer in enumerate(spec.layer):
            prefix = f"{side}.block.{index}.layer"
            self._attention(layer.self_attention, f"{prefix}.0.SelfAttention", "qkv")
            self._norm(layer.self_attention.layer_norm, f"{prefix}.0.layer_norm")
            if index == 0 or self.bias_in_each_layer:
                self._bias(layer.self_attention, f"{prefix}.0.SelfAttention")
            else:
                first = spec.layer[0].self_attention
                for name in ("relative_attention_bias", "relative_attention_max_distance"):
                    setattr(layer.self_attention, name, getattr(first, name))
            if side == "decoder":
                self._attention(layer.attention, f"{prefix}.1.EncDecAttention", "q", "kv")
                self._norm(layer.attention.layer_norm, f"{prefix}.1.layer_norm")
            last = 2 if side == "decoder" else 1
            self._feed_forward(layer.ffn, f"{prefix}.{last}")

    def _attention(self, spec: Any, prefix: str, *fused: str) -> None:
        spec.queries_scale = 1.0
        for linear, names in zip(spec.linear, fused, strict=False):
            parts = [
                self.weights.take(f"{prefix}.{name}.weight", self.attention, self.width)
                for name in names
            ]
            linear.weight = stack(parts)
        spec.linear[-1].weight = self.weights.take(f"{prefix}.o.weight", self.width, self.attention)

    def _bias(self, spec: Any, prefix: str) -> None:
        name = f"{prefix}.relative_attention_bias.weight"
        spec.relative_attention_bias = self.weights.take(name, self.buckets, self.heads)
        spec.relative_attention_max_distance = np.int32(self.distance)

    def _feed_forward(self, spec: Any, prefix: str) -> None:
        inner = f"{prefix}.DenseReluDense"
        into = {"linear_0": "wi_0", "linear_0_noact": "wi_1"} if self.gated else {"linear_0": "wi"}
        for ours, theirs in into.items():
            weight = self.weights.take(f"{inner}.{theirs}.weight", self.inner, self.width)
            getattr(spec, ours).weight = weight
        spec.linear_1.weight = self.weights.take(f"{inner}.wo.weight", self.width, self.inner)
        self._norm(spec.layer_norm, f"{prefix}.layer_norm")

    def _norm(self, spec: Any, name: str) -> None:
        spec.gamma = self.weights.take(f"{name}.weight", self.width)


def forward_kind(checkpoint: Checkpoint) -> tuple[bool, str]:
    """Whether feed-forward layers are gated, and their function; two keys say it again and come
    first.

    Raises:
        InvalidModelError: there is no such function.
    """
    config = checkpoint.config
    kind = str(config.get("feed_forward_proj", DEFAULT_PROJECTIONS[str(config["model_type"])]))
    activation = "gelu_new" if kind == "gated-gelu" else kind.rpartition("-")[2]
    activation = str(config.get("dense_act_fn", activation))
    if kind.count("-") > kind.startswith("gated-") or activation not in ACTIVATIONS:
        raise InvalidModelError(
            f"config.json asks for feed_forward_proj {kind!r} with {activation!r}, "
            "which the engine lacks"
        )
    return checkpoint.flag("is_gated_act", default=kind.startswith("gated-")), activation
