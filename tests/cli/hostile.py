"""Documents that mean no good: bombs, traps, depths, what is broken."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

__all__ = ["DOCX", "EPUB", "ODT", "XLSX", "archive", "files", "with_prolog", "xliff"]

CORPUS = Path(__file__).parents[1] / "corpus"
DOCX, ODT, EPUB, XLSX = (
    CORPUS / name
    for name in (
        "docx/python-docx-table.docx",
        "odt/pandoc-lists.odt",
        "epub/pandoc-links.epub",
        "xlsx/hand-table.xlsx",
    )
)
MAIN = {
    DOCX: "word/document.xml",
    ODT: "content.xml",
    EPUB: "EPUB/text/ch001.xhtml",
    XLSX: "xl/sharedStrings.xml",
}
Change = Callable[[bytes], bytes]


def xliff(source: str, prolog: str = "") -> bytes:
    return (
        f'{prolog}<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file '
        'original="a" source-language="en" datatype="plaintext"><body><trans-unit id="1"><source>'
        f"{source}</source></trans-unit></body></file></xliff>"
    ).encode()


def archive(
    path: Path, change: Change | None = None, more: dict[str, bytes] | None = None
) -> bytes:
    """A real archive with another main part, and more members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if change and info.filename == MAIN[path]:
                content = change(content)
            new.writestr(info, content, info.compress_type)
        for name, content in (more or {}).items():
            new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def with_prolog(prolog: str, reference: str) -> Change:
    """XML that begins with a document type and has an entity in its first text."""

    def change(content: bytes) -> bytes:
        text = re.sub(r"^<\?xml[^>]*\?>\s*(<!DOCTYPE[^>]*>)?", "", content.decode())
        return re.sub(
            r"(<(w:t|p|text:p|t)\b[^>]*>)", rf"\1{reference}", prolog + text, count=1
        ).encode()

    return change


def laughs(levels: int = 12) -> str:
    """A document type in which a few bytes become terabytes."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>'


def encrypted(data: bytes) -> bytes:
    """An archive that says it is encrypted."""
    found = bytearray(data)
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for match in re.finditer(re.escape(mark), data):
            found[match.start() + place] |= 1
    return bytes(found)


def linked(name: str) -> bytes:
    """An archive with a link in it."""
    buffer = io.BytesIO(archive(DOCX))
    with zipfile.ZipFile(buffer, "a") as file:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def many(count: int) -> bytes:
    """An archive of very many members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number in range(count):
            file.writestr(f"{number}.xml", b"")
    return buffer.getvalue()


def lying(data: bytes) -> bytes:
    """An archive whose directory says that its members are small."""
    found = bytearray(data)
    for match in re.finditer(b"PK\\x01\\x02", data):
        found[match.start() + 24 : match.start() + 28] = (10).to_bytes(4, "little")
    return bytes(found)


def deep(before: bytes, after: bytes, levels: int) -> Change:
    """XML in which elements stand around all that is in its body."""

    def change(content: bytes) -> bytes:
        body = re.sub(rb"<w:body>", lambda m: m[0] + before * levels, content)
        return body.replace(b"</w:body>", after * levels + b"</w:body>")

    return change


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj\ntrailer<</Root 1 0 R>>\n"
)
ALIASES = "a0: &a0 [lol, lol]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)


LONG = 2_000_000  # bytes on one line, of which few are text


