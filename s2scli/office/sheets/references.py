"""References of a workbook to its sheets and to the columns of its tables, when these are renamed.

They stand in formulas of cells, names, charts and rules, in links, pivot tables and controls. A
formula's strings are not text, but one that begins with a sheet, as INDIRECT and HYPERLINK take it,
is a reference too. What refers to another workbook stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from s2scli.documents.base import Edit
from s2scli.documents.xmltokens import characters, escaped

__all__ = ["Renames"]

_NAME = r"[^\W\d][\w.]*"
_TOKEN = re.compile(
    r'"(?P<literal>(?:[^"]|"")*)"'
    r"|'(?P<quoted>(?:[^']|'')+)'!"
    rf"|(?<![\w.\]#'])(?:(?P<first>{_NAME}):)?(?P<sheet>{_NAME})!"
    rf"|(?<![\w.\]#'])(?P<table>{_NAME})\["
    r"|(?<![\w.\]'])\[(?P<own>@?[^\[\]\d#][^\[\]#']*)\](?![\w!'])"  # within the table itself
)
_LITERAL = re.compile(rf"(\"#?)((?:'(?:[^']|'')+'|{_NAME})!)(?=[\w.$:]*\"$)")
_BRACKET = re.compile(r"'.|[\[\]]", re.DOTALL)
_COLUMN = re.compile(r"\[((?:[^\[\]']|'.)*)\]")
_COLUMN_ESCAPE = re.compile(r"[\[\]#'@]")
_FORMULA = re.compile(
    r"<(?:[\w.-]+:)?(?:f|formula[12]?|definedName|calculatedColumnFormula|totalsRowFormula|Fmla\w+)"
    r"(?:\s[^<>]*)?>([^<>]+)</"
)
# Elements with attributes that refer to sheets.
_HOLDER = re.compile(
    r"<(?:[\w.-]+:)?(?:hyperlink|sp|formControlPr|controlPr|worksheetSource|rangeSet|dataRef"
    r"|Relationship)\s[^<>]*>"
)
_REFERENCE = re.compile(
    r"\s(?:(?P<formula>location|textlink|fmla\w+|linkedCell|listFillRange)|(?P<sheet>sheet)|Target)"
    r"\s*=\s*([\"'])(?P<value>[^<>]*?)\3"
)
_TITLE = re.compile(r"<(?:[\w.-]+:)?lpstr>([^<>]+)</")  # of a part, in the application's properties


@dataclass(slots=True)
class Renames:
    """What of a workbook gets another name.

    Attributes:
        sheets: of sheets, in lower case → the new name.
        columns: of tables, in lower case → of columns, in lower case → the new name.
        edits: part → what else changes in it with the names.
    """

    sheets: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    edits: dict[str, list[Edit]] = field(default_factory=dict)

    def of_part(self, name: str, text: str) -> Iterator[Edit]:
        """What changes in a part.

        Args:
            name: the part's name.
            text: its characters.
        """
        yield from self.edits.get(name, ())
        if self.sheets or self.columns:
            yield from self._in_formulas(text)
        if self.sheets:
            yield from self._in_attributes(text)

    def formula(self, text: str) -> str:
        """A formula with the new names."""
        parts, reached = [], 0
        while token := _TOKEN.search(text, reached):
            parts.append(text[reached : token.start()])
            reached = token.end()
            if token["table"]:
                reached = _closing(text, token.end())
                inside = text[token.end() : reached]
                parts += [token[0], self._columns(token["table"], inside)]
            elif token["own"]:
                parts.append(f"[{self._own(token['own'])}]")
            elif token["literal"] is not None:
                if sheet := _LITERAL.match(token[0]):
                    parts += [sheet[1], self.formula(sheet[2]), token[0][sheet.end() :]]
                else:
                    parts.append(token[0])
            elif token["quoted"]:
                parts.append(self._sheets(token[0], token["quoted"].replace("''", "'").split(":")))
            elif token["first"] and not self._is_sheet(token["first"]):
                parts.append(f"{token['first']}:{self._sheets(f'{token[4]}!', [token[4]])}")
            else:
                names = [name for name in (token["first"], token["sheet"]) if name]
                parts.append(self._sheets(token[0], names))
        return "".join([*parts, text[reached:]])

    def _is_sheet(self, name: str) -> bool:
        return name.lower() in self.sheets

    def _sheets(self, old: str, names: list[str]) -> str:
        """One sheet or the first and the last of several, as a reference begins with them."""
        new = [self.sheets.get(name.lower(), name) for name in names]
        if all(one.lower() == other.lower() for one, other in zip(names, new, strict=True)):
            return old
        return "'{}'!".format(":".join(new).replace("'", "''"))

    def _columns(self, table: str, inside: str) -> str:
        """What stands in a table's brackets."""
        columns = self.columns.get(table.lower())
        if not columns:
            return inside

        def new(name: str) -> str:
            plain = re.sub(r"'(.)", r"\1", name)
            found = columns.get(plain.lower())
            return name if found is None else _COLUMN_ESCAPE.sub(r"'\g<0>", found)

        if "[" in inside.replace("'[", ""):
            return _COLUMN.sub(lambda match: f"[{new(match[1])}]", inside)
        return new(inside)

    def _own(self, name: str) -> str:
        """A column that is called without its table, if no two tables call it differently."""
        at = "@" if name.startswith("@") else ""
        key = name.removeprefix("@").lower()
        found = {columns[key] for columns in self.columns.values() if key in columns}
        return at + _COLUMN_ESCAPE.sub(r"'\g<0>", found.pop()) if len(found) == 1 else name

    def _in_formulas(self, text: str) -> Iterator[Edit]:
        for found in _FORMULA.finditer(text):
            old = characters(found[1])
            if (new := self.formula(old)) != old:
                yield Edit(*found.span(1), escaped(new))

    def _in_attributes(self, text: str) -> Iterator[Edit]:
        for holder in _HOLDER.finditer(text):
            if re.search(r"\s[\w.-]+:id\s*=", holder[0]) and "hyperlink" not in holder[0][:40]:
                continue  # in another workbook
            for found in _REFERENCE.finditer(text, *holder.span()):
                old = characters(found["value"])
                if found["sheet"]:
                    new = self.sheets.get(old.lower(), old)
                elif found["formula"]:
                    new = self.formula(old)
                else:
                    new = self._target(old)
                if new != old:
                    yield Edit(*found.span("value"), escaped(new, quoted=True))
        for title in _TITLE.finditer(text):
            old = characters(title[1])
            new = self.sheets.get(old.lower()) or self.formula(old)
            if new != old:
                yield Edit(*title.span(1), escaped(new))

    def _target(self, target: str) -> str:
        """The address of a link within the workbook."""
        if not target.startswith("#"):
            return target
        old = unquote(target[1:])
        new = self.formula(old)
        if new == old:
            return target
        return "#" + (quote(new, "!'$:") if "%" in target else new)


def _closing(text: str, start: int) -> int:
    """Where the bracket is that closes the one before a place."""
    depth = 1
    for bracket in _BRACKET.finditer(text, start):
        depth += {"[": 1, "]": -1}.get(bracket[0], 0)
        if not depth:
            return bracket.start()
    return start
