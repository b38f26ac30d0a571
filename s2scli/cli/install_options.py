"""Options of the commands that install models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.console import Console
from s2scli.cli.options import OptionGroup, group, offline_option, quiet_option, registry_option
from s2scli.cli.sections import Command
from s2scli.cli.unused import Rule
from s2scli.disk.archivenames import is_archive
from s2scli.models.convert import QUANTIZATIONS
from s2scli.models.exported import TYPES

if TYPE_CHECKING:
    from s2scli.models.install import Request

__all__ = [
    "HUB_ONLY",
    "INSTALL_RULES",
    "InstallCommand",
    "InstallOptions",
    "complete_known",
    "install_options",
    "is_files",
]


def is_files(model: str) -> bool:
    """Whether a name is that of a directory, an archive or a file, not of a model of the hub."""
    return Path(model).exists() or model.startswith((".", "/")) or is_archive(model)


HUB_ONLY = Rule(
    ("revision", "keep_checkpoint", "accept_license", "offline", "registry"),
    lambda given: not any(map(is_files, _models(given))),
    "is for models of the hub, and MODEL is a directory or an archive",
)


INSTALL_RULES = (
    HUB_ONLY,
    Rule(
        ("quantization", "long_inputs"),
        lambda given: not given["onnx"],
        "is for weights that are converted, and --onnx takes files as they are",
    ),
)


def _models(given: Mapping[str, Any]) -> Sequence[str]:
    """The model, or the models, that a command is given."""
    return given["models"] if "models" in given else (given["model"],)


class InstallOptions(OptionGroup):
    """How a checkpoint becomes a model."""

    quantization: str
    onnx: str | None
    long_inputs: bool
    revision: str | None
    force: bool
    keep_checkpoint: bool
    accept_license: bool
    offline: bool
    registry: Path | None
    quiet: bool

    @property
    def stored(self) -> str:
        """How the model is stored: part of its directory's name in the store."""
        from s2scli.models.store import stored_as

        return stored_as(self.quantization, self.onnx, long_inputs=self.long_inputs)

    def request(self, name: str, target: Path | None = None, own_name: str = "") -> Request:
        """The request to install the model ``name`` of the hub or the registry."""
        from s2scli.models.install import Request

        return Request(
            name,
            revision=self.revision,
            quantization=self.quantization,
            target=target,
            own_name=own_name,
            force=self.force,
            keep_checkpoint=self.keep_checkpoint,
            accept_licence=self.accept_license,
            offline=self.offline,
            registry=self.registry,
            onnx=self.onnx,
            long_inputs=self.long_inputs,
        )


install_options = group(
    "install",
    InstallOptions,
    click.option(
        "--quantization",
        type=click.Choice(tuple(QUANTIZATIONS)),
        metavar="TYPE",
        default="int8",
        show_default=True,
        help="Type of the stored weights: int8, int8_float32, int16, float16, bfloat16 or float32.",
    ),
    click.option(
        "--onnx",
        type=click.Choice(tuple(TYPES)),
        metavar="TYPE",
        help="Take the ONNX files of a type, as they are: fp32, fp16, q8, int8, uint8, q4, q4f16 "
        "or bnb4.  [default: only where there are no other weights]",
    ),
    click.option(
        "--long-inputs",
        is_flag=True,
        help="Let BigBird-Pegasus read long texts in one piece, by ONNX Runtime.  [default: 704 "
        "tokens at a time, by CTranslate2]",
    ),
    click.option(
        "--revision",
        metavar="REV",
        help="Commit, branch or tag on the hub.  [default: the registry's, or the newest]",
    ),
    click.option("--force", is_flag=True, help="Replace a model that is already installed."),
    click.option(
        "--keep-checkpoint",
        is_flag=True,
        help="Keep the checkpoint in the hub's cache (HF_HOME).",
    ),
    click.option(
        "--accept-license",
        is_flag=True,
        help="Accept a non-commercial or undeclared license; needed once per model.",
    ),
    offline_option,
    registry_option,
    quiet_option,
)


class InstallCommand(Command):
    """A command whose ``-q`` was ``--quantization`` once, which is still read, with a warning."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read ``-q TYPE`` as ``--quantization TYPE``; ``-q`` alone means quiet, as everywhere."""
        return super().parse_args(ctx, list(_renamed(args)))


def _renamed(args: Sequence[str]) -> Iterator[str]:
    for index, arg in enumerate(args):
        if arg == "--":
            yield from args[index:]
            return
        after = args[index + 1] if arg == "-q" and index + 1 < len(args) else arg[2:]
        if arg.startswith("-q") and after in QUANTIZATIONS:
            console = Console()
            console.warn(
                "-q means --quiet now; its old meaning will be removed in the next "
                f"release. Write --quantization {after}."
            )
            yield "--quantization" if arg == "-q" else f"--quantization={after}"
        else:
            yield arg


def complete_known(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """Shell completion: the registry's aliases, then directories."""
    from click.shell_completion import CompletionItem

    from s2scli.models.registry import load_registry

    aliases = [alias for alias in load_registry() if alias.startswith(incomplete)]
    return [*map(CompletionItem, aliases), CompletionItem(incomplete, type="dir")]
