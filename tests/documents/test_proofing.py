"""Office documents say in which language their new texts are."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from s2scli.documents.base import Format, FormatOptions, Slot, Source, Target
from s2scli.documents.filling import filled
from s2scli.office.odf import OdfXml
from s2scli.office.ooxml import DrawingPart, WordPart
from s2scli.office.proofing import SlideDefaults, WordStyles
from tests.documents.office import package
from tests.documents.runs import run
from tests.documents.test_odf import content
from tests.documents.test_odf import p as odf_p
from tests.documents.test_ooxml import BOLD, TYPES, WORD_MAIN, p, r

LANG = '<w:lang w:val="{}" w:eastAsia="en-US" w:bidi="ar-SA"/>'
ENGLISH, FRENCH = LANG.format("en-US"), LANG.format("fr-FR")


def translated(kind: type[Format], text: str, target: str, source: str = "en") -> str:
    form = kind(FormatOptions(source_language=source, target_language=target))
    read = Source("f", text)
    slots = list(form.slots(read))
    return "".join(filled(form, read, slots, list(map(marked, slots))))


def marked(slot: Slot) -> Target:
    return Target(slot.text.upper(), tuple((mark.start, mark.end) for mark in slot.marks))


def test_runs_of_word() -> None:
    text = p(r("One ", ENGLISH) + r("two", BOLD + ENGLISH) + r(" three", ENGLISH) + r(" x", FRENCH))
    new = translated(WordPart, text, "de")
    assert "en-US" not in re.findall(r'w:val="([^"]*)"', new)
    assert 'w:lang w:val="de-DE" w:eastAsia="en-US" w:bidi="ar-SA"' in new
    assert translated(WordPart, text, "de", source="") == new.replace("de-DE", "en-US")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("pt-BR", '<w:lang w:val="pt-BR" w:eastAsia="en-US" w:bidi="ar-SA"/>'),
        ("zh", '<w:lang w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'),
        ("ar", '<w:lang w:val="ar-EG" w:eastAsia="en-US" w:bidi="ar-EG"/>'),
    ],
)
def test_characters_of_other_kinds(target: str, expected: str) -> None:
    assert expected in translated(WordPart, p(r("One", ENGLISH)), target)


def test_another_language_and_what_is_not_translated_stay() -> None:
    text = p(r("ONE", FRENCH)) + p(r("TWO", LANG.format("x-none")))
    for part in (p(r("One", FRENCH)), p(r("Two", LANG.format("x-none")))):
        assert translated(WordPart, part, "de") in text
    form = WordPart(FormatOptions(source_language="en", target_language="de"))
    source = Source("f", p(r("One", ENGLISH)))
    same = [Target(slot.text) for slot in form.slots(source)]
    assert "".join(filled(form, source, list(form.slots(source)), same)) == source.text


def test_runs_of_slides() -> None:
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    text = (
        f'<a:x {space}><a:p><a:r><a:rPr lang="en-GB" b="1"/><a:t>One</a:t></a:r>'
        '<a:endParaRPr lang="en-US"/></a:p></a:x>'
    )
    new = text.replace("One", "ONE").replace("en-GB", "de-DE").replace("en-US", "de-DE")
    assert translated(DrawingPart, text, "de") == new


def test_styles_of_opendocument() -> None:
    inner = odf_p("One")
    style = (
        '<style:text-properties fo:language="en" fo:country="GB" style:language-asian="none" '
        'style:country-asian="none"/><style:text-properties fo:language="fr" fo:country="FR"/>'
    )
    text = content(inner).replace("<office:body>", f"<x>{style}</x><office:body>", 1)
    assert style in text
    new = translated(OdfXml, text, "de")
    assert 'fo:language="de" fo:country="DE" style:language-asian="none"' in new
    assert 'fo:language="fr" fo:country="FR"' in new
    chinese = translated(OdfXml, text, "zh")
    assert 'style:language-asian="zh" style:country-asian="CN"' in chinese


def test_parts_without_text() -> None:
    options = FormatOptions(source_language="en", target_language="de")
    for kind, text in (
        (WordStyles, f"<w:styles>{ENGLISH}</w:styles>"),
        (SlideDefaults, '<a:defRPr lang="en-US"/>'),
    ):
        form = kind(options)
        source = Source("f", text)
        assert not list(form.slots(source))
        assert [edit.text for edit in form.edits(source)] == ["de-DE"]


def test_a_whole_document(tmp_path: Path) -> None:
    styles = WORD_MAIN.replace("document.main", "styles")
    members = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}">'
        f'<Override PartName="/d.xml" ContentType="{WORD_MAIN}"/>'
        f'<Override PartName="/s.xml" ContentType="{styles}"/></Types>',
        "d.xml": p(r("One", ENGLISH)),
        "s.xml": f'<w:styles xmlns:w="x">{ENGLISH}</w:styles>',
    }
    options = FormatOptions(source_language="en", target_language="de")
    found = run({"a.docx": package(members)}, tmp_path, options=options)
    with zipfile.ZipFile(io.BytesIO(found.written["a.docx"])) as file:
        assert file.read("d.xml").decode().count('w:val="de-DE"') == 1
        assert file.read("s.xml").decode().count('w:val="de-DE"') == 1
