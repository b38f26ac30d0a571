"""``s2s convert``."""

from __future__ import annotations

from pathlib import Path

import click

from s2scli.cli.console import Console
from s2scli.cli.install_options import (
    InstallCommand,
    InstallOptions,
    complete_known,
    install_options,
)
from s2scli.cli.installation import carry_out, show_report, shown_progress
from s2scli.cli.unused import Rule

__all__ = ["command"]


def _is_directory(model: str) -> bool:
    return Path(model).is_dir() or model.startswith((".", "/"))


RULES = (
    Rule(
        ("revision", "keep_checkpoint", "accept_license", "offline", "registry"),
        lambda given: not _is_directory(given["model"]),
        "is for models of the hub, and MODEL is a directory",
    ),
    Rule(
        ("target_tokenizer",),
        lambda given: _is_directory(given["model"]),
        "is for a checkpoint's directory, and MODEL is one of the hub",
    ),
)


@click.command("convert", cls=InstallCommand, rules=RULES)
@click.argument("model", type=click.Path(), shell_complete=complete_known)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Model directory to write.  [default: in the store]",
)
@click.option("--name", help="Name of the model.  [default: the alias, or the directory's]")
@click.option(
    "--target-tokenizer",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Directory with the tokenizer of the target, for a MODEL directory that has two (such as "
    "BERT2GPT2).",
)
@install_options
def command(
    model: str,
    output: Path | None,
    name: str | None,
    target_tokenizer: Path | None,
    install: InstallOptions,
) -> None:
    """Convert a Hugging Face checkpoint so that it runs here.

    MODEL is a checkpoint's directory, a model of the hub (OWNER/NAME, or the address of its
    page) or an alias of 's2s models list'. A directory may also hold files of Marian itself.

    \b
    Examples:
      s2s convert ./my-marian -o de-en --quantization float32
      s2s convert google-t5/t5-small
    """
    console = Console(quiet=install.quiet, verbose=False, progress=True)
    if _is_directory(model):
        _convert_directory(Path(model), output, name, target_tokenizer, install, console)
        return
    _, report = carry_out(install.request(model, output, name or ""), console)
    if report:
        show_report(report, console)


def _convert_directory(
    source: Path,
    output: Path | None,
    name: str | None,
    target_tokenizer: Path | None,
    install: InstallOptions,
    console: Console,
) -> None:
    from s2scli.models.convert.location import locate
    from s2scli.models.convert.run import Labels, convert
    from s2scli.models.store import model_directory

    place = locate(source)
    name = name or (output.resolve().name if output else place.hub_id or source.resolve().name)
    with shown_progress(console) as tell:
        report = convert(
            source,
            output or model_directory(name, place.revision, install.quantization),
            quantization=install.quantization,
            force=install.force,
            labels=Labels(name=name),
            target_tokenizer=target_tokenizer,
            progress=lambda share: tell("converting", share, 1.0),
        )
    show_report(report, console)
