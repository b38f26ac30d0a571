"""``s2s models list``, ``show`` and ``path``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.console import Console
from s2scli.cli.install_options import complete_known
from s2scli.cli.jsontext import json_text
from s2scli.cli.options import REGISTRY_RULE, complete_model, registry_option
from s2scli.cli.sections import Command
from s2scli.data import TASKS

if TYPE_CHECKING:
    from s2scli.models.catalogue import Known

__all__ = ["list_models", "path", "show"]

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


@click.command("list", cls=Command)
@click.option(
    "--task",
    type=click.Choice(tuple(TASKS)),
    help="Only models for this task.",
)
@click.option("--from", "source", metavar="LANG", help="Only models that read this language.")
@click.option("--to", "target", metavar="LANG", help="Only models that write this language.")
@click.option("--installed", is_flag=True, help="Only installed models.")
@json_option
@registry_option
def list_models(
    task: str | None,
    source: str | None,
    target: str | None,
    installed: bool,
    as_json: bool,
    registry: Path | None,
) -> None:
    """List known and installed models.

    \b
    Example:
      s2s models list --task translate --from en --to fr
    """
    from s2scli.models.catalogue import known_models

    models = [
        model
        for model in known_models(registry)
        if model.fits(task, source, target) and (model.installed or not installed)
    ]
    if as_json:
        click.echo(json_text([_facts(model) for model in models], indent=2))
        return
    if not models:
        Console().say("no such model")
        return
    from s2scli.cli.tables import print_table

    columns = ("NAME", "TASKS", "LANGUAGES", "MILLIONS", "MB", "LICENSE", "INSTALLED", "ABOUT")
    print_table(columns, [_row(model) for model in models], right=("MILLIONS", "MB"))


def _row(model: Known) -> tuple[str, ...]:
    return (
        model.name,
        ", ".join(model.tasks),
        _languages(model.source_languages, model.target_languages),
        f"{model.parameters:,.1f}".removesuffix(".0") if model.parameters else "",
        f"{model.download:,.0f}" if model.download else "",
        model.licence,
        ", ".join(copy.manifest.quantization for copy in model.installed),
        model.about,
    )


def _languages(source: tuple[str, ...], target: tuple[str, ...]) -> str:
    def few(languages: tuple[str, ...]) -> str:
        return ",".join(languages) if len(languages) <= 3 else f"{len(languages)} languages"

    if source == target:
        return few(source)
    return f"{few(source) or 'any'}-{few(target) or 'any'}"


def _facts(model: Known) -> dict[str, Any]:
    return {
        "name": model.name,
        "about": model.about,
        "tasks": model.tasks,
        "from": model.source_languages,
        "to": model.target_languages,
        "licence": model.licence,
        "hub": model.hub,
        "parameters_millions": model.parameters,
        "download_megabytes": model.download,
        "installed": [
            {
                "directory": str(copy.directory),
                "quantization": copy.manifest.quantization,
                "revision": copy.manifest.revision,
                "bundled": copy.bundled,
            }
            for copy in model.installed
        ],
    }


@click.command("show", cls=Command, rules=(REGISTRY_RULE,))
@click.argument("model", type=click.Path(), shell_complete=complete_known)
@json_option
@registry_option
def show(model: str, as_json: bool, registry: Path | None) -> None:
    """Show the details of a model: an alias, a hub id or a model directory."""
    from s2scli.models.catalogue import describe

    facts = describe(model, registry)
    if as_json:
        click.echo(json_text(facts, indent=2))
        return
    from s2scli.cli.tables import print_table

    print_table(("", ""), [(_label(key), _text(value)) for key, value in facts.items()])


def _label(key: str) -> str:
    """What a key of the JSON form is called for people."""
    return key.replace("licence", "license").replace("_", " ")


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_text(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        simple = all(isinstance(item, str) for item in value)
        return (", " if simple else "\n").join(map(_text, value))
    return str(value)


@click.command("path", cls=Command, rules=(REGISTRY_RULE,))
@click.argument("model", type=click.Path(), shell_complete=complete_model)
@registry_option
def path(model: str, registry: Path | None) -> None:
    """Print the directory of an installed model."""
    from s2scli.models.store import Wish, find_model

    click.echo(find_model(Wish(model, registry=registry, option="")).directory)
