"""YAML (https://yaml.org/spec/1.2.2/): the strings among the values are text.

Keys, comments, numbers and form stay, and so does all that has a tag of its own (``!vault``): what
a program makes of that is not known. An anchored text is translated where it is defined. Files of
translations as Ruby on Rails has them, ``de.yml`` with all its texts below ``de:``, say in which
language they are; that changes with the texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

import yaml

from s2scli.catalogues.yaml.plurals import Form, forms
from s2scli.catalogues.yaml.reader import MOST_NESTED, TooDeepError, Yaml12Loader
from s2scli.catalogues.yaml.scalars import (
    BLOCKS,
    BREAKS,
    FOLDING,
    PLAIN,
    STRING,
    WHITE,
    Scalar,
    is_string,
    written,
)
from s2scli.documents.base import Edit, Format, FormatOptions, Slot, Source
from s2scli.documents.fields import Path
from s2scli.documents.languagekeys import LanguageKeys
from s2scli.documents.languages import check_source, is_same
from s2scli.documents.messagefiles import Values
from s2scli.documents.pluralkeys import Gap, PluralKeys
from s2scli.documents.programs import ProgramValues, top_key
from s2scli.documents.remarks import named
from s2scli.documents.slots import Slots
from s2scli.errors import BadInputError
from s2scli.languages.codes import primary_code

__all__ = ["Yaml"]

# The parser in C is some thirty times as fast.
LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_Loader = type[yaml.SafeLoader | yaml.CSafeLoader]
_WORDS = re.compile(r"[^\W\d_]{2,},? [^\W\d_]{2,}")
STANDARD = "tag:yaml.org,2002:"
_PROPERTIES = re.compile(r"(?:\s+|#[^\r\n]*|[&!]\S*)*")
_LAST_LINE = re.compile(r"[ \t]*")
_ODD = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-]")
# Longer codes are rather names: app, dev, web.
_TOP = re.compile(r"^[\"']?([\w$.-]+)[\"']?[ \t]*:(?=\s|$)([^\n]*)", re.MULTILINE)
_LOCALE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")


@dataclass(slots=True)
class _Level:
    """A collection that is being read.

    Attributes:
        mapping: whether it has keys.
        flow: whether it is in brackets or braces, or inside such.
        foreign: whether what is in it is not text.
        place: the key or number of the value that was read last.
        at_key: whether that, or its key, is read now.
    """

    mapping: bool
    flow: bool
    foreign: bool
    place: str = "-1"
    at_key: bool = False

    def take(self, event: yaml.NodeEvent) -> bool:
        """Take the next thing in it; whether that is a key."""
        if not self.mapping:
            self.place = str(int(self.place) + 1)
            return False
        self.at_key = not self.at_key
        if self.at_key:
            self.place = event.value if isinstance(event, yaml.ScalarEvent) else ""
        return self.at_key


class _Seen:
    """What is seen of a document while its texts are read.

    Attributes:
        has_text: whether there are strings, wanted or not.
        tagged: what looks like text and has a tag of its own.
    """

    def __init__(self) -> None:
        self.has_text = False
        self.tagged: list[str] = []
        self._outer: list[yaml.NodeEvent] = []

    def take(self, event: yaml.NodeEvent, depth: int) -> None:
        """Take an event at a depth of nested collections."""
        if depth < 2 and len(self._outer) < 4:
            self._outer.append(event)

    def only_key(self, text: str) -> Scalar | None:
        """The key of a document that is a mapping of one key to another mapping."""
        if len(self._outer) != 3:
            return None
        whole, key, value = self._outer
        if not (isinstance(whole, yaml.MappingStartEvent) and isinstance(key, yaml.ScalarEvent)):
            return None
        if not isinstance(value, yaml.MappingStartEvent) or key.style in BLOCKS:
            return None
        start, end = _place(text, key)
        flow = bool(whole.flow_style)
        return Scalar(start, end, key.value, style=key.style or PLAIN, flow=flow)


class Yaml(Format):
    """One YAML document or several."""

    has_strings = True
    mnemonics = "&"

    def __init__(self, options: FormatOptions) -> None:
        super().__init__(options)
        self._seen = _Seen()
        self._plurals = PluralKeys("", "", "")
        self._programs = ProgramValues("", (), chosen=False)
        self._foreign = LanguageKeys("", "", tuple)

    def slots(self, source: Source) -> Iterator[Slot]:
        """The strings among the values, of the paths that are wanted."""
        try:
            # What the fast reader gives before it fails cannot be trusted: first all, then any.
            found = Slots(self._scalars(source, LOADER))
        except yaml.YAMLError:
            found = Slots(self._scalars(source, Yaml12Loader))
        if key := self._locale(source):
            check_source(source.name, key.text, self.options.source_language)
            self._plurals.is_certain = True
        elif key := self._unnamed(source):
            self.remarks.append(
                f"The key of all texts stays, though it is their language: {key.text!r} (a file "
                f"named {key.text}.yml or NAME.{key.text}.yml has it changed)."
            )
        for seen in (self._plurals, self._programs, self._foreign):
            self.remarks += seen.remarks()
        if self._seen.tagged:
            self.remarks.append(f"Texts with tags of their own stay: {named(self._seen.tagged)}.")
        gaps = {gap.start: gap for gap in self._plurals.gaps()}
        for slot in found:
            yield slot
            if gap := gaps.pop(slot.start, None):
                assert isinstance(slot, Scalar)
                made = list(forms(source.text, slot, gap))
                yield from made
                self.remarks += [] if made else [_unmade(gap)]
        self.remarks += map(_unmade, gaps.values())  # whose last form is an alias

    def _scalars(self, source: Source, loader: _Loader) -> Iterator[Scalar]:
        """The texts; what else is seen on the way is kept."""
        self._seen = seen = _Seen()
        languages = self.options.source_language, self.options.target_language
        self._plurals = plurals = PluralKeys(source.text, *languages)
        chosen = bool(self.options.fields)

        def values() -> Values:
            return _strings(source, loader)

        self._programs = ProgramValues(
            source.text, _top_keys(source.text), chosen=chosen, values=values
        )
        self._foreign = LanguageKeys(source.text, "" if chosen else languages[0], values)
        for event, path, flow in _values(source, loader, seen):
            if isinstance(event, yaml.AliasEvent):
                if self.wanted(path):
                    plurals.add(path, *_place(source.text, event))
            elif slot := _slot(source.text, event, flow):
                if self._foreign.keep(path, event.value) or self._programs.keep(path, event.value):
                    continue
                seen.has_text = True
                if self.wanted(path):
                    plurals.add(path, slot.start, slot.end)
                    yield slot
            elif self.wanted(path) and _has_own_tag(event) and _WORDS.search(event.value):
                seen.tagged.append(f"{event.value!r} ({event.tag})")

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """In the style of the original, if that can hold it."""
        assert isinstance(slot, Scalar)
        if isinstance(slot, Form):
            return slot.before + written(source.text[slot.first : slot.last], slot, text)
        return written(source.text[slot.start : slot.end], slot, text)

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language that all texts are below, if the file has its name."""
        if self.options.target_language and (key := self._locale(source)):
            raw = source.text[key.start : key.end]
            yield Edit(key.start, key.end, written(raw, key, self.options.target_language))

    def _locale(self, source: Source) -> Scalar | None:
        """The key of all texts, if it is a language, and the file has its name."""
        name = PurePath(source.name).stem
        key = self._seen.only_key(source.text) if _LOCALE.search(name) else None
        if not key or not _LOCALE.fullmatch(key.text) or not primary_code(key.text):
            return None
        return key if re.search(rf"(?:^|[._-]){re.escape(key.text)}$", name) else None

    def _unnamed(self, source: Source) -> Scalar | None:
        """The key of all texts, if it is their language, but not what the file is called after."""
        options = self.options
        if not (options.source_language and options.target_language):
            return None
        key = self._seen.only_key(source.text)
        is_one = key and _LOCALE.fullmatch(key.text) and is_same(key.text, options.source_language)
        return key if is_one else None

    def has_text(self, source: Source) -> bool:
        """Whether there are strings, though none of those that are wanted."""
        return self._seen.has_text


