"""Conversion of Hugging Face checkpoints to CTranslate2, without PyTorch or transformers.

``FAMILIES`` is the plug point: one line here, one module beside it with a function
``convert(checkpoint) -> Conversion``.
"""

from __future__ import annotations

__all__ = ["FAMILIES", "LONG", "QUANTIZATIONS", "TEXTS"]

# ``model_type`` of config.json → "module:function".
FAMILIES: dict[str, str] = {
    "marian": "s2scli.models.convert.marian:convert",
    "t5": "s2scli.models.convert.t5:convert",
    "mt5": "s2scli.models.convert.t5:convert",
    "umt5": "s2scli.models.convert.t5:convert",
    "longt5": "s2scli.models.convert.longt5:convert",
    "fsmt": "s2scli.models.convert.fsmt:convert",
    "bart": "s2scli.models.convert.bart:convert",
    "mbart": "s2scli.models.convert.mbart:convert",
    "pegasus": "s2scli.models.convert.pegasus:convert",
    "pegasus_x": "s2scli.models.convert.pegasusx:convert",
    "bigbird_pegasus": "s2scli.models.convert.bigbird:convert",
    "m2m_100": "s2scli.models.convert.m2m100:convert",
    "led": "s2scli.models.convert.led:convert",
    "blenderbot": "s2scli.models.convert.blenderbot:convert",
    "blenderbot-small": "s2scli.models.convert.blenderbotsmall:convert",
    "encoder-decoder": "s2scli.models.convert.encoderdecoder:convert",
    "vision-encoder-decoder": "s2scli.models.convert.visionencoderdecoder:convert",
    "show-attend-tell": "s2scli.models.convert.showattendtell:convert",
}

# Those that can be converted in another way too, to read long texts whole.
LONG: dict[str, str] = {"bigbird_pegasus": "s2scli.models.convert.bigbird:convert_long"}

# Nobody exports these, or sizes are fixed in what is exported.
NOT_EXPORTED = ("encoder-decoder", "fsmt", "led", "longt5", "pegasus_x", "show-attend-tell")
# Those whose models run from ONNX files of others too → "module:function" for what they read and
# write (``s2scli.models.convert.family.ModelTexts``).
TEXTS: dict[str, str] = {
    family: place.replace(":convert", ":texts")
    for family, place in FAMILIES.items()
    if family not in NOT_EXPORTED
}

# How weights can be stored → the type of those that stay floating-point numbers; None for that of
# the checkpoint.
QUANTIZATIONS: dict[str, str | None] = {
    "int8": None,
    "int8_float32": "float32",
    "int16": "float32",
    "float16": "float16",
    "bfloat16": "bfloat16",
    "float32": "float32",
}
