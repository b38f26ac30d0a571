"""Excel's workbooks (ECMA-376): XLSX.

Which of a package's parts have text, their content types say. Cells, comments, drawings, charts and
headers are text; the names of sheets are if that is wanted. A table's columns are called as the
cells above them, and formulas call both by name: what gets another text there gets it everywhere.
"""

from __future__ import annotations

from s2scli.documents.filling import Document
from s2scli.documents.package import Archive
from s2scli.documents.reading import Compound
from s2scli.errors import BadInputError
from s2scli.office.ooxml import SHARED, DocumentProperties, parts_of
from s2scli.office.schemas import DOCUMENT
from s2scli.office.sheets.kept import kept_cells
from s2scli.office.sheets.parts import (
    Captions,
    Comments,
    Drawing,
    OldDrawing,
    References,
    SharedStrings,
    Sheet,
    SheetNames,
    Threads,
    WorkbookPart,
    WorkbookProperties,
)
from s2scli.office.sheets.references import Renames
from s2scli.office.sheets.workbook import PIVOT, SHEET, STRINGS, STYLES, TABLE, Workbook

__all__ = ["Xlsx"]

_SHEETS = f"{DOCUMENT}spreadsheetml."
_MAINS = (
    f"{_SHEETS}sheet.main+xml",
    f"{_SHEETS}template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
)
_CONTROLS = "application/vnd.ms-excel.controlproperties+xml"
_TIMELINE = "application/vnd.ms-excel.timeline+xml"
# Content type → form of the parts with text, in their order.
_PARTS: dict[str, type[WorkbookPart]] = {
    **dict.fromkeys(_MAINS, SheetNames),
    STRINGS: SharedStrings,
    SHEET: Sheet,
    f"{_SHEETS}chartsheet+xml": Sheet,
    f"{_SHEETS}comments+xml": Comments,
    "application/vnd.ms-excel.threadedcomments+xml": Threads,
    f"{DOCUMENT}drawing+xml": Drawing,
    **{
        type_: WorkbookProperties if form is DocumentProperties else Drawing
        for type_, form in SHARED.items()
    },
    **dict.fromkeys((PIVOT, STYLES), References),
    **dict.fromkeys((TABLE, _CONTROLS), Captions),
    **dict.fromkeys(("application/vnd.ms-excel.slicer+xml", _TIMELINE), Captions),
    f"{DOCUMENT}vmlDrawing": OldDrawing,
}
# What else refers to sheets.
_REFERRING = (
    f"{DOCUMENT}extended-properties+xml",
    "application/vnd.openxmlformats-package.relationships+xml",
)


class Xlsx(SharedStrings, Compound):
    """A workbook of Excel."""

    def opened(self, name: str, data: bytes) -> Document:
        """Read a workbook.

        Raises:
            BadInputError: invalid, or its sheets are to be renamed but macros use their names.
        """
        archive = Archive(name, data)
        renames = Renames()
        types = [*_PARTS, *(_REFERRING if self.options.sheet_names else ())]
        parts = parts_of(archive, "XLSX", _MAINS, types)
        if self.options.sheet_names and any(
            part.endswith("/vbaProject.bin") for part in archive.names
        ):
            raise BadInputError(
                f"{name} has macros, which may call its sheets by name",
                "Leave --sheet-names out for it.",
            )
        forms = [
            (part, _PARTS.get(type_, References)(self.options, renames, part))
            for part, type_ in parts
        ]
        kept = kept_cells(
            name,
            self.options,
            *(
                {part: archive.source(part) for part, other in parts if other == type_}
                for type_ in (STRINGS, SHEET)
            ),
        )
        for part, form in forms:
            form.kept = kept.spans.get(part, ())
        forms[0][1].remarks += kept.remarks
        return Workbook(archive, forms, dict(parts), renames, kept)
