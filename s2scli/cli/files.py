"""Inputs and outputs as files: what is read as it comes, what is written whole or not at all."""

from __future__ import annotations

import errno
import os
import select
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path

from s2scli.cli.jsontext import json_text
from s2scli.errors import InputOutputError, MissingInputError, UsageError, write_error
from s2scli.signals import held
from s2scli.text.reading import GZIP_NAME, STANDARD_INPUT, STDIN, Read

__all__ = [
    "STDIN",
    "Output",
    "check_inputs",
    "input_bytes",
    "open_inputs",
    "open_output",
    "open_page",
    "own_descriptor",
    "refuse_mixed",
    "write_report",
]

READ_BYTES = 1 << 18
# Where names stand for descriptors of this process. A file behind one is written to as it is open,
# since it may have what others wrote; another file in its place would lose that.
DESCRIPTORS = ("/dev/fd/", "/proc/self/fd/")
STANDARD = {"/dev/stdout": 1, "/dev/stderr": 2}
Source = tuple[str, Read]


def check_inputs(names: Sequence[str], output: Path | None) -> None:
    """Refuse what cannot work before any work is done.

    Raises:
        MissingInputError: an input is missing, unreadable or a directory.
        UsageError: standard input is named twice, or the output is an input.
    """
    if list(names).count(STDIN) > 1:
        raise UsageError("Standard input ('-') can be read only once")
    for name in names:
        if name == STDIN:
            continue
        path = Path(name)
        if path.is_dir():
            raise MissingInputError(f"{name} is a directory", "Name the text files in it.")
        if not path.exists():
            raise MissingInputError(f"There is no file {name}")
        if not os.access(path, os.R_OK):
            raise MissingInputError(
                f"{name} cannot be read: no permission", "Check its permissions."
            )
        if output and output.is_file() and output.samefile(path):
            raise UsageError(f"{name} is both input and output", "Choose another file for -o.")


def open_inputs(names: Sequence[str]) -> Iterator[Source]:
    """Open the inputs one after the other: name and a function that reads what is there."""
    for name in names:
        if name == STDIN:
            yield STANDARD_INPUT, lambda: _read(0, STANDARD_INPUT)
            continue
        try:
            descriptor = os.open(name, os.O_RDONLY)
        except OSError as error:
            raise MissingInputError(f"Cannot open {name}: {error.strerror}") from error
        try:
            yield name, partial(_read, descriptor, name)
        finally:
            os.close(descriptor)


def input_bytes(names: Sequence[str]) -> int | None:
    """The size of all inputs together, or None if one is not a regular file, or is packed."""
    total = 0
    for name in names:
        try:
            status = os.fstat(0) if name == STDIN else os.stat(name)
        except OSError:
            return None
        if not stat.S_ISREG(status.st_mode) or name.endswith(GZIP_NAME):
            return None
        total += status.st_size - (os.lseek(0, 0, os.SEEK_CUR) if name == STDIN else 0)
    return total


def _read(descriptor: int, name: str) -> bytes:
    while True:
        try:
            return os.read(descriptor, READ_BYTES)
        except BlockingIOError:
            select.select([descriptor], [], [])
        except OSError as error:
            kind = MissingInputError if error.errno == errno.EBADF else InputOutputError
            raise kind(f"Cannot read {name}: {error.strerror}") from error


class Output:
    """A file descriptor that takes whole lines.

    Args:
        descriptor: where to write.
        name: for messages.
    """

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor = descriptor
        self._name = name
        self._poll = select.poll()
        self._poll.register(descriptor, 0)

    def write(self, text: str) -> None:
        """Write all of it before a signal is heard.

        Raises:
            BrokenPipeError: the reader has gone.
            InputOutputError: the disk is full, or the like.
        """
        # Names of files that are not UTF-8 have halves of characters.
        data = memoryview(text.encode(errors="backslashreplace"))
        with held():
            while data:
                try:
                    data = data[os.write(self._descriptor, data) :]
                except BlockingIOError:
                    select.select([], [self._descriptor], [])
                except BrokenPipeError:
                    raise
                except OSError as error:
                    problem = f"Cannot write {self._name}: {error.strerror}"
                    raise InputOutputError(problem) from error

    def check(self) -> None:
        """Notice a reader that has gone although there is nothing to write.

        Raises:
            BrokenPipeError: it has gone.
        """
        if any(event & select.POLLERR for _, event in self._poll.poll(0)):
            raise BrokenPipeError


@contextmanager
def open_output(path: Path | None) -> Iterator[Output]:
    """Standard output, or a file that appears only when the block ends well.

    Raises:
        CannotCreateError: the file cannot be created.
        InputOutputError: it cannot be written.
        UsageError: it is not a local file, or named as a packed one.
    """
    if path is not None and not isinstance(path, Path):
        raise UsageError(f"{path} is not a local file", "Only documents are written there.")
    if path is not None and path.name.endswith(GZIP_NAME):
        raise UsageError(
            f"{path} would not be packed", f"Name it without {GZIP_NAME}, or write to: | gzip > …"
        )
    if path is None or str(path) == STDIN:
        yield Output(1, "standard output")
    elif (descriptor := own_descriptor(path)) is not None:
        yield Output(descriptor, str(path))
    elif path.exists() and not path.is_file():
        yield from _special(path)
    else:
        yield from _whole(path.resolve())


def own_descriptor(path: Path) -> int | None:
    """The descriptor of this process that a path names, if it is open; else None."""
    name = str(path)
    number = next((name.removeprefix(root) for root in DESCRIPTORS if name.startswith(root)), "")
    descriptor = int(number) if number.isdecimal() else STANDARD.get(name)
    return descriptor if descriptor is not None and path.exists() else None


def open_page(path: Path | None) -> AbstractContextManager[Output | None]:
    """The file of a page for browsers, which appears when it is whole; nothing without a path.

    Raises:
        CannotCreateError: the file cannot be created.
        InputOutputError: it cannot be written.
        UsageError: it is standard output.
    """
    if path is None:
        return nullcontext()
    if str(path) == STDIN:
        raise UsageError("--html cannot be standard output", "Name a file.")
    return open_output(path)


def refuse_mixed(report: Path | None, output: Path | None) -> None:
    """Refuse a report on standard output beside results, which would no longer be theirs alone.

    Raises:
        UsageError: both are to go there.
    """
    if str(report) == STDIN and (output is None or str(output) == STDIN):
        raise UsageError("--report and the results cannot both be standard output", "Name a file.")


def write_report(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON object, whole or not at all.

    Raises:
        CannotCreateError: the file cannot be created.
        InputOutputError: it cannot be written.
    """
    with open_output(path) as output:
        output.write(json_text(content, indent=2) + "\n")


def _special(path: Path) -> Iterator[Output]:
    """A device or a pipe: nothing to replace."""
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except OSError as error:
        raise write_error(f"Cannot write {path}", error) from error
    try:
        yield Output(descriptor, str(path))
    finally:
        os.close(descriptor)


def _whole(path: Path) -> Iterator[Output]:
    from s2scli.disk.atomic import whole_file

    with whole_file(path) as descriptor:
        yield Output(descriptor, str(path))