def _strings(source: Source, loader: _Loader) -> Iterator[tuple[Path, str]]:
    """The scalars among the values, each with the path to it."""
    for event, path, _ in _values(source, loader, _Seen()):
        if isinstance(event, yaml.ScalarEvent):
            yield path, event.value


def _top_keys(text: str) -> Iterator[str]:
    """The keys at the left margin."""
    for found in _TOP.finditer(text):
        value = found[2].strip("\"' \t\r")
        has_parts = value[:1] in ("[", "{", "#", "")
        yield top_key(found[1], has_parts=has_parts, is_number=value[:1].isdigit())


def _unmade(gap: Gap) -> str:
    return f"Forms that only the target language has are not made beside {gap.key}."


def _events(source: Source, loader: _Loader) -> Iterator[yaml.Event]:
    """What a reader of YAML meets.

    Raises:
        BadInputError: the document is none.
        YAMLError: the fast reader knows too little, or has other limits.
    """
    try:
        yield from yaml.parse(source.text, Loader=loader)
    except yaml.YAMLError as error:
        if loader is not Yaml12Loader:
            raise
        raise _refusal(source, error) from None


def _refusal(source: Source, error: yaml.YAMLError) -> BadInputError:
    """Why a document is none."""
    if isinstance(error, TooDeepError):
        return BadInputError(f"{source.name} is nested more than {MOST_NESTED} deep")
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}" if mark else ""
        problem = error.problem or error.context
        return BadInputError(f"{source.name}{place} is not YAML: {problem}")
    odd = _ODD.search(source.text)
    place = f", line {source.text.count(chr(10), 0, odd.start()) + 1}" if odd else ""
    return BadInputError(
        f"{source.name}{place} is not YAML: it has a character that is not allowed there"
    )


