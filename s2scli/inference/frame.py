"""What stands around the tokens of a text so that a model does a given job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from s2scli.errors import InvalidModelError, UsageError
from s2scli.inference.tokenizers import Tokenizer
from s2scli.models.languages import english_name, match_language, nearest_languages
from s2scli.models.manifest import Manifest

__all__ = ["Frame", "Job"]

TEXT = "{text}"
PAIR_SIGN = "-"


@dataclass(frozen=True, slots=True)
class Job:
    """What a user wants of a model.

    Attributes:
        task: ``translate`` …
        source_language: by any name or code, or None where the model knows but one.
        target_language: likewise.
        prompt: text around ``{text}``, in the place of the manifest's.
    """

    task: str = "translate"
    source_language: str | None = None
    target_language: str | None = None
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Tokens around those of a text.

    Attributes:
        prefix: in front of the source.
        suffix: behind the source.
        target_prefix: what the target begins with.
        start_given: whether the first of these takes the place of the engine's start token.
        decoding: fields of ``Decoding`` that the manifest sets for this job.
    """

    prefix: list[str]
    suffix: list[str]
    target_prefix: list[str]
    start_given: bool
    decoding: Mapping[str, Any]

    @classmethod
    def of(cls, manifest: Manifest, job: Job, tokenizer: Tokenizer) -> Frame:
        """The frame of a job.

        Raises:
            UsageError: the model does not do it, or needs to be told a language.
            InvalidModelError: the manifest's prompt is none.
        """
        recipe = manifest.tokenizer
        key, prompt = _prompt(manifest, job)
        languages = {
            "{from}": _token(manifest, recipe.source_tokens, job.source_language, "read", "--from"),
            "{to}": _token(manifest, recipe.target_tokens, job.target_language, "write", "--to"),
        }

        def fill(tokens: Iterable[str]) -> list[str]:
            filled = [languages.get(token, token) for token in tokens]
            return [token for token in filled if token]

        head, tail = tokenizer.encode(list(prompt))
        return cls(
            prefix=[*fill(recipe.prefix), *head],
            suffix=[*tail, *fill(recipe.suffix)],
            target_prefix=fill(recipe.target_start or recipe.target_prefix),
            start_given=bool(recipe.target_start),
            decoding=manifest.job_decoding.get(key) or manifest.job_decoding.get(job.task) or {},
        )


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
        raise UsageError(
            f"The model {manifest.name} needs {option}: it {verb}s {len(known)} languages",
            f"They are: {', '.join(sorted(known))}.",
        )
    code = match_language(language, known)
    if code is None:
        near = ", ".join(nearest_languages(language, known))
        raise UsageError(
            f"The model {manifest.name} does not {verb} {language!r}", f"The nearest are: {near}."
        )
    return tokens[code]


def _prompt(manifest: Manifest, job: Job) -> tuple[str, tuple[str, str]]:
    """The job's key in the manifest, and what stands in front of the text and behind it."""
    key = job.task
    pairs = [
        name.split(" ", 1)[1].partition(PAIR_SIGN)
        for name in (*manifest.prompts, *manifest.job_decoding)
        if name.startswith(f"{job.task} ")
    ]
    by_pair = job.source_language or job.target_language or job.task not in manifest.prompts
    if pairs and by_pair and not job.prompt:
        key = f"{job.task} {_pair(manifest, job, pairs)}"
    template = job.prompt or manifest.prompts.get(key) or manifest.prompts.get(job.task) or TEXT
    head, sign, tail = template.partition(TEXT)
    if not sign or TEXT in tail:
        error = UsageError if job.prompt else InvalidModelError
        raise error(f"The prompt {template!r} does not hold {TEXT} exactly once")
    names = {"{from}": job.source_language, "{to}": job.target_language}
    return key, (_named(head, names, manifest), _named(tail, names, manifest))


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
    raise UsageError(
        f"The model {manifest.name} needs --from and --to for one of its language pairs",
        f"They are: {known}.",
    )


def _named(text: str, names: Mapping[str, str | None], manifest: Manifest) -> str:
    for slot, language in names.items():
        if slot in text:
            if not language:
                option = "--from" if slot == "{from}" else "--to"
                raise UsageError(f"The model {manifest.name} needs {option}, a language")
            text = text.replace(slot, english_name(language))
    return text
