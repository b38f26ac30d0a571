"""``s2s server``: the server whose models commands use."""

from __future__ import annotations

__all__ = ["COMMANDS"]

COMMANDS: dict[str, tuple[str, str]] = {
    "status": ("s2scli.cli.server.control:status", "Show whether a server runs, and its models."),
    "stop": ("s2scli.cli.server.control:stop", "End a server; what it is doing has half a minute."),
}
