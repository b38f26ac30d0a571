from __future__ import annotations

import pytest
from langcodes import tag_is_valid

from s2scli.languages.codes import english_name, find_language
from s2scli.languages.names import PLAIN, display_name, tag_of_name, written_subtag


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Deutsch", "de"),
        ("français", "fr"),
        ("日本語", "ja"),
        ("العربية", "ar"),
        ("Norwegisch", "no"),
        ("Farsi", "fa"),
        ("Kurdish (Sorani)", "ckb"),
        ("Chinese Traditional", "zh-Hant"),
        ("Hakka dialect", "hak"),
        ("toki pona", "tok"),
        ("Malayo", "ms"),
        ("German language", "de"),
        ("Spanish; Castilian", "es"),
        ("Greek, Modern (1453-)", "el"),
        ("Greek, Ancient (to 1453)", "grc"),
        ("English, Old (ca. 450-1100)", "ang"),
        ("Malay (macrolanguage)", "ms"),
    ],
)
def test_a_name_in_any_language(name: str, tag: str) -> None:
    assert find_language(name) == tag


@pytest.mark.parametrize(
    "name", ["Malayalm", "Germanic", "French Creole", "Bahamas", "Portuguesewise", "Arabic Latin"]
)
def test_what_begins_with_a_name_is_another_one(name: str) -> None:
    assert not tag_of_name(name)
    assert not tag_of_name(name, english=True)


def test_a_name_with_more_behind_it_is_none() -> None:
    longer = [f"{display_name(code)}{more}" for code in PLAIN for more in ("xq", " xq")]
    assert [name for name in longer if tag_of_name(name)] == []


def test_a_name_that_means_another_language_in_english() -> None:
    assert tag_of_name("malayo", english=True) == "mbp"
    assert not tag_of_name("norsk", english=True)
    assert tag_of_name("Norwegian", english=True) == "no"


def test_names_of_scripts_and_territories() -> None:
    names = ("Latin", "Arabic script", "Brazil", "Latin America", "nowhere")
    assert [written_subtag(name) for name in names] == ["Latn", "Arab", "BR", "419", ""]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("deu_Latn", "German"),
        ("zh-Hant-TW", "Chinese (Traditional, Taiwan)"),
        ("zho_Hans", "Chinese (Simplified)"),
        ("es-419", "Spanish (Latin America)"),
        ("sr_Cyrl", "Serbian (Cyrillic)"),
        ("en_XX", "English"),
    ],
)
def test_english_names(code: str, name: str) -> None:
    assert english_name(code) == name


def test_subtags_without_a_name() -> None:
    assert display_name("qzz") == "Unknown language [qzz]"
    assert display_name("") == "Unknown language"


@pytest.mark.parametrize("code", ["aa", "de", "zh", "yue", "ckb", "quy", "tok", "zgh"])
def test_a_name_leads_back_to_its_code(code: str) -> None:
    assert tag_of_name(display_name(code), english=True) == code
    assert tag_is_valid(code) or code == "tok"  # newer than the validator's list