def _values(
    source: Source, loader: _Loader, seen: _Seen
) -> Iterator[tuple[yaml.ScalarEvent | yaml.AliasEvent, Path, bool]]:
    """The scalars and aliases among the values, the path to each, and whether it is in brackets.

    Raises:
        BadInputError: the document is not YAML, or collections are in too many others.
    """
    levels: list[_Level] = []
    for event in _events(source, loader):
        if isinstance(event, yaml.CollectionEndEvent):
            levels.pop()
        elif isinstance(event, yaml.NodeEvent):
            seen.take(event, len(levels))
            inner = levels[-1] if levels else _Level(mapping=False, flow=False, foreign=False)
            is_key = inner.take(event)
            foreign = inner.foreign or is_key
            if isinstance(event, yaml.CollectionStartEvent):
                if len(levels) >= MOST_NESTED:
                    raise BadInputError(f"{source.name} is nested more than {MOST_NESTED} deep")
                foreign = foreign or _has_own_tag(event)
                mapping = isinstance(event, yaml.MappingStartEvent)
                levels.append(_Level(mapping, inner.flow or bool(event.flow_style), foreign))
            elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent) and not foreign:
                yield event, tuple(level.place for level in levels), inner.flow


def _has_own_tag(event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> bool:
    """Whether a node has a tag that YAML does not know."""
    tag = event.tag
    return tag is not None and not tag.startswith(STANDARD)


def _slot(text: str, event: yaml.ScalarEvent, flow: bool) -> Scalar | None:
    """A scalar; None if it is not text."""
    value, style = event.value, event.style or PLAIN
    if event.tag not in (None, "!", STRING) or not any(map(str.isalpha, value)):
        return None
    if style == PLAIN and not event.tag and not is_string(value):
        return None
    start, end = _place(text, event)
    body = value.strip(WHITE)
    lead = value[: value.index(body)] if body != value else ""
    tail = value[len(lead) + len(body) :]
    shown = body.replace("\n", "\n\n") if style in FOLDING else body
    return Scalar(start, end, shown, style=style, flow=flow, lead=lead, tail=tail)


def _place(text: str, event: yaml.ScalarEvent | yaml.AliasEvent) -> tuple[int, int]:
    """Where a scalar or an alias stands, without anchor, tag and the empty lines of a block."""
    assert event.start_mark is not None
    assert event.end_mark is not None
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, yaml.AliasEvent):
        return start, end
    if (event.anchor or event.tag) and (properties := _PROPERTIES.match(text, start, end)):
        start = properties.end()
    if event.style in BLOCKS:
        end = start + len(text[start:end].rstrip(WHITE + BREAKS))
        last = _LAST_LINE.match(text, end)
        end = last.end() if last else end
    return start, end
