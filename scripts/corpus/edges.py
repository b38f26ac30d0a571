"""Documents that are valid but hard: without text, very long, deep, in many scripts or encodings.

One writer a format makes a document of paragraphs; the same edges are then made in each format, as
far as it allows them. Named ``edge-*``.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from html import escape

from corpus import mobile
from corpus.packages import (
    book,
    opendocument,
    packed,
    presentation,
    spreadsheet,
    wordprocessing,
)
from corpus.tools import save

__all__ = ["edges"]

Writer = Callable[[list[str]], "str | bytes"]
DEPTH = 100
SCRIPTS = [
    "The gate opens at nine. 🚪➡️ 👩🏽‍🌾",
    "تفتح البوابة في الساعة 9 (بتوقيت المدينة).",
    "השער נפתח בשעה תשע.",
    "大门九点开。请排队！",
    "門は九時に開きます。",
    "문은 아홉 시에 열립니다.",
    "ประตูเปิดเวลาเก้าโมง",
    "द्वार नौ बजे खुलता है।",
    "Ворота открываются в девять.",
    "e\u0301 combining, ﬁ ligature, \U0001d4b6 mathematical, \u00a0no-break\u202f blanks\u2060.",
]
BLANKS = [
    "  Two blanks before, two after.  ",
    "Tabs\tin\tthe middle,  and   several    blanks.",
    "   ",
    "The last one.",
]
PLAIN = ["The lamp stands by the window.", "It is lit at dusk & put out at dawn, < 12 hours later."]


def long_text(size: int) -> str:
    """One line of sentences, of about a number of characters."""
    waves = (f"Wave number {n} comes in, breaks, and goes out." for n in range(1, size // 47))
    return " ".join(waves)


def xml_text(text: str) -> str:
    """Text as the content of an element of XML."""
    return escape(text, quote=False)


def html(texts: list[str]) -> str:
    """A page of paragraphs."""
    body = "\n".join(f"<p>{xml_text(text)}</p>" for text in texts)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title></title></head>\n'
        f"<body>\n{body}\n</body></html>\n"
    )


def xliff12(texts: list[str]) -> str:
    """XLIFF 1.2."""
    units = "\n".join(
        f'<trans-unit id="{number}"><source>{xml_text(text)}</source></trans-unit>'
        for number, text in enumerate(texts)
    )
    return (
        '<?xml version="1.0"?>\n<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">'
        '\n<file original="a" source-language="en" target-language="de" datatype="plaintext"><body>'
        f"\n{units}\n</body></file></xliff>\n"
    )


def po(texts: list[str]) -> str:
    """A catalog."""
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    quoted = (text.replace("\t", "\\t") for text in texts)
    return header + "".join(f'\nmsgid "{text}"\nmsgstr ""\n' for text in quoted)


def cues(texts: list[str], comma: str) -> str:
    """Cues of one second each."""
    return "\n\n".join(
        f"{number + 1}\n00:00:{number:02}{comma}000 --> 00:00:{number + 1:02}{comma}000\n{text}"
        for number, text in enumerate(texts)
    )


def yaml(texts: list[str]) -> str:
    """A mapping to double-quoted scalars."""
    lines = (f"text{n}: {json.dumps(text, ensure_ascii=False)}" for n, text in enumerate(texts))
    return "".join(f"{line}\n" for line in lines)


def ass(texts: list[str]) -> str:
    """Subtitles of one second each, with the sections that Aegisub writes."""
    events = "".join(
        f"Dialogue: 0,0:00:{n:02}.00,0:00:{n + 1:02}.00,Default,,0,0,0,,{text}\n"
        for n, text in enumerate(texts)
    )
    return f"[Script Info]\nScriptType: v4.00+\n\n[Events]\n{events}"


def resx(texts: list[str]) -> str:
    """Resources of .NET."""
    data = "".join(
        f'  <data name="Text{n}" xml:space="preserve">\n    <value>{xml_text(text)}</value>\n'
        "  </data>\n"
        for n, text in enumerate(texts)
    )
    return f'<?xml version="1.0"?>\n<root>\n{data}</root>\n'


def qt(texts: list[str]) -> str:
    """A catalog of Qt."""
    messages = "".join(
        f"    <message>\n        <source>{xml_text(text)}</source>\n"
        '        <translation type="unfinished"></translation>\n    </message>\n'
        for text in texts
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE TS>\n<TS version="2.1">\n<context>\n'
        f"    <name>Edge</name>\n{messages}</context>\n</TS>\n"
    )


def ipynb(texts: list[str]) -> str:
    """A notebook of Markdown cells, their lines in a list."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [text]} for text in texts]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def docx(texts: list[str]) -> bytes:
    """A text of Word."""
    return wordprocessing(
        "".join(
            f'<w:p><w:r><w:t xml:space="preserve">{xml_text(text)}</w:t></w:r></w:p>'
            for text in texts
        )
    )


