"""Office documents: texts in other languages and words in equations are said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from s2scli.documents.base import Format, FormatOptions, Source
from s2scli.office.literals import equation_remark
from s2scli.office.odf import OdfXml
from s2scli.office.ooxml import DrawingPart, WordPart
from s2scli.office.proofing import WORD
from s2scli.office.spoken import odf_remarks, run_remarks

OPTIONS = FormatOptions(source_language="en", target_language="de")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
ODF = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}:1.0"'
    for name, uri in (
        *((name, name) for name in ("office", "text", "style")),
        ("fo", "xsl-fo-compatible"),
    )
)


def remarks(form: type[Format], text: str, options: FormatOptions = OPTIONS) -> list[str]:
    format_ = form(options)
    list(format_.slots(Source("f", text)))
    return format_.remarks


def word(language: str, text: str, before: str = "", after: str = "") -> str:
    return (
        f'<w:p xmlns:w="{W}"><w:pPr><w:rPr><w:lang w:val="fr-FR"/></w:rPr></w:pPr><w:r><w:rPr>'
        f'{before}<w:lang w:val="{language}"/>{after}</w:rPr><w:t>{text}</w:t></w:r></w:p>'
    )


def drawing(language: str, text: str) -> str:
    return (
        f'<a:p xmlns:a="{A}"><a:r><a:rPr lang="{language}"><a:ln/></a:rPr><a:t>{text}</a:t></a:r>'
        '<a:endParaRPr lang="fr-FR"/></a:p>'
    )


def odf(language: str, text: str) -> str:
    return (
        f"<office:document{ODF}><office:automatic-styles>"
        '<style:style style:name="P0"><style:text-properties fo:language="fr"/></style:style>'
        '<style:style style:name="P1"><style:paragraph-properties/>'
        f'<style:text-properties fo:language="{language}"/></style:style>'
        '<style:style style:name="P2"><style:paragraph-properties/></style:style>'
        "</office:automatic-styles><office:body><office:text>"
        f'<text:p text:style-name="P2">One</text:p><text:p text:style-name="P1">{text}</text:p>'
        "</office:text></office:body></office:document>"
    )


FORMS = ((WordPart, word), (DrawingPart, drawing), (OdfXml, odf))


@pytest.mark.parametrize(("form", "make"), FORMS)
def test_texts_in_other_languages_are_said(
    form: type[Format], make: Callable[[str, str], str]
) -> None:
    what = "Texts that are said to be in another language are translated as the others are"
    assert remarks(form, make("it", "Buon &lt; giorno")) == [f"{what}: 'Buon < giorno' (it)."]
    assert remarks(form, make("en", "Good day")) == []
    assert remarks(form, make("en-GB", "Good day")) == []
    assert remarks(form, make("zxx", "Good day")) == []
    assert remarks(form, make("it", "42")) == []
    assert remarks(form, make("it", "Buon giorno"), FormatOptions()) == []


def test_a_language_among_other_properties() -> None:
    text = word("it", "Ciao", "<w:b/>", '<w:shd w:fill="x"/>')
    assert len(remarks(WordPart, text)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<m:r><m:t>rate of speed</m:t></m:r>", "'rate of speed'"),
        ("<m:r><m:rPr><m:nor/></m:rPr><w:rPr><w:b/></w:rPr><m:t>if </m:t></m:r>", ""),
        ("<m:r><m:rPr><m:nor/></m:rPr><w:rPr><w:b/></w:rPr><m:t>when </m:t></m:r>", "'when'"),
        ("<m:r><m:t>sin</m:t></m:r><m:r><m:t>arg max</m:t></m:r>", "'arg max'"),
        ("<m:r><m:t>sin x</m:t></m:r>", ""),
        ("<math><mtext>other &amp; wise</mtext><mi>abc</mi></math>", "'other & wise'"),
        ("<math:mtext>kWh</math:mtext><p>two words</p>", "'kWh'"),
    ],
)
def test_words_in_equations_are_said(text: str, words: str) -> None:
    said = f"Words in equations stay in the source language: {words}."
    assert equation_remark(text) == ([said] if words else [])


def test_properties_without_end_are_read_in_linear_time() -> None:
    for text in (
        "<w:lang w:val='it'/>" * 4_000,
        "<m:nor/>" * 4_000,
        "<m:nor/>" + "<w:b/>" * 9_000,
    ):
        equation_remark(text)
        source = Source("f", f'<w:p xmlns:w="{W}"><w:r><w:rPr>{text}</w:rPr></w:r></w:p>')

        assert run_remarks(source, OPTIONS, WORD, "val") == []
    styles = "<style:style><style:x/>" * 4_000

    assert odf_remarks(Source("f", styles), OPTIONS) == []
