"""Namespaces of Office's documents (ECMA-376; [MS-DOCX] and its like); which attributes are texts.

Names of objects, styles, bookmarks and the like are none: programs and links call these by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

__all__ = ["DOCUMENT", "DRAWN", "NAMESPACES", "WORDED"]

DOCUMENT = "application/vnd.openxmlformats-officedocument."
_ROOTS = ("http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/")  # of both variants
_SCHEMAS = {
    "wordprocessingml/2006/main": "w",
    "wordprocessingml/main": "w",
    "drawingml/2006/main": "a",
    "drawingml/main": "a",
    "drawingml/2006/wordprocessingDrawing": "wp",
    "drawingml/wordprocessingDrawing": "wp",
    "drawingml/2006/picture": "pic",
    "drawingml/picture": "pic",
    "drawingml/2006/chart": "c",
    "drawingml/chart": "c",
    "drawingml/2006/chartDrawing": "cdr",
    "drawingml/chartDrawing": "cdr",
    "presentationml/2006/main": "p",
    "presentationml/main": "p",
    "spreadsheetml/2006/main": "x",
    "spreadsheetml/main": "x",
    "drawingml/2006/spreadsheetDrawing": "xdr",
    "drawingml/spreadsheetDrawing": "xdr",
    "officeDocument/2006/math": "m",
    "officeDocument/math": "m",
}
_MICROSOFT = "http://schemas.microsoft.com/office/"
NAMESPACES = {root + schema: _SCHEMAS[schema] for root, schema in product(_ROOTS, _SCHEMAS)} | {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
    "http://schemas.openxmlformats.org/package/2006/content-types": "ct",
    "urn:schemas-microsoft-com:vml": "v",
    f"{_MICROSOFT}word/2010/wordprocessingShape": "wps",
    f"{_MICROSOFT}word/2010/wordprocessingGroup": "wpg",
    f"{_MICROSOFT}drawing/2010/diagram": "dgm14",
    f"{_MICROSOFT}drawing/2008/diagram": "dsp",
    f"{_MICROSOFT}drawing/2014/chartex": "cx",
    f"{_MICROSOFT}spreadsheetml/2009/9/main": "x14",
    f"{_MICROSOFT}spreadsheetml/2010/11/main": "x15",
}
_DRAWINGS = ("p", "xdr", "pic", "wps", "wpg", "dgm14", "dsp", "cdr")
_SHAPES = ("shape", "shapetype", "rect", "roundrect", "oval", "line", "polyline", "arc", "curve")
# What drawings say: descriptions of shapes and tips of links.
DRAWN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("wp:docPr", *(f"{one}:cNvPr" for one in _DRAWINGS)), ("title", "descr")),
    **dict.fromkeys(("a:hlinkClick", "a:hlinkHover", "a:hlinkMouseOver"), ("tooltip",)),
}
# The same of Word. Items of lists to choose from have another attribute for programs.
WORDED: Mapping[str, tuple[str, ...]] = {
    **DRAWN,
    **dict.fromkeys((f"v:{one}" for one in (*_SHAPES, "group", "image")), ("alt", "title")),
    "v:imagedata": ("title",),
    "v:textpath": ("string",),  # a watermark's words
    "w:listItem": ("displayText",),
    "w:hyperlink": ("tooltip",),
    "w:lvlText": ("val",),  # of the numbers of a list: Chapter %1
    **dict.fromkeys(("w:listEntry", "w:helpText", "w:statusText", "w:default"), ("val",)),
    **dict.fromkeys(("w:alias", "w:tblCaption", "w:tblDescription"), ("val",)),
}