def box(paragraphs: str, number: int = 2) -> str:
    """A text box on a slide."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name=""/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        f"<p:spPr/><p:txBody><a:bodyPr/>{paragraphs or '<a:p/>'}</p:txBody></p:sp>"
    )


def pptx(texts: list[str]) -> bytes:
    """One slide with one box."""
    return presentation(
        [box("".join(f"<a:p><a:r><a:t>{xml_text(text)}</a:t></a:r></a:p>" for text in texts))]
    )


def xlsx(texts: list[str]) -> bytes:
    """A column of cells."""
    cells = (
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, len(texts) + 1)
    )
    strings = "".join(f'<si><t xml:space="preserve">{xml_text(text)}</t></si>' for text in texts)
    return spreadsheet({"Texts": f"<sheetData>{''.join(cells)}</sheetData>"}, strings)


def odt(texts: list[str]) -> bytes:
    """An OpenDocument text."""
    return opendocument("".join(f"<text:p>{xml_text(text)}</text:p>" for text in texts))


def page(body: str) -> str:
    """A page of a book."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f"<title>Page</title></head><body>{body}</body></html>"
    )


def epub(texts: list[str]) -> bytes:
    """A book of one page."""
    body = "".join(f"<p>{xml_text(text)}</p>" for text in texts)
    return book({"page.xhtml": page(body)}, extra={"nav.xhtml": page("<nav/>")})


WRITERS: dict[str, Writer] = {
    "txt": lambda texts: "".join(f"{text}\n" for text in texts),
    "md": lambda texts: "\n\n".join(texts) + "\n",
    "html": html,
    "xlf": xliff12,
    "po": po,
    "srt": lambda texts: cues(texts, ",") + "\n",
    "vtt": lambda texts: "WEBVTT\n\n" + cues([xml_text(text) for text in texts], ".") + "\n",
    "csv": lambda texts: "id,text\n" + "".join(f'{n},"{t}"\n' for n, t in enumerate(texts)),
    "tsv": lambda texts: (
        "id\ttext\n" + "".join(f"{n}\t{t.replace(chr(9), ' ')}\n" for n, t in enumerate(texts))
    ),
    "json": lambda texts: json.dumps({"texts": texts}, ensure_ascii=False, indent=1) + "\n",
    "jsonl": lambda texts: "".join(
        json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts
    ),
    "yaml": yaml,
    "properties": lambda texts: "".join(
        f"text{n}={json.dumps(text)[1:-1]}\n" for n, text in enumerate(texts)
    ),
    "ass": ass,
    "resx": resx,
    "ts": qt,
    "ini": lambda texts: "[edge]\n" + "".join(f"text{n} = {t}\n" for n, t in enumerate(texts)),
    "toml": lambda texts: (
        "[edge]\n"
        + "".join(f"text{n} = {json.dumps(t, ensure_ascii=False)}\n" for n, t in enumerate(texts))
    ),
    "ftl": lambda texts: "".join(f"text{n} = {text}\n" for n, text in enumerate(texts)),
    "mdx": lambda texts: "\n\n".join(text.replace("<", "&lt;") for text in texts) + "\n",
    "rst": lambda texts: "\n\n".join(text.strip() for text in texts) + "\n",
    "adoc": lambda texts: "\n\n".join(text.strip() for text in texts) + "\n",
    "ipynb": ipynb,
    "docx": docx,
    "pptx": pptx,
    "xlsx": xlsx,
    "odt": odt,
    "epub": epub,
    **mobile.WRITERS,
}
# What may be 0 bytes long, may begin with a byte order mark, may be UTF-16 by its specification or,
# for subtitles and tables, by what Windows programs save; what may hold 50 kB without harm.
VOID = {"txt", "md", "html", "po", "srt", "csv", "tsv", "jsonl", "yaml", "properties"}
VOID |= {"ass", "ini", "toml", "ftl", "mdx", "rst", "adoc"}
MARKED = {"txt", "md", "ipynb", "html", "xlf", "csv", "json", "yaml", "po"}
MARKED |= {
    "xcstrings",
    "strings",
    "stringsdict",
    "xml",
    "arb",
    "ass",
    "resx",
    "ts",
    "ini",
    "mdx",
    "rst",
    "adoc",
}
WIDE = {"txt", "html", "xlf", "srt", "csv", "tsv", "yaml", "ass", "resx", "ts", "ini", "xml"}
WIDE |= {"strings", "stringsdict"}
TERSE = {"ipynb", "xlf", "po", "srt", "vtt", "tsv", "json", "jsonl", "yaml", "properties"}
TERSE |= {*mobile.WRITERS, "ass", "resx", "ts", "ini", "toml", "ftl"}
SMART = '<w:smartTag w:uri="urn:example" w:element="a">'
BOM = b"\xef\xbb\xbf"


