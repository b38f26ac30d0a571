"""Encoders that score texts: BERT, RoBERTa and XLM-RoBERTa, for BERTScore and for COMET.

BERTScore (Zhang et al. 2020, https://arxiv.org/abs/1904.09675) compares the vectors that one layer
gives to tokens; the layers above it are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from s2scli.data import SCORE
from s2scli.errors import InvalidModelError, UsageError
from s2scli.models.convert.artifact import Artifact
from s2scli.models.convert.bertlike import KINDS
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.graphs.bertencoder import BertEncoder, read_texts
from s2scli.models.convert.graphs.encoderartifact import EncoderArtifact
from s2scli.models.convert.graphs.graph import Graph
from s2scli.models.convert.graphs.layers import Layers
from s2scli.models.convert.keycheck import check_part
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.parttokenizers import PartTokenizer, open_texts
from s2scli.models.convert.weights import Weights

__all__ = ["BERTSCORE", "ENCODERS", "convert_encoder", "open_encoder", "score_conversion"]

BERTSCORE = "bertscore"
XLM_ROBERTA = "xlm-roberta"
# ``model_type`` of config.json → the settings that its class has otherwise than RoBERTa's.
ENCODERS: dict[str, dict[str, Any]] = {
    "bert": {},
    "roberta": {},
    XLM_ROBERTA: {"vocab_size": 30522},
}
# The layer that agreed best with people on WMT16, by kind and number of layers (``bert_score``
# 0.3.13, ``model2layers``).
BEST_LAYERS = {
    ("bert", 12): 9,
    ("bert", 24): 18,
    ("roberta", 12): 10,
    ("roberta", 24): 17,
    (XLM_ROBERTA, 12): 9,
    (XLM_ROBERTA, 24): 17,
}
# Those of other languages, by the size of their vocabulary: Chinese, Turkish.
BEST_OF_VOCABULARY = {21128: 8, 32000: 10}
# What checkpoints have beside their encoder, for the task that they were trained on.
HEADS = ("lm_head.", "cls.", "classifier.", "pooler.", "qa_outputs.", "score.")


def open_encoder(checkpoint: Checkpoint) -> tuple[BertEncoder, PartTokenizer]:
    """The encoder that ``config.json`` describes, and how it reads texts.

    Raises:
        InvalidModelError: it is none that can be converted, or a file is missing or damaged.
    """
    config = checkpoint.config
    kind = str(config.get("model_type"))
    if kind not in ENCODERS:
        raise InvalidModelError(
            f"{checkpoint.directory} is an encoder of the kind {kind!r}, which cannot be converted",
            f"Known kinds: {', '.join(ENCODERS)}.",
        )
    check_part(config, kind)
    known = kind if kind in KINDS else "roberta"
    settings = ConfigObject({**ENCODERS[kind], **config, "model_type": known}, "config.json")
    part = BertEncoder.of(settings)
    return part, open_texts(checkpoint, kind, part.tokens)


def score_conversion(
    texts: PartTokenizer,
    part: BertEncoder,
    weights: Weights,
    artifact: Callable[[Mapping[str, Any]], Artifact],
) -> Conversion:
    """The conversion of a model that scores.

    Args:
        texts: how it reads texts.
        part: its encoder.
        weights: its weights, all taken.
        artifact: makes the files, given what they must say of the vocabulary.
    """
    tokens = list(texts.vocabulary.tokens)
    recipe = texts.vocabulary.recipe(
        prefix=texts.prefix,
        suffix=texts.suffix,
        special=dict.fromkeys(texts.special),
        end=texts.suffix[-1],
    )
    return Conversion(
        artifact=artifact({"tokens": tokens, "unknown": tokens.index(texts.unknown)}),
        weights=weights,
        tokenizer=recipe,
        files={texts.vocabulary.file: texts.vocabulary.content},
        tasks=(SCORE,),
        source_languages=(),
        target_languages=(),
        max_source_tokens=part.positions,
        max_target_tokens=part.positions,
        rowless=texts.vocabulary.rows.rowless,
    )


def convert_encoder(checkpoint: Checkpoint, layer: int | None = None) -> Conversion:
    """Convert an encoder for BERTScore.

    Args:
        checkpoint: the checkpoint.
        layer: whose vectors are compared; None for the one that is known to be best.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
        UsageError: it has no such layer, or none is known to be best.
    """
    part, texts = open_encoder(checkpoint)
    kind = str(checkpoint.config["model_type"])
    best = BEST_LAYERS.get((kind, part.layers))
    if (kind, part.layers) == ("bert", 12):
        best = BEST_OF_VOCABULARY.get(part.tokens, best)
    chosen = best if layer is None else layer
    if chosen is None:
        raise UsageError(
            f"{checkpoint.directory} has {part.layers} layers, and none is known to be best for "
            "BERTScore",
            "Name one with --layer; about three quarters of them is usual.",
        )
    if not 0 <= chosen <= part.layers:
        raise UsageError(f"{checkpoint.directory} has {part.layers} layers: there is no {chosen}")
    weights = checkpoint.weights()
    names = PartTensors(weights, [f"{part.kind.root}", ""])

    def build(quantization: str) -> list[Graph]:
        graph = Graph("encoder", quantization)
        *_, state = part.states(Layers(graph), names, read_texts(graph), chosen)
        vectors = graph.op("LpNormalization", state, axis=-1, p=2)
        graph.output(vectors, "vectors", "B", "S", part.width)
        return [graph]

    build("float32")  # takes the weights, and finds what is wrong with them
    weights.pass_over([name for name in weights.left() if name.startswith(HEADS)])
    config = {
        "stepper": BERTSCORE,
        "layer": chosen,
        "longest": checkpoint.source_limit(part.positions),
        "spaced": kind == "roberta",  # texts are read as if a space stood before them
    }
    return score_conversion(
        texts, part, weights, lambda known: EncoderArtifact(build, {**config, **known})
    )
