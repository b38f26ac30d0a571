"""``final_logits_bias``: what BART and its kin add to the logits."""

from __future__ import annotations

from s2scli.errors import InvalidModelError
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.weights import Weights

__all__ = ["output_bias"]

NAME = "final_logits_bias"
# Families whose class in transformers 4.57 has none; old checkpoints hold zeros.
UNBIASED = ("m2m_100", "fsmt", "pegasus_x", "longt5")


def output_bias(family: str, weights: Weights, size: int) -> Tensor | None:
    """The bias of the logits, of shape (1, ``size``); None where the model has none.

    Raises:
        InvalidModelError: it has another shape, or would change the outputs of a model whose
            class in transformers does not read it.
    """
    if NAME not in weights:
        return None
    bias = weights.take(NAME, 1, size)
    if family not in UNBIASED:
        return bias
    if bias.array().any():
        raise InvalidModelError(
            f"The checkpoint's tensor {NAME} is not zero, and transformers does not read it in "
            f"models of the family {family}",
            "Take the tensor out, to have what transformers gives.",
        )
    return None