def files() -> dict[str, tuple[bytes, str]]:
    """File → its bytes, and why it fails; nothing if it does not."""
    return {
        "laughs.xlf": (xliff("Hello &l11;.", laughs()), "declarations"),
        "outer.xlf": (xliff("The house.", '<!DOCTYPE x SYSTEM "{url}">'), ""),
        "laughs.docx": (archive(DOCX, with_prolog(laughs(), "&l11;")), "declarations"),
        "laughs.odt": (archive(ODT, with_prolog(laughs(), "&l11;")), "declarations"),
        "laughs.epub": (archive(EPUB, with_prolog(laughs(), "&l11;")), ""),
        "laughs.xlsx": (archive(XLSX, with_prolog(laughs(), "&l11;")), "declarations"),
        "laughs.html": (f"{laughs()}<p>The house is old. &l11;".encode(), ""),
        "bomb.docx": (archive(DOCX, lambda old: old + b" " * (40 << 20)), "zip bomb"),
        "bomb.xlsx": (archive(XLSX, lambda old: old + b" " * (40 << 20)), "zip bomb"),
        "bomb.epub": (archive(EPUB, more={"big": bytes(40 << 20)}), "zip bomb"),
        "lies.docx": (lying(archive(DOCX, lambda old: old + b" " * (9 << 20))), "damaged"),
        "members.docx": (many(20_000), "members"),
        "up.docx": (archive(DOCX, more={"../../up.txt": b"x"}), "member of the name"),
        "root.epub": (archive(EPUB, more={"/tmp/root.txt": b"x"}), "member of the name"),
        "windows.odt": (archive(ODT, more={r"C:\windows.txt": b"x"}), "member of the name"),
        "link.docx": (linked("word/link.xml"), "link"),
        "up.xlsx": (archive(XLSX, more={"../up.xml": b"x"}), "member of the name"),
        "number.xlsx": (
            archive(XLSX, lambda old: old.replace(b"<sst ", b"<sst count='" + b"9" * 9999 + b"' ")),
            "",
        ),
        "deep.xlsx": (
            archive(XLSX, lambda old: old.replace(b"<si>", b"<si>" + b"<r>" * 999, 1)),
            "not XML",
        ),
        "other.xlsx": (DOCX.read_bytes(), "not XLSX"),
        "old.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "password"),
        "cut.xlsx": (XLSX.read_bytes()[:-30], "damaged"),
        "encrypted.docx": (encrypted(archive(DOCX)), "encrypted"),
        "password.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "password"),
        "cut.docx": (DOCX.read_bytes()[:9000], "damaged"),
        "cut.odt": (ODT.read_bytes()[:-30], "damaged"),
        "no-zip.docx": (b"The house is old.", "not a zip archive"),
        "empty.docx": (b"", "not a zip archive"),
        "other.docx": (ODT.read_bytes(), "no "),
        "deep.docx": (
            archive(DOCX, deep(b"<w:sdt><w:sdtContent>", b"</w:sdtContent></w:sdt>", 50_000)),
            "nested",
        ),
        "deep.xlf": (xliff("<g id='1'>" * 100_000 + "x" + "</g>" * 100_000), "nested"),
        "deep-100.xlf": (xliff("<g id='1'>" * 100 + "x" + "</g>" * 100), ""),
        "deep.html": (b"<div>" * 100_000 + b"The house." + b"</div>" * 100_000, ""),
        "deep-b.html": (b"<p>The " + b"<b>" * 50_000 + b"house" + b"</b>" * 50_000, ""),
        "too-deep.html": (b"<b>" * 200_000 + b"The house.", "nested"),
        "too-many.md": (b"*a " * 300_000, "too much markup"),
        "deep-100.html": (b"<p>The " + b"<b>" * 100 + b"house" + b"</b>" * 100, ""),
        "quotes-30.md": (b"> " * 30 + b"The house.\n", ""),
        "quotes-100.md": (b"> " * 100 + b"The house.\n", ""),
        "quotes-1000.md": (b"> " * 1000 + b"The house.\n", "too deep"),
        "lists.md": (b"".join(b"  " * n + b"- The house.\n" for n in range(99)), ""),
        "lists-200.md": (b"".join(b"  " * n + b"- The house.\n" for n in range(200)), "too deep"),
        "stars.md": (b"*" * 100_000 + b"The house" + b"*" * 100_000, ""),
        "deep.json": (b"[" * 100_000 + b"]" * 100_000, "not JSON"),
        "deep.yaml": (b"[" * 100_000 + b"]" * 100_000, "nested"),
        "aliases.yaml": (ALIASES.encode(), ""),
        "line.html": (b'<p><img src="a"><!-- b -->' * (LONG // 26) + b"The house.", ""),
        "open.html": (b"<p>The house <" + b"a " * (LONG // 2), ""),
        "word.txt": (b"x" * 20_000, ""),
        "quotes.csv": (b'a,b\n"' + b'"' * LONG, ""),
        "stray.csv": (b'a,b\n"x,"y"z,"\n""",q"w\n"no end here,\n', ""),
        "charset.po": (b'msgid ""\nmsgstr "Content-Type: text/plain; charset=klingon\\n"\n', ""),
        "broken.po": (b'msgid "The house"\nmsgstr "no end\n', "line 2 is not"),
        "broken.ipynb": (b'{"nbformat": 4, "cells": [{"source": ["The', "not JSON"),
        "deep.ipynb": (b'{"nbformat": 4, "cells": ' + b"[" * 100_000, "not JSON"),
        "no-cells.ipynb": (b'{"nbformat": 4, "cells": "The house."}', ""),
        "other.ipynb": (b'{"cells": [{"cell_type": "markdown", "source": "A"}]}', "not a notebook"),
        "broken.arb": (b'{"@@locale": "en", "a": "The house', "not JSON"),
        "deep.arb": (b'{"a": "' + b"{n, plural, other{" * 20_000 + b'"}', ""),
        "list.arb": (b'["The house", {"@a": "stays"}]', ""),
        "broken.strings": (b'"a" = "The house";\n"b" = "no end', "line 2 is not"),
        "compiled.strings": (b"bplist00" + bytes(40), "binary property list"),
        "plist.strings": (b"<?xml version='1.0'?><plist/>", "in XML"),
        "octal.strings": (b'"a" = "The \\777 \\Ud83d house";', ""),
        "laughs.stringsdict": (laughs().encode() + b"<plist/>", "declarations"),
        "deep.stringsdict": (b"<plist>" + b"<dict>" * 1000, "not XML"),
        "broken.xcstrings": (b'{"sourceLanguage": "en", "strings": {"The', "not JSON"),
        "other.xcstrings": (b'{"The house": "is old"}', "not an Xcode string catalog"),
        "odd.xcstrings": (b'{"sourceLanguage": 1, "strings": ["a", {"b": {}}, 3]}', ""),
        "broken.json": (b'{"a": "The house', "not JSON"),
        "laughs.xml": (laughs().encode() + b"<resources/>", "declarations"),
        "deep.xml": (b"<resources>" + b"<b>" * 1000 + b"</b>" * 1000 + b"</resources>", "nested"),
        "escapes.xml": (b"<resources><string>\\u12 \\ud83d \\</string></resources>", ""),
        "half.xml": (b"<resources><string>The house", "not XML"),
        "laughs.resx": (b"<root>" + laughs().encode() + b"</root>", "not XML"),
        "type.resx": (laughs().encode() + b"<root/>", "declarations"),
        "type.ts": (laughs().replace("x [", "TS [").encode() + b"<TS/>", "declarations"),
        "deep.resx": (b"<root>" * 1000 + b"</root>" * 1000, "nested"),
        "french.ts": (b'<TS language="fr"/>', "translations are in fr"),
        "deep.toml": (b"a = " + b"[" * 100_000, "nested"),
        "open.toml": (b'a = "The house', "line 1 is not TOML"),
        "folded.ini": (b"a = The house\n" + b"  \\\n" * 99_999, ""),
        "deep.ftl": (b"a = " + b"{ $n ->\n *[b] " * 9999 + b"x", "nested"),
        "open.ftl": (b"a = The house\nb = " + b"{" * 99_999, ""),
        "open.mdx": (b"The house " + b"{/* <A b={" * 9_999, ""),
        "lists.rst": (b"".join(b"  " * n + b"* The house.\n\n" for n in range(200)), ""),
        "cells.adoc": (b"[cols=a]\n|===\n|" + b"!===\n!The house " * 999, ""),
        "stars.adoc": (b"The *house footnote:[a " * 9_999, ""),
        "open.adoc": (b"The house\n----\nThe house", ""),
        "grid.rst": (b"+--+\n" + b"|The house.\n+-" * 9_999, ""),
        "stars.rst": (b"The *house " * 9_999, ""),
        "numbers.json": (b'{"a": ' + b"9" * 10_000 + b', "b": "The house."}', ""),
        "utf-16.txt": ("The house is old.".encode("utf-16-le"), "binary"),
        "nul.txt": (b"The house\0is old.", "binary"),
        "nul.html": (b"<p>The house\0is old.", "binary"),
        "latin.txt": ("Öl".encode("latin-1"), "not UTF-8"),
        "end.properties": (b"a = The house is old.\\", ""),
        "crazy.srt": (
            b"1\n99:99:99,999 --> -1:00:00,000\nThe house.\n\n2\n"
            b"9999999999:00:00,000 --> 00:00:00,000\nThe house is old.\n",
            "",
        ),
        "crazy.vtt": (b"WEBVTT\n\n99:99.999 --> 00:00.000\nThe house.\n\n--> \nno\n", ""),
        "no-events.ass": (b"[Script Info]\nTitle: The house\n", "no section"),
        "drawings.ass": (b"[Events]\nDialogue: 0,0,0,,,0,0,0,," + rb"{\p1}m 0 0" * 99_999, ""),
        "no-times.srt": (b"The house is old.\n", "no subtitle timings"),
        "broken.pdf": (b"%PDF-1.4\nno PDF", "PDF"),
        "circle.pdf": (PDF, "PDF"),
    }  # fmt: skip
