"""Messages with what is said about them, in JSON, YAML and TOML: their dialects, by their shape.

``{"hello": {"message": "Hello", "description": "On the first page"}}`` is Chrome's and VS Code's;
FormatJS, go-i18n, gotext, Lingui, POEditor and their kin have other keys. Of each entry the message
is text, and what is beside it is for those who translate, or for programs. What FormatJS compiles
has its messages as trees (``[{"type": 0, "value": "Hello "}, {"type": 1, "value": "name"}]``),
whose literals are text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from s2scli.documents.fields import Path

__all__ = ["MessageFile", "Values"]

Values = Iterable[tuple[Path, str]]


class _Dialect(NamedTuple):
    """How the entries of a file look.

    Attributes:
        name: whose they are.
        texts: the keys of an entry whose values are texts.
        notes: its other keys.
        sure: one of these that is in each such file, where the others are also elsewhere.
    """

    name: str
    texts: frozenset[str]
    notes: frozenset[str]
    sure: str = ""


def _dialect(name: str, texts: str, notes: str, sure: str = "") -> _Dialect:
    return _Dialect(name, frozenset(texts.split()), frozenset(notes.split()), sure)


_DIALECTS = (
    _dialect("Chrome or VS Code", "message", "description placeholders hash meaning comment"),
    _dialect("FormatJS", "defaultMessage", "id description file"),
    _dialect("FormatJS", "string", "developer_comment context"),
    _dialect("FormatJS or go-i18n", "translation", "id notes context"),
    _dialect("Lokalise", "translation", "notes context limit"),
    _dialect(
        "POEditor",
        "definition",
        "term context term_plural reference comment obsolete fuzzy",
        "term_plural",
    ),
    _dialect(
        "go-i18n",
        "zero one two few many other",
        "id hash description leftDelim rightDelim",
    ),
    _dialect(
        "gotext or Lingui",
        "message translation",
        "id key meaning translatorComment comment comments description placeholders position "
        "origin extractedComments context flags",
    ),
)
_LANGUAGE = (("language",), ("locale",))  # paths to what a whole file is in
_LITERAL, _POUND, _TAG = 0, 7, 8  # the types of elements in FormatJS's trees
_COMPILED = _dialect("FormatJS, compiled", "value", "")
_LIKELY = re.compile(
    r"\b(?:message|defaultMessage|string|translation|definition|other)\b|[\"']type[\"']\s*:"
)
_NOTE = re.compile(
    r"\b(?:description|placeholders|hash|meaning|comments?|file|id|developer_comment|context|notes|term)\b"
    r"|[\"']type[\"']\s*:"
)


class MessageFile:
    """Which values of a document are messages, if it is of a known dialect.

    Args:
        text: its characters.
        values: returns the strings among its values, each with the keys on the way to it; they are
            asked for only if there may be entries.
        whole: what it says if that is known, for compiled messages.
    """

    def __init__(self, text: str, values: Callable[[], Values], whole: object = None) -> None:
        self._messages: frozenset[Path] = frozenset()
        self._dialect: _Dialect | None = None
        if not (_LIKELY.search(text) and _NOTE.search(text)):
            return
        found = _compiled(whole)
        if found:
            self._dialect, self._messages = _COMPILED, frozenset(found)
            return
        paths = [path for path, _ in values() if path not in _LANGUAGE]
        for depth in (1, 2):  # the second is below the names of languages, or of parts
            for dialect in (each for each in _DIALECTS if each.sure in text):
                if messages := _messages(paths, depth, dialect):
                    self._dialect, self._messages = dialect, frozenset(messages)
                    return

    def __bool__(self) -> bool:
        return self._dialect is not None

    def keep(self, path: Path) -> bool:
        """Whether a value is no message, and stays.

        Args:
            path: the keys on the way to it.
        """
        return path not in self._messages

    def remark(self) -> str:
        """What is taken for a message, for whoever uses the result; empty in any other file."""
        if not self._dialect:
            return ""
        keys = sorted(self._dialect.texts)
        named = " and ".join(keys) if len(keys) < 3 else f"{', '.join(keys[:-1])} and {keys[-1]}"
        return (
            f"It looks like messages of {self._dialect.name}, in which {named} "
            f"{'is' if len(keys) < 2 else 'are'} text (--field chooses others)."
        )


def _messages(paths: Iterable[Path], depth: int, dialect: _Dialect) -> list[Path]:
    """The paths of the messages; none if the document is not of a dialect.

    Each entry has a message, and some have more; a message may also stand without an entry.
    """
    entries: dict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        entries[path[:depth]].append(path)
    messages: list[Path] = []
    has_notes = False
    for entry in entries.values():
        keys = {path[depth] for path in entry if len(path) > depth}
        if keys and not (keys & dialect.texts and keys <= dialect.texts | dialect.notes):
            return []
        has_notes = has_notes or not dialect.notes.isdisjoint(keys)
        messages += (path for path in entry if len(path) <= depth or path[depth] in dialect.texts)
    return messages if has_notes else []


def _compiled(whole: object) -> list[Path]:
    """The paths of the literals in messages that are trees; none if something else is there."""
    if not isinstance(whole, dict) or not any(isinstance(says, list) for says in whole.values()):
        return []
    found: list[Path] = []
    for key, says in whole.items():
        if isinstance(says, str):
            found.append((key,))
            continue
        literals = list(_literals(says, (key,)))
        if None in literals:
            return []
        found += (path for path in literals if path)
    return found


def _literals(says: object, path: Path) -> Iterator[Path | None]:
    """The paths of the literals in a tree; None where it is no tree."""
    if not isinstance(says, list):
        yield None
        return
    for number, element in enumerate(says):
        place = (*path, str(number))
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in range(_LITERAL, _TAG + 1) or ("value" not in element and kind != _POUND):
            yield None
            return
        if kind == _LITERAL:
            yield (*place, "value")
        if kind == _TAG:
            yield from _literals(element.get("children"), (*place, "children"))
        options = element.get("options")
        for name, option in options.items() if isinstance(options, dict) else ():
            branch = option.get("value") if isinstance(option, dict) else None
            yield from _literals(branch, (*place, "options", name, "value"))
