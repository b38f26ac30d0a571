"""What stands around the tokens of a text so that a model does a given job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from s2scli.data import CAPTION, TASKS
from s2scli.errors import InvalidModelError, UsageError
from s2scli.inference.tokenizers.added import marked
from s2scli.languages.codes import english_name, match_language, nearest_languages
from s2scli.models.manifest import Manifest
from s2scli.plugs import suggestion
from s2scli.text.templates import Template

__all__ = ["Frame", "Job", "MissingLanguageError"]

PAIR_SIGN = "-"
# What names the languages: on the command line, and for callers of the library.
FROM, TO = "--from (source= in Python)", "--to (target= in Python)"
SHOWN = 20  # special tokens that an error lists


class MissingLanguageError(UsageError):
    """A model must be told a language, and has not been yet."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a user wants of a model.

    Attributes:
        task: a key of ``s2scli.data.TASKS``.
        source_language: by any name or code, or None where the model knows but one.
        target_language: likewise.
        prompt: a template in the place of the manifest's, with the slot ``{text}`` (to answer,
            ``{question}`` and ``{context}``; to generate, any).
        prompt_tokens: whether special tokens in that prompt (``<sep>``) are tokens and no text.
    """

    task: str = "translate"
    source_language: str | None = None
    target_language: str | None = None
    prompt: str | None = None
    prompt_tokens: bool = False

    def __post_init__(self) -> None:
        """Refuse a task that nobody knows.

        Raises:
            UsageError: it is one.
        """
        if self.task not in TASKS:
            raise UsageError(f"There is no task {self.task!r}", suggestion(self.task, TASKS))


@dataclass(frozen=True, slots=True)
class Frame:
    """A prompt, and tokens around its own.

    Attributes:
        prompt: text around the slots; languages are filled in.
        prefix: tokens in front of the source.
        suffix: tokens behind the source.
        target_prefix: what the target begins with.
        start_given: whether the first of these takes the place of the engine's start token.
        decoding: fields of ``Decoding`` that the manifest sets for this job.
        source_language: the language of the text, by any name or code; empty if it is not known.
        target_language: likewise, of what comes out.
    """

    prompt: Template
    prefix: list[str]
    suffix: list[str]
    target_prefix: list[str]
    start_given: bool
    decoding: Mapping[str, Any]
    source_language: str
    target_language: str

    @classmethod
    def of(cls, manifest: Manifest, job: Job) -> Frame:
        """The frame of a job.

        Raises:
            UsageError: the model does not do it, or needs to be told a language.
            InvalidModelError: the manifest's prompt is none.
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

        def fill(tokens: Iterable[str]) -> list[str]:
            filled = [languages.get(token, token) for token in tokens]
            return [token for token in filled if token]

        return cls(
            prompt=_with_tokens(manifest, job, prompt),
            prefix=fill(recipe.prefix),
            suffix=fill(recipe.suffix),
            target_prefix=fill((*recipe.target_start, *recipe.target_prefix)),
            start_given=bool(recipe.target_start),
            decoding=manifest.job_decoding.get(key) or manifest.job_decoding.get(job.task) or {},
            source_language=_language(job.source_language, manifest.source_languages),
            target_language=_language(wanted, manifest.target_languages),
        )


def _check_reads(manifest: Manifest, job: Job) -> None:
    """Make sure that the model reads what the job gives it to read.

    Raises:
        UsageError: it reads images, but not texts, or the other way round.
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
    """The prompt with marks for its special tokens; a user's own has them if that is asked for."""
    control = manifest.tokenizer.control_tokens
    if job.prompt_tokens and job.prompt is None:
        raise UsageError("--prompt-tokens is about the special tokens of a --prompt")
    if job.prompt is not None and not job.prompt_tokens:
        return prompt
    literals = tuple(marked(literal, control) for literal in prompt.literals)
    if job.prompt_tokens and literals == prompt.literals:
        some = ", ".join(sorted(control)[:SHOWN])
        raise UsageError(
            f"The prompt {job.prompt!r} holds no special token of {manifest.name}",
            f"Those are: {some}{' …' if len(control) > SHOWN else ''}.",
        )
    return replace(prompt, literals=literals)


def _token(
    manifest: Manifest, tokens: Mapping[str, str], language: str | None, verb: str, option: str
) -> str:
    """The token of a language; empty if the model has no such tokens."""
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
    text = own if job.prompt is None else job.prompt
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
            raise UsageError(f"The prompt {text!r} does not hold {held} exactly once")
    except UsageError as error:
        if job.prompt is not None:
            raise
        raise InvalidModelError(f"The manifest of {manifest.name}: {error}") from error
    names = {"from": job.source_language, "to": job.target_language}
    return key, template.partly({s: _named(s, names[s], manifest) for s in names if s in template})


def _pair(manifest: Manifest, job: Job, pairs: list[tuple[str, str, str]]) -> str:
    """The language pair of the manifest's that the job means."""
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
