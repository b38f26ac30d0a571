"""Documents in several languages, translated into one: each by the model of its own language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from s2scli.documents import WRITTEN_AS, open_format
from s2scli.documents.base import FormatOptions
from s2scli.documents.reading import read_document
from s2scli.errors import InputOutputError, MissingInputError
from s2scli.inference.model import Model
from s2scli.languages.codes import english_name
from s2scli.tasks.bylanguage import LANGUAGE, MODEL, Interpreters, LineLanguage
from s2scli.tasks.document import DONE, FAILED, Outcome
from s2scli.tasks.folder import Outcomes, Plan
from s2scli.tasks.opening import failed, reason
from s2scli.tasks.targets import write
from s2scli.tasks.tree import DocumentJob

__all__ = ["plain_text", "translate_by_language"]


def translate_by_language(
    plan: Plan, interpreters: Interpreters, translate: Callable[[Plan, Model], Outcomes]
) -> Outcomes:
    """Translate the documents of a plan, those of one language after those of another.

    What is in the language of the output, or in an unknown one, is copied; what there is no model
    for fails.

    Args:
        plan: which documents.
        interpreters: which model translates which.
        translate: translates the documents of a plan by a model.

    Yields:
        The outcome of each document.

    Raises:
        InputOutputError: the disk is full.
    """
    parts: dict[str, list[DocumentJob]] = {}
    guessed: dict[DocumentJob, str] = {}
    for job in plan.jobs:
        try:
            text = plain_text(job.format, job.name, job.source)
            found = interpreters.verdict(text)
            if not found.taken:
                yield _kept(job, text, found)
                continue
        except InputOutputError:
            raise
        except OSError as error:
            why = MissingInputError(f"Cannot read {job.source}: {error.strerror}")
            yield failed(job, why)
            continue
        except Exception as error:
            yield failed(job, error)
            continue
        parts.setdefault(found.taken, []).append(job)
        if found.language != found.taken:
            guessed[job] = f"its language is unknown, and {english_name(found.taken)} was assumed"
    for language, jobs in parts.items():
        if model := interpreters.model(language):
            for outcome in translate(replace(plan, jobs=tuple(jobs)), model):
                note = guessed.get(outcome.job)
                yield replace(outcome, remarks=(note, *outcome.remarks)) if note else outcome


def plain_text(form: str, name: str, source: Path) -> str:
    """The text of a document, without its markup.

    Args:
        form: the name of its format.
        name: what it is called, for messages.
        source: where it is.

    Raises:
        BadInputError: it is not a document of this format.
        OSError: it cannot be read.
    """
    return read_document(open_format(form, FormatOptions()), name, source.read_bytes()).text


def _kept(job: DocumentJob, text: str, found: LineLanguage) -> Outcome:
    """The outcome of a document that is not translated."""
    if found.kept == MODEL:
        name = english_name(found.language)
        return Outcome(job, FAILED, f"no installed model translates it from {name}")
    try:
        if job.target != job.source:
            data = text.encode() if job.format in WRITTEN_AS else job.source.read_bytes()
            write(data, job)
    except InputOutputError:
        raise
    except Exception as error:
        return Outcome(job, FAILED, reason(job, error, "written"))
    note = (
        "its language is unknown, and it stays as it is: name it with --from-default"
        if found.kept == LANGUAGE
        else "it is in the language of the output, and stays as it is"
    )
    return Outcome(job, DONE, remarks=(note,) if found.kept else ())
