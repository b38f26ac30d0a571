r"""Texts by key in sections: ``.ini``.

Values are texts; sections, keys, comments and blank lines stay, and so do quotes around a value.
The dialects differ, so that what any of them may read is kept: a value continues in lines that are
deeper than its key (Python) or after a backslash (Qt, systemd), a comment may follow it after
blanks, and in quotes ``\"`` or ``"_QQ_"`` (Joomla) is a quote. Other escapes stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from s2scli.data import Span
from s2scli.documents.base import Format, Slot, Source
from s2scli.documents.fields import Path
from s2scli.documents.languagekeys import DEFAULT, LanguageKeys
from s2scli.documents.programs import ProgramValues
from s2scli.text.spans import stripped

__all__ = ["Ini"]

WHITE = " \t"
_LINE = re.compile(r"([ \t]*)([^\r\n]*)(?:\r\n?|\n|\Z)")
_SECTION = re.compile(r"\[([^\]\r\n]*)\]")
COMMENTS = (";", "#")
# What begins as a section does is no key: with a bracket in the value it would be one.
_KEY = re.compile(r"(?!\[)(?:[^=:\r\n]*:(?=\S[^=\r\n]*=)[^=\r\n]*=|[^=:\r\n]*[=:])")
# What begins an entry even where a value might continue.
_SURE_KEY = re.compile(r"[\w.$-]+(?:\[[\w.@-]*\])?[ \t]*=")
_LOCALIZED = re.compile(r"(.+)\[(\w+)(?:@\w+)?\]")  # of freedesktop.org's desktop entries
# A comment after a value.
_COMMENT = re.compile(r"(?<![ \t])[ \t]+(?:;[^\r\n]*|#(?:[ \t][^\r\n]*)?)$")
_QUOTED = re.compile(
    r"\"([^\"\\\r\n]*(?:(?:\\(?:\r\n|[^\n]|\n)|\"_QQ_\")[^\"\\\r\n]*)*)\"|'([^'\r\n]*)'"
)
_QUOTE = re.compile(r'\\"|"_QQ_"')
JOOMLA = '"_QQ_"'
NO_TEXTS = frozenset(("true", "false", "yes", "no", "on", "off", "none", "null"))
_NEWLINE = re.compile(r"(?<![ \t])[ \t]*\\?(?:\r\n?|\n)[ \t]*")
_FOLDED = re.compile(r"(?<![ \t])[ \t]*\\(?:\r\n?|\n)[ \t]*")
# What no line of a value may begin with, and what would begin a comment after one.
_NO_LINE = re.compile(rf"\n(?=[;#\[\n]|\Z|{_SURE_KEY.pattern})")
_NO_COMMENT = re.compile(r"(?<![ \t])[ \t]+(?=;|#(?:[ \t]|\Z))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Value(Slot):
    """A value.

    Attributes:
        quote: what is around it.
        joomla: whether a quote in it is written as Joomla has it.
        indent: what is before its second line, from the line break on.
        lead, tail: the blanks at its ends within quotes.
    """

    quote: str = ""
    joomla: bool = False
    indent: str = ""
    lead: str = ""
    tail: str = ""


class Ini(Format):
    """A file of sections with keys and values."""

    has_strings = True
    mnemonics = "&"

    def slots(self, source: Source) -> Iterator[Slot]:
        """The values, of the paths that are wanted."""
        text, chosen = source.text, bool(self.options.fields)
        programs = ProgramValues(text, (), chosen=chosen)
        foreign = LanguageKeys(
            text,
            "" if chosen else self.options.source_language,
            lambda: ((_spoken(path), text[start:end]) for start, end, path in _values(text)),
        )
        for start, end, path in _values(text):
            slot = _slot(text, start, end)
            if not slot or not self.wanted(path):
                continue
            if foreign.keep(_spoken(path), slot.text) or programs.keep(_small(path), slot.text):
                continue
            yield slot
        self.remarks += [*programs.remarks(), *foreign.remarks()]

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """In the quotes of the original; on several lines if it was."""
        assert isinstance(slot, _Value)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if slot.quote:
            return _quoted(f"{slot.lead}{text.replace(chr(10), ' ')}{slot.tail}", slot)
        text = _NO_COMMENT.sub("", _NO_LINE.sub(" ", text) if slot.indent else text)
        text = text.replace("\n", slot.indent or " ").strip()
        # What has quotes around it would lose them.
        bare = not _QUOTED.fullmatch(text) and not text.startswith((*COMMENTS, "@"))
        if bare and _alone(source.text, slot.start):
            bare = not text.startswith("[") and not _SURE_KEY.match(text)
        text = text if bare else f'"{text}"'
        # Right after a colon, an equals sign would end a longer key.
        longer = source.text.startswith(":", slot.start - 1) and "=" in text.partition("\n")[0]
        return f" {text}" if longer else text

    def has_text(self, source: Source) -> bool:
        """Whether there are values, though none of those that are wanted."""
        everything = type(self)(replace(self.options, fields=()))
        return next(everything.slots(source), None) is not None


def _spoken(path: Path) -> Path:
    """A path with the language of its key, as in ``Name[de]``, for a key of its own."""
    found = _LOCALIZED.fullmatch(path[-1])
    return (*path[:-1], *(found.groups() if found else (path[-1], DEFAULT)))


def _small(path: Path) -> Path:
    """A path with its key in small letters."""
    return (*path[:-1], path[-1].lower())


def _values(text: str) -> Iterator[tuple[int, int, Path]]:
    """Where values stand, and on which path; none is empty."""
    section: Path = ()
    path: Path = ()
    depth = -1  # how far the last key is indented; -1 if nothing continues
    open_: Span | None = None  # the value that is read
    for line in _LINE.finditer(text):
        start, end = line.span(2)
        end = start + len(text[start:end].rstrip(WHITE))
        folded = open_ is not None and text.endswith("\\", 0, open_[1])
        deeper = depth >= 0 and len(line[1]) > depth and start < end
        is_key = _SURE_KEY.match(text, start, end)
        goes_on = start < end and (deeper or folded) and not is_key
        if goes_on and not text.startswith((*COMMENTS, "["), start):
            if open_ is None:
                open_ = start, end
            open_ = open_[0], end
            continue
        if open_ is not None:
            yield (*open_, path)
            open_ = None
        if start >= end or text.startswith(COMMENTS, start):
            continue
        if named := _SECTION.match(text, start, end):
            section, depth = tuple(named[1].strip().split(".")), -1
        elif key := _KEY.match(text, start, end):
            path = (*section, *text[start : key.end() - 1].strip().split("."))
            depth = len(line[1])
            first, _ = stripped(text, key.end(), end)
            open_ = (first, end) if first < end else None
        else:
            depth = -1
    if open_ is not None:
        yield (*open_, path)


def _slot(text: str, start: int, end: int) -> _Value | None:
    """The slot of a value; None if it is not text."""
    if text.startswith(COMMENTS, start):
        return None
    quoted = _QUOTED.match(text, start, end)
    if quoted and (quoted.end() == end or _COMMENT.fullmatch(text, quoted.end(), end)):
        end = quoted.end()
    else:
        quoted, comment = None, _COMMENT.search(text, start, end)
        end = comment.start() if comment else end
    raw = says = text[start:end]
    indent, quote = "", ""
    if quoted:
        quote = raw[0]
        inner = quoted[1]
        says = quoted[2] if inner is None else _QUOTE.sub('"', _FOLDED.sub(" ", inner))
    elif newline := re.search(r"(?:\r\n?|\n)[ \t]*", raw):
        indent = newline[0]
        says = _NEWLINE.sub("\n", _FOLDED.sub(" ", raw))
        indent = indent if "\n" in says else ""
    if not any(map(str.isalpha, says)) or (raw.lower() in NO_TEXTS) or raw.startswith("@"):
        return None
    bare = says.strip()
    lead, _, tail = says.partition(bare) if quote else ("", "", "")
    return _Value(
        start,
        end,
        bare,
        None,
        quote=quote,
        joomla=JOOMLA in raw,
        indent=indent,
        lead=lead,
        tail=tail,
    )


def _alone(text: str, start: int) -> bool:
    """Whether a value begins on a line after its key's, where it may look like another entry."""
    while start and text[start - 1] in WHITE:
        start -= 1
    return start > 0 and text[start - 1] in "\r\n"


def _quoted(text: str, slot: _Value) -> str:
    """A text in quotes."""
    if slot.quote == "'" and "'" in text:
        if '"' in text:
            text = text.replace("'", "\u2019")
        else:
            return f'"{text}"'
    if slot.quote == '"':
        text = text.replace('"', JOOMLA if slot.joomla else '\\"')
    return f"{slot.quote}{text}{slot.quote}"
