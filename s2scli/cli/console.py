"""What a person sees beside the results, on stderr: errors, warnings, notes, questions, tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from s2scli.cli.printable import printable_line

__all__ = ["Console"]


class Console:
    """All that a command says on stderr, but for the displays of progress.

    Characters that could steer a terminal are shown as they are written. If nobody reads stderr
    any more, ``BrokenPipeError`` is raised; if it cannot be written, the run goes on.

    Args:
        quiet: only errors.
        verbose: notes as well as warnings.
        progress: whether a progress display is allowed.
    """

    def __init__(
        self, *, quiet: bool = False, verbose: bool = False, progress: bool = False
    ) -> None:
        self._quiet = quiet
        self._verbose = verbose and not quiet
        terminal = sys.stderr is not None and sys.stderr.isatty()
        dumb = os.environ.get("TERM") == "dumb"
        self.has_display = progress and not quiet and terminal and not dumb
        # Results that scroll by on the same terminal are progress enough.
        self.shows_progress = self.has_display and not _is_terminal(1)

    def fail(self, message: str) -> None:
        """What went wrong; said in any case."""
        _write(f"s2s: {printable_line(message)}\n")

    def warn(self, message: str) -> None:
        """Something that may be wrong with the input, the options or the output."""
        self.say(f"warning: {message}")

    def say(self, message: str) -> None:
        """Something that a person should know."""
        if not self._quiet:
            self.fail(message)

    def note(self, message: str) -> None:
        """Something for those who asked for more with -v."""
        if self._verbose:
            self.say(message)

    def help(self, text: str) -> None:
        """The help of a command that was started without what it needs."""
        _write(f"{text}\n")

    def table(
        self, columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()
    ) -> None:
        """Rows under a heading; see ``tables.print_table``."""
        if not self._quiet:
            from s2scli.cli.tables import drawn

            _write(drawn(columns, rows, sys.stderr, right))

    def ask(self, question: str) -> bool:
        """Whether a person agrees; a pipe is not asked, and agrees to nothing."""
        if self._quiet or not (sys.stderr and sys.stderr.isatty() and _is_terminal(0)):
            return False
        import click

        return click.confirm(printable_line(question), err=True)

    def hint_at_terminal(self, names: Sequence[str]) -> None:
        """Tell a person who might wait for us that we wait for them."""
        if "-" in names and _is_terminal(0):
            self.say("reading from the terminal; end with Ctrl-D")


def _write(text: str) -> None:
    try:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
    except BrokenPipeError:
        raise
    except OSError:  # a message that cannot be written is no reason to lose the results
        return


def _is_terminal(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False
