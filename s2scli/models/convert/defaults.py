"""Decoding defaults of a checkpoint, from transformers' terms into the engine's.

The reference is ``transformers.GenerationConfig`` (4.57). A checkpoint has them in
``generation_config.json``, else in ``config.json``; T5 and BART have more, by task, under
``task_specific_params``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.limits import LIMITS
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.generation import LEGACY
from s2scli.models.convert.keycheck import brief, without_effect
from s2scli.models.convert.keys import GENERATION
from s2scli.models.manifest import SearchRules

__all__ = ["Defaults", "TokenRoles", "decoding_defaults", "prompt", "search_rules"]

# Ours → (theirs, type).
NAMES: dict[str, tuple[str, type]] = {
    "beam_size": ("num_beams", int),
    "length_penalty": ("length_penalty", float),
    "repetition_penalty": ("repetition_penalty", float),
    "no_repeat_ngram_size": ("no_repeat_ngram_size", int),
}
# What a model has for all its tasks.
FOR_ALL = ("decoder_start_token_id", "forced_bos_token_id")
# What is off below 1, as to transformers.
UNSET = ("no_repeat_ngram_size", "min_length", "min_new_tokens")
TRANSLATION = re.compile(r"translation_([A-Za-z_-]+?)_to_([A-Za-z_-]+)")


@dataclass(frozen=True, slots=True)
class Defaults:
    """How a model's makers decode.

    Attributes:
        decoding: fields of ``s2scli.data.Decoding``.
        unsupported: settings for which the engine has nothing, as they stand.
        uncounted: the same, of CTranslate2 alone: it does not count the token that decoding starts
            from as one that was written, as transformers and our own search do.
        prompts: by job, the text around ``{text}``.
        job_decoding: by job, fields of ``Decoding``.
        start: the token that decoding starts from; empty if a language's takes its place.
    """

    decoding: Mapping[str, Any] = field(default_factory=dict)
    unsupported: Mapping[str, Any] = field(default_factory=dict)
    uncounted: Mapping[str, Any] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)
    job_decoding: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    start: str = ""


@dataclass(frozen=True, slots=True)
class TokenRoles:
    """What the settings that name tokens speak of.

    Attributes:
        tokens: the target tokens in the order of their ids.
        start: the token that decoding starts from; empty if a language's takes its place.
        first: the token that every target begins with, or ``{to}``; empty if none is given.
        end: the model's own end token.
    """

    tokens: Sequence[str]
    start: str
    first: str = ""
    end: str = "</s>"


def decoding_defaults(checkpoint: Checkpoint, target: TokenRoles) -> Defaults:
    """What the generation settings of a checkpoint ask for, and for which task.

    Args:
        checkpoint: the checkpoint.
        target: its tokens.

    Raises:
        InvalidModelError: a value has the wrong type or is out of range.
    """
    unsupported: dict[str, Any] = {}
    uncounted: dict[str, Any] = {}
    prompts: dict[str, str] = {}
    job_decoding: dict[str, Mapping[str, Any]] = {}
    tasks = checkpoint.config.get("task_specific_params")
    if not isinstance(tasks, dict | None):
        raise _wrong("task_specific_params", tasks)
    others = {}
    for task, params in (tasks or {}).items():
        job = _job(str(task))
        if not job:
            others[task] = params
            continue
        if not isinstance(params, dict):
            raise _wrong(f"{task} in task_specific_params", params)
        settings = _Settings(checkpoint, params, target)
        job_decoding[job] = settings.decoding(unsupported, uncounted)
        unsupported |= {f"{task}.{key}": value for key, value in _left_out(params).items()}
        if "prefix" in params:
            prefix = params["prefix"]
            if not isinstance(prefix, str | None):
                raise _wrong(f"{task}.prefix", prefix)
            prompts[job] = prompt(prefix or "")
    if others:
        unsupported["task_specific_params"] = brief(others)
    settings = _Settings(checkpoint, checkpoint.generation, target)
    own = settings.decoding(unsupported, uncounted)
    if not settings.names_ends:  # no output would end before the longest
        unsupported["eos_token_id"] = None
    return Defaults(own, unsupported, uncounted, prompts, job_decoding, target.start)


def search_rules(checkpoint: Checkpoint) -> SearchRules:
    """How transformers searches with a checkpoint.

    Raises:
        InvalidModelError: the value is none of those that there are.
    """
    name = "early_stopping"
    value = checkpoint.generation.get(name, False)
    if type(value) is not bool and value != "never":
        raise _wrong(name, value)
    return SearchRules(early_stopping=value)


def _left_out(params: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a task that only all tasks together can have, or none."""
    found = without_effect(params, GENERATION)
    return found | {key: params[key] for key in FOR_ALL if params.get(key) is not None}


