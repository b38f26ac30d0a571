"""``s2s convert``."""

from __future__ import annotations

from pathlib import Path

import click

from s2scli.cli.console import Console
from s2scli.cli.install_options import (
    INSTALL_RULES,
    InstallCommand,
    InstallOptions,
    complete_known,
    install_options,
    is_files,
)
from s2scli.cli.installation import Beside, carry_out, check_name, convert_files, show_report
from s2scli.cli.numbers import Whole
from s2scli.cli.unused import Rule

MAX_LAYERS = 1000
__all__ = ["command"]


RULES = (
    *INSTALL_RULES,
    Rule(
        ("target_tokenizer", "encoder", "layer"),
        lambda given: is_files(given["model"]),
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
@click.option(
    "--encoder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Directory with config.json and the tokenizer of the encoder, for a checkpoint of COMET.",
)
@click.option(
    "--layer",
    type=Whole(0, MAX_LAYERS),
    help="Layer whose vectors BERTScore compares, for an encoder.  [default: the best one known]",
)
@install_options
def command(
    model: str,
    output: Path | None,
    name: str | None,
    target_tokenizer: Path | None,
    encoder: Path | None,
    layer: int | None,
    install: InstallOptions,
) -> None:
    """Convert a Hugging Face checkpoint so that it runs here.

    MODEL is a checkpoint's directory, a model of the hub (OWNER/NAME, or the address of its
    page), an alias of 's2s models list', or an archive (.tar.gz, .zip) of a directory: a file or
    its address (http, https). A directory may also hold files of Marian itself, such as the models
    of Firefox Translations, or ONNX files of others. A recurrent model of OpenNMT-py is one file
    (model.pt), and so is that of g2p_en (checkpoint20.npz).

    \b
    Examples:
      s2s convert ./my-marian -o de-en --quantization float32
      s2s convert google-t5/t5-small
    """
    console = Console(quiet=install.quiet, progress=True)
    if name is not None:
        check_name(name)
    if is_files(model):
        beside = Beside(target_tokenizer, encoder, layer)
        convert_files(model, output, name, beside, install, console)
        return
    _, report = carry_out(install.request(model, output, name or ""), console)
    if report:
        show_report(report, console)
