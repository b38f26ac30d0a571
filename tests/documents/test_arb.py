"""Bundles of Flutter: messages are text, metadata stays, the language is set."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError


def changed(text: str, change: str = "{}", target: str = "de") -> tuple[list[str], str]:
    document = read_document(
        open_format("arb", FormatOptions(target_language=target)), "f", text.encode()
    )
    slots = list(document.slots)
    new = document.written([Target(change.format(slot.text)) for slot in slots])
    return [slot.text for slot in slots], b"".join(new).decode()


BUNDLE = (
    '{\n  "@@locale": "en",\n  "a": "One\\u00e9 \\"x\\"",\n  "@a": {"description": "Stays", '
    '"placeholders": {"n": {"example": "Stays"}}},\n  "b": "Two\\nlines", "c": "42"\n}\n'
)


def test_messages_and_metadata() -> None:
    texts, same = changed(BUNDLE)
    assert texts == ['Oneé "x"', "Two", "lines"]
    assert same == BUNDLE.replace('"en"', '"de"')  # programs compare it with the file's name
    assert changed(BUNDLE, target="")[1] == BUNDLE
    new = changed(BUNDLE, "{}!")[1]
    assert new == BUNDLE.replace('"en"', '"de"').replace('x\\""', 'x\\"!"').replace(
        "Two\\nlines", "Two!\\nlines!"
    )


@pytest.mark.parametrize(
    ("target", "locale"), [("pt-BR", "pt"), ("zho_Hant", "zh_Hant"), ("deu_Latn", "de"), ("", "en")]
)
def test_the_language(target: str, locale: str) -> None:
    assert f'"@@locale": "{locale}"' in changed(BUNDLE, "{}!", target)[1]


def test_branches_are_texts() -> None:
    message = "{n, plural, =0{No cats} other{{n} cats and {m, select, a{a dog} other{more}}}}"
    texts, new = changed(json.dumps({"a": message}), "<{}>")
    assert set(texts) == {"No cats", "{n} cats and", "a dog", "more"}
    assert json.loads(new)["a"] == (
        "{n, plural, =0{<No cats>} other{<{n} cats and> {m, select, a{<a dog>} other{<more>}}}}"
    )


def test_fields() -> None:
    form = open_format("arb", FormatOptions(fields=("b",)))
    assert [slot.text for slot in read_document(form, "f", BUNDLE.encode()).slots] == [
        "Two",
        "lines",
    ]


@pytest.mark.parametrize("text", ["", '{"a": ', "nothing"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(BadInputError, match="f is not JSON"):
        changed(text)


@given(
    bundle=st.dictionaries(
        st.sampled_from(["a", "@a", "@@locale", "@@x", "b"]),
        st.sampled_from(["one", "", "en", "{n}"]) | st.dictionaries(st.just("k"), st.just("v")),
    )
)
def test_whatever_a_bundle_holds(bundle: dict[str, object]) -> None:
    text = json.dumps(bundle)
    assert changed(text, target="")[1] == text
    new = json.loads(changed(text, "{} x")[1])
    assert new.keys() == bundle.keys()
    assert all(new[key] == bundle[key] for key in bundle if key != "@@locale" and key[0] == "@")
