"""``s2s memory``: what a translation memory holds, and what goes in and out."""

from __future__ import annotations

__all__ = ["COMMANDS"]

COMMANDS: dict[str, tuple[str, str]] = {
    "show": ("s2scli.cli.memory.show:show", "Show what a memory holds, or search it."),
    "prune": ("s2scli.cli.memory.show:prune", "Remove old or unused entries."),
    "export": ("s2scli.cli.memory.transfer:export", "Write a memory as TMX, TSV or JSON lines."),
    "import": ("s2scli.cli.memory.transfer:import_", "Add translations of people: TMX, TSV."),
}
