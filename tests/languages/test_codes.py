from __future__ import annotations

import pytest

from s2scli.errors import UsageError
from s2scli.languages.codes import (
    english_name,
    find_language,
    is_group,
    match_language,
    nearest_languages,
    primary_code,
    same_language,
    written_code,
)

NLLB = ["eng_Latn", "deu_Latn", "zho_Hans", "zho_Hant", "por_Latn", "nob_Latn", "srp_Cyrl"]
MBART = ["en_XX", "de_DE", "zh_CN", "pt_XX", "sv_SE"]
M2M100 = ["en", "de", "zh", "pt", "no", "sr"]


@pytest.mark.parametrize(
    ("name", "codes", "expected"),
    [
        ("en", NLLB, "eng_Latn"),
        ("eng", MBART, "en_XX"),
        ("English", M2M100, "en"),
        ("german", NLLB, "deu_Latn"),
        ("ger", NLLB, "deu_Latn"),
        ("deu_Latn", NLLB, "deu_Latn"),
        ("de_DE", M2M100, "de"),
        ("pt-BR", NLLB, "por_Latn"),
        ("pt-BR", MBART, "pt_XX"),
        ("zh", NLLB, "zho_Hans"),
        ("zh-Hans", NLLB, "zho_Hans"),
        ("zh-Hant", NLLB, "zho_Hant"),
        ("zh-TW", NLLB, "zho_Hant"),
        ("Chinese", MBART, "zh_CN"),
        ("no", NLLB, "nob_Latn"),
        ("nb", M2M100, "no"),
        ("Swahili", NLLB, None),
        ("sr-Latn", NLLB, None),
        ("en", ["eng"], "eng"),
        ("en", [], None),
    ],
)
def test_a_language_by_any_name(name: str, codes: list[str], expected: str | None) -> None:
    assert match_language(name, codes) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (" de\n", "deu_Latn"),
        ("en_GB.UTF-8", "eng_Latn"),
        ("de_DE@euro", "deu_Latn"),
        ("pt_BR.iso-8859-1@euro", "por_Latn"),
        ("sr_RS@latin", None),
        ("sr_RS.UTF-8@cyrillic", "srp_Cyrl"),
        ("zh_TW.Big5", "zho_Hant"),
    ],
)
def test_names_of_locales(name: str, expected: str | None) -> None:
    assert match_language(name, NLLB) == expected


@pytest.mark.parametrize("name", ["aa_ER@saaho", "C.UTF-8", "en_US@piglatin"])
def test_locales_of_unknown_languages(name: str) -> None:
    with pytest.raises(UsageError, match="There is no language"):
        match_language(name, NLLB)


@pytest.mark.parametrize(
    ("tag", "codes", "expected"),
    [
        ("zh-yue", ["zho_Hans", "yue_Hant"], "yue_Hant"),
        ("zh-yue", ["zh"], None),
        ("zh-cmn-Hant", NLLB, "zho_Hant"),
        ("ar-arz", ["arb_Arab", "arz_Arab"], "arz_Arab"),
        ("ar-ary", ["ar"], None),
        ("zh-min-nan", ["zh"], None),
        ("no-nyn", ["nob_Latn", "nno_Latn"], "nno_Latn"),
        ("i-lux", ["lb"], "lb"),
    ],
)
def test_extended_languages_are_not_those_they_stand_behind(
    tag: str, codes: list[str], expected: str | None
) -> None:
    assert match_language(tag, codes) == expected


def test_an_unknown_name_has_its_neighbours_named() -> None:
    with pytest.raises(UsageError) as caught:
        match_language("Malayalm", NLLB)
    assert "Did you mean Malayalam or Malay?" in str(caught.value.advice)


@pytest.mark.parametrize("name", ["", "xyzzy", "12", "../..", "no such language", "e\nn"])
def test_what_is_no_language(name: str) -> None:
    with pytest.raises(UsageError, match="There is no language"):
        find_language(name)


def test_names_and_neighbours() -> None:
    assert find_language("Brazilian Portuguese") == "pt-BR"
    assert english_name("deu_Latn") == "German"
    assert same_language("eng", "en_XX")
    assert not same_language("de", "nl")
    assert nearest_languages("Danish", NLLB)[0] == "nob_Latn"


def test_groups_are_no_languages() -> None:
    assert is_group("roa")
    assert is_group("mul")
    assert not is_group("fr")
    assert not is_group("ase")


def test_codes_of_what_is_written() -> None:
    written = {
        "deu_Latn": "de",
        "pt-BR": "pt",
        "zh-TW": "zh-Hant",
        "pes_Arab": "fa",
        "prs_Arab": "fa",
        "twi_Latn": "tw",
        "aka_Latn": "ak",
        "kor_Hang": "ko",
        "Korean": "ko",
        "nb": "nb",
        "sr-Latn": "sr-Latn",
        "xx": "",
    }
    assert {name: written_code(name) for name in written} == written
    assert find_language("twi_Latn").startswith("tw")


def test_plain_codes_need_no_looking_up() -> None:
    from langcodes import Language

    from s2scli.languages.names import PLAIN

    assert {Language.get(code).language for code in PLAIN} == PLAIN
    assert [primary_code(code) for code in ("de", "deu_Latn", "iw", "zxx-x-none", "?")] == [
        "de",
        "de",
        "he",
        "zxx",
        "",
    ]
