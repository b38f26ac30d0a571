"""Xcode's catalogs: what gets a translation, how that is put in, and what stays."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError


def unit(text: str, state: str = "translated") -> dict[str, Any]:
    return {"stringUnit": {"state": state, "value": text}}


def plural(**forms: str) -> dict[str, Any]:
    return {"variations": {"plural": {form: unit(text) for form, text in forms.items()}}}


def catalog(strings: dict[str, Any], **style: Any) -> bytes:
    found = {"sourceLanguage": "en", "strings": strings, "version": "1.0"}
    return json.dumps(found, **{"indent": 2, "separators": (",", " : "), **style}).encode()


def changed(data: bytes, change: str = "{}", **options: Any) -> tuple[list[str], bytes]:
    reading = FormatOptions(**{"target_language": "de", **options})
    document = read_document(open_format("xcstrings", reading), "f", data)
    targets = [Target(change.format(slot.text)) for slot in document.slots]
    return [slot.text for slot in document.slots], b"".join(document.written(targets))


MADE = unit("<One>", "needs_review")


@pytest.mark.parametrize(
    ("entry", "new"),
    [
        ({}, {"localizations": {"de": MADE}}),
        ({"comment": "c"}, {"comment": "c", "localizations": {"de": MADE}}),
        (
            {"extractionState": "manual", "shouldTranslate": True},
            {"extractionState": "manual", "localizations": {"de": MADE}, "shouldTranslate": True},
        ),
        ({"localizations": {}}, {"localizations": {"de": MADE}}),
        ({"localizations": {"de": {}}}, {"localizations": {"de": MADE}}),
        (
            {"localizations": {"ar": unit("x"), "fr": unit("y")}},
            {"localizations": {"ar": unit("x"), "de": MADE, "fr": unit("y")}},
        ),
        (
            {"localizations": {"en": unit("Two")}},
            {"localizations": {"de": unit("<Two>", "needs_review"), "en": unit("Two")}},
        ),
        ({"localizations": {"de": unit("", "new")}}, {"localizations": {"de": MADE}}),
        ({"localizations": {"de-AT": unit("", "new")}}, {"localizations": {"de-AT": MADE}}),
    ],
)
@pytest.mark.parametrize(
    "style", [{}, {"indent": None, "separators": (",", ":")}, {"indent": "\t"}]
)
def test_what_is_put_in(entry: object, new: object, style: dict[str, Any]) -> None:
    _, written = changed(catalog({"One": entry}, **style), "<{}>")
    assert written == catalog({"One": new}, **style)
    assert changed(written)[0] == []


@pytest.mark.parametrize(
    "entry",
    [
        {"shouldTranslate": False},
        {"extractionState": "stale"},
        {"localizations": {"de": unit("Eins")}},
        {"localizations": {"de": unit("Eins", "needs_review")}},
        {"localizations": {"de": plural(one="x", other="y")}},
    ],
)
def test_what_stays(entry: object) -> None:
    data = catalog({"One": entry, "": {}, "%lld": {}})
    assert changed(data, "<{}>") == ([], data)


def test_variations() -> None:
    device = {"variations": {"device": {"mac": unit("Click %#@n@"), "other": unit("%@")}}}
    substitution = {
        "argNum": 1,
        "formatSpecifier": "lld",
        **plural(one="%arg cat", other="%arg cats"),
    }
    source = {**device, "substitutions": {"n": substitution}}
    texts, written = changed(catalog({"k": {"localizations": {"en": source}}}), "<{}>")
    assert texts == ["Click %#@n@", "%arg cat", "%arg cats"]
    made = json.loads(written)["strings"]["k"]["localizations"]
    assert made["en"] == source
    assert made["de"]["substitutions"]["n"]["argNum"] == 1
    forms = made["de"]["substitutions"]["n"]["variations"]["plural"]
    assert forms["one"] == unit("<%arg cat>", "needs_review")
    assert made["de"]["variations"]["device"]["mac"] == unit("<Click %#@n@>", "needs_review")
    assert made["de"]["variations"]["device"]["other"]["stringUnit"]["value"] == "%@"


def phrases(*values: str, state: str = "translated") -> dict[str, Any]:
    return {"stringSet": {"state": state, "values": list(values)}}


def test_several_phrases_for_one_thing() -> None:
    english = phrases("Start it", "%@", "Begin", state="new")
    texts, new = changed(catalog({"key": {"localizations": {"en": english}}}), "<{}>")
    assert texts == ["Start it", "Begin"]
    made = phrases("<Start it>", "%@", "<Begin>", state="needs_review")
    assert new == catalog({"key": {"localizations": {"de": made, "en": english}}})
    assert changed(new)[0] == []
    for there, again in ((phrases("", "%@", "Los"), ["Start it"]), (phrases("a", "b", "c"), [])):
        entry = {"localizations": {"de": there, "en": english}}
        assert changed(catalog({"key": entry}))[0] == again
    entry = {"localizations": {"de": phrases("Los", state="new"), "en": english}}
    texts, new = changed(catalog({"key": entry}), "<{}>")
    made = phrases("<Start it>", state="needs_review")
    assert new == catalog({"key": {"localizations": {"de": made, "en": english}}})


@pytest.mark.parametrize(
    ("known", "code", "is_said"),
    [
        (["de-AT"], "de-AT", True),
        (["de-AT", "de"], "de", False),
        (["fr"], "de", False),
        ([], "de", False),
    ],
)
def test_one_code_of_the_language_for_all_strings(
    known: list[str], code: str, is_said: bool
) -> None:
    done = {"localizations": {one: unit("x") for one in known}}
    data = catalog({"Done": {**done, "shouldTranslate": False}, "One": {}})
    options = FormatOptions(target_language="de")
    document = read_document(open_format("xcstrings", options), "f", data)
    new = json.loads(b"".join(document.written([Target("<One>")])))
    assert new["strings"]["One"] == {"localizations": {code: MADE}}
    said = [f"Translations are put in as {code!r}, which it has."] if is_said else []
    assert document.remarks == said


def test_a_form_that_the_source_does_not_have() -> None:
    target = {"variations": {"plural": {"few": unit("", "new"), "other": unit("Katzen")}}}
    entry = {"localizations": {"de": target, "en": plural(one="a cat", other="cats")}}
    texts, written = changed(catalog({"k": entry}), "<{}>")
    assert texts == ["cats"]
    forms = json.loads(written)["strings"]["k"]["localizations"]["de"]["variations"]["plural"]
    assert forms == {"few": unit("<cats>", "needs_review"), "other": unit("Katzen")}


def test_all_anew() -> None:
    entry = {"localizations": {"de": unit("Eins"), "en": unit("One")}}
    texts, written = changed(catalog({"k": entry}), "<{}>", overwrite=True)
    assert texts == ["One"]
    assert json.loads(written)["strings"]["k"]["localizations"]["de"] == MADE


@pytest.mark.parametrize(
    ("target", "code"),
    [("deu_Latn", "de"), ("pt-BR", "pt"), ("zho_Hans", "zh-Hans"), ("zho_Hant", "zh-Hant")],
)
def test_the_code_of_a_language(target: str, code: str) -> None:
    _, written = changed(catalog({"One": {}}), "<{}>", target_language=target)
    assert json.loads(written)["strings"]["One"] == {"localizations": {code: MADE}}


def test_empty_translations_leave_it_whole() -> None:
    data = catalog({"k": {"localizations": {"en": plural(one="a cat", other="cats")}}})
    document = read_document(
        open_format("xcstrings", FormatOptions(target_language="de")), "f", data
    )
    new = json.loads(b"".join(document.written([Target(""), Target("cats")])))
    forms = new["strings"]["k"]["localizations"]["de"]["variations"]["plural"]
    assert [form["stringUnit"]["value"] for form in forms.values()] == ["", "cats"]


def test_without_a_language_it_can_be_read_only() -> None:
    document = read_document(open_format("xcstrings", FormatOptions()), "f", catalog({"One": {}}))
    assert [slot.text for slot in document.slots] == ["One"]
    with pytest.raises(BadInputError, match="does not say which it writes"):
        b"".join(document.written([Target("Eins")]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"strings": {', "f is not JSON"),
        ('{"strings": {}}', "not an Xcode string catalog"),
        ('["sourceLanguage", "strings"]', "not an Xcode string catalog"),
    ],
)
def test_what_is_none(text: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        changed(text.encode())


VALUES = st.recursive(
    st.sampled_from([None, 1, "", "text", "new", "stale", False]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                [
                    "localizations",
                    "de",
                    "en",
                    "stringUnit",
                    "state",
                    "value",
                    "variations",
                    "plural",
                    "one",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(value=VALUES, indent=st.sampled_from([None, 2]))
def test_whatever_a_catalog_holds(value: object, indent: int | None) -> None:
    data = catalog({"One": value, "Two": {}}, indent=indent)
    new = json.loads(changed(data, "<{}>")[1])
    assert new["strings"]["Two"] == {"localizations": {"de": unit("<Two>", "needs_review")}}
    assert new["strings"].keys() == {"One", "Two"}


def test_forms_that_only_the_target_language_has() -> None:
    data = catalog({"One": {"localizations": {"en": plural(one="%d day", other="%d days")}}})
    texts, new = changed(data, "<{}>", target_language="ar")
    made = json.loads(new)["strings"]["One"]["localizations"]["ar"]["variations"]["plural"]
    assert list(made) == ["few", "many", "one", "other", "two", "zero"]
    said = {form: value["stringUnit"]["value"] for form, value in made.items()}
    assert said == {**dict.fromkeys(made, "<%d days>"), "one": "<%d day>"}
    assert len(texts) == 6
    _, same = changed(data, "{}", target_language="ar")  # as what nobody could translate
    assert json.loads(same)["strings"]["One"]["localizations"].keys() == {"ar", "en"}
