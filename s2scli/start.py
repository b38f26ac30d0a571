"""The command ``s2s``: run by a server that has all loaded, if one is named, else by this process.

A command that is handed over imports neither click nor anything else of the command line.
"""

from __future__ import annotations

import os
import sys

from s2scli.handover import HANDED_OVER, VARIABLE, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

OPTION = "--server"
# The standard streams, and how what stands for a closed one is opened: reading a closed input and
# writing to a closed output fail, and messages go nowhere.
STREAMS = (("stdin", "r", os.O_WRONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY))


def main() -> None:
    """Run ``s2s`` and end the process with its exit code; or by Ctrl-C, from the first moment."""
    try:
        _open_streams()
        _start()
    except KeyboardInterrupt:  # signals are not handled yet
        import signal

        from s2scli.signals import die_by

        die_by(signal.SIGINT)


def _open_streams() -> None:
    """Let something stand for standard streams that are closed (``>&-``).

    Else the next file that is opened gets the number of one, and what is meant for it; and what is
    printed is lost without a word, or ends in a traceback, for Python has None instead.
    """
    for number, (name, mode, flags) in enumerate(STREAMS):
        if getattr(sys, name) is None:
            found = os.open(os.devnull, flags)
            if found != number:
                os.dup2(found, number)
                os.close(found)
            os.set_inheritable(number, True)  # a server that takes the command over gets it too
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _start() -> None:
    State.arguments = sys.argv
    if sys.argv[1:2] and sys.argv[1] in HANDED_OVER and (address := _address(sys.argv[2:])):
        _hand_over(address)
    from s2scli.cli.main import main as run

    run()


def _address(arguments: Sequence[str]) -> str:
    """The server that the last ``--server`` names, or the environment; empty if none is named."""
    address = os.environ.get(VARIABLE, "")
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == OPTION:
            address = "".join(arguments[place + 1 : place + 2])
        elif argument.startswith(f"{OPTION}="):
            address = argument.partition("=")[2]
    return address


def _hand_over(address: str) -> None:
    """Let a server run the command; returns if this process is to run it."""
    from s2scli.errors import S2SError
    from s2scli.handover.addresses import require_linux

    try:
        require_linux()
        from s2scli.handover.client import hand_over

        hand_over(address, sys.argv)
    except S2SError as error:
        from s2scli.cli.console import Console

        Console().fail(str(error))
        os._exit(error.exit_code)
