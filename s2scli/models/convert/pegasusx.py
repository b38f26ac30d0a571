"""Pegasus-X (Phang et al. 2022, https://arxiv.org/abs/2208.04347), which reads long documents."""

from __future__ import annotations

from dataclasses import replace

from s2scli.models.convert.bartlike import PAD
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.graphs.bartdecoder import BartDecoder
from s2scli.models.convert.graphs.pegasusxencoder import PegasusXEncoder
from s2scli.models.convert.graphs.textgraphs import TextGraphs
from s2scli.models.convert.pegasus import pegasus_texts, pegasus_vocabulary
from s2scli.models.convert.transformer import ROOT, open_model

__all__ = ["convert", "texts"]

MAX_TARGET_TOKENS = 16384  # its positions are computed and have no end


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint; ``transformers`` (``modeling_pegasus_x.py``, 4.57) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    encoder = PegasusXEncoder(checkpoint.settings.with_type_defaults())
    decoder, weights = BartDecoder.of(checkpoint.settings), open_model(checkpoint)
    return TextGraphs(checkpoint, weights, encoder, decoder, ROOT).conversion(texts(checkpoint))


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    read = pegasus_texts(checkpoint, pegasus_vocabulary(checkpoint), PAD)
    return replace(read, max_target_tokens=MAX_TARGET_TOKENS)
