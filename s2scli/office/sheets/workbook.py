"""A workbook with other texts, in which everything that has a name is still called by it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from s2scli.data import Span
from s2scli.documents.base import Edit, Format, Source, Target
from s2scli.documents.package import Archive, Package
from s2scli.documents.remarks import renew
from s2scli.documents.xmltokens import CLOSE, attribute, escaped, tokens
from s2scli.office.literals import formula_texts, number_remark, remark
from s2scli.office.schemas import DOCUMENT, NAMESPACES
from s2scli.office.sheets.cells import cells, shared_strings
from s2scli.office.sheets.kept import KeptCells
from s2scli.office.sheets.names import column_name, sheet_name
from s2scli.office.sheets.parts import said
from s2scli.office.sheets.references import Renames
from s2scli.office.sheets.tables import Columns, pivot, table

__all__ = ["PIVOT", "SHEET", "STRINGS", "STYLES", "TABLE", "Workbook"]

SHEET = f"{DOCUMENT}spreadsheetml.worksheet+xml"
STRINGS = f"{DOCUMENT}spreadsheetml.sharedStrings+xml"
TABLE = f"{DOCUMENT}spreadsheetml.table+xml"
STYLES = f"{DOCUMENT}spreadsheetml.styles+xml"
PIVOT = f"{DOCUMENT}spreadsheetml.pivotCacheDefinition+xml"
_TEXT_RESULT = re.compile(r"""\st\s*=\s*["']str["']""")
# Of cells, of what is to look different, of what a cell may say, and of what has a name.
_FORMULA = re.compile(r"<(?:[\w.-]+:)?(?:f|formula[12]?|definedName)(?:\s[^<>]*)?>([^<]+)</")
_NUMBER_FORMAT = re.compile(r"\sformatCode\s*=\s*([\"'])([^<>]*?)\1")
_CALCULATION = re.compile(r"(<(?:[\w.-]+:)?calcPr)(?:\s[^<>]*)?>")
_RELATION = re.compile(r"<(?:[\w.-]+:)?Relationship\s[^<>]*>")


class Workbook(Package):
    """A workbook.

    Args:
        archive: its package.
        forms: the parts with text or references, and the form of each; the main part first.
        types: part → content type.
        renames: the new names, which the forms know.
        kept: the cells that stay.

    Raises:
        BadInputError: a part is missing, is damaged, or does not have that form.
    """

    def __init__(
        self,
        archive: Archive,
        forms: Sequence[tuple[str, Format]],
        types: Mapping[str, str],
        renames: Renames,
        kept: KeptCells,
    ) -> None:
        super().__init__(archive, forms)
        self._main = forms[0][0]
        self._types = types
        self._renames = renames
        self._kept = kept
        parts = zip(self._names, self.parts, strict=True)
        self._sources = {name: part.source for name, part in parts}
        self._columns = list(self._find_columns())
        formulas = (
            said(match[1])
            for sheet in (self._main, *self._of_type(SHEET))
            for match in _FORMULA.finditer(self._sources[sheet].text)
        )
        remarks = self.parts[0].format.remarks
        if quoted := formula_texts(formulas):
            remarks += remark(quoted, (slot.text for slot in self.slots))
        numbers = (
            said(match[2])
            for styles in self._of_type(STYLES)
            for match in _NUMBER_FORMAT.finditer(self._sources[styles].text)
        )
        remarks += number_remark(formula_texts(numbers))

    def written(self, targets: Iterable[Target]) -> Iterator[bytes]:
        """Its bytes with other texts in its slots; without a change, the very bytes it had.

        Args:
            targets: the new text of each slot; gone through several times.
        """
        self._renames.sheets, self._renames.columns, self._renames.edits = {}, {}, {}
        main = self._main
        if self._kept.shared:
            self._keep_strings(targets)
        wanted = {columns.sheet for columns in self._columns}
        if wanted:
            wanted |= set(self._of_type(STRINGS))
        if len(self.parts[0].slots):
            wanted.add(main)
        if wanted:
            new = self._new(targets, wanted)
            if self._columns:
                self._name_columns(new)
            if main in new:
                self._name_sheets(new[main])
        self._recalculate()
        yield from super().written(targets)

    def _keep_strings(self, targets: Iterable[Target]) -> None:
        """Give cells that stay a string of their own, where others share it."""
        for part, new in self._new(targets, set(self._of_type(STRINGS))).items():
            for name, edit in self._kept.edits(part, self._sources[part], new):
                self._renames.edits.setdefault(name, []).append(edit)

    def _of_type(self, type_: str) -> Iterator[str]:
        return (name for name, other in self._types.items() if other == type_)

    def _new(self, targets: Iterable[Target], wanted: set[str]) -> dict[str, Source]:
        """Some parts with other texts in their slots, names as the texts have them."""
        found: dict[str, Source] = {}
        for name, parts in zip(self._names, self.rewritten(targets), strict=True):
            data = b"".join(parts)
            if name in wanted:
                found[name] = Source.decode(name, data)
        return found

    def _find_columns(self) -> Iterator[Columns]:
        """The tables, then what pivot tables are made of."""
        tables: dict[str, Columns] = {}
        for sheet in self._of_type(SHEET):
            for part in self._related(sheet).values():
                if self._types.get(part) == TABLE:
                    found = table(part, sheet, self._sources[part])
                    tables[found.table.lower()] = found
        yield from tables.values()
        pivots = list(self._of_type(PIVOT))
        parts = self._related(self._main) if pivots else {}
        sheets = {
            name: parts[key]
            for _, name, key in _listed(self._sources[self._main])
            if self._types.get(parts.get(key, "")) == SHEET
        }
        for part in pivots:
            if source := pivot(part, self._sources[part], sheets, tables):
                yield source

    def _related(self, part: str) -> dict[str, str]:
        """The parts that another refers to, by the names that it has for them."""
        folder, _, name = part.rpartition("/")
        relations = f"{folder}/_rels/{name}.rels"
        found: dict[str, str] = {}
        text = self._archive.source(relations).text if relations in self._archive else ""
        for relation in _RELATION.finditer(text):
            key, target = (attribute(text, relation.span(), name) for name in ("Id", "Target"))
            if key and target:
                path = posixpath.join("/", folder, text[slice(*target)])
                found[text[slice(*key)]] = posixpath.normpath(path).lstrip("/")
        return found

    def _recalculate(self) -> None:
        """Let what formulas make of texts be made again when the workbook is opened."""
        if not any(
            _TEXT_RESULT.search(self._sources[sheet].text) for sheet in self._of_type(SHEET)
        ):
            return
        text = self._sources[self._main].text
        if tag := _CALCULATION.search(text):
            said_so = attribute(text, tag.span(), "fullCalcOnLoad")
            place = said_so or (tag.end(1), tag.end(1))
            edit = Edit(*place, "1" if said_so else ' fullCalcOnLoad="1"')
            self._renames.edits.setdefault(self._main, []).append(edit)

    def _name_sheets(self, new: Source) -> None:
        """Find the new names of the sheets."""
        old = _listed(self._sources[self._main])
        wanted = [name for _, name, _ in _listed(new)]
        pairs = list(zip(old, wanted, strict=True))
        taken = {name.lower() for (_, name, _), other in pairs if name == other}
        edits = self._renames.edits.setdefault(self._main, [])
        others = []
        for (place, name, _), other in pairs:
            chosen = name if name == other else sheet_name(other, name, taken)
            if chosen != other:
                others.append(f"{other!r} is {chosen!r}")
            taken.add(chosen.lower())
            self._renames.sheets[name.lower()] = chosen
            if chosen != name:
                edits.append(Edit(*place, escaped(chosen, quoted=True)))
        renew(self.parts[0].format.remarks, "Sheets have names that Excel takes", others)

    def _name_columns(self, new: Mapping[str, Source]) -> None:
        """Find the new names of columns: what the cells above them say."""
        strings: list[str] = []
        for part in self._of_type(STRINGS):
            strings = shared_strings(new[part])
        for columns in self._columns:
            source = self._sources[columns.sheet]
            found = cells(new[columns.sheet], {*columns.heads, *columns.feet}, strings)
            places = cells(source, columns.heads, strings)
            text = self._sources[columns.part].text
            edits = self._renames.edits.setdefault(columns.part, [])
            renamed = self._renames.columns.setdefault(columns.table.lower(), {})
            taken: set[str] = set()
            for number, place in enumerate(columns.names):
                old = said(text[slice(*place)])
                head = columns.heads[number] if number < len(columns.heads) else ""
                wanted = found[head].text if head in found else old
                chosen = column_name(wanted, old, taken)
                taken.add(chosen.lower())
                if chosen != wanted and head in places and columns.table:
                    cell = places[head]
                    own = Edit(*cell.span, cell.with_text(source.text, chosen))
                    others = self._renames.edits.get(columns.sheet, [])
                    others = [edit for edit in others if not own.start <= edit.start < own.end]
                    self._renames.edits[columns.sheet] = [*others, own]
                if chosen != old:
                    edits.append(Edit(*place, _quoted(chosen)))
                    renamed[old.lower()] = chosen
                foot = columns.feet[number] if number < len(columns.feet) else ""
                if number in columns.labels and foot in found:
                    edits.append(Edit(*columns.labels[number], _quoted(found[foot].text)))
        self._renames.columns.pop("", None)  # formulas do not call a pivot table's fields


def _quoted(text: str) -> str:
    """A text as the name of a column is written."""
    return escaped(text, quoted=True).replace("&#10;", "_x000a_").replace("&#13;", "_x000d_")


def _listed(source: Source) -> list[tuple[Span, str, str]]:
    """The sheets: where their names are, these, and what their parts are called here."""
    found = []
    for kind, name, start, end, _ in tokens(source, NAMESPACES):
        if kind != CLOSE and name == "x:sheet":
            place, key = (attribute(source.text, (start, end), name) for name in ("name", "id"))
            if place:
                part = source.text[slice(*key)] if key else ""
                found.append((place, said(source.text[slice(*place)]), part))
    return found
