"""All languages of all families, by their codes and English names; never another language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
import yaml
from langcodes import Language
from langcodes.data_dicts import LANGUAGE_ALPHA3, LANGUAGE_ALPHA3_BIBLIOGRAPHIC, MACROLANGUAGES

from s2scli.errors import UsageError
from s2scli.languages.codes import match_language
from s2scli.languages.names import display_name
from s2scli.models.registry import registry_path

# A part of MADLAD-400's: macrolanguages beside their members, names that are codes of others,
# scripts by the side.
MADLAD_CODES = """
en ru es fr de it pt pl nl vi tr sv id ro cs zh hu ja th fi fa uk da el no bg sk ko ar
lt ca sl he et lv hi sq ms az sr ta hr kk is ml mr te af gl fil be mk eu bn ka mn bs uz
ur sw yue ne kaa kn gu si cy eo la hy ky tg ga mt my km tt so ku ps pa rw lo ha dv fy
lb ckb mg gd am ug ht grc hmn sd jv mi tk ceb yi ba fo or xh su kl ny sm sn co zu ig yo
pap st haw as oc cv gsw se ce ilo os lg ti vec ts tyv ee kha to tn nso fj zza ak gaa
ada dz bua gn hif yua rom bik sg ltg ay qu za din kg ho hil wo kek mnw tlh kw crh ace
mam gv quc gil mak bm mas acf ks mad mag mkn ch mni nr ff kr quy raj kok gom oj el_Latn
bg_Latn zh_Latn ru_Latn ms_Arab sr_Latn
"""
MADLAD = MADLAD_CODES.split()
# Names of makers and of the street → what they must give in NLLB, M2M100, mBART-50.
NAMES = {
    "Korean": ("kor_Hang", "ko", "ko_KR"),
    "ko-KR": ("kor_Hang", "ko", "ko_KR"),
    "Pashto": ("pbt_Arab", "ps", "ps_AF"),
    "South Azerbaijani": ("azb_Arab", None, None),
    "Azerbaijani": ("azj_Latn", "az", "az_AZ"),
    "Tamazight": ("tzm_Tfng", None, None),
    "Mesopotamian Arabic": ("acm_Arab", None, None),
    "Ta'izzi-Adeni Arabic": ("acq_Arab", None, None),
    "Ta’izzi-Adeni Arabic": ("acq_Arab", None, None),
    "South Levantine Arabic": ("ajp_Arab", None, None),
    "Modern Standard Arabic": ("arb_Arab", "ar", "ar_AR"),
    "Quechua": ("quy_Latn", None, None),
    "qu": ("quy_Latn", None, None),
    "Cusco Quechua": (None, None, None),
    "Nigerian Fulfulde": ("fuv_Latn", "ff", None),
    "Fula": ("fuv_Latn", "ff", None),
    "twi": ("twi_Latn", None, None),
    "tw": ("twi_Latn", None, None),
    "Akan": ("aka_Latn", None, None),
    "lb": ("ltz_Latn", "lb", None),
    "Luxembourgish": ("ltz_Latn", "lb", None),
    "Dari": ("prs_Arab", "fa", "fa_IR"),
    "fa-AF": ("prs_Arab", "fa", "fa_IR"),
    "Persian": ("pes_Arab", "fa", "fa_IR"),
    "Northern Sotho": ("nso_Latn", "ns", None),
    "nso": ("nso_Latn", "ns", None),
    "Chinese (Traditional)": ("zho_Hant", None, None),
    "Chinese (Simplified)": ("zho_Hans", "zh", "zh_CN"),
    "zh-HK": ("zho_Hant", None, None),
    "Cantonese": ("yue_Hant", None, None),
    "Portuguese (Brazil)": ("por_Latn", "pt", "pt_XX"),
    "Serbian (Latin)": (None, None, None),
    "Kashmiri (Devanagari script)": ("kas_Deva", None, None),
    "Acehnese (Arabic script)": ("ace_Arab", None, None),
    "Norwegian Bokmal": ("nob_Latn", "no", None),
    "nn": ("nno_Latn", None, None),
    "Malay": ("zsm_Latn", "ms", None),
    "iw": ("heb_Hebr", "he", "he_IL"),
    "Filipino": ("tgl_Latn", "tl", "tl_XX"),
    "KO": ("kor_Hang", "ko", "ko_KR"),
    "kor-hang": ("kor_Hang", "ko", "ko_KR"),
    "EN_xx": ("eng_Latn", "en", "en_XX"),
    "gsw": (None, None, None),
    "nds": (None, None, None),
}


@cache
def families() -> dict[str, list[str]]:
    languages: dict[str, list[str]] = yaml.safe_load(registry_path().read_text("utf-8"))[
        "languages"
    ]
    return {**languages, "madlad": MADLAD}


def forms(code: str) -> Iterator[str]:
    """What a person may write for a model's code."""
    first = code.partition("_")[0]
    yield from (code, first, code.replace("_", "-"), code.upper(), code.lower())
    short = next((two for two, three in LANGUAGE_ALPHA3.items() if first in (two, three)), first)
    yield short
    for table in (LANGUAGE_ALPHA3, LANGUAGE_ALPHA3_BIBLIOGRAPHIC):
        if short in table and table[short] != "mon":  # Mongolian's code, but not its name
            yield table[short]
    yield display_name(short)
    yield display_name(first if len(first) == 3 else short).replace("’", "'")