def prompt(prefix: str) -> str:
    """The template of a text with something before it."""
    return prefix.replace("{", "{{").replace("}", "}}") + "{text}"


def _job(task: str) -> str:
    if task == "summarization":
        return "summarize"
    match = TRANSLATION.fullmatch(task)
    return f"translate {match[1]}-{match[2]}" if match else ""


def _row(value: Any) -> list[Any]:
    """A list of numbers, of which one may stand on its own."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_usual(name: str, number: float) -> bool:
    """Whether a setting is a maximum that says no more than none."""
    return name == "max_length" and number == LEGACY[name]


def _wrong(name: str, value: Any, advice: str = "") -> InvalidModelError:
    return InvalidModelError(
        f"The checkpoint's generation settings give {name} as {brief(value)!r}", advice
    )


class _Settings:
    """Settings by transformers' names, read into fields of ``Decoding``."""

    def __init__(
        self, checkpoint: Checkpoint, settings: Mapping[str, Any], target: TokenRoles
    ) -> None:
        self._checkpoint = checkpoint
        self._settings = {key: value for key, value in settings.items() if value is not None}
        self._target = target

    def decoding(self, unsupported: dict[str, Any], uncounted: dict[str, Any]) -> dict[str, Any]:
        """The fields; what engines have nothing for is added to the arguments (``Defaults``)."""
        found = self._numbers()
        ends = self._ends()
        if ends and ends != [self._target.end]:
            found["ends"] = ends
            found.setdefault("min_length", 0)  # a word that ends a target may be its first
        ends = ends or [self._target.end]
        key = "forced_bos_token_id"  # which may stand where a language is asked for
        forced = self._checkpoint.generation.get(key)
        first = {self._target.first, *self._tokens(_row(forced), key)}
        if ending := first.intersection(ends):
            raise _wrong(
                key, forced, f"No output would have a word: {min(ending)} ends each of them."
            )
        if suppress := self._suppressed(ends, unsupported, uncounted):
            found["suppress"] = suppress
        uncounted |= self._uncounted(ends)
        key = "forced_eos_token_id"
        if forced := self._tokens(self._listed(key), key):
            if forced == [self._target.end]:
                if forced in suppress:  # transformers has nothing left to write then
                    advice = f"suppress_tokens forbids it: {forced[0]}."
                    raise _wrong(key, self._settings[key], advice)
                found["forced_end"] = True
            else:
                unsupported[key] = self._settings[key]
        return found

    def _numbers(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            ours: kind(self._number(theirs, kind, ours))
            for ours, (theirs, kind) in NAMES.items()
            if theirs in self._settings
        }
        # Their lengths count the token that the decoder starts with; the engine's do not.
        for ours, theirs, start in (
            ("max_length", "max_length", 1),
            ("min_length", "min_length", 1),
            ("max_length", "max_new_tokens", 0),
            ("min_length", "min_new_tokens", 0),
        ):
            if theirs in self._settings:
                number = self._number(theirs, int)
                number = (self._usual_length() if _is_usual(theirs, number) else number) - start
                found[ours] = int(max(1, min(number, LIMITS[ours][1])))
        # True ends a search at beam_size finished hypotheses, as patience 1 does. False and "never"
        # continue while a better one is possible, which the engine cannot do: patience 1 is
        # left, which gives the same in 94 of 100 cases or more.
        if "early_stopping" in self._settings:
            found["patience"] = 1.0
        return found

    def _usual_length(self) -> int:
        """Their usual maximum, which alone does not count the token that decoding starts from."""
        length: int = LEGACY["max_length"] + 1
        room = self._checkpoint.config.get("max_position_embeddings")
        return min(length, room) if type(room) is int else length

    def _number(self, name: str, kind: type, ours: str = "") -> float:
        """A number; what the engine can work with, if it is one of its own."""
        value: Any = self._settings[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong(name, value)
        if not math.isfinite(value) or (kind is int and value != int(value)):
            raise _wrong(name, value)
        number: float = max(0, value) if name in UNSET else value
        if name in ("max_length", "max_new_tokens") and number < 1:
            raise _wrong(name, value)
        least, most = LIMITS[ours] if ours else (number, number)
        if not least <= number <= most:
            raise _wrong(name, value, f"It goes from {least:,} to {most:,}.")
        return number

    @property
    def names_ends(self) -> bool:
        """Whether they say what ends a target."""
        return bool(self._listed("eos_token_id"))

    def _ends(self) -> list[str]:
        """The tokens that end a target; none if nothing is said."""
        return self._tokens(self._listed("eos_token_id"), "eos_token_id")

    def _suppressed(
        self, ends: list[str], unsupported: dict[str, Any], uncounted: dict[str, Any]
    ) -> list[list[str]]:
        """Sequences of tokens never to generate."""
        target = self._target
        words = self._listed("bad_words_ids")
        if not all(isinstance(row, list) and row for row in words):
            raise _wrong("bad_words_ids", words)
        rows = [self._tokens(row, "bad_words_ids") for row in words]
        # transformers lets the ends go through here, but not below.
        rows = [row for row in rows if row not in [[end] for end in ends]]
        unseen = [row for row in rows if len(row) > 1 and row[0] == target.start]
        if unseen and not target.first:
            uncounted["bad_words_ids"] = brief(unseen)
        rows += [
            [token] for token in self._tokens(self._listed("suppress_tokens"), "suppress_tokens")
        ]
        if self._settings.get("no_repeat_ngram_size") == 1:
            rows.append(self._start_that_never_repeats(ends))
        key = "begin_suppress_tokens"
        if begin := self._tokens(self._listed(key), key):
            if self._is_mark(target.first):  # which comes nowhere else
                rows += [[target.first, token] for token in begin]
            else:
                unsupported[key] = brief(self._settings[key])
        return list(map(list, dict.fromkeys(map(tuple, rows))))

    def _uncounted(self, ends: list[str]) -> dict[str, Any]:
        """The settings of repetitions that concern the token that decoding starts from."""
        start, penalty = self._target.start, self._settings.get("repetition_penalty", 1)
        names = ["repetition_penalty"]
        if start not in ends:
            if not start or (self._is_mark(start) and penalty >= 1):
                return {}  # it is not written again
            if not self._is_mark(start):
                names.append("no_repeat_ngram_size")
        values = {name: self._settings.get(name, 1) for name in names}
        return {f"{name} of {start}": n for name, n in values.items() if n not in (0, 1)}

    def _start_that_never_repeats(self, ends: list[str]) -> list[str]:
        """The token that decoding starts from, which to transformers has been in the target."""
        start = self._target.start
        if start in ends:
            raise _wrong(
                "no_repeat_ngram_size",
                1,
                f"No output would end: {start} starts each of them. Take 2 or more.",
            )
        return [start or "{to}"]

    def _is_mark(self, token: str) -> bool:
        """Whether a token is not a word: a language's, or one that the settings name."""
        keys = ("bos_token_id", "eos_token_id", "pad_token_id")
        numbers = [n for key in keys for n in _row(self._checkpoint.generation.get(key))]
        tokens = self._target.tokens
        named = {tokens[n] for n in numbers if type(n) is int and 0 <= n < len(tokens)}
        return token == "{to}" or token in named

    def _listed(self, name: str) -> list[Any]:
        return _row(self._settings.get(name))

    def _tokens(self, numbers: list[Any], name: str) -> list[str]:
        tokens = self._target.tokens
        return [self._checkpoint.token_of(tokens, number, name) for number in numbers]
