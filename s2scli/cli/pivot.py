"""Translation through another language: the model before the model."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from s2scli.cli.options import ModelOptions

if TYPE_CHECKING:
    from s2scli.cli.console import Console
    from s2scli.cli.running import RunOptions
    from s2scli.session import Session

__all__ = ["lead_in", "two_models"]


def two_models(options: ModelOptions, via: str) -> tuple[ModelOptions, ModelOptions]:
    """What the options ask of the first model, and of the second.

    Raises:
        UsageError: they do not go together.
    """
    from s2scli.models.pivots import two_wishes
    from s2scli.models.store import Wish

    wish = Wish(options.model, "translate", options.source_language, options.target_language)
    found = []
    for asked in two_wishes(wish, via):
        one = copy(options)
        one.model = asked.name
        one.source_language, one.target_language = asked.source_language, asked.target_language
        found.append(one)
    return found[0], found[1]


def lead_in(session: Session, options: ModelOptions, run: RunOptions, console: Console) -> None:
    """Load the model whose outputs another one is to translate, and have it decode as that does.

    Args:
        session: the other one.
        options: which model.
        run: how it decodes, and its arithmetic.
        console: for questions and notes.

    Raises:
        UsageError: an option of the search is out of range.
    """
    from s2scli.cli.installation import obtain_model
    from s2scli.inference.frame import Job
    from s2scli.tasks.pivot import with_search

    found = obtain_model(options, "translate", console)
    job = Job("translate", options.source_language, options.target_language)
    session.follow(found, job, run.device.compute_type)
    session.model = with_search(session.model, run.search.given())
    manifest = found.manifest
    console.note(f"before it: model {manifest.name} ({manifest.parameters / 1e6:.1f}M parameters)")
