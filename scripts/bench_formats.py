"""Measure what the document formats take: seconds and memory, without a model.

``--segments 10000 100000``
    Documents of so many different paragraphs, one of three with markup, are read and filled with
    other texts, each in a process of its own. Shown are the size of the file, seconds of computing,
    and the peak of memory above what the process had when the file's bytes were there, in all and
    for each segment.
``--line 50``
    Documents of so many megabytes on one line: a single text, and markup with hardly any::

    python scripts/bench_formats.py --segments 10000 100000 --format html --format docx
    python scripts/bench_formats.py --line 50
"""

from __future__ import annotations

import argparse
import io
import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from s2scli.documents import format_of, open_format
from s2scli.documents.base import FormatOptions, Slot, Target, parents
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from s2scli.text.projection import project

WORDS = ("the", "old", "house", "by", "river", "where", "my", "brother", "finds", "two", "cats")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
X = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
SHEETS = (
    TYPES.replace("/word/document.xml", "/xl/workbook.xml")
    .replace("wordprocessingml.document", "spreadsheetml.sheet")
    .replace(
        "<Override",
        '<Default Extension="xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.worksheet+xml"/><Override',
    )
)
MANIFEST = f'<manifest:manifest xmlns:manifest="{ODF}manifest:1.0"/>'


def sentences(count: int) -> Iterator[tuple[str, str, str]]:
    """The three parts of different sentences; the middle one is to be marked, or empty."""
    chance = random.Random(count)
    for number in range(count):
        words = chance.choices(WORDS, k=9)
        middle = " ".join(words[3:5]) + " " if number % 3 == 0 else ""
        yield f"In {number} " + " ".join(words[:3]) + " ", middle, " ".join(words[5:]) + "."


def joined(count: int, item: str, marked: str, head: str = "", tail: str = "") -> str:
    """A document of items."""
    parts = [head]
    for first, middle, last in sentences(count):
        inner = marked.format(middle) if middle else ""
        parts.append(item.format(first + inner + last))
    return "".join([*parts, tail])