def nested(before: str, text: str, after: str, depth: int = DEPTH) -> str:
    """A text within many levels."""
    return before * depth + text + after * depth


def deep() -> dict[str, str | bytes]:
    """A hundred levels in each format that has levels."""
    cell = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    paragraph = "<w:p><w:r><w:t>At the bottom.</w:t></w:r></w:p>"
    tags = f"<w:p>{nested(SMART, '<w:r><w:t>Deep, too.</w:t></w:r>', '</w:smartTag>')}</w:p>"
    group = (
        '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        "<p:grpSpPr/>"
    )
    bottom = box("<a:p><a:r><a:t>At the bottom.</a:t></a:r></a:p>")
    spans = nested("<text:span>", "At the bottom.", "</text:span>")
    marks = nested('<g id="1">', "At the bottom", "</g>")
    codes = "".join(f'<pc id="{n}">' for n in range(DEPTH)) + "At the bottom" + "</pc>" * DEPTH
    return {
        "html": f"<!DOCTYPE html>\n<p>{nested('<span>', 'At the bottom', '</span>')}</p>\n"
        f"{nested('<div>', 'Deep', '</div>')}\n{nested('<ul><li>', 'Item', '</li></ul>')}\n",
        "md": "".join(f"{'  ' * n}- level {n}\n" for n in range(DEPTH))
        + f"\n{'> ' * DEPTH}quoted\n\n{'*' * DEPTH}much stress{'*' * DEPTH}\n\n"
        f"{'[' * DEPTH}brackets{']' * DEPTH}\n",
        "json": nested('{"a": [', '"At the bottom"', "]}") + "\n",
        "yaml": "".join(f"{' ' * n}a:\n" for n in range(DEPTH)) + " " * DEPTH + "At the bottom\n",
        "xlf": xliff12(["@"]).replace("@", marks.replace('"1"', '"{}"').format(*range(DEPTH))),
        "xliff": '<?xml version="1.0"?>\n<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" '
        'version="2.0" srcLang="en"><file id="f"><unit id="u"><segment><source>'
        f"{codes}</source></segment></unit></file></xliff>\n",
        "vtt": f"WEBVTT\n\n00:00.000 --> 00:01.000\n{nested('<i>', 'Deep', '</i>')}\n",
        # No program opens more than dozens of tables in tables; tags within a line have no end.
        "toml": f"a = {nested('[', chr(34) + 'At the bottom' + chr(34), ']')}\n",
        "ftl": "a = { $n ->\n   *[b] " * DEPTH + "At the bottom" + "\n }" * DEPTH + "\n",
        "mdx": f"{nested('<A>', 'At the bottom', '</A>')}\n",
        "rst": "".join(f"{'  ' * n}* level {n}\n\n" for n in range(DEPTH)),
        "adoc": "".join(f"{'*' * (n + 1)} level {n + 1}\n" for n in range(5)),
        "docx": wordprocessing(nested(cell[0], paragraph, cell[1], 30) + tags),
        "pptx": presentation([nested(group, bottom, "</p:grpSp>")]),
        "odt": opendocument(f"<text:p>{spans}</text:p>"),
        "epub": book({"page.xhtml": page(nested("<div>", "<p>At the bottom</p>", "</div>"))}),
    }


