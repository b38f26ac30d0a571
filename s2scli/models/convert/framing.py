"""What ``tokenizer.json`` puts around each text: its ``post_processor``, which no file of ours has.

The recipe says it, by the family. transformers takes the file's: the two must be the same
(https://huggingface.co/docs/tokenizers/api/post-processors).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.added import TOKENIZER_JSON
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.manifest import JSON_KIND, TokenizerRecipe

__all__ = ["check_frame"]

# The tokens before a text, and those after it.
Frame = tuple[tuple[str, ...], tuple[str, ...]]
PAIRS = ("BertProcessing", "RobertaProcessing")


def check_frame(checkpoint: Checkpoint, recipe: TokenizerRecipe) -> None:
    """Make sure that a checkpoint's ``tokenizer.json`` puts around texts what its family does.

    Args:
        checkpoint: the checkpoint.
        recipe: what was made of its tokenizer. Where languages stand around texts,
            transformers does not ask the file.

    Raises:
        InvalidModelError: it does not, or what it does is of an unknown kind.
    """
    around = (*recipe.prefix, *recipe.suffix)
    if (
        recipe.kind != JSON_KIND
        or "{from}" in around
        or not checkpoint.path(TOKENIZER_JSON).exists()
    ):
        return
    step = checkpoint.json(TOKENIZER_JSON).get("post_processor")
    try:
        found = _frame(step)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise InvalidModelError(
            f"{checkpoint.path(TOKENIZER_JSON)} has a post_processor that cannot be obeyed: {error}"
        ) from error
    prefix = () if "{to}" in recipe.prefix else recipe.prefix  # which asks for a language
    if found != (prefix, recipe.suffix):
        raise InvalidModelError(
            f"{checkpoint.path(TOKENIZER_JSON)} puts {_shown(found)} around each text "
            f"(post_processor); models of this family have {_shown((prefix, recipe.suffix))}",
            "If the model was trained with the latter, save it again with its family's tokenizer.",
        )


def _shown(frame: Frame) -> str:
    return " … ".join(" ".join(tokens) for tokens in frame).strip() if any(frame) else "nothing"


def _frame(step: Any) -> Frame:
    """What a step puts around a text.

    Raises:
        KeyError, TypeError, …: it is not described as such steps are.
        ValueError: it is of another kind.
    """
    kind = None if step is None else step["type"]
    if kind in (None, "ByteLevel"):  # which is about places
        return (), ()
    if kind in PAIRS:
        return (str(step["cls"][0]),), (str(step["sep"][0]),)
    if kind == "Sequence":
        first: tuple[str, ...] = ()
        last: tuple[str, ...] = ()
        for before, after in map(_frame, step["processors"]):
            first, last = (*before, *first), (*last, *after)
        return first, last
    if kind == "TemplateProcessing":
        return _template(step["single"], step["special_tokens"])
    raise ValueError(f"the type {kind!r}")


def _template(pieces: list[Mapping[str, Any]], special: Mapping[str, Any]) -> Frame:
    rows: list[list[str]] = [[]]
    for piece in pieces:
        if "Sequence" in piece:
            rows.append([])
        else:
            rows[-1] += special[piece["SpecialToken"]["id"]]["tokens"]
    before, after = rows  # there is one text
    return tuple(before), tuple(after)