def zipped(members: dict[str, str]) -> bytes:
    """An archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return buffer.getvalue()


def docx(count: int) -> bytes:
    """A document of Word."""
    run = "</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r><w:r><w:t>"
    item = '<w:p><w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p>'
    head = f'<w:document xmlns:w="{W}"><w:body>'
    text = joined(count, item, run, head, "</w:body></w:document>")
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": text})


def xlsx(count: int) -> bytes:
    """A workbook whose strings are in the sheet itself."""
    head = f'<worksheet xmlns="{X}"><sheetData>'
    item = '<row><c t="inlineStr"><is><r><t xml:space="preserve">{}</t></r></is></c></row>'
    run = "</t></r><r><rPr><b/></rPr><t>{}</t></r><r><t>"
    text = joined(count, item, run, head, "</sheetData></worksheet>")
    book = f'<workbook xmlns="{X}"/>'
    members = {"[Content_Types].xml": SHEETS, "xl/workbook.xml": book, "xl/sheet1.xml": text}
    return zipped(members)


def odt(count: int) -> bytes:
    """A text of OpenDocument."""
    names = " ".join(f'xmlns:{name}="{ODF}{name}:1.0"' for name in ("text", "office"))
    head = f"<office:document-content {names}><office:body><office:text>"
    tail = "</office:text></office:body></office:document-content>"
    span = '<text:span text:style-name="T1">{}</text:span>'
    text = joined(count, "<text:p>{}</text:p>", span, head, tail)
    kind = "application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": kind, "META-INF/manifest.xml": MANIFEST, "content.xml": text})


def xliff(count: int) -> str:
    """A file of XLIFF 1.2."""
    head = (
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" '
        'source-language="en" datatype="plaintext"><body>\n'
    )
    item = "<trans-unit id='a'><source>{}</source></trans-unit>\n"
    return joined(count, item, "<g id='1'>{}</g>", head, "</body></file></xliff>")


RESOURCES = ("<resources>", "</resources>")
CATALOG = '{"sourceLanguage": "en", "strings": {'
BOOK = '{"nbformat":4,"cells":['
CELL = '{{"cell_type":"markdown","source":["{}"]}},\n'
QT = "<message><source>{}</source><translation type='unfinished'></translation></message>\n"
MANY: dict[str, Callable[[int], str | bytes]] = {
    "html": lambda n: joined(n, "<p>{}</p>\n", "<b>{}</b>", "<html><body>", "</body></html>"),
    "docx": docx,
    "xlsx": xlsx,
    "odt": odt,
    "xlf": xliff,
    "md": lambda n: joined(n, "{}\n\n", "**{}** "),
    "ipynb": lambda n: joined(n, CELL, "*{}* ", BOOK, "{}]}"),
    "strings": lambda n: joined(n, '"key" = "{}";\n', "<b>{}</b>"),
    "stringsdict": lambda n: joined(n, "<string>{}</string>\n", "{}", "<plist>", "</plist>"),
    "xcstrings": lambda n: joined(n, '"{}": {{}},\n', "<b>{}</b>", CATALOG, '"": {}}}'),
    "arb": lambda n: joined(n, '"key": "{}",\n', "<b>{}</b>", "{", '"a": ""}'),
    "csv": lambda n: joined(n, 'id,"{}"\n', "{}", "id,text\n"),
    "json": lambda n: joined(n, '"{}",\n', "{}", "[", '""]'),
    "po": lambda n: joined(n, 'msgid "{}"\nmsgstr ""\n\n', "{}"),
    "yaml": lambda n: joined(n, "- {}\n", "{}"),
    "properties": lambda n: joined(n, "key = {}\n", "{}"),
    "srt": lambda n: joined(n, "1\n00:00:01,000 --> 00:00:02,000\n{}\n\n", "{}"),
    "xml": lambda n: joined(n, "<string>{}</string>\n", "<b>{}</b>", *RESOURCES),
    "resx": lambda n: joined(n, "<data><value>{}</value></data>\n", "{}", "<root>", "</root>"),
    "ts": lambda n: joined(n, QT, "{}", "<TS><context>", "</context></TS>"),
    "ini": lambda n: joined(n, "key = {}\n", "{}"),
    "toml": lambda n: joined(n, 'text = "{}"\n', "{}"),
    "ftl": lambda n: joined(n, "key = {}\n", "<b>{}</b>"),
    "mdx": lambda n: joined(n, "{}\n\n", "<A b={{c}}>{}</A>"),
    "rst": lambda n: joined(n, "{}\n\n", "**{}** "),
    "adoc": lambda n: joined(n, "{}\n\n", "*{}* "),
    "ass": lambda n: joined(n, "Dialogue: 0,0,0,,,0,0,0,,{}\n", "{{\\i1}}{}{{\\i0}}", "[Events]\n"),
    "txt": lambda n: joined(n, "{}\n\n", "{}"),
}


def page(body: str) -> str:
    """A page of HTML."""
    return f"<html><body>{body}</body></html>"


LINES: dict[str, Callable[[int], str | bytes]] = {
    "word.txt": lambda n: "x" * n,
    "words.txt": lambda n: "The old house. " * (n // 15),
    "word.html": lambda n: page("x" * n),
    "markup.html": lambda n: page('<img src="a"/><!-- b --><br>' * (n // 28) + "The house."),
    "open.html": lambda n: page("<b>" * (n // 3) + "The house."),
    "unclosed.html": lambda n: page("The house. <" + "a " * (n // 2)),
    "word.md": lambda n: "x" * n,
    "stars.md": lambda n: "*a " * (n // 3),
    "word.csv": lambda n: "a,b\n" + "x" * n,
    "quotes.csv": lambda n: 'a,b\n"' + '"' * n,
    "string.json": lambda n: json.dumps("x\n" * (n // 3)),
    "cell.ipynb": lambda n: BOOK + CELL.format("x " * (n // 2)) + "{}]}",
    "cells.ipynb": lambda n: BOOK + CELL.format("x") * (n // 45) + "{}]}",
    "string.arb": lambda n: json.dumps({"a": "{n, plural, other{x " * (n // 21)}),
    "string.strings": lambda n: 'a = "' + "x " * (n // 2) + '";',
    "escapes.strings": lambda n: 'a = "x' + r"\n\"" * (n // 4) + '";',
    "key.xcstrings": lambda n: CATALOG + '"' + "x " * (n // 2) + '": {}}}',
    "list.json": lambda n: "[" + '"a",' * (n // 4) + '""]',
    "string.po": lambda n: 'msgid "' + "x" * n + '"\nmsgstr ""\n',
    "plain.yaml": lambda n: "a: " + "x" * n,
    "word.properties": lambda n: "a=" + "x" * n,
    "words.srt": lambda n: "1\n00:00:01,000 --> 00:00:02,000\n" + "The house. " * (n // 11),
    "tags.srt": lambda n: "1\n00:00:01,000 --> 00:00:02,000\nA" + "</a>" * (n // 4) + "x",
    "tags.ass": lambda n: "[Events]\nDialogue: 0,0,0,,,0,0,0,,A" + "{\\i1}" * (n // 5) + "x",
    "text.xlf": lambda n: xliff(1).replace("In 0", "x" * n),
    "tags.xlf": lambda n: xliff(1).replace("In 0", "<x id='1'/>" * (n // 11)),
    "word.ini": lambda n: "a=" + "x" * n,
    "lines.ini": lambda n: "a = x" + "\\\n" * (n // 2),
    "string.toml": lambda n: f'a = "{"x " * (n // 2)}"',
    "list.toml": lambda n: "a = [" + '"a",' * (n // 4) + "]",
    "braces.ftl": lambda n: "a = x" + "{ $b } " * (n // 7),
    "text.xml": lambda n: f"<resources><string>{'x ' * (n // 2)}</string></resources>",
    "escapes.xml": lambda n: "<resources><string>x" + r"\'\n" * (n // 4) + "</string></resources>",
    "kept.xml": lambda n: "<resources><string>x" + "<g>a</g>" * (n // 8) + "</string></resources>",
    "braces.mdx": lambda n: "x " + "{a} " * (n // 4),
    "stars.rst": lambda n: "*a " * (n // 3),
    "grid.rst": lambda n: f"+{'-' * (n // 3)}+\n|{'a' * (n // 3)}|\n+{'-' * (n // 3)}+\n",
    "stars.adoc": lambda n: "*a " * (n // 3),
    "cells.adoc": lambda n: "|===\n" + "|a " * (n // 3) + "\n|===\n",
    "text.resx": lambda n: f"<root><data><value>{'x ' * (n // 2)}</value></data></root>",
    "blanks.resx": lambda n: f"<root><data><value>x{'&#10; ' * (n // 6)}</value></data></root>",
    "text.ts": lambda n: f"<TS><message><source>{'x ' * (n // 2)}</source></message></TS>",
    "text.docx": lambda n: stretched(docx(1), "word/document.xml", "x" * n),
    "text.xlsx": lambda n: stretched(xlsx(1), "xl/sheet1.xml", "x" * n),
    "text.odt": lambda n: stretched(odt(1), "content.xml", "x" * n),
}  # fmt: skip


def stretched(data: bytes, name: str, text: str) -> bytes:
    """An archive, not packed, with a long text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, content.replace(b"In 0", text.encode()))
    return buffer.getvalue()


