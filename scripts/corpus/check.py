"""Whether the files of the corpus are what they seem: packages open, XML and JSON parse."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from corpus.tools import Missing, library

__all__ = ["fault"]

PACKAGES = {"docx", "pptx", "xlsx", "odt", "odp", "ods", "epub"}
XML_PARTS = (".xml", ".rels", ".opf", ".ncx", ".rdf", ".svg", ".smil")
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def text_of(content: bytes, encoding: str = "utf-8-sig") -> str:
    """A file's text: UTF-16 if it begins so, or else in an encoding."""
    return content.decode("utf-16" if content.startswith(UTF16) else encoding)


def check(path: Path) -> None:
    """Raises whatever its reader raises if a file is not of its format."""
    content = path.read_bytes()
    match path.parent.name:
        case kind if kind in PACKAGES:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if (broken := archive.testzip()) is not None:
                    raise ValueError(f"{broken} is damaged")
                for name in archive.namelist():
                    if name.endswith(XML_PARTS) and archive.getinfo(name).file_size:
                        ElementTree.fromstring(archive.read(name))
        case "xliff" | "resx" | "ts" | "android" | "stringsdict":
            ElementTree.fromstring(content)
        case "json" | "ipynb" | "arb" | "xcstrings" if content:
            json.loads(text_of(content))
        case "jsonl":
            for line in text_of(content).split("\n"):
                if line.strip():
                    json.loads(line)
        case "yaml":
            list(library("ruamel.yaml").YAML(typ="rt", pure=True).load_all(text_of(content)))
        case "toml":
            library("tomlkit").parse(text_of(content))
        case "po":
            library("polib").pofile(str(path))
        case "csv" | "tsv":
            list(csv.reader(io.StringIO(text_of(content), newline="")))
        case "pdf":
            if not library("pypdf").PdfReader(path).pages:
                raise ValueError("no page")
        case "properties":
            content.decode("utf-8" if "utf-8" in path.name else "latin-1")
        case "html" if "latin1" in path.name:
            content.decode("cp1252")
        case _:
            text_of(content, "cp1252" if "cp1252" in path.name else "utf-8-sig")


def fault(path: Path) -> str | None:
    """What is wrong with a file of the corpus; None if nothing is.

    Raises:
        Missing: the reader of its format is not installed.
    """
    try:
        check(path)
    except Missing:
        raise
    except Exception as error:  # each reader has its own
        return f"{type(error).__name__}: {error}"
    return None
