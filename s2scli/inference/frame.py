"""The prompt and the special tokens around a text that make a model do a given job."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from s2scli.data import CAPTION, TASKS
from s2scli.errors import InvalidModelError, UsageError
from s2scli.inference.tokenizers.added import marked
from s2scli.languages.codes import english_name, match_language, nearest_languages
from s2scli.models.manifest import Manifest
from s2scli.plugs import suggestion
from s2scli.text.reading import checked
from s2scli.text.templates import Template

__all__ = ["Frame", "Job", "MissingLanguageError"]

PAIR_SIGN = "-"
# How to give the languages: on the command line, and in Python.
FROM, TO = "--from (source= in Python)", "--to (target= in Python)"
SHOWN = 20  # number of special tokens that an error lists


class MissingLanguageError(UsageError):
    """A model needs a language that was not given."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the user asks of a model.

    Attributes:
        task: a key of ``s2scli.data.TASKS``.
        source_language: any name or code; None if the model has only one.
        target_language: the same for the target.
        prompt: a template instead of the manifest's, with the slot ``{text}`` (for answers,
            ``{question}`` and ``{context}``; for generation, any).
        prompt_tokens: whether special tokens in that prompt (``<sep>``) are tokens, not text.
    """

    task: str = "translate"
    source_language: str | None = None
    target_language: str | None = None
    prompt: str | None = None
    prompt_tokens: bool = False

    def __post_init__(self) -> None:
        """Refuse an unknown task.

        Raises:
            UsageError: the task is unknown.
        """
        if self.task not in TASKS:
            raise UsageError(f"There is no task {self.task!r}", suggestion(self.task, TASKS))


class Frame(NamedTuple):
    """A prompt, and special tokens around it.

    Attributes:
        prompt: the template, with the languages filled in.
        prefix: tokens before the source.
        suffix: tokens after the source.
        target_prefix: tokens that every target begins with.
        start_given: how many of these, the first ones, stand instead of the engine's start token.
        decoding: fields of ``Decoding`` that the manifest sets for this job.
        source_language: the source language, any name or code; empty if unknown.
        target_language: the same for the target.
    """

    prompt: Template
    prefix: list[str]
    suffix: list[str]
    target_prefix: list[str]
    start_given: int
    decoding: Mapping[str, Any]
    source_language: str
    target_language: str

    def begun(self, tokens: list[str], manifest: Manifest) -> Frame:
        """The same with a prompt that every target begins with, as a model of images reads it.

        It follows the start token, unless that is its first one; or stands instead of it, for a
        model without a start token of its own.
        """
        start = self.target_prefix[: self.start_given] if manifest.tokenizer.target_start else []
        if not start and CAPTION not in manifest.prompts:  # the engine alone knows the start
            return self._replace(target_prefix=tokens)
        given = tokens if tokens[:1] == start else [*start, *tokens]
        # A first token that is forced comes after one token, of whatever kind.
        forced = self.target_prefix[self.start_given :] if len(given) == 1 else []
        return self._replace(target_prefix=[*given, *forced], start_given=len(given))

    def longest(self, manifest: Manifest) -> int:
        """The maximum number of target tokens that the model can write.

        Raises:
            UsageError: a prompt that they begin with leaves no room.
        """
        begun = max(0, self.start_given - 1)
        if begun >= manifest.max_target_tokens:
            raise UsageError(
                f"The prompt has {begun + 1} tokens, and the model {manifest.name} writes "
                f"{manifest.max_target_tokens}"
            )
        return manifest.max_target_tokens - begun

    @classmethod
    def of(cls, manifest: Manifest, job: Job) -> Frame:
        """The frame of a job.

        Raises:
            UsageError: the model does not support it, or needs a language.
            InvalidModelError: the manifest's prompt is not valid.
        """
        _check_reads(manifest, job)
        recipe = manifest.tokenizer
        key, prompt = _prompt(manifest, job)
        source = _token(manifest, recipe.source_tokens, job.source_language, "read", FROM)
        wanted, target = job.target_language, recipe.target_default
        if wanted or not target:
            target = _token(manifest, recipe.target_tokens, wanted, "write", TO)
        else:
            written = [code for code, token in recipe.target_tokens.items() if token == target]
            wanted = written[0] if written else None
        languages = {"{from}": source, "{to}": target}
        before = recipe.prefix
        if any(token.content == target for token in recipe.added):
            # Found in a text before all else: no piece of the tokenizer's own stands before it.
            before = tuple(token for token in before if token in languages)

        def fill(tokens: Iterable[str]) -> list[str]:
            filled = [languages.get(token, token) for token in tokens]
            return [token for token in filled if token]

        return cls(
            prompt=_with_tokens(manifest, job, prompt),
            prefix=fill(before),
            suffix=fill(recipe.suffix),
            target_prefix=fill((*recipe.target_start, *recipe.target_prefix)),
            start_given=len(recipe.target_start[:1]),
            decoding=manifest.job_decoding.get(key) or manifest.job_decoding.get(job.task) or {},
            source_language=_language(job.source_language, manifest.source_languages),
            target_language=_language(wanted, manifest.target_languages),
        )


def _check_reads(manifest: Manifest, job: Job) -> None:
    """Check that the model reads the kind of input of the job.

    Raises:
        UsageError: it reads images and the job has texts, or the other way round.
    """
    sees = manifest.images is not None
    if sees == (job.task == CAPTION):
        return
    what, advice = (
        ("images, not texts", "Use 's2s caption', or load it with task='caption'.")
        if sees
        else ("texts, not images", "Take one such as nlpconnect/vit-gpt2-image-captioning.")
    )
    raise UsageError(f"The model {manifest.name} reads {what}", advice)


def _with_tokens(manifest: Manifest, job: Job, prompt: Template) -> Template:
    """The prompt with marks for its special tokens; in a user's prompt only if asked for."""
    control = manifest.tokenizer.control_tokens
    if job.prompt_tokens and job.prompt is None:
        raise UsageError("--prompt-tokens has no effect without --prompt")
    instead = CAPTION in manifest.prompts and not manifest.tokenizer.target_start
    told = job.task == CAPTION and job.prompt is not None and instead  # of the start
    if told and not _begins_with(prompt.literals[0], control):
        raise UsageError(
            f"The prompt {job.prompt!r} does not begin with a special token of {manifest.name}",
            _those(control),
        )
    if job.prompt is not None and not job.prompt_tokens:
        if told:
            raise UsageError(
                f"The prompt {job.prompt!r} begins with a special token", "Add --prompt-tokens."
            )
        return prompt
    literals = tuple(marked(literal, control) for literal in prompt.literals)
    if job.prompt_tokens and literals == prompt.literals:
        raise UsageError(
            f"The prompt {job.prompt!r} holds no special token of {manifest.name}", _those(control)
        )
    return prompt._replace(literals=literals)


