"""JSON and JSON lines: the strings among the values are text; keys, numbers and form stay."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from heapq import merge
from operator import attrgetter

from s2scli.documents.base import Format, Slot, Source
from s2scli.documents.fields import Path
from s2scli.documents.languagekeys import LanguageKeys
from s2scli.documents.messagefiles import Values
from s2scli.documents.pluralkeys import Gap, PluralKeys
from s2scli.documents.programs import ProgramValues, top_key
from s2scli.errors import BadInputError

__all__ = ["Json", "JsonLines", "checked", "strings"]

_TOKEN = re.compile(r'["\[\]{}:,]')
_DECODER = json.JSONDecoder(strict=False)
MOST_DIGITS = 18  # of a number that is read: others may have any number of them
_STRING = r'"(?:[^"\\]|\\[\s\S])*(?:"|\\?\Z)'
_COMMENT = re.compile(rf"{_STRING}|//[^\r\n]*|/\*(?:[^*]|\*(?!/))*\*/")
_LAST_COMMA = re.compile(rf"{_STRING}|,(?=\s*[\]}}])")


@dataclass(frozen=True, slots=True)
class _Form(Slot):
    """A form of a plural that the document lacks.

    Attributes:
        lead: what is written before its text.
        is_ascii: whether all other characters are escaped.
    """

    lead: str = ""
    is_ascii: bool = False

    @property
    def is_joined(self) -> bool:
        """Whether it is put in: always."""
        return True


class Json(Format):
    """A JSON document."""

    has_strings = True
    mnemonics = "&"

    def slots(self, source: Source) -> Iterator[Slot]:
        """The strings among the values, of the paths that are wanted."""
        plain = replace(source, text=_uncommented(source.text))
        yield from self._slots(plain, 0, len(plain.text), source.name)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """As a string, escaped as the original is."""
        if isinstance(slot, _Form):
            return slot.lead + json.dumps(text, ensure_ascii=slot.is_ascii)
        return json.dumps(text, ensure_ascii=_is_ascii(source.text[slot.start : slot.end]))

    def has_text(self, source: Source) -> bool:
        """Whether there are strings, though none of those that are wanted."""
        everything = type(self)(replace(self.options, fields=()))
        return next(everything.slots(source), None) is not None

    def _slots(self, source: Source, start: int, end: int, place: str) -> Iterator[Slot]:
        read_whole = checked(source.text[start:end], place)

        def values() -> Values:
            return ((path, says) for _, _, path, says in strings(source.text, start, end))

        programs = self._programs(source.text, read_whole, values)
        languages = self.options.source_language, self.options.target_language
        plurals = PluralKeys(source.text, *languages)
        language = "" if self.options.fields else languages[0]
        foreign = LanguageKeys(source.text[start:end], language, values)

        def found() -> Iterator[Slot]:
            for first, last, path, text in strings(source.text, start, end):
                if self.wanted(path) and any(map(str.isalpha, text)):
                    if foreign.keep(path, text) or programs.keep(path, text):
                        continue
                    plurals.add(path, first, last)
                    yield Slot(first, last, text)
            said = (*programs.remarks(), *foreign.remarks())
            self.remarks += [one for one in said if one not in self.remarks]

        read = list(found()) if plurals.wanted else found()
        forms = sorted(plurals.gaps(), key=attrgetter("start"))
        self.remarks += plurals.remarks()
        added = (form for gap in forms for form in _forms(source.text, gap))
        yield from merge(read, added, key=attrgetter("start"))

    def _programs(self, text: str, whole: object, values: Callable[[], Values]) -> ProgramValues:
        """What of a document is for programs."""
        top = whole.items() if isinstance(whole, dict) else ()
        keys = (
            top_key(
                key,
                has_parts=isinstance(value, dict | list),
                is_number=str(value)[:1].isdigit() and not isinstance(value, dict | list),
            )
            for key, value in top
        )
        chosen = bool(self.options.fields)
        return ProgramValues(text, keys, chosen=chosen, values=values, whole=whole)


class JsonLines(Json):
    """A JSON document on each line."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The strings among the values of each line."""
        start = 0
        for number, line in enumerate(source.text.split("\n"), 1):
            if line.strip():
                place = f"{source.name}, line {number}"
                yield from self._slots(source, start, start + len(line), place)
            start += len(line) + 1


def _uncommented(text: str) -> str:
    """A document with blanks for comments and for commas behind a last value.

    Many programs write and read such documents: https://jsonc.org.
    """
    if "//" not in text and "/*" not in text:
        return text
    found = _COMMENT.sub(lambda one: one[0] if one[0][0] == '"' else _blank(one[0]), text)
    if found == text:
        return text
    return _LAST_COMMA.sub(lambda one: one[0] if one[0][0] == '"' else " ", found)


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


def _number(digits: str) -> int:
    """A number, or how many digits it has where those are more than are read."""
    return int(digits) if len(digits) <= MOST_DIGITS else len(digits)


def _is_ascii(original: str) -> bool:
    return "\\u" in original and original.isascii()


def _forms(text: str, gap: Gap) -> Iterator[_Form]:
    """What is put in behind the last form of a plural, as that is written."""
    key_end = text.rfind('"', 0, gap.start)
    key = key_end - len(json.dumps(gap.key)) + 1
    if text[key : key_end + 1] != json.dumps(gap.key):  # escaped in another way
        key = text.rfind('"', 0, key_end)
        while text[key - 1] == "\\":
            key = text.rfind('"', 0, key)
    begin = max(text.rfind(sign, 0, key) for sign in ",{") + 1
    blank = text[begin:key] or (" " if text[key_end + 2 : key_end + 3] == " " else "")
    original = text[gap.start : gap.end]
    for name in gap.missing:
        lead = f",{blank}{json.dumps(name, ensure_ascii=False)}{text[key_end + 1 : gap.start]}"
        says = _DECODER.raw_decode(text, gap.start)[0]
        yield _Form(gap.end, gap.end, says, lead=lead, is_ascii=_is_ascii(original))


def checked(text: str, place: str) -> object:
    """Refuse what is not JSON; return it as Python has it, but for numbers of many digits.

    Args:
        text: the characters.
        place: where they are from, for messages.

    Raises:
        BadInputError: they are invalid.
    """
    try:
        return json.loads(text, parse_int=_number)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{place} is not JSON: {error}") from None


def strings(text: str, start: int, end: int) -> Iterator[tuple[int, int, Path, str]]:
    """The strings among the values of a valid document: where, on which path, what they say."""
    path: list[str] = []
    lists: list[bool] = []
    key = False  # whether the next string is a key
    position = start
    while match := _TOKEN.search(text, position, end):
        token, position = match[0], match.end()
        if token in "[{":
            lists.append(token == "[")
            path.append("0")
            key = token == "{"
        elif token in "]}":
            lists.pop()
            path.pop()
            key = False
        elif token == ",":
            if lists[-1]:
                path[-1] = str(int(path[-1]) + 1)
            else:
                key = True
        elif token == ":":
            key = False
        else:
            said, position = _DECODER.raw_decode(text, match.start())
            if key:
                path[-1] = said
            else:
                yield match.start(), position, tuple(path), said