def is_same(wanted: str, code: str) -> bool:
    """Whether two codes mean one language, or one the other's macrolanguage, by ISO 639-3."""
    one, other = (Language.get(each.partition("_")[0]).language or each for each in (wanted, code))
    related = {one, MACROLANGUAGES.get(one), other, MACROLANGUAGES.get(other)}
    return one == other or (other in (MACROLANGUAGES.get(one),) or (one == MACROLANGUAGES.get(other)
                            and None in related))  # fmt: skip


@pytest.mark.parametrize("family", ["nllb", "m2m100", "mbart50", "madlad"])
def test_every_form_of_every_language(family: str) -> None:
    codes = families()[family]
    wrong = []
    for code in codes:
        first = code.partition("_")[0]
        siblings = [other for other in codes if other.partition("_")[0] == first]
        for form in forms(code):
            if "Unknown language" in form:
                continue
            found = match_language(form, codes)
            if found != code and (found not in siblings or "_" in form or "-" in form):
                wrong.append((code, form, found))
    assert not wrong


@pytest.mark.parametrize("family", ["nllb", "m2m100", "mbart50", "madlad"])
def test_never_another_language(family: str) -> None:
    codes = families()[family]
    wanted = {code.partition("_")[0] for all_codes in families().values() for code in all_codes}
    wanted |= set(LANGUAGE_ALPHA3) | set(LANGUAGE_ALPHA3.values())
    wrong = []
    for code in sorted(wanted):
        try:
            found = match_language(code, codes)
        except UsageError:
            continue
        if found and not is_same({"ns": "nso", "tl": "fil"}.get(code, code), found):
            wrong.append((code, found))
    assert [pair for pair in wrong if pair not in EQUAL] == []


# By other codes than ISO 639-3's: M2M100's own, and Filipino, which is Tagalog.
EQUAL = [("nso", "ns"), ("ns", "nso_Latn"), ("ns", "ns"), ("tgl", "tl_XX")]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_people_and_makers(name: str) -> None:
    found = [match_language(name, families()[f]) for f in ("nllb", "m2m100", "mbart50")]
    assert tuple(found) == NAMES[name]


@pytest.mark.parametrize(
    ("name", "codes", "expected"),
    [
        ("Mon", MADLAD, "mnw"),
        ("mon", MADLAD, "mn"),
        ("Ga", MADLAD, "gaa"),
        ("ga", MADLAD, "ga"),
        ("GA", MADLAD, "ga"),
        ("Ayacucho Quechua", MADLAD, "quy"),
        ("Greek", MADLAD, "el"),
        ("el-Latn", MADLAD, "el_Latn"),
        ("Serbian (Latin)", MADLAD, "sr_Latn"),
        ("Malay (Arabic)", MADLAD, "ms_Arab"),
        ("pt-PT", ["pt_BR", "pt_PT"], "pt_PT"),
        ("lb", ["de_DE", "nl_XX"], None),
        ("ms", ["id"], None),
        ("lv", ["ltg_Latn"], None),
        ("sh", ["sr", "hr"], None),
        ("quz", ["quy_Latn"], None),
        ("Tuvan", ["tuvan", "tt"], "tuvan"),
        ("tyv", ["tuvan", "tt"], "tuvan"),
        ("zh-Hant", ["__zh-Hant__"], "__zh-Hant__"),
        ("yua", ["yua_Latn"], "yua_Latn"),
    ],
)
def test_neighbours(name: str, codes: list[str], expected: str | None) -> None:
    assert match_language(name, codes) == expected


@pytest.mark.parametrize("name", ["und", "Unknown language [xyz]", "x", "zzz"])
def test_no_language_is_none_of_a_model(name: str) -> None:
    with pytest.raises(UsageError, match="There is no language"):
        match_language(name, families()["nllb"])
