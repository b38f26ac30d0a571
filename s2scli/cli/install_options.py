"""Options of the commands that install models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.options import group, offline_option, registry_option
from s2scli.models.convert import QUANTIZATIONS

if TYPE_CHECKING:
    from s2scli.models.install import Request

__all__ = ["InstallOptions", "complete_known", "install_options"]


@dataclass(frozen=True, slots=True)
class InstallOptions:
    """How a checkpoint becomes a model."""

    quantization: str
    revision: str | None
    force: bool
    keep_checkpoint: bool
    accept_license: bool
    offline: bool
    registry: Path | None
    quiet: bool

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
        )


install_options = group(
    "install",
    InstallOptions,
    click.option(
        "-q",
        "--quantization",
        type=click.Choice(tuple(QUANTIZATIONS)),
        default="int8",
        show_default=True,
        help="How to store the weights.",
    ),
    click.option(
        "--revision",
        metavar="REV",
        help="Commit, branch or tag on the hub.  [default: the registry's, else the newest]",
    ),
    click.option("--force", is_flag=True, help="Replace a model that is there already."),
    click.option(
        "--keep-checkpoint",
        is_flag=True,
        help="Fetch into the hub's cache (HF_HOME) and leave the checkpoint there.",
    ),
    click.option(
        "--accept-license",
        is_flag=True,
        help="Accept a non-commercial or undeclared licence; once for each model.",
    ),
    offline_option,
    registry_option,
    click.option("--quiet", is_flag=True, help="Print errors only."),
)


def complete_known(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """Shell completion: the registry's aliases, then directories."""
    from click.shell_completion import CompletionItem

    from s2scli.models.registry import load_registry

    aliases = [alias for alias in load_registry() if alias.startswith(incomplete)]
    return [*map(CompletionItem, aliases), CompletionItem(incomplete, type="dir")]
