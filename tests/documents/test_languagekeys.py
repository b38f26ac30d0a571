"""Texts of JSON, YAML and TOML in other languages than the one that is translated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document


def read(kind: str, text: str, fields: tuple[str, ...] = ()) -> Document:
    options = FormatOptions(source_language="en", target_language="de", fields=fields)
    return read_document(open_format(kind, options), "f", text.encode())


def texts(document: Document) -> list[str]:
    return [slot.text for slot in document.slots]


@pytest.mark.parametrize(
    ("value", "found", "said"),
    [
        ({"a": {"en": "One", "de": "Zwei", "pt-BR": "Três"}}, ["One"], "'de', 'pt-BR'"),
        ({"en": {"a": "One", "b": ["two"]}, "fr": {"a": "Un", "b": ["x y"]}},
         ["One", "two"], "'fr'"),
        ({"a_en": "One", "a_de": "Zwei", "sign_in": "three"}, ["One", "three"], "'a_de'"),
        ({"t": {"default": "One", "de": "Zwei"}}, ["One"], "'de'"),
        ({"default": "One", "de": "Zwei", "other": "three"}, ["One", "Zwei", "three"], ""),
        ({"yes": "One", "no": "two", "ok": "three"}, ["One", "two", "three"], ""),
        ({"en": "One", "no": "Two", "a": "x y", "save": "z", "open": "w", "b": "v"},
         ["One", "Two", "x y", "z", "w", "v"], ""),
        ({"languages": {"en": "English", "de": "German", "fr": "French"}},
         ["English", "German", "French"], ""),
        ({"de": "Zwei", "fr": "Deux"}, ["Zwei", "Deux"], ""),
        ([{"lang": "de", "t": "Zwei"}, {"lang": "en-US", "t": "One"}], ["One"], "'0'"),
        ({"a": [{"locale": "en", "t": "One"}, {"locale": "fr", "t": "Un"}]}, ["One"], "'a.1'"),
        ([{"lang": "de", "t": "Zwei"}], ["Zwei"], ""),
        # Codes of three letters.
        ({"a": {"eng": "One", "deu": "Zwei", "fre": "Trois"}}, ["One"], "'deu', 'fre'"),
        ({"a_eng": "One", "a_ger": "Zwei", "a_new": "x y"}, ["One", "x y"], "'a_ger'"),
        ({"default": "One", "deu": "Zwei"}, ["One"], "'deu'"),
        ([{"lang": "deu", "t": "Zwei"}, {"lang": "eng", "t": "One"}], ["One"], "'0'"),
        ({"en": "One", "de": "Zwei", "fil": "Tatlo"}, ["One"], "'de', 'fil'"),
        ({"en": "One", "new": "Two", "all": "x y"}, ["One", "Two", "x y"], ""),
        ({"a_en": "One", "a_new": "Two"}, ["One", "Two"], ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_texts_that_stay(kind: str, value: Any, found: list[str], said: str) -> None:
    document = read(kind, json.dumps(value, ensure_ascii=False))
    assert texts(document) == found
    remarks = [one for one in document.remarks if one.startswith("Texts in other languages")]
    wanted = f"Texts in other languages stay (--field chooses others): {said}."
    assert remarks == ([wanted] if said else [])


def test_other_forms() -> None:
    assert texts(read("yaml", "title:\n  en: One\n  de: Zwei\n")) == ["One"]
    toml = 'en = "x"\n[languages.en]\ntitle = "One"\n[languages.de]\ntitle = "Zwei"\n'
    assert texts(read("toml", toml)) == ["x", "One"]
    ini = "[a]\nName=One\nName[de]=Zwei\nName[en_GB]=Three\nOther[fr]=x y\ntitle=four\n"
    assert texts(read("ini", ini)) == ["One", "Three", "x y", "four"]
    lines = '{"translation": {"en": "One", "de": "Eins"}}\n' * 2
    assert texts(read("jsonl", lines)) == ["One", "One"]


def test_texts_that_are_asked_for() -> None:
    text = '{"a": {"en": "One", "de": "Zwei"}}'
    assert texts(read("json", text, fields=("a.de",))) == ["Zwei"]
