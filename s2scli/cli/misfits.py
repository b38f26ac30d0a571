"""What the user asks of a model that it was not made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from s2scli.cli.console import Console

if TYPE_CHECKING:
    from s2scli.inference.frame import Job
    from s2scli.models.manifest import Manifest

__all__ = ["warn_of_misfits"]


def warn_of_misfits(manifest: Manifest, job: Job, console: Console, *, via: bool) -> None:
    """Say that a model was trained for other tasks, and which languages it is not told.

    Args:
        manifest: the model's.
        job: what is asked of it.
        console: where to say it.
        via: whether it is the second of two models, which have languages of their own.
    """
    if job.task not in manifest.tasks and job.task != "generate":
        console.warn(f"{manifest.name} was trained for: ({', '.join(manifest.tasks)})")
    if not via:
        _warn_of_untold(manifest, job, console)


def _warn_of_untold(manifest: Manifest, job: Job, console: Console) -> None:
    """Say which languages of a job reach the model in no way: by no token and by no prompt."""
    from s2scli.data import TASKS

    recipe = manifest.tokenizer
    prompt = job.prompt
    if prompt is None:
        if any(key.startswith(f"{job.task} ") for key in manifest.prompts):
            return  # a prompt was chosen by the languages
        prompt = manifest.prompts.get(job.task) or TASKS[job.task].prompt
    sides = (
        ("from", job.source_language, manifest.source_languages or recipe.source_tokens),
        ("to", job.target_language, manifest.target_languages or recipe.target_tokens),
    )
    for slot, language, known in sides:
        if language and not known and f"{{{slot}}}" not in prompt:
            console.warn(
                f"--{slot} {language} does not reach the model: {manifest.name} does not say which "
                f"languages it knows, and the prompt has no {{{slot}}}"
            )
