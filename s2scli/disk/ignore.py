"""Files that say what of their folders is to be left out, in the form of ``.gitignore``.

The form is that of https://git-scm.com/docs/gitignore.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from s2scli.errors import BadInputError, MissingInputError

__all__ = ["Ignored"]

_CLASS = re.compile(r"\[([!^]?)(\]?(?:\\.|[^\]\\])*)\]")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern of a folder's."""

    pattern: re.Pattern[str]
    folders_only: bool
    taken: bool  # whether what matches is taken again (``!``)


class Ignored:
    """What the ignore files of a folder and of those around it leave out.

    Args:
        name: what the files are called.
        around: what is left out of the folder around this one.
        below: the path from there to here.
    """

    def __init__(self, name: str, around: Ignored | None = None, below: str = "") -> None:
        self._name = name
        self._around = around
        self._below = below
        self._rules: list[_Rule] = []

    def inside(self, folder: Path, below: str = "") -> Ignored:
        """The same within a folder of this one, with what that says itself.

        Raises:
            MissingInputError: its ignore file cannot be read.
            BadInputError: it is not UTF-8.
        """
        inner = Ignored(self._name, self, below)
        path = folder / self._name
        try:
            data = path.read_bytes() if path.is_file() else b""
        except OSError as error:
            raise MissingInputError(f"Cannot read {path}: {error.strerror}") from error
        inner._rules = list(_rules(_text(path, data)))
        return inner

    def leaves_out(self, path: str, *, is_folder: bool) -> bool:
        """Whether a file or a folder is left out; in the latter case all that is in it, too.

        Args:
            path: below this folder, with slashes.
            is_folder: whether it is a folder.
        """
        here: Ignored | None = self
        while here is not None:
            for rule in reversed(here._rules):
                if (is_folder or not rule.folders_only) and rule.pattern.fullmatch(path):
                    return not rule.taken
            path = str(PurePosixPath(here._below) / path)
            here = here._around
        return False


def _text(path: Path, data: bytes) -> str:
    """The text of an ignore file: what is misread would leave nothing out."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInputError(
            f"{path}: line {line} is not UTF-8 (0x{data[error.start]:02x})", "Save it as UTF-8."
        ) from None
    if "\0" in text:
        raise BadInputError(f"{path} holds NUL: it is binary or UTF-16", "Save it as UTF-8.")
    return text


def _rules(text: str) -> Iterator[_Rule]:
    for line in text.removeprefix("\ufeff").split("\n"):
        line = line.rstrip("\r")
        bare = re.sub(r"(?<!\\)((?:\\\\)*) +\Z", r"\1", line)
        if not bare or bare.startswith("#"):
            continue
        taken = bare.startswith("!")
        bare = bare[taken:]
        folders_only = bare.endswith("/")
        bare = bare[: len(bare) - folders_only]
        if not bare:
            continue
        # A pattern with a slash counts from its folder on; another matches names anywhere below.
        anchored = "/" in bare
        expression = _expression(bare.removeprefix("/"))
        yield _Rule(
            re.compile(expression if anchored else f"(?:.*/)?{expression}", re.DOTALL),
            folders_only,
            taken,
        )


def _expression(pattern: str) -> str:
    parts, position = [], 0
    while position < len(pattern):
        sign = pattern[position]
        found = _CLASS.match(pattern, position) if sign == "[" else None
        if pattern.startswith("**/", position) and pattern[position - 1 : position] in ("", "/"):
            parts.append("(?:[^/]+/)*")
            position += 3
        elif pattern[position:] == "**" and pattern[position - 1 : position] == "/":
            parts.append(".+")
            position += 2
        elif sign == "*":
            while pattern.startswith("*", position):
                position += 1
            parts.append("[^/]*")
        elif sign == "?":
            parts.append("[^/]")
            position += 1
        elif found:
            inner = found[2].replace("[", r"\[").replace("^", r"\^")
            parts.append(f"(?!/)[{'^' if found[1] else ''}{inner}]")
            position = found.end()
        elif sign == "\\" and position + 1 < len(pattern):
            parts.append(re.escape(pattern[position + 1]))
            position += 2
        else:
            parts.append(re.escape(sign))
            position += 1
    return "".join(parts)