# Nothing but markup.
BARE: dict[str, str] = {
    "html": "<!DOCTYPE html><html><head><title></title></head><body><hr><p><br></p></body></html>",
    "md": "---\n\n![](a.png)\n\n[]()\n\n<br>\n\n```\ncode()\n```\n\n***\n",
    "xlf": xliff12(["@"]).replace("@", '<x id="1"/><ph id="2">&lt;br></ph>'),
    "po": po([]) + '\n#~ msgid "Gone"\n#~ msgstr "Weg"\n',
    "srt": "1\n00:00:00,000 --> 00:00:01,000\n<i></i>\n",
    "vtt": "WEBVTT\n\nNOTE nothing to read\n\n00:00.000 --> 00:01.000\n<i></i>\n",
    "csv": ",,\n,,\n",
    "tsv": "\t\t\n\t\t\n",
    "ipynb": '{"cells": [{"cell_type": "code", "source": ["a = 1"], "outputs": []}], '
    '"nbformat": 4}\n',
    "json": '{"a": [1, {}, [], null, true, ""]}\n',
    "jsonl": '{"a": 1}\n{}\n[]\n',
    "yaml": "a: [1, {}, [], ~, true, '']\nb: &x {}\nc: *x\n",
    "properties": "# nothing\na=\nb\n",
    "txt": "\n\n  \n\t\n",
    **mobile.BARE,
    "ass": ass(["{\\p1}m 0 0 l 9 9{\\p0}", "{\\an8}", "\\N", "12:45"]),
    "resx": '<root><data name="a" type="System.Drawing.Point"><value>1, 2</value></data></root>\n',
    "ts": '<!DOCTYPE TS><TS version="2.1"><context><name>A</name></context></TS>\n',
    "ini": "; nothing\n[a]\nb =\nc = 1\nd\n",
    "toml": "# nothing\na = 1\nb = [1979-05-27, true, 1e3]\n[c]\n",
    "ftl": "# nothing\n\na = { $b }\n",
    "mdx": "import A from './a'\n\n<A />\n\n{1 + 1}\n",
    "rst": ".. nothing\n\n----\n\n.. image:: a.png\n",
    "adoc": "// nothing\n\n'''\n\nimage::a.png[]\n",
}


def rezipped(content: bytes, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> bytes:
    """The package with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed(change(parts))


def to_utf16(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Each part of XML in UTF-16, as XML allows; the first declares it."""
    wide = {
        name: content.decode()
        .replace("UTF-8", "UTF-16")
        .replace("utf-8", "utf-16")
        .encode("utf-16")
        for name, content in parts.items()
        if name.endswith((".xml", ".xhtml")) and not name.startswith(("META-INF/", "["))
    }
    return parts | wide


def edges() -> None:
    """Every edge of every format."""
    for extension, write in WRITERS.items():
        long = long_text(6_000 if extension in TERSE else 50_000)
        save(f"edge-scripts.{extension}", write(SCRIPTS))
        save(f"edge-long.{extension}", write([long]))
        save(f"edge-blanks.{extension}", write(BLANKS))
        save(f"edge-nothing.{extension}", write([]))
        made = write(PLAIN)
        if isinstance(made, bytes):
            save(f"edge-utf16-parts.{extension}", rezipped(made, to_utf16))
            continue
        save(f"edge-crlf.{extension}", made.replace("\n", "\r\n"))
        save(f"edge-no-newline.{extension}", made.rstrip("\n"))
        if extension in MARKED:
            save(f"edge-bom.{extension}", BOM + made.encode())
        if extension in WIDE:
            wide = made.replace('charset="utf-8"', 'charset="utf-16"')
            wide = wide.replace('version="1.0"?', 'version="1.0" encoding="UTF-16"?')
            save(f"edge-utf16.{extension}", wide.encode("utf-16"))
    for extension in VOID:
        save(f"edge-void.{extension}", "")
    for extension, bare in BARE.items():
        save(f"edge-bare.{extension}", bare)
    for extension, levels in deep().items():
        save(f"edge-deep.{extension}", levels)
