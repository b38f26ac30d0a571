"""gettext's PO files (https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html).

Only messages without a translation are translated, and fuzzy ones; everything else stays byte for
byte, comments, flags, obsolete messages and the header too, but for a language that is not named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Edit, Format, Slot, Source, line_end
from s2scli.documents.encodings import source_as_declared
from s2scli.documents.languages import check_source, check_target
from s2scli.documents.remarks import named
from s2scli.errors import BadInputError
from s2scli.languages.plurals import gettext_rule, whole_forms

__all__ = ["Po"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_KEYWORD = re.compile(r"\s*(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s*(?=\")")
_STRING = re.compile(r'\s*"(.*)"\s*$')
_QUOTE = re.compile(r'\\.|["\\]')
# Several codes may be the bytes of one character.
_ESCAPE = re.compile(r"(?P<codes>(?:\\(?:x[0-9A-Fa-f]+|[0-7]{1,3}))+)|\\(?P<name>.)", re.DOTALL)
_NAMES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_SPELLED = str.maketrans(
    {code: f"\\{code:03o}" for code in (*range(0x20), 0x7F)}
    | {ord(character): f"\\{name}" for name, character in _NAMES.items()}
    | {ord(sign): f"\\{sign}" for sign in '\\"'}
)
_CHARSET = re.compile(r'Content-Type:(?:[^"\n]|"\s*")*?charset=([\w.:-]+)')
# The end of a locale (.UTF-8, @euro) says nothing of the language.
_LANGUAGE = re.compile(r"^\"Language: ?([^\\\".@]*)([^\\\"]*)", re.MULTILINE)
_SOURCE = re.compile(r"^\"X-Source-Language: ?([^\\\".@]*)", re.MULTILINE)
_FORMS = re.compile(r"(?:\"|\\n)Plural-Forms: *nplurals *= *(\d{1,3}) *; *plural *= *([^;\\\"]+)")
_NO_FORMS = re.compile(r"nplurals *= *INTEGER *; *plural *= *EXPRESSION *;?")  # in a template
_PLURAL = re.compile(r"^msgid_plural\b", re.MULTILINE)
MOST_FORMS = 6  # that a language has
HEADER = 10_000  # characters in which it is
_FUZZY = re.compile(r"#,.*\bfuzzy\b")
# Where translators write who they are: GNOME's message of that name
# (https://docs.gtk.org/gtk4/property.AboutDialog.translator-credits.html), and KDE's contexts, as
# texts had them before gettext knew contexts too (https://api.kde.org/kaboutdata.html).
_CREDITS = re.compile(r"translators?[-_]credits?", re.IGNORECASE)
_CREDITING = re.compile(
    r"(?:_: ?)?(?:(?:NAMES?|E-?MAILS?|ROLES?) OF TRANSLATORS?|CREDIT_FOR_TRANSLATORS?)(?=\n|\Z)"
)


class _Entry:
    """A message as it is read, line by line."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}  # keyword → text
        self.places: dict[str, tuple[int, int]] = {}  # keyword → where its strings stand
        self.fuzzy = False
        self.flags = (0, 0)  # where the line stands that says so

    @property
    def is_header(self) -> bool:
        """Whether it says what the file is."""
        return self.texts.get("msgid") == "" and "msgctxt" not in self.texts

    def surplus(self, forms: _Forms) -> Iterator[Span]:
        """Where the forms stand, empty, that the language does not have.

        Each begins where the string before it ends.
        """
        reached = 0
        for keyword, (_, end) in self.places.items():
            is_form = keyword.startswith("msgstr[") and not self.texts[keyword]
            if is_form and reached and 0 < forms.number <= int(keyword[7:-1]):
                yield reached, end
            reached = end

    @property
    def credits(self) -> str:
        """What it is called if translators write there who they are; empty if they do not."""
        context, text = self.texts.get("msgctxt", ""), self.texts.get("msgid", "")
        if found := _CREDITING.match(context) or _CREDITING.match(text):
            return found[0].removeprefix("_:").strip()
        return text if _CREDITS.fullmatch(text) else ""

    def slots(self, overwrite: bool, forms: _Forms) -> Iterator[Slot]:
        """The translations that are wanted.

        Args:
            overwrite: whether there is one already does not matter.
            forms: of messages with a number.
        """
        singular, plural = self.texts.get("msgid", ""), self.texts.get("msgid_plural", "")
        if not any(map(str.isalpha, singular)) or self.credits:
            return  # the header, or nothing to say
        without = {end for _, end in self.surplus(forms)}
        for keyword, (start, end) in self.places.items():
            if keyword.startswith("msgstr") and end not in without:
                says = self.texts[keyword]
                if not says or self.fuzzy or overwrite:
                    is_one = keyword in ("msgstr", forms.one)
                    yield Slot(start, end, singular if is_one else plural, says)
        if plural:
            yield from self._missing(singular, plural, forms)

    def _missing(self, singular: str, plural: str, forms: _Forms) -> Iterator[Slot]:
        """The forms that the header asks for and the message does not have."""
        last = max(end for _, end in self.places.values())
        for index in range(forms.number):
            if (keyword := f"msgstr[{index}]") not in self.places:
                text = singular if keyword == forms.one else plural
                yield _Form(last, last, text, keyword=keyword)


