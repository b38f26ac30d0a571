"""A command that a server runs: in a process that has everything loaded, for the one that a user
started, with all that this one has: arguments, environment, directory, open files, signals.

The process that was started imports next to nothing of this room and of Python: that is the point.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["HANDED_OVER", "VARIABLE", "State"]

VARIABLE = "S2S_SERVER"  # the server's address
# The commands that a server runs.
HANDED_OVER = ("translate", "summarize", "answer", "generate")


class State:
    """What this process knows of servers.

    Attributes:
        arguments: the command line that it was started with; None if it was not started as ``s2s``,
            or a server has been asked already.
        reasons: why something that a server was asked for is done by this process.
    """

    arguments: Sequence[str] | None = None
    reasons: list[str] = []  # noqa: RUF012 - there is one process
