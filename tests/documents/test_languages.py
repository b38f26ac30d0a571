"""Languages that documents declare: others than the model's are refused, or stay."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from s2scli.documents.base import FormatOptions
from s2scli.documents.languages import is_other, locale
from s2scli.tasks.document import DONE, FAILED
from tests.documents.runs import run, translated

EN_DE = FormatOptions(source_language="en", target_language="de")

XLIFF = (
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file '
    'source-language="{}" target-language="de" original="x" datatype="plaintext"><body>'
    '<trans-unit id="1"><source>a house</source></trans-unit></body></file></xliff>'
)
XLIFF_2 = (
    '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="{}">'
    '<file id="f"><unit id="1"><segment><source>a house</source></segment></unit></file></xliff>'
)
PO = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"X-Source-Language: {}\\n"\n\nmsgid "a"\nmsgstr ""\n'
CONTAINER = (
    '<container><rootfiles><rootfile full-path="p.opf" '
    'media-type="application/oebps-package+xml"/></rootfiles></container>'
)
OPF = (
    '<package xmlns:dc="x"><metadata>{}<dc:title xml:lang="en">A house</dc:title>'
    '<dc:title xml:lang="fr">Maison</dc:title></metadata><manifest>'
    '<item href="a.xhtml" media-type="application/xhtml+xml"/>'
    '<item href="b.xhtml" media-type="application/xhtml+xml"/></manifest></package>'
)
PAGE = '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{}"><p>a tree</p></html>'


def book(*languages: str) -> bytes:
    data = BytesIO()
    said = "".join(f"<dc:language>{language}</dc:language>" for language in languages)
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("p.opf", OPF.format(said))
        archive.writestr("a.xhtml", PAGE.format("en-GB"))
        archive.writestr("b.xhtml", PAGE.format("fr"))
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.xlf", XLIFF),
        ("a.xlf", XLIFF_2),
        ("a.po", PO),
        ("a.html", '<html lang="{}"><p>a house</p></html>'),
        ("a.xhtml", '<html xml:lang="{}"><p>a house</p></html>'),
        ("a.arb", '{{"@@locale": "{}", "a": "a house"}}'),
        ("a.ts", '<TS version="2.1" sourcelanguage="{}"><context><name>x</name></context></TS>'),
        ("a.md", "---\nlang: {}\n---\n\na house\n"),
        ("a.vtt", "WEBVTT\nKind: captions\nLanguage: {}\n\n00:01.000 --> 00:02.000\na house\n"),
    ],
)
def test_what_is_in_another_language_is_refused(name: str, text: str, tmp_path: Path) -> None:
    said = {"a": "en", "b": "en-GB", "c": "fr", "d": "zh-Hans"}
    found = run(
        {key + name[1:]: text.format(value).encode() for key, value in said.items()},
        tmp_path,
        options=EN_DE,
    )
    statuses = [found.outcomes[key + name[1:]].status for key in "abcd"]
    assert statuses == [DONE, DONE, FAILED, FAILED]
    assert "texts are in fr; the model reads en" in found.outcomes["c" + name[1:]].reason


def test_files_of_rails(tmp_path: Path) -> None:
    documents = {f"{code}.yml": f"{code}:\n  a: a house\n".encode() for code in ("en", "fr")}
    found = run(documents, tmp_path, options=EN_DE)
    assert found.written == {"en.yml": b"de:\n  a: A HOUSE\n"}
    assert "texts are in fr" in found.outcomes["fr.yml"].reason


def test_books(tmp_path: Path) -> None:
    documents = {"a.epub": book("en"), "b.epub": book("fr"), "c.epub": book("fr", "en")}
    found = run(documents, tmp_path, options=EN_DE)
    assert [found.outcomes[name].status for name in documents] == [DONE, FAILED, DONE]
    with zipfile.ZipFile(BytesIO(found.written["c.epub"])) as archive:
        package = archive.read("p.opf").decode()
        assert re.findall("<dc:language>(.*?)<", package) == ["fr", "de"]
        assert '<dc:title xml:lang="de">A HOUSE<' in package
        assert '<dc:title xml:lang="fr">Maison<' in package
        assert archive.read("a.xhtml").decode() == PAGE.format("de").replace("a tree", "A TREE")
        assert archive.read("b.xhtml").decode() == PAGE.format("fr")


def test_parts_of_pages(tmp_path: Path) -> None:
    page = (
        '<html lang="en"><head><meta http-equiv="Content-Language" content="en">'
        '<meta property="og:locale" content="en_GB"><meta name="language" content="fr">'
        '</head><p lang="en-US">a <i lang="la">res publica</i> there</p>'
        '<div lang="fr">la maison <b lang="en">a house</b> <p title="x">rue</p></div>'
        '<code lang="en">x</code><p lang="{{ page.lang }}">a tree</p></html>'
    )
    new = translated("a.html", page, tmp_path, options=EN_DE)
    assert new == (
        '<html lang="de"><head><meta http-equiv="Content-Language" content="de">'
        '<meta property="og:locale" content="de_DE"><meta name="language" content="fr">'
        '</head><p lang="de">A <i lang="la">res publica</i> THERE</p>'
        '<div lang="fr">la maison <b lang="de">A HOUSE</b> <p title="x">rue</p></div>'
        '<code lang="en">x</code><p lang="{{ page.lang }}">A TREE</p></html>'
    )


@pytest.mark.parametrize(
    ("said", "language", "other"),
    [
        ("fr", "en", True),
        ("French", "en", True),
        ("en-GB", "en", False),
        ("en_US", "en", False),
        ("zh-Hant", "zh", False),
        ("nb", "no", False),
        ("", "en", False),
        ("fr", "", False),
        ("x y", "en", False),
        ("mul", "en", False),
        ("und", "en", False),
        ("fr", "roa", False),
    ],
)
def test_other_languages(said: str, language: str, other: bool) -> None:
    assert is_other(said, language) == other


def test_locales() -> None:
    assert [locale(code) for code in ("de", "pt-BR", "en")] == ["de_DE", "pt_BR", "en_US"]


@pytest.mark.parametrize(
    ("name", "text", "new"),
    [
        ("a.md", 'A <i lang="en">b *c*</i> d.\n', 'A <i lang="de">B *C*</i> D.\n'),
        ("a.md", "A <i lang='fr'>b</i> d.\n", "A <i lang='fr'>b</i> D.\n"),
        ("a.md", '<p xml:lang="en-US">A b.</p>\n', '<p xml:lang="de">A B.</p>\n'),
        ("a.md", "<p lang=en>A b.</p>\n", '<p lang=de>A B.</p>\n'),
        (
            'a.md',
            '<div lang="en">\n\nA b <b lang="en">c</b>.\n\n</div>\n',
            '<div lang="de">\n\nA B <b lang="de">C</b>.\n\n</div>\n',
        ),
        (
            "a.md",
            'A b.\n\n<div lang="fr">\n\nC <b lang="en">d</b>.\n\n</div>\n',
            'A B.\n\n<div lang="fr">\n\nC <b lang="en">d</b>.\n\n</div>\n',
        ),
        ("a.md", "::: {lang=en}\nA b.\n:::\n", "::: {lang=de}\nA B.\n:::\n"),
        ("a.md", "# A b {#x lang=en}\n", "# A B {#x lang=de}\n"),
        ("a.md", "A [b c]{lang=en .d} e.\n", "A [B C]{lang=de .d} E.\n"),
        ("a.md", "A [b c]{lang=fr} e.\n", "A [b c]{lang=fr} E.\n"),
        ("a.md", 'A b.\n{: lang="en"}\n', 'A B.\n{: lang="de"}\n'),
        # Code stays, and so does what is none of these.
        (
            "a.md",
            'A b `<p lang="en">`.\n\n```html\n<p lang="en">c</p>\n```\n\nThe lang="en" of c.\n',
            'A B `<p lang="en">`.\n\n```html\n<p lang="en">c</p>\n```\n\nTHE lang="en" OF C.\n',
        ),
        (
            "a.mdx",
            '<Box lang="en">\n  A b.\n</Box>\n\nA <i lang="en">b</i> c.\n',
            '<Box lang="de">\n  A B.\n</Box>\n\nA <i lang="de">B</i> C.\n',
        ),
        (
            "a.ipynb",
            '{"cells": [{"cell_type": "markdown", "source": ["A <i lang=\\"en\\">b</i>."]}], '
            '"nbformat": 4}',
            '{"cells": [{"cell_type": "markdown", "source": ["A <i lang=\\"de\\">B</i>."]}], '
            '"nbformat": 4}',
        ),
    ],
)  # fmt: skip
def test_elements_of_prose_say_the_language_that_they_are_in(
    name: str, text: str, new: str, tmp_path: Path
) -> None:
    options = FormatOptions(source_language="en", target_language="de")

    def upper(word: str) -> str:
        return word if "=" in word else word.upper()

    assert translated(name, text, tmp_path, upper, options) == new
