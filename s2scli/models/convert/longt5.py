"""LongT5 (Guo et al. 2021, https://arxiv.org/abs/2112.07916), which reads long documents."""

from __future__ import annotations

from dataclasses import replace

from s2scli.errors import InvalidModelError
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.graphs.longt5encoder import LongT5Encoder
from s2scli.models.convert.graphs.t5layers import T5Decoder
from s2scli.models.convert.graphs.textgraphs import TextGraphs
from s2scli.models.convert.t5 import UNUSED, forward_kind, t5_texts
from s2scli.models.convert.tables import UNTIE, is_tied
from s2scli.models.convert.tensor import same_numbers
from s2scli.models.convert.weights import Weights

__all__ = ["convert", "texts"]

LIMIT = 16384  # the longest that its authors have; its positions are relative and have no end


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint; ``transformers`` (``modeling_longt5.py``, 4.57) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    settings = checkpoint.settings.with_type_defaults()
    kind = forward_kind(checkpoint)
    encoder, weights = LongT5Encoder(settings, *kind), checkpoint.weights()
    weights.pass_over(UNUSED)
    decoder = T5Decoder(settings, *kind, scaled=_scales(checkpoint, weights))
    return TextGraphs(checkpoint, weights, encoder, decoder, "").conversion(texts(checkpoint))


def _scales(checkpoint: Checkpoint, weights: Weights) -> bool:
    """Whether the decoder's outputs are scaled, as they are where the output shares its table.

    Raises:
        InvalidModelError: nothing says it, since transformers 5 calls all tied.
    """
    tied = is_tied(checkpoint)
    names = ("lm_head.weight", "shared.weight")
    if tied and checkpoint.since_version_5 and all(name in weights for name in names):
        shape = (checkpoint.vocabulary_size, checkpoint.size("d_model"))
        head, shared = (weights.look(name, *shape) for name in names)
        if not same_numbers(head, shared):
            raise InvalidModelError(
                "The tensor lm_head.weight is not shared.weight, to which config.json ties it; "
                "nothing says whether outputs are scaled",
                UNTIE,
            )
    return tied


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    read = t5_texts(checkpoint, LIMIT)
    return replace(read, tasks=tuple(dict.fromkeys(("summarize", *read.tasks))))
