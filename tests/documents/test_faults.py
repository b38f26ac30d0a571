"""Whatever is wrong with a document, or with our handling of it, is its own fault: others are done.

And what an encoding cannot hold makes the document UTF-8, which it then says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from s2scli.documents import FORMATS
from s2scli.documents.base import FormatOptions, Slot, Source
from s2scli.documents.plain import PlainText
from s2scli.errors import BadInputError, MissingInputError, UsageError
from s2scli.tasks.document import DONE, FAILED
from s2scli.tasks.protected import Broken
from tests.documents.runs import run

ERRORS = [
    BadInputError("no"), UsageError("no"), MissingInputError("no"), ValueError("no"),
    RecursionError("no"), MemoryError("no"), UnicodeEncodeError("ascii", "ä", 0, 1, "no"),
]  # fmt: skip


class _Faulty(PlainText):
    """A format that fails; where, a document says."""

    error: Exception = ValueError()

    def slots(self, source: Source) -> Iterator[Slot]:
        self._fail(source, "read")
        yield from super().slots(source)
        self._fail(source, "late")

    def written(self, source: Source, slot: Slot, text: str) -> str:
        self._fail(source, "written")
        return super().written(source, slot, text)

    def _fail(self, source: Source, where: str) -> None:
        if where in source.text:
            raise self.error


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("where", ["read", "late", "written"])
def test_a_fault_is_of_its_document(
    where: str, error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Faulty, "error", error)
    monkeypatch.setitem(FORMATS, "text", f"{__name__}:_Faulty")
    documents = {"a.txt": b"a house", "b.txt": f"a {where} house".encode(), "c.txt": b"a tree"}
    found = run(documents, tmp_path)
    assert found.written == {"a.txt": b"A HOUSE", "c.txt": b"A TREE"}
    assert [found.outcomes[name].status for name in sorted(documents)] == [DONE, FAILED, DONE]
    assert "no" in found.outcomes["b.txt"].reason


def test_a_fault_of_a_repair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(broken: list[Broken], *_: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr("s2scli.tasks.protection.repaired_in_branches", fails)
    found = run(
        {"a.txt": b"a {name} here", "b.txt": b"a tree"},
        tmp_path,
        lambda word: word.strip("{}").upper(),
    )
    assert found.written == {"b.txt": b"A TREE"}
    assert found.outcomes["a.txt"].reason == "a.txt could not be translated (ValueError: no)"


def test_half_a_character_stays(tmp_path: Path) -> None:
    data = rb'{"a": "one \ud83d house", "b": "two"}'
    found = run({"a.json": data, "b.txt": b"a tree"}, tmp_path)
    assert found.written["a.json"] == rb'{"a": "one \ud83d house", "b": "TWO"}'
    assert found.written["b.txt"] == b"A TREE"


PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; {}\\n"\n\nmsgid "a house"\nmsgstr ""\n'
XLIFF = (
    '<?xml version="1.0" encoding="{}"?>\n<xliff version="1.2" '
    'xmlns="urn:oasis:names:tc:xliff:document:1.2"><file source-language="en" original="é" '
    'datatype="plaintext"><body><trans-unit id="1"><source>a house</source></trans-unit></body>'
    "</file></xliff>"
)
FODT = (
    '<?xml version="1.0" encoding="{}"?>\n<office:document '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
    "<text:p>a house</text:p></office:text></office:body></office:document>"
)
HTML = '<html lang="de"><head><meta charset="{}"></head><p>a house</p></html>'


@pytest.mark.parametrize(
    ("name", "text", "said", "encoding", "word", "becomes"),
    [
        ("a.po", PO, "charset=US-ASCII", "ascii", "ä", "charset=UTF-8"),
        ("a.po", PO, "charset=US-ASCII", "ascii", "e", "charset=US-ASCII"),
        ("a.pot", PO, "charset=CHARSET", "ascii", "ä", "charset=UTF-8"),
        ("a.pot", PO, "charset=CHARSET", "ascii", "e", "charset=CHARSET"),
        ("a.po", PO, "charset=windows-1251", "cp1251", "ä", "charset=UTF-8"),
        ("a.po", PO, "charset=windows-1251", "cp1251", "ж", "charset=windows-1251"),
        ("a.po", PO, "charset=ISO-8859-1", "latin-1", "東", "charset=UTF-8"),
        ("a.po", PO, "charset=EUC-JP", "euc-jp", "ä", "charset=EUC-JP"),
        ("a.po", PO, "charset=EUC-JP", "euc-jp", "한", "charset=UTF-8"),
        ("a.po", PO, '"\n"charset=ISO-8859-1', "latin-1", "東", '"\n"charset=UTF-8'),
        ("a.xlf", XLIFF, "ISO-8859-1", "latin-1", "東", "UTF-8"),
        ("a.xlf", XLIFF, "ISO-8859-1", "latin-1", "ä", "ISO-8859-1"),
        ("a.xlf", XLIFF, "windows-1252", "cp1252", "ж", "UTF-8"),
        ("a.fodt", FODT, "US-ASCII", "ascii", "ä", "UTF-8"),
        ("a.fodt", FODT, "Shift_JIS", "shift_jis", "東", "Shift_JIS"),
        ("a.fodt", FODT, "Shift_JIS", "shift_jis", "ä", "UTF-8"),
        ("a.html", HTML, "us-ascii", "ascii", "&#228;", "us-ascii"),
        ("a.html", HTML, "windows-1251", "cp1251", "&#228;", "windows-1251"),
    ],
)
def test_what_an_encoding_cannot_hold(
    name: str, text: str, said: str, encoding: str, word: str, becomes: str, tmp_path: Path
) -> None:
    source = text.format(said)
    spoken = word.replace("&#228;", "ä")
    options = FormatOptions()
    data = source.encode(encoding, "xmlcharrefreplace")
    found = run({name: data}, tmp_path, lambda _: spoken, options)
    assert found.outcomes[name].status == DONE, found.outcomes[name].reason
    new = found.written[name].decode("utf-8" if "UTF-8" in becomes else encoding)
    assert becomes in new
    assert f"{word} {word}" in new
    assert new.count("charset=") == source.count("charset=")


def test_an_encoding_that_is_none(tmp_path: Path) -> None:
    bad = PO.format("charset=Shift_JIS").encode() + b"# \x81\n"
    found = run({"a.po": bad, "b.txt": b"a tree"}, tmp_path)
    assert found.outcomes["a.po"].reason.startswith("a.po, line 7 is not in shift_jis")
    assert found.written == {"b.txt": b"A TREE"}
