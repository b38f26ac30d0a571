"""``s2s convert``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]

QUANTIZATIONS = ("int8", "int8_float32", "int16", "float16", "bfloat16", "float32")


@click.command("convert")
@click.argument("checkpoint", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The model directory to write; it appears when it is complete.",
)
@click.option(
    "-q",
    "--quantization",
    type=click.Choice(QUANTIZATIONS),
    default="int8",
    show_default=True,
    help="How to store the weights.",
)
@click.option("--name", help="The model's name.  [default: the output directory's]")
@click.option("--force", is_flag=True, help="Replace a model that is there already.")
@click.option("--quiet", is_flag=True, help="Print errors only.")
def command(
    checkpoint: Path, output: Path, quantization: str, name: str | None, force: bool, quiet: bool
) -> None:
    """Convert a Hugging Face checkpoint directory to a model directory.

    \b
    Example:
      s2s convert opus-mt-de-en/ -o de-en -q int8
      s2s translate -m ./de-en letters.txt
    """
    from s2scli.models.convert.run import convert

    report = convert(checkpoint, output, quantization=quantization, force=force, name=name or "")
    if not quiet:
        click.echo(
            f"s2s: {report.directory}: {report.manifest.family}, "
            f"{report.manifest.parameters / 1e6:.1f}M parameters, {quantization}, "
            f"{report.checkpoint_bytes / 1e6:.1f} MB → {report.model_bytes / 1e6:.1f} MB",
            err=True,
        )
