"""Which of a checkpoint's settings stay without effect, and which end the conversion."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.familykeys import known_keys
from s2scli.models.convert.keys import (
    CONFIG,
    FILES,
    GENERATION,
    OBEYED,
    REFUSED,
    SHOWN,
    TOKENIZER,
    UNKNOWN,
    Key,
)
from s2scli.models.convert.partkeys import known_part_keys

__all__ = ["brief", "check_keys", "check_part", "without_effect"]

MAX_SHOWN = 200  # characters of a value


def check_keys(checkpoint: Checkpoint) -> dict[str, Any]:
    """The settings of a checkpoint that stay without effect, by their names.

    Raises:
        InvalidModelError: one asks for what cannot be left out.
    """
    known = known_keys(str(checkpoint.config.get("model_type")))
    contents = {
        CONFIG: _without(checkpoint.config, known[GENERATION], known[CONFIG]),
        GENERATION: _without(checkpoint.generation, known[CONFIG], known[GENERATION]),
        TOKENIZER: checkpoint.tokenizer_config,
    }
    shown: dict[str, Any] = {}
    for file in FILES:
        for name, value in _without_effect(contents[file], known[file], file):
            shown.setdefault(name, value)
    for side in ("encoder", "decoder"):
        part = checkpoint.config.get(side)
        # FSMT's repeats what stands elsewhere.
        if isinstance(part, dict) and known[CONFIG].get(side, UNKNOWN).fate == OBEYED:
            keys = known_part_keys(side, str(part.get("model_type")))
            for name, value in _without_effect(part, keys, f"{side} in {CONFIG}"):
                shown[f"{side}.{name}"] = value
    return shown


def check_part(config: Mapping[str, Any], kind: str) -> None:
    """Refuse a configuration of an encoder that stands alone if it asks for what cannot be done.

    Raises:
        InvalidModelError: it does.
    """
    for _ in _without_effect(config, known_part_keys("encoder", kind), CONFIG):
        pass  # what stays without effect is of other uses


def _without_effect(
    content: Mapping[str, Any], keys: Mapping[str, Key], place: str
) -> Iterator[tuple[str, Any]]:
    """The settings of an object of a file that stay without effect.

    Raises:
        InvalidModelError: one asks for what cannot be left out.
    """
    for name, value in _asked(content, keys):
        key = keys.get(name)
        if key and key.fate == REFUSED:
            raise InvalidModelError(
                f"{place} sets {name} to {value!r}, which cannot be obeyed: {key.about}"
            )
        if not key or key.fate == SHOWN:
            yield name, brief(value)


def without_effect(params: Mapping[str, Any], file: str) -> dict[str, Any]:
    """Of a task's settings (``task_specific_params``), those that stay without effect."""
    keys = known_keys("")[file]
    return {
        name: brief(value)
        for name, value in _asked(params, keys)
        if name != "prefix" and keys.get(name, UNKNOWN).fate == SHOWN
    }


def _without(
    content: Mapping[str, Any], others: Mapping[str, Key], own: Mapping[str, Key]
) -> dict[str, Any]:
    """A file's settings but for those that only another one has."""
    return {name: value for name, value in content.items() if name in own or name not in others}


def _asked(content: Mapping[str, Any], keys: Mapping[str, Key]) -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        # A token may be written with how it is found in a text.
        plain = value["content"] if isinstance(value, dict) and "content" in value else value
        if keys.get(name, UNKNOWN).asks(plain, content):
            yield name, plain


def brief(value: Any) -> Any:
    """A value as it is shown: a long one as the beginning of its text."""
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