def _begins_with(text: str, tokens: Iterable[str]) -> bool:
    return text.startswith(tuple(tokens))


def _those(control: Collection[str]) -> str:
    """Some special tokens; those that may begin something first."""
    some = sorted(control, key=lambda token: (token.startswith("</"), token))[:SHOWN]
    return f"Those are: {', '.join(some)}{' …' if len(control) > SHOWN else ''}."


def _token(
    manifest: Manifest, tokens: Mapping[str, str], language: str | None, verb: str, option: str
) -> str:
    """The token of a language; empty if the model has no language tokens."""
    if not tokens:
        return ""
    known = list(tokens)
    if language is None:
        if len(known) == 1:
            return tokens[known[0]]
        raise MissingLanguageError(
            f"The model {manifest.name} needs {option}: it {verb}s {len(known)} languages",
            f"They are: {', '.join(sorted(known))}.",
        )
    if language in tokens.values():
        return language
    code = match_language(language, known)
    if code is None:
        near = ", ".join(nearest_languages(language, known))
        raise UsageError(
            f"The model {manifest.name} does not {verb} {language!r}", f"The nearest are: {near}."
        )
    return tokens[code]


def _language(named: str | None, known: Sequence[str]) -> str:
    return named or (known[0] if len(known) == 1 else "")


def _prompt(manifest: Manifest, job: Job) -> tuple[str, Template]:
    """The job's key in the manifest, and its prompt."""
    key = job.task
    pairs = [
        name.split(" ", 1)[1].partition(PAIR_SIGN)
        for name in (*manifest.prompts, *manifest.job_decoding)
        if name.startswith(f"{job.task} ")
    ]
    by_pair = job.source_language or job.target_language or job.task not in manifest.prompts
    if pairs and by_pair and job.prompt is None:
        key = f"{job.task} {_pair(manifest, job, pairs)}"
    default = TASKS[job.task].prompt
    own = manifest.prompts.get(key) or manifest.prompts.get(job.task) or default
    text = own if job.prompt is None else checked(job.prompt, "The prompt")
    try:
        template = Template.parse(text)
        slots = [slot for slot in template.slots if slot not in ("from", "to")]
        wanted = Template.parse(default).slots
        if job.task == "generate" and not slots:
            raise UsageError(
                f"The prompt {text!r} has no slot", "Write {text} where the text goes."
            )
        if job.task != "generate" and sorted(slots) != sorted(wanted):
            held = " and ".join(f"{{{slot}}}" for slot in wanted)
            fault = f"does not hold {held} exactly once" if held else "has slots, but no text comes"
            raise UsageError(f"The prompt {text!r} {fault}")
    except UsageError as error:
        if job.prompt is not None:
            raise
        raise InvalidModelError(f"The manifest of {manifest.name}: {error}") from error
    names = {"from": job.source_language, "to": job.target_language}
    return key, template.partly(
        {s: _named(s, names[s], manifest) for s in names if s in template.slots}
    )


def _pair(manifest: Manifest, job: Job, pairs: list[tuple[str, str, str]]) -> str:
    """The manifest's language pair that the job asks for."""
    found = dict.fromkeys(
        f"{source}-{target}"
        for source, _, target in pairs
        if (not job.source_language or match_language(job.source_language, [source]))
        and (not job.target_language or match_language(job.target_language, [target]))
    )
    if len(found) == 1:
        return next(iter(found))
    known = ", ".join(dict.fromkeys("-".join(pair[::2]) for pair in pairs))
    error = UsageError if job.source_language and job.target_language else MissingLanguageError
    raise error(
        f"The model {manifest.name} needs {FROM} and {TO} for one of its language pairs",
        f"They are: {known}.",
    )


def _named(slot: str, language: str | None, manifest: Manifest) -> str:
    if not language:
        option = FROM if slot == "from" else TO
        raise MissingLanguageError(f"The model {manifest.name} needs {option}: name a language")
    return english_name(language)