class _Forms(NamedTuple):
    """The forms of messages with a number, as a header has them.

    Attributes:
        number: how many; 0 if it does not say.
        one: the keyword of the one for the number one.
    """

    number: int = 0
    one: str = "msgstr[0]"

    @classmethod
    def of(cls, text: str, target: str) -> _Forms:
        """Read a file's header; of a template they are those of the language of the output."""
        from gettext import c2py

        head = re.sub(r'"\r?\n"', "", text[:HEADER])
        if template := _NO_FORMS.search(head):
            head = head.replace(template[0], gettext_rule(target), 1)
        found = _FORMS.search(head)
        if not found or not 0 < int(found[1]) <= MOST_FORMS:
            return cls()
        try:
            one = c2py(found[2])(1)
        except (ValueError, ArithmeticError, RecursionError):
            return cls()
        # A language of one form says by it how many there are.
        return cls(int(found[1]), f"msgstr[{one}]" if int(found[1]) > 1 else "")


@dataclass(frozen=True, slots=True)
class _Form(Slot):
    """A form that a message lacks.

    Attributes:
        keyword: what it begins with.
    """

    keyword: str = ""

    @property
    def is_joined(self) -> bool:
        """Whether it is put in: always."""
        return True


class Po(Format):
    """A PO file, or a template (POT), in the encoding that its header names."""

    has_strings = True
    mnemonics = "&_~"

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a file, in the encoding that its header names."""
        return source_as_declared(name, data, _CHARSET)

    def slots(self, source: Source) -> Iterator[Slot]:
        """The missing translations."""
        if said := _LANGUAGE.search(source.text, 0, HEADER):
            check_target(source.name, said[1], self.options.target_language)
        if said := _SOURCE.search(source.text, 0, HEADER):
            check_source(source.name, said[1], self.options.source_language)
        forms = self._forms(source)
        credits = list[str]()
        for entry in _entries(source):
            credits.append(entry.credits)
            yield from entry.slots(self.options.overwrite, forms)
        if found := list(filter(None, credits)):
            stay = "Messages in which translators write who they are stay as they are"
            self.remarks.append(f"{stay}: {named(map(repr, found))}.")
        if not forms.number and _PLURAL.search(source.text):
            self._say_forms(source)

    def _forms(self, source: Source) -> _Forms:
        return _Forms.of(source.text, self.options.target_language)

    def _say_forms(self, source: Source) -> None:
        """Say that a file does not say which forms its messages have if that matters."""
        target = self.options.target_language
        if target and _NO_FORMS.search(source.text, 0, HEADER):
            self.remarks.append(
                f"The plural of {target} is not known: put it into the header (Plural-Forms)."
            )
        elif target and (count := whole_forms(target)) != 2:
            self.remarks.append(
                "The header has no Plural-Forms: messages with a number keep the forms of the "
                f"template, while {target} has {count}. Add it (msginit does), and run again."
            )

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """A string a line, as gettext writes them."""
        if isinstance(slot, _Form):
            inner = Slot(slot.start, slot.end, slot.text)
            newline = line_end(source.text)
            return f"{newline}{slot.keyword} {self.written(source, inner, text)}"
        # gettext requires both to begin and to end with a line break, or neither.
        body = slot.text.strip("\n")
        lead = slot.text[: len(slot.text) - len(slot.text.lstrip("\n"))]
        tail = slot.text[len(lead) + len(body) :]
        lines = _LINE.findall(lead + text.strip("\n") + tail)
        written = [f'"{line.translate(_SPELLED)}"' for line in lines]
        newline = line_end(source.text)
        return newline.join(written if len(lines) == 1 else ['""', *written])

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language and its plural where the header has a place for them, as msginit does.

        Empty forms of messages that the language does not have go.
        """
        target = self.options.target_language
        place = _LANGUAGE.search(source.text, 0, HEADER)
        is_new = bool(place and not place[1] + place[2] and target)
        if place and is_new:
            yield Edit(place.end(), place.end(), target.replace("-", "_"))
        forms, template = self._forms(source), _NO_FORMS.search(source.text, 0, HEADER)
        if template and (rule := gettext_rule(target)):
            yield Edit(*template.span(), rule)
        declared = _CHARSET.search(source.text, 0, HEADER)
        if is_new and declared and declared[1] == "CHARSET":
            yield Edit(*declared.span(1), "UTF-8")
        for entry in _entries(source) if is_new or "\nmsgstr[" in source.text else ():
            # Of a header that is not sure, programs read nothing.
            if is_new and entry.is_header and entry.flags[1]:
                yield Edit(*entry.flags, "")
            for start, end in entry.surplus(forms):
                yield Edit(start, end, "")

    def has_text(self, source: Source) -> bool:
        """Never: what has no slot is translated already."""
        return False


