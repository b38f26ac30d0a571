"""Changes of files as programs write them: where they are over, line by line.

``diff -u`` and git (https://git-scm.com/docs/diff-format, binary patches included), ``diff -c`` and
the normal form of ``diff`` (https://www.gnu.org/software/diffutils/manual/html_node/Output-Formats.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["CHANGES", "CHANGE_SIGNS", "changes_end"]

_RANGE = r"\d{1,9}(?:,\d{1,9})?"
# What one of their lines has, wherever they are.
CHANGE_SIGNS = rf"@@ -\d|diff -|Index: |\*{{15}}|GIT binary patch|{_RANGE}[acd]{_RANGE}[ \t\r]*$"
_PREFIX = r"[ \t>]*"  # of a text that is quoted, or moved in
# Where they begin, behind the start of a line.
CHANGES = (
    rf"(?P<prefix>{_PREFIX})(?=@@ -\d|diff -|Index: |--- [^\n]*\n{_PREFIX}\+\+\+ |"
    rf"\*\*\* [^\n]*\n{_PREFIX}--- [^\n]*\n{_PREFIX}\*{{15}}|\*{{15}}[ \t\r]*\n{_PREFIX}\*\*\* \d|"
    r"GIT binary patch|"
    rf"{_RANGE}(?:[cd]{_RANGE}[ \t\r]*\n{_PREFIX}<|a{_RANGE}[ \t\r]*\n{_PREFIX}>) )"
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HEADER = re.compile(
    r"diff -|index [\da-f]+(?:,[\da-f]+)*\.\.[\da-f]+|(?:new|deleted) file mode \d|"
    r"(?:old|new) mode \d|(?:dis)?similarity index \d|(?:rename|copy) (?:from|to) |"
    r"Binary files .* differ|Index: |={20,}\s*$|(?:---|\+\+\+|\*\*\*) |GIT binary patch$|Only in "
)
_UNIFIED = re.compile(r"@@ -\d+(?:,(\d{1,9}))? \+\d+(?:,(\d{1,9}))? @@")
_CONTEXT = re.compile(
    r"(?:\*\*\* (\d{1,9})(?:,(\d{1,9}))? \*{4}|--- (\d{1,9})(?:,(\d{1,9}))? -{4})$"
)
_NORMAL = re.compile(r"(\d{1,9})(?:,(\d{1,9}))?([acd])(\d{1,9})(?:,(\d{1,9}))?$")
_BINARY = re.compile(r"(?:literal|delta) \d+$")
_CODED = re.compile(r"[A-Za-z][!-~]{5,66}$")


def changes_end(text: str, start: int, prefix: str) -> int:
    """Where changes are over that begin somewhere; there if they are none.

    Args:
        text: the text.
        start: where the first line begins.
        prefix: what stands before each line.
    """
    reader = _Reader()
    reached = start
    for line, end in _lines(text, start, prefix):
        if not reader.takes(line):
            break
        reached = end
    return reached if reader.hunks or reader.headers > 1 else start


def _lines(text: str, start: int, prefix: str) -> Iterator[tuple[str, int]]:
    """The lines without their prefix, and where each ends."""
    for line in _LINE.finditer(text, start):
        says = line[0].rstrip("\r\n")
        says = says[len(prefix) :] if says.startswith(prefix) else says.lstrip(" \t>")
        yield says, line.end()


def _size(first: str, last: str | None) -> int:
    """How many lines there are from one to another."""
    return max(1, int(last or first) - int(first) + 1)


class _Reader:
    """Reads changes line by line.

    Attributes:
        hunks: how many of them came.
        headers: how many lines before them.
    """

    def __init__(self) -> None:
        self.hunks = self.headers = 0
        self._left: dict[str, int] = {}  # lines of a hunk that may come, by the signs of such
        self._is_open = False  # whether the hunk may be shorter
        self._is_coded = False

    def takes(self, line: str) -> bool:
        """Whether a line is of the changes."""
        is_next = self._is_open and _CONTEXT.match(line)
        if not is_next and any(left > 0 for left in self._left.values()):
            if self._of_hunk(line):
                return True
            if not self._is_open:
                return False
        if self._is_coded and (not line or _CODED.match(line)):
            self._is_coded = bool(line)
            return True
        return self._begins(line.rstrip()) or (self.hunks > 0 and line.startswith("\\ "))

    def _of_hunk(self, line: str) -> bool:
        sign = line[:1] or " "
        kinds = [signs for signs in self._left if sign in signs]
        for signs in kinds:
            self._left[signs] -= 1
        return bool(kinds) or sign == "\\" or (line == "---" and "<" in self._left)

    def _begins(self, line: str) -> bool:
        """Whether a line is before a hunk, or begins one."""
        self._is_open = False
        if hunk := _UNIFIED.match(line):
            old, new = (int(size) if size else 1 for size in hunk.groups())
            self._left = {" -": old, " +": new}
        elif hunk := _CONTEXT.match(line):
            size = _size(hunk[1] or hunk[3], hunk[2] or hunk[4])
            self._left = {" !-" if hunk[1] else " !+": size}
            self._is_open = True  # what has not changed is left out
        elif hunk := _NORMAL.match(line):
            old, new, kind = _size(hunk[1], hunk[2]), _size(hunk[4], hunk[5]), hunk[3]
            self._left = {"<": old if kind != "a" else 0, ">": new if kind != "d" else 0}
        elif _BINARY.match(line):
            self._is_coded = True
        elif (_HEADER.match(line) and line != "--") or re.fullmatch(r"\*{15}.*", line):
            self.headers += not line.startswith("***")  # those are around titles, too
            self._left = {}
            return True
        else:
            return False
        self.hunks += 1
        return True
