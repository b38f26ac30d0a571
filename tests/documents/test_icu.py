"""ICU's messages: each branch is a text, and the rest stays what it was."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from s2scli.documents.base import FormatOptions, Slot, Source, Target
from s2scli.documents.filling import filled
from s2scli.documents.icu import arguments
from s2scli.documents.strings import Strings, has_parts
from s2scli.text.fillers import has_fillers
from tests.documents.runs import translated
from tests.sizes import TENTHS

FORM = Strings(FormatOptions())


def read(text: str) -> list[Slot]:
    return list(FORM.slots(Source("f", text)))


def upper(slot: Slot) -> Target:
    return Target(slot.text.upper(), tuple((mark.start, mark.end) for mark in slot.marks))


def changed(text: str) -> str:
    slots = read(text)
    return "".join(filled(FORM, Source("f", text), slots, list(map(upper, slots))))


@pytest.mark.parametrize(
    ("text", "texts", "new"),
    [
        (
            "{n, plural, one {# cat} other {# cats}}",
            ["# cat", "# cats"],
            "{n, plural, one {# CAT} other {# CATS}}",
        ),
        (
            "You see { n ,plural,offset:1 =0{no cat}one{ a cat }other{# cats}} here.",
            ["You see here.", "no cat", "a cat", "# cats"],
            "YOU SEE { n ,plural,offset:1 =0{NO CAT}one{ A CAT }other{# CATS}} HERE.",
        ),
        (
            "{g, select, he {He} other {{n, plural, other {They are <b>#</b> {x}}}}}",
            ["He", "They are # {x}"],
            "{g, select, he {HE} other {{n, plural, other {THEY ARE <b>#</b> {X}}}}}",
        ),
        (
            "See {0,choice,0#no files|1#a file|1<{0,number,integer} files}.",
            ["See.", "no files", "a file", "{0,number,integer} files"],
            "SEE {0,choice,0#NO FILES|1#A FILE|1<{0,NUMBER,INTEGER} FILES}.",
        ),
        (
            "You have {0:plural:one book|{} books}; {gender:he|she} knows.",
            ["You have; knows.", "one book", "{} books", "he", "she"],
            "YOU HAVE {0:plural:ONE BOOK|{} BOOKS}; {gender:HE|SHE} KNOWS.",
        ),
        ("{a.b:choose(x|y):he|she}", ["he", "she"], "{a.b:choose(x|y):HE|SHE}"),
        ("{0,choice,-1.5#a|0≤{x}|∞<b}", ["a", "{x}", "b"], "{0,choice,-1.5#A|0≤{X}|∞<B}"),
        ("{n, plural, other {a '{' b}}", ["a '{' b"], "{n, plural, other {A '{' B}}"),
        ("{n, selectordinal, one {#st}} a", ["#st", "a"], "{n, selectordinal, one {#ST}} A"),
        (
            "{n, plural,\n  one {# cat}\n\n  other {# cats}\n}\n\nYes",
            ["# cat", "# cats", "Yes"],
            "{n, plural,\n  one {# CAT}\n\n  other {# CATS}\n}\n\nYES",
        ),
        ("I see {g,select,a{it}}.", ["I see.", "it"], "I SEE {g,select,a{IT}}."),
        ("{n, plural, one {a}", ["{n, plural, one {a}"], "{N, PLURAL, ONE {A}"),
        ("{n, plural,}", ["{n, plural,}"], "{N, PLURAL,}"),
        ("{n, number} a", ["{n, number} a"], "{N, NUMBER} A"),
        ("Many, plural", ["Many, plural"], "MANY, PLURAL"),
    ],
)
def test_branches_are_texts(text: str, texts: list[str], new: str) -> None:
    assert has_parts(text) == bool(re.search(r", ?(plural|select|choice)|:.*\|", text))
    assert [slot.text for slot in read(text)] == texts
    assert changed(text) == new
    same = [
        Target(slot.text, tuple((mark.start, mark.end) for mark in slot.marks))
        for slot in read(text)
    ]
    assert "".join(filled(FORM, Source("f", text), read(text), same)) == text


MESSAGES = st.recursive(
    st.sampled_from(["a cat", "#", "", " ", "<b>b</b> c", "{x}", "It's d.", "'{'"]),
    lambda inner: st.lists(
        st.one_of(
            inner,
            st.builds("{{n, plural, one {{{}}} other {{{}}}}}".format, inner, inner),
            st.builds("{{g,select,other{{{}}}}}".format, inner),
        ),
        max_size=4,
    ).map(" ".join),
    max_leaves=12,
)


@given(MESSAGES)
def test_what_is_written_is_read_back(text: str) -> None:
    assume(not has_fillers(text.upper()))  # a run of blanks parts texts before capital letters
    slots = read(text)
    places = [(slot.start, -slot.end) for slot in slots]
    assert places == sorted(places)
    again = read(changed(text))
    assert [slot.text for slot in again] == [slot.text.upper() for slot in slots]


@pytest.mark.parametrize(
    "unit",
    ["{n,plural,", "{n,plural,one{", "{n,plural,one{a}", "{n,plural,one{a}}", "{", "'{", "}"],
)
@pytest.mark.parametrize("n", TENTHS)
def test_hostile_texts_end(unit: str, n: int) -> None:
    text = unit * (30_000 * n // len(unit))
    found = list(arguments(text, 0, len(text)))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert len(found) == (text.count(unit) if unit.endswith("}}") else 0)
    assert len(read(text[:50_000])) <= 50_000


@pytest.mark.parametrize(
    ("text", "new", "other"),
    [
        (
            "Hide {{PLURAL:$1|one edit|$1 edits}} now",
            "HIDE {{PLURAL:$1|ONE EDIT|$1 EDITS}} NOW",
            "",
        ),
        ("{{GENDER:$1|he is|she is}}", "{{GENDER:$1|HE IS|SHE IS}}", "{{GENDER:$1|IS HE|IS SHE}}"),
        (
            "{{plural:$2|a b|c {{PLURAL:$1|d e|$1 f}}}}",
            "{{plural:$2|A B|C {{PLURAL:$1|D E|$1 F}}}}",
            "{{plural:$2|B A|C {{PLURAL:$1|E D|F $1}}}}",
        ),
        ("{{PLURAL:$1||0=no|a [[b|c]] d}}", "{{PLURAL:$1||0=NO|A [[b|C]] D}}", ""),
        ("{{GENDER:|Your}} page", "{{GENDER:|YOUR}} PAGE", ""),
        (
            "by {{GENDER:$3|$1}};\nto {{GENDER:$4|a}}.",
            "BY {{GENDER:$3|$1}};\nTO {{GENDER:$4|A}}.",
            "",
        ),
        ("{{SITENAME}} is open", "{{SITENAME}} IS OPEN", ""),
    ],
)
def test_branches_of_mediawiki(text: str, new: str, other: str, tmp_path: Path) -> None:
    source = json.dumps({"a": text})
    assert json.loads(translated("a.json", source, tmp_path / "1", str.upper))["a"] == new
    found = translated("a.json", source, tmp_path / "2", str.upper, backwards=True)
    assert not other or json.loads(found)["a"] == other


@given(st.lists(st.sampled_from(["{{PLURAL:$1|", "a b", "|", "}}", "{{", "[[c|d]]", "0=", "\n"])))
def test_broken_branches_of_mediawiki(parts: list[str]) -> None:
    text = "".join(parts)
    reached = 0
    for argument in arguments(text, 0, len(text)):
        assert reached <= argument.start < argument.end <= len(text)
        assert len(argument.branches) == len(argument.names)
        reached = argument.start
        for start, end in argument.branches:
            assert reached <= start <= end <= argument.end
            reached = end
        reached = argument.end


@pytest.mark.parametrize("text", ["/{_locale:en|de}/a", "{{a:b|c}}", "${a:b|c}", "{n:0|1}", "{a:b"])
def test_what_has_no_forms(text: str) -> None:
    assert not list(arguments(text, 0, len(text)))


@pytest.mark.parametrize(("language", "is_said"), [("de", True), ("en-GB", False)])
def test_endings_of_ordinals_are_told(language: str, is_said: bool) -> None:
    form = Strings(FormatOptions(target_language=language))
    text = "{n, selectordinal, one {#st place} two {#nd place} other {#th place}}"
    assert len(list(form.slots(Source("f", text)))) == 3
    assert any("ordinals" in remark for remark in form.remarks) == is_said
