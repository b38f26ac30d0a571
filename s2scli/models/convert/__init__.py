"""Conversion of Hugging Face checkpoints to CTranslate2, without PyTorch or transformers.

``FAMILIES`` is the plug point: one line here, one module beside it with a function
``convert(checkpoint) -> Conversion``.
"""

from __future__ import annotations

__all__ = ["FAMILIES"]

# ``model_type`` of config.json → "module:function".
FAMILIES: dict[str, str] = {
    "marian": "s2scli.models.convert.marian:convert",
}
