"""Zip packages made by hand: the least that a reader of each format accepts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

__all__ = ["book", "opendocument", "packed", "presentation", "spreadsheet", "wordprocessing"]

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DAY = (2024, 3, 1, 9, 0, 0)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MIME = "application/vnd.openxmlformats-officedocument"
W = (
    f'xmlns:r="{OFFICE}" xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" mc:Ignorable="w14"'
)
P = (
    f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{OFFICE}" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "style": "style",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
        "meta": "meta",
        "form": "form",
    }.items()
)
ODF += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of parts: name → content; "mimetype", where there is one, is not compressed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, DAY)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(entry, content)
    return stream.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """A part of relations rId1, rId2…, of (type, target); what has a scheme is external."""
    lines = [
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if ":" in target else "/>")
        for number, (kind, target) in enumerate(targets, 1)
    ]
    return f'{XML}<Relationships xmlns="{RELS}">{"".join(lines)}</Relationships>'


def content_types(overrides: Mapping[str, str]) -> str:
    """The part that says which part is of which type."""
    lines = [
        f'<Override PartName="/{part}" ContentType="{MIME}.{kind}+xml"/>'
        for part, kind in overrides.items()
    ]
    return (
        f'{XML}<Types xmlns="{TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{"".join(lines)}</Types>'
    )


def wordprocessing(body: str, stories: Mapping[str, str] | None = None, links: str = "") -> bytes:
    """A docx of the inner XML of its body and of its further stories.

    Args:
        body: what stands within ``w:body``, without the section's properties.
        stories: name of the part ("footnotes", "comments", "header1"…) → its inner XML.
        links: the address of the hyperlink rId9, if the body uses it.
    """
    stories = dict(stories or {})
    kinds = {name: name.rstrip("0123456789") for name in stories}
    roots = {"header": "hdr", "footer": "ftr"}
    types = {f"word/{name}.xml": f"wordprocessingml.{kind}" for name, kind in kinds.items()}
    references = "".join(
        f'<w:{kind}Reference w:type="default" r:id="rId{number}"/>'
        for number, kind in enumerate(kinds.values(), 1)
        if kind in roots
    )
    parts = {
        "[Content_Types].xml": content_types(
            {"word/document.xml": "wordprocessingml.document.main"} | types
        ),
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f"{XML}<w:document {W}><w:body>{body}<w:sectPr>{references}"
        '<w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>',
        "word/_rels/document.xml.rels": relations(
            *((kind, f"{name}.xml") for name, kind in kinds.items())
        ).replace(
            "</Relationships>",
            f'<Relationship Id="rId9" Type="{OFFICE}/hyperlink" Target="{links}" '
            'TargetMode="External"/></Relationships>'
            if links
            else "</Relationships>",
        ),
    }
    for name, content in stories.items():
        root = roots.get(kinds[name], kinds[name])
        parts[f"word/{name}.xml"] = f"{XML}<w:{root} {W}>{content}</w:{root}>"
    return packed(parts)


X = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# What a part of a workbook is, by its name without digits: content type, root, folder.
STORIES = {
    "table": ("spreadsheetml.table", "table", "xl/tables/"),
    "comments": ("spreadsheetml.comments", "comments", "xl/"),
    "drawing": ("drawing", "", "xl/drawings/"),
    "threadedComment": ("", "", "xl/threadedComments/"),
    "pivotCacheDefinition": ("spreadsheetml.pivotCacheDefinition", "", "xl/pivotCache/"),
}
THREADS = "application/vnd.ms-excel.threadedcomments+xml"


def spreadsheet(
    sheets: Mapping[str, str],
    strings: str = "",
    names: str = "",
    stories: Mapping[str, str] | None = None,
) -> bytes:
    """An xlsx.

    Args:
        sheets: name → the inner XML of the worksheet.
        strings: the inner XML of the shared strings.
        names: that of the defined names.
        stories: of further parts ("comments1", "table1"), the inner XML or, where the root is not
            of SpreadsheetML, all of it; those of a number belong to the sheet of that number.
    """
    kinds = {
        f"xl/worksheets/sheet{n}.xml": "spreadsheetml.worksheet" for n in range(1, len(sheets) + 1)
    }
    kinds |= {"xl/workbook.xml": "spreadsheetml.sheet.main"}
    kinds |= {"xl/sharedStrings.xml": "spreadsheetml.sharedStrings"}
    listed, parts, further = "", {}, dict(stories or {})
    threads = ""
    for number, (name, inner) in enumerate(sheets.items(), 1):
        listed += f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'{XML}<worksheet xmlns="{X}" xmlns:r="{OFFICE}">{inner}</worksheet>'
        )
        own = []
        for story, content in further.items():
            kind = story.rstrip("0123456789")
            type_, root, folder = STORIES[kind]
            if not story.endswith(str(number)):
                continue
            part = f"{folder}{story}.xml"
            if type_:
                kinds[part] = type_
            else:
                threads += f'<Override PartName="/{part}" ContentType="{THREADS}"/>'
            parts[part] = XML + (f'<{root} xmlns="{X}" {content}</{root}>' if root else content)
            own.append((kind, f"/{part}"))
        if own:
            parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = relations(*own)
    found = f"<definedNames>{names}</definedNames>" if names else ""
    return packed(
        {
            "[Content_Types].xml": content_types(kinds).replace("</Types>", f"{threads}</Types>"),
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'{XML}<workbook xmlns="{X}" xmlns:r="{OFFICE}"><sheets>{listed}'
            f"</sheets>{found}</workbook>",
            "xl/_rels/workbook.xml.rels": relations(
                *(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
                ("sharedStrings", "sharedStrings.xml"),
            ),
            **parts,
            "xl/sharedStrings.xml": f'{XML}<sst xmlns="{X}">{strings}</sst>',
        }
    )


TREE = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
LEVEL = (
    '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" '
    'accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" '
    'folHlink="folHlink"/>'
)


def theme() -> str:
    """The least theme that the schema allows."""
    names = ["dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink"]
    colours = "".join(f'<a:{name}><a:srgbClr val="336699"/></a:{name}>' for name in names)
    face = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
    line = f"<a:ln>{fill[: len(fill) // 3]}</a:ln>" * 3
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'{XML}<a:theme {P} name="Plain"><a:themeElements><a:clrScheme name="Plain">{colours}'
        f'</a:clrScheme><a:fontScheme name="Plain"><a:majorFont>{face}</a:majorFont><a:minorFont>'
        f'{face}</a:minorFont></a:fontScheme><a:fmtScheme name="Plain"><a:fillStyleLst>{fill}'
        f"</a:fillStyleLst><a:lnStyleLst>{line}</a:lnStyleLst><a:effectStyleLst>{effect}"
        f"</a:effectStyleLst><a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


def presentation(
    slides: list[str], notes: Mapping[int, str] | None = None, links: str = "https://example.org/"
) -> bytes:
    """A pptx of the inner XML of the trees of its slides, and of the notes of some (from 0).

    On every slide, rId2 is the hyperlink; rId3 its notes.
    """
    notes = dict(notes or {})
    types = {"ppt/presentation.xml": "presentationml.presentation.main"}
    numbers = range(1, len(slides) + 1)
    types |= {f"ppt/slides/slide{n}.xml": "presentationml.slide" for n in numbers}
    types |= {f"ppt/notesSlides/notesSlide{n + 1}.xml": "presentationml.notesSlide" for n in notes}
    types |= {
        "ppt/slideMasters/slideMaster1.xml": "presentationml.slideMaster",
        "ppt/slideLayouts/slideLayout1.xml": "presentationml.slideLayout",
        "ppt/theme/theme1.xml": "theme",
    }
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n + 1}"/>' for n in numbers)
    parts = {
        "[Content_Types].xml": content_types(types),
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"{XML}<p:presentation {P}><p:sldMasterIdLst><p:sldMasterId "
        f'id="2147483648" r:id="rId1"/></p:sldMasterIdLst><p:sldIdLst>{listed}</p:sldIdLst>'
        '<p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/>'
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            ("slideMaster", "slideMasters/slideMaster1.xml"),
            *(("slide", f"slides/slide{n}.xml") for n in numbers),
        ),
        "ppt/slideMasters/slideMaster1.xml": f"{XML}<p:sldMaster {P}><p:cSld><p:spTree>{TREE}"
        f'</p:spTree></p:cSld>{LEVEL}<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/>'
        "</p:sldLayoutIdLst></p:sldMaster>",
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": relations(
            ("slideLayout", "../slideLayouts/slideLayout1.xml"), ("theme", "../theme/theme1.xml")
        ),
        "ppt/slideLayouts/slideLayout1.xml": f'{XML}<p:sldLayout {P}><p:cSld name="Blank">'
        f"<p:spTree>{TREE}</p:spTree></p:cSld></p:sldLayout>",
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": relations(
            ("slideMaster", "../slideMasters/slideMaster1.xml")
        ),
        "ppt/theme/theme1.xml": theme(),
    }
    for number, tree in enumerate(slides, 1):
        targets = [("slideLayout", "../slideLayouts/slideLayout1.xml"), ("hyperlink", links)]
        if number - 1 in notes:
            targets.append(("notesSlide", f"../notesSlides/notesSlide{number}.xml"))
            parts[f"ppt/notesSlides/notesSlide{number}.xml"] = (
                f"{XML}<p:notes {P}><p:cSld><p:spTree>{TREE}{notes[number - 1]}</p:spTree></p:cSld>"
                "</p:notes>"
            )
            parts[f"ppt/notesSlides/_rels/notesSlide{number}.xml.rels"] = relations(
                ("slide", f"../slides/slide{number}.xml")
            )
        parts[f"ppt/slides/slide{number}.xml"] = (
            f"{XML}<p:sld {P}><p:cSld><p:spTree>{TREE}{tree}</p:spTree></p:cSld></p:sld>"
        )
        parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations(*targets)
    return packed(parts)


def opendocument(
    body: str, styles: str = "", masters: str = "", title: str = "", kind: str = "text"
) -> bytes:
    """A package of OpenDocument.

    Args:
        body: the inner XML of ``office:text``, or of the like.
        styles, masters: that of its automatic styles and of its master pages.
        title: its title.
        kind: ``text``, ``presentation`` or ``spreadsheet``.
    """
    element = f"office:{kind}"
    own = "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
    spaces = f'{ODF} xmlns:presentation="{own}"' if kind == "presentation" else ODF
    kind = f"application/vnd.oasis.opendocument.{kind}"
    files = ["content.xml", "styles.xml"]
    parts = {
        "mimetype": kind,
        "content.xml": f'{XML}<office:document-content {spaces} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><{element}>"
        f"{body}</{element}></office:body></office:document-content>",
        "styles.xml": f'{XML}<office:document-styles {spaces} office:version="1.3">'
        '<office:automatic-styles><style:page-layout style:name="L"/></office:automatic-styles>'
        f"<office:master-styles>{masters}</office:master-styles></office:document-styles>",
    }
    if title:
        files.append("meta.xml")
        parts["meta.xml"] = (
            f'{XML}<office:document-meta {spaces} office:version="1.3"><office:meta><dc:title>'
            f"{title}</dc:title></office:meta></office:document-meta>"
        )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in files
    )
    parts["META-INF/manifest.xml"] = (
        f'{XML}<manifest:manifest xmlns:manifest="{manifest}" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>{entries}'
        "</manifest:manifest>"
    )
    return packed(parts)


def book(
    pages: Mapping[str, str | bytes],
    *,
    title: str = "Untitled",
    version: str = "3.0",
    folder: str = "OEBPS/",
    extra: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """An epub of whole XHTML pages, in the order of reading, and of further files.

    ``title`` is the inner XML of ``dc:title``; every further file is listed in the manifest, with a
    type by its extension; ``nav.xhtml`` is the navigation, ``toc.ncx`` that of version 2.
    """
    kinds = {
        "xhtml": "application/xhtml+xml",
        "html": "application/xhtml+xml",
        "ncx": "application/x-dtbncx+xml",
        "css": "text/css",
        "svg": "image/svg+xml",
        "png": "image/png",
        "smil": "application/smil+xml",
        "js": "text/javascript",
    }
    files = dict(pages) | dict(extra or {})
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="{kinds[name.rpartition(".")[2]]}"'
        + (' properties="nav"/>' if name == "nav.xhtml" else "/>")
        for number, name in enumerate(files)
    )
    spine = "".join(f'<itemref idref="i{number}"/>' for number in range(len(pages)))
    toc = f' toc="i{list(files).index("toc.ncx")}"' if "toc.ncx" in files else ""
    container = "urn:oasis:names:tc:opendocument:xmlns:container"
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": f'<?xml version="1.0"?><container version="1.0" '
            f'xmlns="{container}"><rootfiles><rootfile full-path="{folder}content.opf" '
            'media-type="application/oebps-package+xml"/></rootfiles></container>',
            f"{folder}content.opf": f'<?xml version="1.0" encoding="utf-8"?>\n<package '
            f'xmlns="http://www.idpf.org/2007/opf" version="{version}" unique-identifier="uid">\n'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="uid">'
            f"urn:example:book</dc:identifier><dc:title>{title}</dc:title><dc:language>en"
            "</dc:language></metadata>\n"
            f"<manifest>{items}</manifest>\n<spine{toc}>{spine}</spine>\n</package>\n",
            **{folder + name: content for name, content in files.items()},
        }
    )
