"""Captions by a ResNet and an LSTM that attends to it: "Show, attend and tell" (Xu et al. 2015).

There is no layout that others share: public implementations pickle their own Python classes, which
is code and not data. So this one is ours, in the manner of transformers: ``config.json`` with
``encoder`` (ResNet's settings, and ``image_size``) and ``decoder`` (``attending-lstm``);
``model.safetensors`` with transformers' names of ResNet after ``encoder.``, and after ``decoder.``
the names that most implementations in PyTorch have; ``vocab.json`` from words to ids;
``preprocessor_config.json``. See docs/guides/caption.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.arrays import CONFIG_FILE
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.defaults import TokenRoles, decoding_defaults, search_rules
from s2scli.models.convert.encoderdecoder import end_token, part_settings
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.graphs.artifact import GraphsArtifact
from s2scli.models.convert.graphs.attendinglstm import KIND, AttendingLstm
from s2scli.models.convert.graphs.graph import Graph
from s2scli.models.convert.graphs.layers import Layers
from s2scli.models.convert.graphs.resnet import ResNet
from s2scli.models.convert.imageprocessors import image_recipe
from s2scli.models.convert.parts import PartTensors
from s2scli.models.convert.vocabulary import by_id
from s2scli.models.manifest import WORDS_KIND, TokenizerRecipe

__all__ = ["convert"]

ENCODER = "resnet"
UNKNOWN = "<unk>"
LONGEST = 1000  # tokens: recurrence has no end; this is where ours has one


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    encoder = ResNet.of(part_settings(checkpoint, "encoder", (ENCODER,)))
    weights = checkpoint.weights()
    decoder = AttendingLstm.of(
        part_settings(checkpoint, "decoder", (KIND,)),
        encoder.width,
        encoder.positions,
        PartTensors(weights, ["decoder."]),
    )
    shown: dict[str, Any] = {}
    images = image_recipe(checkpoint, ENCODER, encoder.image, shown)
    tokens = by_id(checkpoint, checkpoint.json("vocab.json"))
    if len(tokens) != decoder.tokens or UNKNOWN not in tokens:
        raise InvalidModelError(
            f"{checkpoint.path('vocab.json')} has {len(tokens)} words; the model needs "
            f"{decoder.tokens}, {UNKNOWN} among them"
        )
    start, end = checkpoint.token(tokens, START, ""), end_token(checkpoint, tokens, tokens)
    if not start:
        raise InvalidModelError(f"{checkpoint.directory} does not say with what an output starts")
    first = checkpoint.first_token(tokens)
    roles = TokenRoles(tokens, start=start, first="".join(first), end=end)
    defaults = decoding_defaults(checkpoint, roles)

    def build(quantization: str) -> list[Graph]:
        reads, writes = Graph("encoder", quantization), Graph("decoder", quantization)
        layers = Layers(reads)
        decoder.write_source(layers, encoder.write(layers, PartTensors(weights, ["encoder."])))
        decoder.write(writes)
        return [reads, writes]

    build("float32")  # takes the weights, and finds what is wrong with them
    special = (start, end, checkpoint.token(tokens, "pad_token_id", end))
    return Conversion(
        artifact=GraphsArtifact(build, tokens, tokens.index(UNKNOWN), tokens.index(start)),
        weights=weights,
        tokenizer=TokenizerRecipe(
            WORDS_KIND,
            CONFIG_FILE,
            CONFIG_FILE,
            target_start=(start,),
            target_prefix=first,
            end=end,
            special=tuple(dict.fromkeys(special)),
        ),
        files={},
        tasks=("caption",),
        source_languages=(),
        target_languages=(),
        max_source_tokens=encoder.positions,
        max_target_tokens=LONGEST,
        # An empty output is one of those that end a search in the reference.
        defaults=replace(
            defaults,
            decoding={"min_length": 0, **defaults.decoding},
            unsupported={**defaults.unsupported, **shown},
        ),
        search=search_rules(checkpoint),
        images=images,
    )
