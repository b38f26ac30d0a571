"""``s2s models``: what is known, what is installed, and how to change that."""

from __future__ import annotations

__all__ = ["COMMANDS"]

COMMANDS: dict[str, tuple[str, str]] = {
    "list": ("s2scli.cli.models.show:list_models", "List known and installed models."),
    "show": ("s2scli.cli.models.show:show", "Show the details of a model."),
    "path": ("s2scli.cli.models.show:path", "Print the directory of an installed model."),
    "pull": ("s2scli.cli.models.change:pull", "Download a model from the hub and convert it."),
    "remove": ("s2scli.cli.models.change:remove", "Delete installed models."),
    "verify": ("s2scli.cli.models.change:verify", "Check the files of installed models."),
    "shortlist": ("s2scli.cli.models.shortlist:shortlist", "Make a model faster by a shortlist."),
    "default": ("s2scli.cli.models.change:default", "Choose the model for a task or languages."),
}
