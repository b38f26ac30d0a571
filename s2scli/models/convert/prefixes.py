"""What a checkpoint puts before texts: ``prefix`` of ``config.json`` and of its tasks.

The reference is transformers 4.57 (``pipelines/base.py`` and ``text2text_generation.py``): all
pipelines from text to text put it before each text, whatever the model was trained for, and that of
a task comes first. One translates without it: that of a tokenizer that makes sources itself
(``_build_translation_inputs``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from s2scli.errors import InvalidModelError
from s2scli.languages.codes import match_language
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.defaults import prompt
from s2scli.models.convert.family import Conversion
from s2scli.models.manifest import TokenizerRecipe

__all__ = ["Prefixed", "with_prefix"]

PREFIX, TRANSLATE = "prefix", "translate"
JOBS = (TRANSLATE, "summarize", "generate")  # not "answer", whose prompt has two slots
# Families whose tokenizers make the sources of translations.
UNPREFIXED = ("m2m_100", "mbart")
MARIAN = "marian"
# A language that a Marian model is asked for in the text itself.
CODE = re.compile(r">>.+<<")


class Prefixed(NamedTuple):
    """A conversion with what stands before its texts.

    Attributes:
        conversion: with prompts, and the language that they ask for.
        shown: the settings that stay without effect.
    """

    conversion: Conversion
    shown: Mapping[str, Any]


def with_prefix(checkpoint: Checkpoint, conversion: Conversion) -> Prefixed:
    """Put the checkpoint's prefixes before texts, as transformers' pipelines do.

    Raises:
        InvalidModelError: the prefix is no text, or asks for a language that the model has not.
    """
    prefix = checkpoint.config.get(PREFIX)
    if not isinstance(prefix, str | None):
        raise InvalidModelError(f"config.json gives prefix as {prefix!r}")
    if conversion.images:  # there is no text that it could stand before
        return Prefixed(conversion, {PREFIX: prefix} if prefix else {})
    family, recipe, shown = checkpoint.config["model_type"], conversion.tokenizer, {}
    prompts = dict(conversion.defaults.prompts)
    if family == MARIAN:
        prompts = {job: _without_code(job, text, recipe) for job, text in prompts.items()}
        if prefix and (code := CODE.match(prefix)):
            recipe = recipe._replace(target_default=_known(code[0], prefix, recipe))
            prefix = prefix[code.end() :].strip()
    if prefix:
        prompts = {**dict.fromkeys(JOBS, prompt(prefix)), **prompts}
    if family in UNPREFIXED:
        unread = [job for job in prompts if job.partition(" ")[0] == TRANSLATE]
        shown = {f"{job}.{PREFIX}": prompts.pop(job).removesuffix("{text}") for job in unread}
    defaults = replace(conversion.defaults, prompts=prompts)
    return Prefixed(replace(conversion, tokenizer=recipe, defaults=defaults), shown)


def _known(code: str, prefix: str, recipe: TokenizerRecipe) -> str:
    """A language's token, if the model has it.

    Raises:
        InvalidModelError: it has not; transformers would write an unknown word there.
    """
    if code not in recipe.target_tokens.values():
        raise InvalidModelError(
            f"The checkpoint gives prefix as {prefix!r}, but its vocabulary has no {code}",
            "Name a language that the model writes, or take the prefix out of config.json.",
        )
    return code


def _without_code(job: str, text: str, recipe: TokenizerRecipe) -> str:
    """A prompt without the token of its job's language, which stands before it anyway.

    Raises:
        InvalidModelError: it asks for a language that is not the job's.
    """
    code = CODE.match(text)
    if code is None:
        return text
    tokens = recipe.target_tokens
    asked = _known(code[0], text.removesuffix("{text}"), recipe)
    task, _, pair = job.partition(" ")
    own = match_language(pair.rpartition("-")[2], list(tokens)) if task == TRANSLATE else None
    if own is None or tokens[own] != asked:
        raise InvalidModelError(
            f"The checkpoint's task {job!r} asks for the language {asked} by its prefix",
            "Take the prefix out of config.json; --to names the language.",
        )
    return text[code.end() :].lstrip()