def peak() -> int:
    """The most memory that this process has had, in bytes."""
    # What getrusage says is at least what the parent process had.
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def changed(slot: Slot) -> Target:
    """Another text in the place of a slot's."""
    text = slot.text.swapcase()
    spans = [(mark.start, mark.end) for mark in slot.marks]
    return Target(text, project(slot.text, text, spans, parents(slot.marks), ()))


def measure(path: Path) -> None:
    """Read and fill one document; the facts on stdout."""
    kind = open_format(format_of(path) or "", FormatOptions())
    data = path.read_bytes()
    before, begin = peak(), time.process_time()
    facts: dict[str, object] = {"size": len(data)}
    try:
        document = read_document(kind, path.name, data)
        facts |= {"segments": len(document.slots), "read": peak() - before}
        targets = [changed(slot) for slot in document.slots]
        size = sum(map(len, document.written(targets)))
        facts |= {"written": size, "filled": peak() - before}
    except BadInputError as error:
        facts["refused"] = str(error)[:70]
    print(json.dumps({**facts, "seconds": time.process_time() - begin, "peak": peak()}))


def measured(path: Path) -> dict[str, Any]:
    """What ``measure`` finds of a document in a process of its own.

    Raises:
        subprocess.CalledProcessError: the process failed.
    """
    done = subprocess.run(
        [sys.executable, __file__, "--measure", str(path)], capture_output=True, check=True
    )
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def row(name: str, content: str | bytes, work: Path, columns: list[str]) -> str:
    """Measure a document; a row of the table."""
    path = work / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    try:
        facts = measured(path)
    except subprocess.CalledProcessError as error:
        return f"{name:16} failed: {error.stderr.decode().splitlines()[-1:]}"
    finally:
        path.unlink()
    if "refused" in facts:
        return f"{name:16} {facts['size']:>12,} {facts['seconds']:6.1f} s  {facts['refused']}"
    count = facts["segments"] or 1
    per = [facts[column] / count for column in ("read", "filled")]
    sizes = "".join(f"{facts[column] / 2**20:9,.0f} MiB" for column in columns)
    return (
        f"{name:16} {facts['size']:>12,} {facts['segments']:>8,} {facts['seconds']:6.1f} s"
        f"{sizes}{per[0]:10,.0f}{per[1]:8,.0f} B/segment"
    )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--segments", type=int, nargs="*", default=[])
    parser.add_argument("--line", type=float, default=0, help="megabytes on one line")
    parser.add_argument("--format", action="append", default=[], help="an extension; repeatable")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure)
        return
    columns = ["read", "filled", "peak"]
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in MANY.items():
            for count in options.segments if not options.format or kind in options.format else ():
                print(row(f"{count}.{kind}", make(count), Path(folder), columns), flush=True)
        for name, make in LINES.items():
            if options.line and (not options.format or name.split(".")[1] in options.format):
                content = make(int(options.line * 1e6))
                print(row(name, content, Path(folder), columns), flush=True)


if __name__ == "__main__":
    main()
