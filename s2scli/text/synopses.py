"""Synopses of commands: a shell's compound commands, and commands with what they may take.

``case WORD in [PATTERN [| PATTERN]...) COMMANDS ;;]... esac``, ``read [-ers] [name ...]``: each
character of them is what a user types, or a sign of how they are written
(https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap12.html).
"""

from __future__ import annotations

import re

__all__ = ["is_synopsis"]

_COMPOUND = re.compile(
    r"\s*(?:case\b[^\n]*\bin\b[^\n]*\)[^\n]*\besac|(?:for|while|until|select)\b[^\n]*;\s*do\b[^\n]*"
    r"\bdone|if\b[^\n]*;\s*then\b[^\n]*\bfi|\{ [A-Z]+ ; \}|\[\[ [a-z]+ \]\]|\(\( [a-z]+ \)\))\s*"
)
# What may be left out, four deep.
_INNER = r"\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]"
_GROUP = re.compile(rf"\[(?:[^\[\]\n]|\[(?:[^\[\]\n]|{_INNER})*\])*\](?:\.\.\.)?")
_OPTION = re.compile(r"\[--?[A-Za-z@]")
_OTHERS = re.compile(r"[a-z][\w.-]*(?:\s+(?:[a-z][\w.-]*|[A-Z_]+|<[^<>\n]+>|--?[\w-]+|\.\.\.|\|))*")
_WORD = re.compile(r"(?<!\S)[a-z][\w.-]*(?!\S)")
MOST_WORDS = 3  # beside what may be left out: a command and its own, as of git
LONGEST = 1000  # characters


def is_synopsis(text: str) -> bool:
    """Whether a line is the synopsis of a command, and nothing else."""
    if len(text) > LONGEST:
        return False
    if _COMPOUND.fullmatch(text):
        return True
    if not _OPTION.search(text):
        return False
    rest, groups = _GROUP.subn(" ", text)
    words = len(_WORD.findall(rest))
    return words <= (MOST_WORDS if groups > 1 else 1) and bool(_OTHERS.fullmatch(rest.strip()))
