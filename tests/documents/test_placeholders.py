"""Each syntax of the table comes out of each format as it went in, whatever the model does."""

from __future__ import annotations

import ast
import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from s2scli.text.inlinemarkup import INLINE
from s2scli.text.literals import WORDS
from s2scli.text.macros import MACROS
from s2scli.text.placeholders import SYNTAXES
from tests.documents.office import package
from tests.documents.runs import run

# A formula is one only alone; {, # and the like are parts of others.
EXAMPLES = [
    example
    for syntax in (*INLINE, *SYNTAXES, *MACROS, *WORDS)
    for example in syntax.examples
    if not example.startswith("=") and example not in ("{", "}", "''", "[*]_", "ii.", "(iv)")
]
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def spoilt(word: str) -> str:
    """A word without signs, in capitals: a mark of ours is none any more."""
    return re.sub(r"[^\w.]|_", "", word).upper() or "X"


def to_text(texts: list[str]) -> bytes:
    return "\n\n".join(texts).encode()


def to_json(texts: list[str]) -> bytes:
    return json.dumps(texts).encode()


def to_yaml(texts: list[str]) -> bytes:
    return "".join(f"- {json.dumps(text, ensure_ascii=False)}\n" for text in texts).encode()


def to_po(texts: list[str]) -> bytes:
    spelled = {ord(sign): f"\\{sign}" for sign in '\\"'} | {c: f"\\{c:03o}" for c in range(32)}
    strings = (text.translate(spelled) for text in texts)
    return "\n".join(f'msgid "{string}"\nmsgstr ""\n' for string in strings).encode()


def to_html(texts: list[str]) -> bytes:
    return "".join(f"<p>{html.escape(text)}</p>\n" for text in texts).encode()


def to_docx(texts: list[str]) -> bytes:
    paragraphs = (f"<w:p><w:r><w:t>{html.escape(t)}</w:t></w:r></w:p>" for t in texts)
    body = f"<w:body>{''.join(paragraphs)}</w:body>"
    types = f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/>'
    return package(
        {
            "[Content_Types].xml": f'<Types xmlns="{TYPES}">{types}</Types>',
            "word/document.xml": f'<w:document xmlns:w="{WORD}">{body}</w:document>',
        }
    )


def from_po(data: bytes) -> list[str]:
    found = re.findall(r'^msgstr ((?:".*"\n?)+)', data.decode(), re.MULTILINE)
    return ["".join(ast.literal_eval(line) for line in one.splitlines()) for one in found]


def from_html(data: bytes) -> list[str]:
    return [html.unescape(text) for text in re.findall(r"<p>(.*?)</p>", data.decode())]


def from_docx(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        text = file.read("word/document.xml").decode()
    found = re.findall(r"<w:p>(.*?)</w:p>", text)
    return [html.unescape(re.sub(r"<[^<>]*>", "", one)) for one in found]


FORMS: dict[str, tuple[Callable[[list[str]], bytes], Callable[[bytes], list[str]]]] = {
    "a.txt": (to_text, lambda data: data.decode().split("\n\n")),
    "a.json": (to_json, json.loads),
    "a.yaml": (to_yaml, yaml.safe_load),
    "a.po": (to_po, from_po),
    "a.html": (to_html, from_html),
    "a.docx": (to_docx, from_docx),
}


def examples(name: str) -> list[str]:
    """Those that a format can hold: XML has no control characters, and runs of blanks are one."""
    is_xml = name.endswith(("html", "docx"))
    return [one for one in EXAMPLES if not (is_xml and re.search(r"[\0-\x1f]|  ", one))]


@pytest.mark.parametrize("name", FORMS)
def test_each_comes_out_as_it_went_in(name: str, tmp_path: Path) -> None:
    written, read = FORMS[name]
    sources = [f"the house {example} is old" for example in examples(name)]
    found = run({name: written(sources)}, tmp_path, spoilt)
    targets = read(found.written[name])
    assert len(targets) == len(sources)
    for example, source, target in zip(examples(name), sources, targets, strict=True):
        assert target.count(example) == source.count(example), target
        assert target.startswith("THE HOUSE"), target
        assert target.endswith("IS OLD"), target


@pytest.mark.parametrize("name", FORMS)
def test_a_text_of_nothing_else_stays(name: str, tmp_path: Path) -> None:
    written, _ = FORMS[name]
    alone = [
        *examples(name),
        "***",
        "– … ☐",
        "=SUM(A1:B2)",
        '=IF(A1>0,"yes","no")',
        "{a} {b}",
        "%s: %d",
    ]
    if name == "a.txt":
        alone = [text for text in alone if not text.startswith("* ")]
    data = written(alone)
    found = run({name: data}, tmp_path, spoilt)
    if name == "a.po":
        assert set(from_po(found.written[name])) <= {*alone, ""}
    else:
        assert found.written[name] == data