def _entries(source: Source) -> Iterator[_Entry]:
    """The messages of a file.

    Raises:
        BadInputError: it is not valid.
    """
    entry, keyword = _Entry(), ""
    for match in _LINE.finditer(source.text):
        line = match[0]
        if line.startswith("#") or line.isspace():
            if entry.texts:
                yield entry
                entry = _Entry()
            keyword = ""
            if _FUZZY.match(line):
                entry.fuzzy, entry.flags = True, match.span()
            continue
        start = match.start()
        if told := _KEYWORD.match(line):
            if told[1] in ("msgctxt", "msgid") and "msgid" in entry.texts:
                yield entry
                entry = _Entry()
            keyword = told[1]
            entry.texts[keyword] = ""
            line, start = line[told.end() :], start + told.end()
            entry.places[keyword] = (start, start)
        string = _STRING.match(line)
        says = _unescaped(string[1]) if string else None
        if not keyword or says is None:
            number = source.text.count("\n", 0, match.start()) + 1
            raise BadInputError(f"{source.name}, line {number} is not valid PO syntax")
        entry.texts[keyword] += says
        entry.places[keyword] = (entry.places[keyword][0], start + len(line.rstrip()))
    yield entry


def _unescaped(text: str) -> str | None:
    """What a string says; None if a quote or an escape in it is not whole."""
    if any(len(match[0]) < 2 for match in _QUOTE.finditer(text)):
        return None
    try:
        return _ESCAPE.sub(_character, text)
    except ValueError:  # not the bytes of a character
        return None


def _character(escape: re.Match[str]) -> str:
    if name := escape["name"]:
        return _NAMES.get(name, name)
    codes = escape["codes"].split("\\")[1:]
    return bytes(int(code.lstrip("x"), 16 if code[0] == "x" else 8) for code in codes).decode()
