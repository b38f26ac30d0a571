"""TMX 1.4b: translation memories as other tools read and write them.

The standard: https://www.gala-global.org/tmx-14b. Both directions stream: what is held in memory is
a unit and what is read at once. The parser is expat; files that declare things in their DOCTYPE
(entities that grow without end, files of this machine) are refused, and so is what would make the
parser hold much: endless names, tags or nesting.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from s2scli._version import __version__
from s2scli.data import Link, Span
from s2scli.errors import BadInputError
from s2scli.languages.codes import written_code
from s2scli.memory.entries import Entry, TranslationUnit
from s2scli.text.placeholders import ARGUMENT
from s2scli.text.spans import table

__all__ = ["TmxReader", "TmxWriter"]

# Codes of the original's format, which are not text; what is in one (a footnote) is none either.
CODES = frozenset(("bpt", "ept", "it", "ph", "sub", "ut"))
MOST_CODE = 200  # characters of a placeholder: {0}
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,5}")
ANY = "*all*"
MOST_NESTED, MOST_NAMES, MOST_VARIANTS = 50, 1000, 1000
MOST_STRETCHES = 1000  # of a text
MOST_CHARACTERS = 1 << 20  # of a unit
MOST_MARKUP = 1 << 20  # bytes of a tag or a comment

# What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets).
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A line break is normalized in text, and all white space in attributes, unless it is escaped.
ESCAPES = {
    ord(character): f"&#{ord(character)};" if character in "\t\n\r" else name
    for character, name in (
        ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\t", ""), ("\n", ""),
        ("\r", ""),
    )
}  # fmt: skip


class _Variant(NamedTuple):
    """A text of a unit.

    Attributes:
        language: in which it is, as the file says.
        text: what it says.
        stretches: between two codes each, by what the codes are called.
    """

    language: str
    text: str
    stretches: dict[str, Span]


def _links(source: dict[str, Span], target: dict[str, Span]) -> tuple[Link, ...]:
    """The stretches that two texts have between the same codes."""
    found = ((*span, *target[name]) for name, span in source.items() if name in target)
    return tuple((a, b, c, d) for a, b, c, d in sorted(found) if a < b and c < d)


class TmxReader:
    """The units of a TMX file.

    A unit's source is its first variant in the source language; each other language's first
    variant is a target.

    Args:
        name: the file's name, for messages.
        source: the source language wanted, as ``written_code`` writes it; empty for what the file
            says.
        target: the target language wanted; empty for all.
        left_out: counts what gave nothing, by reason.
    """

    def __init__(self, name: str, source: str, target: str, left_out: Counter[str]) -> None:
        self._name = name
        self._source = source
        self._target = target
        self._left_out = left_out
        self._units: list[TranslationUnit] = []
        self._codes: dict[str, str] = {}  # of the languages that the file names
        self._names: set[str] = set()
        self._depth = 0
        self._header = self._said = ""  # the source language of the file, and of the unit
        self._variants: list[_Variant] = []
        self._language = ""
        self._text: list[str] | None = None  # of the segment that is open
        self._length = self._begin = 0  # of all texts of the unit, and of those before this one
        self._open: dict[str, tuple[str, int]] = {}  # stretches between codes: names, beginnings
        self._stretches: dict[str, Span] = {}
        self._skipped = 0  # how many elements are open from the outermost code on
        self._code_text = ""  # of the outermost code, up to what no placeholder has
        self._parser = parser = expat.ParserCreate(intern=None)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.SkippedEntityHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def units(self, blocks: Iterable[bytes]) -> Iterator[TranslationUnit]:
        """Read a file.

        Args:
            blocks: its bytes, some at a time.

        Raises:
            BadInputError: it is not TMX, or could be an attack.
        """
        fed = 0
        for block in blocks:
            self._parse(block)
            fed += len(block)
            if fed - self._parser.CurrentByteIndex > MOST_MARKUP + len(block):
                self._refuse("a tag or a comment that does not end")
            yield from self._taken()
        self._parse(b"", last=True)
        yield from self._taken()

    def _taken(self) -> list[TranslationUnit]:
        units, self._units = self._units, []
        return units

    def _parse(self, block: bytes, *, last: bool = False) -> None:
        try:
            self._parser.Parse(block, last)
        except expat.ExpatError as error:
            raise BadInputError(
                f"{self._name}, line {error.lineno} is not well-formed XML: "
                f"{expat.ErrorString(error.code)}"
            ) from None
        except (LookupError, ValueError) as error:  # an encoding of which only the name is known
            self._refuse(str(error))

    def _refuse(self, what: str) -> NoReturn:
        raise BadInputError(f"{self._name}, line {self._parser.CurrentLineNumber}: {what}")

    def _doctype(
        self, _name: str, _system: str | None, _public: str | None, internal: bool
    ) -> None:
        if internal:
            self._refuse("declarations in the DOCTYPE, which TMX does not need and attacks do")

    def _entity(self, name: str, _parameter: bool) -> None:
        self._refuse(f"the entity &{name}; which is not declared")

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._names.update((element, *attributes))
        if self._depth == 1 and element != "tmx":
            self._refuse(f"<{element[:50]}> instead of <tmx>: this is not TMX")
        if self._depth > MOST_NESTED or len(self._names) > MOST_NAMES:
            self._refuse("elements that no TMX has: too many names, or too deep")
        if self._text is not None:
            if not self._skipped and element in ("bpt", "ept"):
                self._mark(element, attributes)
            if self._skipped or element in CODES:
                self._skipped += 1
        elif element == "seg":
            self._text, self._begin = [], self._length
            self._open, self._stretches = {}, {}
        elif element == "tuv":
            self._language = attributes.get("xml:lang", attributes.get("lang", ""))
        elif element == "tu":
            self._said = attributes.get("srclang", self._header)
        elif element == "header":
            self._header = attributes.get("srclang", "")

    def _mark(self, element: str, attributes: dict[str, str]) -> None:
        """Note where a stretch between two codes begins or ends."""
        number, place = attributes.get("i", ""), self._length - self._begin
        if element == "bpt" and len(self._open) + len(self._stretches) < MOST_STRETCHES:
            self._open[number] = attributes.get("x", number), place
        elif element == "ept" and number in self._open:
            name, start = self._open.pop(number)
            self._stretches[name] = start, place

    def _characters(self, text: str) -> None:
        if self._skipped:
            self._code_text += text[: MOST_CODE + 1 - len(self._code_text)]
        elif self._text is not None:
            self._add(text)

    def _add(self, text: str) -> None:
        assert self._text is not None
        self._text.append(text)
        self._length += len(text)
        if self._length > MOST_CHARACTERS:
            self._refuse(f"a unit of more than {MOST_CHARACTERS:,} characters")

    def _end(self, element: str) -> None:
        self._depth -= 1
        if self._skipped:
            self._skipped -= 1
            if not self._skipped and self._text is not None:
                if _is_placeholder(self._code_text):
                    self._add(self._code_text)
                self._code_text = ""
        elif element == "seg" and self._text is not None:
            text = "".join(self._text)
            self._variants.append(_Variant(self._language, text, self._stretches))
            self._text = None
            if len(self._variants) > MOST_VARIANTS:
                self._refuse(f"a unit of more than {MOST_VARIANTS:,} variants")
        elif element == "tu":
            self._units.extend(self._paired())
            self._variants, self._length = [], 0

    def _paired(self) -> Iterator[TranslationUnit]:
        """The units that the variants of a unit give."""
        said = self._source or self._code(self._said)
        if not said:
            if self._said == ANY:
                self._refuse(
                    "no source language is named; name it with --from, and the other with --to"
                )
            self._left_out["units without a known source language"] += 1
            return
        texts: dict[str, _Variant] = {}
        exact = self._said.casefold()  # of en-US and en-GB, the one that the file names
        for variant in sorted(self._variants, key=lambda v: v.language.casefold() != exact):
            if not (code := self._code(variant.language)):
                self._left_out["texts without a known language"] += 1
            elif not variant.text.strip():
                self._left_out["texts that are empty"] += 1
            elif code in texts:
                self._left_out["further variants of a language"] += 1
            else:
                texts[code] = variant
        source = texts.pop(said, None)
        wanted = [code for code in texts if self._target in ("", code)]
        missing = [] if source is not None else [f"the source language ({said})"]
        if not wanted:
            named = f" ({self._target})" if self._target else ""
            missing.append(f"the target language{named}")
        if missing:
            self._left_out[f"units without a text in {' and in '.join(missing)}"] += 1
        if source is None:
            return
        for code in wanted:
            links = _links(source.stretches, texts[code].stretches)
            yield TranslationUnit(said, code, source.text, texts[code].text, links)

    def _code(self, tag: str) -> str:
        found = self._codes.get(tag)
        if found is None:
            if len(self._codes) >= MOST_NAMES:
                self._refuse(f"more than {MOST_NAMES:,} languages")
            found = written_code(tag) if LANGUAGE.fullmatch(tag) else ""
            self._codes[tag] = found
        return found


class TmxWriter:
    """A TMX file of entries.

    Attributes:
        dropped: how many characters were left out that XML cannot hold.

    Args:
        source_language: of all entries; empty if they have several.
    """

    def __init__(self, source_language: str) -> None:
        self.dropped = 0
        self._source_language = source_language

    def written(self, entries: Iterable[Entry]) -> Iterator[str]:
        """The file, piece by piece."""
        header = {
            "creationtool": "s2s",
            "creationtoolversion": __version__,
            "creationdate": _date(time.time()),
            "segtype": "block",
            "o-tmf": "s2s",
            "adminlang": "en",
            "srclang": self._source_language or ANY,
            "datatype": "plaintext",
        }
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
        yield f"<header{self._attributes(header)}/>\n<body>\n"
        for entry in entries:
            yield self._unit(entry)
        yield "</body>\n</tmx>\n"

    def _unit(self, entry: Entry) -> str:
        origin = entry.origin
        about = {
            "srclang": origin.source_language,
            "creationdate": _date(entry.created),
            "creationid": origin.name,
            "lastusagedate": _date(entry.used),
            "usagecount": str(entry.uses),
        }
        return (
            f"<tu{self._attributes(about)}>\n"
            + self._variant(origin.source_language, entry.source)
            + self._variant(origin.target_language, entry.target)
            + "</tu>\n"
        )

    def _variant(self, language: str, text: str) -> str:
        attributes = self._attributes({"xml:lang": language})
        return f"<tuv{attributes}><seg>{self._escaped(text)}</seg></tuv>\n"

    def _attributes(self, attributes: dict[str, str]) -> str:
        return "".join(f' {name}="{self._escaped(text)}"' for name, text in attributes.items())

    def _escaped(self, text: str) -> str:
        text, dropped = FORBIDDEN.subn("", text)
        self.dropped += dropped
        return text.translate(ESCAPES)


def _is_placeholder(code: str) -> bool:
    """Whether a code is what stands in texts as it is: ``{0}``, ``%s``."""
    return any(found == (0, len(code), ARGUMENT) for found in table().stretches(code))


def _date(seconds: float) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))
