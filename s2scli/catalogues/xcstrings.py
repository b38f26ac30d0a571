"""Xcode's string catalogs: ``.xcstrings``, which have the strings of all languages.

What has no translation in the target language gets one, with the variations of the source, and the
plural forms besides that only the target language has, made from ``other``; its state becomes
``needs_review``. Translations that are there stay, unless their state is ``new`` or all are to be
made again. Keys, comments, stale strings and what must not be translated stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from s2scli.catalogues.applestrings import has_text, variables
from s2scli.catalogues.jsontree import JsonNode, tree
from s2scli.documents.base import Edit, Format, Slot, Source
from s2scli.documents.jsontext import checked
from s2scli.documents.languages import check_source
from s2scli.errors import BadInputError, UsageError
from s2scli.languages.plurals import CATEGORIES, OTHER, added

__all__ = ["StringCatalog"]

NEW, MADE, STALE = "new", "needs_review", "stale"
UNIT, VALUE, STATE = "stringUnit", "value", "state"
SET, VALUES = "stringSet", "values"  # several phrases for one thing, as for Siri
MISSING = "\0"  # what is said by what is not there
HOLE = "\0s2s"  # instead of a text
IN_ENTRY, IN_LANGUAGES = 3, 4  # how deep the members of an entry and of its localizations are
MOST_DEPTH = 16  # of variations
_HOLE = re.compile(r'"\\u0000s2s"')
_COLON = re.compile(r'"sourceLanguage"(\s*:\s*)')
_INDENT = re.compile(r"\{(\r?\n)([ \t]+)\"")
_SCRIPTS = {"zh": "zh-Hans"}  # Apple names this script always


@dataclass(frozen=True, slots=True)
class _Place(Slot):
    """A value.

    Attributes:
        lead, tail: what is written before it, and after it.
        is_one_of_several: whether it is one of several of a translation that is put in.
    """

    lead: str = ""
    tail: str = ""
    is_one_of_several: bool = False

    @property
    def is_joined(self) -> bool:
        """Whether it is a part of a translation that is put in."""
        return self.is_one_of_several


class StringCatalog(Format):
    """A catalog."""

    has_strings = True

    def slots(self, source: Source) -> Iterator[Slot]:
        """The missing translations."""
        yield from _Reader(self, source).slots()

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """With the object that belongs around it.

        Raises:
            BadInputError: nobody knows for which language it is.
        """
        if not self.options.target_language:
            raise BadInputError(
                f"{source.name} has many languages, and the model does not say which it writes",
                "Name it with --to (target= in Python).",
            )
        said = json.dumps(text, ensure_ascii=False)
        return f"{slot.lead}{said}{slot.tail}" if isinstance(slot, _Place) else said

    def edits(self, source: Source) -> Iterator[Edit]:
        """The states of what was there and gets a translation."""
        reader = _Reader(self, source)
        for _ in reader.slots():
            pass
        yield from reader.states

    def has_text(self, source: Source) -> bool:
        """Never: what has no slot is translated already."""
        return False


class _Reader:
    """Reads a catalog.

    Args:
        form: how.
        source: its characters.

    Raises:
        BadInputError: it is invalid.
    """

    def __init__(self, form: StringCatalog, source: Source) -> None:
        checked(source.text, source.name)
        self._root = tree(source.text)
        self._text = source.text
        strings = self._root.at("strings")
        if strings is None or "sourceLanguage" not in self._root.members:
            raise BadInputError(f"{source.name} is not an Xcode string catalog")
        self._language = self._root.says("sourceLanguage")
        check_source(source.name, self._language, form.options.source_language)
        self._strings = strings
        self._redo = form.options.overwrite
        self._target = form.options.target_language
        self._added = added(form.options.source_language or self._language, self._target)
        self._code = self._code_there(form.remarks)
        self.states: list[Edit] = []
        colon, indent = _COLON.search(self._text), _INDENT.search(self._text)
        self._colon = colon[1] if colon else " : "
        self._newline, self._indent = (indent[1], indent[2]) if indent else ("", "")

    def _code_there(self, remarks: list[str]) -> str:
        """The catalog's code of the language of the output: one that it has, for all strings."""
        from s2scli.languages.codes import match_language, written_code

        every = (entry.at("localizations") for entry in self._strings.members.values())
        known = dict.fromkeys(code for languages in every if languages for code in languages.keys)
        code = written_code(self._target) or self._target if self._target else ""
        code = _SCRIPTS.get(code, code)
        try:
            found = match_language(self._target, list(known)) if self._target else None
        except UsageError:
            found = None
        if found and found != code:
            remarks.append(f"Translations are put in as {found!r}, which it has.")
        return found or code

    def slots(self) -> Iterator[Slot]:
        """The values to be translated, in order."""
        for key, entry in self._strings.members.items():
            stays = entry.says("extractionState") == STALE or self._is_kept(entry)
            if not stays and self._text[entry.start] == "{":
                yield from self._entry(key, entry)

    def _is_kept(self, entry: JsonNode) -> bool:
        wanted = entry.at("shouldTranslate")
        return wanted is not None and self._text[wanted.start : wanted.end] == "false"

    def _entry(self, key: str, entry: JsonNode) -> Iterator[Slot]:
        languages = entry.at("localizations")
        if languages is not None and self._text[languages.start] != "{":
            return
        origin = languages.at(self._language) if languages else None
        if self._code == self._language:
            return
        target = languages.at(self._code) if languages else None
        units = dict(_units(origin)) if origin else {}
        units = {path: text for path, text in units.items() if text} or {(UNIT, VALUE): key}
        if target is not None and target.members:
            yield from self._present(units, target)
        else:
            yield from self._missing(units, entry, languages, target)

    def _present(self, units: dict[tuple[str, ...], str], target: JsonNode) -> Iterator[Slot]:
        """The slots of a translation that is there."""
        for path, said in _units(target):
            value = target.at(*path)
            state = target.at(*path[: -1 if path[-1] == VALUE else -2], STATE)
            text = units.get(path) or units.get((*path[:-3], OTHER, UNIT, VALUE)) or ""
            if value is None or not has_text(text):
                continue
            if said and not self._redo and (state is None or state.text != NEW):
                continue
            yield _Place(value.start, value.end, text, said or MISSING, kept=variables(text))
            if state:
                self.states.append(Edit(state.start, state.end, json.dumps(MADE)))

    def _missing(
        self,
        units: dict[tuple[str, ...], str],
        entry: JsonNode,
        languages: JsonNode | None,
        target: JsonNode | None,
    ) -> Iterator[Slot]:
        """The slots of a translation that is to be put in."""
        origin = languages.at(self._language) if languages else None
        place, head, end = self._gap(entry, languages, target)
        content, texts = self._content(origin, units)
        if not texts:
            return
        if target is not None:
            written = self._json(content, IN_LANGUAGES)
        elif languages is not None:
            written = f"{json.dumps(self._code)}{self._colon}{self._json(content, IN_LANGUAGES)}"
        else:
            written = f'"localizations"{self._colon}{self._json({self._code: content}, IN_ENTRY)}'
        parts = _HOLE.split(written)
        for number, text in enumerate(texts):
            lead = (head if number == 0 else "") + parts[number]
            tail = parts[-1] + end if number == len(texts) - 1 else ""
            start, stop = place if number == 0 else (place[1], place[1])
            slot = _Place(start, stop, text, MISSING, kept=variables(text), lead=lead, tail=tail)
            yield replace(slot, is_one_of_several=len(texts) > 1)

    def _content(
        self, origin: JsonNode | None, units: dict[tuple[str, ...], str]
    ) -> tuple[dict[str, object], list[str]]:
        """A localization like the source's, with holes for its texts, and these."""
        texts: list[str] = []

        def hole(text: str) -> str:
            if not has_text(text):
                return text
            texts.append(text)
            return HOLE

        def copied(node: JsonNode, depth: int) -> dict[str, object]:
            found: dict[str, object] = {}
            for key, member in self._forms(node).items():
                if key == UNIT:
                    found[key] = {STATE: MADE, VALUE: hole(member.says(VALUE))}
                elif key == SET:
                    values = [hole(text) for _, text in _phrases(member)]
                    found[key] = {STATE: MADE, VALUES: values}
                elif self._text[member.start] == "{" and depth:
                    found[key] = copied(member, depth - 1)
                else:
                    found[key] = json.loads(self._text[member.start : member.end])
            return found

        alone = (UNIT, VALUE)
        if origin is not None and (alone not in units or origin.says(*alone)):
            return copied(origin, MOST_DEPTH), texts
        return {UNIT: {STATE: MADE, VALUE: hole(next(iter(units.values())))}}, texts

    def _forms(self, node: JsonNode) -> dict[str, JsonNode]:
        """The members of a node; of plural forms, those too that only the target language has."""
        members = node.members
        is_plural = OTHER in members and members.keys() <= CATEGORIES
        missing = [one for one in self._added if one not in members] if is_plural else []
        if not missing:
            return members
        return {key: members.get(key, members[OTHER]) for key in sorted([*members, *missing])}

    def _json(self, value: object, depth: int) -> str:
        """A value as the catalog would have it, at a depth."""
        if not self._newline:
            return json.dumps(value, ensure_ascii=False, separators=(",", self._colon))
        text = json.dumps(
            value, ensure_ascii=False, indent=self._indent, separators=(",", self._colon)
        )
        return text.replace("\n", self._newline + self._indent * depth)

    def _gap(
        self, entry: JsonNode, languages: JsonNode | None, target: JsonNode | None
    ) -> tuple[tuple[int, int], str, str]:
        """Where a translation is put, and what stands before it and after it."""
        if target is not None:
            return (target.start, target.end), "", ""
        around = languages or entry
        depth = IN_LANGUAGES if languages else IN_ENTRY
        name = self._code if languages else "localizations"
        line = self._newline + self._indent * depth
        behind = [span for key, span in around.keys.items() if key > name]
        if behind:
            return (behind[0][0],) * 2, "", f",{line}"
        if around.members:
            last = max(member.end for member in around.members.values())
            return (last, last), f",{line}", ""
        close = self._newline + self._indent * (depth - 1)
        return (around.start, around.end), "{" + line, close + "}"


def _units(node: JsonNode, depth: int = MOST_DEPTH) -> Iterator[tuple[tuple[str, ...], str]]:
    """The texts of a localization: their paths and what they say."""
    for key, member in node.members.items():
        if key == UNIT and member.at(VALUE):
            yield (key, VALUE), member.says(VALUE)
        elif key == SET:
            yield from (((key, VALUES, place), said) for place, said in _phrases(member))
        elif member.members and depth:
            for path, said in _units(member, depth - 1):
                yield (key, *path), said


def _phrases(node: JsonNode) -> Iterator[tuple[str, str]]:
    """The places and the texts of a set."""
    values = node.at(VALUES)
    for place, phrase in values.members.items() if values else ():
        yield place, phrase.text or ""
